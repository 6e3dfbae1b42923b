//! Agreements between departments.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::id::AgreementId;

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::loader::related;
use crate::graphql::object::agreement::AgreementObject;

/// Agreements between departments.
#[derive(Default)]
pub struct AgreementQuery;

#[Object]
impl AgreementQuery {
    /// Every version of every agreement.
    async fn agreements(&self, ctx: &Context<'_>) -> Result<Vec<AgreementObject>> {
        let agreements = app::agreement::all(app(ctx), caller(ctx)?).await.or_fault(ctx)?;
        Ok(agreements.into_iter().map(AgreementObject).collect())
    }

    /// A version of an agreement; absent when it does not exist for the viewer.
    async fn agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the version.")] id: ID,
    ) -> Option<Result<AgreementObject>> {
        related(ctx, AgreementId::parse(&id).ok()).await
    }
}
