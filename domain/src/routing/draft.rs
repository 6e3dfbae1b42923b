//! Drafts of another routing: changes of territories and pools that are tried before they are put in force.

mod apply;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::change::Change;
use crate::code::codes;
use crate::consent::ContactChannel;
use crate::department::Department;
use crate::id::{PoolId, RoutingDraftId, TeamId, TerritoryId, UserId};
use crate::value::ShortText;
use crate::violation::{ViolationCode, Violations};

use super::pool::{Caps, LanguageRule, Pool, PoolMember, TierRule};
use super::territory::{MatchRules, RoutingStatus, Territory};

pub use apply::{Changed, apply};

codes! {
    /// The life of a draft.
    pub enum DraftState {
        /// Can be changed and tried.
        Draft = "DRAFT",
        /// Was put in force.
        Published = "PUBLISHED",
        /// Was given up.
        Discarded = "DISCARDED",
    }
}

/// Another weight of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WeightChange {
    /// Whose.
    pub user: UserId,
    /// The weight.
    pub weight: u32,
}

/// What is to be changed of a pool; what is absent stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolChange {
    /// Which pool.
    pub pool: PoolId,
    /// The version that the change was drafted over.
    pub version: u32,
    /// Its name for people.
    pub name: Option<ShortText>,
    /// Its members, whole.
    pub members: Option<Vec<PoolMember>>,
    /// Other weights of some members; the others keep theirs.
    pub weights: Vec<WeightChange>,
    /// The tiers it takes.
    pub tiers: Option<Vec<TierRule>>,
    /// What is the most.
    pub caps: Option<Caps>,
    /// What is asked of languages.
    pub language: Change<LanguageRule>,
    /// The channels of which one must be allowed.
    pub channels: Option<Vec<ContactChannel>>,
    /// Whether expected value is balanced.
    pub balances_worth: Option<bool>,
    /// Whether it is used.
    pub status: Option<RoutingStatus>,
}

/// What is to be changed of a territory; what is absent stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerritoryChange {
    /// Which territory.
    pub territory: TerritoryId,
    /// The version that the change was drafted over.
    pub version: u32,
    /// Its name for people.
    pub name: Option<ShortText>,
    /// The territory it belongs to.
    pub parent: Change<TerritoryId>,
    /// Its rank.
    pub rank: Option<u16>,
    /// What it takes, whole.
    pub rules: Option<MatchRules>,
    /// Which teams serve it, whole.
    pub teams: Option<BTreeMap<Department, TeamId>>,
    /// Whether it is used.
    pub status: Option<RoutingStatus>,
}

/// The changes of a draft over the configuration in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftContent {
    /// Changes of pools, at most one of each.
    pub pools: Vec<PoolChange>,
    /// New pools.
    pub new_pools: Vec<Pool>,
    /// Changes of territories, at most one of each.
    pub territories: Vec<TerritoryChange>,
    /// New territories.
    pub new_territories: Vec<Territory>,
}

/// Most entries of each list of a draft.
pub const CHANGES_MAX: usize = 250;

impl DraftContent {
    /// Whether nothing is changed.
    pub const fn is_empty(&self) -> bool {
        self.pools.is_empty() && self.new_pools.is_empty() && self.territories.is_empty() && self.new_territories.is_empty()
    }

    /// Checks what can be told without the configuration: how much it is.
    ///
    /// # Errors
    /// Lists that are too long.
    pub fn check(&self) -> Result<(), Violations> {
        let mut faults = Violations::new();
        let counts = [
            ("pools", self.pools.len()),
            ("newPools", self.new_pools.len()),
            ("territories", self.territories.len()),
            ("newTerritories", self.new_territories.len()),
        ];
        for (field, _) in counts.into_iter().filter(|(_, count)| *count > CHANGES_MAX) {
            faults.add(field, ViolationCode::TooLong, format!("at most {CHANGES_MAX} are allowed"));
        }
        faults.into_result()
    }

    /// The same with the ids that an earlier content gave to new pools and territories of the same keys, so that they go on meaning the same.
    #[must_use]
    pub fn keeping_ids(mut self, earlier: &Self) -> Self {
        for pool in &mut self.new_pools {
            pool.id = earlier.new_pools.iter().find(|known| known.key == pool.key).map_or(pool.id, |known| known.id);
        }
        for territory in &mut self.new_territories {
            let known = earlier.new_territories.iter().find(|known| known.key == territory.key);
            territory.id = known.map_or(territory.id, |known| known.id);
        }
        self
    }
}

/// A draft of another routing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutingDraft {
    /// Stable identity.
    pub id: RoutingDraftId,
    /// Counts the changes, from 1.
    pub version: u32,
    /// Name for people.
    pub name: ShortText,
    /// What it changes.
    pub content: DraftContent,
    /// Its life.
    pub state: DraftState,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When it was made, UTC.
    pub created_at: DateTime<Utc>,
    /// When it last changed, UTC.
    pub updated_at: DateTime<Utc>,
    /// When it was put in force, UTC.
    pub published_at: Option<DateTime<Utc>>,
}

impl RoutingDraft {
    /// A new draft.
    pub const fn new(id: RoutingDraftId, name: ShortText, content: DraftContent, by: Option<UserId>, now: DateTime<Utc>) -> Self {
        Self {
            id,
            version: 1,
            name,
            content,
            state: DraftState::Draft,
            created_by: by,
            created_at: now,
            updated_at: now,
            published_at: None,
        }
    }

    fn next(&self, now: DateTime<Utc>) -> Result<Self, Violations> {
        match self.state {
            DraftState::Draft => Ok(Self { version: self.version.saturating_add(1), updated_at: now, ..self.clone() }),
            DraftState::Published | DraftState::Discarded => {
                let message = format!("the draft is `{}` and does not change any more", self.state);
                Err(Violations::one("state", ViolationCode::Conflict, message))
            }
        }
    }

    /// The draft with another name or content; what is absent stays.
    ///
    /// # Errors
    /// When it is no draft any more.
    pub fn revise(&self, name: Option<ShortText>, content: Option<DraftContent>, now: DateTime<Utc>) -> Result<Self, Violations> {
        let next = self.next(now)?;
        Ok(Self { name: name.unwrap_or(next.name), content: content.unwrap_or(next.content), ..next })
    }

    /// The draft, put in force.
    ///
    /// # Errors
    /// When it is no draft any more, or changes nothing.
    pub fn publish(&self, now: DateTime<Utc>) -> Result<Self, Violations> {
        let next = self.next(now)?;
        if self.content.is_empty() {
            return Err(Violations::one("content", ViolationCode::Required, "the draft changes nothing"));
        }
        Ok(Self { state: DraftState::Published, published_at: Some(now), ..next })
    }

    /// The draft, given up.
    ///
    /// # Errors
    /// When it is no draft any more.
    pub fn discard(&self, now: DateTime<Utc>) -> Result<Self, Violations> {
        Ok(Self { state: DraftState::Discarded, ..self.next(now)? })
    }
}

#[cfg(test)]
mod tests;
