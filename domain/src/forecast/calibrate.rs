//! Calibration: a learner's log-odds are stretched and moved so that on rows it has not seen the shares come out as told (Platt, 1999, with the
//! targets and the guarded Newton steps of Lin, Lin and Weng, 2007). Two figures, so that forty wins are enough; isotonic regression wants
//! thousands.

use serde::{Deserialize, Serialize};

use super::{logistic_of, number};

/// Newton steps at most.
const STEPS_MAX: usize = 100;
/// Keeps the matrix of second derivatives invertible.
const GUARD: f64 = 1e-9;

/// How log-odds are stretched and moved.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The factor; 1 when the learner was neither too sure nor too unsure, never below 0.
    pub slope: f64,
    /// What is added.
    pub offset: f64,
}

impl Calibration {
    /// The log-odds after it.
    pub fn apply(self, log_odds: f64) -> f64 {
        self.slope * log_odds + self.offset
    }
}

/// Fits it to log-odds of rows that the learner has not seen.
pub fn fit(scores: &[(f64, bool)]) -> Calibration {
    let won = number(scores.iter().filter(|(_, won)| *won).count());
    let rest = number(scores.len()) - won;
    let (high, low) = ((won + 1.0) / (won + 2.0), 1.0 / (rest + 2.0));
    let target = |won: bool| if won { high } else { low };
    let surprise = |fit: Calibration| -> f64 {
        let of = |(score, won): &(f64, bool)| {
            let x = fit.apply(*score);
            x.max(0.0) + (-x.abs()).exp().ln_1p() - target(*won) * x
        };
        scores.iter().map(of).sum()
    };
    let mut fit = Calibration { slope: 1.0, offset: 0.0 };
    let mut value = surprise(fit);
    for _ in 0..STEPS_MAX {
        let (mut g, mut h) = ([0.0; 2], [GUARD, 0.0, GUARD]);
        for (score, won) in scores {
            let p = logistic_of(fit.apply(*score));
            let (residual, spread) = (p - target(*won), p * (1.0 - p));
            g = [g[0] + residual * score, g[1] + residual];
            h = [h[0] + spread * score * score, h[1] + spread * score, h[2] + spread];
        }
        let determinant = h[0] * h[2] - h[1] * h[1];
        if determinant <= 0.0 || (g[0].abs() < 1e-8 && g[1].abs() < 1e-8) {
            break;
        }
        let step = [(h[2] * g[0] - h[1] * g[1]) / determinant, (h[0] * g[1] - h[1] * g[0]) / determinant];
        let Some((next, found)) = halve(fit, step, value, &surprise) else { break };
        (fit, value) = (next, found);
    }
    if fit.slope > 0.0 { fit } else { flat(won, rest) }
}

fn halve(from: Calibration, step: [f64; 2], value: f64, surprise: &impl Fn(Calibration) -> f64) -> Option<(Calibration, f64)> {
    let mut size = 1.0;
    while size > 1e-10 {
        let tried = Calibration { slope: from.slope - size * step[0], offset: from.offset - size * step[1] };
        let found = surprise(tried);
        if found < value {
            return Some((tried, found));
        }
        size /= 2.0;
    }
    None
}

/// What was learned says nothing on later rows, or the contrary: everybody gets the share of all.
fn flat(won: f64, rest: f64) -> Calibration {
    Calibration { slope: 0.0, offset: super::logit((won + 1.0) / (won + rest + 2.0)) }
}
