//! Gates: independent, measurable criteria that must hold before a step.

use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::label::Labels;
use crate::value::Code;
use crate::violation::{ViolationCode, Violations};

use super::measure::{Evidence, Found, Measure, MeasureType};
use super::stage::OpenStage;

codes! {
    /// How a found value is compared with the required one.
    pub enum Comparison {
        /// At least; numbers and ordered codes.
        AtLeast = "AT_LEAST",
        /// At most; numbers and ordered codes.
        AtMost = "AT_MOST",
        /// The same.
        Equals = "EQUALS",
        /// One of several codes.
        OneOf = "ONE_OF",
        /// None of several codes; unknown does not meet it.
        NoneOf = "NONE_OF",
        /// Something is known; the required value is ignored and must be absent.
        Known = "KNOWN",
    }
}

/// The value a criterion requires.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Required {
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(i64),
    /// A code.
    Code(String),
    /// Several codes.
    Codes(Vec<String>),
    /// Nothing: for KNOWN.
    Nothing,
}

impl std::fmt::Display for Required {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Code(code) => f.write_str(code),
            Self::Codes(codes) => f.write_str(&codes.join(", ")),
            Self::Nothing => f.write_str("known"),
        }
    }
}

/// One criterion.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Its key within the agreement.
    pub key: Code,
    /// Its name for people.
    pub labels: Labels,
    /// What is measured.
    pub measure: Measure,
    /// How it is compared.
    pub comparison: Comparison,
    /// With what.
    pub required: Required,
}

/// A group of criteria of which at least one must hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnyOf {
    /// The criteria.
    pub criteria: Vec<Criterion>,
}

/// What must hold before a stage is entered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// The stage that is entered.
    pub stage: OpenStage,
    /// Criteria that must all hold.
    #[serde(default)]
    pub all: Vec<Criterion>,
    /// Groups of which at least one criterion each must hold.
    #[serde(default)]
    pub any: Vec<AnyOf>,
}

/// A criterion that does not hold, with what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmet {
    /// The criterion.
    pub criterion: Criterion,
    /// What was found instead.
    pub found: Found,
    /// The other ways to meet the same demand: the keys of the any-of group.
    pub alternatives: Vec<Code>,
}

impl Criterion {
    /// Checks that comparison and required value fit the measure.
    pub fn check(&self, faults: &mut Violations) {
        let field = format!("criteria.{}", self.key);
        let ordered = matches!(self.measure.value_type(), MeasureType::Number | MeasureType::Ordinal | MeasureType::Any);
        let fits = match (self.comparison, &self.required) {
            (Comparison::Known, Required::Nothing) => true,
            (Comparison::AtLeast | Comparison::AtMost, required) => ordered && self.fits_type(required),
            (Comparison::Equals, required) => self.fits_type(required),
            (Comparison::OneOf | Comparison::NoneOf, Required::Codes(codes)) => {
                !codes.is_empty() && codes.iter().all(|code| self.fits_type(&Required::Code(code.clone())))
            }
            (Comparison::OneOf | Comparison::NoneOf | Comparison::Known, _) => false,
        };
        if !fits {
            let message = format!("`{}` does not fit a measure of type `{}`", self.comparison, self.measure.value_type());
            faults.add(field, ViolationCode::Conflict, message);
        }
    }

    fn fits_type(&self, required: &Required) -> bool {
        match (self.measure.value_type(), required) {
            (MeasureType::Number | MeasureType::Any, Required::Number(_))
            | (MeasureType::Code | MeasureType::Any, Required::Code(_))
            | (MeasureType::Flag | MeasureType::Any, Required::Flag(_)) => true,
            (MeasureType::Ordinal, Required::Code(code)) => self.measure.order_of(code).is_some(),
            (MeasureType::Number | MeasureType::Ordinal | MeasureType::Code | MeasureType::Flag | MeasureType::Any, _) => false,
        }
    }

    /// Whether the found value meets the criterion.
    pub fn holds(&self, found: &Found) -> bool {
        match self.comparison {
            Comparison::Known => *found != Found::Unknown,
            Comparison::Equals => match (found, &self.required) {
                (Found::Flag(found), Required::Flag(required)) => found == required,
                (Found::Number(found), Required::Number(required)) => found == required,
                (Found::Code(found), Required::Code(required)) => found == required,
                (Found::Unknown | Found::Flag(_) | Found::Number(_) | Found::Code(_), _) => false,
            },
            Comparison::AtLeast => self.ordered(found).is_some_and(|(found, required)| found >= required),
            Comparison::AtMost => self.ordered(found).is_some_and(|(found, required)| found <= required),
            Comparison::OneOf => self.listed(found) == Some(true),
            Comparison::NoneOf => self.listed(found) == Some(false),
        }
    }

    fn ordered(&self, found: &Found) -> Option<(i64, i64)> {
        match (found, &self.required) {
            (Found::Number(found), Required::Number(required)) => Some((*found, *required)),
            (Found::Code(found), Required::Code(required)) => {
                Some((self.measure.order_of(found)?, self.measure.order_of(required)?))
            }
            (Found::Unknown | Found::Flag(_) | Found::Number(_) | Found::Code(_), _) => None,
        }
    }

    fn listed(&self, found: &Found) -> Option<bool> {
        match (found, &self.required) {
            (Found::Code(found), Required::Codes(codes)) => Some(codes.contains(found)),
            (Found::Unknown | Found::Flag(_) | Found::Number(_) | Found::Code(_), _) => None,
        }
    }
}

impl Gate {
    /// The criteria that do not hold; none when the gate is open.
    pub fn unmet(&self, evidence: &Evidence<'_>) -> Vec<Unmet> {
        let missed = |criterion: &Criterion, alternatives: Vec<Code>| {
            let found = criterion.measure.read(evidence);
            (!criterion.holds(&found)).then(|| Unmet { criterion: criterion.clone(), found, alternatives })
        };
        let mut unmet: Vec<Unmet> = self.all.iter().filter_map(|criterion| missed(criterion, Vec::new())).collect();
        for group in &self.any {
            let others = |own: &Code| group.criteria.iter().map(|other| &other.key).filter(|key| *key != own).cloned().collect();
            let failed: Vec<Unmet> =
                group.criteria.iter().filter_map(|criterion| missed(criterion, others(&criterion.key))).collect();
            if failed.len() == group.criteria.len() {
                unmet.extend(failed);
            }
        }
        unmet
    }

    /// Checks every criterion against the catalogue.
    pub fn check(&self, faults: &mut Violations) {
        self.all.iter().chain(self.any.iter().flat_map(|group| &group.criteria)).for_each(|criterion| criterion.check(faults));
    }
}
