//! Teams.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::id::TeamId;

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::loader::related;
use crate::graphql::object::team::TeamObject;
use crate::graphql::page::Asked;

use super::connection::TeamConnection;

/// Teams.
#[derive(Default)]
pub struct TeamQuery;

#[Object]
impl TeamQuery {
    /// A team; absent when it does not exist for the viewer.
    async fn team(&self, ctx: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> Option<Result<TeamObject>> {
        related(ctx, TeamId::parse(&id).ok()).await
    }

    /// Teams that the viewer may see, by key.
    async fn teams(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<TeamConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        Ok(app::team::page(app(ctx), caller(ctx)?, &args).await.or_fault(ctx)?.into())
    }
}
