//! Custom attributes as they are typed.

use async_graphql::{ID, InputObject};
use fairfall_domain::attribute::{AttributeKind, AttributeOption, AttributePatch, AttributeStatus, AttributeType};
use fairfall_domain::value::Code;
use fairfall_domain::violation::{ViolationCode, Violations};

use super::criterion::LabelsInput;
use super::{id, whole};
use crate::app::attribute::{AttributeDraft, AttributeUpdate};
use crate::graphql::code::Coded;
use crate::graphql::scalar::BigInt;

/// One of the values that an attribute of kind CODE can have.
#[derive(Clone, Debug, InputObject)]
pub struct AttributeOptionInput {
    /// What leads have: letters, digits, `-`, `_` and `.`.
    pub code: String,
    /// What people read.
    pub labels: LabelsInput,
}

/// An attribute of leads beside the usual ones.
#[derive(Clone, Debug, InputObject)]
pub struct AttributeCreateInput {
    /// The key under which leads have it: letters, digits, `-`, `_` and `.`. It never changes.
    pub key: String,
    /// Its name for people.
    pub labels: LabelsInput,
    /// What kind of value it has. It never changes.
    pub kind: Coded<AttributeType>,
    /// The least number, for the kind NUMBER.
    pub min: Option<BigInt>,
    /// The largest number, for the kind NUMBER.
    pub max: Option<BigInt>,
    /// The options, 1 to 100, for the kind CODE.
    pub options: Option<Vec<AttributeOptionInput>>,
    /// Makes a retry harmless: a second request with the same key answers what the first one made. Kept for a day; at most 200 characters.
    pub idempotency_key: Option<String>,
}

/// A change of an attribute. What is omitted stays. While a lead has a value of it or an agreement asks for it, options are only added and bounds only
/// widened.
#[derive(Clone, Debug, InputObject)]
pub struct AttributeUpdateInput {
    /// The attribute.
    pub attribute: ID,
    /// Its name for people.
    pub labels: Option<LabelsInput>,
    /// The least number, for the kind NUMBER.
    pub min: Option<BigInt>,
    /// The largest number, for the kind NUMBER.
    pub max: Option<BigInt>,
    /// The options, all of them, for the kind CODE.
    pub options: Option<Vec<AttributeOptionInput>>,
    /// Whether it is used.
    pub status: Option<Coded<AttributeStatus>>,
    /// The `version` that the change was made on; when it has changed since, nothing is done.
    pub expected_version: Option<u32>,
}

fn options(typed: Vec<AttributeOptionInput>, faults: &mut Violations) -> Vec<AttributeOption> {
    let read = (0..).zip(typed).filter_map(|(place, option): (usize, AttributeOptionInput)| {
        let code = faults.check(format!("options.{place}.code"), Code::parse(&option.code))?;
        Some(AttributeOption { code, labels: option.labels.into() })
    });
    read.collect()
}

impl AttributeCreateInput {
    fn values(&mut self, faults: &mut Violations) -> AttributeKind {
        let (min, max) = (self.min.map(|bound| bound.0), self.max.map(|bound| bound.0));
        let typed = self.options.take();
        let kind = self.kind.0;
        if kind != AttributeType::Number && (min.is_some() || max.is_some()) {
            faults.add("min", ViolationCode::Conflict, "only an attribute of kind `NUMBER` has bounds");
        }
        if kind != AttributeType::Code && typed.is_some() {
            faults.add("options", ViolationCode::Conflict, "only an attribute of kind `CODE` has options");
        }
        match kind {
            AttributeType::Flag => AttributeKind::Flag,
            AttributeType::Text => AttributeKind::Text,
            AttributeType::Code => AttributeKind::Code { options: options(typed.unwrap_or_default(), faults) },
            AttributeType::Number => {
                for (field, bound) in [("min", min), ("max", max)] {
                    if bound.is_none() {
                        faults.add(field, ViolationCode::Required, "must be given for the kind `NUMBER`");
                    }
                }
                AttributeKind::Number { min: min.unwrap_or(i64::MIN), max: max.unwrap_or(i64::MAX) }
            }
        }
    }

    /// The attribute for the use case.
    ///
    /// # Errors
    /// Bounds and options that do not belong to the kind.
    pub fn read(mut self) -> Result<AttributeDraft, Violations> {
        let mut faults = Violations::new();
        let kind = self.values(&mut faults);
        let (key, labels, idempotency_key) = (self.key, self.labels.into(), self.idempotency_key);
        whole(faults, Some(AttributeDraft { key, labels, kind, idempotency_key }))
    }
}

impl AttributeUpdateInput {
    /// The change for the use case.
    ///
    /// # Errors
    /// A malformed id or option.
    pub fn read(self) -> Result<AttributeUpdate, Violations> {
        let mut faults = Violations::new();
        let attribute = id(&mut faults, "attribute", &self.attribute);
        let kind = self.options.map(|typed| AttributeKind::Code { options: options(typed, &mut faults) });
        let (labels, status) = (self.labels.map(Into::into), self.status.map(|status| status.0));
        let (bounds, expected_version) = ((self.min.map(|bound| bound.0), self.max.map(|bound| bound.0)), self.expected_version);
        let patch = AttributePatch { labels, kind, status };
        whole(faults, attribute.map(|attribute| AttributeUpdate { attribute, expected_version, patch, bounds }))
    }
}
