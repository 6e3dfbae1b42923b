//! Writing what an act changed: the lead, its passage, what it opened, its account, its events and the audit row, together or not at all.

use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::id::{EventId, LeadId, UserId};
use fairfall_domain::sla::escalate::ClockStep;
use fairfall_domain::waterfall::change::Change;
use fairfall_domain::waterfall::passage::Passage;
use uuid::Uuid;

use crate::audit::{self, AuditOutcome, AuditRow};
use crate::entity::{customer, opportunity};
use crate::error::StoreError;
use crate::journal::{self, NewEntry};
use crate::mapper::stored::to_count;
use crate::mapper::{lead, passage, transition};
use crate::repo::{clock, passage_features, routing_decision};
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;
use crate::write::{Guard, Part, guarded, together};

/// Who did it, when and with which request, with the ids that were drawn for its traces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Who; nobody when it happened by itself.
    pub actor: Option<UserId>,
    /// When it was recorded, UTC. A history that is imported keeps its own times in its passages and transitions.
    pub at: DateTime<Utc>,
    /// The request it came with.
    pub request_id: Option<String>,
    /// One id per entry of the journal that the change makes, at least: [`Change::entries`].
    pub event_ids: Vec<EventId>,
    /// The id of the audit row.
    pub audit_id: Uuid,
    /// What was done.
    pub action: Action,
}

/// The journal's entries of a change.
fn new_entries(change: &Change, stamp: &Stamp) -> Result<Vec<NewEntry>, StoreError> {
    if stamp.event_ids.len() < change.entries() {
        return Err(StoreError::unstorable("event_ids"));
    }
    let mut ids = stamp.event_ids.iter().copied();
    let (kept, earlier): (Vec<&ClockStep>, _) = change.clock_steps.iter().partition(|step| step.is_kept());
    let lead = (change.lead.id, change.lead.version);
    let mut entries = Vec::with_capacity(change.entries());
    // what nobody noticed happened before the act, by nobody; what the act kept, it kept
    for (step, id) in earlier.into_iter().zip(&mut ids) {
        entries.push(NewEntry::of_clock(lead, step, id, None, stamp.at)?);
    }
    for (event, id) in change.events.iter().zip(&mut ids) {
        entries.push(NewEntry::of_lead(&change.lead, event, id, stamp.actor, stamp.at)?);
    }
    for (step, id) in kept.into_iter().zip(&mut ids) {
        entries.push(NewEntry::of_clock(lead, step, id, stamp.actor, stamp.at)?);
    }
    Ok(entries)
}

fn audit_row(change: &Change, stamp: &Stamp) -> AuditRow {
    AuditRow {
        id: stamp.audit_id,
        at: stamp.at,
        actor: stamp.actor,
        action: stamp.action,
        subject_kind: LeadId::PREFIX.to_owned(),
        subject: Some(change.lead.id.uuid()),
        request_id: stamp.request_id.clone(),
        outcome: AuditOutcome::Done,
        detail: None,
    }
}

fn new_passages<'a>(passages: impl IntoIterator<Item = &'a Passage>) -> Result<Part, StoreError> {
    let rows: Result<Vec<_>, StoreError> = passages.into_iter().map(passage::values).collect();
    Ok(Part::insert("passage", passage::COLUMNS, rows?))
}

/// What every change writes beside the lead and its passages.
async fn traces(uow: &UnitOfWork, change: &Change, stamp: &Stamp) -> Result<Vec<Part>, StoreError> {
    let mut parts = Vec::with_capacity(5);
    if let Some(opportunity) = &change.opportunity {
        parts.push(Part::upsert_model("opportunity", &opportunity::Model::try_from(opportunity)?));
    }
    if let Some(customer) = &change.customer {
        parts.push(Part::insert_models("customer", &[customer::Model::try_from(customer)?]));
    }
    let transitions: Result<Vec<_>, StoreError> = change.transitions.iter().map(transition::values).collect();
    parts.push(Part::insert("transition", transition::COLUMNS, transitions?));
    parts.push(journal::part(uow, &new_entries(change, stamp)?).await?);
    parts.push(audit::part(&[audit_row(change, stamp)]));
    parts.extend(routing_decision::part(change.routing.as_deref())?);
    parts.extend(clock::parts(&change.clocks)?);
    Ok(parts)
}

/// Stores a captured lead: one statement on `PostgreSQL`.
///
/// # Errors
/// [`StoreError::Unique`] when the lead exists, or as the database tells.
pub async fn insert(uow: &UnitOfWork, change: &Change, stamp: &Stamp) -> Result<(), StoreError> {
    let mut parts = vec![
        Part::insert("lead", lead::COLUMNS, vec![lead::values(&change.lead)?]),
        new_passages(std::iter::once(&change.passage).chain(&change.opened))?,
    ];
    parts.extend(traces(uow, change, stamp).await?);
    together(uow, parts).await
}

/// Stores what an act or update changed, if the lead is still at `expected_version`: one statement on `PostgreSQL`.
///
/// # Errors
/// [`StoreError::VersionConflict`], with nothing written; or as the database tells.
pub async fn record(uow: &UnitOfWork, change: &Change, expected_version: u32, stamp: &Stamp) -> Result<(), StoreError> {
    let id = change.lead.id.uuid();
    let guard = Guard {
        table: "lead",
        columns: lead::changing_columns(),
        values: lead::changing_values(&change.lead)?,
        id,
        version: to_count(expected_version)?,
    };
    let before = &change.passage;
    let mut parts =
        vec![Part::update("passage", passage::changing_columns(), passage::changing_values(before)?, before.id.uuid())];
    parts.push(new_passages(&change.opened)?);
    parts.extend(passage_features::graded(change));
    parts.extend(traces(uow, change, stamp).await?);
    if guarded(uow, guard, parts).await? {
        return Ok(());
    }
    Err(StoreError::VersionConflict { current: current_version(uow, change.lead.id).await? })
}

async fn current_version(uow: &UnitOfWork, id: LeadId) -> Result<Option<u32>, StoreError> {
    let mut sql = Sql::new("SELECT version FROM lead WHERE id = ");
    sql.bind(id.uuid());
    let Some(row) = sql.one(uow).await? else { return Ok(None) };
    let version: i32 = Columns::of(&row).next()?;
    Ok(u32::try_from(version).ok())
}
