//! Training: three slices by the time of opening. The first is learned from, the second calibrates and chooses between the learners, the last
//! decides whether the model is better than the one in force. What is put in force is what was judged; nothing is fitted again after that.

use super::calibrate;
use super::dataset::{Dataset, Rows};
use super::evaluate::{Evaluation, evaluate, log_loss};
use super::model::{Candidate, Findings, Importance, Learner, Model, Slice, Trained, TrainingReason};
use super::number;

/// The least won passages.
pub const WON_MIN: usize = 40;
/// The least passages that closed otherwise.
pub const NOT_WON_MIN: usize = 40;
/// The least of either kind in each of the later slices.
const LATER_MIN: usize = 5;
/// The share of the first slice and of the first two, in percent.
const LEARNED_PERCENT: usize = 60;
const CALIBRATED_PERCENT: usize = 80;

/// Trains on a table and judges against the model in force. `progress` is told the percents that are done.
pub fn train(dataset: &Dataset, running: Option<&Model>, progress: &mut dyn FnMut(u8)) -> Trained {
    let rows = dataset.rows();
    let won = rows.won();
    let mut findings =
        Findings { passages: short(rows.len()), won: short(won), refused: dataset.refused().to_vec(), ..Findings::default() };
    let refuse = |reason, findings| Trained { model: None, reason, findings };
    if won < WON_MIN {
        return refuse(TrainingReason::TooFewWon, findings);
    }
    if rows.len() - won < NOT_WON_MIN {
        return refuse(TrainingReason::TooFewNotWon, findings);
    }
    if dataset.columns().is_empty() {
        return refuse(TrainingReason::NoFields, findings);
    }
    let slices = Slices::of(dataset);
    findings.learned = span(&slices.learned);
    findings.calibrated = span(&slices.calibrated);
    findings.judged = span(&slices.judged);
    if !slices.can_decide() {
        return refuse(TrainingReason::LaterSliceTooThin, findings);
    }
    progress(10);
    let Some((candidates, chosen)) = compete(&slices, progress) else {
        return refuse(TrainingReason::LaterSliceTooThin, findings);
    };
    findings.running = running.and_then(|model| evaluate(&model.linear.score(&slices.judged), slices.share()));
    findings.evaluation = Some(chosen.evaluation.clone());
    findings.importance = importance(&chosen.model, &slices.learned);
    findings.candidates = candidates;
    let (is_better, reason) = verdict(&chosen.evaluation, findings.running.as_ref());
    progress(100);
    Trained { model: is_better.then_some(chosen.model), reason, findings }
}

struct Slices<'a> {
    learned: Rows<'a>,
    calibrated: Rows<'a>,
    judged: Rows<'a>,
}

impl<'a> Slices<'a> {
    fn of(dataset: &'a Dataset) -> Self {
        let count = dataset.rows().len();
        let first = dataset.cut(count * LEARNED_PERCENT / 100);
        let second = dataset.cut((count * CALIBRATED_PERCENT / 100).max(first));
        let slice = |range| dataset.slice(range);
        Self { learned: slice(0..first), calibrated: slice(first..second), judged: slice(second..count) }
    }

    fn can_decide(&self) -> bool {
        let both = |rows: &Rows<'_>| rows.won() >= LATER_MIN && rows.len() - rows.won() >= LATER_MIN;
        both(&self.learned) && both(&self.calibrated) && both(&self.judged)
    }

    /// The share that was won of all that is known before the last slice.
    fn share(&self) -> f64 {
        let won = self.learned.won() + self.calibrated.won();
        number(won) / number(self.learned.len() + self.calibrated.len())
    }
}

struct Chosen {
    model: Model,
    evaluation: Evaluation,
}

/// Fits both learners; the one with less surprise on the middle slice is chosen, the baseline when they are equal.
fn compete(slices: &Slices<'_>, progress: &mut dyn FnMut(u8)) -> Option<(Vec<Candidate>, Chosen)> {
    let learned_until = slices.calibrated.ended().last()?.opened_at;
    let mut candidates: Vec<Candidate> = Vec::with_capacity(Learner::ALL.len());
    let mut best: Option<(f64, Chosen)> = None;
    for (learner, done) in Learner::ALL.iter().copied().zip([40, 90]) {
        let raw = learner.fit(&slices.learned);
        let calibration = calibrate::fit(&raw.score(&slices.calibrated));
        let linear = raw.stretched(calibration.slope, calibration.offset);
        let surprise = log_loss(&linear.score(&slices.calibrated));
        let evaluation = evaluate(&linear.score(&slices.judged), slices.share())?;
        candidates.push(Candidate { learner, calibration, log_loss: surprise, evaluation: evaluation.clone() });
        if best.as_ref().is_none_or(|(lowest, _)| surprise < *lowest) {
            best = Some((surprise, Chosen { model: Model { learner, linear, learned_until }, evaluation }));
        }
        progress(done);
    }
    best.map(|(_, chosen)| (candidates, chosen))
}

/// Better is who is surprised less (a proper score: it rewards the right order and the right size at once), and orders better than chance.
fn verdict(new: &Evaluation, running: Option<&Evaluation>) -> (bool, TrainingReason) {
    if new.log_loss >= new.log_loss_of_share || new.auc <= 0.5 {
        return (false, TrainingReason::NotBetterThanShare);
    }
    match running {
        None => (true, TrainingReason::BetterThanShare),
        Some(running) if new.log_loss < running.log_loss => (true, TrainingReason::BetterThanRunning),
        Some(_) => (false, TrainingReason::NotBetterThanRunning),
    }
}

fn importance(model: &Model, rows: &Rows<'_>) -> Vec<Importance> {
    let numbered = model.linear.numbered(rows);
    let mut importance = Vec::new();
    for ((column, counts), weights) in rows.columns.iter().zip(rows.counts()).zip(numbered.weights) {
        let told = weights.iter().filter(|weight| **weight != 0.0).count();
        let sum: f64 = counts.iter().zip(&weights).map(|(count, weight)| f64::from(count.rows) * weight.abs()).sum();
        let mean_log_odds = sum / number(rows.len()).max(1.0);
        importance.push(Importance { field: column.field.clone(), values: short(told), mean_log_odds });
    }
    importance.sort_by(|a, b| b.mean_log_odds.total_cmp(&a.mean_log_odds).then_with(|| a.field.cmp(&b.field)));
    importance
}

fn span(rows: &Rows<'_>) -> Option<Slice> {
    let (first, last) = (rows.ended().first()?, rows.ended().last()?);
    Some(Slice { passages: short(rows.len()), won: short(rows.won()), from: first.opened_at, to: last.opened_at })
}

fn short(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
