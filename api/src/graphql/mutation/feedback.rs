//! Ratings of leads.

use async_graphql::{Context, Object, Result};

use super::acted;
use super::payload::payloads;
use crate::app::feedback::{self, Rated};
use crate::graphql::input::feedback::LeadRateInput;
use crate::graphql::object::feedback::FeedbackObject;
use crate::graphql::object::lead::LeadObject;

payloads! {
    /// What `leadRate` answers.
    LeadRatePayload = |done: Rated| {
        /// The rating as it is now; absent when nothing was rated because of errors.
        feedback: FeedbackObject = Some(done.feedback.into()),
        /// The lead; absent when nothing was rated, or when it has left the caller's sight since the department had it.
        lead: LeadObject = done.lead.map(Into::into),
        ;
        /// Whether the same was said before, so that nothing changed now.
        already_done = done.already_done,
    }
}

/// Ratings of leads.
#[derive(Default)]
pub struct FeedbackMutation;

/// Ratings of leads.
#[Object]
impl FeedbackMutation {
    /// Rates a lead that the caller's department accepted, or was given without an offer: also after it went on or was closed. Another rating
    /// replaces the one before. The promise to rate it is kept by it.
    async fn lead_rate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead, and what is said about it.")] input: LeadRateInput,
    ) -> Result<LeadRatePayload> {
        acted!(ctx, |app, caller| feedback::rate(app, caller, input.read()?).await)
    }
}
