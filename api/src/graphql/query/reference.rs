//! Reference data of places.

use async_graphql::{Context, Object, Result};

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::object::reference::ReferenceSetObject;

/// Reference data of places.
#[derive(Default)]
pub struct ReferenceQuery;

#[Object]
impl ReferenceQuery {
    /// The reference data of places that is loaded, with its licences and notices; none for those who may not see how leads are routed.
    async fn reference_sets(&self, ctx: &Context<'_>) -> Result<Vec<ReferenceSetObject>> {
        let sets = app::reference::sets(app(ctx), caller(ctx)?).await.or_fault(ctx)?;
        Ok(sets.into_iter().map(Into::into).collect())
    }
}
