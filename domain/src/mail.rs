//! Mails on their way: when a mail that could not be sent is tried again, and when it is given up.

use chrono::{DateTime, TimeDelta, Utc};

use crate::code::codes;

codes! {
    /// What a mail is for.
    pub enum MailKind {
        /// Asks for consent, with the link that gives it.
        ConsentRequest = "CONSENT_REQUEST",
        /// Tells a colleague of a promise that is about to lapse or has lapsed.
        SlaNotice = "SLA_NOTICE",
    }
}

codes! {
    /// What became of a mail.
    pub enum MailState {
        /// It waits to be sent, or to be tried again.
        Waiting = "WAITING",
        /// A mail server took it.
        Sent = "SENT",
        /// It was refused for good, or tried too often.
        Dead = "DEAD",
        /// What it tells of was over before it could be sent.
        Expired = "EXPIRED",
        /// It was not wanted any more before it was sent.
        Cancelled = "CANCELLED",
    }
}

codes! {
    /// Why a mail was not sent. Nothing of what the server said is kept: it repeats addresses.
    pub enum MailFault {
        /// The mail server could not be reached, or the connection broke.
        Unreachable = "UNREACHABLE",
        /// The mail server did not answer in time.
        TimedOut = "TIMED_OUT",
        /// The mail server asks to try again later (SMTP 4xx).
        Deferred = "DEFERRED",
        /// The mail server refuses it for good (SMTP 5xx).
        Refused = "REFUSED",
        /// The mail cannot be written.
        Malformed = "MALFORMED",
    }
}

/// Most times that a mail is tried.
pub const TRIES_MAX: u32 = 12;

/// The wait after the first try; each further one is twice as long.
const WAIT_MIN: TimeDelta = TimeDelta::minutes(1);

/// The longest wait between two tries (RFC 5321, 4.5.4.1 asks for tries over days; what is asked for here is over in 100 hours).
const WAIT_MAX: TimeDelta = TimeDelta::hours(6);

impl MailFault {
    /// Whether another try may help.
    pub const fn is_passing(self) -> bool {
        match self {
            Self::Unreachable | Self::TimedOut | Self::Deferred => true,
            Self::Refused | Self::Malformed => false,
        }
    }
}

/// When a mail that was tried `tries` times is tried again; never when absent: the fault is final, or it was tried often enough.
pub fn retry_at(tries: u32, fault: MailFault, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if !fault.is_passing() || tries >= TRIES_MAX {
        return None;
    }
    let doublings = tries.saturating_sub(1).min(16);
    let wait = WAIT_MIN.checked_mul(1 << doublings).unwrap_or(WAIT_MAX).min(WAIT_MAX);
    Some(now + wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_six_hours_and_end_after_twelve_tries() {
        let now = DateTime::UNIX_EPOCH;
        let wait = |tries| retry_at(tries, MailFault::Unreachable, now).map(|at| (at - now).num_minutes());
        let waits: Vec<_> = (1..=12).map(wait).collect();
        let minutes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360];
        assert_eq!(waits, minutes.into_iter().map(Some).chain([None]).collect::<Vec<_>>());
        assert_eq!(retry_at(u32::MAX, MailFault::Deferred, now), None);
    }

    #[test]
    fn what_was_refused_for_good_is_not_tried_again() {
        for fault in MailFault::ALL {
            let again = retry_at(1, *fault, DateTime::UNIX_EPOCH);
            assert_eq!(again.is_some(), fault.is_passing(), "{fault}");
        }
    }
}
