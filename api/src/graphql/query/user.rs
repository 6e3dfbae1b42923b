//! Users.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::id::UserId;
use fairfall_domain::user::UserStatus;
use fairfall_persistence::repo::user::UserFilter;

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::code::Coded;
use crate::graphql::error::OrFault;
use crate::graphql::loader::related;
use crate::graphql::object::user::UserObject;
use crate::graphql::page::Asked;

use super::connection::UserConnection;

/// Users.
#[derive(Default)]
pub struct UserQuery;

#[Object]
impl UserQuery {
    /// A user; absent when it does not exist for the viewer.
    async fn user(&self, ctx: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> Option<Result<UserObject>> {
        related(ctx, UserId::parse(&id).ok()).await
    }

    /// Users that the viewer may see, the oldest accounts first.
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whether they may sign in; absent for all.")] status: Option<Coded<UserStatus>>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<UserConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        let filter = UserFilter { status: status.map(|status| status.0), ..UserFilter::default() };
        Ok(app::user::page(app(ctx), caller(ctx)?, filter, &args).await.or_fault(ctx)?.into())
    }
}
