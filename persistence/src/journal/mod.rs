//! The journal: every event once, at a gapless position in the order in which it became visible.
//!
//! On SQLite there is one writer, so the transaction that writes an event also gives it its position. On `PostgreSQL` transactions commit in
//! another order than they write; rows are written without a position, and one leader stamps them after their commit.
//!
//! INVARIANT J1: positions are 1, 2, 3, ... without gaps.
//! INVARIANT J2: a reader that has seen position N never later finds a row at or below N that it had not seen.

mod leader;
mod read;
mod signal;

use chrono::{DateTime, Utc};
use fairfall_domain::id::{AnyId, EventId, LeadId, UserId};
use fairfall_domain::sla::escalate::ClockStep;
use fairfall_domain::waterfall::event::{EventKind, LeadEvent};
use fairfall_domain::waterfall::lead::Lead;
use sea_orm::Value;

use crate::error::StoreError;
use crate::mapper::lead::text;
use crate::mapper::stored::to_count;
use crate::sql::{Columns, Sql};
use crate::store::Backend;
use crate::unit_of_work::UnitOfWork;
use crate::write::{Part, bulk, together};

pub use leader::{JournalLeader, STAMPED_MAX, Stamped, stamp};
pub use read::{JournalEntry, head, oldest, prune, read_after};
pub use signal::{JournalSignal, listen};

/// The channel on which `PostgreSQL` tells that positions were given.
pub(crate) const CHANNEL: &str = "fairfall_journal";

/// An event to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// The event's id, by which receivers know it again.
    pub event: EventId,
    /// When it was recorded, UTC.
    pub occurred_at: DateTime<Utc>,
    /// What happened.
    pub kind: EventKind,
    /// To what.
    pub subject: AnyId,
    /// The version of the subject that it made.
    pub subject_version: u32,
    /// The lead it belongs to, by which access to it is decided.
    pub lead: Option<LeadId>,
    /// Who did it; nobody when it happened by itself.
    pub actor: Option<UserId>,
    /// Ids, codes and figures; never personal data.
    pub payload: serde_json::Value,
}

impl NewEntry {
    /// An event of a lead.
    ///
    /// # Errors
    /// Only if the event cannot be written as JSON.
    pub fn of_lead(
        lead: &Lead,
        event: &LeadEvent,
        id: EventId,
        actor: Option<UserId>,
        at: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            event: id,
            occurred_at: at,
            kind: event.kind(),
            subject: AnyId::Lead(lead.id),
            subject_version: lead.version,
            lead: Some(lead.id),
            actor,
            payload: serde_json::to_value(event).map_err(|_| StoreError::unstorable("payload"))?,
        })
    }

    /// Something that happened to a clock of a lead at a version.
    ///
    /// # Errors
    /// Only if it cannot be written as JSON.
    pub fn of_clock(
        (lead, version): (LeadId, u32),
        step: &ClockStep,
        id: EventId,
        actor: Option<UserId>,
        at: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            event: id,
            occurred_at: at,
            kind: step.event,
            subject: AnyId::Lead(lead),
            subject_version: version,
            lead: Some(lead),
            actor,
            payload: serde_json::to_value(&step.moment).map_err(|_| StoreError::unstorable("payload"))?,
        })
    }
}

const COLUMNS: &[&str] = &[
    "event_id",
    "occurred_at",
    "kind",
    "subject_kind",
    "subject_id",
    "subject_version",
    "lead_id",
    "actor_id",
    "payload",
    "position",
];

fn values(entry: &NewEntry) -> Result<Vec<Value>, StoreError> {
    Ok(vec![
        entry.event.uuid().into(),
        entry.occurred_at.into(),
        text(&entry.kind),
        entry.subject.prefix().into(),
        entry.subject.uuid().into(),
        to_count(entry.subject_version)?.into(),
        entry.lead.map(LeadId::uuid).into(),
        entry.actor.map(UserId::uuid).into(),
        entry.payload.to_string().into(),
    ])
}

/// The rows of events, to be written with what they tell of.
pub(crate) async fn part(uow: &UnitOfWork, entries: &[NewEntry]) -> Result<Part, StoreError> {
    if !entries.is_empty() {
        uow.note_journal();
    }
    let mut next = match uow.backend() {
        Backend::Postgres => None,
        Backend::Sqlite if entries.is_empty() => None,
        Backend::Sqlite => Some(next_position(uow).await?),
    };
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        let mut row = values(entry)?;
        row.push(next.into());
        next = next.map(|position| position + 1);
        rows.push(row);
    }
    Ok(Part::insert("journal", COLUMNS, rows))
}

/// Only this transaction writes, so the position after the last is free until it commits.
async fn next_position(uow: &UnitOfWork) -> Result<i64, StoreError> {
    let row = Sql::new("SELECT coalesce(max(position), 0) + 1 FROM journal").one(uow).await?;
    row.map_or(Ok(1), |row| Columns::of(&row).next())
}

/// Keeps events that are not written with a lead's change.
///
/// # Errors
/// As the database tells.
pub async fn append(uow: &UnitOfWork, entries: &[NewEntry]) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    let part = part(uow, entries).await?;
    together(uow, vec![part]).await
}

/// Keeps many events that are not written with a lead's change, in few statements whose texts are few as well.
///
/// # Errors
/// As the database tells.
pub async fn append_many(uow: &UnitOfWork, entries: &[NewEntry]) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    let part = part(uow, entries).await?;
    bulk(uow, part).await
}
