//! Giving somebody's open leads to colleagues of the pool.

use async_graphql::{Context, Object, Result};

use super::acted;
use super::payload::payloads;
use crate::app::routing::rebalance::{self, RebalancePlan};
use crate::graphql::input::rebalance::PoolRebalanceInput;
use crate::graphql::object::rebalance::RebalancePlanObject;

payloads! {
    /// What `poolRebalance` answers.
    PoolRebalancePayload = |done: RebalancePlan| {
        /// The plan that was applied; absent when nothing was done.
        plan: RebalancePlanObject = Some(done.into()),
    }
}

/// Giving somebody's open leads to colleagues of the pool.
#[derive(Default)]
pub struct RebalanceMutation;

/// Giving somebody's open leads to colleagues of the pool.
#[Object]
impl RebalanceMutation {
    /// Gives a colleague's open leads to others of the pool in one act, each as a reassignment with its account, exactly as `poolRebalancePlan` told.
    /// Refused with `PlanChanged` when the plan would come out otherwise now. Leads that nobody can take stay. For administrators and those who lead
    /// the pool's team.
    async fn pool_rebalance(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose leads, why, and the plan that was looked at.")] input: PoolRebalanceInput,
    ) -> Result<PoolRebalancePayload> {
        acted!(ctx, |app, caller| rebalance::rebalance(app, caller, input.read()?).await)
    }
}
