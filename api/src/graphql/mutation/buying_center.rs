//! Buying centers: who plays which role, and which roles are needed.

use async_graphql::{Context, Object, Result};

use super::acted;
use super::payload::payloads;
use crate::app::buying_center::{self, RoleNoted};
use crate::graphql::input::buying_center::{BuyingNeedsUpdateInput, BuyingRolePutInput, BuyingRoleRemoveInput};
use crate::graphql::object::buying_center::{BuyingCenterObject, BuyingNeedsObject};

payloads! {
    /// What `buyingRolePut` answers.
    BuyingRolePutPayload = |done: RoleNoted| {
        /// The buying center with the role, for the product area of the role; absent when nothing was noted.
        buying_center: BuyingCenterObject = Some(done.center.into()),
        ;
        /// Whether the role was known before.
        already_done = done.already_done,
    }

    /// What `buyingRoleRemove` answers.
    BuyingRoleRemovePayload = |done: RoleNoted| {
        /// The buying center without the role, for the product area of the role; absent when nothing was forgotten.
        buying_center: BuyingCenterObject = Some(done.center.into()),
        ;
        /// Whether the role was not known before.
        already_done = done.already_done,
    }

    /// What `buyingNeedsUpdate` answers.
    BuyingNeedsUpdatePayload = |done: fairfall_domain::buying_center::BuyingNeeds| {
        /// The needs after the change; absent when nothing was changed.
        buying_needs: BuyingNeedsObject = Some(done.into()),
    }
}

/// Buying centers.
#[derive(Default)]
pub struct BuyingCenterMutation;

/// Buying centers.
#[Object]
impl BuyingCenterMutation {
    /// Notes that a person plays a role when a company buys. Doing it again changes nothing.
    async fn buying_role_put(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who plays which role where.")] input: BuyingRolePutInput,
    ) -> Result<BuyingRolePutPayload> {
        acted!(ctx, |app, caller| buying_center::put(app, caller, input.read()?).await)
    }

    /// Forgets that a person plays a role. Doing it again changes nothing. What the person's own record says stays.
    async fn buying_role_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who no longer plays which role where.")] input: BuyingRoleRemoveInput,
    ) -> Result<BuyingRoleRemovePayload> {
        acted!(ctx, |app, caller| buying_center::remove(app, caller, input.read()?).await)
    }

    /// Says which roles must be known before a sale is well prepared, by product area. For administrators and managers.
    async fn buying_needs_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The needed roles.")] input: BuyingNeedsUpdateInput,
    ) -> Result<BuyingNeedsUpdatePayload> {
        acted!(ctx, |app, caller| buying_center::set_needs(app, caller, input.into()).await)
    }
}
