//! Pools: who of a team receives which tiers. Managers keep those of the teams they lead.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::id::{PoolId, TeamId, UserId};
use fairfall_domain::routing::Pool;
use fairfall_domain::routing::pool::check_tiers;
use fairfall_domain::routing::territory::RoutingStatus;
use fairfall_domain::team::Team;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::repo::pool::PoolFilter;
use fairfall_persistence::{Page, PageArgs, StoreError, UnitOfWork, repo};

use super::pool_draft::{Drafted, PoolInput, PoolPatch, read, revise};
use super::{expected, leads, not_allowed};
use crate::app::idempotency::{Keyed, Once, once};
use crate::app::{App, AppError, Caller};

/// A pool.
pub async fn find(app: &App, caller: &Caller, id: PoolId) -> Result<Option<Pool>, AppError> {
    Ok(find_many(app, caller, &[id]).await?.pop())
}

/// Several pools, in no order; those the caller may not see are left out.
pub async fn find_many(app: &App, caller: &Caller, ids: &[PoolId]) -> Result<Vec<Pool>, AppError> {
    let Some(grant) = caller.may(Action::ViewRouting) else { return Ok(Vec::new()) };
    Ok(repo::pool::find_many(&app.reader(), &grant, ids).await?)
}

/// The pools of teams by key, archived ones too.
pub async fn of_teams(app: &App, caller: &Caller, teams: &[TeamId]) -> Result<Vec<Pool>, AppError> {
    let Some(grant) = caller.may(Action::ViewRouting) else { return Ok(Vec::new()) };
    Ok(repo::pool::of_teams(&app.reader(), &grant, teams).await?)
}

/// A page of pools by key.
#[tracing::instrument(name = "app.pool.page", skip_all)]
pub async fn page(app: &App, caller: &Caller, filter: PoolFilter, args: &PageArgs) -> Result<Page<Pool>, AppError> {
    let Some(grant) = caller.may(Action::ViewRouting) else { return Ok(Page::empty()) };
    Ok(repo::pool::page(&app.reader(), &grant, filter, args).await?)
}

/// Brings the ledgers of a pool in line with its members: what those who left were behind or ahead is shared by those who stay. The state of
/// the days before stays as it was.
///
/// # Errors
/// When the database fails.
pub(crate) async fn settle(uow: &UnitOfWork, pool: &Pool, now: DateTime<Utc>) -> Result<(), AppError> {
    let mut states = repo::pool_ledger::lock(uow, &[pool.id], now).await?;
    let staying: BTreeMap<UserId, u32> = pool.members.iter().map(|member| (member.user, member.weight)).collect();
    let team = team_of(uow, pool.team).await?;
    for state in states.values_mut() {
        let today = team.as_ref().map(|team| now.with_timezone(&team.time_zone.tz()).date_naive());
        if state.day.is_some() && state.day != today {
            state.day = today;
            state.today.clear();
        }
        state.tiers.values_mut().for_each(|ledger| ledger.settle(&staying));
    }
    Ok(repo::pool_ledger::store(uow, &states, now).await?)
}

async fn team_of(uow: &UnitOfWork, team: TeamId) -> Result<Option<Team>, AppError> {
    Ok(repo::team::find(uow, &Grant::system(Action::ViewTeam), team).await?)
}

/// Refuses what is at fault, all of it at once. `typed` are the members that were named now: who left the team since stays in the pool, and
/// gets nothing.
fn check(drafted: Drafted, typed: &[UserId], team: &Team, all: &[Pool]) -> Result<Pool, Violations> {
    let Drafted { pool, mut faults } = drafted;
    check_members(&mut faults, typed, team);
    for checked in [pool.check(), check_tiers(&pool, all)] {
        if let Err(more) = checked {
            faults.append(more);
        }
    }
    faults.into_result()?;
    Ok(pool)
}

/// The faults of members that were named and are not in the team.
pub(super) fn check_members(faults: &mut Violations, typed: &[UserId], team: &Team) {
    for (place, _) in typed.iter().enumerate().filter(|(_, user)| team.rank_of(**user).is_none()) {
        faults.add(format!("members.{place}.user"), ViolationCode::NotFound, "there is no such colleague in the team");
    }
}

fn key_taken(error: StoreError) -> AppError {
    AppError::taken(error, "pool", &["key"], "key")
}

/// Stores a new pool.
///
/// # Errors
/// All faults at once; `Taken` when the key is; `NotAllowed` for a team the caller does not lead.
#[tracing::instrument(name = "app.pool.create", skip_all)]
pub async fn create(app: &App, caller: &Caller, input: PoolInput) -> Result<Pool, AppError> {
    let grant = caller.must(Action::ManagePool)?;
    let keyed = Keyed::read(input.idempotency_key.as_deref(), &input)?;
    let (input, now) = (Arc::new(input), app.now());
    let created = app.store().transact(move |uow| {
        let (caller, keyed, grant, input) = (caller.clone(), keyed.clone(), grant.clone(), input.clone());
        Box::pin(async move {
            let work = || async {
                let team = team_of(uow, input.team).await?.ok_or_else(|| AppError::not_found("team"))?;
                if !leads(&grant, team.id) {
                    return Err(not_allowed(Action::ManagePool));
                }
                let others = repo::pool::of_team_for_command(uow, team.id).await?;
                let pool = check(read(&input, &team)?, &input.named(), &team, &others)?;
                repo::pool::insert(uow, &pool, now).await.map_err(key_taken)?;
                caller.audit(uow, Action::ManagePool, "pool", pool.id.uuid(), now).await?;
                Ok((pool.id, pool))
            };
            match once::<PoolId, _, _>(uow, &caller, "poolCreate", keyed.as_ref(), now, work).await? {
                Once::New(pool) => Ok(pool),
                Once::Before(id) => {
                    let view = caller.must(Action::ViewRouting)?;
                    repo::pool::find(uow, &view, id).await?.ok_or_else(|| AppError::not_found("idempotencyKey"))
                }
            }
        })
    });
    let created = created.await?;
    app.forget_rules();
    Ok(created)
}

/// Changes a pool. When members leave, what they were behind or ahead is shared by those who stay.
///
/// # Errors
/// All faults at once; `NotFound`, `VersionConflict`; `NotAllowed` for a team the caller does not lead.
#[tracing::instrument(name = "app.pool.update", skip_all)]
pub async fn update(app: &App, caller: &Caller, patch: PoolPatch) -> Result<Pool, AppError> {
    caller.may(Action::ViewRouting).ok_or_else(|| AppError::not_found("pool"))?;
    let grant = caller.must(Action::ManagePool)?;
    let (patch, now) = (Arc::new(patch), app.now());
    let updated = app.store().transact(move |uow| {
        let (caller, grant, patch) = (caller.clone(), grant.clone(), patch.clone());
        Box::pin(async move {
            let Kept { pool: seen, team, others } = kept(uow, &grant, patch.pool).await?;
            let version = expected(patch.expected_version, seen.version)?;
            in_use(&seen)?;
            let changed = check(revise(&seen, &patch), &patch.named(), &team, &others)?;
            repo::pool::update(uow, &changed, version, now).await?;
            if changed.members != seen.members {
                settle(uow, &changed, now).await?;
            }
            caller.audit(uow, Action::ManagePool, "pool", changed.id.uuid(), now).await?;
            Ok::<_, AppError>(changed)
        })
    });
    let updated = updated.await?;
    app.forget_rules();
    Ok(updated)
}

/// Takes a pool out of use; doing it again changes nothing. Its ledger stays.
///
/// # Errors
/// `NotFound`, `VersionConflict`; `NotAllowed` for a team the caller does not lead.
#[tracing::instrument(name = "app.pool.archive", skip_all)]
pub async fn archive(app: &App, caller: &Caller, id: PoolId, version: Option<u32>) -> Result<Pool, AppError> {
    caller.may(Action::ViewRouting).ok_or_else(|| AppError::not_found("pool"))?;
    let grant = caller.must(Action::ManagePool)?;
    let now = app.now();
    let archived = app.store().transact(move |uow| {
        let (caller, grant) = (caller.clone(), grant.clone());
        Box::pin(async move {
            let Kept { pool: seen, .. } = kept(uow, &grant, id).await?;
            if seen.status == RoutingStatus::Archived {
                return Ok(seen);
            }
            let version = expected(version, seen.version)?;
            let changed = Pool { version: seen.version.saturating_add(1), status: RoutingStatus::Archived, ..seen };
            repo::pool::update(uow, &changed, version, now).await?;
            settle(uow, &changed, now).await?;
            caller.audit(uow, Action::ManagePool, "pool", id.uuid(), now).await?;
            Ok::<_, AppError>(changed)
        })
    });
    let archived = archived.await?;
    app.forget_rules();
    Ok(archived)
}

/// A pool that is changed, with its team and all pools of it, held until the unit of work ends.
struct Kept {
    pool: Pool,
    team: Team,
    others: Vec<Pool>,
}

async fn kept(uow: &UnitOfWork, grant: &Grant, id: PoolId) -> Result<Kept, AppError> {
    let missing = || AppError::not_found("pool");
    let found = repo::pool::find(uow, &Grant::system(Action::ViewRouting), id).await?.ok_or_else(missing)?;
    if !leads(grant, found.team) {
        return Err(not_allowed(Action::ManagePool));
    }
    let others = repo::pool::of_team_for_command(uow, found.team).await?;
    let pool = others.iter().find(|pool| pool.id == id).cloned().ok_or_else(missing)?;
    let team = team_of(uow, pool.team).await?.ok_or_else(missing)?;
    Ok(Kept { pool, team, others })
}

fn in_use(pool: &Pool) -> Result<(), Violations> {
    match pool.status {
        RoutingStatus::Active => Ok(()),
        RoutingStatus::Archived => Err(Violations::one("pool", ViolationCode::Conflict, "what is archived does not change")),
    }
}
