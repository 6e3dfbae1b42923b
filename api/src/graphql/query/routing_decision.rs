//! Decisions about who gets a lead.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::id::RoutingDecisionId;

use crate::graphql::loader::related;
use crate::graphql::object::routing_decision::RoutingDecisionObject;

/// Decisions about who gets a lead.
#[derive(Default)]
pub struct RoutingDecisionQuery;

#[Object]
impl RoutingDecisionQuery {
    /// The account of one routing: why a lead went to whom it went, or waits; absent when it does not exist for the viewer. Those of a lead are its
    /// `decisions`.
    async fn routing_decision(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id.")] id: ID,
    ) -> Option<Result<RoutingDecisionObject>> {
        related(ctx, RoutingDecisionId::parse(&id).ok()).await
    }
}
