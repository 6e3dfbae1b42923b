//! Leads of a period with what gates look at, read in chunks and without locks: for what a draft of an agreement would have done.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::company::Company;
use fairfall_domain::id::LeadId;
use fairfall_domain::person::Person;
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::passage::StageSet;
use sea_orm::{FromQueryResult, QueryResult, Value};
use uuid::Uuid;

use crate::entity::{company, person};
use crate::error::StoreError;
use crate::mapper::lead;
use crate::mapper::stored::Stored;
use crate::readable::Readable;
use crate::repo::lead_score::SUBJECTS;
use crate::sql::{Columns, Sql};

/// Most rows of one chunk.
pub const CHUNK_MAX: u32 = 500;

/// A lead with what gates look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayLead {
    /// The lead as it is now.
    pub lead: Lead,
    /// Its person.
    pub person: Person,
    /// Its company.
    pub company: Option<Company>,
    /// The stages that it reached on any of its passages.
    pub reached: StageSet,
}

static SELECT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {}, {} FROM lead JOIN person ON person.id = lead.person_id LEFT JOIN company ON company.id = lead.company_id WHERE ",
        lead::READ,
        *SUBJECTS
    )
});

/// The newest leads captured since a moment, behind the lead `after`, at most [`CHUNK_MAX`]. Two statements. Figures are made of them, whoever may see
/// each.
///
/// # Errors
/// When the permission is not one for agreements, [`StoreError::Corrupt`], or as the database tells.
pub async fn chunk(
    on: &impl Readable,
    grant: &Grant,
    since: DateTime<Utc>,
    after: Option<&Lead>,
    limit: u32,
) -> Result<Vec<ReplayLead>, StoreError> {
    if grant.action() != Action::ManageAgreement {
        return Err(StoreError::unstorable("grant"));
    }
    let mut sql = Sql::new(SELECT.as_str());
    sql.push("lead.captured_at >= ").bind(since);
    if let Some(lead) = after {
        sql.push(" AND (lead.captured_at, lead.id) < (").bind(lead.captured_at).push(", ").bind(lead.id.uuid()).push(")");
    }
    sql.push(" ORDER BY lead.captured_at DESC, lead.id DESC LIMIT ").push(&limit.min(CHUNK_MAX).to_string());
    let mut found: Vec<ReplayLead> = sql.all_planned(on).await?.iter().map(read).collect::<Result<_, _>>()?;
    let reached = reached(on, found.iter().map(|one| one.lead.id)).await?;
    for one in &mut found {
        one.reached = reached.get(&one.lead.id).copied().unwrap_or_default();
    }
    Ok(found)
}

fn read(row: &QueryResult) -> Result<ReplayLead, StoreError> {
    let lead = lead::read(&mut Columns::of(row))?;
    let person = person::Model::from_query_result(row, "person_")?;
    let company = lead.company.map(|_| company::Model::from_query_result(row, "company_")).transpose()?;
    let company = company.map(Company::try_from).transpose()?;
    Ok(ReplayLead { lead, person: person.try_into()?, company, reached: StageSet::EMPTY })
}

/// The stages that leads reached on all their passages together.
async fn reached(on: &impl Readable, leads: impl Iterator<Item = LeadId>) -> Result<BTreeMap<LeadId, StageSet>, StoreError> {
    let ids: Vec<Value> = leads.map(|lead| Value::from(lead.uuid())).collect();
    let mut sets: BTreeMap<LeadId, StageSet> = BTreeMap::new();
    if ids.is_empty() {
        return Ok(sets);
    }
    let mut sql = Sql::new("SELECT lead_id, reached FROM passage WHERE lead_id IN (");
    sql.bind_list(ids).push(")");
    for row in sql.all(on).await? {
        let lead = LeadId::from(row.try_get::<Uuid>("", "lead_id")?);
        let bits: i16 = row.try_get("", "reached")?;
        let bits = u8::try_from(bits).map_err(|_| Stored::new("passage", lead).corrupt("reached"))?;
        let set = sets.entry(lead).or_default();
        *set = StageSet::from_bits(set.bits() | bits);
    }
    Ok(sets)
}
