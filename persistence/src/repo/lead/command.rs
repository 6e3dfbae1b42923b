//! Everything that a decision about a lead looks at, in two statements.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use fairfall_domain::access::Grant;
use fairfall_domain::company::Company;
use fairfall_domain::id::{LeadId, PersonId};
use fairfall_domain::opportunity::Opportunity;
use fairfall_domain::person::Person;
use fairfall_domain::sla::Clock;
use fairfall_domain::value::Code;
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::passage::Passage;
use sea_orm::{EntityTrait, FromQueryResult, IdenStatic, Iterable, QueryResult};
use uuid::Uuid;

use crate::entity::{company, opportunity, person};
use crate::error::StoreError;
use crate::mapper::{lead, passage};
use crate::readable::Readable;
use crate::repo::lead::find;
use crate::repo::{clock, locks, scope};
use crate::sql::{Columns, Sql};
use crate::store::Backend;
use crate::unit_of_work::UnitOfWork;

/// A lead with what decisions about it need. The campaign is `lead.origin.campaign`; there are few, kept in memory by who decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dossier {
    /// The lead.
    pub lead: Lead,
    /// Its current or last passage.
    pub passage: Passage,
    /// Its person.
    pub person: Person,
    /// Whether the person was erased: nothing personal is written about the lead any more.
    pub erased: bool,
    /// Its company.
    pub company: Option<Company>,
    /// The opportunity of that passage.
    pub opportunity: Option<Opportunity>,
    /// Its open clocks; where it is loaded to be changed, those as well that its end ended as long as that may be taken back.
    pub clocks: Vec<Clock>,
}

/// The columns of an entity's table `table`, each called `<table>_<column>`.
pub(in crate::repo) fn columns_of<E: EntityTrait>(table: &str) -> String {
    let named = E::Column::iter().map(|column| format!("{table}.{0} AS {table}_{0}", column.as_str()));
    named.collect::<Vec<_>>().join(", ")
}

static COLUMNS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{}, {}, {}, {}, {}, person.erased_at AS erased_at",
        lead::READ,
        passage::READ,
        columns_of::<person::Entity>("person"),
        columns_of::<company::Entity>("company"),
        columns_of::<opportunity::Entity>("opportunity"),
    )
});

const TABLES: &str = "FROM lead \
    JOIN passage AS p ON p.id = lead.passage_id \
    JOIN person ON person.id = lead.person_id \
    LEFT JOIN company ON company.id = lead.company_id \
    LEFT JOIN opportunity ON opportunity.passage_id = lead.passage_id \
    WHERE lead.id = ";

static SELECT: LazyLock<String> = LazyLock::new(|| format!("SELECT {} {TABLES}", *COLUMNS));

/// With the version that the statement's own snapshot knows: another one than the locked row's when the lock had to be waited for.
static SELECT_LOCKED: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT {}, (SELECT seen.version FROM lead AS seen WHERE seen.id = lead.id) AS seen_version {TABLES}", *COLUMNS)
});

/// Loads a lead to be changed. On `PostgreSQL` its row is locked until the unit of work ends: who comes second decides on what the first left.
/// Whether the actor may see or change it is for the caller to ask of [`Lead::subject`].
///
/// # Errors
/// [`StoreError::Timeout`] when another unit of work holds the lead too long, [`StoreError::Corrupt`], or as the database tells.
pub async fn load_for_command(uow: &UnitOfWork, id: LeadId) -> Result<Option<Dossier>, StoreError> {
    let found = match uow.backend() {
        Backend::Postgres => load_locked(uow, id).await?,
        Backend::Sqlite => {
            let mut sql = Sql::new(SELECT.as_str());
            sql.bind(id.uuid());
            sql.one(uow).await?.map(|row| read(&row)).transpose()?
        }
    };
    let Some(mut dossier) = found else { return Ok(None) };
    // in a statement of their own: on `PostgreSQL` it sees what was committed while the lock was waited for
    dossier.clocks = clock::hold_of_lead(uow, id, dossier.lead.state.revocable_since()).await?;
    Ok(Some(dossier))
}

/// Locks the row and reads it. Who had to wait for the lock gets the newest lead, and beside it everything else as it was when the statement
/// began, or nothing when the lead has another passage since: then it is read once more, under the lock that is now held.
async fn load_locked(uow: &UnitOfWork, id: LeadId) -> Result<Option<Dossier>, StoreError> {
    if let Some(row) = locked(uow, id).await? {
        let (seen, dossier) = (row.try_get::<i32>("", "seen_version")?, read(&row)?);
        if u32::try_from(seen).is_ok_and(|seen| seen == dossier.lead.version) {
            return Ok(Some(dossier));
        }
    }
    locked(uow, id).await?.map(|row| read(&row)).transpose()
}

async fn locked(uow: &UnitOfWork, id: LeadId) -> Result<Option<QueryResult>, StoreError> {
    let mut sql = Sql::new(SELECT_LOCKED.as_str());
    sql.bind(id.uuid()).push(" FOR UPDATE OF lead");
    sql.one(uow).await
}

/// The same without a lock, for telling what could be done; only when the permission reaches the lead.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn load_dossier(on: &impl Readable, grant: &Grant, id: LeadId) -> Result<Option<Dossier>, StoreError> {
    let mut sql = Sql::new(SELECT.as_str());
    sql.bind(id.uuid()).push(" AND ");
    scope::push_leads(&mut sql, grant);
    let Some(mut dossier) = sql.one(on).await?.map(|row| read(&row)).transpose()? else { return Ok(None) };
    dossier.clocks = clock::open_of_lead(on, id).await?;
    Ok(Some(dossier))
}

/// The newest lead that a person has open or at rest for a product area, whoever may see it: capture must not make a second one. Others who ask
/// for the same person and area wait until the unit of work ends.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn find_open(uow: &UnitOfWork, person: PersonId, product_area: &Code) -> Result<Option<Lead>, StoreError> {
    locks::hold(uow, "lead.open", &[&format!("{person}:{product_area}")]).await?;
    let mut sql = find::select();
    sql.push("lead.person_id = ").bind(person.uuid()).push(" AND lead.product_area = ").bind(product_area.as_str());
    sql.push(" AND lead.state IN ('WORKING', 'OFFERED', 'NURTURING') ORDER BY lead.captured_at DESC, lead.id DESC LIMIT 1");
    sql.one(uow).await?.map(|row| lead::read(&mut Columns::of(&row))).transpose()
}

fn read(row: &QueryResult) -> Result<Dossier, StoreError> {
    let mut columns = Columns::of(row);
    let lead = lead::read(&mut columns)?;
    let passage = passage::read(&mut columns)?;
    let person = person::Model::from_query_result(row, "person_")?;
    let company = lead.company.map(|_| company::Model::from_query_result(row, "company_")).transpose()?;
    let opportunity: Option<opportunity::Model> = opportunity::Model::from_query_result_optional(row, "opportunity_")?;
    Ok(Dossier {
        lead,
        passage,
        person: person.try_into()?,
        erased: row.try_get::<Option<DateTime<Utc>>>("", "erased_at")?.is_some(),
        company: company.map(Company::try_from).transpose()?,
        opportunity: opportunity.map(Opportunity::try_from).transpose()?,
        clocks: Vec::new(),
    })
}

/// Leads at rest whose time to come back has come, the longest due first, at most `limit`.
///
/// # Errors
/// As the database tells.
pub async fn due_for_resume(on: &impl Readable, now: DateTime<Utc>, limit: u32) -> Result<Vec<LeadId>, StoreError> {
    let mut sql = Sql::new("SELECT id FROM lead WHERE state = 'NURTURING' AND resume_at <= ");
    sql.bind(now).push(" ORDER BY resume_at, id LIMIT ").push(&limit.to_string());
    sql.all(on).await?.iter().map(|row| Ok(LeadId::from(Columns::of(row).next::<Uuid>()?))).collect()
}
