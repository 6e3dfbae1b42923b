//! From what the use cases and the domain refuse to what the API shows.

use fairfall_domain::access::Action;
use fairfall_domain::merging::MergeRefusal;
use fairfall_domain::violation::Violation;
use fairfall_domain::waterfall::act::Act;
use fairfall_domain::waterfall::refusal::Refusal;

use super::{
    AskedTooOften, BadCredentials, DuplicateLead, ErrorCode, GateUnmet, IdempotencyConflict, IdempotencyInProgress, InvalidInput,
    InvalidTransition, LeadClosed, MergeRefused, NoAgreement, NotAllowed, NotFound, NotTheTaker, OnHold, PlanChanged,
    ProviderFailed, ReasonNotAgreed, ResumeInPast, SessionExpired, StageNotOnTrack, Taken, TakenByColleague, Throttled, TooLate,
    UnknownTaker, UserError, VersionConflict, WrongDepartment,
};
use crate::app::Rejection;
use crate::graphql::code::Coded;
use crate::graphql::object::gate::UnmetObject;
use crate::graphql::scalar::{Timestamp, id};

/// Makes a member; its code has the same name.
macro_rules! user_error {
    ($name:ident, $message:expr, $field:expr $(, $own:ident: $value:expr)* $(,)?) => {
        UserError::$name($name { message: $message.into(), code: ErrorCode::$name, field: $field, $($own: $value,)* })
    };
}

impl UserError {
    /// The caller's role does not allow an action.
    pub fn not_allowed(action: Action) -> Self {
        user_error!(NotAllowed, format!("your role does not allow `{action}` here"), None, action: action.into())
    }

    /// The code, for programs.
    pub fn error_code(&self) -> ErrorCode {
        self.parts().0
    }

    /// The message, for people.
    pub fn text(&self) -> &str {
        self.parts().1
    }

    /// The field it is about.
    pub fn field_name(&self) -> Option<&str> {
        self.parts().2
    }

    fn parts(&self) -> (ErrorCode, &str, Option<&str>) {
        macro_rules! parts_of {
            ($($name:ident)+) => {
                match self { $(Self::$name(error) => (error.code, &error.message, error.field.as_deref()),)+ }
            };
        }
        parts_of! {
            InvalidInput InvalidTransition GateUnmet NoAgreement WrongDepartment NotTheTaker UnknownTaker ReasonNotAgreed AgreementRefused TooLate ResumeInPast
            StageNotOnTrack LeadClosed NotAllowed NotFound VersionConflict PlanChanged DuplicateLead Taken IdempotencyConflict
            IdempotencyInProgress MergeRefused OnHold ProviderFailed TakenByColleague BadCredentials Throttled AskedTooOften SessionExpired
        }
    }
}

impl From<Violation> for UserError {
    fn from(Violation { field, code, message }: Violation) -> Self {
        user_error!(InvalidInput, message, Some(field), violation: code.into())
    }
}

impl From<Refusal> for UserError {
    fn from(refusal: Refusal) -> Self {
        let message = refusal.to_string();
        match refusal {
            Refusal::InvalidTransition { act, state, stage, lawful } => user_error!(
                InvalidTransition, message, None, act: act.into(), state: state.into(), stage: stage.into(), lawful: shown(lawful),
            ),
            Refusal::GateUnmet { act, stage, agreement, criteria } => user_error!(
                GateUnmet, message, None, act: act.into(), stage: stage.into(), set_by: agreement,
                criteria: criteria.into_iter().map(UnmetObject).collect(),
            ),
            Refusal::NoAgreement { act, giving, taking } => {
                user_error!(NoAgreement, message, None, act: act.into(), giving: giving.into(), taking: taking.into())
            }
            Refusal::Closed { stage, lawful } => {
                user_error!(LeadClosed, message, None, stage: stage.into(), lawful: shown(lawful))
            }
            Refusal::WrongDepartment { act, department } => {
                user_error!(WrongDepartment, message, None, act: act.into(), department: department.into())
            }
            Refusal::NotTheTaker { act } => user_error!(NotTheTaker, message, None, act: act.into()),
            Refusal::UnknownTaker { act, department } => {
                user_error!(UnknownTaker, message, None, act: act.into(), department: department.into())
            }
            Refusal::ReasonNotAgreed { act, reason, allowed, agreement } => user_error!(
                ReasonNotAgreed, message, Some("reason".to_owned()), act: act.into(), given: reason.into(),
                allowed: allowed.into_iter().map(Into::into).collect(), set_by: agreement,
            ),
            Refusal::TooLate { act, until } => user_error!(TooLate, message, None, act: act.into(), until: Timestamp(until)),
            Refusal::ResumeInPast { act } => {
                user_error!(ResumeInPast, message, Some("resumeAt".to_owned()), act: act.into())
            }
            Refusal::StageNotOnTrack { act, track, stage, alternatives } => user_error!(
                StageNotOnTrack, message, None, act: act.into(), track: track.to_string(), stage: stage.into(),
                alternatives: alternatives.into_iter().map(Into::into).collect(),
            ),
        }
    }
}

impl From<MergeRefusal> for UserError {
    fn from(refusal: MergeRefusal) -> Self {
        let mut error = MergeRefused {
            message: refusal.to_string(),
            code: ErrorCode::MergeRefused,
            field: None,
            reason: refusal.kind().into(),
            side: None,
            into: None,
            merge: None,
            current: None,
        };
        match refusal {
            MergeRefusal::SameRecord | MergeRefusal::Erased => {}
            MergeRefusal::MergedAway { side, into, merge } => {
                (error.side, error.into, error.merge) = (Some(side.into()), Some(id(into)), Some(id(merge)));
            }
            MergeRefusal::Stale { side, current } => (error.side, error.current) = (Some(side.into()), Some(current)),
            MergeRefusal::Blocked { by } => error.merge = Some(id(by)),
        }
        Self::MergeRefused(error)
    }
}

fn shown(acts: Vec<Act>) -> Vec<Coded<Act>> {
    acts.into_iter().map(Into::into).collect()
}

impl From<Rejection> for UserError {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::Invalid(violation) => violation.into(),
            Rejection::Refused(refusal) => refusal.into(),
            Rejection::NotAllowed { action } => Self::not_allowed(action),
            Rejection::NotFound { field } => {
                user_error!(NotFound, format!("`{field}` names nothing that you can see"), Some(field))
            }
            Rejection::VersionConflict { current } => {
                let message = "somebody else made a change since you read it";
                user_error!(VersionConflict, message, Some("expectedVersion".to_owned()), current: current)
            }
            Rejection::PlanChanged { digest } => {
                let message = "the plan would come out otherwise now";
                user_error!(PlanChanged, message, Some("expectedPlan".to_owned()), digest: digest)
            }
            Rejection::DuplicateLead { existing } => {
                let message = "the person has an open lead for this product area";
                user_error!(DuplicateLead, message, None, existing_id: existing)
            }
            Rejection::Taken { field } => user_error!(Taken, format!("`{field}` is taken"), Some(field)),
            Rejection::IdempotencyKeyReused => {
                user_error!(IdempotencyConflict, "the idempotency key was used for a different request", Some(idempotency_key()))
            }
            Rejection::IdempotencyInProgress { retry_after_s } => {
                let message = "a request with this idempotency key is being worked on";
                user_error!(IdempotencyInProgress, message, Some(idempotency_key()), retry_after_seconds: retry_after_s)
            }
            Rejection::MergeRefused(refusal) => refusal.into(),
            Rejection::AgreementRefused(refusal) => refusal.into(),
            Rejection::OnHold { since } => {
                user_error!(OnHold, "a legal reason keeps the data", Some("person".to_owned()), since: Timestamp(since))
            }
            Rejection::ProviderFailed(fault) => user_error!(ProviderFailed, fault.to_string(), None),
            Rejection::TakenByColleague => user_error!(TakenByColleague, "a colleague took the customer over first", None),
            Rejection::BadCredentials => user_error!(BadCredentials, "unknown address or wrong password", None),
            Rejection::Throttled { until } => user_error!(Throttled, "too many failed tries", None, until: Timestamp(until)),
            Rejection::AskedTooOften { until } => {
                let message = "the person was asked for consent several times within a day";
                user_error!(AskedTooOften, message, Some("person".to_owned()), until: Timestamp(until))
            }
            Rejection::SessionExpired => user_error!(SessionExpired, "the session has ended; sign in again", None),
        }
    }
}

/// The interface's member for an expected answer.
pub fn user_error(rejection: Rejection) -> UserError {
    rejection.into()
}

fn idempotency_key() -> String {
    "idempotencyKey".to_owned()
}
