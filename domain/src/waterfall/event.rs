//! Events: what happened to a lead. The journal keeps them; payloads carry ids, codes and figures, never personal data.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::agreement::AgreementRef;
use crate::code::codes;
use crate::department::Department;
use crate::id::{CustomerId, OpportunityId, PassageId, ScoreModelId};
use crate::routing::Placement;
use crate::scoring::{Grade, Tier};
use crate::value::Money;

use super::reason::{DisqualifyReason, LoseReason, ReassignReason, RecycleReason, RejectReason, ReopenReason};
use super::stage::OpenStage;
use super::state::{LeadState, Place};
use super::track::TrackRef;

codes! {
    /// The kind of an event.
    pub enum EventKind {
        /// A lead was captured.
        LeadCaptured = "LEAD_CAPTURED",
        /// What is known of the demand changed.
        LeadUpdated = "LEAD_UPDATED",
        /// Its grade or tier changed.
        LeadScored = "LEAD_SCORED",
        /// It reached the next step of the same department.
        LeadQualified = "LEAD_QUALIFIED",
        /// It was offered to the next department.
        LeadHandedOver = "LEAD_HANDED_OVER",
        /// It went to the next department without an offer, as its track says.
        LeadTransferred = "LEAD_TRANSFERRED",
        /// An offer was taken.
        LeadAccepted = "LEAD_ACCEPTED",
        /// An offer was returned.
        LeadRejected = "LEAD_REJECTED",
        /// An offer was taken back.
        LeadWithdrawn = "LEAD_WITHDRAWN",
        /// It went to another person or team.
        LeadReassigned = "LEAD_REASSIGNED",
        /// It was sent to nurturing.
        LeadRecycled = "LEAD_RECYCLED",
        /// It came back from nurturing.
        LeadReactivated = "LEAD_REACTIVATED",
        /// It was closed as no lead.
        LeadDisqualified = "LEAD_DISQUALIFIED",
        /// It was closed as won.
        LeadWon = "LEAD_WON",
        /// It was closed as lost.
        LeadLost = "LEAD_LOST",
        /// It was opened again.
        LeadReopened = "LEAD_REOPENED",
        /// It moved to another track.
        LeadRetracked = "LEAD_RETRACKED",
        /// Its opportunity was opened.
        OpportunityOpened = "OPPORTUNITY_OPENED",
        /// A customer was handed to customer service.
        CustomerHandedOver = "CUSTOMER_HANDED_OVER",
        /// Customer service took a customer over.
        CustomerTakenOver = "CUSTOMER_TAKEN_OVER",
        /// A person said something new about being contacted.
        ConsentChanged = "CONSENT_CHANGED",
        /// Two persons were merged into one.
        PersonMerged = "PERSON_MERGED",
        /// A merge of two persons was taken back.
        PersonUnmerged = "PERSON_UNMERGED",
        /// A person was erased.
        PersonErased = "PERSON_ERASED",
        /// Two companies were merged into one.
        CompanyMerged = "COMPANY_MERGED",
        /// A merge of two companies was taken back.
        CompanyUnmerged = "COMPANY_UNMERGED",
        /// The same person asked again while the lead was open.
        LeadFed = "LEAD_FED",
        /// Two records were found that are likely the same one.
        DuplicateFound = "DUPLICATE_FOUND",
        /// A promise about a lead is about to lapse, and somebody was told.
        SlaWarned = "SLA_WARNED",
        /// A promise about a lead lapsed.
        SlaBreached = "SLA_BREACHED",
        /// Something was done because a promise lapsed.
        SlaEscalated = "SLA_ESCALATED",
        /// A clock stands still.
        SlaPaused = "SLA_PAUSED",
        /// A clock runs on.
        SlaResumed = "SLA_RESUMED",
        /// A promise about a lead was kept, in time or not.
        SlaMet = "SLA_MET",
        /// The taker rated a lead it was given.
        LeadRated = "LEAD_RATED",
        /// A version of an agreement was proposed for signing.
        AgreementProposed = "AGREEMENT_PROPOSED",
        /// A proposal was taken back and is a draft again.
        AgreementWithdrawn = "AGREEMENT_WITHDRAWN",
        /// One side signed a version of an agreement.
        AgreementSigned = "AGREEMENT_SIGNED",
        /// A version of an agreement was signed by both sides. It holds from its date on, which may be months away.
        AgreementInForce = "AGREEMENT_IN_FORCE",
        /// A calendar changed, and with it what is due when.
        CalendarChanged = "CALENDAR_CHANGED",
    }
}

/// What happened to a lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum LeadEvent {
    /// It was captured at a place.
    Captured {
        /// Where it starts.
        place: Place,
        /// Its first passage.
        passage: PassageId,
        /// The track it takes.
        track: TrackRef,
    },
    /// What is known of the demand changed.
    Updated {
        /// The names of the changed fields.
        fields: Vec<String>,
    },
    /// Its grade or tier changed: by behaviour, by time, by what became known, by another model or by hand.
    Scored {
        /// The grade before.
        grade_before: Grade,
        /// The grade now.
        grade: Grade,
        /// The tier before.
        tier_before: Tier,
        /// The tier now.
        tier: Tier,
        /// Fit points now.
        fit: u8,
        /// Engagement points now.
        engagement: u8,
        /// The model by which it was scored.
        model: Option<ScoreModelId>,
    },
    /// It reached the next step of the same department.
    Qualified {
        /// The stage before.
        from: OpenStage,
        /// Where it is now.
        place: Place,
    },
    /// It was offered to the next department.
    HandedOver {
        /// The giver's place.
        giver: Place,
        /// The department it is offered to.
        taker: Department,
        /// The stage it enters when accepted.
        enters: OpenStage,
        /// To whom.
        placement: Placement,
        /// Under which agreement.
        agreement: AgreementRef,
    },
    /// It went to the next department without an offer.
    Transferred {
        /// The stage before.
        from: OpenStage,
        /// Where it is now.
        place: Place,
        /// Under which agreement.
        agreement: AgreementRef,
    },
    /// An offer, or the accepted stage of the same department, was taken.
    Accepted {
        /// The stage before.
        from: OpenStage,
        /// Where it is now.
        place: Place,
    },
    /// An offer was returned to the giver.
    Rejected {
        /// The department that returned it.
        taker: Department,
        /// Why.
        reason: RejectReason,
        /// Where it is now.
        place: Place,
    },
    /// An offer was taken back.
    Withdrawn {
        /// Where it is now.
        place: Place,
    },
    /// It went to another person or team; an offer stays an offer.
    Reassigned {
        /// Who had it.
        previous: Placement,
        /// Who has it now.
        placement: Placement,
        /// Why.
        reason: ReassignReason,
    },
    /// It was sent to nurturing.
    Recycled {
        /// Why.
        reason: RecycleReason,
        /// When it comes back by itself.
        resume_at: Option<DateTime<Utc>>,
        /// The marketing team that keeps it.
        placement: Placement,
    },
    /// It came back with a new passage.
    Reactivated {
        /// The new passage.
        passage: PassageId,
        /// Its number.
        number: u32,
        /// The track it takes.
        track: TrackRef,
        /// Where it is now.
        place: Place,
    },
    /// It was closed as no lead.
    Disqualified {
        /// Why.
        reason: DisqualifyReason,
    },
    /// It was closed as won.
    Won {
        /// Where.
        place: Place,
        /// The customer it made.
        customer: CustomerId,
        /// The amount.
        amount: Option<Money>,
    },
    /// It was closed as lost.
    Lost {
        /// Where.
        place: Place,
        /// Why.
        reason: LoseReason,
    },
    /// It was opened again where it was.
    Reopened {
        /// Why.
        reason: ReopenReason,
        /// The state it is in again.
        state: Box<LeadState>,
    },
    /// It moved to the same stage of another track.
    Retracked {
        /// The track it left.
        from: TrackRef,
        /// The track it takes.
        to: TrackRef,
    },
    /// Its opportunity was opened.
    OpportunityOpened {
        /// The opportunity.
        opportunity: OpportunityId,
    },
    /// A customer was handed to customer service.
    CustomerHandedOver {
        /// The customer.
        customer: CustomerId,
        /// The customer service team it waits for.
        placement: Placement,
    },
}

impl LeadEvent {
    /// The kind of this event.
    pub const fn kind(&self) -> EventKind {
        match self {
            Self::Captured { .. } => EventKind::LeadCaptured,
            Self::Updated { .. } => EventKind::LeadUpdated,
            Self::Scored { .. } => EventKind::LeadScored,
            Self::Qualified { .. } => EventKind::LeadQualified,
            Self::HandedOver { .. } => EventKind::LeadHandedOver,
            Self::Transferred { .. } => EventKind::LeadTransferred,
            Self::Accepted { .. } => EventKind::LeadAccepted,
            Self::Rejected { .. } => EventKind::LeadRejected,
            Self::Withdrawn { .. } => EventKind::LeadWithdrawn,
            Self::Reassigned { .. } => EventKind::LeadReassigned,
            Self::Recycled { .. } => EventKind::LeadRecycled,
            Self::Reactivated { .. } => EventKind::LeadReactivated,
            Self::Disqualified { .. } => EventKind::LeadDisqualified,
            Self::Won { .. } => EventKind::LeadWon,
            Self::Lost { .. } => EventKind::LeadLost,
            Self::Reopened { .. } => EventKind::LeadReopened,
            Self::Retracked { .. } => EventKind::LeadRetracked,
            Self::OpportunityOpened { .. } => EventKind::OpportunityOpened,
            Self::CustomerHandedOver { .. } => EventKind::CustomerHandedOver,
        }
    }
}
