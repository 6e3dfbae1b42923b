//! Pairs of stored records that may be the same one, until somebody merges them or says that they are not.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::id::{AnyId, CompanyId, DuplicateId, PersonId, UserId};
use crate::matching::assess::{Assessment, FieldMatch, MatchBand};
use crate::matching::similarity::{Permille, WHOLE};
use crate::matching::weight::{BIT, Weight};

codes! {
    /// What kind of records a pair is of.
    pub enum DuplicateKind {
        /// Two people.
        Person = "PERSON",
        /// Two companies.
        Company = "COMPANY",
    }
}

codes! {
    /// What became of a pair.
    pub enum DuplicateState {
        /// Somebody has to look.
        Open = "OPEN",
        /// The two were merged into one.
        Merged = "MERGED",
        /// Somebody said that they are two. They are not shown again.
        Dismissed = "DISMISSED",
    }
}

/// The two records.
///
/// INVARIANT: the left one has the smaller id, so that a pair is one pair whichever side it was found from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DuplicatePair {
    /// Two people.
    Persons {
        /// The one with the smaller id.
        left: PersonId,
        /// The other one.
        right: PersonId,
    },
    /// Two companies.
    Companies {
        /// The one with the smaller id.
        left: CompanyId,
        /// The other one.
        right: CompanyId,
    },
}

impl DuplicatePair {
    /// A pair of people, whichever comes first; `None` when both are one.
    pub fn persons(one: PersonId, other: PersonId) -> Option<Self> {
        (one != other).then(|| Self::Persons { left: one.min(other), right: one.max(other) })
    }

    /// A pair of companies, whichever comes first; `None` when both are one.
    pub fn companies(one: CompanyId, other: CompanyId) -> Option<Self> {
        (one != other).then(|| Self::Companies { left: one.min(other), right: one.max(other) })
    }

    /// What kind of records they are.
    pub const fn kind(&self) -> DuplicateKind {
        match self {
            Self::Persons { .. } => DuplicateKind::Person,
            Self::Companies { .. } => DuplicateKind::Company,
        }
    }

    /// The ids, the smaller one first.
    pub const fn ids(&self) -> [AnyId; 2] {
        match *self {
            Self::Persons { left, right } => [AnyId::Person(left), AnyId::Person(right)],
            Self::Companies { left, right } => [AnyId::Company(left), AnyId::Company(right)],
        }
    }
}

/// Who settled a pair, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: Option<UserId>,
}

/// Two stored records that may be the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// Stable identity.
    pub id: DuplicateId,
    /// The two records.
    pub pair: DuplicatePair,
    /// How sure it is.
    pub band: MatchBand,
    /// Hundredths of a bit for the same one.
    pub weight: Weight,
    /// The fields that speak for and against it.
    pub fields: Vec<FieldMatch>,
    /// What became of it.
    pub state: DuplicateState,
    /// When it was found first, UTC.
    pub found_at: DateTime<Utc>,
    /// Who merged or dismissed it.
    pub settled: Option<Settled>,
}

impl Duplicate {
    /// A pair that was just found; `None` when the account takes them for two.
    pub fn found(id: DuplicateId, pair: DuplicatePair, account: &Assessment, now: DateTime<Utc>) -> Option<Self> {
        Some(Self {
            id,
            pair,
            band: account.band?,
            weight: account.weight,
            fields: account.fields.clone(),
            state: DuplicateState::Open,
            found_at: now,
            settled: None,
        })
    }

    /// How likely the two are the same one.
    pub fn likelihood(&self) -> Permille {
        likelihood(self.weight)
    }

    /// The pair as two after all. Nothing changes on one that is settled.
    #[must_use]
    pub fn dismiss(&self, by: UserId, now: DateTime<Utc>) -> Self {
        match self.state {
            DuplicateState::Open => {
                Self { state: DuplicateState::Dismissed, settled: Some(Settled { at: now, by: Some(by) }), ..self.clone() }
            }
            DuplicateState::Merged | DuplicateState::Dismissed => self.clone(),
        }
    }
}

/// What is stored of why a pair was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The fields that both sides have.
    pub fields: Vec<FieldMatch>,
}

/// The likelihood that belongs to a weight: odds of 2 to the number of bits.
pub fn likelihood(weight: Weight) -> Permille {
    let odds = (f64::from(weight) / f64::from(BIT)).exp2();
    crate::matching::similarity::permille(odds / (1.0 + odds))
}

/// The smallest weight of at least a likelihood; 1,000 asks for what rounds to it.
pub fn weight_of(least: Permille) -> Weight {
    // no pair has as many as 100 bits, and the likelihood never falls as the weight grows
    let (mut below, mut reaches) = (-100 * BIT, 100 * BIT);
    let least = least.min(WHOLE);
    while reaches - below > 1 {
        let middle = below + (reaches - below) / 2;
        if likelihood(middle) >= least { reaches = middle } else { below = middle }
    }
    reaches
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_pair_has_no_sides() {
        let (one, other) = (PersonId::from(uuid::Uuid::from_u128(1)), PersonId::from(uuid::Uuid::from_u128(2)));
        assert_eq!(DuplicatePair::persons(one, other), DuplicatePair::persons(other, one));
        assert_eq!(DuplicatePair::persons(one, one), None);
    }

    #[test]
    fn bits_are_odds() {
        assert_eq!(likelihood(0), 500);
        assert_eq!(likelihood(7 * BIT), 992);
        assert_eq!(likelihood(-10 * BIT), 1);
        assert_eq!(weight_of(500), 0);
    }

    proptest! {
        #[test]
        fn the_least_weight_reaches_the_likelihood(least in 1_u16..=1_000) {
            let weight = weight_of(least);
            prop_assert!(likelihood(weight) >= least && likelihood(weight - 1) < least);
        }
    }
}
