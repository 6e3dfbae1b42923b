//! Territories.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::department::Department;
use fairfall_domain::id::TerritoryId;

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::code::Coded;
use crate::graphql::error::OrFault;
use crate::graphql::loader::related;
use crate::graphql::object::coverage::TerritoryCoverageObject;
use crate::graphql::object::territory::TerritoryObject;
use crate::graphql::page::Asked;

use super::connection::TerritoryConnection;

/// Territories.
#[derive(Default)]
pub struct TerritoryQuery;

#[Object]
impl TerritoryQuery {
    /// A territory; absent when it does not exist for the viewer.
    async fn territory(&self, ctx: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> Option<Result<TerritoryObject>> {
        related(ctx, TerritoryId::parse(&id).ok()).await
    }

    /// Territories by key, archived ones too.
    async fn territories(
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
    ) -> Result<TerritoryConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        Ok(app::routing::territory::page(app(ctx), caller(ctx)?, &args).await.or_fault(ctx)?.into())
    }

    /// Which leads of the last days no territory would take, and which several would take equally well, under the territories in use. Writes nothing;
    /// looks at the newest 20,000 leads. Absent for those who keep no territories.
    async fn territory_coverage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Leads captured within so many days, 1 to 366.", default = 90)] days: u32,
        #[graphql(desc = "The department that would get them.")] department: Coded<Department>,
    ) -> Option<Result<TerritoryCoverageObject>> {
        coverage(ctx, days, department.0).await.transpose()
    }
}

async fn coverage(ctx: &Context<'_>, days: u32, department: Department) -> Result<Option<TerritoryCoverageObject>> {
    let found = app::routing::coverage::coverage(app(ctx), caller(ctx)?, days, department).await.or_fault(ctx)?;
    Ok(found.map(Into::into))
}
