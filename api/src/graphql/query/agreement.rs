//! Agreements between departments.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::id::AgreementId;

use crate::app::{self, AppError};
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::input::agreement::AgreementReplayInput;
use crate::graphql::loader::related;
use crate::graphql::object::agreement::AgreementObject;
use crate::graphql::object::agreement_replay::AgreementReplayObject;

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

    /// Asks the gates of a version, usually a draft, of the leads that were captured in the last days: how many would pass more or fewer than did, by gate
    /// and source, and how many would be sent to rest. Looks at the newest 20,000 leads at most, writes nothing, and ends with the request. For managers of
    /// the two departments, and admins.
    async fn agreement_replay(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The version, and how far back to look.")] input: AgreementReplayInput,
    ) -> Result<AgreementReplayObject> {
        let (agreement, days) = input.read().map_err(AppError::from).or_fault(ctx)?;
        Ok(Box::pin(app::agreement::replay(app(ctx), caller(ctx)?, agreement, days)).await.or_fault(ctx)?.into())
    }
}
