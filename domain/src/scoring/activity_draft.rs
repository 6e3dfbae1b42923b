//! Activities as they come in: from sites, mailing systems, telephone systems and partners.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use serde::Serialize;

use crate::campaign::Channel;
use crate::value::{Code, LongText, ShortText};
use crate::violation::{ValueError, ViolationCode, Violations};

use super::activity::{ActivityKind, ActivityRef, ContactOutcome};

/// How far a sender's clock may be ahead, in minutes.
pub const AHEAD_MINUTES_MAX: i64 = 5;
/// How old an activity may be, in days: five years, after which no half-life leaves anything of it.
pub const AGE_DAYS_MAX: i64 = 5 * 366;

/// An activity as it was typed, without whom it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ActivityDraft {
    /// What was done: a code of [`ActivityKind`].
    pub kind: String,
    /// By which way: a code of [`Channel`]; the campaign's when absent.
    pub channel: Option<String>,
    /// What came of it: a code of [`ContactOutcome`].
    pub outcome: Option<String>,
    /// What was written down of it.
    pub note: Option<String>,
    /// When; now when absent.
    pub occurred_at: Option<DateTime<Utc>>,
    /// The system in which it was recorded first.
    pub source: Option<String>,
    /// Its id there.
    pub external_id: Option<String>,
}

/// An activity that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityFields {
    /// What was done.
    pub kind: ActivityKind,
    /// By which way, when it was told.
    pub channel: Option<Channel>,
    /// What came of it.
    pub outcome: Option<ContactOutcome>,
    /// What was written down of it.
    pub note: Option<LongText>,
    /// When, to the microsecond.
    pub occurred_at: DateTime<Utc>,
    /// Where it was recorded first.
    pub reference: Option<ActivityRef>,
}

impl ActivityDraft {
    /// Reads what came in at a moment.
    ///
    /// # Errors
    /// All faults: an unknown kind or channel, a time too far ahead or too long ago, a source without an id or an id without a source.
    pub fn parse(&self, now: DateTime<Utc>) -> Result<ActivityFields, Violations> {
        let mut faults = Violations::new();
        let kind = faults.check_required("kind", Some(&self.kind), str::parse::<ActivityKind>);
        let channel = faults.check_optional("channel", self.channel.as_deref(), str::parse::<Channel>);
        let occurred_at = faults.check("occurredAt", happened(self.occurred_at.unwrap_or(now), now));
        let outcome = faults.check_optional("outcome", self.outcome.as_deref(), str::parse::<ContactOutcome>);
        let note = faults.check_optional("note", self.note.as_deref(), LongText::parse);
        if let Some(kind) = kind {
            check_kind(kind, outcome, note.as_ref(), &mut faults);
        }
        let reference = self.reference(&mut faults);
        match (kind, occurred_at) {
            (Some(kind), Some(occurred_at)) if faults.is_empty() => {
                Ok(ActivityFields { kind, channel, outcome, note, occurred_at, reference })
            }
            _ => Err(faults),
        }
    }

    fn reference(&self, faults: &mut Violations) -> Option<ActivityRef> {
        if self.source.is_none() && self.external_id.is_none() {
            return None;
        }
        let source = faults.check_required("source", self.source.as_deref(), Code::parse);
        let external_id = faults.check_required("externalId", self.external_id.as_deref(), ShortText::parse);
        Some(ActivityRef { source: source?, external_id: external_id? })
    }
}

/// Only tries to reach somebody have an outcome, and a note says something.
fn check_kind(kind: ActivityKind, outcome: Option<ContactOutcome>, note: Option<&LongText>, faults: &mut Violations) {
    if outcome.is_some() && !kind.has_outcome() {
        faults.add("outcome", ViolationCode::Conflict, format!("an activity of kind `{kind}` has no outcome"));
    }
    if kind == ActivityKind::Note && note.is_none() {
        faults.add("note", ViolationCode::Required, "a note says something");
    }
}

fn happened(at: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>, ValueError> {
    if at > now + TimeDelta::minutes(AHEAD_MINUTES_MAX) {
        let message = format!("lies more than {AHEAD_MINUTES_MAX} minutes in the future");
        return Err(ValueError::new(ViolationCode::OutOfRange, message));
    }
    if at < now - TimeDelta::days(AGE_DAYS_MAX) {
        return Err(ValueError::new(ViolationCode::OutOfRange, "lies more than five years in the past"));
    }
    Ok(at.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 123_456_789).unwrap()
    }

    fn draft() -> ActivityDraft {
        ActivityDraft { kind: "CLICK".to_owned(), channel: Some("EMAIL".to_owned()), ..ActivityDraft::default() }
    }

    fn faults(draft: &ActivityDraft) -> Vec<(String, ViolationCode)> {
        let faults = draft.parse(now()).unwrap_err();
        faults.iter().map(|fault| (fault.field.clone(), fault.code)).collect()
    }

    #[test]
    fn what_is_not_told_is_now_and_without_a_name() {
        let read = draft().parse(now()).unwrap();
        assert_eq!((read.kind, read.channel, read.reference), (ActivityKind::Click, Some(Channel::Email), None));
        assert_eq!(read.occurred_at.timestamp_subsec_nanos(), 123_456_000);
    }

    #[test]
    fn every_fault_names_its_field() {
        let wrong = ActivityDraft {
            kind: "WINK".to_owned(),
            channel: Some("PIGEON".to_owned()),
            occurred_at: Some(now() + TimeDelta::seconds(301)),
            source: Some("Not a key".to_owned()),
            ..ActivityDraft::default()
        };
        let expected = [
            ("kind", ViolationCode::UnknownValue),
            ("channel", ViolationCode::UnknownValue),
            ("occurredAt", ViolationCode::OutOfRange),
        ];
        let found = faults(&wrong);
        assert_eq!(found[..3], expected.map(|(field, code)| (field.to_owned(), code)));
        assert_eq!(found[3].0, "source");
        assert_eq!(found[4], ("externalId".to_owned(), ViolationCode::Required));
    }

    #[test]
    fn only_tries_have_an_outcome_and_a_note_says_something() {
        let of = |kind: &str, outcome: Option<&str>| ActivityDraft {
            kind: kind.to_owned(),
            outcome: outcome.map(ToOwned::to_owned),
            ..ActivityDraft::default()
        };
        assert_eq!(of("CALL", Some("REACHED")).parse(now()).unwrap().outcome, Some(ContactOutcome::Reached));
        assert_eq!(faults(&of("CALL", Some("LOUD"))), [("outcome".to_owned(), ViolationCode::UnknownValue)]);
        assert_eq!(faults(&of("CLICK", Some("REACHED"))), [("outcome".to_owned(), ViolationCode::Conflict)]);
        assert_eq!(faults(&of("NOTE", None)), [("note".to_owned(), ViolationCode::Required)]);
        let note = ActivityDraft { note: Some("asks for an offer".to_owned()), ..of("NOTE", None) };
        assert_eq!(note.parse(now()).unwrap().note.unwrap().as_str(), "asks for an offer");
    }

    #[test]
    fn times_have_bounds() {
        let at = |occurred_at| ActivityDraft { occurred_at: Some(occurred_at), ..draft() };
        assert!(at(now() + TimeDelta::minutes(5)).parse(now()).is_ok());
        assert!(at(now() - TimeDelta::days(AGE_DAYS_MAX)).parse(now()).is_ok());
        for wrong in [now() + TimeDelta::seconds(301), now() - TimeDelta::days(AGE_DAYS_MAX) - TimeDelta::seconds(1)] {
            assert_eq!(faults(&at(wrong)), [("occurredAt".to_owned(), ViolationCode::OutOfRange)]);
        }
    }
}
