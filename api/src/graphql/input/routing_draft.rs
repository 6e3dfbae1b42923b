//! Drafts of another routing as they are typed.

use async_graphql::{ID, InputObject};
use fairfall_domain::id::RoutingDraftId;
use fairfall_domain::violation::Violations;

use super::pool::{PoolCreateInput, PoolUpdateInput};
use super::territory::{TerritoryCreateInput, TerritoryUpdateInput};
use super::{id, ids, whole};
use crate::app::routing::draft::{DraftInput, DraftPatch};
use crate::app::routing::draft_changes::{ChangesInput, WeightInput};

/// Another weight of a member of a pool.
#[derive(Clone, Debug, InputObject)]
pub struct WeightChangeInput {
    /// The pool.
    pub pool: ID,
    /// The member; those who are not named keep their weight.
    pub user: ID,
    /// How many shares of the leads, 1 to 100.
    pub weight: u32,
}

/// Changes over the configuration in force. Lists that are absent change nothing; each has at most 250 entries.
#[derive(Clone, Debug, InputObject)]
pub struct RoutingChangesInput {
    /// Other weights of members.
    pub weights: Option<Vec<WeightChangeInput>>,
    /// Changes of pools, at most one of each.
    pub pools: Option<Vec<PoolUpdateInput>>,
    /// Pools that are taken out of use.
    pub archived_pools: Option<Vec<ID>>,
    /// New pools. Keys for retries mean nothing here.
    pub new_pools: Option<Vec<PoolCreateInput>>,
    /// Changes of territories, at most one of each.
    pub territories: Option<Vec<TerritoryUpdateInput>>,
    /// Territories that are taken out of use.
    pub archived_territories: Option<Vec<ID>>,
    /// New territories; one keeps its id as long as the draft has one with its key, so that others can name it as their parent. Keys for retries mean
    /// nothing here.
    pub new_territories: Option<Vec<TerritoryCreateInput>>,
}

/// Reads each entry of a list under its place.
fn each<T, R>(faults: &mut Violations, field: &str, typed: Option<Vec<T>>, read: impl Fn(T) -> Result<R, Violations>) -> Vec<R> {
    let entries = (0..).zip(typed.into_iter().flatten()).filter_map(|(place, entry): (usize, T)| match read(entry) {
        Ok(entry) => Some(entry),
        Err(more) => {
            faults.nest(&format!("{field}.{place}"), more);
            None
        }
    });
    entries.collect()
}

fn weight(typed: WeightChangeInput) -> Result<WeightInput, Violations> {
    let mut faults = Violations::new();
    let WeightChangeInput { pool, user, weight } = typed;
    let (pool, user) = (id(&mut faults, "pool", &pool), id(&mut faults, "user", &user));
    whole(faults, pool.zip(user).map(|(pool, user)| WeightInput { pool, user, weight }))
}

impl RoutingChangesInput {
    /// The changes for the use case.
    ///
    /// # Errors
    /// Every malformed id.
    pub fn read(self) -> Result<ChangesInput, Violations> {
        let mut faults = Violations::new();
        let read = ChangesInput {
            weights: each(&mut faults, "weights", self.weights, weight),
            pools: each(&mut faults, "pools", self.pools, PoolUpdateInput::read),
            archived_pools: ids(&mut faults, "archivedPools", &self.archived_pools.unwrap_or_default()),
            new_pools: each(&mut faults, "newPools", self.new_pools, PoolCreateInput::read),
            territories: each(&mut faults, "territories", self.territories, TerritoryUpdateInput::read),
            archived_territories: ids(&mut faults, "archivedTerritories", &self.archived_territories.unwrap_or_default()),
            new_territories: each(&mut faults, "newTerritories", self.new_territories, TerritoryCreateInput::read),
        };
        whole(faults, Some(read))
    }
}

/// A new draft.
#[derive(Clone, Debug, InputObject)]
pub struct RoutingDraftCreateInput {
    /// The name.
    pub name: String,
    /// What it changes.
    pub changes: RoutingChangesInput,
    /// Makes a retry harmless: a second request with the same key answers what the first one made. Kept for a day; at most 200 characters.
    pub idempotency_key: Option<String>,
}

impl RoutingDraftCreateInput {
    /// The draft for the use case.
    ///
    /// # Errors
    /// Every malformed id.
    pub fn read(self) -> Result<DraftInput, Violations> {
        let changes = self.changes.read()?;
        Ok(DraftInput { name: self.name, changes, idempotency_key: self.idempotency_key })
    }
}

/// A change of a draft. What is omitted stays.
#[derive(Clone, Debug, InputObject)]
pub struct RoutingDraftUpdateInput {
    /// The draft.
    pub draft: ID,
    /// The name.
    pub name: Option<String>,
    /// What it changes, whole: what is not in it is gone. It is drafted over what is in force now.
    pub changes: Option<RoutingChangesInput>,
    /// The `version` that the change was made on; when it has changed since, nothing is done.
    pub expected_version: Option<u32>,
}

impl RoutingDraftUpdateInput {
    /// The change for the use case.
    ///
    /// # Errors
    /// Every malformed id.
    pub fn read(self) -> Result<DraftPatch, Violations> {
        let mut faults = Violations::new();
        let draft = id(&mut faults, "draft", &self.draft);
        let changes = match self.changes.map(RoutingChangesInput::read).transpose() {
            Ok(changes) => changes,
            Err(more) => {
                faults.append(more);
                None
            }
        };
        let (name, expected_version) = (self.name, self.expected_version);
        whole(faults, draft.map(|draft| DraftPatch { draft, expected_version, name, changes }))
    }
}

/// A draft that is given up.
#[derive(Clone, Debug, InputObject)]
pub struct RoutingDraftDiscardInput {
    /// The draft.
    pub draft: ID,
    /// The `version` that was looked at; when it has changed since, nothing is done.
    pub expected_version: Option<u32>,
}

/// A draft that is put in force.
#[derive(Clone, Debug, InputObject)]
pub struct RoutingDraftPublishInput {
    /// The draft.
    pub draft: ID,
    /// The `version` that was looked at; when it has changed since, nothing is done.
    pub expected_version: Option<u32>,
}

fn draft(typed: &ID, expected: Option<u32>) -> Result<(RoutingDraftId, Option<u32>), Violations> {
    let mut faults = Violations::new();
    let draft = id(&mut faults, "draft", typed);
    whole(faults, draft.map(|draft| (draft, expected)))
}

impl RoutingDraftDiscardInput {
    /// The draft and the version that the caller read.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(&self) -> Result<(RoutingDraftId, Option<u32>), Violations> {
        draft(&self.draft, self.expected_version)
    }
}

impl RoutingDraftPublishInput {
    /// The draft and the version that the caller read.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(&self) -> Result<(RoutingDraftId, Option<u32>), Violations> {
        draft(&self.draft, self.expected_version)
    }
}
