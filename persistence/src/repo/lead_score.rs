//! What leads' scores are made from: the tally of activities, what was set by hand, and when to look again.
//!
//! Whoever changes a score holds the row of its lead: locks are taken on leads, in the order of their ids, before anything is read.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use fairfall_domain::access::Grant;
use fairfall_domain::company::Company;
use fairfall_domain::id::{CompanyId, LeadId, PersonId, ScoreModelId};
use fairfall_domain::person::Person;
use fairfall_domain::scoring::{ScoreOverride, Tally};
use fairfall_domain::waterfall::lead::Lead;
use sea_orm::{FromQueryResult, QueryResult};
use uuid::Uuid;

use crate::entity::{company, person};
use crate::error::StoreError;
use crate::mapper::lead;
use crate::mapper::lead_score::{COLUMNS, OF_LEAD, READ, read, values, values_of_lead};
use crate::readable::Readable;
use crate::recordset::{self, Recordset, push_among};
use crate::repo::lead::columns_of;
use crate::repo::{locks, scope};
use crate::sql::{Columns, Sql};
use crate::store::Backend;
use crate::unit_of_work::UnitOfWork;

/// What a lead's score is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadScore {
    /// The lead.
    pub lead: LeadId,
    /// What its person did, counted.
    pub tally: Tally,
    /// What was set by hand, while it holds.
    pub by_hand: Option<ScoreOverride>,
    /// The model that the lead was scored by; none before the first, and when it is closed.
    pub model: Option<ScoreModelId>,
    /// When to look again: decay reaches another grade, or what was set by hand expires.
    pub next_change_at: Option<DateTime<Utc>>,
    /// When it was scored last, UTC.
    pub scored_at: DateTime<Utc>,
}

impl LeadScore {
    /// The beginning: nothing was done yet.
    pub const fn new(lead: LeadId, now: DateTime<Utc>) -> Self {
        Self { lead, tally: Tally::new(), by_hand: None, model: None, next_change_at: None, scored_at: now }
    }
}

/// A lead with all that its score depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scorable {
    /// The lead.
    pub lead: Lead,
    /// Its person.
    pub person: Person,
    /// Its company.
    pub company: Option<Company>,
    /// What its score was made from; none for a lead that was never scored.
    pub score: Option<LeadScore>,
}

/// The columns of the person and the company, by the names under which they are read.
pub(super) static SUBJECTS: LazyLock<String> =
    LazyLock::new(|| format!("{}, {}", columns_of::<person::Entity>("person"), columns_of::<company::Entity>("company")));

/// Leads that still get scores.
const SCORED: &str = "lead.state IN ('WORKING', 'OFFERED', 'NURTURING')";

/// Locks the leads that these people have open or at rest, and these leads; answers them in the order of their ids.
///
/// # Errors
/// [`StoreError::Timeout`] when another unit of work holds one too long, or as the database tells.
pub async fn lock(uow: &UnitOfWork, people: &[PersonId], leads: &[LeadId]) -> Result<Vec<LeadId>, StoreError> {
    if people.is_empty() && leads.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT lead.id FROM lead WHERE ");
    sql.push(SCORED).push(" AND (");
    if !people.is_empty() {
        push_among(&mut sql, uow, "lead.person_id", people.iter().map(|person| person.uuid()));
    }
    if !leads.is_empty() {
        sql.push(if people.is_empty() { "" } else { " OR " });
        push_among(&mut sql, uow, "lead.id", leads.iter().map(|lead| lead.uuid()));
    }
    sql.push(") ORDER BY lead.id").push(locks::for_update(uow));
    ids(&sql.all(uow).await?)
}

fn ids(rows: &[QueryResult]) -> Result<Vec<LeadId>, StoreError> {
    rows.iter().map(|row| Ok(LeadId::from(Columns::of(row).next::<Uuid>()?))).collect()
}

/// Reads locked leads with all that their scores depend on, in the order of their ids. One statement, after the one that locked: what another
/// unit of work left is read only by a statement that begins after the lock was had.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn load(uow: &UnitOfWork, leads: &[LeadId]) -> Result<Vec<Scorable>, StoreError> {
    if leads.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT ");
    sql.push(lead::READ).push(", ").push(READ).push(", ").push(&SUBJECTS);
    sql.push(
        " FROM lead JOIN person ON person.id = lead.person_id LEFT JOIN company ON company.id = lead.company_id \
         LEFT JOIN lead_score ON lead_score.lead_id = lead.id WHERE ",
    );
    push_among(&mut sql, uow, "lead.id", leads.iter().map(|lead| lead.uuid()));
    sql.push(" ORDER BY lead.id");
    sql.all(uow).await?.iter().map(read_scorable).collect()
}

pub(super) fn read_scorable(row: &QueryResult) -> Result<Scorable, StoreError> {
    let mut columns = Columns::of(row);
    let lead = lead::read(&mut columns)?;
    let scored: Option<Uuid> = row.try_get("", "lead_id")?;
    let score = scored.map(|_| read(&mut columns)).transpose()?;
    let person = person::Model::from_query_result(row, "person_")?;
    let company = lead.company.map(|_| company::Model::from_query_result(row, "company_")).transpose()?;
    Ok(Scorable { lead, person: person.try_into()?, company: company.map(Company::try_from).transpose()?, score })
}

/// Writes scores, new or not. One statement on `PostgreSQL`.
///
/// # Errors
/// As the database tells.
pub async fn put_many(uow: &UnitOfWork, scores: &[LeadScore]) -> Result<(), StoreError> {
    let rows: Result<Vec<_>, StoreError> = scores.iter().map(values).collect();
    let set = Recordset { columns: COLUMNS, rows: rows? };
    let kept: Vec<String> = COLUMNS.iter().skip(1).map(|(name, _)| format!("{name} = excluded.{name}")).collect();
    let tail = format!(" ON CONFLICT (lead_id) DO UPDATE SET {}", kept.join(", "));
    recordset::insert(uow, "lead_score", &set, &tail).await.map(drop)
}

/// Writes the points, grade, tier, version and time of leads that were rescored, and nothing else of them. One statement on `PostgreSQL`.
///
/// # Errors
/// As the database tells.
pub async fn update_leads(uow: &UnitOfWork, leads: &[&Lead]) -> Result<(), StoreError> {
    let rows: Result<Vec<_>, StoreError> = leads.iter().map(|lead| values_of_lead(lead)).collect();
    recordset::update(uow, "lead", &Recordset { columns: OF_LEAD, rows: rows? }).await
}

/// What the scores of some leads that the permission reaches are made from, by lead. One statement.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn find_many(on: &impl Readable, grant: &Grant, leads: &[LeadId]) -> Result<BTreeMap<LeadId, LeadScore>, StoreError> {
    if leads.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sql = Sql::new("SELECT ");
    sql.push(READ).push(" FROM lead_score JOIN lead ON lead.id = lead_score.lead_id WHERE ");
    push_among(&mut sql, on, "lead_score.lead_id", leads.iter().map(|lead| lead.uuid()));
    sql.push(" AND ");
    scope::push_leads(&mut sql, grant);
    let scores = sql.all(on).await?.iter().map(|row| read(&mut Columns::of(row))).collect::<Result<Vec<_>, _>>()?;
    Ok(scores.into_iter().map(|score| (score.lead, score)).collect())
}

/// Whether [`lock_due`] would find something under the model in force: a look that locks nothing and needs no rules.
///
/// # Errors
/// As the database tells.
pub async fn any_due(on: &impl Readable, now: DateTime<Utc>) -> Result<bool, StoreError> {
    const IN_FORCE: &str = "(SELECT id FROM score_model WHERE state = 'IN_FORCE')";
    let mut sql = Sql::new("SELECT 1 WHERE EXISTS (SELECT 1 FROM lead_score WHERE next_change_at <= ");
    sql.bind(now).push(") OR EXISTS (SELECT 1 FROM lead_score WHERE model_id < ").push(IN_FORCE);
    sql.push(") OR EXISTS (SELECT 1 FROM lead_score WHERE model_id > ").push(IN_FORCE).push(")");
    Ok(sql.one(on).await?.is_some())
}

/// Locks leads whose score is to be looked at again, the longest due first, at most `limit`: their time has come, or they were scored by
/// another model than `model`. What another node holds is passed over, so that each is looked at once.
///
/// # Errors
/// As the database tells.
pub async fn lock_due(uow: &UnitOfWork, model: ScoreModelId, now: DateTime<Utc>, limit: u32) -> Result<Vec<LeadId>, StoreError> {
    let mut sql = due("lead_score.next_change_at <= ");
    sql.bind(now).push(" ORDER BY lead_score.next_change_at, lead_score.lead_id LIMIT ").push(&limit.to_string());
    sql.push(pass_over(uow));
    let mut found = ids(&sql.all(uow).await?)?;
    // `<>` would read the whole table, two ranges read an index
    for side in ["<", ">"] {
        let Some(rest) = limit.checked_sub(u32::try_from(found.len()).unwrap_or(limit)).filter(|rest| *rest > 0) else { break };
        let mut sql = due("lead_score.model_id ");
        sql.push(side).push(" ").bind(model.uuid());
        sql.push(" ORDER BY lead_score.model_id, lead_score.lead_id LIMIT ").push(&rest.to_string()).push(pass_over(uow));
        found.extend(ids(&sql.all(uow).await?)?);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

fn due(condition: &str) -> Sql {
    let mut sql = Sql::new("SELECT lead.id FROM lead_score JOIN lead ON lead.id = lead_score.lead_id WHERE ");
    sql.push(condition);
    sql
}

fn pass_over(uow: &UnitOfWork) -> &'static str {
    match uow.backend() {
        Backend::Sqlite => "",
        Backend::Postgres => " FOR UPDATE OF lead SKIP LOCKED",
    }
}

/// The leads that a company has open or at rest, at most `limit`.
///
/// # Errors
/// As the database tells.
pub async fn leads_of_company(on: &impl Readable, company: CompanyId, limit: u32) -> Result<Vec<LeadId>, StoreError> {
    let mut sql = Sql::new("SELECT lead.id FROM lead WHERE lead.company_id = ");
    sql.bind(company.uuid()).push(" AND ").push(SCORED).push(" ORDER BY lead.id LIMIT ").push(&limit.to_string());
    ids(&sql.all(on).await?)
}

/// Asks for all leads that a company has open or at rest to be looked at again at a time.
///
/// # Errors
/// As the database tells.
pub async fn look_at_company(uow: &UnitOfWork, company: CompanyId, at: DateTime<Utc>) -> Result<(), StoreError> {
    let mut sql = Sql::new("UPDATE lead_score SET next_change_at = ");
    sql.bind(at).push(" WHERE lead_id IN (SELECT lead.id FROM lead WHERE lead.company_id = ").bind(company.uuid());
    sql.push(" AND ").push(SCORED).push(")");
    sql.run(uow).await.map(drop)
}

/// Asks for leads to be looked at again at a time.
///
/// # Errors
/// As the database tells.
pub async fn look_at(uow: &UnitOfWork, leads: &[LeadId], at: DateTime<Utc>) -> Result<(), StoreError> {
    if leads.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new("UPDATE lead_score SET next_change_at = ");
    sql.bind(at).push(" WHERE ");
    push_among(&mut sql, uow, "lead_id", leads.iter().map(|lead| lead.uuid()));
    sql.run(uow).await.map(drop)
}

/// Stops looking at leads: they are closed, and what reports tell of them stays.
///
/// # Errors
/// As the database tells.
pub async fn let_rest(uow: &UnitOfWork, leads: &[LeadId]) -> Result<(), StoreError> {
    if leads.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new("UPDATE lead_score SET next_change_at = NULL, model_id = NULL WHERE ");
    push_among(&mut sql, uow, "lead_id", leads.iter().map(|lead| lead.uuid()));
    sql.run(uow).await.map(drop)
}
