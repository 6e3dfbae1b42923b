//! What an agreement promises: for which leads, how fast, and how much.

use async_graphql::{ComplexObject, Context, Result, SimpleObject};
use fairfall_domain::agreement::{AgreementScope, Commitments};
use fairfall_domain::id::TerritoryId;
use fairfall_domain::scoring::Tier;
use fairfall_domain::sla::ladder::{EscalationAct, LadderStep};
use fairfall_domain::sla::promise::Basis;
use fairfall_domain::sla::{ClockKind, ClockRule};
use futures_util::future::try_join_all;

use crate::graphql::code::{Coded, coded};
use crate::graphql::loader::load;
use crate::graphql::scalar::{Period, int};

use super::territory::TerritoryObject;

/// For which leads an agreement holds; each empty list means all. Of several agreements that fit a lead the narrowest governs: a territory counts for
/// more than a product area, a product area for more than a track.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "AgreementScope", complex)]
pub struct AgreementScopeObject {
    /// The keys of tracks.
    pub tracks: Vec<String>,
    /// The keys of product areas.
    pub product_areas: Vec<String>,
    #[graphql(skip)]
    territory_ids: Vec<TerritoryId>,
}

impl From<&AgreementScope> for AgreementScopeObject {
    fn from(scope: &AgreementScope) -> Self {
        Self {
            tracks: scope.tracks.iter().map(ToString::to_string).collect(),
            product_areas: scope.product_areas.iter().map(ToString::to_string).collect(),
            territory_ids: scope.territories.clone(),
        }
    }
}

#[ComplexObject]
impl AgreementScopeObject {
    /// Territories, each with those below it; those that the viewer may not see are left out.
    async fn territories(&self, ctx: &Context<'_>) -> Result<Vec<TerritoryObject>> {
        let found = try_join_all(self.territory_ids.iter().map(|id| load(ctx, Some(*id)))).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// How many territories it names, whether or not the viewer may see them.
    async fn territory_count(&self) -> i32 {
        int(self.territory_ids.len())
    }
}

/// A promise: what is done, for which tiers, in which time, and what happens on the way.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "AgreementClock")]
pub struct AgreementClockObject {
    /// What is promised.
    pub kind: Coded<ClockKind>,
    /// For which tiers; for every tier without a promise of its own when empty.
    pub tiers: Vec<Coded<Tier>>,
    /// How long it may take, as it is typed: `business 4h`, `wall 1d 12h`.
    pub promise: String,
    /// In which time the promise is meant.
    pub basis: Coded<Basis>,
    /// How long it may take, in time of its basis.
    pub length: Period,
    /// For how long the clock may stand still in all; it cannot be paused when absent.
    pub pause_max: Option<Period>,
    /// What happens on the way and after.
    pub ladder: Vec<LadderStepObject>,
}

impl From<&ClockRule> for AgreementClockObject {
    fn from(rule: &ClockRule) -> Self {
        Self {
            kind: Coded(rule.kind),
            tiers: coded(&rule.tiers),
            promise: rule.promise.to_string(),
            basis: Coded(rule.promise.basis()),
            length: Period::of_seconds(rule.promise.seconds().into()),
            pause_max: rule.pause_seconds_max.map(|seconds| Period::of_seconds(seconds.into())),
            ladder: rule.ladder.iter().map(Into::into).collect(),
        }
    }
}

/// A step of the ladder: warnings before a promise lapses, and what happens when it has.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "LadderStep")]
pub struct LadderStepObject {
    /// In which lap, from 1: each reassignment by the ladder begins another. In every lap when absent.
    pub lap: Option<i32>,
    /// After how many percent of the promise; 100 is when it lapses.
    pub at_percent: i32,
    /// What is done.
    pub act: Coded<EscalationAct>,
}

impl From<&LadderStep> for LadderStepObject {
    fn from(step: &LadderStep) -> Self {
        Self { lap: step.lap.map(Into::into), at_percent: step.at_percent.into(), act: Coded(step.act) }
    }
}

/// What both sides promise for each month; what is absent is not promised.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "AgreementCommitments")]
pub struct AgreementCommitmentsObject {
    /// The giver: at least so many leads are handed over in a month.
    pub volume_per_month: Option<i32>,
    /// The giver: at least so many percent of the answered hand-overs are accepted.
    pub accepted_percent: Option<i32>,
    /// The taker: at least so many percent of the clocks are met in the promised time.
    pub in_time_percent: Option<i32>,
    /// The taker: at least so many percent of what was accepted is rated.
    pub feedback_percent: Option<i32>,
}

impl From<Commitments> for AgreementCommitmentsObject {
    fn from(commitments: Commitments) -> Self {
        Self {
            volume_per_month: commitments.volume_per_month.map(int),
            accepted_percent: commitments.accepted_percent.map(Into::into),
            in_time_percent: commitments.in_time_percent.map(Into::into),
            feedback_percent: commitments.feedback_percent.map(Into::into),
        }
    }
}
