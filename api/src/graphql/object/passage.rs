//! Passages: the trips of a lead.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use fairfall_domain::campaign::Channel;
use fairfall_domain::department::Department;
use fairfall_domain::waterfall::passage::{Passage, PassageOutcome};
use fairfall_domain::waterfall::stage::OpenStage;

use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::{Period, Timestamp, id, int};

use super::campaign::CampaignObject;
use super::shows;
use super::track::TrackObject;

/// A passage.
#[derive(Clone, Debug)]
pub struct PassageObject(pub Passage);

shows!(PassageObject(Passage));

/// One trip of a lead down its track: opened by capture or reactivation, closed by win, loss, recycling or disqualification. Reports count
/// passages.
#[Object(name = "Passage")]
impl PassageObject {
    /// The id.
    async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// The number within the lead, from 1.
    async fn number(&self) -> i32 {
        int(self.0.number)
    }

    /// The version of the track that it runs on; absent when the viewer may not see tracks.
    async fn track(&self, ctx: &Context<'_>) -> Option<Result<TrackObject>> {
        related(ctx, Some(self.0.track.id)).await
    }

    /// The department that created the demand.
    async fn origin(&self) -> Coded<Department> {
        Coded(self.0.origin)
    }

    /// The channel through which it came.
    async fn channel(&self) -> Coded<Channel> {
        Coded(self.0.channel)
    }

    /// The campaign from which it came.
    async fn campaign(&self, ctx: &Context<'_>) -> Option<Result<CampaignObject>> {
        related(ctx, self.0.campaign).await
    }

    /// The month in which reports count it, such as `2026-03`: when it was opened, in UTC.
    async fn cohort(&self) -> String {
        self.0.cohort().to_string()
    }

    /// When it was opened.
    async fn opened_at(&self) -> Timestamp {
        Timestamp(self.0.opened_at)
    }

    /// The stage at which it stands, or stood when it was closed.
    async fn stage(&self) -> Coded<OpenStage> {
        Coded(self.0.stage)
    }

    /// Since when it stands there.
    async fn stage_since(&self) -> Timestamp {
        Timestamp(self.0.stage_since)
    }

    /// Every stage that was ever reached, in their order.
    async fn reached(&self) -> Vec<Coded<OpenStage>> {
        OpenStage::ALL.iter().filter(|stage| self.0.reached.contains(**stage)).copied().map(Coded).collect()
    }

    /// The time spent in each stage that was left, returns added up. Stages whose time is not known, as in imported histories, are left out.
    async fn times(&self) -> Vec<StageTime> {
        let known = OpenStage::ALL.iter().zip(self.0.seconds).filter_map(|(stage, seconds)| Some((*stage, seconds?)));
        known.map(|(stage, seconds)| StageTime { stage: Coded(stage), duration: Period::of_seconds(seconds) }).collect()
    }

    /// How it was closed; absent while it runs.
    async fn outcome(&self) -> Option<Coded<PassageOutcome>> {
        self.0.closed.map(|closed| Coded(closed.outcome))
    }

    /// When it was closed; absent while it runs.
    async fn closed_at(&self) -> Option<Timestamp> {
        self.0.closed.map(|closed| Timestamp(closed.at))
    }
}

/// The time that a passage spent in a stage.
#[derive(Clone, Debug, SimpleObject)]
pub struct StageTime {
    /// The stage.
    pub stage: Coded<OpenStage>,
    /// The time by the clock on the wall.
    pub duration: Period,
}
