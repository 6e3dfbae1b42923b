//! Simulations of routing.

use async_graphql::{Context, Object, Result};

use crate::app::{self, AppError};
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::input::routing_simulation::{RoutingReplayInput, RoutingSimulateInput};
use crate::graphql::object::routing_replay::{RoutingReplayObject, RoutingSimulationObject};

/// Simulations of routing.
#[derive(Default)]
pub struct RoutingSimulationQuery;

#[Object]
impl RoutingSimulationQuery {
    /// Tells who would get a lead as it is typed here, and why: by the ledgers as they are now, under the configuration in force, a draft or changes.
    /// Writes nothing. For managers.
    async fn routing_simulate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead, and what is tried.")] input: RoutingSimulateInput,
    ) -> Result<RoutingSimulationObject> {
        let (lead, tried) = input.read().map_err(AppError::from).or_fault(ctx)?;
        Ok(Box::pin(app::routing::simulate::simulate(app(ctx), caller(ctx)?, lead, tried)).await.or_fault(ctx)?.into())
    }

    /// Routes the leads of a period anew, in the order in which they were routed, under the configuration in force, a draft or changes: who would have
    /// got another lead, what waited and why, how fair each pool would have been, and the load of each person and day. Writes nothing, and ends with
    /// the request. For managers: those of a department see what came to it.
    async fn routing_replay(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The period, and what is tried.")] input: RoutingReplayInput,
    ) -> Result<RoutingReplayObject> {
        let input = input.read().map_err(AppError::from).or_fault(ctx)?;
        Ok(Box::pin(app::routing::replay::replay(app(ctx), caller(ctx)?, input)).await.or_fault(ctx)?.into())
    }
}
