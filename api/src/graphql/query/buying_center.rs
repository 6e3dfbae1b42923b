//! Which roles a sale needs.

use async_graphql::{Context, Object, Result};

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::object::buying_center::BuyingNeedsObject;

/// Which roles a sale needs.
#[derive(Default)]
pub struct BuyingCenterQuery;

#[Object]
impl BuyingCenterQuery {
    /// Which roles of a buying center must be known, by product area; absent for those who may not see companies.
    async fn buying_needs(&self, ctx: &Context<'_>) -> Option<Result<BuyingNeedsObject>> {
        needs(ctx).await.transpose()
    }
}

async fn needs(ctx: &Context<'_>) -> Result<Option<BuyingNeedsObject>> {
    Ok(app::buying_center::needs(app(ctx), caller(ctx)?).await.or_fault(ctx)?.map(Into::into))
}
