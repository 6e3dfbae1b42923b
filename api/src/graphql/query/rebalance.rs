//! Plans for giving somebody's open leads to colleagues of the pool.

use async_graphql::{Context, ID, Object, Result};

use crate::app::AppError;
use crate::app::routing::rebalance;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::input::rebalance::named;
use crate::graphql::object::rebalance::RebalancePlanObject;

/// Plans for giving somebody's open leads to colleagues of the pool.
#[derive(Default)]
pub struct RebalanceQuery;

#[Object]
impl RebalanceQuery {
    /// How a colleague's open leads would be given to others of the pool: who receives which, and why. Writes nothing. For administrators and those who
    /// lead the pool's team.
    async fn pool_rebalance_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pool.")] pool: ID,
        #[graphql(desc = "Who gives: a member who is away for long, or somebody who left.")] user: ID,
    ) -> Result<RebalancePlanObject> {
        let (pool, user) = named(&pool, &user).map_err(AppError::from).or_fault(ctx)?;
        Ok(rebalance::plan(app(ctx), caller(ctx)?, pool, user).await.or_fault(ctx)?.into())
    }
}
