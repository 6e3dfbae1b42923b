//! The acts on a lead. They all go through one function: what differs is the input that is read and the payload that is answered.

use async_graphql::{Context, Object, Result};

use super::acted;
use super::payload::{
    LeadAcceptPayload, LeadDisqualifyPayload, LeadHandOverPayload, LeadLosePayload, LeadQualifyPayload, LeadReactivatePayload,
    LeadReassignPayload, LeadRecyclePayload, LeadRejectPayload, LeadReopenPayload, LeadRetrackPayload, LeadWinPayload,
    LeadWithdrawPayload, Payload,
};
use crate::app::lead::{self, Commanded};
use crate::graphql::input::command::{
    LeadAcceptInput, LeadAct, LeadDisqualifyInput, LeadHandOverInput, LeadLoseInput, LeadQualifyInput, LeadReactivateInput,
    LeadReassignInput, LeadRecycleInput, LeadRejectInput, LeadReopenInput, LeadRetrackInput, LeadWinInput, LeadWithdrawInput,
};

/// The acts of the waterfall.
#[derive(Default)]
pub struct LeadActMutation;

async fn act<P: Payload<Done = Commanded>>(ctx: &Context<'_>, input: impl LeadAct) -> Result<P> {
    acted!(ctx, |app, caller| lead::command(app, caller, input.read()?).await)
}

/// The acts of the waterfall.
#[Object]
impl LeadActMutation {
    /// Moves a lead to the next step of the same department, when the criteria for it are met. For the owning department.
    async fn lead_qualify(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead and the facts of the act.")] input: LeadQualifyInput,
    ) -> Result<LeadQualifyPayload> {
        act(ctx, input).await
    }

    /// Offers a lead to the next department, when the criteria of the agreement are met. A track may say that it goes over
    /// without an offer. For the owning department.
    async fn lead_hand_over(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead and the facts of the act.")] input: LeadHandOverInput,
    ) -> Result<LeadHandOverPayload> {
        act(ctx, input).await
    }

    /// Takes an offered lead, or picks one up that waits in the team's queue. For the assignee, or a colleague of the team.
    async fn lead_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead and the facts of the act.")] input: LeadAcceptInput,
    ) -> Result<LeadAcceptPayload> {
        act(ctx, input).await
    }

    /// Returns an offered lead to the department that gave it, with a reason. For the taking department.
    async fn lead_reject(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead and the facts of the act.")] input: LeadRejectInput,
    ) -> Result<LeadRejectPayload> {
        act(ctx, input).await
    }

    /// Takes back an offer that nobody has taken yet. For managers of the giving department.
    async fn lead_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead and the facts of the act.")] input: LeadWithdrawInput,
    ) -> Result<LeadWithdrawPayload> {
        act(ctx, input).await
    }

    /// Gives a lead, or the offer of one, to another colleague or team; its stage stays. For managers.
    async fn lead_reassign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead and the facts of the act.")] input: LeadReassignInput,
    ) -> Result<LeadReassignPayload> {
        act(ctx, input).await
    }

    /// Sends a lead to nurturing, or a lost one back there; its passage ends. For the owning department.
    async fn lead_recycle(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead and the facts of the act.")] input: LeadRecycleInput,
    ) -> Result<LeadRecyclePayload> {
        act(ctx, input).await
    }

    /// Brings a lead back from nurturing with a new passage. For marketing.
    async fn lead_reactivate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead and the facts of the act.")] input: LeadReactivateInput,
    ) -> Result<LeadReactivatePayload> {
        act(ctx, input).await
    }

    /// Closes what is no lead. For the owning department.
    async fn lead_disqualify(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead and the facts of the act.")] input: LeadDisqualifyInput,
    ) -> Result<LeadDisqualifyPayload> {
        act(ctx, input).await
    }

    /// Closes a lead as won at its closing step, and hands the customer to customer service. For the department of that step.
    async fn lead_win(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead and the facts of the act.")] input: LeadWinInput,
    ) -> Result<LeadWinPayload> {
        act(ctx, input).await
    }

    /// Closes a lead as lost at its closing step. For the department of that step.
    async fn lead_lose(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead and the facts of the act.")] input: LeadLoseInput,
    ) -> Result<LeadLosePayload> {
        act(ctx, input).await
    }

    /// Takes back a loss or disqualification within 30 days: the lead is again where it was. For managers.
    async fn lead_reopen(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead and the facts of the act.")] input: LeadReopenInput,
    ) -> Result<LeadReopenPayload> {
        act(ctx, input).await
    }

    /// Moves a lead to the same stage of another track; refused with the lawful alternatives when that track does not have the
    /// stage.
    async fn lead_retrack(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead and the facts of the act.")] input: LeadRetrackInput,
    ) -> Result<LeadRetrackPayload> {
        act(ctx, input).await
    }
}
