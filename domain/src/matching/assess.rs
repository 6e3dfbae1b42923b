//! The account of a comparison: its score, its band and why.

use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::matching::compare::{self, Compared};
use crate::matching::field::{Agreement, MatchField};
use crate::matching::record::{CompanyRecord, PersonRecord};
use crate::matching::similarity::Permille;
use crate::matching::weight::{BIT, Weight, weight};

codes! {
    /// How sure it is that two records are the same one, the surest first.
    pub enum MatchBand {
        /// People: the same e-mail address, or the same telephone number and name and no two addresses. Companies: the same register number, or the same name and
        /// domain. Attached without asking.
        Exact = "EXACT",
        /// Odds of 128 to 1 or better: somebody should look and will mostly merge.
        Likely = "LIKELY",
        /// Even odds or better, or one name differs and the rest agrees: relatives, colleagues, somebody who married.
        Possible = "POSSIBLE",
    }
}

/// What speaks against two records being the same one before a field is looked at: of the pairs that share a blocking key, about one in 500 is
/// (2^9).
const PRIOR: Weight = -9 * BIT;

/// Weight from which a pair is possible: even odds.
const POSSIBLE: Weight = 0;

/// Weight from which a pair is likely: odds of 128 to 1 (2^7).
const LIKELY: Weight = 7 * BIT;

/// Most that postal code, town, region, country and a person's company weigh together: they follow from one another.
const PLACE_MAX: Weight = 11 * BIT;

/// What fields other than the names must weigh together before two namesakes are taken for one person.
const SUPPORT_MIN: Weight = 2 * BIT;

/// One field of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldMatch {
    /// The field.
    pub field: MatchField,
    /// How far it agrees.
    pub agreement: Agreement,
    /// How alike the two texts are, in permille.
    pub similarity: Permille,
    /// Hundredths of a bit for (above zero) or against the same one.
    pub weight: Weight,
}

/// The account of a comparison. It holds no value of a field, so that it can be stored and shown to whoever may see both records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// How sure it is; `None` when the records are taken for different ones.
    pub band: Option<MatchBand>,
    /// Hundredths of a bit for or against the same one, with what was to be expected before looking.
    pub weight: Weight,
    /// The fields that both sides have.
    pub fields: Vec<FieldMatch>,
}

/// Compares two people.
pub fn people(left: &PersonRecord, right: &PersonRecord) -> Assessment {
    let found = Found(compare::people(left, right).into_iter().map(weighed).collect());
    let shared = left.email.as_ref().is_some_and(|email| email.mailbox.is_none());
    let weight = found.weight(is_place_of_person);
    let band = if found.same_person(shared) { Some(MatchBand::Exact) } else { found.ceiling(weight) };
    Assessment { band, weight, fields: found.0 }
}

/// Compares two companies.
pub fn companies(left: &CompanyRecord, right: &CompanyRecord) -> Assessment {
    let found = Found(compare::companies(left, right).into_iter().map(weighed).collect());
    let weight = found.weight(is_place_of_company);
    let band = if found.same_company() {
        Some(MatchBand::Exact)
    } else if found.is(MatchField::CompanyName, Agreement::Different) && !found.is(MatchField::RegisterNumber, Agreement::Same) {
        // houses share domains and addresses with their daughters
        None
    } else {
        band(weight)
    };
    Assessment { band, weight, fields: found.0 }
}

fn weighed(compared: Compared) -> FieldMatch {
    let Compared { field, agreement, similarity } = compared;
    FieldMatch { field, agreement, similarity, weight: weight(field, agreement) }
}

const fn is_place_of_company(field: MatchField) -> bool {
    matches!(field, MatchField::PostalCode | MatchField::City | MatchField::Region | MatchField::Country)
}

const fn is_place_of_person(field: MatchField) -> bool {
    matches!(field, MatchField::Company) || is_place_of_company(field)
}

const fn is_name(field: MatchField) -> bool {
    matches!(field, MatchField::GivenName | MatchField::FamilyName)
}

const fn band(weight: Weight) -> Option<MatchBand> {
    match weight {
        LIKELY.. => Some(MatchBand::Likely),
        POSSIBLE.. => Some(MatchBand::Possible),
        _ => None,
    }
}

/// The fields found, before a band is read from them.
struct Found(Vec<FieldMatch>);

impl Found {
    fn sum(&self, counts: impl Fn(MatchField) -> bool) -> Weight {
        self.0.iter().filter(|one| counts(one.field)).map(|one| one.weight).sum()
    }

    fn weight(&self, is_place: fn(MatchField) -> bool) -> Weight {
        PRIOR + self.sum(|field| !is_place(field)) + self.sum(is_place).min(PLACE_MAX)
    }

    fn is(&self, field: MatchField, agreement: Agreement) -> bool {
        self.0.iter().any(|one| one.field == field && one.agreement == agreement)
    }

    fn agrees(&self, field: MatchField) -> bool {
        self.is(field, Agreement::Same) || self.is(field, Agreement::Close)
    }

    fn names_different(&self) -> usize {
        self.0.iter().filter(|one| is_name(one.field) && one.agreement == Agreement::Different).count()
    }

    /// The rule of the exact match: nothing is weighed.
    fn same_person(&self, shared_mailbox: bool) -> bool {
        let one_mailbox = self.is(MatchField::Email, Agreement::Same) && (!shared_mailbox || self.names_different() == 0);
        let name_and_phone = [MatchField::GivenName, MatchField::FamilyName, MatchField::Phone];
        // two addresses may be those of father and son
        let addressed_apart = self.is(MatchField::Email, Agreement::Different);
        one_mailbox || (!addressed_apart && name_and_phone.iter().all(|field| self.is(*field, Agreement::Same)))
    }

    fn same_company(&self) -> bool {
        let named = self.is(MatchField::CompanyName, Agreement::Same);
        let registered =
            self.is(MatchField::RegisterNumber, Agreement::Same) && !self.is(MatchField::Country, Agreement::Different);
        (named && self.is(MatchField::Domain, Agreement::Same))
            || (registered && !self.is(MatchField::CompanyName, Agreement::Different))
    }

    /// The band of two people who are not the same for sure. Fields are not as independent as the sum of their weights takes them to be: those
    /// who live or work together share all but their names, and namesakes share nothing else.
    fn ceiling(&self, weight: Weight) -> Option<MatchBand> {
        let reached = self.agrees(MatchField::Email) || self.agrees(MatchField::Phone);
        let at_home = self.agrees(MatchField::Street);
        match self.names_different() {
            0 if self.sum(|field| !is_name(field)) < SUPPORT_MIN => None,
            0 => band(weight),
            1 if reached || at_home => band(weight).map(|_| MatchBand::Possible),
            _ => None,
        }
    }
}
