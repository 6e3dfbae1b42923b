//! Training the chance to win.

use async_graphql::{Context, Object, Result};

use super::acted;
use super::payload::payloads;
use crate::app::forecast::{self, Asked, Retired};
use crate::graphql::input::forecast::{ForecastRetireInput, ForecastTrainInput};
use crate::graphql::object::forecast::ForecastModelObject;

payloads! {
    /// What `forecastTrain` answers.
    ForecastTrainPayload = |done: Asked| {
        /// The training, whose `state` and `progress` tell how far it is; absent when none was asked for because of errors.
        model: ForecastModelObject = Some(done.training.into()),
        ;
        /// Whether a training ran already: then it is that one.
        already_done = done.existed,
    }

    /// What `forecastRetire` answers.
    ForecastRetirePayload = |done: Retired| {
        /// The training of the model; absent when nothing was changed because of errors.
        model: ForecastModelObject = Some(done.training.into()),
        ;
        /// Whether the model was out of force before.
        already_done = done.already_done,
    }
}

/// Training the chance to win.
#[derive(Default)]
pub struct ForecastMutation;

/// Training the chance to win.
#[Object]
impl ForecastMutation {
    /// Asks for a training from the organisation's own closed passages. It runs in the background, one at a time; its model comes into force only when
    /// it is better than the one in force on later passages. Each day a training starts by itself.
    async fn forecast_train(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How it is asked for; an empty object will do.")] input: ForecastTrainInput,
    ) -> Result<ForecastTrainPayload> {
        acted!(ctx, |app, caller| forecast::train(app, caller, input.idempotency_key).await)
    }

    /// Takes a model out of force: rules are in charge until the next one.
    async fn forecast_retire(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The model.")] input: ForecastRetireInput,
    ) -> Result<ForecastRetirePayload> {
        acted!(ctx, |app, caller| {
            let model = input.read()?;
            forecast::retire(app, caller, model).await
        })
    }
}
