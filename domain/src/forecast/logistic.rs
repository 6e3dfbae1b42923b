//! Logistic regression: the challenger. Unlike naive Bayes it sees that fields say the same (a campaign and its channel) and counts that once.
//!
//! Ridge-penalised maximum likelihood over categories (le Cessie and van Houwelingen, 1992), by the limited-memory method of Broyden, Fletcher,
//! Goldfarb and Shanno (Nocedal, 1980) of the crate `lbfgs`. A row touches one weight a field, so a step costs rows times fields, whatever the
//! number of categories.

use std::collections::BTreeMap;

use lbfgs::Lbfgs;

use super::dataset::{LEVEL_ROWS_MIN, Rows};
use super::linear::{Linear, Numbered};
use super::{logistic_of, logit, number};

/// Half the penalty of a squared weight of one; holds rare values near the average.
pub const RIDGE: f64 = 3.0;
/// The most steps.
const STEPS_MAX: usize = 200;
/// The most times that a step is halved.
const HALVINGS_MAX: usize = 30;
/// Steps that the method remembers.
const MEMORY: usize = 8;
/// A slope that is flat, per row.
const FLAT: f64 = 1e-6;
/// How much of the promised descent a step must bring (Armijo, 1966).
const DESCENT: f64 = 1e-4;

/// Where each category's weight stands among all weights; the base stands first.
struct Places(Vec<Vec<Option<usize>>>);

impl Places {
    fn of(rows: &Rows<'_>) -> (Self, usize) {
        let mut next = 1;
        let mut column = |counts: Vec<super::dataset::Count>| {
            let place = |(number, count): (usize, super::dataset::Count)| {
                let told = number > 0 && count.rows >= LEVEL_ROWS_MIN;
                told.then(|| {
                    next += 1;
                    next - 1
                })
            };
            counts.into_iter().enumerate().map(place).collect()
        };
        let places: Vec<Vec<Option<usize>>> = rows.counts().into_iter().map(&mut column).collect();
        (Self(places), next)
    }

    fn row<'a>(&'a self, cells: &'a [u32]) -> impl Iterator<Item = usize> + 'a {
        let place = |(column, cell): (&Vec<Option<usize>>, &u32)| {
            usize::try_from(*cell).ok().and_then(|cell| column.get(cell).copied()?)
        };
        self.0.iter().zip(cells).filter_map(place)
    }
}

/// What is made small: the mean surprise of the rows and the penalty, with its slope.
struct Objective<'a> {
    rows: Rows<'a>,
    places: &'a Places,
    // rows that touch the same weights are reckoned once
    bundles: Vec<Bundle>,
}

/// Rows of equal categories.
struct Bundle {
    places: Vec<usize>,
    rows: f64,
    won: f64,
}

impl<'a> Objective<'a> {
    fn new(rows: Rows<'a>, places: &'a Places) -> Self {
        let mut alike: BTreeMap<Vec<usize>, (f64, f64)> = BTreeMap::new();
        for (cells, won) in rows.iter() {
            let bundle = alike.entry(places.row(cells).collect()).or_default();
            bundle.0 += 1.0;
            bundle.1 += f64::from(u8::from(won));
        }
        let bundles = alike.into_iter().map(|(places, (rows, won))| Bundle { places, rows, won }).collect();
        Self { rows, places, bundles }
    }

    fn at(&self, weights: &[f64], slope: &mut [f64]) -> f64 {
        let count = number(self.rows.len()).max(1.0);
        let mut value = 0.0;
        slope.fill(0.0);
        for bundle in &self.bundles {
            let log_odds =
                bundle.places.iter().filter_map(|place| weights.get(*place)).fold(base_of(weights), |sum, weight| sum + weight);
            value += bundle.rows * softplus(log_odds) - bundle.won * log_odds;
            let residual = bundle.rows * logistic_of(log_odds) - bundle.won;
            for place in std::iter::once(&0).chain(&bundle.places) {
                if let Some(part) = slope.get_mut(*place) {
                    *part += residual;
                }
            }
        }
        for (weight, part) in weights.iter().zip(slope.iter_mut()).skip(1) {
            value += RIDGE / 2.0 * weight * weight;
            *part += RIDGE * weight;
        }
        for part in slope.iter_mut() {
            *part /= count;
        }
        value / count
    }

    /// The weights so that each field adds nothing on average, and the base is that of the average row.
    fn centred(&self, weights: &[f64]) -> Numbered {
        let mut base = base_of(weights);
        let counts = self.rows.counts();
        let column = |(places, counts): (&Vec<Option<usize>>, Vec<super::dataset::Count>)| -> Vec<f64> {
            let weight = |place: &Option<usize>| place.and_then(|place| weights.get(place).copied());
            let known: f64 = counts.iter().skip(1).map(|count| f64::from(count.rows)).sum();
            let sum: f64 =
                places.iter().zip(&counts).map(|(place, count)| weight(place).unwrap_or(0.0) * f64::from(count.rows)).sum();
            let mean = if known > 0.0 { sum / known } else { 0.0 };
            base += mean;
            places.iter().map(|place| weight(place).map_or(0.0, |weight| weight - mean)).collect()
        };
        let weights = self.places.0.iter().zip(counts).map(column).collect();
        Numbered { base, weights }
    }
}

fn base_of(weights: &[f64]) -> f64 {
    weights.first().copied().unwrap_or(0.0)
}

/// `ln(1 + e^x)` without overflow.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Fits it.
pub fn fit(rows: &Rows<'_>) -> Linear {
    let (places, size) = Places::of(rows);
    let objective = Objective::new(*rows, &places);
    let mut weights = vec![0.0; size];
    if let Some(base) = weights.first_mut() {
        *base = logit((number(rows.won()) + 1.0) / (number(rows.len()) + 2.0));
    }
    descend(&objective, &mut weights);
    objective.centred(&weights).named(rows)
}

fn descend(objective: &Objective<'_>, weights: &mut Vec<f64>) {
    let mut memory = Lbfgs::new(weights.len(), MEMORY).with_sy_epsilon(1e-12);
    let mut slope = vec![0.0; weights.len()];
    let mut value = objective.at(weights, &mut slope);
    for _ in 0..STEPS_MAX {
        if slope.iter().all(|part| part.abs() < FLAT) {
            return;
        }
        memory.update_hessian(&slope, weights);
        let mut direction = slope.clone();
        memory.apply_hessian(&mut direction);
        let mut descent = dot(&direction, &slope);
        if descent <= 0.0 {
            direction.clone_from(&slope);
            descent = dot(&direction, &slope);
        }
        let Some(next) = search(objective, weights, &direction, value, descent, &mut slope) else { return };
        (value, *weights) = next;
    }
}

/// The first of a step, its half, its quarter and so on that descends enough.
fn search(
    objective: &Objective<'_>,
    weights: &[f64],
    direction: &[f64],
    value: f64,
    descent: f64,
    slope: &mut [f64],
) -> Option<(f64, Vec<f64>)> {
    let mut step = 1.0;
    for _ in 0..HALVINGS_MAX {
        let tried: Vec<f64> = weights.iter().zip(direction).map(|(weight, part)| weight - step * part).collect();
        let found = objective.at(&tried, slope);
        if found <= value - DESCENT * step * descent {
            return Some((found, tried));
        }
        step /= 2.0;
    }
    None
}
