//! What was known of passages when they opened, and the grade that they had when they were handed over or closed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fairfall_domain::access::Grant;
use fairfall_domain::forecast::dataset::Ended;
use fairfall_domain::forecast::history::{GradeHistory, Outcomes};
use fairfall_domain::forecast::snapshot::Snapshot;
use fairfall_domain::id::{LeadId, PassageId};
use fairfall_domain::scoring::Grade;
use fairfall_domain::waterfall::change::Change;
use fairfall_domain::waterfall::event::LeadEvent;
use fairfall_domain::waterfall::passage::PassageOutcome;
use sea_orm::Value;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_json};
use crate::readable::Readable;
use crate::repo::scope;
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;
use crate::write::{Part, bulk};

/// The newest closed passages that the grades' history is read from.
pub const HISTORY_MAX: u32 = 50_000;

/// What was known when a passage opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The passage.
    pub passage: PassageId,
    /// What was known.
    pub snapshot: Snapshot,
    /// The grade at its end, for a passage that had ended when it came in.
    pub grade: Option<Grade>,
}

/// Stores openings of new passages.
///
/// # Errors
/// [`StoreError::Unique`] when a passage has one, or as the database tells.
pub async fn insert_many(uow: &UnitOfWork, openings: &[Opening]) -> Result<(), StoreError> {
    let row = |opening: &Opening| {
        let grade = opening.grade.map(|grade| grade.as_str().to_owned());
        Ok(vec![opening.passage.uuid().into(), to_json(&opening.snapshot)?.into(), grade.into()])
    };
    let rows: Result<Vec<Vec<Value>>, StoreError> = openings.iter().map(row).collect();
    bulk(uow, Part::insert("passage_features", &["id", "features", "grade"], rows?)).await
}

/// The grade that a change fixes: what is handed over or closed keeps the grade that it had.
pub(crate) fn graded(change: &Change) -> Option<Part> {
    let handed_over =
        change.events.iter().any(|event| matches!(event, LeadEvent::HandedOver { .. } | LeadEvent::Transferred { .. }));
    let closed = change.passage.closed.is_some_and(|closed| closed.at == change.lead.updated_at);
    let grade = change.lead.demand.score.grade().as_str().to_owned();
    let id = change.passage.id.uuid();
    (handed_over || closed).then(|| Part::update("passage_features", &["grade"], vec![grade.into()], id))
}

/// What was known of the current passages of some leads that the permission reaches; leads of which nothing was kept are left out. One statement.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn find_of_leads(
    on: &impl Readable,
    grant: &Grant,
    leads: &[LeadId],
) -> Result<BTreeMap<LeadId, Snapshot>, StoreError> {
    if leads.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sql =
        Sql::new("SELECT lead.id, f.features FROM lead JOIN passage_features AS f ON f.id = lead.passage_id WHERE lead.id IN (");
    sql.bind_list(leads.iter().map(|id| Value::from(id.uuid()))).push(") AND ");
    scope::push_leads(&mut sql, grant);
    let read = |row: &sea_orm::QueryResult| {
        let mut columns = Columns::of(row);
        let lead = LeadId::from(columns.next::<Uuid>()?);
        let features: String = columns.next()?;
        Ok((lead, Stored::new("passage_features", lead).json("features", &features)?))
    };
    sql.all(on).await?.iter().map(read).collect()
}

/// Where reading closed passages goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClosedBefore {
    at: DateTime<Utc>,
    id: Uuid,
}

/// Closed passages with what was known when they opened, and where to go on; nothing when there are no more.
pub type ClosedChunk = (Vec<(Snapshot, Ended)>, Option<ClosedBefore>);

/// A chunk of the closed passages, the last closed first. For training alone: it holds nobody's name.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn closed(on: &impl Readable, before: Option<ClosedBefore>, limit: u32) -> Result<ClosedChunk, StoreError> {
    let mut sql = Sql::new(
        "SELECT p.id, p.opened_at, p.closed_at, p.outcome, f.features FROM passage AS p JOIN passage_features AS f ON f.id = p.id \
         WHERE p.closed_at IS NOT NULL",
    );
    if let Some(ClosedBefore { at, id }) = before {
        sql.push(" AND (p.closed_at, p.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    sql.push(" ORDER BY p.closed_at DESC, p.id DESC LIMIT ").push(&limit.to_string());
    let rows = sql.all(on).await?;
    let mut closed = Vec::with_capacity(rows.len());
    let mut next = None;
    for row in &rows {
        let mut columns = Columns::of(row);
        let id: Uuid = columns.next()?;
        let stored = Stored::new("passage", PassageId::from(id));
        let (opened_at, closed_at) = (columns.next()?, columns.next()?);
        let outcome: PassageOutcome = stored.text("outcome", &columns.next::<String>()?)?;
        let features: String = columns.next()?;
        let snapshot = Stored::new("passage_features", PassageId::from(id)).json("features", &features)?;
        closed.push((snapshot, Ended { won: outcome == PassageOutcome::Won, opened_at, closed_at }));
        next = Some(ClosedBefore { at: closed_at, id });
    }
    let is_full = u32::try_from(rows.len()).is_ok_and(|count| count >= limit);
    Ok((closed, next.filter(|_| is_full)))
}

/// Whether at least so many passages have closed.
///
/// # Errors
/// As the database tells.
pub async fn closed_at_least(on: &impl Readable, count: u32) -> Result<bool, StoreError> {
    let mut sql = Sql::new("SELECT count(*) FROM (SELECT 1 FROM passage WHERE closed_at IS NOT NULL LIMIT ");
    sql.push(&count.to_string()).push(") AS found");
    let Some(row) = sql.one(on).await? else { return Ok(false) };
    Ok(Columns::of(&row).next::<i64>()? >= i64::from(count))
}

/// How passages of each grade ended, of the newest [`HISTORY_MAX`] that closed.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn grade_history(on: &impl Readable) -> Result<GradeHistory, StoreError> {
    let mut sql = Sql::new(
        "SELECT grade, count(*), count(CASE WHEN outcome = 'WON' THEN 1 END) FROM (\
         SELECT f.grade, p.outcome FROM passage AS p JOIN passage_features AS f ON f.id = p.id \
         WHERE p.closed_at IS NOT NULL AND f.grade IS NOT NULL ORDER BY p.closed_at DESC, p.id DESC LIMIT ",
    );
    sql.push(&HISTORY_MAX.to_string()).push(") AS newest GROUP BY grade");
    let read = |row: &sea_orm::QueryResult| {
        let mut columns = Columns::of(row);
        let code: String = columns.next()?;
        let stored = Stored::new("passage_features", "grade");
        let grade: Grade = stored.text("grade", &code)?;
        let count = |figure: i64| u64::try_from(figure).map_err(|_| stored.corrupt("grade"));
        Ok((grade, Outcomes { closed: count(columns.next()?)?, won: count(columns.next()?)? }))
    };
    let grades: Result<BTreeMap<Grade, Outcomes>, StoreError> = sql.all(on).await?.iter().map(read).collect();
    Ok(GradeHistory::new(grades?))
}
