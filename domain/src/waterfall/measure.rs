//! The typed catalogue of measures: everything a criterion can ask of a lead, its person, company, consents and scores.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::campaign::{Campaign, Channel, Targeting};
use crate::code::codes;
use crate::company::Company;
use crate::label::Labels;
use crate::person::{ContactChannel, Person, Purpose};
use crate::scoring::{Grade, Tier};
use crate::title::{Title, TitleFunction, TitleSeniority, classify};
use crate::value::Code;

use super::bant::{Authority, Budget, Need};
use super::lead::{AttributeValue, Demand, Origin};

/// What a criterion measures.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "measure", rename_all = "SCREAMING_SNAKE_CASE", deny_unknown_fields)]
pub enum Measure {
    /// Fit points, 0 to 100.
    FitPoints,
    /// Engagement points, 0 to 100.
    EngagementPoints,
    /// The grade, from C3 up to A1.
    Grade,
    /// The tier, from WEAK up to HOT.
    Tier,
    /// BANT: the budget.
    Budget,
    /// BANT: the authority.
    Authority,
    /// BANT: the need.
    Need,
    /// BANT: months until the purchase.
    TimelineMonths,
    /// Whether an e-mail address is known.
    PersonEmailKnown,
    /// Whether a phone number is known.
    PersonPhoneKnown,
    /// Whether a job title is known.
    PersonTitleKnown,
    /// The function of a company that the job title tells.
    TitleFunction,
    /// The level that the job title tells, from TRAINEE up to `C_LEVEL`.
    TitleSeniority,
    /// Whether a company is known.
    CompanyKnown,
    /// The number of employees.
    CompanyEmployees,
    /// The industry's code.
    CompanyIndustry,
    /// The lead's country code.
    Country,
    /// The lead's subdivision code.
    Subdivision,
    /// The primary language code.
    Language,
    /// The expected value in minor units of its currency.
    ValueMinor,
    /// The product area's code.
    ProductArea,
    /// Whether the contact may be contacted for a purpose over a channel.
    Consent {
        /// The purpose.
        purpose: Purpose,
        /// The channel.
        channel: ContactChannel,
    },
    /// Whether the lead came by a contact form.
    FromContactForm,
    /// Whether the lead came from an account-based campaign.
    FromAccountBasedCampaign,
    /// A custom attribute.
    Attribute {
        /// Its key.
        key: Code,
    },
}

codes! {
    /// The type of a measure's value, which decides the lawful comparisons.
    pub enum MeasureType {
        /// A whole number.
        Number = "NUMBER",
        /// One of ordered codes.
        Ordinal = "ORDINAL",
        /// One of unordered codes.
        Code = "CODE",
        /// Yes or no.
        Flag = "FLAG",
        /// Decided by the attribute's value.
        Any = "ANY",
    }
}

/// What was found for a measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Found {
    /// Nothing is known; meets no comparison but UNKNOWN.
    Unknown,
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(i64),
    /// A code.
    Code(String),
}

impl std::fmt::Display for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown => f.write_str("unknown"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Code(code) => f.write_str(code),
        }
    }
}

/// Everything a measure may look at.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// The demand.
    pub demand: &'a Demand,
    /// Where it came from.
    pub origin: &'a Origin,
    /// The person.
    pub person: &'a Person,
    /// The company.
    pub company: Option<&'a Company>,
    /// The campaign.
    pub campaign: Option<&'a Campaign>,
    /// When the lead was captured.
    pub captured_at: DateTime<Utc>,
    /// The moment at which is asked: a consent may have lapsed by then.
    pub now: DateTime<Utc>,
}

/// The code and the names of a measure, German and English.
const fn names(measure: &Measure) -> (&'static str, &'static str, &'static str) {
    match measure {
        Measure::FitPoints => ("FIT_POINTS", "Punkte für Passung", "Fit points"),
        Measure::EngagementPoints => ("ENGAGEMENT_POINTS", "Punkte für Interesse", "Engagement points"),
        Measure::Grade => ("GRADE", "Note", "Grade"),
        Measure::Tier => ("TIER", "Stufe", "Tier"),
        Measure::Budget => ("BUDGET", "Budget", "Budget"),
        Measure::Authority => ("AUTHORITY", "Entscheidungsbefugnis", "Authority"),
        Measure::Need => ("NEED", "Bedarf", "Need"),
        Measure::TimelineMonths => ("TIMELINE_MONTHS", "Monate bis zum Kauf", "Months until the purchase"),
        Measure::PersonEmailKnown => ("PERSON_EMAIL_KNOWN", "E-Mail-Adresse bekannt", "E-mail address known"),
        Measure::PersonPhoneKnown => ("PERSON_PHONE_KNOWN", "Telefonnummer bekannt", "Phone number known"),
        Measure::PersonTitleKnown => ("PERSON_TITLE_KNOWN", "Stelle bekannt", "Job title known"),
        Measure::TitleFunction => ("TITLE_FUNCTION", "Bereich laut Stelle", "Function by job title"),
        Measure::TitleSeniority => ("TITLE_SENIORITY", "Ebene laut Stelle", "Level by job title"),
        Measure::CompanyKnown => ("COMPANY_KNOWN", "Unternehmen bekannt", "Company known"),
        Measure::CompanyEmployees => ("COMPANY_EMPLOYEES", "Beschäftigte", "Employees"),
        Measure::CompanyIndustry => ("COMPANY_INDUSTRY", "Branche", "Industry"),
        Measure::Country => ("COUNTRY", "Land", "Country"),
        Measure::Subdivision => ("SUBDIVISION", "Region", "Region"),
        Measure::Language => ("LANGUAGE", "Sprache", "Language"),
        Measure::ValueMinor => ("VALUE_MINOR", "Erwarteter Wert in kleinster Einheit", "Expected value in minor units"),
        Measure::ProductArea => ("PRODUCT_AREA", "Produktbereich", "Product area"),
        Measure::Consent { .. } => ("CONSENT", "Ansprache erlaubt", "May be contacted"),
        Measure::FromContactForm => ("FROM_CONTACT_FORM", "Über das Kontaktformular", "By the contact form"),
        Measure::FromAccountBasedCampaign => {
            ("FROM_ACCOUNT_BASED_CAMPAIGN", "Aus einer Kampagne für ausgewählte Unternehmen", "From an account-based campaign")
        }
        Measure::Attribute { .. } => ("ATTRIBUTE", "Eigenes Merkmal", "Custom attribute"),
    }
}

impl Measure {
    /// Its stable code; that of an attribute does not tell which one.
    pub const fn code(&self) -> &'static str {
        names(self).0
    }

    /// Its name for people, without the part that tells one attribute or consent from another.
    pub fn plain_labels(&self) -> Labels {
        let (_, de, en) = names(self);
        Labels::new(de, en)
    }

    /// Its name for people.
    pub fn labels(&self) -> Labels {
        let (_, de, en) = names(self);
        match self {
            Self::Attribute { key } => Labels { de: format!("{de} {key}"), en: format!("{en} {key}") },
            Self::Consent { purpose, channel } => {
                Labels { de: format!("{de} ({purpose}, {channel})"), en: format!("{en} ({purpose}, {channel})") }
            }
            Self::FitPoints
            | Self::EngagementPoints
            | Self::Grade
            | Self::Tier
            | Self::Budget
            | Self::Authority
            | Self::Need
            | Self::TimelineMonths
            | Self::PersonEmailKnown
            | Self::PersonPhoneKnown
            | Self::PersonTitleKnown
            | Self::TitleFunction
            | Self::TitleSeniority
            | Self::CompanyKnown
            | Self::CompanyEmployees
            | Self::CompanyIndustry
            | Self::Country
            | Self::Subdivision
            | Self::Language
            | Self::ValueMinor
            | Self::ProductArea
            | Self::FromContactForm
            | Self::FromAccountBasedCampaign => Labels::new(de, en),
        }
    }

    /// The type of the value.
    pub const fn value_type(&self) -> MeasureType {
        match self {
            Self::FitPoints | Self::EngagementPoints | Self::TimelineMonths | Self::CompanyEmployees | Self::ValueMinor => {
                MeasureType::Number
            }
            Self::Grade | Self::Tier | Self::Budget | Self::Authority | Self::Need | Self::TitleSeniority => MeasureType::Ordinal,
            Self::TitleFunction
            | Self::CompanyIndustry
            | Self::Country
            | Self::Subdivision
            | Self::Language
            | Self::ProductArea => MeasureType::Code,
            Self::PersonEmailKnown
            | Self::PersonPhoneKnown
            | Self::PersonTitleKnown
            | Self::CompanyKnown
            | Self::Consent { .. }
            | Self::FromContactForm
            | Self::FromAccountBasedCampaign => MeasureType::Flag,
            Self::Attribute { .. } => MeasureType::Any,
        }
    }

    /// Whether nothing may be found for it. What is counted, told by yes or no, or part of every lead is always found.
    pub const fn may_be_unknown(&self) -> bool {
        match self {
            Self::Budget
            | Self::Authority
            | Self::Need
            | Self::TimelineMonths
            | Self::TitleFunction
            | Self::TitleSeniority
            | Self::CompanyEmployees
            | Self::CompanyIndustry
            | Self::Country
            | Self::Subdivision
            | Self::Language
            | Self::ValueMinor
            | Self::Attribute { .. } => true,
            Self::FitPoints
            | Self::EngagementPoints
            | Self::Grade
            | Self::Tier
            | Self::PersonEmailKnown
            | Self::PersonPhoneKnown
            | Self::PersonTitleKnown
            | Self::CompanyKnown
            | Self::ProductArea
            | Self::Consent { .. }
            | Self::FromContactForm
            | Self::FromAccountBasedCampaign => false,
        }
    }

    /// The position of a code in the order of an ordinal measure, lowest first; nothing for other measures and unknown codes.
    pub fn order_of(&self, code: &str) -> Option<i64> {
        let position = match self {
            Self::Grade => return code.parse::<Grade>().ok().map(|grade| i64::from(grade.order())),
            Self::Tier => Tier::ALL.iter().position(|known| known.as_str() == code),
            Self::Budget => Budget::ALL.iter().position(|known| known.as_str() == code),
            Self::Authority => Authority::ALL.iter().position(|known| known.as_str() == code),
            Self::Need => Need::ALL.iter().position(|known| known.as_str() == code),
            // UNKNOWN comes first in the list and is no level
            Self::TitleSeniority => {
                TitleSeniority::ALL.iter().position(|known| known.as_str() == code).filter(|position| *position > 0)
            }
            Self::FitPoints
            | Self::EngagementPoints
            | Self::TimelineMonths
            | Self::PersonEmailKnown
            | Self::PersonPhoneKnown
            | Self::PersonTitleKnown
            | Self::TitleFunction
            | Self::CompanyKnown
            | Self::CompanyEmployees
            | Self::CompanyIndustry
            | Self::Country
            | Self::Subdivision
            | Self::Language
            | Self::ValueMinor
            | Self::ProductArea
            | Self::Consent { .. }
            | Self::FromContactForm
            | Self::FromAccountBasedCampaign
            | Self::Attribute { .. } => None,
        };
        position.and_then(|position| i64::try_from(position).ok())
    }

    /// Reads the value from the evidence.
    pub fn read(&self, evidence: &Evidence<'_>) -> Found {
        let Evidence { demand, origin, person, company, campaign, captured_at: _, now } = *evidence;
        match self {
            Self::FitPoints => Found::Number(demand.score.fit().into()),
            Self::EngagementPoints => Found::Number(demand.score.engagement().into()),
            Self::Grade => Found::Code(demand.score.grade().to_string()),
            Self::Tier => Found::Code(demand.score.tier().to_string()),
            Self::Budget => code(demand.bant.budget),
            Self::Authority => code(demand.bant.authority),
            Self::Need => code(demand.bant.need),
            Self::TimelineMonths => number(demand.bant.timeline_months),
            Self::PersonEmailKnown => Found::Flag(person.email.is_some()),
            Self::PersonPhoneKnown => Found::Flag(person.phone.is_some()),
            Self::PersonTitleKnown => Found::Flag(person.job_title.is_some()),
            Self::TitleFunction => {
                code(title(person).map(|title| title.function).filter(|known| *known != TitleFunction::Unknown))
            }
            Self::TitleSeniority => {
                code(title(person).map(|title| title.seniority).filter(|known| *known != TitleSeniority::Unknown))
            }
            Self::CompanyKnown => Found::Flag(company.is_some()),
            Self::CompanyEmployees => number(company.and_then(|company| company.employees)),
            Self::CompanyIndustry => code(company.and_then(|company| company.industry.clone())),
            Self::Country => code(demand.country),
            Self::Subdivision => code(demand.subdivision),
            Self::Language => code(demand.language.as_ref().map(|language| language.primary().to_owned())),
            Self::ValueMinor => number(demand.value.map(crate::value::Money::amount_minor)),
            Self::ProductArea => Found::Code(demand.product_area.to_string()),
            Self::Consent { purpose, channel } => Found::Flag(person.may_contact(*purpose, *channel, now).is_allowed()),
            Self::FromContactForm => Found::Flag(origin.channel == Channel::ContactForm),
            Self::FromAccountBasedCampaign => {
                Found::Flag(campaign.is_some_and(|campaign| campaign.targeting == Targeting::AccountBased))
            }
            Self::Attribute { key } => demand.attributes.get(key).map_or(Found::Unknown, attribute),
        }
    }
}

fn title(person: &Person) -> Option<Title> {
    person.job_title.as_ref().map(|title| classify(title.as_str()))
}

fn code(value: Option<impl ToString>) -> Found {
    value.map_or(Found::Unknown, |value| Found::Code(value.to_string()))
}

fn number(value: Option<impl Into<i64>>) -> Found {
    value.map_or(Found::Unknown, |value| Found::Number(value.into()))
}

fn attribute(value: &AttributeValue) -> Found {
    match value {
        AttributeValue::Flag(flag) => Found::Flag(*flag),
        AttributeValue::Number(number) => Found::Number(*number),
        AttributeValue::Text(text) => Found::Code(text.to_string()),
    }
}
