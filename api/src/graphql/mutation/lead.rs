//! Capture of leads, and changes of what is known of them.

use async_graphql::{Context, Object, Result};

use super::acted;
use super::payload::{LeadCapturePayload, LeadUpdatePayload};
use crate::app::lead;
use crate::graphql::input::lead::{LeadCaptureInput, LeadUpdateInput};

/// Capture of leads, and changes of what is known of them.
#[derive(Default)]
pub struct LeadMutation;

/// Capture of leads, and changes of what is known of them.
#[Object]
impl LeadMutation {
    /// Brings demand in: opens a lead and its first passage. A person or company that is known already is not made twice.
    async fn lead_capture(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The demand.")] input: LeadCaptureInput,
    ) -> Result<LeadCapturePayload> {
        acted!(ctx, |app, caller| lead::capture(app, caller, input.read()?).await)
    }

    /// Changes what is known of an open or resting lead. Nobody sets a stage: for that there are the acts.
    async fn lead_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead and what changes.")] input: LeadUpdateInput,
    ) -> Result<LeadUpdatePayload> {
        acted!(ctx, |app, caller| lead::update(app, caller, input.read()?).await)
    }
}
