//! How long data is kept.

use async_graphql::{Context, Object, Result};

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::object::protection::{RetentionPolicyObject, RetentionRunObject};

/// How long data is kept.
#[derive(Default)]
pub struct ProtectionQuery;

#[Object]
impl ProtectionQuery {
    /// For how long people are kept who bring no business any more; absent for all but administrators.
    async fn retention_policy(&self, ctx: &Context<'_>) -> Option<Result<RetentionPolicyObject>> {
        policy(ctx).await.transpose()
    }

    /// The newest runs and rehearsals of the rules, at most 100; none for all but administrators.
    async fn retention_runs(&self, ctx: &Context<'_>) -> Result<Vec<RetentionRunObject>> {
        let runs = app::protection::retention::runs(app(ctx), caller(ctx)?).await.or_fault(ctx)?;
        Ok(runs.into_iter().map(Into::into).collect())
    }
}

async fn policy(ctx: &Context<'_>) -> Result<Option<RetentionPolicyObject>> {
    Ok(app::protection::retention::policy(app(ctx), caller(ctx)?).await.or_fault(ctx)?.map(Into::into))
}
