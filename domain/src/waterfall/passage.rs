//! Passages: one trip of a lead down the track. Reports count passages, never rows that happen to stand somewhere today.

use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};

use crate::campaign::Channel;
use crate::code::codes;
use crate::department::Department;
use crate::id::{CampaignId, LeadId, PassageId};

use super::lead::Lead;
use super::stage::OpenStage;
use super::track::TrackRef;

codes! {
    /// How a passage ended.
    pub enum PassageOutcome {
        /// Won.
        Won = "WON",
        /// Lost at the closing step.
        Lost = "LOST",
        /// Sent to nurturing.
        Recycled = "RECYCLED",
        /// Was no lead.
        Disqualified = "DISQUALIFIED",
    }
}

/// The month in which a passage was opened, in UTC; cohorts are months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CohortMonth(i32);

impl CohortMonth {
    /// The month of a time.
    pub fn of(at: DateTime<Utc>) -> Self {
        let month = i32::try_from(at.month()).unwrap_or(1);
        Self(at.year() * 100 + month)
    }

    /// Year times 100 plus month, for example 201801.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// A month from its number, if that is one.
    pub const fn from_number(number: i32) -> Option<Self> {
        let month = number % 100;
        if number > 0 && month >= 1 && month <= 12 { Some(Self(number)) } else { None }
    }
}

impl std::fmt::Display for CohortMonth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.0 / 100, self.0 % 100)
    }
}

/// The stages a passage reached, one bit per stage in the order of [`OpenStage::index`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StageSet(u8);

impl StageSet {
    /// None yet.
    pub const EMPTY: Self = Self(0);

    /// The set with a stage added.
    #[must_use]
    pub const fn with(self, stage: OpenStage) -> Self {
        Self(self.0 | (1 << stage.index()))
    }

    /// Whether a stage is in it.
    pub const fn contains(self, stage: OpenStage) -> bool {
        self.0 & (1 << stage.index()) != 0
    }

    /// The bits, as stored.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// A set from stored bits; foreign bits are dropped.
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & 0x7f)
    }
}

/// One figure per stage, in the order of [`OpenStage::index`].
pub type PerStage<T> = [T; 7];

/// How a passage was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// How.
    pub outcome: PassageOutcome,
}

/// One trip of a lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Its id.
    pub id: PassageId,
    /// Its lead.
    pub lead: LeadId,
    /// Its number within the lead, from 1.
    pub number: u32,
    /// The track version it runs on.
    pub track: TrackRef,
    /// The department that created the demand.
    pub origin: Department,
    /// The channel.
    pub channel: Channel,
    /// The campaign.
    pub campaign: Option<CampaignId>,
    /// When it was opened, UTC.
    pub opened_at: DateTime<Utc>,
    /// The stages reached.
    pub reached: StageSet,
    /// Seconds spent in each stage that was left, summed over returns; nothing when unknown or not left yet.
    pub seconds: PerStage<Option<i64>>,
    /// The stage it stands at.
    pub stage: OpenStage,
    /// Since when, UTC.
    pub stage_since: DateTime<Utc>,
    /// How it was closed.
    pub closed: Option<Closed>,
}

impl Passage {
    /// Opens the passage that a lead was just put on.
    pub fn open(lead: &Lead, at: DateTime<Utc>) -> Self {
        let stage = lead.state.stage().open().unwrap_or(OpenStage::Lead);
        Self {
            id: lead.passage,
            lead: lead.id,
            number: lead.passage_number,
            track: lead.track.clone(),
            origin: lead.origin.department,
            channel: lead.origin.channel,
            campaign: lead.origin.campaign,
            opened_at: at,
            reached: StageSet::EMPTY.with(stage),
            seconds: [None; 7],
            stage,
            stage_since: at,
            closed: None,
        }
    }

    /// The month it belongs to.
    pub fn cohort(&self) -> CohortMonth {
        CohortMonth::of(self.opened_at)
    }

    /// Enters a stage: the stage left gets its time.
    pub fn enter(&mut self, stage: OpenStage, at: DateTime<Utc>) {
        if stage != self.stage {
            self.leave(at);
            self.stage = stage;
            self.stage_since = at;
        }
        self.reached = self.reached.with(stage);
    }

    /// Enters a stage from one that is not its neighbour, as in imported histories: the times between are not known and none is made up.
    pub fn jump(&mut self, stage: OpenStage, at: DateTime<Utc>, skipped: impl Iterator<Item = OpenStage>) {
        self.reached = skipped.fold(self.reached, StageSet::with).with(stage);
        self.stage = stage;
        self.stage_since = at;
    }

    /// Closes the passage.
    pub fn close(&mut self, outcome: PassageOutcome, at: DateTime<Utc>) {
        self.leave(at);
        self.closed = Some(Closed { at, outcome });
    }

    /// Opens it again after a loss or disqualification was taken back; the time closed does not count as time in the stage.
    pub const fn reopen(&mut self, at: DateTime<Utc>) {
        self.closed = None;
        self.stage_since = at;
    }

    /// Seconds from opening to the win.
    pub fn seconds_to_won(&self) -> Option<i64> {
        let closed = self.closed.filter(|closed| closed.outcome == PassageOutcome::Won)?;
        Some((closed.at - self.opened_at).num_seconds())
    }

    fn leave(&mut self, at: DateTime<Utc>) {
        let spent = (at - self.stage_since).num_seconds().max(0);
        if let Some(seconds) = self.seconds.get_mut(self.stage.index()) {
            *seconds = Some(seconds.unwrap_or(0).saturating_add(spent));
        }
    }
}
