//! The model in force and the grades' history, kept in memory: a probability costs no statement of its own. What changes on this node is seen at
//! once, what changes on others after [`MODEL_MS_MAX`].

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::forecast::history::GradeHistory;
use fairfall_domain::forecast::model::Model;
use fairfall_domain::id::ForecastModelId;
use fairfall_persistence::repo;
use tokio::sync::{Mutex, Notify};

use crate::app::{App, AppError};

/// For how long it is not asked again which model is in force, in milliseconds.
pub const MODEL_MS_MAX: i64 = 2_000;
/// For how long the grades' history is kept, in milliseconds.
pub const HISTORY_MS_MAX: i64 = 60_000;

/// The model in force with its id.
pub type InForce = Option<Arc<(ForecastModelId, Model)>>;

/// What is kept, and since when.
type Kept<T> = RwLock<Option<(DateTime<Utc>, T)>>;

/// What is kept.
#[derive(Debug, Default)]
pub struct ForecastCache {
    model: Kept<InForce>,
    history: Kept<Arc<GradeHistory>>,
    /// One reader at a time; the others take what it read.
    reading: Mutex<()>,
    /// Tells this node's worker that a training waits.
    pub wake: Notify,
}

impl ForecastCache {
    /// Forgets the model after a change.
    pub(super) fn forget(&self) {
        *self.model.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

fn kept<T: Clone>(kept: &Kept<T>, now: DateTime<Utc>, ms_max: i64) -> Option<T> {
    let (read_at, value) = kept.read().unwrap_or_else(PoisonError::into_inner).clone()?;
    let age = now - read_at;
    (age >= TimeDelta::zero() && age <= TimeDelta::milliseconds(ms_max)).then_some(value)
}

fn keep<T>(kept: &Kept<T>, now: DateTime<Utc>, value: T) {
    *kept.write().unwrap_or_else(PoisonError::into_inner) = Some((now, value));
}

impl App {
    /// The model in force, at most [`MODEL_MS_MAX`] old. The model itself is read only when another is in force than before.
    pub(super) async fn model_in_force(&self) -> Result<InForce, AppError> {
        let cache = self.forecast_cache();
        if let Some(model) = kept(&cache.model, self.now(), MODEL_MS_MAX) {
            return Ok(model);
        }
        let _reading = cache.reading.lock().await;
        if let Some(model) = kept(&cache.model, self.now(), MODEL_MS_MAX) {
            return Ok(model);
        }
        let now = self.now();
        let id = repo::forecast_model::id_in_force(&self.reader()).await?;
        let before = cache.model.read().unwrap_or_else(PoisonError::into_inner).clone().and_then(|(_, model)| model);
        let model = match (id, before) {
            (Some(id), Some(before)) if before.0 == id => Some(before),
            (Some(id), _) => repo::forecast_model::find_model(&self.reader(), id).await?.map(|model| Arc::new((id, model))),
            (None, _) => None,
        };
        keep(&cache.model, now, model.clone());
        Ok(model)
    }

    /// The grades' history, at most [`HISTORY_MS_MAX`] old.
    pub(super) async fn grade_history(&self) -> Result<Arc<GradeHistory>, AppError> {
        let cache = self.forecast_cache();
        if let Some(history) = kept(&cache.history, self.now(), HISTORY_MS_MAX) {
            return Ok(history);
        }
        let _reading = cache.reading.lock().await;
        if let Some(history) = kept(&cache.history, self.now(), HISTORY_MS_MAX) {
            return Ok(history);
        }
        let now = self.now();
        let history = Arc::new(repo::passage_features::grade_history(&self.reader()).await?);
        keep(&cache.history, now, Arc::clone(&history));
        Ok(history)
    }
}
