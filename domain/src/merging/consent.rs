//! Consent of two records that were one person all along.
//!
//! Nobody can tell which of the two records has it right, so what was not clearly allowed on both sides is not allowed: the most restrictive
//! of both counts (data protection by default, Art. 25 (2) and the burden of proof of Art. 7 (1) GDPR).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::consent::{ConsentState, ConsentStatus, ContactChannel, Purpose};

/// How much is allowed: withdrawn < unknown < granted.
pub const fn width(status: ConsentStatus) -> u8 {
    match status {
        ConsentStatus::Withdrawn => 0,
        ConsentStatus::Unknown => 1,
        ConsentStatus::Granted => 2,
    }
}

/// The more restrictive of two; GRANTED only when both are.
pub const fn most_restrictive(one: ConsentStatus, other: ConsentStatus) -> ConsentStatus {
    if width(one) <= width(other) { one } else { other }
}

type Key = (Purpose, ContactChannel);
type ByKey = BTreeMap<Key, ConsentState>;

fn by_key(states: &[ConsentState]) -> ByKey {
    states.iter().map(|state| ((state.purpose, state.channel), *state)).collect()
}

fn status(state: Option<&ConsentState>) -> ConsentStatus {
    state.map_or(ConsentStatus::Unknown, |state| state.status)
}

/// The consents of the survivor of a merge: its own order first, then what only the other side had.
///
/// Whose word decides is taken over as it stands; a permission that the other side does not share becomes unknown as of `now`. Where both allow,
/// it ends with the first end, is unconfirmed if either is, and rests on the basis that carries less.
pub fn merged(survivor: &[ConsentState], loser: &[ConsentState], now: DateTime<Utc>) -> Vec<ConsentState> {
    let (own, other) = (by_key(survivor), by_key(loser));
    let keys = survivor.iter().chain(loser.iter().filter(|state| !own.contains_key(&(state.purpose, state.channel))));
    keys.filter_map(|state| {
        let key = (state.purpose, state.channel);
        strictest(own.get(&key), other.get(&key), now)
    })
    .collect()
}

fn strictest(own: Option<&ConsentState>, other: Option<&ConsentState>, now: DateTime<Utc>) -> Option<ConsentState> {
    let strict = most_restrictive(status(own), status(other));
    let saying = |state: &&ConsentState| state.status == strict;
    match (own.filter(saying), other.filter(saying)) {
        (Some(own), Some(other)) => Some(both_say(own, other)),
        (Some(said), None) | (None, Some(said)) => Some(*said),
        // one side was never asked: what the other one allowed is not allowed any more
        (None, None) => own.map(|own| ConsentState::said(own.purpose, own.channel, strict, now)),
    }
}

/// Two states with the same status, as one that allows no more than either.
fn both_say(own: &ConsentState, other: &ConsentState) -> ConsentState {
    let carries = |state: &ConsentState| state.rests_on().is_none_or(|basis| basis.carries(state.purpose, state.channel));
    let ends = [own.expires_at, other.expires_at].into_iter().flatten().min();
    ConsentState {
        recorded_at: own.recorded_at.max(other.recorded_at),
        basis: if carries(other) { own.basis } else { other.basis },
        expires_at: ends,
        pending_until: own.pending_until.max(other.pending_until),
        unconfirmed: own.unconfirmed || other.unconfirmed,
        ..*own
    }
}

/// The consents of both sides when a merge is taken back: what still stands as the merge left it becomes what it was; what was said since
/// stays with the survivor, and a withdrawal reaches both, for nobody can tell whose it was.
pub fn parted(
    before: &[ConsentState],
    after: &[ConsentState],
    current: &[ConsentState],
    loser: &[ConsentState],
) -> (Vec<ConsentState>, Vec<ConsentState>) {
    let (merged, now) = (by_key(after), by_key(current));
    let said_since = |key: &Key| now.get(key).filter(|state| merged.get(key) != Some(*state)).copied();
    let since: Vec<ConsentState> = current.iter().filter_map(|state| said_since(&(state.purpose, state.channel))).collect();
    let withdrawn: Vec<ConsentState> = since.iter().filter(|state| state.status == ConsentStatus::Withdrawn).copied().collect();
    (overlaid(before, &since), overlaid(loser, &withdrawn))
}

/// The states with newer ones in their place, in the order of the former.
fn overlaid(states: &[ConsentState], newer: &[ConsentState]) -> Vec<ConsentState> {
    let (known, fresh) = (by_key(states), by_key(newer));
    let kept = states.iter().map(|state| fresh.get(&(state.purpose, state.channel)).copied().unwrap_or(*state));
    let added = newer.iter().filter(|state| !known.contains_key(&(state.purpose, state.channel))).copied();
    kept.chain(added).collect()
}
