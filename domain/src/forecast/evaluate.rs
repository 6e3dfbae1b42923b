//! How good probabilities are on rows that nothing was fitted to.

use serde::{Deserialize, Serialize};

use super::{logistic_of, number};

/// Into how many parts rows are divided to compare what was told with what came.
pub const BINS: usize = 10;

/// Rows of like probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// How many rows.
    pub passages: u32,
    /// The lowest probability.
    pub from: f64,
    /// The highest probability.
    pub to: f64,
    /// The mean probability.
    pub predicted: f64,
    /// The share that was won.
    pub won: f64,
}

/// Figures of probabilities against outcomes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Rows.
    pub passages: u32,
    /// Rows that were won.
    pub won: u32,
    /// How often a row that was won has a higher probability than one that was not, ties half: 0.5 is chance (Hanley and `McNeil`, 1982).
    pub auc: f64,
    /// The mean squared difference of probability and outcome; 0 is best (Brier, 1950).
    pub brier: f64,
    /// The mean surprise: minus the logarithm of the probability of what came. 0 is best.
    pub log_loss: f64,
    /// The same when every row gets the share that was won before.
    pub log_loss_of_share: f64,
    /// How far the bins are from what came, on average.
    pub calibration_error: f64,
    /// How many times the average share the tenth with the highest probabilities was won.
    pub lift_of_tenth: f64,
    /// The rows in tenths by their probability, lowest first.
    pub bins: Vec<Bin>,
}

/// The area under the receiver operating characteristic by the ranks of Mann and Whitney; nothing when all ended alike.
pub fn auc(scores: &[(f64, bool)]) -> Option<f64> {
    let mut sorted = scores.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let won = number(sorted.iter().filter(|(_, won)| *won).count());
    let rest = number(sorted.len()) - won;
    let (mut ranks, mut before) = (0.0, 0.0);
    for tied in sorted.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let size = number(tied.len());
        let rank = before + f64::midpoint(size, 1.0);
        ranks += rank * number(tied.iter().filter(|(_, won)| *won).count());
        before += size;
    }
    (won > 0.0 && rest > 0.0).then(|| (ranks - won * (won + 1.0) / 2.0) / (won * rest))
}

/// The mean surprise of log-odds.
pub fn log_loss(scores: &[(f64, bool)]) -> f64 {
    let surprise = |(x, won): &(f64, bool)| x.max(0.0) + (-x.abs()).exp().ln_1p() - if *won { *x } else { 0.0 };
    scores.iter().map(surprise).sum::<f64>() / number(scores.len()).max(1.0)
}

/// Evaluates log-odds; nothing when all ended alike. `share` is the share that was won before.
pub fn evaluate(scores: &[(f64, bool)], share: f64) -> Option<Evaluation> {
    let auc = auc(scores)?;
    let mut sorted: Vec<(f64, bool)> = scores.iter().map(|(log_odds, won)| (logistic_of(*log_odds), *won)).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let count = number(sorted.len());
    let won = sorted.iter().filter(|(_, won)| *won).count();
    let brier = sorted.iter().map(|(p, won)| (p - f64::from(u8::from(*won))).powi(2)).sum::<f64>() / count;
    let constant: Vec<(f64, bool)> = scores.iter().map(|(_, won)| (super::logit(share), *won)).collect();
    let bins: Vec<Bin> = tenths(&sorted);
    let calibration_error = bins.iter().map(|bin| f64::from(bin.passages) * (bin.predicted - bin.won).abs()).sum::<f64>() / count;
    let lift_of_tenth = bins.last().map_or(0.0, |bin| bin.won) / (number(won) / count);
    Some(Evaluation {
        passages: u32::try_from(sorted.len()).unwrap_or(u32::MAX),
        won: u32::try_from(won).unwrap_or(u32::MAX),
        auc,
        brier,
        log_loss: log_loss(scores),
        log_loss_of_share: log_loss(&constant),
        calibration_error,
        lift_of_tenth,
        bins,
    })
}

fn tenths(sorted: &[(f64, bool)]) -> Vec<Bin> {
    let edge = |bin: usize| sorted.len() * bin / BINS;
    let bin = |number: usize| {
        let rows = sorted.get(edge(number)..edge(number + 1))?;
        let (from, to) = (rows.first()?.0, rows.last()?.0);
        let count = super::number(rows.len());
        Some(Bin {
            passages: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            from,
            to,
            predicted: rows.iter().map(|(p, _)| p).sum::<f64>() / count,
            won: super::number(rows.iter().filter(|(_, won)| *won).count()) / count,
        })
    };
    (0..BINS).filter_map(bin).collect()
}
