//! What a merge would make of two records. Nothing is written.

use fairfall_domain::access::Action;
use fairfall_domain::merging::{self, Provenance};
use fairfall_persistence::repo::merge::{self as repo, Impact, OpenPair};

use super::case::proven_of;
use super::{MergeCase, MergeOrder, Pair, look};
use crate::app::merge::record::check_choices;
use crate::app::{App, AppError, Caller};

/// What a merge would make of two records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview<T> {
    /// The survivor as it would be.
    pub survivor: T,
    /// The survivor as it is.
    pub before: T,
    /// The record that would be merged away.
    pub loser: T,
    /// Which side would win each field.
    pub fields: Vec<Provenance>,
    /// What would move to the survivor.
    pub moves: Impact,
    /// Leads that would be open side by side for the same product area. The merge keeps both.
    pub open_pairs: Vec<OpenPair>,
}

/// What a merge would make of two records; nothing when they are one already.
///
/// # Errors
/// `NotFound`, `NotAllowed`, `Invalid` for choices that the kind of record does not have, `MergeRefused`.
#[tracing::instrument(name = "app.merge.preview", skip_all)]
pub async fn preview<T: MergeCase>(app: &App, caller: &Caller, order: &MergeOrder<T>) -> Result<Option<Preview<T>>, AppError> {
    caller.must(Action::MergeRecord)?;
    check_choices(order)?;
    let reader = app.reader();
    let Pair::Two(before, loser) = look(&reader, caller, order).await? else { return Ok(None) };
    let merged = merging::merge(&*before, &*loser, &order.choices, &proven_of(&*before, &*loser), app.now());
    Ok(Some(Preview {
        survivor: merged.survivor,
        fields: merged.fields,
        moves: repo::impact::<T>(&reader, order.loser).await?,
        open_pairs: repo::open_pairs::<T>(&reader, order.survivor, order.loser).await?,
        before: *before,
        loser: *loser,
    }))
}
