//! Sessions and partners' keys.

use async_graphql::{Context, Object, Result};

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::object::api_key::ApiKeyObject;
use crate::graphql::object::session::SessionObject;

/// Sessions and partners' keys.
#[derive(Default)]
pub struct SessionQuery;

#[Object]
impl SessionQuery {
    /// The viewer's sessions that have not ended, used last first.
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Vec<SessionObject>> {
        let sessions = app::session::list(app(ctx), caller(ctx)?).await.or_fault(ctx)?;
        Ok(sessions.into_iter().map(SessionObject).collect())
    }

    /// Keys of partners, for those who manage them.
    async fn api_keys(&self, ctx: &Context<'_>) -> Result<Vec<ApiKeyObject>> {
        let keys = app::api_key::list(app(ctx), caller(ctx)?).await.or_fault(ctx)?;
        Ok(keys.into_iter().map(ApiKeyObject).collect())
    }
}
