//! People.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::id::PersonId;
use fairfall_domain::value::CountryCode;
use fairfall_persistence::repo::person::PersonFilter;

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::loader::related;
use crate::graphql::object::person::PersonObject;
use crate::graphql::page::Asked;
use crate::graphql::scalar::Text;

use super::connection::PersonConnection;
use super::{optional_id, searched};

/// People.
#[derive(Default)]
pub struct PersonQuery;

#[Object]
impl PersonQuery {
    /// A person; absent when it does not exist for the viewer.
    async fn person(&self, ctx: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> Option<Result<PersonObject>> {
        related(ctx, PersonId::parse(&id).ok()).await
    }

    /// Persons that the viewer may see, changed last first.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn people(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Words, each of which starts a word of the person's or the company's name.")] search: Option<String>,
        #[graphql(desc = "The id of the company that they work for.")] company: Option<ID>,
        #[graphql(desc = "Their country.")] country: Option<Text<CountryCode>>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<PersonConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        let company = optional_id(ctx, "company", company.as_ref())?;
        let filter =
            PersonFilter { search: searched(ctx, search.as_deref())?, company, country: country.map(|country| country.0) };
        Ok(app::person::page(app(ctx), caller(ctx)?, &filter, &args).await.or_fault(ctx)?.into())
    }
}
