//! Companies that may buy.

use async_graphql::{Context, Object, Result};

use super::acted;
use super::payload::{CompanyCreatePayload, CompanyUpdatePayload};
use crate::app::company;
use crate::graphql::input::company::{CompanyCreateInput, CompanyUpdateInput};

/// Companies that may buy.
#[derive(Default)]
pub struct CompanyMutation;

/// Companies that may buy.
#[Object]
impl CompanyMutation {
    /// Makes a company known. All faults of the input are reported at once.
    async fn company_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The company.")] input: CompanyCreateInput,
    ) -> Result<CompanyCreatePayload> {
        acted!(ctx, |app, caller| company::create(app, caller, input.draft(), input.idempotency_key).await)
    }

    /// Changes a company.
    async fn company_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The company and what changes.")] input: CompanyUpdateInput,
    ) -> Result<CompanyUpdatePayload> {
        acted!(ctx, |app, caller| {
            let (company, expected, patch) = input.read()?;
            company::update(app, caller, company, expected, patch).await
        })
    }
}
