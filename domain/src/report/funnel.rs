//! The funnel: how many passages came in, how far they came, how they ended and how long each stage took.
//!
//! A row counts passages, by the month in which they were opened (UTC). A lead that comes back from nurturing is another passage, in the month
//! in which it came back.

use crate::campaign::Channel;
use crate::code::codes;
use crate::id::CampaignId;
use crate::value::Code;
use crate::waterfall::passage::{CohortMonth, PerStage};

use super::bucket::Histogram;

codes! {
    /// What the rows of a funnel are told apart by.
    pub enum FunnelGroup {
        /// The month in which passages were opened.
        Month = "MONTH",
        /// The channel they came through.
        Channel = "CHANNEL",
        /// The campaign they came from.
        Campaign = "CAMPAIGN",
        /// The track they run on, whatever version.
        Track = "TRACK",
    }
}

/// The campaign of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CampaignGroup {
    /// Passages that came from no campaign.
    None,
    /// Passages of this campaign.
    Of(CampaignId),
}

/// What a row is of; nothing where rows are not told apart by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupKey {
    /// The month.
    pub month: Option<CohortMonth>,
    /// The channel.
    pub channel: Option<Channel>,
    /// The campaign.
    pub campaign: Option<CampaignGroup>,
    /// The key of the track.
    pub track: Option<Code>,
}

/// How the passages of a row stand today. The five add up to the row's passages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutcomeCounts {
    /// Closed as won.
    pub won: u64,
    /// Closed as lost.
    pub lost: u64,
    /// Sent to nurturing.
    pub recycled: u64,
    /// Closed as no lead.
    pub disqualified: u64,
    /// Still on their way.
    pub open: u64,
}

/// How long something took, in seconds of wall-clock time; exact to 1 %, at least one minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DurationFigures {
    /// How many passages it is known of.
    pub known: u64,
    /// Half of them took no longer than this; nothing when it is known of none.
    pub median_seconds: Option<u64>,
    /// Nine of ten took no longer than this; nothing when it is known of none.
    pub p90_seconds: Option<u64>,
}

impl From<&Histogram> for DurationFigures {
    fn from(histogram: &Histogram) -> Self {
        Self { known: histogram.total(), median_seconds: histogram.percentile(50), p90_seconds: histogram.percentile(90) }
    }
}

/// A row of the funnel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunnelRow {
    /// What it is of.
    pub key: GroupKey,
    /// Passages opened.
    pub leads: u64,
    /// Passages that ever reached each stage, in the order of [`crate::waterfall::stage::OpenStage::index`]; a stage that the track does not have is
    /// reached by none.
    pub reached: PerStage<u64>,
    /// How they stand.
    pub outcomes: OutcomeCounts,
    /// Time spent in each stage by passages that left it, returns added up. Times that are not known, as in imported histories, are left out.
    pub in_stage: PerStage<DurationFigures>,
    /// From opening to the win, of passages that were won.
    pub to_won: DurationFigures,
}

impl FunnelRow {
    /// Won passages of all that are closed, in ten-thousandths; nothing while none is closed.
    pub fn won_share(&self) -> Option<u64> {
        let closed = self.leads - self.outcomes.open.min(self.leads);
        (closed > 0).then(|| self.outcomes.won.saturating_mul(10_000) / closed)
    }
}
