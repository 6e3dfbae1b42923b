//! Duplicates within a list: what an import and the benchmark ask for. Look-ups in a database follow the same keys and bounds.

use std::collections::{BTreeMap, BTreeSet};

use crate::matching::assess::{self, Assessment};
use crate::matching::key::{self, BLOCK_MAX};
use crate::matching::record::PersonRecord;

/// Two places in a list, the smaller one first.
pub type Pair = (usize, usize);

/// The pairs of people who share a blocking key. A block with more than [`BLOCK_MAX`] people pairs nobody.
pub fn candidates(people: &[PersonRecord]) -> BTreeSet<Pair> {
    let mut blocks: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (place, person) in people.iter().enumerate() {
        for key in key::of_person(person) {
            blocks.entry(key.number()).or_default().push(place);
        }
    }
    let mut pairs = BTreeSet::new();
    for block in blocks.values().filter(|block| block.len() <= BLOCK_MAX) {
        let members = || block.iter().enumerate();
        pairs
            .extend(members().flat_map(|(at, left)| members().skip(at.saturating_add(1)).map(move |(_, right)| (*left, *right))));
    }
    pairs
}

/// The pairs that are at least possible, with the account of each.
pub fn duplicates(people: &[PersonRecord]) -> Vec<(Pair, Assessment)> {
    let assessed = candidates(people).into_iter().filter_map(|(left, right)| {
        let assessment = assess::people(people.get(left)?, people.get(right)?);
        Some(((left, right), assessment))
    });
    assessed.filter(|(_, assessment)| assessment.band.is_some()).collect()
}

/// How well found pairs agree with the known ones, in permille.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quality {
    /// Found pairs that are right.
    pub precision: u64,
    /// Right pairs that are found.
    pub recall: u64,
    /// Harmonic mean of the two.
    pub f1: u64,
}

impl Quality {
    /// Counts pairs found against pairs known.
    pub fn of(found: &BTreeSet<Pair>, known: &BTreeSet<Pair>) -> Self {
        let count = |pairs: usize| u64::try_from(pairs).unwrap_or(u64::MAX);
        let right = count(found.intersection(known).count());
        let share = |part: u64, whole: u64| (part * 1_000).checked_div(whole).unwrap_or(1_000);
        let (found, known) = (count(found.len()), count(known.len()));
        Self { precision: share(right, found), recall: share(right, known), f1: share(2 * right, found + known) }
    }
}
