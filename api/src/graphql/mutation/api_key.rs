//! Keys of partners' machines.

use async_graphql::{Context, ID, Object, Result};

use super::acted;
use super::payload::payloads;
use crate::app::api_key::{self, CreatedKey};
use crate::graphql::input::api_key::{ApiKeyCreateInput, ApiKeyRevokeInput};
use crate::graphql::object::api_key::ApiKeyObject;
use crate::graphql::scalar;

/// A revoked key and whether it was revoked before.
pub struct Revoked {
    id: ID,
    already_done: bool,
}

payloads! {
    /// What `apiKeyCreate` answers.
    ApiKeyCreatePayload = |done: CreatedKey| {
        /// The new key; absent when none was made.
        api_key: ApiKeyObject = Some(done.key.into()),
        /// What the machine sends as bearer token. It is shown this once and not stored.
        secret: String = Some(done.secret),
    }

    /// What `apiKeyRevoke` answers.
    ApiKeyRevokePayload = |done: Revoked| {
        /// The id of the revoked key; absent when none was revoked.
        api_key: ID = Some(done.id),
        ;
        /// Whether it was revoked before.
        already_done = done.already_done,
    }
}

/// Keys of partners' machines.
#[derive(Default)]
pub struct ApiKeyMutation;

/// Keys of partners' machines.
#[Object]
impl ApiKeyMutation {
    /// Makes a key for a partner's machine. For administrators.
    async fn api_key_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key.")] input: ApiKeyCreateInput,
    ) -> Result<ApiKeyCreatePayload> {
        acted!(ctx, |app, caller| {
            let (user, name, scopes) = input.read()?;
            api_key::create(app, caller, user, &name, scopes).await
        })
    }

    /// Revokes a key: it works no more. For administrators.
    async fn api_key_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key.")] input: ApiKeyRevokeInput,
    ) -> Result<ApiKeyRevokePayload> {
        acted!(ctx, |app, caller| {
            let key = input.read()?;
            let revoked = api_key::revoke(app, caller, key).await?;
            Ok(Revoked { id: scalar::id(key), already_done: !revoked })
        })
    }
}
