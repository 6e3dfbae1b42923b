//! Ratings that are owed.

use async_graphql::{Context, Object, Result};

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::page::Asked;

use super::connection::FeedbackOwedConnection;

/// Ratings that are owed.
#[derive(Default)]
pub struct FeedbackQuery;

#[Object]
impl FeedbackQuery {
    /// Ratings of accepted leads that were promised and not given in time, the longest owed first. Managers see what their department owes and what it is
    /// owed, admins all, and members of the departments what they owe themselves, wherever the lead is now.
    async fn feedback_overdue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<FeedbackOwedConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        Ok(app::feedback::overdue(app(ctx), caller(ctx)?, &args).await.or_fault(ctx)?.into())
    }
}
