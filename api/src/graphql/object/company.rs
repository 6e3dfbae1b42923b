//! Companies that may buy.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::company::Company;
use fairfall_domain::id::{AnyId, CompanyId};
use fairfall_domain::value::{Code, CountryCode, HttpUrl, PostalCode, ShortText};
use fairfall_domain::violation::Violations;
use fairfall_persistence::Page;

use crate::app::AppError;
use crate::app::buying_center::CenterKey;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::loader::{LeadsOf, load, loaders, related};
use crate::graphql::page::Asked;
use crate::graphql::query::connection::{DuplicateConnection, RelatedLeadConnection};
use crate::graphql::scalar::{Text, Timestamp, id, int};

use super::buying_center::BuyingCenterObject;
use super::origin::{FieldOriginObject, origins};
use super::quality::{CompanyQualityObject, of_company};
use super::shows;
use super::user::UserObject;

/// A company.
#[derive(Clone, Debug)]
pub struct CompanyObject(pub Company);

shows!(CompanyObject(Company));

/// A company that may buy.
#[Object(name = "Company")]
impl CompanyObject {
    /// The id.
    pub async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// Counts the changes from 1; send it as `expectedVersion` so that nobody's change is overwritten unseen.
    async fn version(&self) -> i32 {
        int(self.0.version)
    }

    /// The name as written.
    async fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// The country of the seat.
    async fn country(&self) -> Option<Text<CountryCode>> {
        self.0.country.map(Text)
    }

    /// The region of the seat (ISO 3166-2), such as `DE-BY`.
    async fn subdivision(&self) -> Option<String> {
        self.0.subdivision.as_ref().map(ToString::to_string)
    }

    /// The postal code of the seat.
    async fn postal_code(&self) -> Option<&str> {
        self.0.postal_code.as_ref().map(PostalCode::as_str)
    }

    /// The town of the seat.
    async fn city(&self) -> Option<&str> {
        self.0.city.as_ref().map(ShortText::as_str)
    }

    /// The key of the industry.
    async fn industry(&self) -> Option<&str> {
        self.0.industry.as_ref().map(Code::as_str)
    }

    /// How many people work there.
    async fn employees(&self) -> Option<i32> {
        self.0.employees.map(int)
    }

    /// The address in the web.
    async fn website(&self) -> Option<Text<HttpUrl>> {
        self.0.website.clone().map(Text)
    }

    /// The number in the register of companies.
    async fn register_number(&self) -> Option<&str> {
        self.0.register_number.as_ref().map(ShortText::as_str)
    }

    /// What is to be looked at in the record. It is found anew at each reading, nothing is stored.
    async fn quality(&self, ctx: &Context<'_>) -> Option<Result<CompanyQualityObject>> {
        Some(of_company(ctx, &self.0).await)
    }

    /// The colleague whose customer it is.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.owner).await
    }

    /// Who takes part when this company buys, and who is missing.
    async fn buying_center(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key of the product area; all when absent.")] product_area: Option<String>,
    ) -> Option<Result<BuyingCenterObject>> {
        center(ctx, self.0.id, product_area.as_deref()).await.transpose()
    }

    /// Where the fields come from. Fields without a value have none; nor have those written before origins were kept.
    async fn origins(&self) -> Vec<FieldOriginObject> {
        origins(&self.0.origins)
    }

    /// Records that may be the same company, the surest first: those open of which the viewer may see both sides.
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
        let open = crate::app::duplicate::open_of(AnyId::Company(self.0.id));
        Ok(crate::app::duplicate::page(app(ctx), caller(ctx)?, &open, &args).await.or_fault(ctx)?.into())
    }

    /// The leads of the company, changed last first: those that the viewer may see.
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

    /// When the company became known.
    async fn created_at(&self) -> Timestamp {
        Timestamp(self.0.created_at)
    }

    /// When the record last changed.
    async fn updated_at(&self) -> Timestamp {
        Timestamp(self.0.updated_at)
    }
}

async fn center(ctx: &Context<'_>, company: CompanyId, area: Option<&str>) -> Result<Option<BuyingCenterObject>> {
    let mut faults = Violations::new();
    let product_area = faults.check_optional("productArea", area, Code::parse);
    faults.into_result().map_err(AppError::from).or_fault(ctx)?;
    load(ctx, Some(CenterKey { company, product_area })).await
}
