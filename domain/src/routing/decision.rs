//! The account of one routing: every candidate with the rule that kept or dropped it and the figures that were seen, and the choice.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::department::Department;
use crate::id::{LeadId, PassageId, PoolId, RoutingDecisionId, TeamId, TerritoryId, UserId};
use crate::scoring::Tier;
use crate::user::Seniority;
use crate::value::LanguageTag;

use super::fairness::FairRule;
use super::member::LanguageLevel;
use super::place::{Placement, QueueReason, Wish};
use super::share::Leads;

codes! {
    /// Why a lead was routed.
    pub enum RoutingCause {
        /// It came in.
        Capture = "CAPTURE",
        /// It was imported.
        Import = "IMPORT",
        /// It was handed over.
        HandOver = "HAND_OVER",
        /// It came back from nurturing.
        Reactivation = "REACTIVATION",
        /// It was given to another person or team.
        Reassignment = "REASSIGNMENT",
    }
}

codes! {
    /// What decided who got a lead.
    pub enum ChosenBy {
        /// Whoever sent it asked for this person. Outside the count of fairness.
        Wish = "WISH",
        /// The person owns the company. Outside the count of fairness.
        Owner = "OWNER",
        /// The ledger: it was this person's turn.
        Turn = "TURN",
    }
}

codes! {
    /// The rule that kept or dropped a candidate.
    pub enum CandidateRule {
        /// Got the lead.
        Chosen = "CHOSEN",
        /// Could have got it, and is entitled to a share of it.
        Eligible = "ELIGIBLE",
        /// Is no active member of the team.
        NotActive = "NOT_ACTIVE",
        /// Has not started yet.
        NotStarted = "NOT_STARTED",
        /// Is absent.
        Absent = "ABSENT",
        /// Had it and let the promised time lapse, or gave it away.
        Excluded = "EXCLUDED",
        /// Does not speak the language well enough.
        Language = "LANGUAGE",
        /// Has as many leads today as the cap allows.
        DayCap = "DAY_CAP",
        /// Has as many open leads as the cap allows.
        OpenCap = "OPEN_CAP",
        /// Is not at work now, while others are; asked for hot leads.
        OutOfHours = "OUT_OF_HOURS",
        /// Others have the seniority that is preferred.
        Seniority = "SENIORITY",
    }
}

impl CandidateRule {
    /// Whether the candidate is entitled to a share.
    pub const fn is_eligible(self) -> bool {
        matches!(self, Self::Chosen | Self::Eligible)
    }
}

/// Somebody who was looked at. Its stored names are short: there are as many of them as decisions times members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Who.
    #[serde(rename = "u")]
    pub user: UserId,
    /// What kept or dropped the candidate.
    #[serde(rename = "r")]
    pub rule: CandidateRule,
    /// The weight.
    #[serde(rename = "w")]
    pub weight: u32,
    /// How experienced; not known of who is not active.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub seniority: Option<Seniority>,
    /// How well the candidate speaks the language that was looked for.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub level: Option<LanguageLevel>,
    /// Whether the candidate was at work.
    #[serde(rename = "h")]
    pub is_at_work: bool,
    /// Leads got from the pool that day.
    #[serde(rename = "t")]
    pub today: u32,
    /// Open leads, where a cap asks for them.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub open: Option<u32>,
    /// Entitled less received, before this lead.
    #[serde(rename = "d")]
    pub deviation: Leads,
    /// The same in expected value, in minor units.
    #[serde(rename = "v")]
    pub shortfall: i64,
    /// The share of this lead.
    #[serde(rename = "e")]
    pub share: Leads,
    /// The share of its expected value, in minor units.
    #[serde(rename = "x")]
    pub worth: i64,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum RoutingOutcome {
    /// A person got it.
    Assigned {
        /// Who.
        user: UserId,
        /// What decided it.
        by: ChosenBy,
    },
    /// It waits in a queue.
    Queued {
        /// Why.
        reason: QueueReason,
    },
}

/// The territory that took the lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerritoryHit {
    /// Whose rules hold.
    pub territory: TerritoryId,
    /// Which one names the team: itself or one above.
    pub served_by: TerritoryId,
    /// Others that fitted equally well, so that only their keys decided.
    pub equal: Vec<TerritoryId>,
}

/// The account of one routing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutingDecision {
    /// Stable identity.
    pub id: RoutingDecisionId,
    /// Which lead.
    pub lead: LeadId,
    /// On which passage.
    pub passage: PassageId,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// Why.
    pub cause: RoutingCause,
    /// The department that was to get it.
    pub department: Department,
    /// The tier it had.
    pub tier: Tier,
    /// Whom the sender asked for.
    pub wish: Wish,
    /// The territory that took it; none when teams' countries decided, or somebody was asked for.
    pub territory: Option<TerritoryHit>,
    /// The team.
    pub team: Option<TeamId>,
    /// The pool, when the team has one for the tier.
    pub pool: Option<PoolId>,
    /// The language that the candidates were asked for; none when none was.
    pub language: Option<LanguageTag>,
    /// The language that the lead needs, where nobody spoke it and another was taken.
    pub language_missed: Option<LanguageTag>,
    /// The lead's expected value, in minor units of the organisation's currency, as far as it was known.
    pub worth: Option<i64>,
    /// Everybody of the pool, in the order of their ids.
    pub candidates: Vec<Candidate>,
    /// By which rule the ledger chose.
    pub rule: Option<FairRule>,
    /// What came of it.
    pub outcome: RoutingOutcome,
}

impl RoutingDecision {
    /// Where the lead is put.
    pub const fn placement(&self) -> Placement {
        match self.outcome {
            RoutingOutcome::Assigned { user, .. } => Placement::with(self.team, user),
            RoutingOutcome::Queued { reason } => Placement::queued(self.team, reason),
        }
    }

    /// Who got it by turn: then it counts in the ledger of the pool.
    pub const fn counted(&self) -> Option<(PoolId, UserId)> {
        match (self.pool, self.outcome) {
            (Some(pool), RoutingOutcome::Assigned { user, by: ChosenBy::Turn }) => Some((pool, user)),
            (_, RoutingOutcome::Assigned { .. } | RoutingOutcome::Queued { .. }) => None,
        }
    }

    /// What each eligible member was entitled to of it.
    pub fn shares(&self) -> impl Iterator<Item = (UserId, Leads, i64)> {
        let eligible = self.candidates.iter().filter(|candidate| candidate.rule.is_eligible());
        eligible.map(|candidate| (candidate.user, candidate.share, candidate.worth))
    }
}
