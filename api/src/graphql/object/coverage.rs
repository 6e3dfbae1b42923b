//! What territories leave open and where they meet.

use std::collections::BTreeMap;

use async_graphql::{ComplexObject, Context, Result, SimpleObject};
use fairfall_domain::id::{LeadId, TerritoryId};
use fairfall_domain::routing::Territory;
use fairfall_domain::routing::coverage::PlaceGroup;
use fairfall_domain::value::CountryCode;

use crate::app::routing::coverage::Covered;
use crate::graphql::loader::related;
use crate::graphql::scalar::{Text, Timestamp, int};

use super::lead::LeadObject;
use super::misrouting::ReportTerritory;

/// The leads of the last days under the territories in use. Nothing was written.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "TerritoryCoverage")]
pub struct TerritoryCoverageObject {
    /// The first moment that was looked at: leads captured since.
    pub since: Timestamp,
    /// Whether territories decide who takes the department's leads at all: as soon as one of them names a team of it. If not, nothing was looked at.
    pub decides: bool,
    /// Leads that were looked at, at most 20,000, the newest.
    pub leads: i32,
    /// Whether there are more leads than were looked at.
    pub cut_short: bool,
    /// Leads that no territory takes.
    pub gaps: TerritoryGaps,
    /// Leads that several territories take equally well, so that only the order of their keys decides.
    pub overlaps: TerritoryOverlaps,
}

/// Leads that no territory takes.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct TerritoryGaps {
    /// How many.
    pub leads: i32,
    /// Where they are, the largest groups first, at most 100.
    pub groups: Vec<TerritoryGap>,
    /// How many leads are in other groups.
    pub other_leads: i32,
    #[graphql(skip)]
    sample_ids: Vec<LeadId>,
}

/// Leads of one part of the map that no territory takes.
#[derive(Clone, Debug, SimpleObject)]
pub struct TerritoryGap {
    /// The country; absent where it is not known.
    pub country: Option<Text<CountryCode>>,
    /// The state: the one that is told, or the only one that the postal code lies in.
    pub subdivision: Option<String>,
    /// The first two characters of the postal code.
    pub postal_prefix: Option<String>,
    /// How many leads.
    pub leads: i32,
}

/// Leads that several territories take equally well.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct TerritoryOverlaps {
    /// How many.
    pub leads: i32,
    /// Which territories meet, the largest groups first, at most 100.
    pub groups: Vec<TerritoryOverlap>,
    /// How many leads are in other groups.
    pub other_leads: i32,
    #[graphql(skip)]
    sample_ids: Vec<LeadId>,
}

/// Leads that the same territories take equally well.
#[derive(Clone, Debug, SimpleObject)]
pub struct TerritoryOverlap {
    /// The one that gets them because of its key, then the others.
    pub territories: Vec<ReportTerritory>,
    /// How many leads.
    pub leads: i32,
}

#[ComplexObject]
impl TerritoryGaps {
    /// The newest of them that the viewer may see, at most 25.
    async fn sample(&self, ctx: &Context<'_>) -> Result<Vec<LeadObject>> {
        leads(ctx, &self.sample_ids).await
    }
}

#[ComplexObject]
impl TerritoryOverlaps {
    /// The newest of them that the viewer may see, at most 25.
    async fn sample(&self, ctx: &Context<'_>) -> Result<Vec<LeadObject>> {
        leads(ctx, &self.sample_ids).await
    }
}

/// Leads by id, in one statement.
async fn leads(ctx: &Context<'_>, ids: &[LeadId]) -> Result<Vec<LeadObject>> {
    let found = futures_util::future::join_all(ids.iter().map(|id| related(ctx, Some(*id)))).await;
    found.into_iter().flatten().collect()
}

impl From<Covered> for TerritoryCoverageObject {
    fn from(covered: Covered) -> Self {
        let Covered { since, decides, leads, cut_short, gaps, overlaps, territories } = covered;
        Self {
            since: Timestamp(since),
            decides,
            leads: int(leads),
            cut_short,
            gaps: TerritoryGaps {
                leads: int(gaps.leads),
                groups: gaps.groups.into_iter().map(gap).collect(),
                other_leads: int(gaps.other_leads),
                sample_ids: gaps.sample,
            },
            overlaps: TerritoryOverlaps {
                leads: int(overlaps.leads),
                groups: overlaps.groups.iter().map(|group| overlap(group, &territories)).collect(),
                other_leads: int(overlaps.other_leads),
                sample_ids: overlaps.sample,
            },
        }
    }
}

fn gap((place, leads): (PlaceGroup, u64)) -> TerritoryGap {
    TerritoryGap {
        country: place.country.map(Text),
        subdivision: place.subdivision.as_ref().map(ToString::to_string),
        postal_prefix: place.postal_prefix,
        leads: int(leads),
    }
}

fn overlap((met, leads): &(Vec<TerritoryId>, u64), known: &BTreeMap<TerritoryId, Territory>) -> TerritoryOverlap {
    TerritoryOverlap { territories: met.iter().map(|one| ReportTerritory::of(*one, known)).collect(), leads: int(*leads) }
}
