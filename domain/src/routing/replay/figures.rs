//! The figures of a replay.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::id::{PoolId, UserId};
use crate::routing::decision::{CandidateRule, ChosenBy, RoutingDecision, RoutingOutcome};
use crate::routing::ledger::{Account, Ledger};
use crate::routing::measure::{evenness, worst_deviation};
use crate::routing::place::QueueReason;
use crate::routing::share::Leads;
use crate::scoring::Tier;

use super::Difference;

/// How often caps kept a lead from somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CapHits {
    /// Candidates who had as many leads that day as the cap allows.
    pub day: u64,
    /// Candidates who had as many open leads as the cap allows.
    pub open: u64,
    /// Leads that waited because the pool had got as many as its cap allows.
    pub pool: u64,
}

/// What came of leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Leads that a person got, by what decided it.
    pub assigned: BTreeMap<ChosenBy, u64>,
    /// Leads that waited in a queue, by the reason.
    pub queued: BTreeMap<QueueReason, u64>,
    /// What caps did.
    pub caps: CapHits,
}

fn count<K: Ord>(counts: &mut BTreeMap<K, u64>, key: K) {
    let counted = counts.entry(key).or_default();
    *counted = counted.saturating_add(1);
}

impl Outcomes {
    pub(super) fn add(&mut self, decision: &RoutingDecision) {
        let hits = |rule| {
            let dropped = decision.candidates.iter().filter(|candidate| candidate.rule == rule);
            u64::try_from(dropped.count()).unwrap_or(u64::MAX)
        };
        self.caps.day = self.caps.day.saturating_add(hits(CandidateRule::DayCap));
        self.caps.open = self.caps.open.saturating_add(hits(CandidateRule::OpenCap));
        match decision.outcome {
            RoutingOutcome::Assigned { by, .. } => count(&mut self.assigned, by),
            RoutingOutcome::Queued { reason } => {
                self.caps.pool = self.caps.pool.saturating_add((reason == QueueReason::PoolAtCap).into());
                count(&mut self.queued, reason);
            }
        }
    }
}

/// Leads that somebody got on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayLoad {
    /// Then.
    pub before: u32,
    /// Under the configuration that is tried.
    pub after: u32,
}

/// How fair a pool was in a tier.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fairness {
    /// Leads given by turn.
    pub counted: u64,
    /// The index of Jain over received per entitled, see [`evenness`].
    pub jain: Option<f64>,
    /// The furthest that anybody is from the entitlement in the end, in leads.
    pub worst: Leads,
    /// The furthest that anybody ever was.
    pub worst_ever: Leads,
}

/// A member of a pool in a tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberFigures {
    /// Who.
    pub user: UserId,
    /// Entitled and received then.
    pub before: Account,
    /// Entitled and received under the configuration that is tried.
    pub after: Account,
}

/// A pool in a tier.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolFigures {
    /// The pool.
    pub pool: PoolId,
    /// The tier.
    pub tier: Tier,
    /// How fair it was, as far as the leads of the period tell: as decided then, without later corrections.
    pub before: Fairness,
    /// How fair it would have been.
    pub after: Fairness,
    /// Its members, whoever was one then or is one now.
    pub members: Vec<MemberFigures>,
}

/// One side of a comparison while it is being fed.
#[derive(Clone, Debug, Default)]
pub(super) struct Side {
    pub(super) ledger: Ledger,
    pub(super) counted: u64,
    pub(super) worst_ever: Leads,
}

impl Side {
    /// Writes down what was decided then.
    pub(super) fn give(&mut self, decision: &RoutingDecision, user: UserId) {
        for (entitled, share, worth) in decision.shares() {
            self.ledger.accrue(entitled, share, worth);
        }
        self.ledger.receive(user, decision.worth.unwrap_or(0).max(0));
        self.saw(worst_deviation(self.ledger.accounts().values()));
    }

    /// A lead was given, after which the worst deviation was this.
    pub(super) fn saw(&mut self, worst: Leads) {
        self.counted = self.counted.saturating_add(1);
        self.worst_ever = self.worst_ever.max(worst);
    }

    fn fairness(&self) -> Fairness {
        let accounts = || self.ledger.accounts().values();
        Fairness {
            counted: self.counted,
            jain: evenness(accounts()),
            worst: worst_deviation(accounts()),
            worst_ever: self.worst_ever,
        }
    }
}

/// Both sides of a pool and tier while they are being fed.
#[derive(Clone, Debug, Default)]
pub(super) struct PoolTally {
    pub(super) before: Side,
    pub(super) after: Side,
}

impl PoolFigures {
    pub(super) fn of(pool: PoolId, tier: Tier, before: &Side, after: &Side) -> Self {
        let users: BTreeSet<UserId> = [before, after].iter().flat_map(|side| side.ledger.accounts().keys().copied()).collect();
        let member = |user| MemberFigures { user, before: before.ledger.account(user), after: after.ledger.account(user) };
        Self { pool, tier, before: before.fairness(), after: after.fairness(), members: users.into_iter().map(member).collect() }
    }
}

/// What a replay found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReplayFigures {
    /// Routings that were looked at.
    pub occasions: u64,
    /// Those after which another person would have the lead, or none, or one instead of none.
    pub owners_differ: u64,
    /// The first of them, at most [`super::DIFFERENCES_MAX`].
    pub differences: Vec<Difference>,
    /// Routings in which somebody was asked for who is not there any more.
    pub wishes_lost: u64,
    /// What came of the leads then.
    pub before: Outcomes,
    /// What would have come of them.
    pub after: Outcomes,
    /// Pools and tiers in which a lead was given by turn, then or now.
    pub pools: Vec<PoolFigures>,
    /// Leads that each person got on each day of the team's time zone.
    pub load: BTreeMap<UserId, BTreeMap<NaiveDate, DayLoad>>,
    /// Whether there was more load than is kept.
    pub load_cut_short: bool,
}
