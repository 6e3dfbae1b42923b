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
        /// It was refused for good, or could not be written.
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
        /// The mail server refuses us and not this mail: the sign-in, the session, or everything (SMTP 5xx other than the next).
        Unwilling = "UNWILLING",
        /// The mail server refuses this mail: its recipient, its size, or its sender (SMTP 550 to 553).
        Refused = "REFUSED",
        /// The mail cannot be written.
        Malformed = "MALFORMED",
    }
}

/// Refusals after which a mail is given up. One alone may be about the sender, whom a server also refuses with the codes that it has for recipients.
pub const REFUSALS_MAX: u32 = 3;

/// The wait after the first try; each further one is twice as long.
const WAIT_MIN: TimeDelta = TimeDelta::minutes(1);

/// The longest wait between two tries (RFC 5321, 4.5.4.1 asks for tries over days), and the wait after a refusal.
const WAIT_MAX: TimeDelta = TimeDelta::hours(6);

/// When a mail that was tried `tries` times is tried again; never when absent: the fault is final.
///
/// A passing fault is never final: the mail is tried until its own time is over, however long the mail server is away. A refusal is final with the
/// third try, and only when the try before ended with a refusal too (`before`): tries that met no server say nothing about the mail.
pub fn retry_at(tries: u32, before: Option<MailFault>, fault: MailFault, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match fault {
        MailFault::Unreachable | MailFault::TimedOut | MailFault::Deferred | MailFault::Unwilling => Some(now + wait(tries)),
        MailFault::Refused if tries >= REFUSALS_MAX && before == Some(MailFault::Refused) => None,
        MailFault::Refused => Some(now + WAIT_MAX),
        MailFault::Malformed => None,
    }
}

fn wait(tries: u32) -> TimeDelta {
    let doublings = tries.saturating_sub(1).min(16);
    WAIT_MIN.checked_mul(1 << doublings).unwrap_or(WAIT_MAX).min(WAIT_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSING: [MailFault; 4] = [MailFault::Unreachable, MailFault::TimedOut, MailFault::Deferred, MailFault::Unwilling];

    /// How many minutes later a mail is tried again.
    fn waits(tries: u32, before: Option<MailFault>, fault: MailFault) -> Option<i64> {
        let now = DateTime::UNIX_EPOCH;
        retry_at(tries, before, fault, now).map(|at| (at - now).num_minutes())
    }

    #[test]
    fn waits_double_up_to_six_hours_and_never_end_while_the_fault_may_pass() {
        for fault in PASSING {
            let found: Vec<_> = (1..=13).map(|tries| waits(tries, Some(fault), fault)).collect();
            let minutes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360, 360];
            assert_eq!(found, minutes.map(Some), "{fault}");
            assert_eq!(waits(u32::MAX, Some(fault), fault), Some(360), "{fault}");
        }
    }

    #[test]
    fn a_refusal_is_final_the_third_time_and_hours_lie_between() {
        let refused = Some(MailFault::Refused);
        let found = [(1, None), (2, refused), (3, refused), (4, refused)];
        assert_eq!(found.map(|(tries, before)| waits(tries, before, MailFault::Refused)), [Some(360), Some(360), None, None]);
    }

    #[test]
    fn tries_that_met_no_server_do_not_count_against_a_mail() {
        for before in PASSING {
            assert_eq!(waits(40, Some(before), MailFault::Refused), Some(360), "{before}");
        }
    }

    #[test]
    fn what_cannot_be_written_is_not_tried_again() {
        assert_eq!(waits(1, None, MailFault::Malformed), None);
    }
}
