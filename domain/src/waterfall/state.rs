//! The state of a lead: an enum that carries exactly what is known in that state.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::agreement::AgreementRef;
use crate::department::Department;
use crate::id::CustomerId;
use crate::routing::Placement;

use super::reason::{DisqualifyReason, LoseReason, RecycleReason};
use super::stage::{OpenStage, Stage};

/// Where a lead is worked on: the step and who has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The stage of the step.
    pub stage: OpenStage,
    /// The department of the step.
    pub department: Department,
    /// Team and person.
    pub placement: Placement,
}

/// What a disqualified lead was before, so that it can be opened again where it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "was", rename_all = "snake_case")]
pub enum Before {
    /// It was worked on.
    Working {
        /// Where.
        place: Place,
    },
    /// It was at rest.
    Nurturing {
        /// Why.
        reason: RecycleReason,
        /// Until when.
        resume_at: Option<DateTime<Utc>>,
        /// With which marketing team.
        placement: Placement,
    },
}

/// The state of a lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LeadState {
    /// Worked on by a department.
    Working {
        /// Where.
        place: Place,
    },
    /// Offered to the next department, not yet taken.
    Offered {
        /// Where it comes from and returns to when rejected.
        giver: Place,
        /// The department it is offered to.
        taker: Department,
        /// The stage it enters when accepted.
        enters: OpenStage,
        /// To whom it is offered.
        placement: Placement,
        /// Since when, UTC.
        offered_at: DateTime<Utc>,
        /// The agreement it was offered under.
        agreement: AgreementRef,
    },
    /// At rest in nurturing.
    Nurturing {
        /// Why.
        reason: RecycleReason,
        /// When it comes back by itself, if it does.
        resume_at: Option<DateTime<Utc>>,
        /// The marketing team that keeps it.
        placement: Placement,
    },
    /// Closed as won.
    Won {
        /// When.
        at: DateTime<Utc>,
        /// Where it was closed.
        place: Place,
        /// The customer handed to customer service.
        customer: CustomerId,
    },
    /// Closed as lost.
    Lost {
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: LoseReason,
        /// Where it was closed.
        place: Place,
    },
    /// Closed as no lead.
    Disqualified {
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: DisqualifyReason,
        /// What it was before.
        was: Before,
    },
}

crate::code::codes! {
    /// The state of a lead by name.
    pub enum StateKind {
        /// Worked on by a department.
        Working = "WORKING",
        /// Offered to the next department.
        Offered = "OFFERED",
        /// At rest.
        Nurturing = "NURTURING",
        /// Closed as won.
        Won = "WON",
        /// Closed as lost.
        Lost = "LOST",
        /// Closed as no lead.
        Disqualified = "DISQUALIFIED",
    }
}

impl LeadState {
    /// The state's name.
    pub const fn kind(&self) -> StateKind {
        match self {
            Self::Working { .. } => StateKind::Working,
            Self::Offered { .. } => StateKind::Offered,
            Self::Nurturing { .. } => StateKind::Nurturing,
            Self::Won { .. } => StateKind::Won,
            Self::Lost { .. } => StateKind::Lost,
            Self::Disqualified { .. } => StateKind::Disqualified,
        }
    }

    /// The stage that reports and lists show. An offered lead still stands at the giver's stage.
    pub fn stage(&self) -> Stage {
        match self {
            Self::Working { place } | Self::Offered { giver: place, .. } => place.stage.into(),
            Self::Nurturing { .. } => Stage::Nurturing,
            Self::Won { .. } => Stage::Won,
            Self::Lost { .. } => Stage::Lost,
            Self::Disqualified { .. } => Stage::Disqualified,
        }
    }

    /// The department that answers for the lead now; the giver while it is offered, marketing while it rests.
    pub const fn department(&self) -> Department {
        match self {
            Self::Working { place } | Self::Offered { giver: place, .. } | Self::Won { place, .. } | Self::Lost { place, .. } => {
                place.department
            }
            Self::Nurturing { .. } | Self::Disqualified { was: Before::Nurturing { .. }, .. } => Department::Marketing,
            Self::Disqualified { was: Before::Working { place }, .. } => place.department,
        }
    }

    /// Team and person that answer for the lead now; the giver's while it is offered.
    pub const fn placement(&self) -> Placement {
        match self {
            Self::Working { place } | Self::Offered { giver: place, .. } | Self::Won { place, .. } | Self::Lost { place, .. } => {
                place.placement
            }
            Self::Nurturing { placement, .. } | Self::Disqualified { was: Before::Nurturing { placement, .. }, .. } => *placement,
            Self::Disqualified { was: Before::Working { place }, .. } => place.placement,
        }
    }

    /// Team and person that an offer waits for.
    pub const fn offer(&self) -> Option<Placement> {
        match self {
            Self::Offered { placement, .. } => Some(*placement),
            Self::Working { .. } | Self::Nurturing { .. } | Self::Won { .. } | Self::Lost { .. } | Self::Disqualified { .. } => {
                None
            }
        }
    }

    /// What waits for somebody to act: an offer, or worked-on demand without an owner.
    pub const fn waits_for(&self) -> Option<Placement> {
        match self {
            Self::Offered { placement, .. } => Some(*placement),
            Self::Working { place } if place.placement.person.is_none() => Some(place.placement),
            Self::Working { .. } | Self::Nurturing { .. } | Self::Won { .. } | Self::Lost { .. } | Self::Disqualified { .. } => {
                None
            }
        }
    }

    /// When it ended, as long as that may be taken back.
    pub const fn revocable_since(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Lost { at, .. } | Self::Disqualified { at, .. } => Some(*at),
            Self::Working { .. } | Self::Offered { .. } | Self::Nurturing { .. } | Self::Won { .. } => None,
        }
    }

    /// Whether the passage is still open.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Working { .. } | Self::Offered { .. })
    }
}
