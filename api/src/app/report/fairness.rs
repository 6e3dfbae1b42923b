//! How fairly pools gave out their leads.

use fairfall_domain::access::Action;
use fairfall_domain::department::Department;
use fairfall_domain::id::{PoolId, TeamId};
use fairfall_domain::report::fairness::{FairnessPoint, FairnessStep, TierFairness, assemble, course as course_of};
use fairfall_domain::routing::Pool;
use fairfall_domain::routing::territory::RoutingStatus;
use fairfall_domain::scoring::Tier;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::repo;
use fairfall_persistence::report::fairness;

use super::{Period, SMALL_COHORT_LEADS};
use crate::app::{App, AppError, Caller};

/// Most pools of one report, by key.
pub const POOLS_MAX: usize = 50;
/// The longest period of a course with a point a day, in days.
pub const DAILY_DAYS_MAX: i64 = 92;
/// Tiers with fewer members are withheld from roles that may not see colleagues: what is told of all would be told of each.
pub const SMALL_POOL_MEMBERS: usize = 2;

/// Which pools, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FairnessQuery {
    /// The period.
    pub period: Period,
    /// Only this pool, also when it is not used any more.
    pub pool: Option<PoolId>,
    /// Only pools of this team.
    pub team: Option<TeamId>,
    /// Only pools of teams of this department.
    pub department: Option<Department>,
}

/// A pool with its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolFairness {
    /// The pool.
    pub pool: Pool,
    /// By tier.
    pub tiers: Vec<TierFairness>,
}

/// The figures as a caller may see them.
#[derive(Clone, Debug, PartialEq)]
pub struct Fairness {
    /// The pools by key, those without any figure left out.
    pub pools: Vec<PoolFairness>,
    /// How many pools were not looked at because there are more than [`POOLS_MAX`].
    pub more_pools: usize,
    /// How many tiers were withheld.
    pub withheld: usize,
    /// Whether the caller may see single members.
    pub shows_members: bool,
    /// The period.
    pub period: Period,
}

/// A point of the course of a pool.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CoursePoint {
    /// The pool.
    pub pool: PoolId,
    /// How even it was.
    pub point: FairnessPoint,
}

/// The fairness of pools; nothing for roles that may not see reports.
///
/// # Errors
/// A period that is too long.
#[tracing::instrument(name = "app.report.fairness", skip_all)]
pub async fn fairness(app: &App, caller: &Caller, query: &FairnessQuery) -> Result<Option<Fairness>, AppError> {
    if caller.may(Action::ViewReport).is_none() {
        return Ok(None);
    }
    let span = query.period.span()?;
    let reader = app.reader();
    let (pools, more_pools) = pools(app, query).await?;
    let ids: Vec<PoolId> = pools.iter().map(|pool| pool.id).collect();
    let states = repo::pool_ledger::find(&reader, &ids).await?;
    let turns = fairness::turns(&reader, &ids, span).await?;
    let beside = fairness::beside(&reader, &pools, span).await?;
    let shows_members = caller.may(Action::ViewUser).is_some();
    let mut withheld = 0;
    let told = |pool: Pool| {
        let mut tiers = assemble(pool.id, states.get(&pool.id), &turns, &beside);
        let all = tiers.len();
        if caller.may(Action::ViewPerson).is_none() {
            tiers.retain(is_large);
        }
        if !shows_members {
            for tier in &mut *tiers {
                tier.members.clear();
            }
        }
        withheld += all - tiers.len();
        (!tiers.is_empty()).then_some(PoolFairness { pool, tiers })
    };
    let pools = pools.into_iter().filter_map(told).collect();
    Ok(Some(Fairness { pools, more_pools, withheld, shows_members, period: query.period }))
}

fn is_large(tier: &TierFairness) -> bool {
    let leads = tier.turns.leads.saturating_add(tier.beside.outside());
    leads >= SMALL_COHORT_LEADS && tier.standing.members >= SMALL_POOL_MEMBERS
}

/// The pools that a query means, and how many more there are.
async fn pools(app: &App, query: &FairnessQuery) -> Result<(Vec<Pool>, usize), AppError> {
    let rules = app.rules().await?;
    let of = |team: TeamId| rules.roster.team(team).map(|team| team.department);
    let is_meant = |pool: &Pool| {
        query.pool.map_or(pool.status == RoutingStatus::Active, |id| pool.id == id)
            && query.team.is_none_or(|team| pool.team == team)
            && query.department.is_none_or(|department| of(pool.team) == Some(department))
    };
    let mut pools = repo::pool::all(&app.reader()).await?;
    pools.retain(is_meant);
    let more = pools.len().saturating_sub(POOLS_MAX);
    pools.truncate(POOLS_MAX);
    Ok((pools, more))
}

/// How even the tiers of a report were over its period, pool by pool, so that only one pool's states are in memory at a time.
///
/// # Errors
/// A point a day over more than [`DAILY_DAYS_MAX`] days.
#[tracing::instrument(name = "app.report.fairness_course", skip_all)]
pub async fn course(app: &App, caller: &Caller, report: &Fairness, step: FairnessStep) -> Result<Vec<CoursePoint>, AppError> {
    let Period { from, to } = report.period;
    if step == FairnessStep::Day && report.period.days() > DAILY_DAYS_MAX {
        let message = format!("at most {DAILY_DAYS_MAX} days with a point each are allowed");
        return Err(Violations::one("step", ViolationCode::OutOfRange, message).into());
    }
    let members_min = if caller.may(Action::ViewUser).is_some() { 0 } else { SMALL_POOL_MEMBERS };
    let reader = app.reader();
    let mut points = Vec::new();
    for PoolFairness { pool, tiers } in &report.pools {
        let shown: Vec<Tier> = tiers.iter().map(|tier| tier.tier).collect();
        let history = repo::pool_ledger::history(&reader, &[pool.id], from, to).await?;
        let days: Vec<_> = history.into_iter().map(|(_, day, state)| (day, state)).collect();
        let found = course_of(&days, step).into_iter();
        let seen = found.filter(|point| shown.contains(&point.tier) && point.standing.members >= members_min);
        points.extend(seen.map(|point| CoursePoint { pool: pool.id, point }));
    }
    Ok(points)
}
