//! Territories.

use async_graphql::{Context, Object, Result};
use fairfall_domain::routing::Territory;

use super::acted;
use super::payload::payloads;
use crate::app::routing::territory;
use crate::graphql::input::territory::{TerritoryArchiveInput, TerritoryCreateInput, TerritoryUpdateInput};
use crate::graphql::object::territory::TerritoryObject;

payloads! {
    /// What `territoryCreate` answers.
    TerritoryCreatePayload = |done: Territory| {
        /// The new territory; absent when none was made.
        territory: TerritoryObject = Some(done.into()),
    }

    /// What `territoryUpdate` answers.
    TerritoryUpdatePayload = |done: Territory| {
        /// The territory after the change; absent when nothing was changed.
        territory: TerritoryObject = Some(done.into()),
    }

    /// What `territoryArchive` answers.
    TerritoryArchivePayload = |done: Territory| {
        /// The territory, out of use; absent when nothing was changed.
        territory: TerritoryObject = Some(done.into()),
    }
}

/// Territories: which team serves which part of the market.
#[derive(Default)]
pub struct TerritoryMutation;

#[Object]
impl TerritoryMutation {
    /// Makes a territory. All faults of the input are reported at once. For administrators, and for managers as far as all teams named are led by
    /// them.
    async fn territory_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The territory.")] input: TerritoryCreateInput,
    ) -> Result<TerritoryCreatePayload> {
        acted!(ctx, |app, caller| territory::create(app, caller, input.read()?).await)
    }

    /// Changes a territory. It holds for what is routed from now on. For administrators, and for managers as far as all teams named before and after
    /// are led by them.
    async fn territory_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The territory and what changes.")] input: TerritoryUpdateInput,
    ) -> Result<TerritoryUpdatePayload> {
        acted!(ctx, |app, caller| territory::update(app, caller, input.read()?).await)
    }

    /// Takes a territory out of use; decisions that name it keep it. Doing it again changes nothing.
    async fn territory_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The territory.")] input: TerritoryArchiveInput,
    ) -> Result<TerritoryArchivePayload> {
        acted!(ctx, |app, caller| {
            let (id, version) = input.read()?;
            territory::archive(app, caller, id, version).await
        })
    }
}
