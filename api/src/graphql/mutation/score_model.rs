//! Score models, and scores set by hand.

use async_graphql::{Context, Object, Result};

use super::acted;
use super::score_payload::{
    LeadScoreOverrideEndPayload, LeadScoreOverridePayload, ScoreModelDraftPayload, ScoreModelPublishPayload,
    ScoreModelRevertPayload, ScoreModelUpdatePayload,
};
use crate::app::{score_model, score_override};
use crate::graphql::input::score_model::{
    ScoreModelDraftInput, ScoreModelPublishInput, ScoreModelRevertInput, ScoreModelUpdateInput,
};
use crate::graphql::input::score_override::{LeadScoreOverrideEndInput, LeadScoreOverrideInput};

/// Score models, and scores set by hand.
#[derive(Default)]
pub struct ScoreModelMutation;

/// Score models, and scores set by hand.
#[Object]
impl ScoreModelMutation {
    /// Makes a draft of a score model: a copy of the one in force or of another, or with rules of its own. All faults are reported at once.
    async fn score_model_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft.")] input: ScoreModelDraftInput,
    ) -> Result<ScoreModelDraftPayload> {
        acted!(ctx, |app, caller| {
            let (draft, key) = input.read()?;
            score_model::draft(app, caller, draft, key).await
        })
    }

    /// Changes a draft. What was in force stays as it was, so that its scores can be explained.
    async fn score_model_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft and what changes.")] input: ScoreModelUpdateInput,
    ) -> Result<ScoreModelUpdatePayload> {
        acted!(ctx, |app, caller| score_model::update(app, caller, input.read()?).await)
    }

    /// Puts a draft in force and retires the model that ran until now. New leads are scored by it at once, open ones in the background.
    async fn score_model_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft.")] input: ScoreModelPublishInput,
    ) -> Result<ScoreModelPublishPayload> {
        acted!(ctx, |app, caller| {
            let (model, expected) = input.read()?;
            score_model::publish(app, caller, model, expected).await
        })
    }

    /// Puts what a retired model says in force again, as a new model, and retires the one that ran until now.
    async fn score_model_revert(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The retired model.")] input: ScoreModelRevertInput,
    ) -> Result<ScoreModelRevertPayload> {
        acted!(ctx, |app, caller| {
            let (model, expected) = input.read()?;
            score_model::revert(app, caller, model, expected).await
        })
    }

    /// Sets a lead's score by hand, with a reason and an end. The rules go on counting beneath it. For managers.
    async fn lead_score_override(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead and what is said of it.")] input: LeadScoreOverrideInput,
    ) -> Result<LeadScoreOverridePayload> {
        acted!(ctx, |app, caller| {
            let (lead, expected, draft) = input.read()?;
            score_override::set(app, caller, lead, expected, draft).await
        })
    }

    /// Ends what was set by hand: the rules speak again. For managers.
    async fn lead_score_override_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead.")] input: LeadScoreOverrideEndInput,
    ) -> Result<LeadScoreOverrideEndPayload> {
        acted!(ctx, |app, caller| {
            let (lead, expected) = input.read()?;
            score_override::end(app, caller, lead, expected).await
        })
    }
}
