//! Gates and their criteria.

use async_graphql::{Enum, Object, SimpleObject};
use fairfall_domain::consent::{ContactChannel, Purpose};
use fairfall_domain::waterfall::gate::{Comparison, Criterion, Gate, Required, Unmet};
use fairfall_domain::waterfall::measure::{Found, Measure};
use fairfall_domain::waterfall::stage::OpenStage;

use crate::graphql::code::Coded;

use super::label::LabelsObject;
use super::shows;

/// What a criterion measures.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum MeasureKind {
    /// Fit points of the score, 0 to 100.
    FitPoints,
    /// Engagement points of the score, 0 to 100.
    EngagementPoints,
    /// The grade of the score, from C3 up to A1.
    Grade,
    /// The tier, from WEAK up to HOT.
    Tier,
    /// What is known of the money.
    Budget,
    /// What the contact can decide.
    Authority,
    /// How strongly the need is felt.
    Need,
    /// Months until the purchase.
    TimelineMonths,
    /// Whether an e-mail address is known.
    PersonEmailKnown,
    /// Whether a phone number is known.
    PersonPhoneKnown,
    /// Whether a job title is known.
    PersonTitleKnown,
    /// The function of a company that the job title tells.
    TitleFunction,
    /// The level that the job title tells, from `TRAINEE` up to `C_LEVEL`.
    TitleSeniority,
    /// Whether a company is known.
    CompanyKnown,
    /// The number of employees.
    CompanyEmployees,
    /// The key of the company's industry.
    CompanyIndustry,
    /// The lead's country.
    Country,
    /// The lead's region within the country.
    Subdivision,
    /// The lead's language, without region.
    Language,
    /// The expected value in minor units of its currency.
    ValueMinor,
    /// The key of the product area.
    ProductArea,
    /// Whether the contact may be contacted for a purpose over a channel.
    Consent,
    /// Whether the lead came by a contact form.
    FromContactForm,
    /// Whether the lead came from an account-based campaign.
    FromAccountBasedCampaign,
    /// A custom attribute of the lead.
    Attribute,
}

impl From<&Measure> for MeasureKind {
    fn from(measure: &Measure) -> Self {
        match measure {
            Measure::FitPoints => Self::FitPoints,
            Measure::EngagementPoints => Self::EngagementPoints,
            Measure::Grade => Self::Grade,
            Measure::Tier => Self::Tier,
            Measure::Budget => Self::Budget,
            Measure::Authority => Self::Authority,
            Measure::Need => Self::Need,
            Measure::TimelineMonths => Self::TimelineMonths,
            Measure::PersonEmailKnown => Self::PersonEmailKnown,
            Measure::PersonPhoneKnown => Self::PersonPhoneKnown,
            Measure::PersonTitleKnown => Self::PersonTitleKnown,
            Measure::TitleFunction => Self::TitleFunction,
            Measure::TitleSeniority => Self::TitleSeniority,
            Measure::CompanyKnown => Self::CompanyKnown,
            Measure::CompanyEmployees => Self::CompanyEmployees,
            Measure::CompanyIndustry => Self::CompanyIndustry,
            Measure::Country => Self::Country,
            Measure::Subdivision => Self::Subdivision,
            Measure::Language => Self::Language,
            Measure::ValueMinor => Self::ValueMinor,
            Measure::ProductArea => Self::ProductArea,
            Measure::Consent { .. } => Self::Consent,
            Measure::FromContactForm => Self::FromContactForm,
            Measure::FromAccountBasedCampaign => Self::FromAccountBasedCampaign,
            Measure::Attribute { .. } => Self::Attribute,
        }
    }
}

const fn consent(measure: &Measure) -> Option<(Purpose, ContactChannel)> {
    if let Measure::Consent { purpose, channel } = measure { Some((*purpose, *channel)) } else { None }
}

/// A criterion of a gate.
#[derive(Clone, Debug)]
pub struct CriterionObject(pub Criterion);

shows!(CriterionObject(Criterion), GateObject(Gate), UnmetObject(Unmet));

/// A measurable criterion of a gate.
#[Object(name = "Criterion")]
impl CriterionObject {
    /// Its key within the agreement.
    async fn key(&self) -> &str {
        self.0.key.as_str()
    }

    /// Its name for people.
    async fn labels(&self) -> LabelsObject {
        (&self.0.labels).into()
    }

    /// What is measured.
    async fn measure(&self) -> MeasureKind {
        (&self.0.measure).into()
    }

    /// The purpose of the consent, for the measure CONSENT.
    async fn consent_purpose(&self) -> Option<Coded<Purpose>> {
        consent(&self.0.measure).map(|(purpose, _)| Coded(purpose))
    }

    /// The channel of the consent, for the measure CONSENT.
    async fn consent_channel(&self) -> Option<Coded<ContactChannel>> {
        consent(&self.0.measure).map(|(_, channel)| Coded(channel))
    }

    /// The key of the attribute, for the measure ATTRIBUTE.
    async fn attribute_key(&self) -> Option<&str> {
        if let Measure::Attribute { key } = &self.0.measure { Some(key.as_str()) } else { None }
    }

    /// How the found value is compared with the required one.
    async fn comparison(&self) -> Coded<Comparison> {
        Coded(self.0.comparison)
    }

    /// The required value or values as text: numbers in digits, flags as `true` and `false`; none for KNOWN.
    async fn required(&self) -> Vec<String> {
        match &self.0.required {
            Required::Codes(codes) => codes.clone(),
            Required::Nothing => Vec::new(),
            Required::Flag(_) | Required::Number(_) | Required::Code(_) => vec![self.0.required.to_string()],
        }
    }
}

/// A criterion that does not hold.
#[derive(Clone, Debug)]
pub struct UnmetObject(pub Unmet);

/// A criterion that does not hold, with what was found instead.
#[Object(name = "UnmetCriterion")]
impl UnmetObject {
    /// The criterion.
    async fn criterion(&self) -> CriterionObject {
        self.0.criterion.clone().into()
    }

    /// The value that was found, as text; absent when nothing is known.
    async fn found(&self) -> Option<String> {
        match &self.0.found {
            Found::Unknown => None,
            Found::Flag(_) | Found::Number(_) | Found::Code(_) => Some(self.0.found.to_string()),
        }
    }

    /// The keys of other criteria of which one would do as well.
    async fn alternatives(&self) -> Vec<String> {
        self.0.alternatives.iter().map(ToString::to_string).collect()
    }
}

/// A group of criteria of which at least one must hold.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "CriterionGroup")]
pub struct GroupObject {
    /// The criteria.
    pub criteria: Vec<CriterionObject>,
}

/// What must hold before a stage.
#[derive(Clone, Debug)]
pub struct GateObject(pub Gate);

/// What must hold before a stage is entered.
#[Object(name = "Gate")]
impl GateObject {
    /// The stage that is entered.
    async fn stage(&self) -> Coded<OpenStage> {
        Coded(self.0.stage)
    }

    /// Criteria that must all hold.
    async fn all(&self) -> Vec<CriterionObject> {
        self.0.all.iter().cloned().map(CriterionObject).collect()
    }

    /// Groups of which at least one criterion each must hold.
    async fn any(&self) -> Vec<GroupObject> {
        let group = |criteria: &[Criterion]| GroupObject { criteria: criteria.iter().cloned().map(CriterionObject).collect() };
        self.0.any.iter().map(|any| group(&any.criteria)).collect()
    }
}
