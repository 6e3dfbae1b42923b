//! Drafts of another routing.

use async_graphql::{Context, Object, Result};
use fairfall_domain::routing::RoutingDraft;

use super::acted;
use super::payload::payloads;
use crate::app::routing::publish::Published;
use crate::app::routing::{draft, publish};
use crate::graphql::input::routing_draft::{
    RoutingDraftCreateInput, RoutingDraftDiscardInput, RoutingDraftPublishInput, RoutingDraftUpdateInput,
};
use crate::graphql::object::pool::PoolObject;
use crate::graphql::object::routing_draft::RoutingDraftObject;
use crate::graphql::object::territory::TerritoryObject;

payloads! {
    /// What `routingDraftCreate` answers.
    RoutingDraftCreatePayload = |done: RoutingDraft| {
        /// The new draft; absent when none was made.
        draft: RoutingDraftObject = Some(done.into()),
    }

    /// What `routingDraftUpdate` answers.
    RoutingDraftUpdatePayload = |done: RoutingDraft| {
        /// The draft after the change; absent when nothing was changed.
        draft: RoutingDraftObject = Some(done.into()),
    }

    /// What `routingDraftDiscard` answers.
    RoutingDraftDiscardPayload = |done: RoutingDraft| {
        /// The draft, given up; absent when nothing was done.
        draft: RoutingDraftObject = Some(done.into()),
    }

    /// What `routingDraftPublish` answers.
    RoutingDraftPublishPayload = |done: Published| {
        /// The draft, put in force; absent when nothing was done.
        draft: RoutingDraftObject = Some(done.draft.into()),
        +
        /// The pools that were changed or made.
        pools: PoolObject = done.pools.into_iter().map(Into::into).collect(),
        /// The territories that were changed or made.
        territories: TerritoryObject = done.territories.into_iter().map(Into::into).collect(),
    }
}

/// Drafts of another routing.
#[derive(Default)]
pub struct RoutingDraftMutation;

#[Object]
impl RoutingDraftMutation {
    /// Makes a draft of another routing: changes over what is in force, to be tried before they are published. All faults are reported at once. For
    /// managers.
    async fn routing_draft_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft.")] input: RoutingDraftCreateInput,
    ) -> Result<RoutingDraftCreatePayload> {
        acted!(ctx, |app, caller| draft::create(app, caller, input.read()?).await)
    }

    /// Changes a draft. For managers.
    async fn routing_draft_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft and what changes.")] input: RoutingDraftUpdateInput,
    ) -> Result<RoutingDraftUpdatePayload> {
        acted!(ctx, |app, caller| draft::update(app, caller, input.read()?).await)
    }

    /// Gives a draft up. For managers.
    async fn routing_draft_discard(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft.")] input: RoutingDraftDiscardInput,
    ) -> Result<RoutingDraftDiscardPayload> {
        acted!(ctx, |app, caller| {
            let (id, expected) = input.read()?;
            draft::discard(app, caller, id, expected).await
        })
    }

    /// Puts a draft in force, all of it or nothing. Refused when anything that it changes was changed since it was made over it. For administrators.
    async fn routing_draft_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft.")] input: RoutingDraftPublishInput,
    ) -> Result<RoutingDraftPublishPayload> {
        acted!(ctx, |app, caller| {
            let (id, expected) = input.read()?;
            publish::publish(app, caller, id, expected).await
        })
    }
}
