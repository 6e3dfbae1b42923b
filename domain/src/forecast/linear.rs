//! The one form of both learners: a base and, per field, what its value adds, all in log-odds. Such a sum explains itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::dataset::{Rows, UNKNOWN};
use super::field::Field;
use super::logistic_of;
use super::snapshot::Snapshot;

/// What one field adds.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// The field.
    pub field: Field,
    /// Its value; nothing when it is known to be empty.
    pub value: Option<String>,
    /// What the value adds to the log-odds of the average lead: above zero speaks for a win, below against it.
    pub log_odds: f64,
}

/// Weights by the texts of categories, as stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Linear {
    /// The log-odds of a lead of which nothing is known.
    pub base: f64,
    /// What each value of each field adds; the empty text stands for an empty field.
    pub weights: BTreeMap<Field, BTreeMap<String, f64>>,
}

impl Linear {
    /// The log-odds of what is known.
    pub fn log_odds(&self, snapshot: &Snapshot) -> f64 {
        self.weights
            .iter()
            .filter_map(|(field, weights)| weights.get(snapshot.level(field)?))
            .fold(self.base, |sum, weight| sum + weight)
    }

    /// The probability of what is known.
    pub fn probability(&self, snapshot: &Snapshot) -> f64 {
        logistic_of(self.log_odds(snapshot))
    }

    /// What each field adds, the strongest first. With the base they sum up to the log-odds exactly.
    pub fn contributions(&self, snapshot: &Snapshot) -> Vec<Contribution> {
        let of = |(field, weights): (&Field, &BTreeMap<String, f64>)| {
            let value = snapshot.level(field)?;
            let log_odds = *weights.get(value)?;
            Some(Contribution { field: field.clone(), value: (!value.is_empty()).then(|| value.to_owned()), log_odds })
        };
        let mut contributions: Vec<Contribution> = self.weights.iter().filter_map(of).collect();
        contributions.sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()).then_with(|| a.field.cmp(&b.field)));
        contributions
    }

    /// The same after a calibration: log-odds stretched and moved.
    #[must_use]
    pub fn stretched(mut self, slope: f64, offset: f64) -> Self {
        self.base = self.base * slope + offset;
        for weight in self.weights.values_mut().flat_map(BTreeMap::values_mut) {
            *weight *= slope;
        }
        self
    }

    /// The weights for the numbers of a table.
    pub(crate) fn numbered(&self, rows: &Rows<'_>) -> Numbered {
        let weight = |field: &Field, level: &str| self.weights.get(field).and_then(|weights| weights.get(level)).copied();
        let column = |column: &super::dataset::Categories| {
            (0..column.size())
                .map(|number| column.level(number).and_then(|level| weight(&column.field, level)).unwrap_or(0.0))
                .collect()
        };
        Numbered { base: self.base, weights: rows.columns.iter().map(column).collect() }
    }

    /// The log-odds of each row with whether it was won.
    pub fn score(&self, rows: &Rows<'_>) -> Vec<(f64, bool)> {
        let numbered = self.numbered(rows);
        rows.iter().map(|(cells, won)| (numbered.log_odds(cells), won)).collect()
    }
}

/// Weights by the numbers of categories, for one table.
#[derive(Clone, Debug)]
pub(crate) struct Numbered {
    pub(crate) base: f64,
    pub(crate) weights: Vec<Vec<f64>>,
}

impl Numbered {
    pub(crate) fn log_odds(&self, cells: &[u32]) -> f64 {
        let weight = |(weights, cell): (&Vec<f64>, &u32)| {
            usize::try_from(*cell).ok().and_then(|cell| weights.get(cell).copied()).unwrap_or(0.0)
        };
        self.weights.iter().zip(cells).map(weight).fold(self.base, |sum, weight| sum + weight)
    }

    /// The weights by the texts of categories; those of nothing are left out.
    pub(crate) fn named(self, rows: &Rows<'_>) -> Linear {
        let mut named = Linear { base: self.base, weights: BTreeMap::new() };
        for (column, weights) in rows.columns.iter().zip(self.weights) {
            let level = |(number, weight): (usize, f64)| Some((column.level(number)?.to_owned(), weight));
            let told = weights.into_iter().enumerate().filter(|(number, weight)| *number > usize_of(UNKNOWN) && *weight != 0.0);
            let levels: BTreeMap<String, f64> = told.filter_map(level).collect();
            if !levels.is_empty() {
                named.weights.insert(column.field.clone(), levels);
            }
        }
        named
    }
}

fn usize_of(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
