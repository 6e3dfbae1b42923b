//! The catalogue of what criteria can ask for: which comparisons fit a measure, and which values it takes.

use std::str::FromStr;

use crate::attribute::{AttributeBook, AttributeKind, AttributeStatus};
use crate::company::EMPLOYEES_MAX;
use crate::label::Labels;
use crate::person::{ContactChannel, Purpose};
use crate::scoring::{Grade, Tier};
use crate::title::{TitleFunction, TitleSeniority};
use crate::value::{Code, CountryCode, LanguageTag, ShortText, SubdivisionCode};

use super::bant::{Authority, Budget, Need, TIMELINE_MONTHS_MAX};
use super::gate::Comparison;
use super::measure::{Measure, MeasureType};

/// A value that a measure can have, with what people read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCode {
    /// What is compared.
    pub code: String,
    /// Its name, where it has one in both languages.
    pub labels: Option<Labels>,
}

/// The form of codes of which there are too many to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A country.
    Country,
    /// A part of a country.
    Subdivision,
    /// A language without region.
    Language,
    /// A key that the organisation gave.
    Key,
    /// A short text.
    Text,
}

/// Which values a measure takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// Yes or no.
    Flag,
    /// A whole number.
    Number {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// One of these, lowest first.
    Ordinal(Vec<KnownCode>),
    /// One of these, in no order.
    Closed(Vec<KnownCode>),
    /// A code of a form.
    Open(Form),
}

/// What criteria are checked against.
#[derive(Clone, Copy, Debug)]
pub struct Catalogue<'a> {
    /// The attributes that were defined.
    pub attributes: &'a AttributeBook,
    /// What is said of those that were not.
    pub undefined: Undefined,
}

/// Whether a criterion may ask for an attribute that nobody defined, or that was retired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undefined {
    /// It may: somebody is still writing.
    Allowed,
    /// It may not.
    Refused,
}

impl Values {
    /// Its type.
    pub const fn value_type(&self) -> MeasureType {
        match self {
            Self::Flag => MeasureType::Flag,
            Self::Number { .. } => MeasureType::Number,
            Self::Ordinal(_) => MeasureType::Ordinal,
            Self::Closed(_) | Self::Open(_) => MeasureType::Code,
        }
    }

    /// The comparisons that fit; whether something is known comes last.
    const fn comparisons(&self) -> &'static [Comparison] {
        use Comparison::{AtLeast, AtMost, Equals, Known, NoneOf, OneOf};
        match self {
            Self::Flag => &[Equals, Known],
            Self::Number { .. } => &[AtLeast, AtMost, Equals, Known],
            Self::Ordinal(_) => &[AtLeast, AtMost, Equals, OneOf, NoneOf, Known],
            Self::Closed(_) | Self::Open(_) => &[Equals, OneOf, NoneOf, Known],
        }
    }

    /// What it takes, in words: `a number from 0 to 120`.
    pub fn takes(&self) -> String {
        match self {
            Self::Flag => "true or false".to_owned(),
            Self::Number { min, max } => format!("a number from {min} to {max}"),
            Self::Ordinal(codes) | Self::Closed(codes) => {
                let codes: Vec<&str> = codes.iter().map(|known| known.code.as_str()).collect();
                format!("one of {}", codes.join(", "))
            }
            Self::Open(form) => form.takes().to_owned(),
        }
    }

    /// Whether a code is one that it takes.
    pub fn takes_code(&self, code: &str) -> bool {
        match self {
            Self::Flag | Self::Number { .. } => false,
            Self::Ordinal(codes) | Self::Closed(codes) => codes.iter().any(|known| known.code == code),
            Self::Open(form) => form.reads(code),
        }
    }

    /// The codes that can be listed.
    pub fn codes(&self) -> &[KnownCode] {
        match self {
            Self::Ordinal(codes) | Self::Closed(codes) => codes,
            Self::Flag | Self::Number { .. } | Self::Open(_) => &[],
        }
    }
}

impl Form {
    const fn takes(self) -> &'static str {
        match self {
            Self::Country => "a country code such as DE",
            Self::Subdivision => "a subdivision code such as DE-BY",
            Self::Language => "a language code without region such as de",
            Self::Key => "a key of letters, digits, `-`, `_` and `.`",
            Self::Text => "a text of 1 to 200 characters",
        }
    }

    /// Whether a text is such a code, exactly as it is found at leads.
    fn reads(self, text: &str) -> bool {
        match self {
            Self::Country => CountryCode::parse(text).is_ok_and(|code| code.to_string() == text),
            Self::Subdivision => SubdivisionCode::parse(text).is_ok_and(|code| code.to_string() == text),
            Self::Language => LanguageTag::parse(text).is_ok_and(|tag| tag.primary() == text),
            Self::Key => Code::from_str(text).is_ok_and(|code| code.as_str() == text),
            Self::Text => ShortText::parse(text).is_ok_and(|read| read.as_str() == text),
        }
    }
}

fn plain(codes: impl IntoIterator<Item = &'static str>) -> Vec<KnownCode> {
    codes.into_iter().map(|code| KnownCode { code: code.to_owned(), labels: None }).collect()
}

/// The grades from the lowest to the highest.
fn grades() -> Vec<KnownCode> {
    let mut grades: Vec<Grade> = Grade::ALL.to_vec();
    grades.sort_by_key(|grade| grade.order());
    plain(grades.into_iter().map(Grade::as_str))
}

impl Measure {
    /// Every measure that is built in; the one of consent stands for all purposes and channels.
    pub fn built_in() -> Vec<Self> {
        let consent = Purpose::ALL.first().zip(ContactChannel::ALL.first());
        let consent = consent.map(|(purpose, channel)| Self::Consent { purpose: *purpose, channel: *channel });
        let mut measures = vec![
            Self::FitPoints,
            Self::EngagementPoints,
            Self::Grade,
            Self::Tier,
            Self::Budget,
            Self::Authority,
            Self::Need,
            Self::TimelineMonths,
            Self::PersonEmailKnown,
            Self::PersonPhoneKnown,
            Self::PersonTitleKnown,
            Self::TitleFunction,
            Self::TitleSeniority,
            Self::CompanyKnown,
            Self::CompanyEmployees,
            Self::CompanyIndustry,
            Self::Country,
            Self::Subdivision,
            Self::Language,
            Self::ValueMinor,
            Self::ProductArea,
            Self::FromContactForm,
            Self::FromAccountBasedCampaign,
        ];
        measures.extend(consent);
        measures
    }

    /// Which values it takes; nothing for an attribute that nobody defined.
    pub fn values(&self, attributes: &AttributeBook) -> Option<Values> {
        Some(match self {
            Self::FitPoints | Self::EngagementPoints => Values::Number { min: 0, max: 100 },
            Self::TimelineMonths => Values::Number { min: 0, max: TIMELINE_MONTHS_MAX.into() },
            Self::CompanyEmployees => Values::Number { min: 0, max: EMPLOYEES_MAX.into() },
            Self::ValueMinor => Values::Number { min: 0, max: i64::MAX },
            Self::Grade => Values::Ordinal(grades()),
            Self::Tier => Values::Ordinal(plain(Tier::ALL.iter().map(|code| code.as_str()))),
            Self::Budget => Values::Ordinal(plain(Budget::ALL.iter().map(|code| code.as_str()))),
            Self::Authority => Values::Ordinal(plain(Authority::ALL.iter().map(|code| code.as_str()))),
            Self::Need => Values::Ordinal(plain(Need::ALL.iter().map(|code| code.as_str()))),
            Self::TitleSeniority => {
                let told = TitleSeniority::ALL.iter().filter(|level| **level != TitleSeniority::Unknown);
                Values::Ordinal(plain(told.map(|code| code.as_str())))
            }
            Self::TitleFunction => {
                let told = TitleFunction::ALL.iter().filter(|function| **function != TitleFunction::Unknown);
                Values::Closed(plain(told.map(|code| code.as_str())))
            }
            Self::CompanyIndustry | Self::ProductArea => Values::Open(Form::Key),
            Self::Country => Values::Open(Form::Country),
            Self::Subdivision => Values::Open(Form::Subdivision),
            Self::Language => Values::Open(Form::Language),
            Self::PersonEmailKnown
            | Self::PersonPhoneKnown
            | Self::PersonTitleKnown
            | Self::CompanyKnown
            | Self::Consent { .. }
            | Self::FromContactForm
            | Self::FromAccountBasedCampaign => Values::Flag,
            Self::Attribute { key } => attribute(&attributes.get(key)?.kind),
        })
    }

    /// The comparisons that fit it, where it takes these values. Whether it is known is asked only of what may be unknown: of all else it would always
    /// hold.
    pub const fn comparisons(&self, values: &Values) -> &'static [Comparison] {
        match values.comparisons() {
            [others @ .., Comparison::Known] if !self.may_be_unknown() => others,
            all => all,
        }
    }

    /// What is said of it: nothing, or why a criterion cannot ask for it any more.
    pub fn is_unavailable(&self, attributes: &AttributeBook) -> Option<&'static str> {
        let Self::Attribute { key } = self else { return None };
        match attributes.get(key).map(|attribute| attribute.status) {
            None => Some("nobody defined this attribute"),
            Some(AttributeStatus::Retired) => Some("this attribute was retired"),
            Some(AttributeStatus::Active) => None,
        }
    }
}

fn attribute(kind: &AttributeKind) -> Values {
    match kind {
        AttributeKind::Flag => Values::Flag,
        AttributeKind::Number { min, max } => Values::Number { min: *min, max: *max },
        AttributeKind::Text => Values::Open(Form::Text),
        AttributeKind::Code { options } => {
            let known =
                options.iter().map(|option| KnownCode { code: option.code.to_string(), labels: Some(option.labels.clone()) });
            Values::Closed(known.collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_listed_is_what_is_compared() {
        let attributes = AttributeBook::default();
        for measure in Measure::built_in() {
            let values = measure.values(&attributes).unwrap();
            assert_eq!(values.value_type(), measure.value_type(), "{measure:?}");
            let orders: Vec<_> = values.codes().iter().map(|known| measure.order_of(&known.code)).collect();
            if values.value_type() == MeasureType::Ordinal {
                assert!(orders.windows(2).all(|pair| pair[0] < pair[1]) && orders[0].is_some(), "{measure:?} {orders:?}");
            }
        }
    }

    #[test]
    fn every_measure_says_what_it_takes() {
        let attributes = AttributeBook::default();
        let told: Vec<String> = Measure::built_in()
            .iter()
            .map(|measure| format!("{} takes {}", measure.code(), measure.values(&attributes).unwrap().takes()))
            .collect();
        insta::assert_snapshot!(told.join("\n"));
    }

    #[test]
    fn whether_it_is_known_is_asked_of_what_may_be_unknown() {
        let attributes = AttributeBook::default();
        let asked = |measure: &Measure| measure.comparisons(&measure.values(&attributes).unwrap()).contains(&Comparison::Known);
        let (known, always): (Vec<Measure>, Vec<Measure>) = Measure::built_in().into_iter().partition(asked);
        let codes = |measures: &[Measure]| measures.iter().map(Measure::code).collect::<Vec<_>>().join(" ");
        assert_eq!(
            codes(&known),
            "BUDGET AUTHORITY NEED TIMELINE_MONTHS TITLE_FUNCTION TITLE_SENIORITY COMPANY_EMPLOYEES COMPANY_INDUSTRY COUNTRY SUBDIVISION LANGUAGE VALUE_MINOR"
        );
        assert_eq!(
            codes(&always),
            "FIT_POINTS ENGAGEMENT_POINTS GRADE TIER PERSON_EMAIL_KNOWN PERSON_PHONE_KNOWN PERSON_TITLE_KNOWN COMPANY_KNOWN PRODUCT_AREA \
             FROM_CONTACT_FORM FROM_ACCOUNT_BASED_CAMPAIGN CONSENT"
        );
        assert!(always.iter().all(|measure| !measure.comparisons(&measure.values(&attributes).unwrap()).is_empty()));
        // a lead need not have an attribute, whatever its type
        let attribute = Measure::Attribute { key: Code::parse("pets").unwrap() };
        assert_eq!(attribute.comparisons(&Values::Flag), [Comparison::Equals, Comparison::Known]);
    }

    #[test]
    fn codes_are_those_that_leads_have() {
        for (form, good, bad) in [
            (Form::Country, "DE", "de"),
            (Form::Country, "AT", "Germany"),
            (Form::Subdivision, "DE-BY", "BY"),
            (Form::Language, "de", "de-AT"),
            (Form::Key, "crm", "two words"),
            (Form::Text, "two words", ""),
        ] {
            assert!(form.reads(good) && !form.reads(bad), "{form:?}");
        }
    }
}
