//! Reading the journal by position, and forgetting what is too old to be replayed.

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::id::{AnyId, EventId, LeadId, UserId};
use fairfall_domain::waterfall::event::EventKind;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::stored::Stored;
use crate::readable::Readable;
use crate::sql::{Columns, Sql};
use crate::store::Store;

/// Rows that one transaction forgets, at most: others are not kept waiting.
const PRUNED_MAX: u64 = 5_000;

/// An event of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalEntry {
    /// Its position, from 1, without gaps.
    pub position: u64,
    /// Its id, by which receivers know it again.
    pub event: EventId,
    /// When it was recorded, UTC.
    pub occurred_at: DateTime<Utc>,
    /// What happened.
    pub kind: EventKind,
    /// To what.
    pub subject: AnyId,
    /// The version of the subject that it made.
    pub subject_version: u32,
    /// The lead it belongs to.
    pub lead: Option<LeadId>,
    /// Who did it; nobody when it happened by itself.
    pub actor: Option<UserId>,
    /// Ids, codes and figures.
    pub payload: serde_json::Value,
}

/// The events after `position`, in order, at most `limit`.
///
/// # Errors
/// As the database tells, or [`StoreError::Corrupt`].
pub async fn read_after(on: &impl Readable, position: u64, limit: u32) -> Result<Vec<JournalEntry>, StoreError> {
    let mut sql = Sql::new(
        "SELECT position, event_id, occurred_at, kind, subject_kind, subject_id, subject_version, lead_id, actor_id, payload \
         FROM journal WHERE position > ",
    );
    sql.bind(i64::try_from(position).unwrap_or(i64::MAX)).push(" ORDER BY position LIMIT ").push(&limit.to_string());
    sql.all(on).await?.iter().map(|row| read(&mut Columns::of(row))).collect()
}

fn read(row: &mut Columns<'_>) -> Result<JournalEntry, StoreError> {
    let position: i64 = row.next()?;
    let stored = Stored::new("journal", position);
    Ok(JournalEntry {
        position: u64::try_from(position).map_err(|_| stored.corrupt("position"))?,
        event: EventId::from(row.next::<Uuid>()?),
        occurred_at: row.next()?,
        kind: stored.text("kind", &row.next::<String>()?)?,
        subject: {
            let kind: String = row.next()?;
            AnyId::of(&kind, row.next()?).ok_or_else(|| stored.corrupt("subject_kind"))?
        },
        subject_version: stored.count("subject_version", row.next()?)?,
        lead: row.next::<Option<Uuid>>()?.map(LeadId::from),
        actor: row.next::<Option<Uuid>>()?.map(UserId::from),
        payload: stored.json("payload", &row.next::<String>()?)?,
    })
}

/// The last position given; 0 before the first.
///
/// # Errors
/// As the database tells.
pub async fn head(on: &impl Readable) -> Result<u64, StoreError> {
    position(on, Sql::new("SELECT max(position) FROM journal")).await.map(|found| found.unwrap_or(0))
}

/// The oldest position that can still be read; nothing while the journal is empty. Who has seen less than the one before it has missed events.
///
/// # Errors
/// As the database tells.
pub async fn oldest(on: &impl Readable) -> Result<Option<u64>, StoreError> {
    position(on, Sql::new("SELECT min(position) FROM journal")).await
}

async fn position(on: &impl Readable, sql: Sql) -> Result<Option<u64>, StoreError> {
    let Some(row) = sql.one(on).await? else { return Ok(None) };
    let found: Option<i64> = Columns::of(&row).next()?;
    found.map(|position| u64::try_from(position).map_err(|_| Stored::new("journal", position).corrupt("position"))).transpose()
}

/// Forgets events recorded more than `retention` before `now`, from the front and never the last one: positions go on from it. Tells how many.
///
/// # Errors
/// As the database tells; what was forgotten before stays forgotten.
pub async fn prune(store: &Store, now: DateTime<Utc>, retention: TimeDelta) -> Result<u64, StoreError> {
    let mut sql = Sql::new("SELECT position FROM journal WHERE position IS NOT NULL AND occurred_at >= ");
    sql.bind(now - retention).push(" ORDER BY position LIMIT 1");
    let kept_from = match position(&store.reader(), sql).await? {
        Some(kept) => kept,
        None => head(&store.reader()).await?,
    };
    let before = i64::try_from(kept_from).unwrap_or(i64::MAX);
    let mut forgotten = 0;
    loop {
        let uow = store.begin().await?;
        let mut sql = Sql::new("DELETE FROM journal WHERE position IN (SELECT position FROM journal WHERE position < ");
        sql.bind(before).push(" ORDER BY position LIMIT ").push(&PRUNED_MAX.to_string()).push(")");
        let now_forgotten = sql.run(&uow).await?;
        uow.commit().await?;
        forgotten += now_forgotten;
        if now_forgotten < PRUNED_MAX {
            return Ok(forgotten);
        }
    }
}
