//! Users: colleagues, and the machines of partners.

use async_graphql::{Context, Object, Result};

use super::acted;
use super::payload::{UserCreatePayload, UserSetPasswordPayload, UserUpdatePayload};
use crate::app::user;
use crate::graphql::input::user::{UserCreateInput, UserSetPasswordInput, UserUpdateInput};
use crate::graphql::scalar;

/// Users: colleagues, and the machines of partners.
#[derive(Default)]
pub struct UserMutation;

/// Users: colleagues, and the machines of partners.
#[Object]
impl UserMutation {
    /// Makes a user. All faults of the input are reported at once. For administrators.
    async fn user_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user.")] input: UserCreateInput,
    ) -> Result<UserCreatePayload> {
        acted!(ctx, |app, caller| user::create(app, caller, input.into()).await)
    }

    /// Changes a user. Nobody disables or demotes itself. For administrators.
    async fn user_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user and what changes.")] input: UserUpdateInput,
    ) -> Result<UserUpdatePayload> {
        acted!(ctx, |app, caller| user::update(app, caller, input.read()?).await)
    }

    /// Sets a password and ends all sessions of the user: one's own with the current one, another's by administrators.
    async fn user_set_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user and the passwords.")] input: UserSetPasswordInput,
    ) -> Result<UserSetPasswordPayload> {
        acted!(ctx, |app, caller| {
            let change = input.read(caller.actor.user)?;
            user::set_password(app, caller, change.user, change.new, change.current).await?;
            Ok(scalar::id(change.user))
        })
    }
}
