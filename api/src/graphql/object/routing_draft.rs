//! Drafts of another routing.

use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject};
use fairfall_domain::change::Change;
use fairfall_domain::consent::ContactChannel;
use fairfall_domain::id::UserId;
use fairfall_domain::routing::draft::{PoolChange, TerritoryChange, WeightChange};
use fairfall_domain::routing::territory::RoutingStatus;
use fairfall_domain::routing::{DraftState, RoutingDraft};

use crate::graphql::code::{Coded, coded};
use crate::graphql::loader::related;
use crate::graphql::scalar::{Timestamp, id, int};

use super::pool::{PoolCapsObject, PoolLanguageObject, PoolMemberObject, PoolObject, PoolTierObject};
use super::shows;
use super::territory::{TerritoryObject, TerritoryRulesObject, TerritoryTeamObject};
use super::user::UserObject;

/// A draft.
#[derive(Clone, Debug)]
pub struct RoutingDraftObject(pub RoutingDraft);

shows!(RoutingDraftObject(RoutingDraft));

/// A draft of another routing: changes of territories and pools over what is in force, to be tried by `routingSimulate` and `routingReplay` before
/// they are published.
#[Object(name = "RoutingDraft")]
impl RoutingDraftObject {
    /// The id.
    pub async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// Counts the changes from 1; send it as `expectedVersion` so that nobody's change is overwritten unseen.
    async fn version(&self) -> i32 {
        int(self.0.version)
    }

    /// The name.
    async fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// Its life.
    async fn state(&self) -> Coded<DraftState> {
        Coded(self.0.state)
    }

    /// Changes of pools, at most one of each.
    async fn pools(&self) -> Vec<PoolChangeObject> {
        self.0.content.pools.iter().cloned().map(PoolChangeObject).collect()
    }

    /// New pools.
    async fn new_pools(&self) -> Vec<PoolObject> {
        self.0.content.new_pools.iter().cloned().map(PoolObject).collect()
    }

    /// Changes of territories, at most one of each.
    async fn territories(&self) -> Vec<TerritoryChangeObject> {
        self.0.content.territories.iter().cloned().map(TerritoryChangeObject).collect()
    }

    /// New territories.
    async fn new_territories(&self) -> Vec<TerritoryObject> {
        self.0.content.new_territories.iter().cloned().map(TerritoryObject).collect()
    }

    /// Who made it; absent when the viewer may not see the user.
    async fn created_by(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.created_by).await
    }

    /// When it was made.
    async fn created_at(&self) -> Timestamp {
        Timestamp(self.0.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> Timestamp {
        Timestamp(self.0.updated_at)
    }

    /// When it was put in force; absent when it was not.
    async fn published_at(&self) -> Option<Timestamp> {
        self.0.published_at.map(Timestamp)
    }
}

/// What changes of a pool.
#[derive(Clone, Debug)]
pub struct PoolChangeObject(PoolChange);

/// What a draft changes of a pool. What is absent stays.
#[Object(name = "PoolChange")]
impl PoolChangeObject {
    /// The pool as it is in force.
    async fn pool(&self, ctx: &Context<'_>) -> Option<Result<PoolObject>> {
        related(ctx, Some(self.0.pool)).await
    }

    /// The version of the pool that the change was drafted over. When the pool has changed since, the draft is not published.
    async fn drafted_over(&self) -> i32 {
        int(self.0.version)
    }

    /// Another name.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_ref().map(fairfall_domain::value::ShortText::as_str)
    }

    /// Other weights of some members.
    async fn weights(&self) -> Vec<WeightChangeObject> {
        let weight = |WeightChange { user, weight }: &WeightChange| WeightChangeObject { weight: int(*weight), user: *user };
        self.0.weights.iter().map(weight).collect()
    }

    /// Its members, all of them.
    async fn members(&self) -> Option<Vec<PoolMemberObject>> {
        self.0.members.as_ref().map(|members| members.iter().map(Into::into).collect())
    }

    /// The tiers it takes, all of them.
    async fn tiers(&self) -> Option<Vec<PoolTierObject>> {
        self.0.tiers.as_ref().map(|tiers| tiers.iter().map(Into::into).collect())
    }

    /// What is the most, all of it.
    async fn caps(&self) -> Option<PoolCapsObject> {
        self.0.caps.map(Into::into)
    }

    /// What is asked of its members' languages.
    async fn language(&self) -> Option<PoolLanguageObject> {
        match &self.0.language {
            Change::Set(rule) => Some(rule.into()),
            Change::Keep | Change::Clear => None,
        }
    }

    /// Whether nothing is asked of languages any more.
    async fn language_cleared(&self) -> bool {
        self.0.language == Change::Clear
    }

    /// The channels of which at least one must be allowed, all of them.
    async fn channels(&self) -> Option<Vec<Coded<ContactChannel>>> {
        self.0.channels.as_deref().map(coded)
    }

    /// Whether expected value is balanced.
    async fn balances_worth(&self) -> Option<bool> {
        self.0.balances_worth
    }

    /// Whether it is used.
    async fn status(&self) -> Option<Coded<RoutingStatus>> {
        self.0.status.map(Coded)
    }
}

/// Another weight of a member.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "WeightChange", complex)]
pub struct WeightChangeObject {
    /// The weight.
    pub weight: i32,
    #[graphql(skip)]
    user: UserId,
}

#[ComplexObject]
impl WeightChangeObject {
    /// The member.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, Some(self.user)).await
    }
}

/// What changes of a territory.
#[derive(Clone, Debug)]
pub struct TerritoryChangeObject(TerritoryChange);

/// What a draft changes of a territory. What is absent stays.
#[Object(name = "TerritoryChange")]
impl TerritoryChangeObject {
    /// The territory as it is in force.
    async fn territory(&self, ctx: &Context<'_>) -> Option<Result<TerritoryObject>> {
        related(ctx, Some(self.0.territory)).await
    }

    /// The version of the territory that the change was drafted over. When the territory has changed since, the draft is not published.
    async fn drafted_over(&self) -> i32 {
        int(self.0.version)
    }

    /// Another name.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_ref().map(fairfall_domain::value::ShortText::as_str)
    }

    /// The id of the territory that it shall belong to, which may be a new one of the draft.
    async fn parent_id(&self) -> Option<ID> {
        match self.0.parent {
            Change::Set(parent) => Some(id(parent)),
            Change::Keep | Change::Clear => None,
        }
    }

    /// Whether it shall belong to none any more.
    async fn parent_cleared(&self) -> bool {
        self.0.parent == Change::Clear
    }

    /// Its rank.
    async fn rank(&self) -> Option<i32> {
        self.0.rank.map(int)
    }

    /// What it takes, all of it.
    async fn rules(&self) -> Option<TerritoryRulesObject> {
        self.0.rules.as_ref().map(Into::into)
    }

    /// The teams that serve it, all of them.
    async fn teams(&self) -> Option<Vec<TerritoryTeamObject>> {
        self.0.teams.as_ref().map(TerritoryTeamObject::all)
    }

    /// Whether it is used.
    async fn status(&self) -> Option<Coded<RoutingStatus>> {
        self.0.status.map(Coded)
    }
}
