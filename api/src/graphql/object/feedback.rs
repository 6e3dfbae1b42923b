//! Ratings of leads, and those that are owed.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::department::Department;
use fairfall_domain::feedback::{Feedback, FeedbackRating, FeedbackReason};
use fairfall_domain::sla::Clock;
use fairfall_domain::value::LongText;

use crate::graphql::caller::app;
use crate::graphql::code::{Coded, coded};
use crate::graphql::loader::related;
use crate::graphql::scalar::{Timestamp, id, int};

use super::agreement::AgreementObject;
use super::lead::LeadObject;
use super::shows;
use super::team::TeamObject;
use super::user::UserObject;

/// A rating.
#[derive(Clone, Debug)]
pub struct FeedbackObject(pub Feedback);

shows!(FeedbackObject(Feedback));

/// What the department that took a lead says about it: one for each passage and department.
#[Object(name = "LeadFeedback")]
impl FeedbackObject {
    /// The id.
    async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// Counts the changes from 1; send it as `expectedVersion` so that nobody's opinion is replaced unseen.
    async fn version(&self) -> i32 {
        int(self.0.version)
    }

    /// The id of the passage in which the lead was given.
    async fn passage_id(&self) -> ID {
        id(self.0.passage)
    }

    /// The department that took the lead and rates it.
    async fn department(&self) -> Coded<Department> {
        Coded(self.0.department)
    }

    /// The department that gave the lead.
    async fn giving(&self) -> Coded<Department> {
        Coded(self.0.giving)
    }

    /// The version of the agreement under which it was given; absent when the viewer may not see agreements.
    async fn agreement(&self, ctx: &Context<'_>) -> Option<Result<AgreementObject>> {
        related(ctx, Some(self.0.agreement.id)).await
    }

    /// How good the lead was.
    async fn rating(&self) -> Coded<FeedbackRating> {
        Coded(self.0.rating)
    }

    /// The rating in points, 1 to 5: what averages are made of.
    async fn points(&self) -> i32 {
        int(self.0.rating.points())
    }

    /// What was good or missing.
    async fn reasons(&self) -> Vec<Coded<FeedbackReason>> {
        coded(&self.0.reasons.iter().copied().collect::<Vec<_>>())
    }

    /// Free words; absent when there are none, and when the viewer may not see persons.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_ref().map(LongText::as_str)
    }

    /// Who rated it last; absent when the viewer may not see the user.
    async fn by(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.by).await
    }

    /// When it was rated first.
    async fn at(&self) -> Timestamp {
        Timestamp(self.0.at)
    }

    /// When it was rated last.
    async fn updated_at(&self) -> Timestamp {
        Timestamp(self.0.updated_at)
    }
}

/// A rating that is owed.
#[derive(Clone, Debug)]
pub struct FeedbackOwedObject(pub Clock);

shows!(FeedbackOwedObject(Clock));

/// A rating that was promised and not given in time.
#[Object(name = "FeedbackOwed")]
impl FeedbackOwedObject {
    /// The id of the clock that runs.
    async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// The id of the lead that waits to be rated, whether or not the viewer may see it: what `leadRate` takes.
    async fn lead_id(&self) -> ID {
        id(self.0.lead)
    }

    /// The lead that waits to be rated; absent when the viewer may not see it, as often is so for the department that gave it away.
    async fn lead(&self, ctx: &Context<'_>) -> Option<Result<LeadObject>> {
        related(ctx, Some(self.0.lead)).await
    }

    /// The department that owes the rating.
    async fn department(&self) -> Coded<Department> {
        Coded(self.0.department)
    }

    /// The department that gave the lead and is owed the rating.
    async fn giving(&self) -> Coded<Department> {
        Coded(self.0.giving)
    }

    /// The version of the agreement that promises it.
    async fn agreement(&self, ctx: &Context<'_>) -> Option<Result<AgreementObject>> {
        related(ctx, Some(self.0.agreement.id)).await
    }

    /// The team that must give it; absent when no team has the lead.
    async fn team(&self, ctx: &Context<'_>) -> Option<Result<TeamObject>> {
        related(ctx, self.0.holder.team).await
    }

    /// Who must give it; absent when nobody in person, and when the viewer may not see the user.
    async fn holder(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.holder.person).await
    }

    /// When it was due first.
    async fn due_at(&self) -> Timestamp {
        Timestamp(self.0.breached_at.unwrap_or(self.0.started_at))
    }

    /// For how many seconds it is overdue, by the clock on the wall.
    async fn overdue_seconds(&self, ctx: &Context<'_>) -> i32 {
        let since = self.0.breached_at.map_or(0, |due| (app(ctx).now() - due).num_seconds());
        int(since.max(0).unsigned_abs())
    }
}
