//! What routing knows of colleagues, and what holds for all of it.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::id::UserId;

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::loader::{ProfileOf, related};
use crate::graphql::object::member::MemberProfileObject;
use crate::graphql::object::routing_policy::RoutingPolicyObject;

/// What routing knows of colleagues, and what holds for all of it.
#[derive(Default)]
pub struct MemberQuery;

#[Object]
impl MemberQuery {
    /// What routing knows of a colleague; absent when the user does not exist for the viewer.
    async fn member_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The colleague.")] user: ID,
    ) -> Option<Result<MemberProfileObject>> {
        related(ctx, UserId::parse(&user).ok().map(ProfileOf)).await
    }

    /// What holds for all routing; absent for those who do not see how leads are routed.
    async fn routing_policy(&self, ctx: &Context<'_>) -> Option<Result<RoutingPolicyObject>> {
        policy(ctx).await.transpose()
    }
}

async fn policy(ctx: &Context<'_>) -> Result<Option<RoutingPolicyObject>> {
    Ok(app::routing::policy::find(app(ctx), caller(ctx)?).await.or_fault(ctx)?.map(Into::into))
}
