//! Merges: two records made into one, and taken apart again.
//!
//! A record that was merged away keeps its row as it was, but for `merged_into`: the record that its id leads to, which always is one that lives.
//! Everything that refers to it is moved to the survivor and noted row by row, so that the same rows can be moved back.

pub(in crate::repo) mod asked;
mod interlaced;
mod list;
mod moving;
mod names;
mod roles;
mod subject;

use chrono::{DateTime, Utc};
use fairfall_domain::id::{MergeId, UserId};
use fairfall_domain::merging::{Merge, MergeAccount, MergeKind, MergePair, Undone};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_count, to_json};
use crate::readable::Readable;
use crate::repo::locks;
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;

pub use interlaced::restore_companies;
pub use list::{MergeFilter, MergeSight, find, page};
pub use moving::{Impact, OPEN_PAIRS_MAX, OpenPair, impact, move_back, move_over, note_restored, open_pairs};
pub use subject::{Held, MergeSubject, blocking, hold, living, moved_into, revive, write_merged};

/// Every column, in the order in which [`read`] takes them.
const READ: &str = "merge.id, merge.kind, merge.survivor_id, merge.loser_id, merge.survivor_version, merge.merged_at, merge.actor_id, \
    merge.undone_at, merge.undone_by, merge.snapshot";

fn read(row: &QueryResult) -> Result<Merge, StoreError> {
    let mut columns = Columns::of(row);
    let id = MergeId::from(columns.next::<Uuid>()?);
    let stored = Stored::new("merge", id);
    let kind: MergeKind = stored.text("kind", &columns.next::<String>()?)?;
    let (survivor, loser): (Uuid, Uuid) = (columns.next()?, columns.next()?);
    let survivor_version = stored.count("survivor_version", columns.next()?)?;
    let merged_at = columns.next()?;
    let actor = columns.next::<Option<Uuid>>()?.map(UserId::from);
    let (undone_at, undone_by): (Option<DateTime<Utc>>, Option<Uuid>) = (columns.next()?, columns.next()?);
    let snapshot: Option<String> = columns.next()?;
    let account = match (kind, snapshot) {
        (_, None) => MergeAccount::Erased,
        (MergeKind::Person, Some(json)) => MergeAccount::Persons(Box::new(stored.json("snapshot", &json)?)),
        (MergeKind::Company, Some(json)) => MergeAccount::Companies(Box::new(stored.json("snapshot", &json)?)),
    };
    let pair = match kind {
        MergeKind::Person => MergePair::Persons { survivor: survivor.into(), loser: loser.into() },
        MergeKind::Company => MergePair::Companies { survivor: survivor.into(), loser: loser.into() },
    };
    let undone = undone_at.map(|at| Undone { at, by: undone_by.map(UserId::from) });
    Ok(Merge { id, pair, survivor_version, merged_at, actor, undone, account })
}

/// Keeps a new merge.
///
/// # Errors
/// [`StoreError::Unique`] of `merge(loser_id)` when the record is merged away already; when the database fails.
pub async fn insert(uow: &UnitOfWork, merge: &Merge) -> Result<(), StoreError> {
    let (snapshot, given_up) = match &merge.account {
        MergeAccount::Persons(record) => (Some(to_json(record)?), subject::given_up(record)),
        MergeAccount::Companies(record) => (Some(to_json(record)?), subject::given_up(record)),
        MergeAccount::Erased => (None, None),
    };
    let mut sql = Sql::new(
        "INSERT INTO merge (id, kind, survivor_id, loser_id, survivor_version, merged_at, actor_id, given_up_key, snapshot) VALUES (",
    );
    sql.bind(merge.id.uuid()).push(", ").bind(merge.pair.kind().as_str()).push(", ").bind(merge.pair.survivor().uuid());
    sql.push(", ").bind(merge.pair.loser().uuid()).push(", ").bind(to_count(merge.survivor_version)?);
    sql.push(", ").bind(merge.merged_at).push(", ").bind(merge.actor.map(UserId::uuid));
    sql.push(", ").bind(given_up).push(", ").bind(snapshot).push(")");
    sql.run(uow).await.map(drop)
}

/// Notes that a merge was taken back.
///
/// # Errors
/// When the database fails.
pub async fn undo(uow: &UnitOfWork, id: MergeId, undone: &Undone) -> Result<(), StoreError> {
    let mut sql = Sql::new("UPDATE merge SET undone_at = ");
    sql.bind(undone.at).push(", undone_by = ").bind(undone.by.map(UserId::uuid)).push(" WHERE id = ").bind(id.uuid());
    sql.run(uow).await.map(drop)
}

/// Reads a merge that is about to be taken back, whoever may see it; on `PostgreSQL` others wait until the unit of work ends. Whether the caller
/// may see its survivor is for the caller to ask.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn load_for_command(uow: &UnitOfWork, id: MergeId) -> Result<Option<Merge>, StoreError> {
    let mut sql = Sql::new("SELECT ");
    sql.push(READ).push(" FROM merge WHERE merge.id = ").bind(id.uuid()).push(locks::for_update(uow));
    sql.one(uow).await?.as_ref().map(read).transpose()
}

/// The merge by which a record was merged away, if it is.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn of_loser<T: MergeSubject>(on: &impl Readable, loser: T::Id) -> Result<Option<Merge>, StoreError> {
    let mut sql = Sql::new("SELECT ");
    sql.push(READ).push(" FROM merge WHERE merge.undone_at IS NULL AND merge.loser_id = ").bind(T::uuid(loser));
    sql.one(on).await?.as_ref().map(read).transpose()
}
