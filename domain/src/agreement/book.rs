//! The agreements that were signed.

use chrono::{DateTime, Utc};

use crate::department::Department;
use crate::id::AgreementId;
use crate::sla::rule::rule_for;
use crate::sla::{Clock, ClockRule};

use super::{Agreement, AgreementState, Matter};

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

    /// A version by its id: hand-overs and clocks run on under what they began under.
    pub fn by_id(&self, id: AgreementId) -> Option<&Agreement> {
        self.agreements.iter().find(|agreement| agreement.id == id)
    }

    /// The rule under which a clock was started.
    pub fn clock_rule(&self, clock: &Clock) -> Option<&ClockRule> {
        rule_for(&self.by_id(clock.agreement.id)?.clocks, clock.kind, clock.tier)
    }

    /// The agreement between two departments that holds for a lead at a time: of those whose scope fits it the narrowest, then the
    /// one that came in force last, then the higher version, then the key that comes later: one answer, whatever the order of the book.
    pub fn governing(
        &self,
        giving: Department,
        taking: Department,
        matter: &Matter<'_>,
        now: DateTime<Utc>,
    ) -> Option<&Agreement> {
        let between = self.agreements.iter().filter(|agreement| agreement.giving == giving && agreement.taking == taking);
        let newest = |agreement: &&Agreement| {
            let follows =
                |other: &Agreement| other.key == agreement.key && other.version > agreement.version && other.holds_at(now);
            !self.agreements.iter().any(follows)
        };
        let holding = between.filter(|agreement| agreement.holds_at(now)).filter(newest);
        let fitting = holding.filter_map(|agreement| Some((agreement.scope.fit(matter)?, agreement)));
        let rank = |fit, agreement: &Agreement| (fit, agreement.in_force_from, agreement.version);
        fitting
            .max_by(|(fit, one), (other_fit, other)| {
                rank(*fit, one).cmp(&rank(*other_fit, other)).then_with(|| one.key.cmp(&other.key))
            })
            .map(|(_, agreement)| agreement)
    }

    /// The agreements of other keys between the same departments that may be as narrow for the same lead, and hold or will hold: for such a lead
    /// the one that came in force last governs.
    pub fn overlapping<'a>(&'a self, own: &'a Agreement, now: DateTime<Utc>) -> impl Iterator<Item = &'a Agreement> {
        let between = self.agreements.iter().filter(|other| other.giving == own.giving && other.taking == own.taking);
        between.filter(move |other| {
            let runs = matches!(other.state_at(&self.agreements, now), AgreementState::InForce | AgreementState::Signed);
            other.key != own.key && runs && other.scope.is_as_narrow_for_some(&own.scope)
        })
    }
}
