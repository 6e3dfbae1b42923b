//! What is known of a lead in the state it is in.

use async_graphql::{ComplexObject, Context, Result, SimpleObject};
use chrono::{DateTime, Utc};
use fairfall_domain::agreement::AgreementRef;
use fairfall_domain::department::Department;
use fairfall_domain::id::PassageId;
use fairfall_domain::routing::Placement;
use fairfall_domain::routing::place::QueueReason;
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::reason::{DisqualifyReason, LoseReason, RecycleReason};
use fairfall_domain::waterfall::stage::{OpenStage, Stage};
use fairfall_domain::waterfall::state::LeadState;

use crate::graphql::code::Coded;
use crate::graphql::loader::{OpportunityOf, load, related};
use crate::graphql::scalar::Timestamp;

use super::agreement::AgreementObject;
use super::money::MoneyObject;
use super::opportunity::OpportunityObject;
use super::team::TeamObject;
use super::user::UserObject;

/// An offer to the next department that nobody has answered yet.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Offer", complex)]
pub struct OfferObject {
    /// The department that the lead is offered to.
    pub department: Coded<Department>,
    /// The stage that the lead enters when it is accepted.
    pub enters: Coded<OpenStage>,
    /// Since when it is offered.
    pub offered_at: Timestamp,
    /// Why it is offered to a team instead of a person.
    pub queue_reason: Option<Coded<QueueReason>>,
    #[graphql(skip)]
    placement: Placement,
    #[graphql(skip)]
    under: AgreementRef,
}

#[ComplexObject]
impl OfferObject {
    /// The person that it waits for; absent when anybody of the team may take it.
    async fn assignee(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.placement.person).await
    }

    /// The team that it waits for.
    async fn team(&self, ctx: &Context<'_>) -> Option<Result<TeamObject>> {
        related(ctx, self.placement.team).await
    }

    /// The version of the agreement under which it was offered; absent when the viewer may not see agreements.
    async fn agreement(&self, ctx: &Context<'_>) -> Option<Result<AgreementObject>> {
        related(ctx, Some(self.under.id)).await
    }
}

impl OfferObject {
    /// The offer of a lead, if it is offered.
    pub fn of(state: &LeadState) -> Option<Self> {
        let LeadState::Offered { giver: _, taker, enters, placement, offered_at, agreement } = state else { return None };
        Some(Self {
            department: Coded(*taker),
            enters: Coded(*enters),
            offered_at: Timestamp(*offered_at),
            queue_reason: placement.queue_reason.map(Coded),
            placement: *placement,
            under: agreement.clone(),
        })
    }
}

/// A lead's rest.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Nurturing")]
pub struct NurturingObject {
    /// Why it rests.
    pub reason: Coded<RecycleReason>,
    /// When it comes back by itself; absent when it waits to be woken.
    pub resume_at: Option<Timestamp>,
}

impl NurturingObject {
    /// The rest of a lead, if it rests.
    pub fn of(state: &LeadState) -> Option<Self> {
        let LeadState::Nurturing { reason, resume_at, placement: _ } = state else { return None };
        Some(Self { reason: Coded(*reason), resume_at: resume_at.map(Timestamp) })
    }
}

/// How a lead was closed.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Closing", complex)]
pub struct ClosingObject {
    /// When.
    pub at: Timestamp,
    /// How: WON, LOST or DISQUALIFIED.
    pub stage: Coded<Stage>,
    /// Why it was lost.
    pub lose_reason: Option<Coded<LoseReason>>,
    /// Why it was no lead.
    pub disqualify_reason: Option<Coded<DisqualifyReason>>,
    #[graphql(skip)]
    won_on: Option<PassageId>,
}

#[ComplexObject]
impl ClosingObject {
    /// The amount that was won; absent when it is not known, or the viewer may not see opportunities.
    async fn amount(&self, ctx: &Context<'_>) -> Option<Result<MoneyObject>> {
        let opportunity: Result<Option<OpportunityObject>> = load(ctx, self.won_on.map(OpportunityOf)).await;
        opportunity.map(|opportunity| opportunity?.0.amount.map(Into::into)).transpose()
    }
}

impl ClosingObject {
    /// How a lead was closed, if it was.
    pub fn of(lead: &Lead) -> Option<Self> {
        let closed = |at: DateTime<Utc>| Self {
            at: Timestamp(at),
            stage: Coded(lead.state.stage()),
            lose_reason: None,
            disqualify_reason: None,
            won_on: None,
        };
        match &lead.state {
            LeadState::Won { at, .. } => Some(Self { won_on: Some(lead.passage), ..closed(*at) }),
            LeadState::Lost { at, reason, .. } => Some(Self { lose_reason: Some(Coded(*reason)), ..closed(*at) }),
            LeadState::Disqualified { at, reason, .. } => Some(Self { disqualify_reason: Some(Coded(*reason)), ..closed(*at) }),
            LeadState::Working { .. } | LeadState::Offered { .. } | LeadState::Nurturing { .. } => None,
        }
    }
}
