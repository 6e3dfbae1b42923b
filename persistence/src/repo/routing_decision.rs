//! The accounts of routings: stored with the change they belong to (see [`crate::repo::lead::record`]), kept for the life of the lead.

use chrono::{DateTime, Utc};
use fairfall_domain::access::Grant;
use fairfall_domain::code::UnknownCode;
use fairfall_domain::id::{CompanyId, LeadId, PassageId, RoutingDecisionId, UserId};
use fairfall_domain::routing::RoutingDecision;
use sea_orm::{QueryResult, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::routing_decision as mapper;
use crate::mapper::stored::Stored;
use crate::readable::Readable;
use crate::repo::scope;
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;
use crate::write::{Part, bulk};

/// Most decisions that are read of one lead, the newest first.
pub const OF_LEAD_MAX: u32 = 50;

/// What became of a counted decision in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Settled {
    /// It counts for a colleague of the pool who got the lead since.
    Moved,
    /// It counts for nobody: as if the lead had never been shared.
    Undone,
}

impl Settled {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Moved => "MOVED",
            Self::Undone => "UNDONE",
        }
    }

    fn parse(text: &str) -> Result<Self, UnknownCode> {
        let known = [Self::Moved, Self::Undone].into_iter().find(|known| known.as_str() == text);
        known.ok_or_else(|| UnknownCode::new("Settled", text))
    }
}

/// A decision as it was stored, with what happened to it since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDecision {
    /// The account.
    pub decision: RoutingDecision,
    /// Whose turn it counts as in the ledger; nobody's when it never did or does not any more.
    pub counts_for: Option<UserId>,
    /// What became of it in the ledger, when it was corrected.
    pub settled: Option<Settled>,
    /// When the lead was said to be misrouted.
    pub misrouted_at: Option<DateTime<Utc>>,
}

/// The new row of a decision, to be written with what it belongs to.
pub(crate) fn part(decision: Option<&RoutingDecision>) -> Result<Option<Part>, StoreError> {
    decision.map(|decision| Ok(Part::insert("routing_decision", mapper::COLUMNS, vec![mapper::values(decision)?]))).transpose()
}

/// Stores many decisions of leads that are there.
pub(crate) async fn insert_many(uow: &UnitOfWork, decisions: impl Iterator<Item = &RoutingDecision>) -> Result<(), StoreError> {
    let rows: Result<Vec<Vec<Value>>, StoreError> = decisions.map(mapper::values).collect();
    bulk(uow, Part::insert("routing_decision", mapper::COLUMNS, rows?)).await
}

const READ: &str = "SELECT d.id, d.detail, d.counts_for, d.settled, d.misrouted_at FROM routing_decision AS d";

fn read(row: &QueryResult) -> Result<StoredDecision, StoreError> {
    let mut columns = Columns::of(row);
    let id = RoutingDecisionId::from(columns.next::<Uuid>()?);
    let stored = Stored::new("routing_decision", id);
    let decision = stored.json("detail", &columns.next::<String>()?)?;
    let counts_for = columns.next::<Option<Uuid>>()?.map(UserId::from);
    let settled: Option<String> = columns.next()?;
    let settled = settled.map(|code| Settled::parse(&code).map_err(|_| stored.corrupt("settled"))).transpose()?;
    Ok(StoredDecision { decision, counts_for, settled, misrouted_at: columns.next()? })
}

/// Some decisions, in no order, of leads that the permission reaches. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_many(on: &impl Readable, grant: &Grant, ids: &[RoutingDecisionId]) -> Result<Vec<StoredDecision>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(READ);
    sql.push(" JOIN lead ON lead.id = d.lead_id WHERE d.id IN (");
    sql.bind_list(ids.iter().map(|id| Value::from(id.uuid()))).push(") AND ");
    scope::push_leads(&mut sql, grant);
    sql.all(on).await?.iter().map(read).collect()
}

/// The decisions about some leads that the permission reaches, the newest first, at most [`OF_LEAD_MAX`] of each. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn of_leads(on: &impl Readable, grant: &Grant, leads: &[LeadId]) -> Result<Vec<StoredDecision>, StoreError> {
    if leads.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(
        "SELECT d.id, d.detail, d.counts_for, d.settled, d.misrouted_at FROM (SELECT routing_decision.*, \
         row_number() OVER (PARTITION BY lead_id ORDER BY at DESC, id DESC) AS nth FROM routing_decision WHERE lead_id IN (",
    );
    sql.bind_list(leads.iter().map(|id| Value::from(id.uuid())));
    sql.push(&format!(")) AS d JOIN lead ON lead.id = d.lead_id WHERE d.nth <= {OF_LEAD_MAX} AND "));
    scope::push_leads(&mut sql, grant);
    sql.push(" ORDER BY d.at DESC, d.id DESC");
    sql.all(on).await?.iter().map(read).collect()
}

/// The decisions about a passage of a lead, the newest first, at most [`OF_LEAD_MAX`], whoever may see them: for correcting the ledger when the lead
/// goes elsewhere.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn of_passage(uow: &UnitOfWork, lead: LeadId, passage: PassageId) -> Result<Vec<StoredDecision>, StoreError> {
    let mut sql = Sql::new(READ);
    sql.push(" WHERE d.lead_id = ").bind(lead.uuid()).push(" AND d.passage_id = ").bind(passage.uuid());
    sql.push(&format!(" ORDER BY d.at DESC, d.id DESC LIMIT {OF_LEAD_MAX}"));
    sql.all(uow).await?.iter().map(read).collect()
}

/// Notes that a decision counts as somebody else's turn from now on, or as nobody's.
///
/// # Errors
/// When the database fails.
pub async fn settle(uow: &UnitOfWork, id: RoutingDecisionId, counts_for: Option<UserId>) -> Result<(), StoreError> {
    let settled = if counts_for.is_some() { Settled::Moved } else { Settled::Undone };
    let mut sql = Sql::new("UPDATE routing_decision SET settled = ");
    sql.bind(settled.as_str()).push(", counts_for = ").bind(counts_for.map(UserId::uuid)).push(" WHERE id = ").bind(id.uuid());
    sql.run(uow).await?;
    Ok(())
}

/// Notes that a lead was misrouted by a decision; the first time counts.
///
/// # Errors
/// When the database fails.
pub async fn mark_misrouted(uow: &UnitOfWork, id: RoutingDecisionId, at: DateTime<Utc>) -> Result<(), StoreError> {
    let mut sql = Sql::new("UPDATE routing_decision SET misrouted_at = coalesce(misrouted_at, ");
    sql.bind(at).push(") WHERE id = ").bind(id.uuid());
    sql.run(uow).await?;
    Ok(())
}

/// How many open leads some users have: worked on by them, or offered to them. Users without any are left out. One statement.
///
/// # Errors
/// When the database fails.
pub async fn open_leads(on: &impl Readable, users: &[UserId]) -> Result<BTreeMap<UserId, u32>, StoreError> {
    if users.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids = || users.iter().map(|id| Value::from(id.uuid()));
    let mut sql =
        Sql::new("SELECT has, count(*) FROM (SELECT owner_id AS has FROM lead WHERE state = 'WORKING' AND owner_id IN (");
    sql.bind_list(ids()).push(") UNION ALL SELECT assignee_id AS has FROM lead WHERE state = 'OFFERED' AND assignee_id IN (");
    sql.bind_list(ids()).push(")) AS held GROUP BY has");
    let rows = sql.all(on).await?;
    rows.iter()
        .map(|row| {
            let mut columns = Columns::of(row);
            let user = UserId::from(columns.next::<Uuid>()?);
            let count: i64 = columns.next()?;
            Ok((user, u32::try_from(count).unwrap_or(u32::MAX)))
        })
        .collect()
}

/// When some companies had a lead last, `but` left out; companies without any are left out. One statement.
///
/// # Errors
/// When the database fails.
pub async fn companies_seen(
    on: &impl Readable,
    companies: &[CompanyId],
    but: &[LeadId],
) -> Result<BTreeMap<CompanyId, DateTime<Utc>>, StoreError> {
    if companies.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sql = Sql::new("SELECT company_id, max(updated_at) FROM lead WHERE company_id IN (");
    sql.bind_list(companies.iter().map(|id| Value::from(id.uuid())));
    if !but.is_empty() {
        sql.push(") AND id NOT IN (").bind_list(but.iter().map(|id| Value::from(id.uuid())));
    }
    sql.push(") GROUP BY company_id");
    let rows = sql.all(on).await?;
    rows.iter()
        .map(|row| {
            let mut columns = Columns::of(row);
            Ok((CompanyId::from(columns.next::<Uuid>()?), columns.next::<DateTime<Utc>>()?))
        })
        .collect()
}
