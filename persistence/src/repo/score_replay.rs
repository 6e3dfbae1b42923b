//! Leads with everything that a score stands on, read without locks: for explaining scores, and for replays of a score model in chunks.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant, Scope};
use fairfall_domain::id::{LeadId, PassageId};
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::passage::PassageOutcome;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::stored::Stored;
use crate::mapper::{lead, lead_score};
use crate::readable::Readable;
use crate::repo::lead_score::{SUBJECTS, Scorable, read_scorable};
use crate::repo::scope;
use crate::sql::Sql;

/// Most rows of one chunk.
pub const CHUNK_MAX: u32 = 500;

/// A passage that is closed, with its lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedPassage {
    /// The lead as it is now.
    pub scorable: Scorable,
    /// The passage.
    pub passage: PassageId,
    /// How it ended.
    pub outcome: PassageOutcome,
    /// When it ended.
    pub at: DateTime<Utc>,
}

static SCORABLE: LazyLock<String> = LazyLock::new(|| format!("{}, {}, {}", lead::READ, lead_score::READ, SUBJECTS.as_str()));

const OF_LEAD: &str = " JOIN person ON person.id = lead.person_id LEFT JOIN company ON company.id = lead.company_id \
     LEFT JOIN lead_score ON lead_score.lead_id = lead.id WHERE ";

/// Some leads that the permission reaches, in no order; others are left out. One statement.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn of_leads(on: &impl Readable, grant: &Grant, leads: &[LeadId]) -> Result<Vec<Scorable>, StoreError> {
    if leads.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT ");
    sql.push(&SCORABLE).push(" FROM lead").push(OF_LEAD);
    scope::push_leads(&mut sql, grant);
    sql.push(" AND lead.id IN (").bind_list(leads.iter().map(|lead| Value::from(lead.uuid()))).push(")");
    sql.all(on).await?.iter().map(read_scorable).collect()
}

/// A replay looks at every lead, whoever may see it, and answers figures.
fn check(grant: &Grant) -> Result<(), StoreError> {
    let lawful = grant.action() == Action::ManageScoreModel && grant.scope() == Scope::All;
    if lawful { Ok(()) } else { Err(StoreError::unstorable("grant")) }
}

/// The newest open or resting leads captured since a moment, behind the lead `after`, at most [`CHUNK_MAX`].
///
/// # Errors
/// When the permission does not reach every lead, [`StoreError::Corrupt`], or as the database tells.
pub async fn open_leads(
    on: &impl Readable,
    grant: &Grant,
    since: DateTime<Utc>,
    after: Option<&Lead>,
    limit: u32,
) -> Result<Vec<Scorable>, StoreError> {
    check(grant)?;
    let mut sql = Sql::new("SELECT ");
    sql.push(&SCORABLE).push(" FROM lead").push(OF_LEAD);
    sql.push("lead.state IN ('WORKING', 'OFFERED', 'NURTURING') AND lead.captured_at >= ").bind(since);
    if let Some(lead) = after {
        sql.push(" AND (lead.captured_at, lead.id) < (").bind(lead.captured_at).push(", ").bind(lead.id.uuid()).push(")");
    }
    sql.push(" ORDER BY lead.captured_at DESC, lead.id DESC LIMIT ").push(&limit.min(CHUNK_MAX).to_string());
    sql.all_planned(on).await?.iter().map(read_scorable).collect()
}

/// The passages closed last since a moment, behind the passage `after`, at most [`CHUNK_MAX`].
///
/// # Errors
/// When the permission does not reach every lead, [`StoreError::Corrupt`], or as the database tells.
pub async fn closed_passages(
    on: &impl Readable,
    grant: &Grant,
    since: DateTime<Utc>,
    after: Option<&ClosedPassage>,
    limit: u32,
) -> Result<Vec<ClosedPassage>, StoreError> {
    check(grant)?;
    let mut sql = Sql::new("SELECT ");
    sql.push(&SCORABLE).push(", p.id AS ended_passage, p.outcome AS ended_how, p.closed_at AS ended_at");
    sql.push(" FROM passage AS p JOIN lead ON lead.id = p.lead_id").push(OF_LEAD);
    sql.push("p.closed_at IS NOT NULL AND p.closed_at >= ").bind(since);
    if let Some(closed) = after {
        sql.push(" AND (p.closed_at, p.id) < (").bind(closed.at).push(", ").bind(closed.passage.uuid()).push(")");
    }
    sql.push(" ORDER BY p.closed_at DESC, p.id DESC LIMIT ").push(&limit.min(CHUNK_MAX).to_string());
    sql.all_planned(on).await?.iter().map(read_closed).collect()
}

fn read_closed(row: &QueryResult) -> Result<ClosedPassage, StoreError> {
    let passage = PassageId::from(row.try_get::<Uuid>("", "ended_passage")?);
    let outcome: String = row.try_get("", "ended_how")?;
    Ok(ClosedPassage {
        scorable: read_scorable(row)?,
        passage,
        outcome: Stored::new("passage", passage).text("outcome", &outcome)?,
        at: row.try_get("", "ended_at")?,
    })
}
