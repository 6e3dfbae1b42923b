//! The merge itself.

use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::matching::duplicate::Settled;
use fairfall_domain::merging::refusal::foreign_fields;
use fairfall_domain::merging::{self, Merge, MergeRecord, MergeRefusal, MergeSide};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_domain::waterfall::event::EventKind;
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::journal::{self, NewEntry};
use fairfall_persistence::repo::duplicate;
use fairfall_persistence::repo::merge::{self as repo, Held, Impact};

use super::case::proven_of;
use super::score::recount;
use super::{MergeCase, MergeOrder, Merged, Pair, kind_of, look};
use crate::app::rules::Rules;
use crate::app::{App, AppError, Caller};
use crate::clock::new_id;

/// The choices must be of fields that such records have.
pub(super) fn check_choices<T: MergeCase>(order: &MergeOrder<T>) -> Result<(), Violations> {
    let mut faults = Violations::new();
    for field in foreign_fields(T::KIND, order.choices.keys().copied()) {
        faults.add("choices", ViolationCode::Conflict, format!("`{field}` is no field of such a record"));
    }
    faults.into_result()
}

/// Merges two records. The same again is done already.
///
/// # Errors
/// `NotFound`, `NotAllowed`, `Invalid` for choices that the kind of record does not have, `MergeRefused`.
#[tracing::instrument(name = "app.merge.merge", skip_all)]
pub async fn merge<T: MergeCase>(app: &App, caller: &Caller, order: MergeOrder<T>) -> Result<Merged<T>, AppError> {
    caller.must(Action::MergeRecord)?;
    check_choices(&order)?;
    let rules = app.rules().await?;
    app.store()
        .transact(move |uow| {
            let (app, caller, rules, order) = (app.clone(), caller.clone(), rules.clone(), order.clone());
            Box::pin(async move { merge_once(&caller, uow, &rules, &order, app.now()).await })
        })
        .await
}

async fn merge_once<T: MergeCase>(
    caller: &Caller,
    uow: &UnitOfWork,
    rules: &Rules,
    order: &MergeOrder<T>,
    now: DateTime<Utc>,
) -> Result<Merged<T>, AppError> {
    T::quieten(uow, [order.survivor, order.loser]).await?;
    let held = repo::hold::<T>(uow, [order.survivor, order.loser]).await?;
    // what may be done is asked of records that nobody else can change any more
    if let Pair::One(survivor, merge) = look(uow, caller, order).await? {
        let (moved, open_pairs) = (Impact::default(), Vec::new());
        return Ok(Merged { survivor: *survivor, merge: *merge, moved, open_pairs, already_done: true });
    }
    let survivor = held_at(&held, order.survivor, MergeSide::Survivor, order.survivor_version)?;
    let loser = held_at(&held, order.loser, MergeSide::Loser, order.loser_version)?;
    let done = merging::merge(survivor, loser, &order.choices, &proven_of(survivor, loser), now);
    let merge = Merge {
        id: new_id(),
        pair: T::pair(order.survivor, order.loser),
        survivor_version: done.survivor.version(),
        merged_at: now,
        actor: Some(caller.actor.user),
        undone: None,
        account: T::account(MergeRecord {
            before: survivor.clone(),
            loser: loser.clone(),
            after: done.survivor.clone(),
            fields: done.fields,
        }),
    };
    repo::insert(uow, &merge).await?;
    let open_pairs = repo::open_pairs::<T>(uow, order.survivor, order.loser).await?;
    let moved = repo::move_over::<T>(uow, merge.id, order.loser, order.survivor).await?;
    repo::write_merged(uow, (&done.survivor, survivor.version()), (&done.loser, loser.version())).await?;
    if let Some(pair) = T::double(order.survivor, order.loser) {
        let settled = Settled { by: Some(caller.actor.user), at: now };
        duplicate::merged(uow, pair, settled).await?;
    }
    recount::<T>(uow, rules, caller, &[order.survivor], now).await?;
    tell(uow, caller, &merge, (T::MERGED, done.survivor.version()), now).await?;
    Ok(Merged { survivor: done.survivor, merge, moved, open_pairs, already_done: false })
}

/// A held record at the version that the caller read.
fn held_at<T: MergeCase>(held: &[Held<T>], id: T::Id, side: MergeSide, expected: Option<u32>) -> Result<&T, AppError> {
    let record = held.iter().find(|held| held.record.id() == id).map(|held| &held.record);
    let record = record.ok_or_else(|| AppError::not_found(super::field(side)))?;
    match expected {
        Some(expected) if expected != record.version() => Err(MergeRefusal::Stale { side, current: record.version() }.into()),
        Some(_) | None => Ok(record),
    }
}

/// The journal's entry and the audit's row of a merge that was made or taken back: ids only.
pub(super) async fn tell(
    uow: &UnitOfWork,
    caller: &Caller,
    merge: &Merge,
    (kind, version): (EventKind, u32),
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let (survivor, loser) = (merge.pair.survivor(), merge.pair.loser());
    let ids = serde_json::json!({ "merge": merge.id, "survivor": survivor.to_string(), "loser": loser.to_string() });
    let entry = NewEntry {
        event: new_id(),
        occurred_at: now,
        kind,
        subject: survivor,
        subject_version: version,
        lead: None,
        actor: Some(caller.actor.user),
        payload: ids.clone(),
    };
    journal::append(uow, &[entry]).await?;
    let mut row = caller.audit_row(Action::MergeRecord, kind_of(survivor), survivor.uuid(), now);
    row.detail = Some(serde_json::json!({ "event": kind, "ids": ids }));
    Ok(fairfall_persistence::audit::append(uow, &row).await?)
}
