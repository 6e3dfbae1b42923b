//! A gate that does not hold.

use async_graphql::{ComplexObject, Context, Result, SimpleObject};
use fairfall_domain::agreement::AgreementRef;
use fairfall_domain::waterfall::act::Act;
use fairfall_domain::waterfall::stage::OpenStage;

use super::ErrorCode;
use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::object::agreement::AgreementObject;
use crate::graphql::object::gate::UnmetObject;

/// The criteria that both departments agreed on for the next stage are not met.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct GateUnmet {
    /// What went wrong, in words for people; without personal data.
    pub message: String,
    /// What went wrong, for programs.
    pub code: ErrorCode,
    /// The field of the input that it is about; absent when it is about the act as a whole.
    pub field: Option<String>,
    /// The act that was asked for.
    pub act: Coded<Act>,
    /// The stage that would be entered.
    pub stage: Coded<OpenStage>,
    /// Each unmet criterion with the value that was found.
    pub criteria: Vec<UnmetObject>,
    /// The version of the agreement that sets the criteria.
    #[graphql(skip)]
    pub set_by: AgreementRef,
}

#[ComplexObject]
impl GateUnmet {
    /// The version of the agreement that sets the criteria; absent when the caller may not see agreements.
    async fn agreement(&self, ctx: &Context<'_>) -> Option<Result<AgreementObject>> {
        related(ctx, Some(self.set_by.id)).await
    }
}
