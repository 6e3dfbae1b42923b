//! What mutations answer.

use async_graphql::ID;

use crate::app::lead::{Captured, Commanded, Updated};
use crate::app::quality::Checked;
use crate::graphql::error::UserError;
use crate::graphql::object::campaign::CampaignObject;
use crate::graphql::object::company::CompanyObject;
use crate::graphql::object::customer::CustomerObject;
use crate::graphql::object::lead::LeadObject;
use crate::graphql::object::person::PersonObject;
use crate::graphql::object::quality::{FindingObject, shown};
use crate::graphql::object::team::TeamObject;
use crate::graphql::object::user::UserObject;

/// The answer of a mutation.
pub trait Payload: Sized {
    /// What the use case answers.
    type Done;

    /// The act was done.
    fn done(done: Self::Done) -> Self;

    /// The act was not done.
    fn refused(errors: Vec<UserError>) -> Self;
}

/// Declares payloads: nouns, behind the semicolon flags, behind the plus lists. Nouns are absent, flags false and lists empty when the act was not
/// done.
macro_rules! payloads {
    ($(
        $(#[$doc:meta])*
        $name:ident = |$done:ident: $source:ty| {
            $( $(#[$noun_doc:meta])* $noun:ident: $object:ty = $noun_value:expr, )*
            $(; $( $(#[$flag_doc:meta])* $flag:ident = $flag_value:expr, )* )?
            $(+ $( $(#[$list_doc:meta])* $list:ident: $item:ty = $list_value:expr, )* )?
        }
    )+) => { $(
        $(#[$doc])*
        #[derive(Debug, async_graphql::SimpleObject)]
        pub struct $name {
            $( $(#[$noun_doc])* pub $noun: Option<$object>, )*
            $($( $(#[$flag_doc])* pub $flag: bool, )*)?
            $($( $(#[$list_doc])* pub $list: Vec<$item>, )*)?
            /// Why the act was not done; empty when it was.
            pub errors: Vec<$crate::graphql::error::UserError>,
        }

        impl $crate::graphql::mutation::payload::Payload for $name {
            type Done = $source;

            fn done($done: $source) -> Self {
                Self {
                    $( $noun: $noun_value, )* $($( $flag: $flag_value, )*)? $($( $list: $list_value, )*)?
                    errors: Vec::new(),
                }
            }

            fn refused(errors: Vec<$crate::graphql::error::UserError>) -> Self {
                Self { $( $noun: None, )* $($( $flag: false, )*)? $($( $list: Vec::new(), )*)? errors }
            }
        }
    )+ };
}
pub(super) use payloads;

/// Declares the payloads of the acts on a lead, which are alike.
macro_rules! act_payloads {
    ($( $name:ident $act:literal, )+) => { payloads! { $(
        #[doc = concat!("What `", $act, "` answers.")]
        $name = |done: Commanded| {
            /// The lead after the act; absent when the act was not done, or was done before and the caller may not see the lead any more.
            lead: LeadObject = done.lead.map(Into::into),
            ;
            /// Whether the same command was done before, so that nothing changed now.
            already_done = done.already_done,
        }
    )+ } };
}

act_payloads! {
    LeadQualifyPayload "leadQualify",
    LeadHandOverPayload "leadHandOver",
    LeadAcceptPayload "leadAccept",
    LeadRejectPayload "leadReject",
    LeadWithdrawPayload "leadWithdraw",
    LeadReassignPayload "leadReassign",
    LeadRecyclePayload "leadRecycle",
    LeadReactivatePayload "leadReactivate",
    LeadDisqualifyPayload "leadDisqualify",
    LeadWinPayload "leadWin",
    LeadLosePayload "leadLose",
    LeadReopenPayload "leadReopen",
    LeadRetrackPayload "leadRetrack",
}

payloads! {
    /// What `leadCapture` answers.
    LeadCapturePayload = |done: Captured| {
        /// The lead; absent when none was captured, or when it was known before and the caller may not see it.
        lead: LeadObject = done.lead.map(Into::into),
        ;
        /// Whether it was known before: by the same idempotency key, under the same name of another system, as an open lead of the same person
        /// and product area that this fed, or as a resting lead that this new demand brought back.
        already_done = done.existed,
        +
        /// What the review of a new person and company found, by the fields of the input; empty when an earlier request brought them in.
        findings: FindingObject = shown(done.findings),
    }

    /// What `leadUpdate` answers.
    LeadUpdatePayload = |done: Updated| {
        /// The lead after the change; absent when nothing was changed because of errors.
        lead: LeadObject = Some(done.lead.into()),
        /// Why the lead did not move to the track of its new price band. The change itself was stored, and the lead stays on its track.
        retrack: UserError = done.retrack.map(UserError::from),
        ;
        /// Whether everything was so before.
        already_done = done.already_done,
    }

    /// What `personCreate` answers.
    PersonCreatePayload = |done: Checked<fairfall_domain::person::Person>| {
        /// The new person; absent when none was made.
        person: PersonObject = Some(done.record.into()),
        +
        /// What the review found; empty when an earlier request with the same key made the person.
        findings: FindingObject = shown(done.findings),
    }

    /// What `personUpdate` answers.
    PersonUpdatePayload = |done: Checked<fairfall_domain::person::Person>| {
        /// The person after the change; absent when nothing was changed.
        person: PersonObject = Some(done.record.into()),
        +
        /// What the review found in the fields that were changed.
        findings: FindingObject = shown(done.findings),
    }

    /// What `personConsentRecord` answers.
    PersonConsentRecordPayload = |done: fairfall_domain::person::Person| {
        /// The person with what was said; absent when nothing was recorded.
        person: PersonObject = Some(done.into()),
    }

    /// What `companyCreate` answers.
    CompanyCreatePayload = |done: Checked<fairfall_domain::company::Company>| {
        /// The new company; absent when none was made.
        company: CompanyObject = Some(done.record.into()),
        +
        /// What the review found; empty when an earlier request with the same key made the company.
        findings: FindingObject = shown(done.findings),
    }

    /// What `companyUpdate` answers.
    CompanyUpdatePayload = |done: Checked<fairfall_domain::company::Company>| {
        /// The company after the change; absent when nothing was changed.
        company: CompanyObject = Some(done.record.into()),
        +
        /// What the review found in the fields that were changed.
        findings: FindingObject = shown(done.findings),
    }

    /// What `campaignCreate` answers.
    CampaignCreatePayload = |done: fairfall_domain::campaign::Campaign| {
        /// The new campaign; absent when none was made.
        campaign: CampaignObject = Some(done.into()),
    }

    /// What `campaignUpdate` answers.
    CampaignUpdatePayload = |done: fairfall_domain::campaign::Campaign| {
        /// The campaign after the change; absent when nothing was changed.
        campaign: CampaignObject = Some(done.into()),
    }

    /// What `customerTakeOver` answers.
    CustomerTakeOverPayload = |done: crate::app::customer::TakenOver| {
        /// The customer after the act; absent when the act was not done.
        customer: CustomerObject = Some(done.customer.into()),
        ;
        /// Whether the caller took the customer over before, so that nothing changed now.
        already_done = done.already_done,
    }

    /// What `userCreate` answers.
    UserCreatePayload = |done: fairfall_domain::user::User| {
        /// The new user; absent when none was made.
        user: UserObject = Some(done.into()),
    }

    /// What `userUpdate` answers.
    UserUpdatePayload = |done: fairfall_domain::user::User| {
        /// The user after the change; absent when nothing was changed.
        user: UserObject = Some(done.into()),
    }

    /// What `userSetPassword` answers.
    UserSetPasswordPayload = |done: ID| {
        /// The id of the user whose password was set; absent when none was.
        user: ID = Some(done),
    }

    /// What `teamCreate` answers.
    TeamCreatePayload = |done: fairfall_domain::team::Team| {
        /// The new team; absent when none was made.
        team: TeamObject = Some(done.into()),
    }

    /// What `teamUpdate` answers.
    TeamUpdatePayload = |done: fairfall_domain::team::Team| {
        /// The team after the change; absent when nothing was changed.
        team: TeamObject = Some(done.into()),
    }

    /// What `teamPutMember` answers.
    TeamPutMemberPayload = |done: fairfall_domain::team::Team| {
        /// The team with the member; absent when the act was not done.
        team: TeamObject = Some(done.into()),
    }

    /// What `teamRemoveMember` answers.
    TeamRemoveMemberPayload = |done: fairfall_domain::team::Team| {
        /// The team without the member; absent when the act was not done.
        team: TeamObject = Some(done.into()),
    }
}
