//! The learned chance to win: trainings, their models, and what they found.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use fairfall_domain::forecast::dataset::{FieldRefusal, RefusedField};
use fairfall_domain::forecast::evaluate::{Bin, Evaluation};
use fairfall_domain::forecast::model::{Candidate, Importance, Learner, Slice, TrainingReason, TrainingState};
use fairfall_domain::forecast::training::Training;

use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::{Timestamp, id, int};

use super::shows;
use super::user::UserObject;

/// A training and the model that it left.
#[derive(Clone, Debug)]
pub struct ForecastModelObject(pub Training);

shows!(ForecastModelObject(Training));

/// A training of the chance to win from the organisation's own closed passages, and the model that it left. Passages are put in order of their
/// opening: the first 60 percent are learned from, the next 20 calibrate and choose the learner, the last 20 decide.
#[Object(name = "ForecastModel")]
impl ForecastModelObject {
    /// The id.
    async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// Where it stands.
    async fn state(&self) -> Coded<TrainingState> {
        Coded(self.0.state)
    }

    /// Why it ended as it did; absent while it runs.
    async fn reason(&self) -> Option<Coded<TrainingReason>> {
        self.0.reason.map(Coded)
    }

    /// How much of the training is done, in percent.
    async fn progress(&self) -> i32 {
        i32::from(self.0.progress)
    }

    /// What fitted the model; absent without a model.
    async fn learner(&self) -> Option<Coded<Learner>> {
        self.0.learner.map(Coded)
    }

    /// Closed passages that were learned from or judged by. Those that opened so lately that a tenth of their like is still open are left out.
    async fn passages(&self) -> i32 {
        int(self.0.findings.passages)
    }

    /// How many of them were won.
    async fn won(&self) -> i32 {
        int(self.0.findings.won)
    }

    /// The passages that were learned from; absent when there were too few.
    async fn learned(&self) -> Option<ForecastSliceObject> {
        self.0.findings.learned.map(Into::into)
    }

    /// The passages that calibrated, and chose between the learners.
    async fn calibrated(&self) -> Option<ForecastSliceObject> {
        self.0.findings.calibrated.map(Into::into)
    }

    /// The passages that decided.
    async fn judged(&self) -> Option<ForecastSliceObject> {
        self.0.findings.judged.map(Into::into)
    }

    /// The figures of the chosen learner on the passages that decided.
    async fn evaluation(&self) -> Option<ForecastEvaluationObject> {
        self.0.findings.evaluation.as_ref().map(Into::into)
    }

    /// The figures of the model that was in force on the same passages; absent when none was.
    async fn running(&self) -> Option<ForecastEvaluationObject> {
        self.0.findings.running.as_ref().map(Into::into)
    }

    /// Both learners: the one with the lower log loss on the calibrating passages was chosen.
    async fn candidates(&self) -> Vec<ForecastCandidateObject> {
        self.0.findings.candidates.iter().map(Into::into).collect()
    }

    /// What each field contributes, most first; at most 40.
    async fn contributions(&self) -> Vec<ForecastFieldObject> {
        self.0.findings.importance.iter().map(Into::into).collect()
    }

    /// The fields that were not learned from, and why.
    async fn refused_fields(&self) -> Vec<RefusedFieldObject> {
        self.0.findings.refused.iter().take(REFUSED_MAX).map(Into::into).collect()
    }

    /// Who asked for it; absent when it was due by itself, and when the viewer may not see the user.
    async fn started_by(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.started_by).await
    }

    /// When it was asked for.
    async fn started_at(&self) -> Timestamp {
        Timestamp(self.0.started_at)
    }

    /// When the node that trains it was last heard of.
    async fn heartbeat_at(&self) -> Timestamp {
        Timestamp(self.0.heartbeat_at)
    }

    /// When it ended.
    async fn finished_at(&self) -> Option<Timestamp> {
        self.0.finished_at.map(Timestamp)
    }

    /// When its model went out of force.
    async fn retired_at(&self) -> Option<Timestamp> {
        self.0.retired_at.map(Timestamp)
    }
}

/// The most refused fields that are shown.
const REFUSED_MAX: usize = 100;

/// A slice of the closed passages, in order of their opening.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "ForecastSlice")]
pub struct ForecastSliceObject {
    /// How many passages.
    passages: i32,
    /// How many of them were won.
    won: i32,
    /// When the first was opened.
    from: Timestamp,
    /// When the last was opened.
    to: Timestamp,
}

impl From<Slice> for ForecastSliceObject {
    fn from(slice: Slice) -> Self {
        let Slice { passages, won, from, to } = slice;
        Self { passages: int(passages), won: int(won), from: Timestamp(from), to: Timestamp(to) }
    }
}

/// Figures of probabilities against outcomes, on passages that nothing was fitted to.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "ForecastEvaluation")]
pub struct ForecastEvaluationObject {
    /// How many passages.
    passages: i32,
    /// How many of them were won.
    won: i32,
    /// How often a won passage has a higher probability than one that was not won, ties half (area under the ROC curve): 0.5 is chance, 1 is best.
    auc: f64,
    /// The mean squared difference of probability and outcome (Brier score): 0 is best.
    brier: f64,
    /// The mean surprise, minus the natural logarithm of the probability of what came: 0 is best. It decides which model is better.
    log_loss: f64,
    /// The same when every passage gets the share that was won before.
    log_loss_of_share: f64,
    /// How far the shares of the bins are from what was foretold, on average.
    calibration_error: f64,
    /// How many times the average share the tenth with the highest probabilities was won.
    lift_of_tenth: f64,
    /// The passages in tenths by their probability, lowest first.
    bins: Vec<CalibrationBinObject>,
}

impl From<&Evaluation> for ForecastEvaluationObject {
    fn from(found: &Evaluation) -> Self {
        Self {
            passages: int(found.passages),
            won: int(found.won),
            auc: found.auc,
            brier: found.brier,
            log_loss: found.log_loss,
            log_loss_of_share: found.log_loss_of_share,
            calibration_error: found.calibration_error,
            lift_of_tenth: found.lift_of_tenth,
            bins: found.bins.iter().copied().map(Into::into).collect(),
        }
    }
}

/// Passages of like probabilities: what was foretold beside what came.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "CalibrationBin")]
pub struct CalibrationBinObject {
    /// How many passages.
    passages: i32,
    /// The lowest probability among them.
    from: f64,
    /// The highest probability among them.
    to: f64,
    /// The mean probability.
    predicted: f64,
    /// The share that was won.
    won: f64,
}

impl From<Bin> for CalibrationBinObject {
    fn from(bin: Bin) -> Self {
        let Bin { passages, from, to, predicted, won } = bin;
        Self { passages: int(passages), from, to, predicted, won }
    }
}

/// How a learner did.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "ForecastCandidate")]
pub struct ForecastCandidateObject {
    /// The learner.
    learner: Coded<Learner>,
    /// By how much its log-odds were stretched on the calibrating passages: below 1 it had been too sure.
    slope: f64,
    /// What was then added to its log-odds.
    offset: f64,
    /// Its log loss on the calibrating passages after that.
    log_loss: f64,
    /// Its figures on the passages that decided.
    evaluation: ForecastEvaluationObject,
}

impl From<&Candidate> for ForecastCandidateObject {
    fn from(candidate: &Candidate) -> Self {
        Self {
            learner: Coded(candidate.learner),
            slope: candidate.calibration.slope,
            offset: candidate.calibration.offset,
            log_loss: candidate.log_loss,
            evaluation: (&candidate.evaluation).into(),
        }
    }
}

/// What a field contributes to a model.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "ForecastField")]
pub struct ForecastFieldObject {
    /// The field, such as `channel` or `attribute.landing_page`.
    field: String,
    /// How many of its values have a weight.
    values: i32,
    /// What it adds in either direction, in log-odds, on average over the passages that were learned from.
    mean_log_odds: f64,
}

impl From<&Importance> for ForecastFieldObject {
    fn from(importance: &Importance) -> Self {
        let Importance { field, values, mean_log_odds } = importance;
        Self { field: field.to_string(), values: int(*values), mean_log_odds: *mean_log_odds }
    }
}

/// A field that was not learned from.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "RefusedForecastField")]
pub struct RefusedFieldObject {
    /// The field.
    field: String,
    /// Why.
    reason: Coded<FieldRefusal>,
    /// In how many passages.
    passages: i32,
}

impl From<&RefusedField> for RefusedFieldObject {
    fn from(refused: &RefusedField) -> Self {
        Self { field: refused.field.to_string(), reason: Coded(refused.reason), passages: int(refused.passages) }
    }
}
