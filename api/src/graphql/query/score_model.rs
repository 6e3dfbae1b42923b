//! Score models.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::scoring::ModelState;
use fairfall_persistence::repo::score_model::ScoreModelFilter;

use crate::app::{self, AppError};
use crate::graphql::caller::{app, caller};
use crate::graphql::code::Coded;
use crate::graphql::error::OrFault;
use crate::graphql::input::score_model::ScoreModelReplayInput;
use crate::graphql::object::score_model::ScoreModelObject;
use crate::graphql::object::score_replay::ScoreReplayObject;
use crate::graphql::page::Asked;

use super::connection::ScoreModelConnection;
use super::optional_id;

/// Score models.
#[derive(Default)]
pub struct ScoreModelQuery;

#[Object]
impl ScoreModelQuery {
    /// A model by which leads are scored; absent when it does not exist for the viewer.
    async fn score_model(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one; the one in force when absent.")] id: Option<ID>,
    ) -> Result<Option<ScoreModelObject>> {
        let id = optional_id(ctx, "id", id.as_ref())?;
        Ok(app::score_model::find(app(ctx), caller(ctx)?, id).await.or_fault(ctx)?.map(ScoreModelObject))
    }

    /// The models by which leads are, were or may be scored, the newest first.
    async fn score_models(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only in this state; absent for all.")] state: Option<Coded<ModelState>>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<ScoreModelConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        let filter = ScoreModelFilter { state: state.map(|state| state.0) };
        Ok(app::score_model::page(app(ctx), caller(ctx)?, filter, &args).await.or_fault(ctx)?.into())
    }

    /// Tries a model on the stored leads against the one in force: who would change grade and tier, by source, and how well both tell the won from
    /// the others. Writes nothing. For those who manage models.
    async fn score_model_replay(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which model, on which leads.")] input: ScoreModelReplayInput,
    ) -> Result<ScoreReplayObject> {
        let input = input.read().map_err(AppError::from).or_fault(ctx)?;
        Ok(app::score_model::replay(app(ctx), caller(ctx)?, input).await.or_fault(ctx)?.into())
    }
}
