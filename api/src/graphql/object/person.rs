//! People who may buy.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use fairfall_domain::consent::{ConsentState, ConsentStatus, ContactChannel, Purpose};
use fairfall_domain::person::{BuyingRole, Person};
use fairfall_domain::value::{CountryCode, EmailAddress, LanguageTag, PhoneNumber, PostalCode, ShortText};

use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::{Text, Timestamp, id, int};

use super::company::CompanyObject;
use super::shows;

/// A person.
#[derive(Clone, Debug)]
pub struct PersonObject(pub Person);

shows!(PersonObject(Person));

/// A person who may buy. Only those whose work needs it see persons at all.
#[Object(name = "Person")]
impl PersonObject {
    /// The id.
    pub async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// Counts the changes from 1; send it as `expectedVersion` so that nobody's change is overwritten unseen.
    async fn version(&self) -> i32 {
        int(self.0.version)
    }

    /// The given name or names.
    async fn given_name(&self) -> Option<&str> {
        self.0.name.given()
    }

    /// The family name.
    async fn family_name(&self) -> Option<&str> {
        self.0.name.family()
    }

    /// The whole name in one line.
    async fn full_name(&self) -> String {
        self.0.name.full()
    }

    /// The e-mail address.
    async fn email(&self) -> Option<Text<EmailAddress>> {
        self.0.email.clone().map(Text)
    }

    /// The telephone number.
    async fn phone(&self) -> Option<Text<PhoneNumber>> {
        self.0.phone.clone().map(Text)
    }

    /// The language to speak and write in.
    async fn language(&self) -> Option<Text<LanguageTag>> {
        self.0.language.clone().map(Text)
    }

    /// The country.
    async fn country(&self) -> Option<Text<CountryCode>> {
        self.0.country.map(Text)
    }

    /// The region within the country (ISO 3166-2), such as `DE-BY`.
    async fn subdivision(&self) -> Option<String> {
        self.0.subdivision.as_ref().map(ToString::to_string)
    }

    /// The postal code.
    async fn postal_code(&self) -> Option<&str> {
        self.0.postal_code.as_ref().map(PostalCode::as_str)
    }

    /// The town.
    async fn city(&self) -> Option<&str> {
        self.0.city.as_ref().map(ShortText::as_str)
    }

    /// The job title as it was typed.
    async fn job_title(&self) -> Option<&str> {
        self.0.job_title.as_ref().map(ShortText::as_str)
    }

    /// The company that the person works for.
    async fn company(&self, ctx: &Context<'_>) -> Option<Result<CompanyObject>> {
        related(ctx, self.0.company).await
    }

    /// The part that the person plays in the company's decision to buy.
    async fn buying_role(&self) -> Option<Coded<BuyingRole>> {
        self.0.buying_role.map(Coded)
    }

    /// What the person allowed or forbade. What is not listed was never asked, and means no.
    async fn consents(&self) -> Vec<ConsentObject> {
        self.0.consents.iter().copied().map(Into::into).collect()
    }

    /// When the person became known.
    async fn created_at(&self) -> Timestamp {
        Timestamp(self.0.created_at)
    }

    /// When the record last changed.
    async fn updated_at(&self) -> Timestamp {
        Timestamp(self.0.updated_at)
    }
}

/// What a person said about one purpose and channel.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Consent")]
pub struct ConsentObject {
    /// What for.
    pub purpose: Coded<Purpose>,
    /// Which way.
    pub channel: Coded<ContactChannel>,
    /// Whether it is allowed.
    pub status: Coded<ConsentStatus>,
    /// When it was said.
    pub recorded_at: Timestamp,
}

impl From<ConsentState> for ConsentObject {
    fn from(state: ConsentState) -> Self {
        Self {
            purpose: Coded(state.purpose),
            channel: Coded(state.channel),
            status: Coded(state.status),
            recorded_at: Timestamp(state.recorded_at),
        }
    }
}
