//! Changes of routing as they are typed, read over the configuration in force: each remembers the version of what it changes.

use fairfall_domain::access::{Action, Grant};
use fairfall_domain::change::Change;
use fairfall_domain::id::{PoolId, TeamId, TerritoryId, UserId};
use fairfall_domain::routing::draft::{PoolChange, TerritoryChange, WeightChange, apply};
use fairfall_domain::routing::fairness::WEIGHT_MAX;
use fairfall_domain::routing::territory::RoutingStatus;
use fairfall_domain::routing::{DraftContent, Pool, Territory};
use fairfall_domain::team::Team;
use fairfall_domain::violation::{Violation, ViolationCode, Violations};
use fairfall_persistence::{Readable, repo};

use super::pool_draft::{self, PoolInput, PoolPatch};
use super::territory::{self, TerritoryInput, TerritoryPatch, check_named};
use super::{expected, pool};
use crate::app::AppError;

/// Another weight of a member, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeightInput {
    /// The pool.
    pub pool: PoolId,
    /// The member.
    pub user: UserId,
    /// The weight.
    pub weight: u32,
}

/// Changes over the configuration in force, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangesInput {
    /// Other weights of members.
    pub weights: Vec<WeightInput>,
    /// Changes of pools.
    pub pools: Vec<PoolPatch>,
    /// Pools that are taken out of use.
    pub archived_pools: Vec<PoolId>,
    /// New pools.
    pub new_pools: Vec<PoolInput>,
    /// Changes of territories.
    pub territories: Vec<TerritoryPatch>,
    /// Territories that are taken out of use.
    pub archived_territories: Vec<TerritoryId>,
    /// New territories.
    pub new_territories: Vec<TerritoryInput>,
}

/// The configuration in force, with what is archived.
#[derive(Clone, Debug)]
pub(super) struct Configuration {
    pub(super) territories: Vec<Territory>,
    pub(super) pools: Vec<Pool>,
}

impl Configuration {
    /// Reads it.
    pub(super) async fn read(on: &impl Readable) -> Result<Self, AppError> {
        Ok(Self { territories: repo::territory::all(on).await?, pools: repo::pool::all(on).await? })
    }

    fn pool(&self, id: PoolId) -> Option<&Pool> {
        self.pools.iter().find(|pool| pool.id == id)
    }

    fn territory(&self, id: TerritoryId) -> Option<&Territory> {
        self.territories.iter().find(|territory| territory.id == id)
    }
}

/// Reads changes, and checks the whole as it would be. New pools and territories keep the ids that an `earlier` content of the draft gave them.
///
/// # Errors
/// All faults of the input, and then all of the configuration as it would be; `VersionConflict`.
pub(super) async fn read(
    on: &impl Readable,
    input: &ChangesInput,
    now: &Configuration,
    earlier: Option<&DraftContent>,
) -> Result<DraftContent, AppError> {
    let teams = teams(on, input, now).await?;
    let mut reading =
        Reading { now, teams: &teams, faults: Violations::new(), content: DraftContent::default(), typed: Typed::default() };
    reading.pools(input)?;
    reading.weights(&input.weights);
    reading.new_pools(&input.new_pools);
    reading.territories(input)?;
    reading.new_territories(&input.new_territories);
    let Reading { faults, content, typed, .. } = reading;
    faults.into_result()?;
    let content = match earlier {
        Some(earlier) => content.keeping_ids(earlier),
        None => content,
    };
    apply(&content, &now.territories, &now.pools).map_err(|faults| typed.name(faults))?;
    Ok(content)
}

/// All teams that are meant.
async fn teams(on: &impl Readable, input: &ChangesInput, now: &Configuration) -> Result<Vec<Team>, AppError> {
    let of_pools = input.pools.iter().filter_map(|patch| now.pool(patch.pool)).map(|pool| pool.team);
    let of_new = input.new_pools.iter().map(|new| new.team);
    let serving = input.territories.iter().filter_map(|patch| patch.teams.as_ref()).flatten();
    let serving_new = input.new_territories.iter().flat_map(|new| &new.teams);
    let mut ids: Vec<TeamId> = of_pools.chain(of_new).chain(serving.chain(serving_new).map(|served| served.team)).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(repo::team::find_many(on, &Grant::system(Action::ViewTeam), &ids).await?)
}

/// The typed field that each change of the content comes from.
#[derive(Debug, Default)]
struct Typed {
    pools: Vec<String>,
    territories: Vec<String>,
}

impl Typed {
    /// Faults of the content under the fields that were typed.
    fn name(&self, faults: Violations) -> Violations {
        let mut named = Violations::new();
        for Violation { field, code, message } in faults {
            let typed =
                typed_field("pools.", &self.pools, &field).or_else(|| typed_field("territories.", &self.territories, &field));
            named.add(typed.unwrap_or(field), code, message);
        }
        named
    }
}

/// The typed field for one of a list of the content.
fn typed_field(list: &str, typed: &[String], field: &str) -> Option<String> {
    let (place, rest) = field.strip_prefix(list)?.split_once('.')?;
    typed.get(place.parse::<usize>().ok()?).map(|typed| format!("{typed}.{rest}"))
}

struct Reading<'a> {
    now: &'a Configuration,
    teams: &'a [Team],
    faults: Violations,
    content: DraftContent,
    typed: Typed,
}

impl Reading<'_> {
    fn missing(&mut self, field: String, thing: &str) {
        self.faults.add(field, ViolationCode::NotFound, format!("there is no such {thing}"));
    }

    fn pools(&mut self, input: &ChangesInput) -> Result<(), AppError> {
        let now = self.now;
        for (place, patch) in input.pools.iter().enumerate() {
            let field = format!("pools.{place}");
            let Some(seen) = now.pool(patch.pool) else {
                self.missing(format!("{field}.pool"), "pool");
                continue;
            };
            expected(patch.expected_version, seen.version)?;
            let pool_draft::Drafted { pool: changed, mut faults } = pool_draft::revise(seen, patch);
            if let Some(team) = self.teams.iter().find(|team| team.id == seen.team) {
                pool::check_members(&mut faults, &patch.named(), team);
            }
            self.faults.nest(&field, faults);
            self.content.pools.push(pool_change(seen, changed));
            self.typed.pools.push(field);
        }
        for (place, id) in input.archived_pools.iter().enumerate() {
            let field = format!("archivedPools.{place}");
            let Some(seen) = now.pool(*id) else {
                self.missing(field, "pool");
                continue;
            };
            let changed = Pool { status: RoutingStatus::Archived, ..seen.clone() };
            self.content.pools.push(pool_change(seen, changed));
            self.typed.pools.push(field);
        }
        Ok(())
    }

    /// Weights go to the change of their pool, if there is one.
    fn weights(&mut self, typed: &[WeightInput]) {
        let now = self.now;
        for (place, WeightInput { pool, user, weight }) in typed.iter().enumerate() {
            let field = format!("weights.{place}");
            let Some(seen) = now.pool(*pool) else {
                self.missing(format!("{field}.pool"), "pool");
                continue;
            };
            if !self.content.pools.iter().any(|change| change.pool == *pool) {
                self.content.pools.push(pool_change(seen, seen.clone()));
                self.typed.pools.push(field.clone());
            }
            let Some(change) = self.content.pools.iter_mut().find(|change| change.pool == *pool) else { continue };
            let members = change.members.as_ref().unwrap_or(&seen.members);
            if !members.iter().any(|member| member.user == *user) {
                self.faults.add(format!("{field}.user"), ViolationCode::NotFound, "is no member of the pool");
            }
            if change.weights.iter().any(|known| known.user == *user) {
                self.faults.add(format!("{field}.user"), ViolationCode::Duplicate, "is named twice");
            }
            if !(1..=WEIGHT_MAX).contains(weight) {
                self.faults.add(format!("{field}.weight"), ViolationCode::OutOfRange, format!("a weight is 1 to {WEIGHT_MAX}"));
            }
            change.weights.push(WeightChange { user: *user, weight: *weight });
        }
    }

    fn new_pools(&mut self, typed: &[PoolInput]) {
        for (place, input) in typed.iter().enumerate() {
            let field = format!("newPools.{place}");
            let Some(team) = self.teams.iter().find(|team| team.id == input.team) else {
                self.missing(format!("{field}.team"), "team");
                continue;
            };
            match pool_draft::read(input, team) {
                Ok(pool_draft::Drafted { pool: new, mut faults }) => {
                    pool::check_members(&mut faults, &input.named(), team);
                    self.faults.nest(&field, faults);
                    self.content.new_pools.push(new);
                }
                Err(faults) => self.faults.nest(&field, faults),
            }
        }
    }

    fn territories(&mut self, input: &ChangesInput) -> Result<(), AppError> {
        let now = self.now;
        for (place, patch) in input.territories.iter().enumerate() {
            let field = format!("territories.{place}");
            let Some(seen) = now.territory(patch.territory) else {
                self.missing(format!("{field}.territory"), "territory");
                continue;
            };
            expected(patch.expected_version, seen.version)?;
            let territory::Drafted { territory: changed, mut faults } = territory::revise(seen, patch);
            check_named(&mut faults, patch.teams.as_deref().unwrap_or_default(), self.teams);
            self.faults.nest(&field, faults);
            self.content.territories.push(territory_change(seen, changed));
            self.typed.territories.push(field);
        }
        for (place, id) in input.archived_territories.iter().enumerate() {
            let field = format!("archivedTerritories.{place}");
            let Some(seen) = now.territory(*id) else {
                self.missing(field, "territory");
                continue;
            };
            let changed = Territory { status: RoutingStatus::Archived, ..seen.clone() };
            self.content.territories.push(territory_change(seen, changed));
            self.typed.territories.push(field);
        }
        Ok(())
    }

    fn new_territories(&mut self, typed: &[TerritoryInput]) {
        for (place, input) in typed.iter().enumerate() {
            let field = format!("newTerritories.{place}");
            match territory::read(input) {
                Ok(territory::Drafted { territory: new, mut faults }) => {
                    check_named(&mut faults, &input.teams, self.teams);
                    self.faults.nest(&field, faults);
                    self.content.new_territories.push(new);
                }
                Err(faults) => self.faults.nest(&field, faults),
            }
        }
    }
}

fn differing<T: PartialEq>(seen: &T, changed: T) -> Option<T> {
    (*seen != changed).then_some(changed)
}

fn changing<T: PartialEq>(seen: Option<&T>, changed: Option<T>) -> Change<T> {
    if seen == changed.as_ref() { Change::Keep } else { changed.map_or(Change::Clear, Change::Set) }
}

/// What differs.
fn pool_change(seen: &Pool, changed: Pool) -> PoolChange {
    PoolChange {
        pool: seen.id,
        version: seen.version,
        name: differing(&seen.name, changed.name),
        members: differing(&seen.members, changed.members),
        weights: Vec::new(),
        tiers: differing(&seen.tiers, changed.tiers),
        caps: differing(&seen.caps, changed.caps),
        language: changing(seen.language.as_ref(), changed.language),
        channels: differing(&seen.channels, changed.channels),
        balances_worth: differing(&seen.balances_worth, changed.balances_worth),
        status: differing(&seen.status, changed.status),
    }
}

/// What differs.
fn territory_change(seen: &Territory, changed: Territory) -> TerritoryChange {
    TerritoryChange {
        territory: seen.id,
        version: seen.version,
        name: differing(&seen.name, changed.name),
        parent: changing(seen.parent.as_ref(), changed.parent),
        rank: differing(&seen.rank, changed.rank),
        rules: differing(&seen.rules, changed.rules),
        teams: differing(&seen.teams, changed.teams),
        status: differing(&seen.status, changed.status),
    }
}
