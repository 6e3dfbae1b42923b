//! Acts on models of the chance to win.

use async_graphql::{ID, InputObject};
use fairfall_domain::id::ForecastModelId;
use fairfall_domain::violation::Violations;

use super::{id, whole};

/// Asks for a training.
#[derive(Clone, Debug, InputObject)]
pub struct ForecastTrainInput {
    /// Makes a retry harmless: a second request with the same key answers what the first one made. Kept for a day; at most 200 characters.
    pub idempotency_key: Option<String>,
}

/// Takes a model out of force.
#[derive(Clone, Debug, InputObject)]
pub struct ForecastRetireInput {
    /// The model.
    pub model: ID,
}

impl ForecastRetireInput {
    /// The model.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self) -> Result<ForecastModelId, Violations> {
        let mut faults = Violations::new();
        let model = id(&mut faults, "model", &self.model);
        whole(faults, model)
    }
}
