//! Survivorship: which side wins a field.
//!
//! In this order: what the caller chose; the side's value that was proven; the one that says more; the one of the record that changed last; else
//! the survivor's. These are the usual rules of master data management (source of trust, completeness, recency), each named in the record.

use serde::{Deserialize, Serialize};

use crate::code::codes;

use super::{MergeField, MergeSide, Mergeable, Proven};

codes! {
    /// Why a side won a field.
    pub enum MergeRule {
        /// The caller chose it.
        Chosen = "CHOSEN",
        /// Both mean the same.
        Same = "SAME",
        /// It goes with the company that won, at which it was held.
        WithCompany = "WITH_COMPANY",
        /// Its value was proven, the other's was not.
        Proven = "PROVEN",
        /// It says more.
        Fuller = "FULLER",
        /// Its record changed last.
        Newer = "NEWER",
        /// Nothing speaks for the other side, so the survivor keeps its own.
        Kept = "KEPT",
    }
}

/// How one field of the survivor came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The field.
    pub field: MergeField,
    /// The side whose value the survivor has.
    pub from: MergeSide,
    /// Why.
    pub rule: MergeRule,
    /// The value that the survivor has.
    pub kept: Option<String>,
    /// The other side's value, if it has another one.
    pub given_up: Option<String>,
}

/// What speaks for a side besides the values.
pub(super) struct Hints<'a> {
    pub(super) choice: Option<MergeSide>,
    pub(super) led: Option<MergeSide>,
    pub(super) proven: &'a Proven,
}

/// The side that wins a field, and why.
pub(super) fn decide<T: Mergeable>(survivor: &T, loser: &T, field: MergeField, hints: &Hints<'_>) -> (MergeSide, MergeRule) {
    use MergeSide::{Loser, Survivor};
    if let Some(side) = hints.choice {
        return (side, MergeRule::Chosen);
    }
    if survivor.agrees(loser, field) {
        return (Survivor, MergeRule::Same);
    }
    if let Some(side) = hints.led {
        return (side, MergeRule::WithCompany);
    }
    let (has, other_has) = (survivor.fullness(field), loser.fullness(field));
    if has > 0 && other_has > 0 {
        match (hints.proven.of(Survivor, field), hints.proven.of(Loser, field)) {
            (true, false) => return (Survivor, MergeRule::Proven),
            (false, true) => return (Loser, MergeRule::Proven),
            (true, true) | (false, false) => {}
        }
    }
    match has.cmp(&other_has) {
        std::cmp::Ordering::Greater => (Survivor, MergeRule::Fuller),
        std::cmp::Ordering::Less => (Loser, MergeRule::Fuller),
        std::cmp::Ordering::Equal => match survivor.changed_at().cmp(&loser.changed_at()) {
            std::cmp::Ordering::Greater => (Survivor, MergeRule::Newer),
            std::cmp::Ordering::Less => (Loser, MergeRule::Newer),
            std::cmp::Ordering::Equal => (Survivor, MergeRule::Kept),
        },
    }
}
