//! What one is told.

use async_graphql::{Context, Object, Result};
use fairfall_persistence::repo::notification::Which;

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::object::notification::{NotificationConnection, NotificationSettingsObject};
use crate::graphql::page::Asked;

/// What one is told.
#[derive(Default)]
pub struct NotificationQuery;

#[Object]
impl NotificationQuery {
    /// What the viewer was told, the newest first. What was read is kept for 90 days after, what nobody read for a year.
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what was not read; all when absent.")] unread_only: Option<bool>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when absent.")] first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
    ) -> Result<NotificationConnection> {
        let args = Asked { first, after, ..Asked::default() }.read(ctx)?;
        let which = if unread_only == Some(true) { Which::Unread } else { Which::All };
        Ok(app::notification::page(app(ctx), caller(ctx)?, which, &args).await.or_fault(ctx)?.into())
    }

    /// How the viewer wants to be told; absent for those who are told nothing.
    async fn notification_settings(&self, ctx: &Context<'_>) -> Option<Result<NotificationSettingsObject>> {
        settings(ctx).await.transpose()
    }
}

async fn settings(ctx: &Context<'_>) -> Result<Option<NotificationSettingsObject>> {
    Ok(app::notification::settings(app(ctx), caller(ctx)?).await.or_fault(ctx)?.map(Into::into))
}
