//! Criteria as they are typed.

use async_graphql::{InputObject, InputType, Value};
use fairfall_domain::attribute::AttributeBook;
use fairfall_domain::consent::{ContactChannel, Purpose};
use fairfall_domain::label::Labels;
use fairfall_domain::value::Code;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_domain::waterfall::gate::{Comparison, Criterion, Required};
use fairfall_domain::waterfall::measure::{Measure, MeasureType};

use crate::graphql::code::Coded;
use crate::graphql::object::gate::MeasureKind;

/// A name for people in German and English.
#[derive(Clone, Debug, InputObject)]
pub struct LabelsInput {
    /// The name in German, 1 to 200 characters.
    pub de: String,
    /// The name in English, 1 to 200 characters.
    pub en: String,
}

impl From<LabelsInput> for Labels {
    fn from(typed: LabelsInput) -> Self {
        Self { de: typed.de.trim().to_owned(), en: typed.en.trim().to_owned() }
    }
}

/// A measurable criterion.
#[derive(Clone, Debug, InputObject)]
pub struct CriterionInput {
    /// Its key: letters, digits, `-`, `_` and `.`.
    pub key: String,
    /// Its name for people.
    pub labels: LabelsInput,
    /// What is measured.
    pub measure: MeasureKind,
    /// The purpose of the consent, for the measure CONSENT.
    pub consent_purpose: Option<Coded<Purpose>>,
    /// The channel of the consent, for the measure CONSENT.
    pub consent_channel: Option<Coded<ContactChannel>>,
    /// The key of the attribute, for the measure ATTRIBUTE.
    pub attribute_key: Option<String>,
    /// How the found value is compared with the required one.
    pub comparison: Coded<Comparison>,
    /// The required value or values as text: numbers in digits, flags as `true` and `false`; none for KNOWN.
    pub required: Vec<String>,
}

impl CriterionInput {
    /// Reads the criterion; whether comparison and value fit the measure is told by the use case.
    pub fn read(self, field: &str, faults: &mut Violations) -> Option<Criterion> {
        let key = faults.check(format!("{field}.key"), Code::parse(&self.key));
        let measure = self.measure(field, faults)?;
        let required = self.required(field, &measure, faults);
        Some(Criterion { key: key?, labels: self.labels.into(), measure, comparison: self.comparison.0, required: required? })
    }

    /// The measure by its name, which is the same in the API and in what is stored, with the parts that it needs and no others.
    fn measure(&self, field: &str, faults: &mut Violations) -> Option<Measure> {
        let Value::Enum(name) = InputType::to_value(&self.measure) else { return None };
        let mut parts = serde_json::Map::new();
        let mut put = |part: &str, value: Option<String>| value.map(|value| parts.insert(part.to_owned(), value.into()));
        put("measure", Some(name.to_string()));
        put("purpose", self.consent_purpose.map(|code| code.0.to_string()));
        put("channel", self.consent_channel.map(|code| code.0.to_string()));
        put("key", self.attribute_key.clone());
        let read = serde_json::from_value(parts.into());
        if read.is_err() {
            let message = "CONSENT needs `consentPurpose` and `consentChannel`, ATTRIBUTE a valid `attributeKey`";
            faults.add(format!("{field}.measure"), ViolationCode::Conflict, message);
        }
        read.ok()
    }

    fn required(&self, field: &str, measure: &Measure, faults: &mut Violations) -> Option<Required> {
        let single = |typed: &str| match measure.value_type() {
            MeasureType::Number => typed.parse().ok().map(Required::Number),
            MeasureType::Flag => typed.parse().ok().map(Required::Flag),
            MeasureType::Code | MeasureType::Ordinal => Some(Required::Code(typed.to_owned())),
            MeasureType::Any => Some(any(typed)),
        };
        let read = match (self.comparison.0, self.required.as_slice()) {
            (Comparison::Known, []) => Some(Required::Nothing),
            (Comparison::OneOf | Comparison::NoneOf, [_, ..]) => Some(Required::Codes(self.required.clone())),
            (Comparison::AtLeast | Comparison::AtMost | Comparison::Equals, [one]) => single(one),
            (
                Comparison::Known
                | Comparison::OneOf
                | Comparison::NoneOf
                | Comparison::AtLeast
                | Comparison::AtMost
                | Comparison::Equals,
                _,
            ) => None,
        };
        if read.is_none() {
            let takes = measure.values(&AttributeBook::default()).map_or_else(|| "a value".to_owned(), |values| values.takes());
            let message = match self.comparison.0 {
                Comparison::Known => "KNOWN takes no value".to_owned(),
                Comparison::OneOf | Comparison::NoneOf => {
                    format!("measure {} takes {takes}; {} needs at least one", measure.code(), self.comparison.0)
                }
                Comparison::AtLeast | Comparison::AtMost | Comparison::Equals => {
                    format!("measure {} takes {takes}, exactly one for {}", measure.code(), self.comparison.0)
                }
            };
            faults.add(format!("{field}.required"), ViolationCode::Malformed, message);
        }
        read
    }
}

/// The value of an attribute, whose type its definition tells later: a flag or a number if it looks exactly like one.
fn any(typed: &str) -> Required {
    let flag = typed.parse().ok().map(Required::Flag);
    let number = typed.parse().ok().filter(|number: &i64| number.to_string() == typed).map(Required::Number);
    flag.or(number).unwrap_or_else(|| Required::Code(typed.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(measure: MeasureKind, comparison: Comparison, required: &[&str]) -> CriterionInput {
        CriterionInput {
            key: "k".to_owned(),
            labels: LabelsInput { de: "d".to_owned(), en: " e ".to_owned() },
            measure,
            consent_purpose: None,
            consent_channel: None,
            attribute_key: None,
            comparison: Coded(comparison),
            required: required.iter().map(|text| (*text).to_owned()).collect(),
        }
    }

    fn read(typed: CriterionInput) -> Result<Criterion, Vec<String>> {
        let mut faults = Violations::new();
        let read = typed.read("fit.0", &mut faults);
        read.ok_or_else(|| faults.iter().map(|fault| fault.field.clone()).collect())
    }

    #[test]
    fn values_have_the_type_of_their_measure() {
        let required = |typed| read(typed).unwrap().required;
        assert_eq!(required(typed(MeasureKind::CompanyEmployees, Comparison::AtLeast, &["50"])), Required::Number(50));
        assert_eq!(required(typed(MeasureKind::CompanyKnown, Comparison::Equals, &["true"])), Required::Flag(true));
        assert_eq!(required(typed(MeasureKind::Country, Comparison::Equals, &["DE"])), Required::Code("DE".to_owned()));
        assert_eq!(required(typed(MeasureKind::Country, Comparison::Known, &[])), Required::Nothing);
        let several = Required::Codes(vec!["DE".to_owned(), "AT".to_owned()]);
        assert_eq!(required(typed(MeasureKind::Country, Comparison::OneOf, &["DE", "AT"])), several);
        for (text, expected) in
            [("false", Required::Flag(false)), ("7", Required::Number(7)), ("x", Required::Code("x".to_owned()))]
        {
            let attribute = CriterionInput {
                attribute_key: Some("a".to_owned()),
                ..typed(MeasureKind::Attribute, Comparison::Equals, &[text])
            };
            assert_eq!(required(attribute), expected);
        }
    }

    #[test]
    fn what_is_missing_or_of_another_type_is_told() {
        assert_eq!(read(typed(MeasureKind::CompanyEmployees, Comparison::AtLeast, &["many"])).unwrap_err(), ["fit.0.required"]);
        assert_eq!(read(typed(MeasureKind::Country, Comparison::Known, &["DE"])).unwrap_err(), ["fit.0.required"]);
        assert_eq!(read(typed(MeasureKind::Country, Comparison::OneOf, &[])).unwrap_err(), ["fit.0.required"]);
        assert_eq!(read(typed(MeasureKind::Consent, Comparison::Equals, &["true"])).unwrap_err(), ["fit.0.measure"]);
        assert_eq!(read(typed(MeasureKind::Attribute, Comparison::Equals, &["1"])).unwrap_err(), ["fit.0.measure"]);
        let named = CriterionInput { key: "not a key".to_owned(), ..typed(MeasureKind::Country, Comparison::Known, &[]) };
        assert_eq!(read(named).unwrap_err(), ["fit.0.key"]);
    }
}
