//! Custom attributes, and the catalogue of what criteria can ask for.

use async_graphql::{Context, Object, Result};

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::object::attribute::CustomAttributeObject;
use crate::graphql::object::measure::MeasureObject;

/// Custom attributes, and the catalogue of what criteria can ask for.
#[derive(Default)]
pub struct AttributeQuery;

#[Object]
impl AttributeQuery {
    /// The attributes that were defined beside the usual ones, by key, retired ones too.
    async fn attributes(&self, ctx: &Context<'_>) -> Result<Vec<CustomAttributeObject>> {
        let attributes = app::attribute::all(app(ctx), caller(ctx)?).await.or_fault(ctx)?;
        Ok(attributes.into_iter().map(Into::into).collect())
    }

    /// Everything that criteria can ask for: what it is, how it is compared, and which values it takes. Empty for those who do not see agreements.
    async fn measures(&self, ctx: &Context<'_>) -> Result<Vec<MeasureObject>> {
        let attributes = app::attribute::catalogue(app(ctx), caller(ctx)?).await.or_fault(ctx)?;
        Ok(attributes.map(|attributes| MeasureObject::all(&attributes)).unwrap_or_default())
    }
}
