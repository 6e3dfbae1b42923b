//! Trainings: each leaves an account, whether its model came into force or not.

use chrono::{DateTime, TimeDelta, Utc};

use crate::id::{ForecastModelId, UserId};

use super::model::{Findings, Learner, TrainingReason, TrainingState};

/// A training whose node has not been heard of for so long is taken as abandoned.
pub const SILENCE_MAX: TimeDelta = TimeDelta::seconds(60);

/// A training, its course and what it found.
#[derive(Clone, Debug, PartialEq)]
pub struct Training {
    /// Its id; that of its model too.
    pub id: ForecastModelId,
    /// Where it stands.
    pub state: TrainingState,
    /// Why it ended as it did; nothing while it runs.
    pub reason: Option<TrainingReason>,
    /// Percents that are done.
    pub progress: u8,
    /// What fitted the model; nothing without a model.
    pub learner: Option<Learner>,
    /// What was found; empty while it runs.
    pub findings: Findings,
    /// Who asked for it; nobody when it was due.
    pub started_by: Option<UserId>,
    /// When it was asked for, UTC.
    pub started_at: DateTime<Utc>,
    /// When its node was last heard of, UTC.
    pub heartbeat_at: DateTime<Utc>,
    /// When it ended, UTC.
    pub finished_at: Option<DateTime<Utc>>,
    /// When its model went out of force, UTC.
    pub retired_at: Option<DateTime<Utc>>,
}

impl Training {
    /// A training that was just asked for.
    pub fn begun(id: ForecastModelId, by: Option<UserId>, now: DateTime<Utc>) -> Self {
        Self {
            id,
            state: TrainingState::Running,
            reason: None,
            progress: 0,
            learner: None,
            findings: Findings::default(),
            started_by: by,
            started_at: now,
            heartbeat_at: now,
            finished_at: None,
            retired_at: None,
        }
    }
}
