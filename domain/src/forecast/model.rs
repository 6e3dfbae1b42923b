//! A trained model, and what its training found.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::code::codes;

use super::calibrate::Calibration;
use super::dataset::{RefusedField, Rows};
use super::evaluate::Evaluation;
use super::field::Field;
use super::linear::Linear;
use super::{bayes, logistic};

codes! {
    /// What fits the weights.
    pub enum Learner {
        /// Naive Bayes with smoothing: the baseline.
        NaiveBayes = "NAIVE_BAYES",
        /// Logistic regression with a ridge: the challenger.
        LogisticRegression = "LOGISTIC_REGRESSION",
    }
}

impl Learner {
    /// Fits weights to rows.
    pub fn fit(self, rows: &Rows<'_>) -> Linear {
        match self {
            Self::NaiveBayes => bayes::fit(rows),
            Self::LogisticRegression => logistic::fit(rows),
        }
    }
}

codes! {
    /// Where a training stands.
    pub enum TrainingState {
        /// It runs.
        Running = "RUNNING",
        /// Its model was not good enough, or there was too little to learn from.
        Rejected = "REJECTED",
        /// Its model gives the probabilities.
        InForce = "IN_FORCE",
        /// Its model gave them once.
        Retired = "RETIRED",
        /// It ended without a result.
        Failed = "FAILED",
    }
}

codes! {
    /// Why a training ended as it did.
    pub enum TrainingReason {
        /// Better than the model in force on passages that opened later than all that either has learned from.
        BetterThanRunning = "BETTER_THAN_RUNNING",
        /// The first that is better than the share that was won.
        BetterThanShare = "BETTER_THAN_SHARE",
        /// Fewer than 40 won passages.
        TooFewWon = "TOO_FEW_WON",
        /// Fewer than 40 passages that closed otherwise.
        TooFewNotWon = "TOO_FEW_NOT_WON",
        /// The later passages are too few, or all ended alike: they cannot decide.
        LaterSliceTooThin = "LATER_SLICE_TOO_THIN",
        /// No field is known that may be learned from.
        NoFields = "NO_FIELDS",
        /// No better than giving everybody the share that was won.
        NotBetterThanShare = "NOT_BETTER_THAN_SHARE",
        /// No better than the model in force.
        NotBetterThanRunning = "NOT_BETTER_THAN_RUNNING",
        /// The node that trained it went away.
        Abandoned = "ABANDONED",
        /// The node met a fault; its log tells which.
        Fault = "FAULT",
    }
}

/// A model: weights that are calibrated, and until when it has seen outcomes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// What fitted it.
    pub learner: Learner,
    /// The weights, after calibration.
    pub linear: Linear,
    /// It has learned from passages that opened until then, UTC.
    pub learned_until: DateTime<Utc>,
}

/// A slice of the passages, in order of opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    /// Passages.
    pub passages: u32,
    /// Passages that were won.
    pub won: u32,
    /// When the first was opened, UTC.
    pub from: DateTime<Utc>,
    /// When the last was opened, UTC.
    pub to: DateTime<Utc>,
}

/// How a learner did on the slices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The learner.
    pub learner: Learner,
    /// How its log-odds were stretched and moved on the middle slice.
    pub calibration: Calibration,
    /// The mean surprise on the middle slice after that; the lower one is chosen.
    pub log_loss: f64,
    /// Its figures on the last slice.
    pub evaluation: Evaluation,
}

/// How much a field tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Importance {
    /// The field.
    pub field: Field,
    /// Its categories that have a weight.
    pub values: u32,
    /// The mean of what it adds in either direction, in log-odds, over the rows learned from.
    pub mean_log_odds: f64,
}

/// All that a training found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// Passages that were learned from or judged by.
    pub passages: u32,
    /// Those that were won.
    pub won: u32,
    /// What was learned from.
    pub learned: Option<Slice>,
    /// What calibrated and chose.
    pub calibrated: Option<Slice>,
    /// What decided.
    pub judged: Option<Slice>,
    /// Both learners.
    pub candidates: Vec<Candidate>,
    /// The chosen learner's figures on the last slice.
    pub evaluation: Option<Evaluation>,
    /// The same of the model in force.
    pub running: Option<Evaluation>,
    /// How much each field tells, most first.
    pub importance: Vec<Importance>,
    /// Fields that were not learned from.
    pub refused: Vec<RefusedField>,
}

/// What a training ends with.
#[derive(Clone, Debug, PartialEq)]
pub struct Trained {
    /// The model, when it is to be put in force.
    pub model: Option<Model>,
    /// Why.
    pub reason: TrainingReason,
    /// What was found.
    pub findings: Findings,
}
