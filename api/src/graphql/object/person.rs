//! People who may buy.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::consent::{ContactChannel, Purpose};
use fairfall_domain::id::AnyId;
use fairfall_domain::person::{BuyingRole, Person};
use fairfall_domain::value::{CountryCode, EmailAddress, LanguageTag, PhoneNumber, PostalCode, ShortText};
use fairfall_persistence::Page;

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::code::Coded;
use crate::graphql::error::OrFault;
use crate::graphql::loader::{ErasedOf, HoldOf, LeadsOf, loaders, related};
use crate::graphql::page::Asked;
use crate::graphql::query::connection::{
    ActivityConnection, ConsentRecordConnection, DuplicateConnection, RelatedLeadConnection,
};
use crate::graphql::scalar::{Text, Timestamp, id, int};

use super::company::CompanyObject;
use super::consent::{ConsentObject, ContactPermission};
use super::origin::{FieldOriginObject, origins};
use super::protection::LegalHoldObject;
use super::quality::{PersonQualityObject, of_person};
use super::shows;
use super::title::TitleObject;

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

    /// What the job title says; absent when none is known.
    async fn title(&self) -> Option<TitleObject> {
        self.0.job_title.as_ref().map(TitleObject::of)
    }

    /// What is to be looked at in the record. It is found anew at each reading, nothing is stored.
    async fn quality(&self, ctx: &Context<'_>) -> Option<Result<PersonQualityObject>> {
        Some(of_person(ctx, &self.0).await)
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

    /// When the person was erased: nothing tells any more who it was. Absent for everybody else.
    async fn erased_at(&self, ctx: &Context<'_>) -> Option<Result<Timestamp>> {
        related(ctx, Some(ErasedOf(self.0.id))).await
    }

    /// The legal reason that keeps the person's data; absent when there is none, and for all but administrators.
    async fn legal_hold(&self, ctx: &Context<'_>) -> Option<Result<LegalHoldObject>> {
        related(ctx, Some(HoldOf(self.0.id))).await
    }

    /// Where the fields come from. Fields without a value have none; nor have those written before origins were kept.
    async fn origins(&self) -> Vec<FieldOriginObject> {
        origins(&self.0.origins)
    }

    /// Records that may be the same person, the surest first: those open of which the viewer may see both sides.
    async fn duplicates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<DuplicateConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        let open = app::duplicate::open_of(AnyId::Person(self.0.id));
        Ok(app::duplicate::page(app(ctx), caller(ctx)?, &open, &args).await.or_fault(ctx)?.into())
    }

    /// What the person did, the latest first.
    async fn activities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<ActivityConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        Ok(app::activity::of_person(app(ctx), caller(ctx)?, self.0.id, &args).await.or_fault(ctx)?.into())
    }

    /// Whether the person may be contacted for a purpose over a channel now: ask before each contact. What nobody allowed is denied.
    async fn may_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What for.")] purpose: Coded<Purpose>,
        #[graphql(desc = "Which way.")] channel: Coded<ContactChannel>,
    ) -> ContactPermission {
        app::consent::permission(app(ctx), &self.0, purpose.0, channel.0).into()
    }

    /// Everything the person ever said about being contacted, recorded last first, with what proves it.
    async fn consent_history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<ConsentRecordConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        Ok(app::consent::history(app(ctx), caller(ctx)?, self.0.id, &args).await.or_fault(ctx)?.into())
    }

    /// The leads of the person, changed last first: those that the viewer may see.
    async fn leads(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<RelatedLeadConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        let page = loaders(ctx)?.one(LeadsOf { whose: self.0.id, args }).await.or_fault(ctx)?;
        Ok(page.unwrap_or(Page::empty()).into())
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
