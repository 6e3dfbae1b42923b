//! Leads as they come in, and changes of what is known of them.

use async_graphql::{ID, InputObject, MaybeUndefined, OneofObject};
use fairfall_domain::campaign::Channel;
use fairfall_domain::department::Department;
use fairfall_domain::routing::place::Wish;
use fairfall_domain::violation::Violations;
use fairfall_domain::waterfall::bant::{Authority, Bant, Budget, Need};
use fairfall_domain::waterfall::lead::Direction;

use super::company::CompanyDraftInput;
use super::consent::{ConsentInput, consents};
use super::money::MoneyInput;
use super::person::PersonDraftInput;
use super::{change, id, id_change, optional_id, whole};
use crate::app::draft::{self, DemandInput};
use crate::app::enrichment::visitor;
use crate::app::lead::{CaptureInput, CompanyInput, ExternalRefInput, LeadPatch, PersonInput};
use crate::graphql::code::Coded;
use crate::graphql::scalar::BigInt;

/// Whose demand it is.
#[derive(Clone, Debug, OneofObject)]
pub enum LeadPersonInput {
    /// Somebody known, by id.
    Id(ID),
    /// Somebody described; whoever has the same e-mail address already is taken instead of a second record.
    New(Box<PersonDraftInput>),
}

/// The company that may buy.
#[derive(Clone, Debug, OneofObject)]
pub enum LeadCompanyInput {
    /// A known one, by id.
    Id(ID),
    /// One described; a company with the same name (without legal form and spelling) and country is taken instead of a second record.
    New(Box<CompanyDraftInput>),
}

/// What sales learned by asking: budget, authority, need, timeline.
#[derive(Clone, Debug, Default, InputObject)]
pub struct BantInput {
    /// What is known of the money.
    pub budget: Option<Coded<Budget>>,
    /// What the contact can decide.
    pub authority: Option<Coded<Authority>>,
    /// How strongly the need is felt.
    pub need: Option<Coded<Need>>,
    /// Months until the purchase, 0 to 120.
    pub timeline_months: Option<u32>,
}

/// A change of what sales learned. Omitted fields stay, null empties a field.
#[derive(Clone, Debug, Default, InputObject)]
pub struct BantPatchInput {
    /// What is known of the money.
    pub budget: MaybeUndefined<Coded<Budget>>,
    /// What the contact can decide.
    pub authority: MaybeUndefined<Coded<Authority>>,
    /// How strongly the need is felt.
    pub need: MaybeUndefined<Coded<Need>>,
    /// Months until the purchase, 0 to 120.
    pub timeline_months: MaybeUndefined<u32>,
}

/// The value of a custom attribute.
#[derive(Clone, Debug, OneofObject)]
pub enum AttributeValueInput {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(BigInt),
    /// A text of at most 200 characters.
    Text(String),
}

/// A custom attribute.
#[derive(Clone, Debug, InputObject)]
pub struct AttributeInput {
    /// Its key: letters, digits, `-`, `_` and `.`.
    pub key: String,
    /// Its value.
    pub value: AttributeValueInput,
}

/// A change of a custom attribute.
#[derive(Clone, Debug, InputObject)]
pub struct AttributePatchInput {
    /// Its key: letters, digits, `-`, `_` and `.`.
    pub key: String,
    /// Its value; absent to remove the attribute.
    pub value: Option<AttributeValueInput>,
}

/// The name that another system has for a lead.
#[derive(Clone, Debug, InputObject)]
pub struct ExternalNameInput {
    /// The other system; at most 100 characters.
    pub source: String,
    /// The id over there; at most 200 characters.
    pub id: String,
}

/// The request of a visitor, as the server of the form saw it. The address itself is not kept.
#[derive(Clone, Debug, InputObject)]
pub struct VisitorInput {
    /// The address of the visitor: tells the country, when the operator gave a file of countries.
    pub ip_address: Option<String>,
    /// The header `Accept-Language`: tells the language.
    pub accept_language: Option<String>,
    /// The header `User-Agent`: tells the device, noted as the attribute `visitor.device`.
    pub user_agent: Option<String>,
}

impl From<VisitorInput> for visitor::VisitorInput {
    fn from(typed: VisitorInput) -> Self {
        Self { ip_address: typed.ip_address, accept_language: typed.accept_language, user_agent: typed.user_agent }
    }
}

/// Demand that comes in.
#[derive(Clone, Debug, InputObject)]
pub struct LeadCaptureInput {
    /// Whose demand it is.
    pub person: LeadPersonInput,
    /// The company that may buy.
    pub company: Option<LeadCompanyInput>,
    /// The campaign that brought it.
    pub campaign: Option<ID>,
    /// The way by which it came; the campaign's when absent.
    pub channel: Option<Coded<Channel>>,
    /// Who made the first step; INBOUND when absent.
    pub direction: Option<Coded<Direction>>,
    /// The key of the track to take; chosen by the expected value when absent.
    pub track: Option<String>,
    /// The department that created the demand; the caller's own when absent. Only administrators name another one.
    pub origin: Option<Coded<Department>>,
    /// What they may buy: a key of letters, digits, `-`, `_` and `.`.
    pub product_area: String,
    /// A short name for lists, without personal data; at most 200 characters.
    pub title: Option<String>,
    /// The expected value.
    pub value: Option<MoneyInput>,
    /// Budget, authority, need, timeline.
    pub bant: Option<BantInput>,
    /// Country that decides the team: a code such as `DE`; the person's, else the company's when absent.
    pub country: Option<String>,
    /// Region within the country: a code such as `DE-BY`.
    pub subdivision: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Language that the contact wants to be spoken to in: a tag such as `de`; the person's when absent.
    pub language: Option<String>,
    /// Custom attributes; at most 50.
    pub attributes: Option<Vec<AttributeInput>>,
    /// What the person allowed or forbade on this occasion.
    pub consents: Option<Vec<ConsentInput>>,
    /// The colleague who should get it; absent for the caller's own finds and for the team's queue.
    pub assignee: Option<ID>,
    /// The team that should get it; absent for the one that serves the country.
    pub team: Option<ID>,
    /// The name that another system has for it: the same name is captured once.
    pub external: Option<ExternalNameInput>,
    /// The request of the visitor behind the form, from which the language, the country and the device are read where they are not given.
    pub visitor: Option<VisitorInput>,
    /// Makes a retry harmless: a second request with the same key answers what the first one made. Kept for a day; at most 200 characters.
    pub idempotency_key: Option<String>,
}

/// A change of what is known of a lead. Omitted fields stay, null empties a field. Nobody sets a stage: for that there are the acts.
#[derive(Clone, Debug, InputObject)]
pub struct LeadUpdateInput {
    /// The lead.
    pub lead: ID,
    /// What they may buy: a key of letters, digits, `-`, `_` and `.`.
    pub product_area: MaybeUndefined<String>,
    /// A short name for lists, without personal data; at most 200 characters.
    pub title: MaybeUndefined<String>,
    /// The expected value. When it changes its price band, the lead moves to the track of that band by itself.
    pub value: MaybeUndefined<MoneyInput>,
    /// Budget, authority, need, timeline; null empties all four.
    pub bant: MaybeUndefined<BantPatchInput>,
    /// Country: a code such as `DE`.
    pub country: MaybeUndefined<String>,
    /// Region within the country: a code such as `DE-BY`.
    pub subdivision: MaybeUndefined<String>,
    /// Postal code.
    pub postal_code: MaybeUndefined<String>,
    /// Language: a tag such as `de`.
    pub language: MaybeUndefined<String>,
    /// The company that may buy.
    pub company: MaybeUndefined<ID>,
    /// Custom attributes to set or to remove; the others stay.
    pub attributes: Option<Vec<AttributePatchInput>>,
    /// The version that the caller read; when it has changed since, nothing is done. Absent to change whatever it is now.
    pub expected_version: Option<u32>,
}

impl From<AttributeValueInput> for draft::AttributeInput {
    fn from(typed: AttributeValueInput) -> Self {
        match typed {
            AttributeValueInput::Flag(flag) => Self::Flag(flag),
            AttributeValueInput::Number(number) => Self::Number(number.0),
            AttributeValueInput::Text(text) => Self::Text(text),
        }
    }
}

impl From<BantInput> for Bant {
    fn from(typed: BantInput) -> Self {
        Self {
            budget: typed.budget.map(|code| code.0),
            authority: typed.authority.map(|code| code.0),
            need: typed.need.map(|code| code.0),
            // what does not fit is out of range anyway, which the use case tells
            timeline_months: typed.timeline_months.map(|months| u16::try_from(months).unwrap_or(u16::MAX)),
        }
    }
}

impl LeadCaptureInput {
    /// The demand for the use case.
    ///
    /// # Errors
    /// Every malformed id; the other faults are told by the use case.
    pub fn read(self) -> Result<CaptureInput, Violations> {
        let mut faults = Violations::new();
        let person = match &self.person {
            LeadPersonInput::Id(typed) => id(&mut faults, "person.id", typed).map(PersonInput::Existing),
            LeadPersonInput::New(typed) => Some(PersonInput::Draft(Box::new(typed.draft()))),
        };
        let company = self.company.as_ref().and_then(|company| match company {
            LeadCompanyInput::Id(typed) => id(&mut faults, "company.id", typed).map(CompanyInput::Existing),
            LeadCompanyInput::New(typed) => Some(CompanyInput::Draft(Box::new(typed.draft()))),
        });
        let campaign = optional_id(&mut faults, "campaign", self.campaign.as_ref());
        let wish = Wish {
            person: optional_id(&mut faults, "assignee", self.assignee.as_ref()),
            team: optional_id(&mut faults, "team", self.team.as_ref()),
        };
        whole(faults, person.map(|person| self.captured(person, company, campaign, wish)))
    }

    fn captured(
        self,
        person: PersonInput,
        company: Option<CompanyInput>,
        campaign: Option<fairfall_domain::id::CampaignId>,
        wish: Wish,
    ) -> CaptureInput {
        let attributes = self.attributes.unwrap_or_default();
        CaptureInput {
            person,
            company,
            campaign,
            channel: self.channel.map(|code| code.0),
            direction: self.direction.map_or(Direction::Inbound, |code| code.0),
            track: self.track,
            origin: self.origin.map(|code| code.0),
            demand: DemandInput {
                product_area: self.product_area,
                title: self.title,
                value: self.value.map(Into::into),
                bant: self.bant.map(Into::into).unwrap_or_default(),
                country: self.country,
                subdivision: self.subdivision,
                postal_code: self.postal_code,
                language: self.language,
                attributes: attributes.into_iter().map(|attribute| (attribute.key, attribute.value.into())).collect(),
            },
            consents: consents(self.consents),
            wish,
            external: self.external.map(|name| ExternalRefInput { source: name.source, id: name.id }),
            visitor: self.visitor.map(Into::into),
            idempotency_key: self.idempotency_key,
        }
    }
}

impl LeadUpdateInput {
    /// The change for the use case.
    ///
    /// # Errors
    /// Every malformed id; the other faults are told by the use case.
    pub fn read(self) -> Result<LeadPatch, Violations> {
        let mut faults = Violations::new();
        let lead = id(&mut faults, "lead", &self.lead);
        let company = id_change(&mut faults, "company", self.company);
        let bant = match self.bant {
            MaybeUndefined::Undefined => BantPatchInput::default(),
            MaybeUndefined::Null => BantPatchInput::EMPTIED,
            MaybeUndefined::Value(bant) => bant,
        };
        let attributes = self.attributes.unwrap_or_default();
        let read = lead.map(|lead| LeadPatch {
            lead,
            expected_version: self.expected_version,
            product_area: change(self.product_area),
            title: change(self.title),
            value: change(self.value).map(Into::into),
            budget: change(bant.budget).map(|code| code.0),
            authority: change(bant.authority).map(|code| code.0),
            need: change(bant.need).map(|code| code.0),
            timeline_months: change(bant.timeline_months).map(i64::from),
            country: change(self.country),
            subdivision: change(self.subdivision),
            postal_code: change(self.postal_code),
            language: change(self.language),
            company,
            attributes: attributes.into_iter().map(|attribute| (attribute.key, attribute.value.map(Into::into))).collect(),
        });
        whole(faults, read)
    }
}

impl BantPatchInput {
    /// All four become empty.
    const EMPTIED: Self = Self {
        budget: MaybeUndefined::Null,
        authority: MaybeUndefined::Null,
        need: MaybeUndefined::Null,
        timeline_months: MaybeUndefined::Null,
    };
}
