//! Figures.

use async_graphql::{ComplexObject, Context, Result, SimpleObject};
use fairfall_domain::campaign::Channel;
use fairfall_domain::id::CampaignId;
use fairfall_domain::report::{CampaignGroup, DurationFigures, FunnelRow};
use fairfall_domain::waterfall::stage::OpenStage;

use crate::app::report::Funnel;
use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::int;

use super::campaign::CampaignObject;

/// The funnel: how many passages came in, how far they came, how they ended and how long it took.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "FunnelReport")]
pub struct FunnelObject {
    /// A row for each combination of what rows are told apart by; one row for all when by nothing.
    pub rows: Vec<FunnelRowObject>,
    /// How many rows are withheld because they hold fewer than 5 leads and the viewer may not see personal data.
    pub withheld_rows: i32,
    /// What each figure means.
    pub definitions: Vec<Definition>,
}

/// What a figure means.
#[derive(Clone, Debug, SimpleObject)]
pub struct Definition {
    /// The field that holds the figure.
    pub figure: String,
    /// What it counts or measures.
    pub meaning: String,
}

/// What the figures of a report mean.
pub(super) fn defined(definitions: &[(&str, &str)]) -> Vec<Definition> {
    let definition =
        |(figure, meaning): &(&str, &str)| Definition { figure: (*figure).to_owned(), meaning: (*meaning).to_owned() };
    definitions.iter().map(definition).collect()
}

const DEFINITIONS: [(&str, &str); 12] = [
    (
        "leads",
        "passages opened in the month by UTC; a lead that comes back from nurturing is another passage, in the month in which it comes back",
    ),
    ("stages.volume", "passages of the row that ever reached the stage, whether or not they stand there now"),
    (
        "stages.conversionFromPrevious",
        "volume of the stage divided by the volume of the nearest earlier stage that any passage of the row reached; absent for the first \
         stage and for stages that none reached",
    ),
    (
        "stages.medianDays",
        "half of the passages that left the stage spent no more than this in it, returns added up; exact to 1 %",
    ),
    ("stages.p90Days", "nine of ten passages that left the stage spent no more than this in it, returns added up; exact to 1 %"),
    ("won, lost, recycled, disqualified", "passages closed that way by now"),
    ("open", "passages still on their way; with the four ways of closing they add up to leads"),
    ("conversionToWon", "won divided by leads; rises as long as passages are open"),
    ("winRate", "won divided by all closed; absent while none is closed"),
    ("medianDaysToWon", "half of the won passages took no longer than this from opening to the win; exact to 1 %"),
    ("p90DaysToWon", "nine of ten won passages took no longer than this from opening to the win; exact to 1 %"),
    ("days", "24 hours by the clock on the wall; times that are not known, as in imported histories, are left out"),
];

impl From<Funnel> for FunnelObject {
    fn from(funnel: Funnel) -> Self {
        Self {
            rows: funnel.rows.iter().map(Into::into).collect(),
            withheld_rows: int(funnel.withheld),
            definitions: defined(&DEFINITIONS),
        }
    }
}

/// A row of the funnel.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "FunnelRow", complex)]
pub struct FunnelRowObject {
    /// The month in which the passages were opened, such as `2026-03`; absent when rows are not told apart by it.
    pub month: Option<String>,
    /// The channel through which they came; absent when rows are not told apart by it.
    pub channel: Option<Coded<Channel>>,
    /// Whether the row is of passages without a campaign; absent when rows are not told apart by campaign.
    pub without_campaign: Option<bool>,
    /// The key of the track; absent when rows are not told apart by it.
    pub track: Option<String>,
    /// How many passages were opened.
    pub leads: i32,
    /// The seven stages in their order.
    pub stages: Vec<FunnelStage>,
    /// How many were won.
    pub won: i32,
    /// How many were lost.
    pub lost: i32,
    /// How many were sent to nurturing.
    pub recycled: i32,
    /// How many were no leads.
    pub disqualified: i32,
    /// How many are still on their way.
    pub open: i32,
    /// The share of all that was won, 0 to 1; absent when there are none.
    pub conversion_to_won: Option<f64>,
    /// The share of the closed that was won, 0 to 1; absent while none is closed.
    pub win_rate: Option<f64>,
    /// The median time from opening to the win, in days.
    pub median_days_to_won: Option<f64>,
    /// The time from opening to the win that nine of ten did not exceed, in days.
    pub p90_days_to_won: Option<f64>,
    #[graphql(skip)]
    campaign_id: Option<CampaignId>,
}

#[ComplexObject]
impl FunnelRowObject {
    /// The campaign; absent when rows are not told apart by it, and for passages without one.
    async fn campaign(&self, ctx: &Context<'_>) -> Option<Result<CampaignObject>> {
        related(ctx, self.campaign_id).await
    }
}

/// A stage of a row of the funnel.
#[derive(Clone, Debug, SimpleObject)]
pub struct FunnelStage {
    /// The stage.
    pub stage: Coded<OpenStage>,
    /// How many passages ever reached it.
    pub volume: i32,
    /// The share of those that reached the stage before: 0 to 1 within one track. Above 1 where a row mixes tracks or origins, since not every
    /// passage takes every stage.
    pub conversion_from_previous: Option<f64>,
    /// Of how many passages the time in the stage is known; imported histories leave gaps.
    pub known_times: i32,
    /// The median time in the stage, in days; absent when it is known of none.
    pub median_days: Option<f64>,
    /// The time in the stage that nine of ten did not exceed, in days; absent when it is known of none.
    pub p90_days: Option<f64>,
}

impl From<&FunnelRow> for FunnelRowObject {
    fn from(row: &FunnelRow) -> Self {
        let (key, outcomes) = (&row.key, row.outcomes);
        let closed = row.leads.saturating_sub(outcomes.open);
        Self {
            month: key.month.map(|month| month.to_string()),
            channel: key.channel.map(Coded),
            without_campaign: key.campaign.map(|campaign| campaign == CampaignGroup::None),
            track: key.track.as_ref().map(ToString::to_string),
            leads: int(row.leads),
            stages: stages(row),
            won: int(outcomes.won),
            lost: int(outcomes.lost),
            recycled: int(outcomes.recycled),
            disqualified: int(outcomes.disqualified),
            open: int(outcomes.open),
            conversion_to_won: share(outcomes.won, row.leads),
            win_rate: share(outcomes.won, closed),
            median_days_to_won: row.to_won.median_seconds.map(days),
            p90_days_to_won: row.to_won.p90_seconds.map(days),
            campaign_id: key.campaign.and_then(|campaign| match campaign {
                CampaignGroup::None => None,
                CampaignGroup::Of(id) => Some(id),
            }),
        }
    }
}

fn stages(row: &FunnelRow) -> Vec<FunnelStage> {
    let mut before = 0;
    let figures = OpenStage::ALL.iter().zip(row.reached).zip(row.in_stage);
    let stage = |((stage, volume), times): ((&OpenStage, u64), DurationFigures)| {
        let conversion = if volume > 0 { share(volume, before) } else { None };
        before = if volume > 0 { volume } else { before };
        FunnelStage {
            stage: Coded(*stage),
            volume: int(volume),
            conversion_from_previous: conversion,
            known_times: int(times.known),
            median_days: times.median_seconds.map(days),
            p90_days: times.p90_seconds.map(days),
        }
    };
    figures.map(stage).collect()
}

fn float(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A share to six decimals; none of nothing.
pub(super) fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| (float(part) / float(whole) * 1_000_000.0).round() / 1_000_000.0)
}

/// Seconds in days to four decimals, about ten seconds.
fn days(seconds: u64) -> f64 {
    (float(seconds) / 86_400.0 * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_is_compared_with_the_one_that_was_reached_before() {
        let row = FunnelRow {
            key: fairfall_domain::report::GroupKey::default(),
            leads: 200,
            reached: [200, 100, 0, 0, 0, 0, 25],
            outcomes: fairfall_domain::report::OutcomeCounts { won: 10, lost: 30, open: 160, ..Default::default() },
            in_stage: [DurationFigures { known: 100, median_seconds: Some(129_600), p90_seconds: None }; 7],
            to_won: DurationFigures::default(),
        };
        let shown = FunnelRowObject::from(&row);
        let conversions: Vec<_> = shown.stages.iter().map(|stage| stage.conversion_from_previous).collect();
        assert_eq!(conversions, [None, Some(0.5), None, None, None, None, Some(0.25)]);
        assert_eq!((shown.conversion_to_won, shown.win_rate), (Some(0.05), Some(0.25)));
        assert_eq!(shown.stages[0].median_days, Some(1.5));
    }
}
