//! Running promises.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use fairfall_domain::department::Department;
use fairfall_domain::scoring::Tier;
use fairfall_domain::sla::clock::ClockState;
use fairfall_domain::sla::pause::{Pause, PauseReason};
use fairfall_domain::sla::{Basis, ClockKind, Promise};

use crate::app::sla::clock::ClockReading;
use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::{Period, Timestamp, id, int};

use super::agreement::AgreementObject;
use super::customer::CustomerObject;
use super::lead::LeadObject;
use super::shows;
use super::team::TeamObject;
use super::user::UserObject;

/// A promise that runs or ran.
#[derive(Clone, Debug)]
pub struct ClockObject(pub ClockReading);

shows!(ClockObject(ClockReading));

/// A promise about a lead, made by an agreement and watched by the second. Several run at once.
#[Object(name = "Clock")]
impl ClockObject {
    /// The id.
    async fn id(&self) -> ID {
        id(self.0.clock.id)
    }

    /// What is promised.
    async fn kind(&self) -> Coded<ClockKind> {
        Coded(self.0.clock.kind)
    }

    /// Where it stands.
    async fn state(&self) -> Coded<ClockState> {
        Coded(self.0.clock.state())
    }

    /// How long it may take.
    async fn promise(&self) -> PromiseObject {
        self.0.clock.promise.into()
    }

    /// The version of the agreement that promises it.
    async fn agreement(&self, ctx: &Context<'_>) -> Option<Result<AgreementObject>> {
        related(ctx, Some(self.0.clock.agreement.id)).await
    }

    /// The tier of the lead when it was started.
    async fn tier(&self) -> Coded<Tier> {
        Coded(self.0.clock.tier)
    }

    /// The id of the lead, whether or not the viewer may see it: what a rating that is owed is given by.
    async fn lead_id(&self) -> ID {
        id(self.0.clock.lead)
    }

    /// The lead; absent when the viewer may not see it.
    async fn lead(&self, ctx: &Context<'_>) -> Option<Result<LeadObject>> {
        related(ctx, Some(self.0.clock.lead)).await
    }

    /// The customer that waits for customer service.
    async fn customer(&self, ctx: &Context<'_>) -> Option<Result<CustomerObject>> {
        related(ctx, self.0.clock.customer).await
    }

    /// The department that gave.
    async fn giving(&self) -> Coded<Department> {
        Coded(self.0.clock.giving)
    }

    /// The department that must keep it.
    async fn department(&self) -> Coded<Department> {
        Coded(self.0.clock.department)
    }

    /// The team that must keep it.
    async fn team(&self, ctx: &Context<'_>) -> Option<Result<TeamObject>> {
        related(ctx, self.0.clock.holder.team).await
    }

    /// Who must keep it; absent while a queue has it.
    async fn holder(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.clock.holder.person).await
    }

    /// When it was started.
    async fn started_at(&self) -> Timestamp {
        Timestamp(self.0.clock.started_at)
    }

    /// When this lap's promise is over; absent while it stands still and once it has ended.
    async fn due_at(&self) -> Option<Timestamp> {
        self.0.clock.due_at.map(Timestamp)
    }

    /// Seconds until `dueAt` by the clock on the wall, negative once it is over; absent as `dueAt` is.
    async fn seconds_left(&self) -> Option<i32> {
        self.0.seconds_left().map(whole)
    }

    /// Seconds of the promise's own time that this lap has left, negative once it is over; absent once it has ended.
    async fn promise_seconds_left(&self) -> Option<i32> {
        self.0.left.map(|left| whole(left.num_seconds()))
    }

    /// How much of the promise's own time was measured, over all laps and everybody who had it.
    async fn total(&self) -> Period {
        Period(self.0.total)
    }

    /// The lap, from 1: whoever gets the lead after it lapsed begins another with the whole promise.
    async fn lap(&self) -> i32 {
        int(u32::from(self.0.clock.lap))
    }

    /// When the promise was over for the first time; absent as long as it was not.
    async fn breached_at(&self) -> Option<Timestamp> {
        self.0.clock.breached_at.map(Timestamp)
    }

    /// Who had to keep it when it was over for the first time: reports count it there, whoever has it now. Absent while it was not over, and when a
    /// queue had it.
    async fn breached_by(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.clock.breached_by.and_then(|by| by.person)).await
    }

    /// The team that had to keep it then.
    async fn breached_team(&self, ctx: &Context<'_>) -> Option<Result<TeamObject>> {
        related(ctx, self.0.clock.breached_by.and_then(|by| by.team)).await
    }

    /// The pause that lasts.
    async fn pause(&self) -> Option<ClockPauseObject> {
        self.0.clock.pause.map(Into::into)
    }

    /// When it ended: kept, or come to nothing.
    async fn ended_at(&self) -> Option<Timestamp> {
        self.0.clock.end.map(|(_, at)| Timestamp(at))
    }
}

/// Seconds as the schema's whole numbers reach.
fn whole(seconds: i64) -> i32 {
    i32::try_from(seconds).unwrap_or(if seconds < 0 { i32::MIN } else { i32::MAX })
}

/// How long something may take.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Promise")]
pub struct PromiseObject {
    /// In which time it is meant.
    pub basis: Coded<Basis>,
    /// Its length in that time.
    pub length: Period,
    /// As it is written, such as `business 4h`.
    pub text: String,
}

impl From<Promise> for PromiseObject {
    fn from(promise: Promise) -> Self {
        Self {
            basis: Coded(promise.basis()),
            length: Period::of_seconds(i64::from(promise.seconds())),
            text: promise.to_string(),
        }
    }
}

/// A clock stands still.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "ClockPause")]
pub struct ClockPauseObject {
    /// Why.
    pub reason: Coded<PauseReason>,
    /// Since when.
    pub from: Timestamp,
    /// When it runs on by itself.
    pub until: Timestamp,
}

impl From<Pause> for ClockPauseObject {
    fn from(pause: Pause) -> Self {
        Self { reason: Coded(pause.reason), from: Timestamp(pause.from), until: Timestamp(pause.until) }
    }
}
