//! Companies.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::id::CompanyId;
use fairfall_domain::value::CountryCode;
use fairfall_persistence::repo::company::CompanyFilter;

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::loader::related;
use crate::graphql::object::company::CompanyObject;
use crate::graphql::page::Asked;
use crate::graphql::scalar::Text;

use super::connection::CompanyConnection;
use super::{optional_id, searched};

/// Companies.
#[derive(Default)]
pub struct CompanyQuery;

#[Object]
impl CompanyQuery {
    /// A company; absent when it does not exist for the viewer.
    async fn company(&self, ctx: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> Option<Result<CompanyObject>> {
        related(ctx, CompanyId::parse(&id).ok()).await
    }

    /// Companies that the viewer may see, changed last first.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn companies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Words, each of which starts a word of the name.")] search: Option<String>,
        #[graphql(desc = "The country of the seat.")] country: Option<Text<CountryCode>>,
        #[graphql(desc = "The id of the colleague whose customers they are.")] owner: Option<ID>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<CompanyConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        let owner = optional_id(ctx, "owner", owner.as_ref())?;
        let filter =
            CompanyFilter { search: searched(ctx, search.as_deref())?, country: country.map(|country| country.0), owner };
        Ok(app::company::page(app(ctx), caller(ctx)?, &filter, &args).await.or_fault(ctx)?.into())
    }
}
