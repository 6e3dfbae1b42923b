//! The account of a routing in plain words, with the names that the reader may see.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, Enum, Result};
use fairfall_domain::id::{PoolId, TeamId, TerritoryId, UserId};
use fairfall_domain::routing::Pool;
use fairfall_domain::routing::Territory;
use fairfall_domain::routing::{ExplainLanguage, Names, RoutingDecision, RoutingOutcome, explain};
use fairfall_domain::team::Team;
use fairfall_domain::user::User;
use futures_util::future::join_all;

use crate::app::AppError;
use crate::graphql::error::OrFault;
use crate::graphql::loader::{Loaders, Source, loaders};

/// The languages that a routing is told in.
#[derive(Clone, Copy, Debug, Default, Enum, PartialEq, Eq)]
#[graphql(name = "ExplanationLanguage")]
pub enum ExplanationLanguage {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

impl From<ExplanationLanguage> for ExplainLanguage {
    fn from(language: ExplanationLanguage) -> Self {
        match language {
            ExplanationLanguage::En => Self::English,
            ExplanationLanguage::De => Self::German,
        }
    }
}

/// The names that the reader may see.
struct Known {
    users: BTreeMap<UserId, String>,
    teams: BTreeMap<TeamId, String>,
    pools: BTreeMap<PoolId, String>,
    territories: BTreeMap<TerritoryId, String>,
}

impl Names for Known {
    fn user(&self, user: UserId) -> Option<String> {
        self.users.get(&user).cloned()
    }

    fn team(&self, team: TeamId) -> Option<String> {
        self.teams.get(&team).cloned()
    }

    fn pool(&self, pool: PoolId) -> Option<String> {
        self.pools.get(&pool).cloned()
    }

    fn territory(&self, territory: TerritoryId) -> Option<String> {
        self.territories.get(&territory).cloned()
    }
}

/// Names of some things: all are asked for at once, so that they are read together.
async fn named<K, V>(
    ctx: &Context<'_>,
    loaders: &Loaders,
    keys: BTreeSet<K>,
    name: impl Fn(&V) -> String,
) -> Result<BTreeMap<K, String>>
where
    K: Copy + Eq + Hash + Ord + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    Source: Loader<K, Value = V, Error = Arc<AppError>>,
{
    let found = join_all(keys.into_iter().map(|key| async move { (key, loaders.one(key).await) })).await;
    let mut names = BTreeMap::new();
    for (key, value) in found {
        if let Some(value) = value.or_fault(ctx)? {
            names.insert(key, name(&value));
        }
    }
    Ok(names)
}

/// The sentences of a decision.
pub(super) async fn sentences(
    ctx: &Context<'_>,
    decision: &RoutingDecision,
    language: ExplanationLanguage,
) -> Result<Vec<String>> {
    let loaders = loaders(ctx)?;
    let chosen = match decision.outcome {
        RoutingOutcome::Assigned { user, .. } => Some(user),
        RoutingOutcome::Queued { .. } => None,
    };
    let users = decision.candidates.iter().map(|candidate| candidate.user).chain(chosen).chain(decision.wish.person);
    let territories = decision.territory.iter().flat_map(|hit| hit.equal.iter().copied().chain([hit.territory, hit.served_by]));
    let teams = decision.team.into_iter().chain(decision.wish.team);
    let known = Known {
        users: named(ctx, loaders, users.collect(), |user: &User| user.name.to_string()).await?,
        teams: named(ctx, loaders, teams.collect(), |team: &Team| team.name.to_string()).await?,
        pools: named(ctx, loaders, decision.pool.into_iter().collect(), |pool: &Pool| pool.name.to_string()).await?,
        territories: named(ctx, loaders, territories.collect(), |territory: &Territory| territory.name.to_string()).await?,
    };
    Ok(explain(decision, &known, language.into()))
}
