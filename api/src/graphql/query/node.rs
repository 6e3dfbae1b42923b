//! Anything by its id.

use async_graphql::{Context, ID, Object, Result};
use futures_util::future::try_join_all;

use crate::graphql::caller::caller;
use crate::graphql::error::bad_input;
use crate::graphql::object::node::{self, NodeObject};

/// Most ids that can be asked for at once.
pub const NODES_MAX: usize = 100;

/// Anything by its id.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The thing with an id; absent when it does not exist for the viewer.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> Option<Result<NodeObject>> {
        match caller(ctx) {
            Ok(_) => node::find(ctx, &id).await.transpose(),
            Err(error) => Some(Err(error)),
        }
    }

    /// The things with these ids, in the order of the ids; null where one does not exist for the viewer.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ids, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<NodeObject>>> {
        caller(ctx)?;
        if ids.len() > NODES_MAX {
            return Err(bad_input("ids", format!("at most {NODES_MAX} ids are allowed")));
        }
        try_join_all(ids.iter().map(|id| node::find(ctx, id))).await
    }
}
