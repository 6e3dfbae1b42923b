//! Gates: independent, measurable criteria that must hold before a step.

use serde::{Deserialize, Serialize};

use crate::attribute::{AttributeBook, AttributeType};
use crate::code::codes;
use crate::label::{Labels, check_labels};
use crate::value::Code;
use crate::violation::{ViolationCode, Violations};

use super::catalogue::{Catalogue, Undefined, Values};
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
    /// Whether comparison and required value are of the type of the measure: what is asked of criteria that were stored, which may be older than the
    /// bounds of today.
    pub fn is_shaped(&self) -> bool {
        let ordered = matches!(self.measure.value_type(), MeasureType::Number | MeasureType::Ordinal | MeasureType::Any);
        match (self.comparison, &self.required) {
            (Comparison::Known, Required::Nothing) => true,
            (Comparison::AtLeast | Comparison::AtMost, required) => ordered && self.fits_type(required),
            (Comparison::Equals, required) => self.fits_type(required),
            (Comparison::OneOf | Comparison::NoneOf, Required::Codes(codes)) => {
                !codes.is_empty() && codes.iter().all(|code| self.fits_type(&Required::Code(code.clone())))
            }
            (Comparison::OneOf | Comparison::NoneOf | Comparison::Known, _) => false,
        }
    }

    /// Notes a criterion that is not shaped.
    pub fn check_shape(&self, field: &str, faults: &mut Violations) {
        if !self.is_shaped() {
            let message = format!("`{}` does not fit a measure of type `{}`", self.comparison, self.measure.value_type());
            faults.add(field, ViolationCode::Conflict, message);
        }
    }

    /// Checks what somebody typed against the catalogue; faults are named below `field`.
    pub fn check(&self, field: &str, catalogue: Catalogue<'_>, faults: &mut Violations) {
        check_labels(&format!("{field}.labels"), &self.labels, faults);
        if let Some(why) = self.measure.is_unavailable(catalogue.attributes).filter(|_| catalogue.undefined == Undefined::Refused)
        {
            faults.add(format!("{field}.attributeKey"), ViolationCode::NotFound, why);
            return;
        }
        let Some(values) = self.measure.values(catalogue.attributes) else {
            return self.check_shape(field, faults);
        };
        if let Some(message) = self.misfit(&values) {
            return faults.add(format!("{field}.comparison"), ViolationCode::Conflict, message);
        }
        let name = self.named();
        if let Some(code) = self.fault_of(&values) {
            let message = match self.comparison {
                Comparison::Known => "KNOWN takes no value".to_owned(),
                Comparison::OneOf | Comparison::NoneOf => match self.stranger(&values) {
                    Some(code) => format!("measure {name} takes {}; `{code}` is none of these", values.takes()),
                    None => format!("measure {name} takes {}; {} needs at least one", values.takes(), self.comparison),
                },
                Comparison::AtLeast | Comparison::AtMost | Comparison::Equals => {
                    format!("measure {name} takes {}", values.takes())
                }
            };
            faults.add(format!("{field}.required"), code, message);
        }
    }

    /// Which comparisons the measure takes, if the criterion has none of them.
    pub(crate) fn misfit(&self, values: &Values) -> Option<String> {
        let lawful = self.measure.comparisons(values);
        if lawful.contains(&self.comparison) {
            return None;
        }
        let told: Vec<&str> = lawful.iter().map(|comparison| comparison.as_str()).collect();
        let by = if let [only] = told.as_slice() { format!("{only} alone") } else { format!("one of {}", told.join(", ")) };
        Some(format!("measure {} is compared by {by}", self.named()))
    }

    /// The first of several codes that the measure does not take.
    fn stranger(&self, values: &Values) -> Option<&str> {
        let Required::Codes(codes) = &self.required else { return None };
        codes.iter().map(String::as_str).find(|code| !values.takes_code(code))
    }

    /// The measure as messages name it.
    fn named(&self) -> String {
        if let Measure::Attribute { key } = &self.measure {
            format!("{} `{key}`", self.measure.code())
        } else {
            self.measure.code().to_owned()
        }
    }

    /// What is wrong with the required value, if anything is.
    fn fault_of(&self, values: &Values) -> Option<ViolationCode> {
        let of_code = |code: &str| (!values.takes_code(code)).then_some(ViolationCode::UnknownValue);
        match (self.comparison, &self.required, values) {
            (Comparison::Known, Required::Nothing, _) | (Comparison::Equals, Required::Flag(_), Values::Flag) => None,
            (Comparison::OneOf | Comparison::NoneOf, Required::Codes(codes), _) if !codes.is_empty() => {
                codes.iter().find_map(|code| of_code(code))
            }
            (
                Comparison::AtLeast | Comparison::AtMost | Comparison::Equals,
                Required::Number(number),
                Values::Number { min, max },
            ) => (!(min..=max).contains(&number)).then_some(ViolationCode::OutOfRange),
            (
                Comparison::AtLeast | Comparison::AtMost | Comparison::Equals,
                Required::Code(code),
                Values::Ordinal(_) | Values::Closed(_) | Values::Open(_),
            ) => of_code(code),
            (
                Comparison::Known
                | Comparison::OneOf
                | Comparison::NoneOf
                | Comparison::AtLeast
                | Comparison::AtMost
                | Comparison::Equals,
                _,
                _,
            ) => Some(ViolationCode::Malformed),
        }
    }

    /// The same with the required value of an attribute in the type that its definition says: what was typed as `7` may be a text.
    #[must_use]
    pub fn adapted(self, attributes: &AttributeBook) -> Self {
        let Measure::Attribute { key } = &self.measure else { return self };
        let is_code =
            attributes.get(key).is_some_and(|attribute| matches!(attribute.kind.of(), AttributeType::Text | AttributeType::Code));
        let required = match self.required {
            Required::Number(number) if is_code => Required::Code(number.to_string()),
            Required::Flag(flag) if is_code => Required::Code(flag.to_string()),
            other => other,
        };
        Self { required, ..self }
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

    /// All criteria, those of groups after the others.
    pub fn criteria(&self) -> impl Iterator<Item = &Criterion> {
        self.all.iter().chain(self.any.iter().flat_map(|group| &group.criteria))
    }

    /// Checks what somebody typed against the catalogue; faults are named below `field`.
    pub fn check(&self, field: &str, catalogue: Catalogue<'_>, faults: &mut Violations) {
        if self.stage == OpenStage::Lead {
            faults.add(
                format!("{field}.stage"),
                ViolationCode::Conflict,
                "`LEAD` is entered by capture, no gate stands before it",
            );
        }
        check_criteria(&format!("{field}.all"), &self.all, catalogue, faults);
        if self.any.len() > GROUPS_MAX {
            faults.add(format!("{field}.any"), ViolationCode::TooLong, format!("at most {GROUPS_MAX} groups are allowed"));
        }
        for (index, group) in self.any.iter().enumerate() {
            let field = format!("{field}.any.{index}.criteria");
            if group.criteria.is_empty() {
                faults.add(field.as_str(), ViolationCode::Required, "a group needs a criterion");
            }
            check_criteria(&field, &group.criteria, catalogue, faults);
        }
        let keys: Vec<&Code> = self.criteria().map(|criterion| &criterion.key).collect();
        if let Some(key) = keys.iter().enumerate().find_map(|(index, key)| keys.iter().take(index).find(|other| *other == key)) {
            faults.add(field, ViolationCode::Duplicate, format!("two criteria have the key `{key}`"));
        }
    }
}

/// Checks a list of criteria against the catalogue; faults are named below `field`.
pub fn check_criteria(field: &str, criteria: &[Criterion], catalogue: Catalogue<'_>, faults: &mut Violations) {
    if criteria.len() > CRITERIA_MAX {
        faults.add(field, ViolationCode::TooLong, format!("at most {CRITERIA_MAX} criteria are allowed"));
    }
    for (index, criterion) in criteria.iter().enumerate() {
        criterion.check(&format!("{field}.{index}"), catalogue, faults);
    }
}

/// Most criteria of a list.
pub const CRITERIA_MAX: usize = 50;
/// Most groups of a gate.
pub const GROUPS_MAX: usize = 20;
