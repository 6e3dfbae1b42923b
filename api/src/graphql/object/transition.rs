//! Transitions: the account of each act.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::department::Department;
use fairfall_domain::routing::place::QueueReason;
use fairfall_domain::value::LongText;
use fairfall_domain::waterfall::act::Act;
use fairfall_domain::waterfall::stage::Stage;
use fairfall_domain::waterfall::transition::Transition;

use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::{Timestamp, id, int};

use super::agreement::AgreementObject;
use super::shows;
use super::team::TeamObject;
use super::user::UserObject;

/// A transition.
#[derive(Clone, Debug)]
pub struct TransitionObject(pub Transition);

shows!(TransitionObject(Transition));

/// An act that was done with a lead: who did what, when, why, and who had the lead after.
#[Object(name = "Transition")]
impl TransitionObject {
    /// The id.
    async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// When it was done.
    async fn at(&self) -> Timestamp {
        Timestamp(self.0.at)
    }

    /// What was done.
    async fn act(&self) -> Coded<Act> {
        Coded(self.0.act)
    }

    /// The version of the lead that it made.
    async fn lead_version(&self) -> i32 {
        int(self.0.lead_version)
    }

    /// Whether it followed by itself from the act before it, as an agreement says.
    async fn followed(&self) -> bool {
        self.0.step > 0
    }

    /// The id of the passage that it belongs to.
    async fn passage_id(&self) -> ID {
        id(self.0.passage)
    }

    /// The stage before; absent for a capture.
    async fn from_stage(&self) -> Option<Coded<Stage>> {
        self.0.from_stage.map(Coded)
    }

    /// The stage after.
    async fn to_stage(&self) -> Coded<Stage> {
        Coded(self.0.to_stage)
    }

    /// The department before; absent for a capture.
    async fn from_department(&self) -> Option<Coded<Department>> {
        self.0.from_department.map(Coded)
    }

    /// The department after; for an offer the one that it was offered to.
    async fn to_department(&self) -> Coded<Department> {
        Coded(self.0.to_department)
    }

    /// Who did it; absent when it happened by itself, was imported without a name, or the viewer may not see the user.
    async fn actor(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.actor).await
    }

    /// Who had the lead after; for an offer, whom it waited for.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.placement.person).await
    }

    /// The team that had the lead after; for an offer, the one that it waited for.
    async fn team(&self, ctx: &Context<'_>) -> Option<Result<TeamObject>> {
        related(ctx, self.0.placement.team).await
    }

    /// Why nobody had the lead after.
    async fn queue_reason(&self) -> Option<Coded<QueueReason>> {
        self.0.placement.queue_reason.map(Coded)
    }

    /// The code of the reason; one of the enum that belongs to the act, such as `RejectReason`.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// Free words of whoever did it.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_ref().map(LongText::as_str)
    }

    /// The version of the agreement under which a hand-over ran; absent when the viewer may not see agreements.
    async fn agreement(&self, ctx: &Context<'_>) -> Option<Result<AgreementObject>> {
        related(ctx, self.0.agreement.as_ref().map(|agreement| agreement.id)).await
    }
}
