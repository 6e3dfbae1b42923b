//! Drafts of another routing.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::id::RoutingDraftId;
use fairfall_domain::routing::DraftState;
use fairfall_persistence::repo::routing_draft::RoutingDraftFilter;

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::code::Coded;
use crate::graphql::error::OrFault;
use crate::graphql::object::routing_draft::RoutingDraftObject;
use crate::graphql::page::Asked;

use super::connection::RoutingDraftConnection;

/// Drafts of another routing.
#[derive(Default)]
pub struct RoutingDraftQuery;

#[Object]
impl RoutingDraftQuery {
    /// A draft of another routing; absent when it does not exist for the viewer. For managers.
    async fn routing_draft(&self, ctx: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> Result<Option<RoutingDraftObject>> {
        let Ok(id) = RoutingDraftId::parse(&id) else { return Ok(None) };
        Ok(app::routing::draft::find(app(ctx), caller(ctx)?, id).await.or_fault(ctx)?.map(RoutingDraftObject))
    }

    /// Drafts of another routing, the newest first. For managers; others see none.
    async fn routing_drafts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only in this state; absent for all.")] state: Option<Coded<DraftState>>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<RoutingDraftConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        let filter = RoutingDraftFilter { state: state.map(|state| state.0) };
        Ok(app::routing::draft::page(app(ctx), caller(ctx)?, filter, &args).await.or_fault(ctx)?.into())
    }
}
