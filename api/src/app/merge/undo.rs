//! Taking a merge back.

use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::id::MergeId;
use fairfall_domain::matching::duplicate::Settled;
use fairfall_domain::merging::{self, Merge, MergeAccount, MergeRefusal, Undone};
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo::duplicate;
use fairfall_persistence::repo::merge::{self as repo, Impact};

use super::record::tell;
use super::score::recount;
use super::{MergeCase, Sight, Unmerged};
use crate::app::rules::Rules;
use crate::app::{App, AppError, Caller, Rejection};

/// Takes a merge back: what still is as the merge left it becomes what it was. The same again is done already.
///
/// # Errors
/// `NotFound`, `NotAllowed`, `MergeRefused` when a later merge must be taken back first or the data was erased.
#[tracing::instrument(name = "app.merge.unmerge", skip_all)]
pub async fn unmerge<T: MergeCase>(app: &App, caller: &Caller, id: MergeId) -> Result<Unmerged<T>, AppError> {
    caller.must(Action::MergeRecord)?;
    let rules = app.rules().await?;
    app.store()
        .transact(move |uow| {
            let (app, caller, rules) = (app.clone(), caller.clone(), rules.clone());
            Box::pin(async move { unmerge_once::<T>(&caller, uow, &rules, id, app.now()).await })
        })
        .await
}

async fn unmerge_once<T: MergeCase>(
    caller: &Caller,
    uow: &UnitOfWork,
    rules: &Rules,
    id: MergeId,
    now: DateTime<Utc>,
) -> Result<Unmerged<T>, AppError> {
    let missing = || AppError::not_found("merge");
    repo::find(uow, Sight::of(caller).as_ref(), id).await?.ok_or_else(missing)?;
    let merge = repo::load_for_command(uow, id).await?.ok_or_else(missing)?;
    let (survivor_id, loser_id) = T::ids_of(&merge.pair).ok_or_else(missing)?;
    if merge.undone.is_some() {
        return seen::<T>(caller, uow, merge, Impact::default(), Done::Before).await;
    }
    if let Some(by) = repo::blocking(uow, &merge).await? {
        return Err(MergeRefusal::Blocked { by }.into());
    }
    may_change::<T>(caller, uow, survivor_id).await?;
    let kept = T::record_of(&merge.account).ok_or_else(|| match merge.account {
        MergeAccount::Erased => AppError::from(MergeRefusal::Erased),
        MergeAccount::Persons(_) | MergeAccount::Companies(_) => missing(),
    })?;
    T::quieten(uow, [survivor_id, loser_id]).await?;
    let held = repo::hold::<T>(uow, [survivor_id, loser_id]).await?;
    let of = |id| held.iter().find(|held| held.record.id() == id).map(|held| &held.record);
    let (Some(current), Some(gone)) = (of(survivor_id), of(loser_id)) else { return Err(MergeRefusal::Erased.into()) };
    let fresh = T::refreshed(uow, kept.clone()).await?;
    let parted = merging::unmerge(&fresh, current, gone, now);
    T::settle(uow, &merge, current, (&kept, &fresh)).await?;
    let moved = repo::move_back::<T>(uow, id, survivor_id, loser_id).await?;
    repo::revive(uow, (&parted.survivor, current.version()), (&parted.loser, gone.version())).await?;
    let undone = Undone { at: now, by: Some(caller.actor.user) };
    repo::undo(uow, id, &undone).await?;
    repo::restore_companies(uow, &merge).await?;
    if let Some(pair) = T::double(survivor_id, loser_id) {
        duplicate::unmerged(uow, pair, Settled { by: Some(caller.actor.user), at: now }).await?;
    }
    recount::<T>(uow, rules, caller, &[survivor_id, loser_id], now).await?;
    let merge = Merge { undone: Some(undone), ..merge };
    tell(uow, caller, &merge, (T::UNMERGED, parted.survivor.version()), now).await?;
    seen::<T>(caller, uow, merge, moved, Done::Now).await
}

/// The caller must be able to change the record that the merge made.
async fn may_change<T: MergeCase>(caller: &Caller, uow: &UnitOfWork, survivor: T::Id) -> Result<(), AppError> {
    for action in [T::UPDATE, Action::MergeRecord] {
        let grant = caller.must(action)?;
        if T::find(uow, &grant, &[survivor]).await?.is_empty() {
            return Err(Rejection::NotAllowed { action }.into());
        }
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Done {
    Now,
    Before,
}

/// Both records, as far as the caller may see them now.
async fn seen<T: MergeCase>(
    caller: &Caller,
    uow: &UnitOfWork,
    merge: Merge,
    moved: Impact,
    done: Done,
) -> Result<Unmerged<T>, AppError> {
    let (mut survivor, mut loser) = (None, None);
    if let (Some(view), Some((survivor_id, loser_id))) = (caller.may(T::VIEW), T::ids_of(&merge.pair)) {
        for record in T::find(uow, &view, &[survivor_id, loser_id]).await? {
            let place = if record.id() == survivor_id { &mut survivor } else { &mut loser };
            *place = Some(record);
        }
    }
    Ok(Unmerged { survivor, loser, merge, moved, already_done: done == Done::Before })
}
