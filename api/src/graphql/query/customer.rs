//! Customers.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::customer::CustomerStatus;
use fairfall_domain::id::CustomerId;
use fairfall_persistence::repo::customer::CustomerFilter;

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::code::Coded;
use crate::graphql::error::OrFault;
use crate::graphql::loader::related;
use crate::graphql::object::customer::CustomerObject;
use crate::graphql::page::Asked;

use super::connection::CustomerConnection;

/// Customers.
#[derive(Default)]
pub struct CustomerQuery;

#[Object]
impl CustomerQuery {
    /// A customer; absent when it does not exist for the viewer.
    async fn customer(&self, ctx: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> Option<Result<CustomerObject>> {
        related(ctx, CustomerId::parse(&id).ok()).await
    }

    /// Customers that the viewer may see, handed over last first.
    async fn customers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where the hand-over stands; absent for all.")] status: Option<Coded<CustomerStatus>>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<CustomerConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        let filter = CustomerFilter { status: status.map(|status| status.0), ..CustomerFilter::default() };
        Ok(app::customer::page(app(ctx), caller(ctx)?, filter, &args).await.or_fault(ctx)?.into())
    }

    /// Customers that wait to be taken over by the viewer's teams, the longest waiting first.
    async fn customers_waiting(
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
    ) -> Result<CustomerConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        Ok(app::customer::waiting(app(ctx), caller(ctx)?, &args).await.or_fault(ctx)?.into())
    }
}
