//! Activities.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::campaign::Channel;
use fairfall_domain::scoring::activity::ContactOutcome;
use fairfall_domain::scoring::{Activity, ActivityKind};

use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::{Timestamp, id};

use super::campaign::CampaignObject;
use super::lead::LeadObject;
use super::person::PersonObject;
use super::shows;
use super::user::UserObject;

/// An activity.
#[derive(Clone, Debug)]
pub struct ActivityObject(pub Activity);

shows!(ActivityObject(Activity));

/// Something that a person did: what engagement is scored by. It is never changed: what happened, happened.
#[Object(name = "Activity")]
impl ActivityObject {
    /// The id.
    async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// What was done.
    async fn kind(&self) -> Coded<ActivityKind> {
        Coded(self.0.kind)
    }

    /// What came of it, when it was a try to reach them.
    async fn outcome(&self) -> Option<Coded<ContactOutcome>> {
        self.0.outcome.map(Coded)
    }

    /// What the colleague wrote down of it.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_ref().map(fairfall_domain::value::LongText::as_str)
    }

    /// By which way.
    async fn channel(&self) -> Coded<Channel> {
        Coded(self.0.channel)
    }

    /// When it happened.
    async fn occurred_at(&self) -> Timestamp {
        Timestamp(self.0.occurred_at)
    }

    /// Who did it; absent when the viewer may not see persons.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<PersonObject>> {
        related(ctx, Some(self.0.person)).await
    }

    /// The one lead that it counts for; absent when it counts for every lead that the person has open or at rest.
    async fn lead(&self, ctx: &Context<'_>) -> Option<Result<LeadObject>> {
        related(ctx, self.0.lead).await
    }

    /// The campaign that moved them to it.
    async fn campaign(&self, ctx: &Context<'_>) -> Option<Result<CampaignObject>> {
        related(ctx, self.0.campaign).await
    }

    /// The key of the system in which it was recorded first.
    async fn source(&self) -> Option<&str> {
        self.0.reference.as_ref().map(|reference| reference.source.as_str())
    }

    /// Its id in that system.
    async fn external_id(&self) -> Option<&str> {
        self.0.reference.as_ref().map(|reference| reference.external_id.as_str())
    }

    /// When it was recorded here.
    async fn recorded_at(&self) -> Timestamp {
        Timestamp(self.0.recorded_at)
    }

    /// Who recorded it; absent when the system did, or when the viewer may not see the user.
    async fn recorded_by(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.recorded_by).await
    }
}
