//! The learned chance to win.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::id::ForecastModelId;

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::object::forecast::ForecastModelObject;
use crate::graphql::page::Asked;

use super::connection::ForecastModelConnection;

/// The learned chance to win.
#[derive(Default)]
pub struct ForecastQuery;

#[Object]
impl ForecastQuery {
    /// A training with its model; absent when it does not exist for the viewer.
    async fn forecast_model(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one; absent for the model in force.")] id: Option<ID>,
    ) -> Result<Option<ForecastModelObject>> {
        let known = id.as_ref().map(|id| ForecastModelId::parse(id)).transpose();
        let Ok(id) = known else { return Ok(None) };
        Ok(app::forecast::find(app(ctx), caller(ctx)?, id).await.or_fault(ctx)?.map(Into::into))
    }

    /// Trainings with their models, the last started first.
    async fn forecast_models(
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
    ) -> Result<ForecastModelConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        Ok(app::forecast::page(app(ctx), caller(ctx)?, &args).await.or_fault(ctx)?.into())
    }
}
