//! What is done about the quality of records.

use async_graphql::{Context, Object, Result};

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::object::quality::QualityPolicyObject;

/// What is done about the quality of records.
#[derive(Default)]
pub struct QualityQuery;

#[Object]
impl QualityQuery {
    /// What the organisation does about findings in persons and companies; absent for those who have to do with neither.
    async fn quality_policy(&self, ctx: &Context<'_>) -> Option<Result<QualityPolicyObject>> {
        policy(ctx).await.transpose()
    }
}

async fn policy(ctx: &Context<'_>) -> Result<Option<QualityPolicyObject>> {
    Ok(app::quality::policy(app(ctx), caller(ctx)?).await.or_fault(ctx)?.map(Into::into))
}
