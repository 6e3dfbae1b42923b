//! Pools.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::id::PoolId;
use fairfall_persistence::repo::pool::PoolFilter;

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::loader::related;
use crate::graphql::object::pool::PoolObject;
use crate::graphql::page::Asked;

use super::connection::PoolConnection;
use super::optional_id;

/// Pools.
#[derive(Default)]
pub struct PoolQuery;

#[Object]
impl PoolQuery {
    /// A pool; absent when it does not exist for the viewer.
    async fn pool(&self, ctx: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> Option<Result<PoolObject>> {
        related(ctx, PoolId::parse(&id).ok()).await
    }

    /// Pools by key, archived ones too.
    async fn pools(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this team; absent for all.")] team: Option<ID>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<PoolConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        let filter = PoolFilter { team: optional_id(ctx, "team", team.as_ref())? };
        Ok(app::routing::pool::page(app(ctx), caller(ctx)?, filter, &args).await.or_fault(ctx)?.into())
    }
}
