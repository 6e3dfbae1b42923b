//! Pools.

use async_graphql::{Context, Object, Result};
use fairfall_domain::routing::Pool;

use super::acted;
use super::payload::payloads;
use crate::app::routing::pool;
use crate::graphql::input::pool::{PoolArchiveInput, PoolCreateInput, PoolUpdateInput};
use crate::graphql::object::pool::PoolObject;

payloads! {
    /// What `poolCreate` answers.
    PoolCreatePayload = |done: Pool| {
        /// The new pool; absent when none was made.
        pool: PoolObject = Some(done.into()),
    }

    /// What `poolUpdate` answers.
    PoolUpdatePayload = |done: Pool| {
        /// The pool after the change; absent when nothing was changed.
        pool: PoolObject = Some(done.into()),
    }

    /// What `poolArchive` answers.
    PoolArchivePayload = |done: Pool| {
        /// The pool, out of use; absent when nothing was changed.
        pool: PoolObject = Some(done.into()),
    }
}

/// Pools: who of a team receives which tiers of leads in turn.
#[derive(Default)]
pub struct PoolMutation;

#[Object]
impl PoolMutation {
    /// Makes a pool. All faults of the input are reported at once. For administrators, and for managers of the team.
    async fn pool_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pool.")] input: PoolCreateInput,
    ) -> Result<PoolCreatePayload> {
        acted!(ctx, |app, caller| pool::create(app, caller, input.read()?).await)
    }

    /// Changes a pool. It holds for what is routed from now on. For administrators, and for managers of the team.
    async fn pool_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pool and what changes.")] input: PoolUpdateInput,
    ) -> Result<PoolUpdatePayload> {
        acted!(ctx, |app, caller| pool::update(app, caller, input.read()?).await)
    }

    /// Takes a pool out of use; decisions that name it keep it, and its tiers are free for another. Doing it again changes nothing.
    async fn pool_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pool.")] input: PoolArchiveInput,
    ) -> Result<PoolArchivePayload> {
        acted!(ctx, |app, caller| {
            let (id, version) = input.read()?;
            pool::archive(app, caller, id, version).await
        })
    }
}
