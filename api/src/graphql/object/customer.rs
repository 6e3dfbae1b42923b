//! Customers, as customer service takes them over.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::customer::{Customer, CustomerStatus};

use crate::graphql::code::Coded;
use crate::graphql::error::OrFault;
use crate::graphql::loader::{ClockOfCustomer, OpportunityOf, load, loaders, related};
use crate::graphql::scalar::{Timestamp, id, int};

use super::clock::ClockObject;
use super::company::CompanyObject;
use super::lead::LeadObject;
use super::opportunity::OpportunityObject;
use super::person::PersonObject;
use super::shows;
use super::team::TeamObject;
use super::user::UserObject;

/// A customer.
#[derive(Clone, Debug)]
pub struct CustomerObject(pub Customer);

shows!(CustomerObject(Customer));

/// What a won lead becomes, handed over to customer service.
#[Object(name = "Customer")]
impl CustomerObject {
    /// The id.
    pub async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// Counts the changes from 1; send it as `expectedVersion` so that nobody's change is overwritten unseen.
    async fn version(&self) -> i32 {
        int(self.0.version)
    }

    /// Where the hand-over to customer service stands.
    async fn status(&self) -> Coded<CustomerStatus> {
        Coded(self.0.state.status())
    }

    /// Since when it stands so.
    async fn since(&self) -> Timestamp {
        Timestamp(self.0.state.since())
    }

    /// Who of customer service took the customer over.
    async fn taken_over_by(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.state.taken_by()).await
    }

    /// The team of customer service that the customer was handed to.
    async fn team(&self, ctx: &Context<'_>) -> Option<Result<TeamObject>> {
        related(ctx, self.0.team).await
    }

    /// The lead that was won; absent when the viewer may not see it.
    async fn lead(&self, ctx: &Context<'_>) -> Option<Result<LeadObject>> {
        related(ctx, Some(self.0.lead)).await
    }

    /// The opportunity that was won; absent when the viewer may not see it or its lead.
    async fn opportunity(&self, ctx: &Context<'_>) -> Option<Result<OpportunityObject>> {
        let lead: Result<Option<LeadObject>> = load(ctx, self.0.opportunity.map(|_| self.0.lead)).await;
        match lead {
            Ok(lead) => related(ctx, lead.map(|lead| OpportunityOf(lead.0.passage))).await,
            Err(error) => Some(Err(error)),
        }
    }

    /// The promise to take the customer over, while it runs: its state, when it is due, and the seconds that are left. Absent when nothing was promised,
    /// and once somebody took the customer over.
    async fn next_clock(&self, ctx: &Context<'_>) -> Result<Option<ClockObject>> {
        Ok(loaders(ctx)?.one(ClockOfCustomer(self.0.id)).await.or_fault(ctx)?.map(ClockObject))
    }

    /// The person who bought; absent when the viewer may not see persons.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<PersonObject>> {
        related(ctx, Some(self.0.person)).await
    }

    /// The company that bought.
    async fn company(&self, ctx: &Context<'_>) -> Option<Result<CompanyObject>> {
        related(ctx, self.0.company).await
    }
}
