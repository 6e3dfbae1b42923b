//! Opportunities.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::opportunity::{Opportunity, OpportunityStatus};

use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::{Timestamp, id, int};

use super::company::CompanyObject;
use super::lead::LeadObject;
use super::money::MoneyObject;
use super::person::PersonObject;
use super::shows;

/// An opportunity.
#[derive(Clone, Debug)]
pub struct OpportunityObject(pub Opportunity);

shows!(OpportunityObject(Opportunity));

/// What a lead becomes for sales at the step that opens it.
#[Object(name = "Opportunity")]
impl OpportunityObject {
    /// The id.
    async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// Counts the changes from 1.
    async fn version(&self) -> i32 {
        int(self.0.version)
    }

    /// Where it stands.
    async fn status(&self) -> Coded<OpportunityStatus> {
        Coded(self.0.state.status())
    }

    /// The expected amount; when won, the agreed one.
    async fn amount(&self) -> Option<MoneyObject> {
        self.0.amount.map(Into::into)
    }

    /// When it was opened.
    async fn opened_at(&self) -> Timestamp {
        Timestamp(self.0.opened_at)
    }

    /// When it ended.
    async fn ended_at(&self) -> Option<Timestamp> {
        self.0.state.ended_at().map(Timestamp)
    }

    /// The lead that it came from; absent when the viewer may not see it.
    async fn lead(&self, ctx: &Context<'_>) -> Option<Result<LeadObject>> {
        related(ctx, Some(self.0.lead)).await
    }

    /// The person that it is with; absent when the viewer may not see persons.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<PersonObject>> {
        related(ctx, Some(self.0.person)).await
    }

    /// The company that it is with.
    async fn company(&self, ctx: &Context<'_>) -> Option<Result<CompanyObject>> {
        related(ctx, self.0.company).await
    }
}
