//! Companies that may buy.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::company::Company;
use fairfall_domain::value::{Code, CountryCode, HttpUrl, PostalCode, ShortText};

use crate::graphql::loader::related;
use crate::graphql::scalar::{Text, Timestamp, id, int};

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

    /// The colleague whose customer it is.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.owner).await
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
