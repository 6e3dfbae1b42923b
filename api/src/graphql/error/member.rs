//! The members of `UserError`.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use fairfall_domain::access::Action;
use fairfall_domain::department::Department;
use fairfall_domain::id::LeadId;
use fairfall_domain::merging::MergeSide;
use fairfall_domain::merging::refusal::MergeRefusalKind;
use fairfall_domain::violation::ViolationCode;
use fairfall_domain::waterfall::act::Act;
use fairfall_domain::waterfall::stage::{OpenStage, Stage};
use fairfall_domain::waterfall::state::StateKind;

use super::ErrorCode;
use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::object::lead::LeadObject;
use crate::graphql::scalar::Timestamp;

/// Declares members of the interface: the three common fields and their own.
macro_rules! members {
    ($( $(#[$doc:meta])* $name:ident { $( $(#[$field_doc:meta])* $field:ident: $kind:ty, )* } )+) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, SimpleObject)]
        pub struct $name {
            /// What went wrong, in words for people; without personal data.
            pub message: String,
            /// What went wrong, for programs.
            pub code: ErrorCode,
            /// The field of the input that it is about; absent when it is about the act as a whole.
            pub field: Option<String>,
            $( $(#[$field_doc])* pub $field: $kind, )*
        }
    )+ };
}
members! {
    /// A field of the input is wrong. All faults of an input are reported at once, one error each.
    InvalidInput {
        /// The kind of fault.
        violation: Coded<ViolationCode>,
    }

    /// The act is not lawful in the state that the lead is in.
    InvalidTransition {
        /// The act that was asked for.
        act: Coded<Act>,
        /// The state that the lead is in.
        state: Coded<StateKind>,
        /// The stage that the lead stands at.
        stage: Coded<Stage>,
        /// The acts that are lawful now.
        lawful: Vec<Coded<Act>>,
    }

    /// No agreement between the two departments is in force, so that nothing can be handed over.
    NoAgreement {
        /// The act that was asked for.
        act: Coded<Act>,
        /// The department that would give.
        giving: Coded<Department>,
        /// The department that would take.
        taking: Coded<Department>,
    }

    /// It is another department's turn.
    WrongDepartment {
        /// The act that was asked for.
        act: Coded<Act>,
        /// The department whose turn it is.
        department: Coded<Department>,
    }

    /// The offer waits for another person or team.
    NotTheTaker {
        /// The act that was asked for.
        act: Coded<Act>,
    }

    /// The person or team asked for is not an active part of the department that takes the lead.
    UnknownTaker {
        /// The act that was asked for.
        act: Coded<Act>,
        /// The department that would take the lead.
        department: Coded<Department>,
    }

    /// The time in which the act was lawful is over.
    TooLate {
        /// The act that was asked for.
        act: Coded<Act>,
        /// Until when it was lawful.
        until: Timestamp,
    }

    /// The date on which the lead should come back lies in the past.
    ResumeInPast {
        /// The act that was asked for.
        act: Coded<Act>,
    }

    /// The other track does not have the stage that the lead stands at in this department. The lead stays on its track.
    StageNotOnTrack {
        /// The act that was asked for.
        act: Coded<Act>,
        /// The key of the track asked for.
        track: String,
        /// The stage that the lead stands at.
        stage: Coded<OpenStage>,
        /// The stages of that track in the lead's department.
        alternatives: Vec<Coded<OpenStage>>,
    }

    /// A closed lead is not changed any more: its figures are in reports.
    LeadClosed {
        /// The stage that the lead stands at.
        stage: Coded<Stage>,
        /// The acts that are lawful now.
        lawful: Vec<Coded<Act>>,
    }

    /// The caller's role does not allow it on this thing.
    NotAllowed {
        /// What would have to be allowed.
        action: Coded<Action>,
    }

    /// What the field names does not exist, or the caller may not know of it.
    NotFound {}

    /// Somebody else made a change since the caller read it. Read again, and decide again.
    VersionConflict {
        /// The version now; absent when it does not exist any more.
        current: Option<u32>,
    }

    /// The plan would come out otherwise now: a lead, a ledger or the configuration changed since it was made. Nothing was done. Look at the new plan,
    /// and decide again.
    PlanChanged {
        /// The digest of the plan as it is now.
        digest: String,
    }

    /// A key or address that must be unique is taken.
    Taken {}

    /// The idempotency key was used for a different request within the last day.
    IdempotencyConflict {}

    /// A request with this idempotency key is being worked on. Send it again in a moment to learn its answer.
    IdempotencyInProgress {
        /// When to send it again, in seconds.
        retry_after_seconds: u32,
    }

    /// Two records are not merged, or a merge is not taken back.
    MergeRefused {
        /// Why.
        reason: Coded<MergeRefusalKind>,
        /// The record that it is about, where it is about one of the two.
        side: Option<Coded<MergeSide>>,
        /// The record that the id leads to since it was merged away.
        into: Option<ID>,
        /// The merge that merged it away, or that must be taken back first.
        merge: Option<ID>,
        /// The version that the record has now.
        current: Option<u32>,
    }

    /// A legal reason keeps the data from being erased.
    OnHold {
        /// Since when.
        since: Timestamp,
    }

    /// The data provider gave no answer; nothing was changed.
    ProviderFailed {}

    /// A colleague took the customer over first.
    TakenByColleague {}

    /// Unknown address or wrong password; which of the two is not told.
    BadCredentials {}

    /// Too many failed tries from this address or for this account.
    Throttled {
        /// When the next try is accepted.
        until: Timestamp,
    }

    /// The person was asked for consent several times within a day.
    AskedTooOften {
        /// When the person can be asked again.
        until: Timestamp,
    }

    /// The session has ended, or the refresh token is not valid any more. Sign in again.
    SessionExpired {}
}

/// The person has an open lead for the same product area; no second one was made.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct DuplicateLead {
    /// What went wrong, in words for people; without personal data.
    pub message: String,
    /// What went wrong, for programs.
    pub code: ErrorCode,
    /// The field of the input that it is about; absent when it is about the act as a whole.
    pub field: Option<String>,
    /// The open lead, if the caller may see it.
    #[graphql(skip)]
    pub existing_id: Option<LeadId>,
}

#[ComplexObject]
impl DuplicateLead {
    /// The open lead; absent when the caller may not see it.
    async fn existing(&self, ctx: &Context<'_>) -> Option<Result<LeadObject>> {
        related(ctx, self.existing_id).await
    }
}
