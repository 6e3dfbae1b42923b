//! The agreements in force.

use chrono::{DateTime, Utc};

use crate::department::Department;

use super::Agreement;

/// All versions that were signed; tells which one governs at a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgreementBook {
    agreements: Vec<Agreement>,
}

impl AgreementBook {
    /// A book of these agreements.
    pub const fn new(agreements: Vec<Agreement>) -> Self {
        Self { agreements }
    }

    /// All agreements in the book.
    pub fn all(&self) -> &[Agreement] {
        &self.agreements
    }

    /// The agreement between two departments that holds at a time; the newest when several do.
    pub fn governing(&self, giving: Department, taking: Department, now: DateTime<Utc>) -> Option<&Agreement> {
        let between = self.agreements.iter().filter(|agreement| agreement.giving == giving && agreement.taking == taking);
        between.filter(|agreement| agreement.holds_at(now)).max_by_key(|agreement| (agreement.in_force_from, agreement.version))
    }
}
