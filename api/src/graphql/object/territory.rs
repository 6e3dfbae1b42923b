//! Territories.

use std::collections::BTreeMap;

use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject};
use fairfall_domain::department::Department;
use fairfall_domain::id::TeamId;
use fairfall_domain::routing::Territory;
use fairfall_domain::routing::territory::{MatchRules, PostalRange, RoutingStatus, SizeRange};
use fairfall_domain::value::{CountryCode, LanguageTag};

use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::{Text, id, int, texts};

use super::shows;
use super::team::TeamObject;

/// A territory.
#[derive(Clone, Debug)]
pub struct TerritoryObject(pub Territory);

shows!(TerritoryObject(Territory));

/// A part of the market, and the teams that serve it. The most specific one takes a lead: by postal code before state before country, by the
/// narrower range of postal codes, by more kinds of rules, further down the tree; then the lower rank, then the key that comes first.
#[Object(name = "Territory")]
impl TerritoryObject {
    /// The id.
    pub async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// Counts the changes from 1; send it as `expectedVersion` so that nobody's change is overwritten unseen.
    async fn version(&self) -> i32 {
        int(self.0.version)
    }

    /// The key.
    async fn key(&self) -> &str {
        self.0.key.as_str()
    }

    /// The name.
    async fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// The territory it belongs to: its team serves where this one names none.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<TerritoryObject>> {
        related(ctx, self.0.parent).await
    }

    /// Of two that are equally specific, the one with the lower rank wins.
    async fn rank(&self) -> i32 {
        int(self.0.rank)
    }

    /// What it takes.
    async fn rules(&self) -> TerritoryRulesObject {
        (&self.0.rules).into()
    }

    /// The teams that serve it, one a department at most.
    async fn teams(&self) -> Vec<TerritoryTeamObject> {
        TerritoryTeamObject::all(&self.0.teams)
    }

    /// Whether it is used.
    async fn status(&self) -> Coded<RoutingStatus> {
        Coded(self.0.status)
    }
}

/// A team that serves a territory.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "TerritoryTeam", complex)]
pub struct TerritoryTeamObject {
    /// For which department.
    pub department: Coded<Department>,
    #[graphql(skip)]
    team: TeamId,
}

impl TerritoryTeamObject {
    /// Each department with its team.
    pub(super) fn all(teams: &BTreeMap<Department, TeamId>) -> Vec<Self> {
        teams.iter().map(|(department, team)| Self { department: Coded(*department), team: *team }).collect()
    }
}

#[ComplexObject]
impl TerritoryTeamObject {
    /// The team.
    async fn team(&self, ctx: &Context<'_>) -> Option<Result<TeamObject>> {
        related(ctx, Some(self.team)).await
    }
}

/// What a territory takes. Each kind that is given must hold, by one of its values; where something is (countries, subdivisions, postal codes) is one
/// kind. A territory without rules takes nothing itself: it holds others together.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "TerritoryRules")]
pub struct TerritoryRulesObject {
    /// Whole countries.
    pub countries: Vec<Text<CountryCode>>,
    /// States and provinces by their ISO 3166-2 codes, such as `DE-BY`.
    pub subdivisions: Vec<String>,
    /// Postal codes.
    pub postal: Vec<PostalRangeObject>,
    /// Keys of industries.
    pub industries: Vec<String>,
    /// Keys of product areas.
    pub products: Vec<String>,
    /// How many people work at the company.
    pub sizes: Vec<SizeRangeObject>,
    /// Languages of the contact; region and script do not matter.
    pub languages: Vec<Text<LanguageTag>>,
}

impl From<&MatchRules> for TerritoryRulesObject {
    fn from(rules: &MatchRules) -> Self {
        let strings = |codes: &[fairfall_domain::value::Code]| codes.iter().map(ToString::to_string).collect();
        Self {
            countries: texts(&rules.countries),
            subdivisions: rules.subdivisions.iter().map(ToString::to_string).collect(),
            postal: rules.postal.iter().map(Into::into).collect(),
            industries: strings(&rules.industries),
            products: strings(&rules.products),
            sizes: rules.sizes.iter().map(Into::into).collect(),
            languages: texts(&rules.languages),
        }
    }
}

/// Postal codes of a country from one to another, both included. A shorter text stands for all codes that begin with it.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "PostalRange")]
pub struct PostalRangeObject {
    /// The country.
    pub country: Text<CountryCode>,
    /// The first, upper case, without spaces and hyphens.
    pub from: String,
    /// The last, likewise.
    pub to: String,
}

impl From<&PostalRange> for PostalRangeObject {
    fn from(range: &PostalRange) -> Self {
        Self { country: Text(range.country), from: range.from.clone(), to: range.to.clone() }
    }
}

/// How many people work at a company.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "CompanySizeRange")]
pub struct SizeRangeObject {
    /// The fewest.
    pub from: i32,
    /// The most; without end when absent.
    pub to: Option<i32>,
}

impl From<&SizeRange> for SizeRangeObject {
    fn from(range: &SizeRange) -> Self {
        Self { from: int(range.from), to: range.to.map(int) }
    }
}
