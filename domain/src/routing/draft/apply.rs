//! The configuration as a draft would have it.

use std::collections::BTreeSet;

use crate::id::{PoolId, TerritoryId};
use crate::routing::pool::{Pool, check_tiers};
use crate::routing::territory::{RoutingStatus, Territory, check_tree};
use crate::violation::{ViolationCode, Violations};

use super::{DraftContent, PoolChange, TerritoryChange};

/// Something that was changed since a draft was made over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// A pool.
    Pool {
        /// Which.
        pool: PoolId,
        /// The version it has now.
        current: u32,
    },
    /// A territory.
    Territory {
        /// Which.
        territory: TerritoryId,
        /// The version it has now.
        current: u32,
    },
}

impl Changed {
    /// The version that it has now.
    pub const fn current(self) -> u32 {
        match self {
            Self::Pool { current, .. } | Self::Territory { current, .. } => current,
        }
    }
}

impl DraftContent {
    /// What was changed since the draft was made over it.
    pub fn changed_since(&self, territories: &[Territory], pools: &[Pool]) -> Vec<Changed> {
        let of_pool = |change: &PoolChange| {
            let now = pools.iter().find(|pool| pool.id == change.pool).filter(|pool| pool.version != change.version)?;
            Some(Changed::Pool { pool: now.id, current: now.version })
        };
        let of_territory = |change: &TerritoryChange| {
            let now = territories.iter().find(|territory| territory.id == change.territory)?;
            let current = now.version;
            (current != change.version).then_some(Changed::Territory { territory: now.id, current })
        };
        self.pools.iter().filter_map(of_pool).chain(self.territories.iter().filter_map(of_territory)).collect()
    }
}

/// All territories and pools as they are with a draft's changes; what is changed counts one version on. Changes are made over what is there now,
/// whatever version they were drafted over: [`DraftContent::changed_since`] tells about that.
///
/// # Errors
/// All faults, under the draft's fields: something that is not there or is changed twice, a key that is taken, and whatever a pool or territory
/// as it would be is at fault with, alone or beside the others.
pub fn apply(
    content: &DraftContent,
    territories: &[Territory],
    pools: &[Pool],
) -> Result<(Vec<Territory>, Vec<Pool>), Violations> {
    content.check()?;
    let mut faults = Violations::new();
    let territories = with_territories(content, territories, &mut faults);
    let pools = with_pools(content, pools, &mut faults);
    faults.into_result()?;
    Ok((territories, pools))
}

fn twice(faults: &mut Violations, field: String) {
    faults.add(field, ViolationCode::Duplicate, "is changed twice");
}

fn archived(faults: &mut Violations, field: String) {
    faults.add(field, ViolationCode::Conflict, "what is archived does not change");
}

fn taken(faults: &mut Violations, field: String) {
    faults.add(field, ViolationCode::Duplicate, "the key is taken");
}

fn with_pools(content: &DraftContent, pools: &[Pool], faults: &mut Violations) -> Vec<Pool> {
    let mut all = pools.to_vec();
    let mut touched: Vec<(String, PoolId)> = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, change) in content.pools.iter().enumerate() {
        let field = format!("pools.{index}");
        if !seen.insert(change.pool) {
            twice(faults, format!("{field}.pool"));
        }
        match all.iter_mut().find(|pool| pool.id == change.pool) {
            Some(pool) if pool.status == RoutingStatus::Archived => archived(faults, format!("{field}.pool")),
            Some(pool) => change_pool(pool, change, &field, faults),
            None => faults.add(format!("{field}.pool"), ViolationCode::NotFound, "there is no such pool"),
        }
        touched.push((field, change.pool));
    }
    for (index, pool) in content.new_pools.iter().enumerate() {
        let field = format!("newPools.{index}");
        if all.iter().any(|other| other.key == pool.key || other.id == pool.id) {
            taken(faults, format!("{field}.key"));
        }
        all.push(pool.clone());
        touched.push((field, pool.id));
    }
    all.iter_mut().for_each(Pool::sort);
    for (field, id) in touched {
        let Some(pool) = all.iter().find(|pool| pool.id == id) else { continue };
        let among = match pool.status {
            RoutingStatus::Active => check_tiers(pool, &all),
            RoutingStatus::Archived => Ok(()),
        };
        for found in [pool.check(), among].into_iter().filter_map(Result::err) {
            faults.nest(&field, found);
        }
    }
    all
}

fn change_pool(pool: &mut Pool, change: &PoolChange, field: &str, faults: &mut Violations) {
    pool.version = pool.version.saturating_add(1);
    if let Some(name) = &change.name {
        pool.name.clone_from(name);
    }
    if let Some(members) = &change.members {
        pool.members.clone_from(members);
    }
    for (index, weight) in change.weights.iter().enumerate() {
        match pool.members.iter_mut().find(|member| member.user == weight.user) {
            Some(member) => member.weight = weight.weight,
            None => faults.add(format!("{field}.weights.{index}.user"), ViolationCode::NotFound, "is no member of the pool"),
        }
    }
    if let Some(tiers) = &change.tiers {
        pool.tiers.clone_from(tiers);
    }
    pool.caps = change.caps.unwrap_or(pool.caps);
    pool.language = change.language.clone().apply(pool.language.take());
    if let Some(channels) = &change.channels {
        pool.channels.clone_from(channels);
    }
    pool.balances_worth = change.balances_worth.unwrap_or(pool.balances_worth);
    pool.status = change.status.unwrap_or(pool.status);
}

fn with_territories(content: &DraftContent, territories: &[Territory], faults: &mut Violations) -> Vec<Territory> {
    let mut all = territories.to_vec();
    let mut touched: Vec<(String, TerritoryId)> = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, change) in content.territories.iter().enumerate() {
        let field = format!("territories.{index}");
        if !seen.insert(change.territory) {
            twice(faults, format!("{field}.territory"));
        }
        match all.iter_mut().find(|territory| territory.id == change.territory) {
            Some(territory) if territory.status == RoutingStatus::Archived => archived(faults, format!("{field}.territory")),
            Some(territory) => change_territory(territory, change),
            None => faults.add(format!("{field}.territory"), ViolationCode::NotFound, "there is no such territory"),
        }
        touched.push((field, change.territory));
    }
    for (index, territory) in content.new_territories.iter().enumerate() {
        let field = format!("newTerritories.{index}");
        if all.iter().any(|other| other.key == territory.key || other.id == territory.id) {
            taken(faults, format!("{field}.key"));
        }
        all.push(territory.clone());
        touched.push((field, territory.id));
    }
    for (field, id) in touched {
        let Some(territory) = all.iter().find(|territory| territory.id == id) else { continue };
        let among = match territory.status {
            RoutingStatus::Active => check_tree(territory, &all),
            RoutingStatus::Archived => check_empty(territory, &all),
        };
        for found in [territory.check(), among].into_iter().filter_map(Result::err) {
            faults.nest(&field, found);
        }
    }
    all
}

/// What holds others in use together stays in use.
fn check_empty(territory: &Territory, all: &[Territory]) -> Result<(), Violations> {
    if all.iter().any(|other| other.parent == Some(territory.id) && other.status == RoutingStatus::Active) {
        let message = "territories in use belong to it: archive or move them too";
        return Err(Violations::one("status", ViolationCode::Conflict, message));
    }
    Ok(())
}

fn change_territory(territory: &mut Territory, change: &TerritoryChange) {
    territory.version = territory.version.saturating_add(1);
    if let Some(name) = &change.name {
        territory.name.clone_from(name);
    }
    territory.parent = change.parent.apply(territory.parent);
    territory.rank = change.rank.unwrap_or(territory.rank);
    if let Some(rules) = &change.rules {
        territory.rules.clone_from(rules);
    }
    if let Some(teams) = &change.teams {
        territory.teams.clone_from(teams);
    }
    territory.status = change.status.unwrap_or(territory.status);
}
