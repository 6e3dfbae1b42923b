//! Errors as the API shows them.
//!
//! What a caller can do something about is a [`UserError`] in the payload of a mutation. All else is an error of the request with a code in
//! its extensions; of faults of ours only the request id is told.

mod agreement;
mod code;
mod fault;
mod gate;
mod member;
mod rejection;
#[cfg(test)]
mod tests;

use async_graphql::Interface;

pub use agreement::{AgreementRefused, ReasonNotAgreed};
pub use code::ErrorCode;
pub use fault::{OrFault, bad_input, coded, fault};
pub(in crate::graphql) use fault::{shown, told};
pub use gate::GateUnmet;
pub use member::{
    AskedTooOften, BadCredentials, DuplicateLead, IdempotencyConflict, IdempotencyInProgress, InvalidInput, InvalidTransition,
    LeadClosed, MergeRefused, NoAgreement, NotAllowed, NotFound, NotTheTaker, OnHold, PlanChanged, ProviderFailed, ResumeInPast,
    SessionExpired, StageNotOnTrack, Taken, TakenByColleague, Throttled, TooLate, UnknownTaker, VersionConflict, WrongDepartment,
};
pub use rejection::user_error;

/// Why an act was not done: something that the caller can act upon. `code` tells the kind; each kind has a type of its own with the facts
/// that help.
#[derive(Clone, Debug, Interface)]
#[graphql(
    field(name = "message", ty = "&String", desc = "What went wrong, in words for people; without personal data."),
    field(name = "code", ty = "&ErrorCode", desc = "What went wrong, for programs."),
    field(
        name = "field",
        ty = "&Option<String>",
        desc = "The field of the input that it is about, parts of nested fields joined by dots; absent when it is about the act as a whole."
    )
)]
pub enum UserError {
    /// A field of the input is wrong.
    InvalidInput(InvalidInput),
    /// The act is not lawful in this state.
    InvalidTransition(InvalidTransition),
    /// The gate does not hold.
    GateUnmet(GateUnmet),
    /// No agreement is in force.
    NoAgreement(NoAgreement),
    /// It is another department's turn.
    WrongDepartment(WrongDepartment),
    /// The offer waits for somebody else.
    NotTheTaker(NotTheTaker),
    /// The person or team asked for cannot take it.
    UnknownTaker(UnknownTaker),
    /// The agreement does not know the reason.
    ReasonNotAgreed(ReasonNotAgreed),
    /// An agreement is not drafted, changed, proposed or signed.
    AgreementRefused(AgreementRefused),
    /// Too much time has passed.
    TooLate(TooLate),
    /// The date lies in the past.
    ResumeInPast(ResumeInPast),
    /// The stage is not on the track.
    StageNotOnTrack(StageNotOnTrack),
    /// A closed lead is not changed any more.
    LeadClosed(LeadClosed),
    /// The role does not cover it.
    NotAllowed(NotAllowed),
    /// It does not exist for the caller.
    NotFound(NotFound),
    /// Somebody else changed it.
    VersionConflict(VersionConflict),
    /// The plan would come out otherwise now.
    PlanChanged(PlanChanged),
    /// There is an open lead already.
    DuplicateLead(DuplicateLead),
    /// A unique key is taken.
    Taken(Taken),
    /// The idempotency key was used otherwise.
    IdempotencyConflict(IdempotencyConflict),
    /// The request is being worked on.
    IdempotencyInProgress(IdempotencyInProgress),
    /// A legal reason keeps the data.
    OnHold(OnHold),
    /// The data provider gave no answer.
    ProviderFailed(ProviderFailed),
    /// Two records are not merged, or a merge is not taken back.
    MergeRefused(MergeRefused),
    /// A colleague was first.
    TakenByColleague(TakenByColleague),
    /// Unknown address or wrong password.
    BadCredentials(BadCredentials),
    /// Too many failed tries.
    Throttled(Throttled),
    /// The person was asked for consent too often.
    AskedTooOften(AskedTooOften),
    /// The session has ended.
    SessionExpired(SessionExpired),
}
