//! Custom attributes: what an organisation wants to know of a demand beside the usual.
//!
//! Values of keys that nobody defined are as free as texts are; those of a defined key must fit their definition, and criteria can ask for them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::id::AttributeId;
use crate::label::{Labels, check_labels};
use crate::value::Code;
use crate::violation::{ValueError, ViolationCode, Violations};
use crate::waterfall::lead::AttributeValue;

/// Most attributes that can be defined.
pub const DEFINED_MAX: usize = 200;
/// Most options of an attribute.
pub const OPTIONS_MAX: usize = 100;

codes! {
    /// What kind of value an attribute has.
    pub enum AttributeType {
        /// Yes or no.
        Flag = "FLAG",
        /// A whole number within bounds.
        Number = "NUMBER",
        /// A short text.
        Text = "TEXT",
        /// One of the options.
        Code = "CODE",
    }
}

codes! {
    /// Whether an attribute is used.
    pub enum AttributeStatus {
        /// It can be asked for by new criteria.
        Active = "ACTIVE",
        /// No new criterion asks for it; what there is goes on.
        Retired = "RETIRED",
    }
}

/// One of the values that an attribute can have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributeOption {
    /// What is stored.
    pub code: Code,
    /// What people read.
    pub labels: Labels,
}

/// What kind of value an attribute has, and which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE", deny_unknown_fields)]
pub enum AttributeKind {
    /// Yes or no.
    Flag,
    /// A whole number.
    Number {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// A short text.
    Text,
    /// One of several.
    Code {
        /// Which.
        options: Vec<AttributeOption>,
    },
}

/// An attribute as it was defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomAttribute {
    /// Its id.
    pub id: AttributeId,
    /// Counts the changes from 1.
    pub version: u32,
    /// The key under which leads have it; never changes.
    pub key: Code,
    /// Its name for people.
    pub labels: Labels,
    /// What kind of value it has.
    pub kind: AttributeKind,
    /// Whether it is used.
    pub status: AttributeStatus,
    /// When it was defined, UTC.
    pub created_at: DateTime<Utc>,
    /// When it last changed, UTC.
    pub updated_at: DateTime<Utc>,
}

/// Whether anything has values of an attribute, or asks for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeUse {
    /// A lead or an agreement does.
    Used,
    /// Nothing does.
    Unused,
}

/// What of a definition changes; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttributePatch {
    /// Its name.
    pub labels: Option<Labels>,
    /// Its bounds or options.
    pub kind: Option<AttributeKind>,
    /// Whether it is used.
    pub status: Option<AttributeStatus>,
}

impl AttributeKind {
    /// The kind alone.
    pub const fn of(&self) -> AttributeType {
        match self {
            Self::Flag => AttributeType::Flag,
            Self::Number { .. } => AttributeType::Number,
            Self::Text => AttributeType::Text,
            Self::Code { .. } => AttributeType::Code,
        }
    }

    /// What values it takes, in words.
    pub fn takes(&self) -> String {
        match self {
            Self::Flag => "true or false".to_owned(),
            Self::Number { min, max } => format!("a number from {min} to {max}"),
            Self::Text => "a short text".to_owned(),
            Self::Code { options } => {
                let codes: Vec<&str> = options.iter().map(|option| option.code.as_str()).collect();
                format!("one of {}", codes.join(", "))
            }
        }
    }

    /// Checks a value.
    ///
    /// # Errors
    /// What it takes instead.
    pub fn check_value(&self, value: &AttributeValue) -> Result<(), ValueError> {
        let code = match (self, value) {
            (Self::Flag, AttributeValue::Flag(_)) | (Self::Text, AttributeValue::Text(_)) => return Ok(()),
            (Self::Number { min, max }, AttributeValue::Number(number)) if (min..=max).contains(&number) => return Ok(()),
            (Self::Code { options }, AttributeValue::Text(text))
                if options.iter().any(|option| option.code.as_str() == text.as_str()) =>
            {
                return Ok(());
            }
            (Self::Number { .. }, AttributeValue::Number(_)) => ViolationCode::OutOfRange,
            (Self::Code { .. }, AttributeValue::Text(_)) => ViolationCode::UnknownValue,
            (Self::Flag | Self::Number { .. } | Self::Text | Self::Code { .. }, _) => ViolationCode::Malformed,
        };
        Err(ValueError::new(code, format!("expected {}", self.takes())))
    }

    /// Whether values that were good before would be none after.
    fn narrows_to(&self, after: &Self) -> bool {
        match (self, after) {
            (Self::Number { min, max }, Self::Number { min: least, max: most }) => least > min || most < max,
            (Self::Code { options }, Self::Code { options: after }) => {
                options.iter().any(|option| after.iter().all(|kept| kept.code != option.code))
            }
            (Self::Flag | Self::Number { .. } | Self::Text | Self::Code { .. }, _) => false,
        }
    }

    fn check(&self, faults: &mut Violations) {
        match self {
            Self::Flag | Self::Text => {}
            Self::Number { min, max } => {
                if min > max {
                    faults.add("max", ViolationCode::OutOfRange, "the most is below the least");
                }
            }
            Self::Code { options } => check_options(options, faults),
        }
    }
}

fn check_options(options: &[AttributeOption], faults: &mut Violations) {
    if options.is_empty() {
        faults.add("options", ViolationCode::Required, "an attribute of kind `CODE` needs options");
    }
    if options.len() > OPTIONS_MAX {
        faults.add("options", ViolationCode::TooLong, format!("at most {OPTIONS_MAX} options are allowed"));
    }
    for (index, option) in options.iter().enumerate() {
        check_labels(&format!("options.{index}.labels"), &option.labels, faults);
        if options.iter().take(index).any(|other| other.code == option.code) {
            faults.add(format!("options.{index}.code"), ViolationCode::Duplicate, "the same option is there already");
        }
    }
}

impl CustomAttribute {
    /// Defines an attribute.
    ///
    /// # Errors
    /// All faults of names, bounds and options.
    pub fn define(
        id: AttributeId,
        key: Code,
        labels: Labels,
        kind: AttributeKind,
        at: DateTime<Utc>,
    ) -> Result<Self, Violations> {
        let status = AttributeStatus::Active;
        let defined = Self { id, version: 1, key, labels, kind, status, created_at: at, updated_at: at };
        defined.check()?;
        Ok(defined)
    }

    /// Checks names, bounds and options.
    ///
    /// # Errors
    /// All faults.
    pub fn check(&self) -> Result<(), Violations> {
        let mut faults = Violations::new();
        check_labels("labels", &self.labels, &mut faults);
        self.kind.check(&mut faults);
        faults.into_result()
    }

    /// Whether a change takes values away, so that it must be known whether there are any.
    pub fn is_narrowed_by(&self, patch: &AttributePatch) -> bool {
        patch.kind.as_ref().is_some_and(|kind| self.kind.narrows_to(kind))
    }

    /// The definition after a change.
    ///
    /// # Errors
    /// All faults: another kind, and fewer values while there may be some of those that go.
    pub fn revise(&self, patch: AttributePatch, used: AttributeUse, at: DateTime<Utc>) -> Result<Self, Violations> {
        let mut faults = Violations::new();
        if patch.kind.as_ref().is_some_and(|kind| kind.of() != self.kind.of()) {
            let message = format!("the attribute is of kind `{}` and stays so: values were stored by it", self.kind.of());
            faults.add("kind", ViolationCode::Conflict, message);
        }
        if used == AttributeUse::Used && self.is_narrowed_by(&patch) {
            let (field, what) = match self.kind {
                AttributeKind::Code { .. } => ("options", "options can only be added"),
                AttributeKind::Number { min, .. } => {
                    let raised = matches!(&patch.kind, Some(AttributeKind::Number { min: least, .. }) if *least > min);
                    (if raised { "min" } else { "max" }, "bounds can only be widened")
                }
                AttributeKind::Flag | AttributeKind::Text => ("kind", "it cannot change"),
            };
            faults.add(field, ViolationCode::Conflict, format!("the attribute is used: {what}"));
        }
        let revised = Self {
            version: self.version.saturating_add(1),
            labels: patch.labels.unwrap_or_else(|| self.labels.clone()),
            kind: patch.kind.unwrap_or_else(|| self.kind.clone()),
            status: patch.status.unwrap_or(self.status),
            updated_at: at,
            ..self.clone()
        };
        if let Err(more) = revised.check() {
            faults.append(more);
        }
        faults.into_result()?;
        Ok(revised)
    }
}

/// All attributes that were defined, by key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttributeBook(BTreeMap<Code, CustomAttribute>);

impl AttributeBook {
    /// A book of these attributes.
    pub fn new(attributes: impl IntoIterator<Item = CustomAttribute>) -> Self {
        Self(attributes.into_iter().map(|attribute| (attribute.key.clone(), attribute)).collect())
    }

    /// The attribute of a key.
    pub fn get(&self, key: &Code) -> Option<&CustomAttribute> {
        self.0.get(key)
    }

    /// All attributes, by key.
    pub fn iter(&self) -> impl Iterator<Item = &CustomAttribute> {
        self.0.values()
    }

    /// Checks a value that is to be stored; those of keys that nobody defined are free.
    ///
    /// # Errors
    /// What the attribute takes instead.
    pub fn check_value(&self, key: &Code, value: &AttributeValue) -> Result<(), ValueError> {
        self.get(key).map_or(Ok(()), |attribute| attribute.kind.check_value(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::ShortText;

    fn options(codes: &[&str]) -> AttributeKind {
        let option = |code: &&str| AttributeOption { code: Code::parse(code).unwrap(), labels: Labels::new("o", "o") };
        AttributeKind::Code { options: codes.iter().map(option).collect() }
    }

    fn attribute(kind: AttributeKind) -> CustomAttribute {
        let (id, at) = (uuid::Uuid::from_u128(1).into(), DateTime::UNIX_EPOCH);
        CustomAttribute::define(id, Code::parse("plan").unwrap(), Labels::new("Tarif", "Plan"), kind, at).unwrap()
    }

    fn text(text: &str) -> AttributeValue {
        AttributeValue::Text(ShortText::parse(text).unwrap())
    }

    #[test]
    fn values_fit_their_definition() {
        let number = AttributeKind::Number { min: 1, max: 5 };
        let cases = [
            (AttributeKind::Flag, AttributeValue::Flag(true), Ok(())),
            (AttributeKind::Flag, AttributeValue::Number(1), Err(ViolationCode::Malformed)),
            (number.clone(), AttributeValue::Number(5), Ok(())),
            (number.clone(), AttributeValue::Number(6), Err(ViolationCode::OutOfRange)),
            (number, text("5"), Err(ViolationCode::Malformed)),
            (AttributeKind::Text, text("x"), Ok(())),
            (options(&["a", "b"]), text("b"), Ok(())),
            (options(&["a", "b"]), text("c"), Err(ViolationCode::UnknownValue)),
        ];
        for (kind, value, expected) in cases {
            assert_eq!(kind.check_value(&value).map_err(|error| error.code), expected, "{kind:?} {value:?}");
        }
        let told = options(&["a", "b"]).check_value(&text("c")).unwrap_err();
        assert_eq!(told.message, "expected one of a, b");
        let book = AttributeBook::new([attribute(AttributeKind::Flag)]);
        assert!(book.check_value(&Code::parse("plan").unwrap(), &text("x")).is_err());
        assert_eq!(book.check_value(&Code::parse("other").unwrap(), &text("x")), Ok(()));
    }

    #[test]
    fn a_used_attribute_only_grows_and_never_changes_its_kind() {
        let defined = attribute(options(&["a", "b"]));
        let patch = |kind| AttributePatch { kind: Some(kind), ..AttributePatch::default() };
        let at = DateTime::UNIX_EPOCH;
        for (kind, used, field) in [
            (options(&["a", "b", "c"]), AttributeUse::Used, None),
            (options(&["a"]), AttributeUse::Unused, None),
            (options(&["a"]), AttributeUse::Used, Some("options")),
            (options(&["a", "a"]), AttributeUse::Unused, Some("options.1.code")),
            (options(&[]), AttributeUse::Unused, Some("options")),
            (AttributeKind::Text, AttributeUse::Unused, Some("kind")),
        ] {
            let revised = defined.revise(patch(kind.clone()), used, at);
            let told = revised.as_ref().err().map(|faults| faults.as_slice()[0].field.as_str());
            assert_eq!(told, field, "{kind:?} {used:?}");
            assert!(revised.is_err() || revised.unwrap().version == 2);
        }
        let number = attribute(AttributeKind::Number { min: 0, max: 9 });
        let wider = patch(AttributeKind::Number { min: -1, max: 9 });
        assert!(number.revise(wider, AttributeUse::Used, at).is_ok());
        for (min, max, field) in [(0, 8, "max"), (1, 9, "min"), (1, 8, "min")] {
            let narrower = patch(AttributeKind::Number { min, max });
            assert_eq!(number.revise(narrower, AttributeUse::Used, at).unwrap_err().as_slice()[0].field, field);
        }
    }
}
