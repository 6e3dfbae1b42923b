//! Giving somebody's open leads to colleagues of the pool.

use async_graphql::{ComplexObject, Context, Result, SimpleObject};
use fairfall_domain::id::{LeadId, PoolId, UserId};
use fairfall_domain::routing::fairness::FairRule;
use fairfall_domain::routing::place::QueueReason;
use fairfall_domain::routing::rebalance::Step;
use fairfall_domain::routing::{ChosenBy, RoutingOutcome};
use fairfall_domain::scoring::Tier;

use crate::app::routing::rebalance::RebalancePlan;
use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::int;

use super::lead::LeadObject;
use super::pool::PoolObject;
use super::user::UserObject;

/// Who would receive which of a colleague's open leads, and why; or who received them.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "RebalancePlan", complex)]
pub struct RebalancePlanObject {
    /// Tells this plan from others: send it as `expectedPlan`, so that nothing is done but what was looked at.
    pub digest: String,
    /// What becomes of each lead, the hottest first, then the oldest; at most 250.
    pub steps: Vec<RebalanceStepObject>,
    /// How many leads move.
    pub moving: i32,
    /// How many leads stay because nobody can take them.
    pub staying: i32,
    /// Whether there are more leads than one plan holds: apply this one, and ask again.
    pub has_more: bool,
    #[graphql(skip)]
    pool_id: PoolId,
    #[graphql(skip)]
    user_id: UserId,
}

#[ComplexObject]
impl RebalancePlanObject {
    /// The pool.
    async fn pool(&self, ctx: &Context<'_>) -> Option<Result<PoolObject>> {
        related(ctx, Some(self.pool_id)).await
    }

    /// Who gives.
    async fn giver(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, Some(self.user_id)).await
    }
}

/// What becomes of a lead.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "RebalanceStep", complex)]
pub struct RebalanceStepObject {
    /// Its tier.
    pub tier: Coded<Tier>,
    /// What decides who receives it; absent when it stays.
    pub chosen_by: Option<Coded<ChosenBy>>,
    /// By which rule of fairness; absent when fairness did not decide.
    pub rule: Option<Coded<FairRule>>,
    /// Why nobody can take it, so that it stays; absent when it moves.
    pub stays_because: Option<Coded<QueueReason>>,
    #[graphql(skip)]
    lead_id: LeadId,
    #[graphql(skip)]
    receiver_id: Option<UserId>,
}

#[ComplexObject]
impl RebalanceStepObject {
    /// The lead; absent when the viewer may not see it any more.
    async fn lead(&self, ctx: &Context<'_>) -> Option<Result<LeadObject>> {
        related(ctx, Some(self.lead_id)).await
    }

    /// Who receives it; absent when it stays.
    async fn receiver(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.receiver_id).await
    }
}

impl From<&Step> for RebalanceStepObject {
    fn from(step: &Step) -> Self {
        let decision = &step.decision;
        let (chosen_by, stays_because) = match decision.outcome {
            RoutingOutcome::Assigned { by, .. } => (Some(Coded(by)), None),
            RoutingOutcome::Queued { reason } => (None, Some(Coded(reason))),
        };
        Self {
            tier: Coded(decision.tier),
            chosen_by,
            rule: decision.rule.map(Coded),
            stays_because,
            lead_id: decision.lead,
            receiver_id: step.receiver(),
        }
    }
}

impl From<RebalancePlan> for RebalancePlanObject {
    fn from(plan: RebalancePlan) -> Self {
        let moving = plan.steps.iter().filter(|step| step.receiver().is_some()).count();
        Self {
            digest: plan.digest,
            moving: int(moving),
            staying: int(plan.steps.len() - moving),
            steps: plan.steps.iter().map(Into::into).collect(),
            has_more: plan.has_more,
            pool_id: plan.pool,
            user_id: plan.user,
        }
    }
}
