//! The learned chance to win: what is known of a passage when it opens, learned from the passages that have closed.
//!
//! Rows of what was known ([`snapshot`]) become a table of categories ([`dataset`]), which refuses what was known only after the outcome and
//! whatever names the owner. Two learners fit weights to it ([`bayes`], [`logistic`]), both of one form ([`linear`]): a base and, per field, the
//! log-odds that its value adds, so that each probability explains itself. A later slice calibrates them ([`calibrate`]), and one later still
//! decides ([`evaluate`], [`train`]). While too little has closed, the grade's history speaks ([`history`]), and the answer says so
//! ([`probability`]).

pub mod bayes;
pub mod calibrate;
pub mod dataset;
pub mod evaluate;
pub mod field;
pub mod history;
pub mod linear;
pub mod logistic;
pub mod model;
pub mod probability;
pub mod snapshot;
pub mod train;
pub mod training;

#[cfg(test)]
mod tests;

/// A count as a number to reckon with; more than four thousand million are as good as that.
pub(crate) fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The logarithm of the odds of a probability.
pub(crate) fn logit(probability: f64) -> f64 {
    (probability / (1.0 - probability)).ln()
}

/// The probability of log-odds.
pub(crate) fn logistic_of(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}
