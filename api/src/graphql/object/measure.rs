//! The catalogue of what criteria can ask for.

use async_graphql::SimpleObject;
use fairfall_domain::attribute::{AttributeBook, AttributeStatus};
use fairfall_domain::waterfall::catalogue::{KnownCode, Values};
use fairfall_domain::waterfall::gate::Comparison;
use fairfall_domain::waterfall::measure::{Measure, MeasureType};

use crate::graphql::code::{Coded, coded};
use crate::graphql::scalar::BigInt;

use super::gate::MeasureKind;
use super::label::LabelsObject;

/// Something that criteria can ask for.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Measure")]
pub struct MeasureObject {
    /// What is measured.
    pub measure: MeasureKind,
    /// The key of the attribute, for the measure ATTRIBUTE.
    pub attribute_key: Option<String>,
    /// Its name for people; the measure CONSENT is asked for with a purpose and a channel.
    pub labels: LabelsObject,
    /// The type of its value.
    #[graphql(name = "type")]
    pub kind: Coded<MeasureType>,
    /// The comparisons that fit it.
    pub comparisons: Vec<Coded<Comparison>>,
    /// What values it takes, in words.
    pub takes: String,
    /// The least number, for the type NUMBER.
    pub min: Option<BigInt>,
    /// The largest number, for the type NUMBER.
    pub max: Option<BigInt>,
    /// The codes that it takes, lowest first when they are ordered; empty where there are too many to list.
    pub codes: Vec<MeasureCodeObject>,
}

/// A code that a measure takes.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "MeasureCode")]
pub struct MeasureCodeObject {
    /// What is compared.
    pub code: String,
    /// Its name for people; absent for the codes of the product, which are enums of this schema.
    pub labels: Option<LabelsObject>,
}

impl From<&KnownCode> for MeasureCodeObject {
    fn from(known: &KnownCode) -> Self {
        Self { code: known.code.clone(), labels: known.labels.as_ref().map(Into::into) }
    }
}

impl MeasureObject {
    fn of(measure: &Measure, attributes: &AttributeBook) -> Option<Self> {
        let values = measure.values(attributes)?;
        let (min, max) =
            if let Values::Number { min, max } = values { (Some(BigInt(min)), Some(BigInt(max))) } else { (None, None) };
        let key = if let Measure::Attribute { key } = measure { Some(key) } else { None };
        let defined = key.and_then(|key| attributes.get(key)).map(|attribute| (&attribute.labels).into());
        Some(Self {
            measure: measure.into(),
            attribute_key: key.map(ToString::to_string),
            labels: defined.unwrap_or_else(|| (&measure.plain_labels()).into()),
            kind: Coded(values.value_type()),
            comparisons: coded(measure.comparisons(&values)),
            takes: values.takes(),
            min,
            max,
            codes: values.codes().iter().map(Into::into).collect(),
        })
    }

    /// Everything that new criteria can ask for: what is built in, and the attributes in use.
    pub fn all(attributes: &AttributeBook) -> Vec<Self> {
        let active = attributes.iter().filter(|attribute| attribute.status == AttributeStatus::Active);
        let defined = active.map(|attribute| Measure::Attribute { key: attribute.key.clone() });
        Measure::built_in().into_iter().chain(defined).filter_map(|measure| Self::of(&measure, attributes)).collect()
    }
}
