//! Naive Bayes with smoothing: the baseline.
//!
//! In the form of odds: each value multiplies the odds of the average by how much more often passages with it are won. The share of a value is
//! drawn towards the share of all by [`PSEUDO_ROWS`] rows (the m-estimate; Cestnik, 1990), so that a value seen twice says nearly nothing.

use super::dataset::{Count, LEVEL_ROWS_MIN, Rows};
use super::linear::{Linear, Numbered};
use super::{logit, number};

/// How many rows of the average each value starts with.
pub const PSEUDO_ROWS: f64 = 20.0;

/// Fits it.
pub fn fit(rows: &Rows<'_>) -> Linear {
    // one win and one loss of nobody (Laplace), so that the share is never 0 or 1
    let share = (number(rows.won()) + 1.0) / (number(rows.len()) + 2.0);
    let base = logit(share);
    let weight = |count: Count| {
        if count.rows < LEVEL_ROWS_MIN {
            return 0.0;
        }
        let drawn = (f64::from(count.won) + PSEUDO_ROWS * share) / (f64::from(count.rows) + PSEUDO_ROWS);
        logit(drawn) - base
    };
    let mut weights: Vec<Vec<f64>> = rows.counts().into_iter().map(|column| column.into_iter().map(weight).collect()).collect();
    // what is unknown says nothing
    for unknown in weights.iter_mut().filter_map(|column| column.first_mut()) {
        *unknown = 0.0;
    }
    Numbered { base, weights }.named(rows)
}
