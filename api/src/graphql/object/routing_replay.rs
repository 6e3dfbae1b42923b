//! What simulations of routing found.

use std::collections::BTreeMap;

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use chrono::NaiveDate;
use fairfall_domain::id::{LeadId, PoolId, UserId};
use fairfall_domain::routing::draft::Changed;
use fairfall_domain::routing::ledger::Account;
use fairfall_domain::routing::replay::{CapHits, DayLoad, Difference, Fairness, MemberFigures, Outcomes, PoolFigures};
use fairfall_domain::routing::{ChosenBy, QueueReason, RoutingOutcome};
use fairfall_domain::scoring::Tier;

use crate::app::routing::replay::Replayed;
use crate::app::routing::simulate::Simulated;
use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::{BigInt, Day, Timestamp, id, int};

use super::lead::LeadObject;
use super::pool::PoolObject;
use super::routing_decision::RoutingDecisionObject;
use super::routing_draft::RoutingDraftObject;
use super::user::UserObject;

fn changed_ids(changed: &[Changed]) -> Vec<ID> {
    let of = |changed: &Changed| match changed {
        Changed::Pool { pool, .. } => id(pool),
        Changed::Territory { territory, .. } => id(territory),
    };
    changed.iter().map(of).collect()
}

/// How a lead would be routed. Nothing was written.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "RoutingSimulation")]
pub struct RoutingSimulationObject {
    /// What would be decided.
    pub decision: RoutingDecisionObject,
    /// The draft that was tried; absent when it was the configuration in force, or changes that are not kept.
    pub draft: Option<RoutingDraftObject>,
    /// The ids of pools and territories that were changed since the draft was made over them: it is not published before it is made anew.
    pub changed_since: Vec<ID>,
}

impl From<Simulated> for RoutingSimulationObject {
    fn from(simulated: Simulated) -> Self {
        let Simulated { decision, draft, changed } = simulated;
        Self {
            decision: RoutingDecisionObject::simulated(decision),
            draft: draft.map(Into::into),
            changed_since: changed_ids(&changed),
        }
    }
}

/// What was decided in a period, and what would have been under another configuration. Ledgers begin empty on both sides, and tier and expected
/// value are those of then; the rest of a lead, consent, companies' owners and colleagues are those of today. Nothing was written.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "RoutingReplay")]
pub struct RoutingReplayObject {
    /// From when.
    pub from: Timestamp,
    /// Until when, not included.
    pub to: Timestamp,
    /// Routings that were looked at, in the order in which they happened.
    pub routings: i32,
    /// Whether the period had more routings than were looked at; then these are the first.
    pub cut_short: bool,
    /// Routings after which another person would have the lead, or nobody, or somebody instead of nobody.
    pub owners_differ: i32,
    /// The first of them, at most 100.
    pub differences: Vec<RoutingDifferenceObject>,
    /// Routings in which somebody was asked for who is not there any more; they went as if nobody had been asked for.
    pub wishes_lost: i32,
    /// What came of the leads.
    pub before: RoutingOutcomesObject,
    /// What would have come of them.
    pub after: RoutingOutcomesObject,
    /// Pools and tiers in which leads were given by turn.
    pub pools: Vec<PoolReplayObject>,
    /// Leads that each person got on each day, at most 5,000 days together.
    pub load: Vec<RoutingLoadObject>,
    /// Whether there was more load than is shown.
    pub load_cut_short: bool,
    /// The draft that was tried; absent when it was the configuration in force, or changes that are not kept.
    pub draft: Option<RoutingDraftObject>,
    /// The ids of pools and territories that were changed since the draft was made over them: it is not published before it is made anew.
    pub changed_since: Vec<ID>,
}

impl From<Replayed> for RoutingReplayObject {
    fn from(replayed: Replayed) -> Self {
        let Replayed { from, to, figures, cut_short, draft, changed } = replayed;
        Self {
            from: Timestamp(from),
            to: Timestamp(to),
            routings: int(figures.occasions),
            cut_short,
            owners_differ: int(figures.owners_differ),
            differences: figures.differences.into_iter().map(Into::into).collect(),
            wishes_lost: int(figures.wishes_lost),
            before: figures.before.into(),
            after: figures.after.into(),
            pools: figures.pools.into_iter().map(Into::into).collect(),
            load: figures.load.into_iter().map(Into::into).collect(),
            load_cut_short: figures.load_cut_short,
            draft: draft.map(Into::into),
            changed_since: changed_ids(&changed),
        }
    }
}

/// A lead that would have gone elsewhere.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "RoutingDifference", complex)]
pub struct RoutingDifferenceObject {
    /// The id of the lead.
    pub lead_id: ID,
    /// The id of the decision of then.
    pub decision_id: ID,
    /// When it was routed.
    pub at: Timestamp,
    /// What came of it.
    pub before: RoutingResultObject,
    /// What would have come of it.
    pub after: RoutingResultObject,
    #[graphql(skip)]
    lead: LeadId,
}

impl From<Difference> for RoutingDifferenceObject {
    fn from(difference: Difference) -> Self {
        let Difference { lead, decision, at, before, after } = difference;
        let (before, after) = (before.into(), after.into());
        Self { lead_id: id(lead), decision_id: id(decision), at: Timestamp(at), before, after, lead }
    }
}

#[ComplexObject]
impl RoutingDifferenceObject {
    /// The lead; absent when the viewer may not see it.
    async fn lead(&self, ctx: &Context<'_>) -> Option<Result<LeadObject>> {
        related(ctx, Some(self.lead)).await
    }
}

/// What comes of a routing: a person, or the reason why the lead waits.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "RoutingResult", complex)]
pub struct RoutingResultObject {
    /// What decided who gets it; absent when it waits.
    pub chosen_by: Option<Coded<ChosenBy>>,
    /// Why it waits; absent when somebody gets it.
    pub queue_reason: Option<Coded<QueueReason>>,
    #[graphql(skip)]
    user: Option<UserId>,
}

impl From<RoutingOutcome> for RoutingResultObject {
    fn from(outcome: RoutingOutcome) -> Self {
        match outcome {
            RoutingOutcome::Assigned { user, by } => Self { chosen_by: Some(Coded(by)), queue_reason: None, user: Some(user) },
            RoutingOutcome::Queued { reason } => Self { chosen_by: None, queue_reason: Some(Coded(reason)), user: None },
        }
    }
}

#[ComplexObject]
impl RoutingResultObject {
    /// The id of who gets it; absent when it waits.
    async fn user_id(&self) -> Option<ID> {
        self.user.map(id)
    }

    /// Who gets it; absent when it waits.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.user).await
    }
}

/// What comes of many routings.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "RoutingOutcomes")]
pub struct RoutingOutcomesObject {
    /// Leads that a person gets, by what decides it.
    pub assigned: Vec<AssignedCountObject>,
    /// Leads that wait, by the reason.
    pub queued: Vec<QueuedCountObject>,
    /// Candidates who were left out because they had as many leads that day as the cap allows.
    pub day_cap_hits: i32,
    /// Candidates who were left out because they had as many open leads as the cap allows.
    pub open_cap_hits: i32,
    /// Leads that wait because the pool got as many that day as its cap allows.
    pub pool_cap_hits: i32,
}

/// How many leads somebody gets for a reason.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "AssignedCount")]
pub struct AssignedCountObject {
    /// What decides it.
    pub chosen_by: Coded<ChosenBy>,
    /// How many.
    pub count: i32,
}

/// How many leads wait for a reason.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "QueuedCount")]
pub struct QueuedCountObject {
    /// The reason.
    pub reason: Coded<QueueReason>,
    /// How many.
    pub count: i32,
}

impl From<Outcomes> for RoutingOutcomesObject {
    fn from(outcomes: Outcomes) -> Self {
        let Outcomes { assigned, queued, caps: CapHits { day, open, pool } } = outcomes;
        let assigned = assigned.into_iter().map(|(by, count)| AssignedCountObject { chosen_by: Coded(by), count: int(count) });
        let queued = queued.into_iter().map(|(reason, count)| QueuedCountObject { reason: Coded(reason), count: int(count) });
        Self {
            assigned: assigned.collect(),
            queued: queued.collect(),
            day_cap_hits: int(day),
            open_cap_hits: int(open),
            pool_cap_hits: int(pool),
        }
    }
}

/// A pool in a tier.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "PoolReplay", complex)]
pub struct PoolReplayObject {
    /// The id of the pool, also when it stands in a draft only.
    pub pool_id: ID,
    /// The tier.
    pub tier: Coded<Tier>,
    /// How fair it was, as decided then and without later corrections.
    pub before: ReplayFairnessObject,
    /// How fair it would have been.
    pub after: ReplayFairnessObject,
    /// Its members.
    pub members: Vec<MemberReplayObject>,
    #[graphql(skip)]
    pool: PoolId,
}

impl From<PoolFigures> for PoolReplayObject {
    fn from(figures: PoolFigures) -> Self {
        let PoolFigures { pool, tier, before, after, members } = figures;
        let members = members.into_iter().map(Into::into).collect();
        Self { pool_id: id(pool), tier: Coded(tier), before: before.into(), after: after.into(), members, pool }
    }
}

#[ComplexObject]
impl PoolReplayObject {
    /// The pool as it is in force; absent for one of a draft.
    async fn pool(&self, ctx: &Context<'_>) -> Option<Result<PoolObject>> {
        related(ctx, Some(self.pool)).await
    }
}

/// How fair a distribution is.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "ReplayFairness")]
pub struct ReplayFairnessObject {
    /// Leads given by turn.
    pub counted: i32,
    /// The index of Jain, Chiu and Hawe (1984) over received per entitled: 1 when all got what they were entitled to. Absent without leads.
    pub jain: Option<f64>,
    /// The furthest that anybody is from the entitlement in the end, in leads.
    pub worst: f64,
    /// The furthest that anybody was at any time, in leads.
    pub worst_ever: f64,
}

impl From<Fairness> for ReplayFairnessObject {
    fn from(fairness: Fairness) -> Self {
        let Fairness { counted, jain, worst, worst_ever } = fairness;
        Self { counted: int(counted), jain, worst: worst.figure(), worst_ever: worst_ever.figure() }
    }
}

/// A member of a pool in a tier.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "MemberReplay", complex)]
pub struct MemberReplayObject {
    /// What the member was entitled to and got.
    pub before: MemberAccountObject,
    /// What the member would have been entitled to and got.
    pub after: MemberAccountObject,
    #[graphql(skip)]
    user: UserId,
}

impl From<MemberFigures> for MemberReplayObject {
    fn from(figures: MemberFigures) -> Self {
        let MemberFigures { user, before, after } = figures;
        Self { before: before.into(), after: after.into(), user }
    }
}

#[ComplexObject]
impl MemberReplayObject {
    /// The id of the member.
    async fn user_id(&self) -> ID {
        id(self.user)
    }

    /// The member.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, Some(self.user)).await
    }
}

/// What somebody was entitled to and got.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "MemberAccount")]
pub struct MemberAccountObject {
    /// The sum of the shares of every lead that the member was eligible for, in leads.
    pub entitled: f64,
    /// Leads received.
    pub received: BigInt,
    /// The sum of the shares of their expected value, in minor units of the price bands' currency.
    pub entitled_worth_minor: BigInt,
    /// The expected value of the leads received, in minor units of the price bands' currency.
    pub received_worth_minor: BigInt,
}

impl From<Account> for MemberAccountObject {
    fn from(account: Account) -> Self {
        Self {
            entitled: account.entitled.figure(),
            received: BigInt(account.received),
            entitled_worth_minor: BigInt(account.entitled_worth),
            received_worth_minor: BigInt(account.received_worth),
        }
    }
}

/// The leads that somebody gets, by day.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "RoutingLoad", complex)]
pub struct RoutingLoadObject {
    /// The days on which there was any, of the team's time zone.
    pub days: Vec<RoutingDayLoadObject>,
    #[graphql(skip)]
    user: UserId,
}

/// The leads that somebody gets on a day.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "RoutingDayLoad")]
pub struct RoutingDayLoadObject {
    /// The day.
    pub day: Day,
    /// Leads got then.
    pub before: i32,
    /// Leads that would have been got.
    pub after: i32,
}

impl From<(UserId, BTreeMap<NaiveDate, DayLoad>)> for RoutingLoadObject {
    fn from((user, days): (UserId, BTreeMap<NaiveDate, DayLoad>)) -> Self {
        let day = |(day, load): (NaiveDate, DayLoad)| RoutingDayLoadObject {
            day: Day(day),
            before: int(load.before),
            after: int(load.after),
        };
        Self { days: days.into_iter().map(day).collect(), user }
    }
}

#[ComplexObject]
impl RoutingLoadObject {
    /// The id of the person.
    async fn user_id(&self) -> ID {
        id(self.user)
    }

    /// The person.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, Some(self.user)).await
    }
}
