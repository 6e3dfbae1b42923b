//! The gate: whether somebody may be contacted now. Everything that contacts people, or lets others do so, asks here.

use chrono::{DateTime, Utc};

use super::{ConsentState, ConsentStatus, ContactChannel, LegalBasis, Purpose};
use crate::code::codes;

codes! {
    /// Why somebody may not be contacted.
    pub enum DenyReason {
        /// Nobody ever said anything about it.
        NeverAsked = "NEVER_ASKED",
        /// The person was asked, and the link waits to be followed.
        ConfirmationPending = "CONFIRMATION_PENDING",
        /// The person was asked, and did not follow the link in time.
        ConfirmationExpired = "CONFIRMATION_EXPIRED",
        /// It was given by an electronic form, and nobody proved that the address is that person's.
        Unconfirmed = "UNCONFIRMED",
        /// It was given, and has lapsed.
        Expired = "EXPIRED",
        /// What it rests on does not carry this purpose and channel.
        NotCarried = "NOT_CARRIED",
        /// It was taken back, or the person objected. No basis helps.
        Withdrawn = "WITHDRAWN",
    }
}

/// Whether somebody may be contacted for a purpose over a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Yes.
    Allowed {
        /// What it rests on.
        basis: LegalBasis,
        /// Since when.
        since: DateTime<Utc>,
        /// Until when; without end when absent.
        until: Option<DateTime<Utc>>,
    },
    /// No.
    Denied {
        /// Why.
        reason: DenyReason,
    },
}

impl Permission {
    /// Whether it is a yes.
    pub const fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed { .. })
    }
}

/// Whether somebody with these states may be contacted for a purpose over a channel at `now`.
///
/// INVARIANT: denied unless a word allows it: no state, a request that waits for its confirmation or was never confirmed, and a word that has
/// lapsed are all denials. A withdrawal denies whatever other basis is at hand (Art. 7(3), Art. 21(3) GDPR).
pub fn may_contact(states: &[ConsentState], purpose: Purpose, channel: ContactChannel, now: DateTime<Utc>) -> Permission {
    let mut about = states.iter().filter(|state| state.is_about(purpose, channel)).map(|state| read(state, now));
    let Some(first) = about.next() else { return Permission::Denied { reason: DenyReason::NeverAsked } };
    // there is one state for each purpose and channel; should there ever be two, the stricter one counts
    about.fold(first, |strictest, other| if severity(&other) > severity(&strictest) { other } else { strictest })
}

fn severity(permission: &Permission) -> Option<DenyReason> {
    match permission {
        Permission::Allowed { .. } => None,
        Permission::Denied { reason } => Some(*reason),
    }
}

fn read(state: &ConsentState, now: DateTime<Utc>) -> Permission {
    let denied = |reason| Permission::Denied { reason };
    let waits = state.pending_until.is_some_and(|until| now < until);
    match (state.status, state.rests_on()) {
        (ConsentStatus::Withdrawn, _) => denied(DenyReason::Withdrawn),
        (ConsentStatus::Unknown, _) | (ConsentStatus::Granted, None) => denied(match state.pending_until {
            None => DenyReason::NeverAsked,
            Some(_) if waits => DenyReason::ConfirmationPending,
            Some(_) => DenyReason::ConfirmationExpired,
        }),
        (ConsentStatus::Granted, Some(basis)) => {
            if !basis.carries(state.purpose, state.channel) {
                denied(DenyReason::NotCarried)
            } else if state.expires_at.is_some_and(|end| end <= now) {
                denied(DenyReason::Expired)
            } else if state.unconfirmed {
                denied(if waits { DenyReason::ConfirmationPending } else { DenyReason::Unconfirmed })
            } else {
                Permission::Allowed { basis, since: state.recorded_at, until: state.expires_at }
            }
        }
    }
}
