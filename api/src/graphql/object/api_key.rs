//! Keys of partners.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::access::PartnerScope;
use fairfall_persistence::repo::api_key::ApiKey;

use crate::graphql::code::{Coded, coded};
use crate::graphql::loader::related;
use crate::graphql::scalar::{Timestamp, id};

use super::shows;
use super::user::UserObject;

/// A partner's key.
#[derive(Clone, Debug)]
pub struct ApiKeyObject(pub ApiKey);

shows!(ApiKeyObject(ApiKey));

/// A key with which a partner's machine signs its requests. The secret is shown once, when the key is made.
#[Object(name = "ApiKey")]
impl ApiKeyObject {
    /// The id.
    async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// What it is for, in words.
    async fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// What it may be used for.
    async fn scopes(&self) -> Vec<Coded<PartnerScope>> {
        coded(&self.0.scopes)
    }

    /// The partner's machine that it signs for.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, Some(self.0.user)).await
    }

    /// When it was made.
    async fn created_at(&self) -> Timestamp {
        Timestamp(self.0.created_at)
    }

    /// When it was revoked; absent while it works.
    async fn revoked_at(&self) -> Option<Timestamp> {
        self.0.revoked_at.map(Timestamp)
    }

    /// When it was last used, to within a minute; absent when never.
    async fn last_used_at(&self) -> Option<Timestamp> {
        self.0.last_used_at.map(Timestamp)
    }
}
