//! Sessions.

use async_graphql::{Context, ID, Object};
use fairfall_persistence::repo::session::Session;

use crate::graphql::caller::caller;
use crate::graphql::scalar::{Timestamp, id};

use super::shows;

/// A session.
#[derive(Clone, Debug)]
pub struct SessionObject(pub Session);

shows!(SessionObject(Session));

/// A sign-in that lasts until it is ended, unused for too long, or too old.
#[Object(name = "Session")]
impl SessionObject {
    /// The id.
    async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// Whether it is the session in which this request is made.
    async fn current(&self, ctx: &Context<'_>) -> bool {
        caller(ctx).is_ok_and(|caller| caller.session == Some(self.0.id))
    }

    /// What the client called itself when it signed in.
    async fn client(&self) -> Option<String> {
        self.0.client.as_ref().map(ToString::to_string)
    }

    /// When it began.
    async fn created_at(&self) -> Timestamp {
        Timestamp(self.0.created_at)
    }

    /// When it was last used, to within a few minutes.
    async fn last_used_at(&self) -> Timestamp {
        Timestamp(self.0.last_used_at)
    }

    /// When it ends if it is not used before.
    async fn idle_expires_at(&self) -> Timestamp {
        Timestamp(self.0.idle_expires_at)
    }

    /// When it ends whatever happens.
    async fn absolute_expires_at(&self) -> Timestamp {
        Timestamp(self.0.absolute_expires_at)
    }
}
