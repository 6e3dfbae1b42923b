//! Putting a draft in force: territories and pools are written as it says, all of them or none, if nobody changed one of them since.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::id::{PoolId, RoutingDraftId, TeamId, TerritoryId};
use fairfall_domain::routing::draft::apply;
use fairfall_domain::routing::{DraftContent, Pool, RoutingDraft, Territory};
use fairfall_persistence::{UnitOfWork, repo};

use super::draft::{KIND, load};
use super::draft_changes::Configuration;
use super::{expected, pool};
use crate::app::{App, AppError, Caller, Rejection};

/// What came of publishing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The draft, put in force.
    pub draft: RoutingDraft,
    /// The pools that were changed or made.
    pub pools: Vec<Pool>,
    /// The territories that were changed or made.
    pub territories: Vec<Territory>,
}

/// Puts a draft in force.
///
/// # Errors
/// `VersionConflict` when the draft, or anything that it changes, was changed since; whatever is at fault with the configuration as it would be;
/// `state` when it is no draft any more; `NotFound`; `NotAllowed`.
#[tracing::instrument(name = "app.routing_draft.publish", skip_all)]
pub async fn publish(app: &App, caller: &Caller, id: RoutingDraftId, version: Option<u32>) -> Result<Published, AppError> {
    caller.must(Action::ManageRouting)?;
    let now = app.now();
    let published = app.store().transact(move |uow| {
        let caller = caller.clone();
        Box::pin(async move {
            let seen = load(&caller, uow, id, "draft").await?;
            let version = expected(version, seen.version)?;
            let draft = seen.publish(now)?;
            let (territories, pools) = put_in_force(&caller, uow, &draft.content, now).await?;
            repo::routing_draft::update(uow, &draft, version).await?;
            caller.audit(uow, Action::ManageRouting, KIND, id.uuid(), now).await?;
            Ok::<_, AppError>(Published { draft, pools, territories })
        })
    });
    let published = published.await?;
    app.forget_rules();
    Ok(published)
}

/// Writes what a draft says; answers what was written.
async fn put_in_force(
    caller: &Caller,
    uow: &UnitOfWork,
    content: &DraftContent,
    now: DateTime<Utc>,
) -> Result<(Vec<Territory>, Vec<Pool>), AppError> {
    let seen = held(uow, content).await?;
    if let Some(changed) = content.changed_since(&seen.territories, &seen.pools).first() {
        return Err(Rejection::VersionConflict { current: Some(changed.current()) }.into());
    }
    let (mut territories, mut pools) = apply(content, &seen.territories, &seen.pools)?;
    territories.retain(|territory| !seen.territories.contains(territory));
    pools.retain(|pool| !seen.pools.contains(pool));
    write_territories(caller, uow, &seen, &territories, now).await?;
    write_pools(caller, uow, &seen, &pools, now).await?;
    Ok((territories, pools))
}

/// The configuration, held until the unit of work ends as far as the draft changes it: first the tree of territories, then the teams' pools in the
/// order of the teams.
async fn held(uow: &UnitOfWork, content: &DraftContent) -> Result<Configuration, AppError> {
    let territories = repo::territory::all_for_command(uow).await?;
    let pools = repo::pool::all(uow).await?;
    let changed: BTreeSet<PoolId> = content.pools.iter().map(|change| change.pool).collect();
    let teams: BTreeSet<TeamId> =
        pools.iter().filter(|pool| changed.contains(&pool.id)).chain(&content.new_pools).map(|pool| pool.team).collect();
    for team in teams {
        repo::pool::of_team_for_command(uow, team).await?;
    }
    // what others left is read after the locks were had
    Ok(Configuration { territories, pools: repo::pool::all(uow).await? })
}

async fn write_territories(
    caller: &Caller,
    uow: &UnitOfWork,
    seen: &Configuration,
    changed: &[Territory],
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let known: BTreeSet<TerritoryId> = seen.territories.iter().map(|territory| territory.id).collect();
    let (old, new): (Vec<&Territory>, Vec<&Territory>) = changed.iter().partition(|territory| known.contains(&territory.id));
    for territory in parents_first(new) {
        let stored = repo::territory::insert(uow, territory, now).await;
        stored.map_err(|error| AppError::taken(error, "territory", &["key"], "key"))?;
    }
    for territory in old {
        repo::territory::update(uow, territory, territory.version.saturating_sub(1), now).await?;
    }
    for territory in changed {
        caller.audit(uow, Action::ManageTerritory, TerritoryId::PREFIX, territory.id.uuid(), now).await?;
    }
    Ok(())
}

/// New territories so that none comes before the one it belongs to. That they make no circle was checked.
fn parents_first(mut rest: Vec<&Territory>) -> Vec<&Territory> {
    let mut ordered = Vec::with_capacity(rest.len());
    while !rest.is_empty() {
        let waiting: BTreeSet<TerritoryId> = rest.iter().map(|territory| territory.id).collect();
        let (later, next): (Vec<&Territory>, Vec<&Territory>) =
            rest.into_iter().partition(|territory| territory.parent.is_some_and(|parent| waiting.contains(&parent)));
        if next.is_empty() {
            ordered.extend(later);
            break;
        }
        ordered.extend(next);
        rest = later;
    }
    ordered
}

async fn write_pools(
    caller: &Caller,
    uow: &UnitOfWork,
    seen: &Configuration,
    changed: &[Pool],
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let before = |id: PoolId| seen.pools.iter().find(|pool| pool.id == id);
    // all ledgers at once, as those do who route
    let settled: Vec<PoolId> = changed
        .iter()
        .filter(|pool| before(pool.id).is_some_and(|before| before.members != pool.members || before.status != pool.status))
        .map(|pool| pool.id)
        .collect();
    repo::pool_ledger::lock(uow, &settled, now).await?;
    for pool in changed {
        if before(pool.id).is_some() {
            repo::pool::update(uow, pool, pool.version.saturating_sub(1), now).await?;
        } else {
            let stored = repo::pool::insert(uow, pool, now).await;
            stored.map_err(|error| AppError::taken(error, "pool", &["key"], "key"))?;
        }
        if settled.contains(&pool.id) {
            pool::settle(uow, pool, now).await?;
        }
        caller.audit(uow, Action::ManagePool, PoolId::PREFIX, pool.id.uuid(), now).await?;
    }
    Ok(())
}
