//! Pools.

use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject};
use fairfall_domain::consent::ContactChannel;
use fairfall_domain::id::UserId;
use fairfall_domain::routing::Pool;
use fairfall_domain::routing::member::LanguageLevel;
use fairfall_domain::routing::pool::{Caps, LanguageRule, Otherwise, PoolMember, TierRule};
use fairfall_domain::routing::territory::RoutingStatus;
use fairfall_domain::scoring::Tier;
use fairfall_domain::user::Seniority;
use fairfall_domain::value::LanguageTag;

use crate::graphql::code::{Coded, coded};
use crate::graphql::loader::related;
use crate::graphql::scalar::{Text, id, int, texts};

use super::shows;
use super::team::TeamObject;
use super::user::UserObject;

/// A pool.
#[derive(Clone, Debug)]
pub struct PoolObject(pub Pool);

shows!(PoolObject(Pool));

/// Who of a team receives which tiers of leads in turn. A team without pools keeps its leads in its queue.
#[Object(name = "Pool")]
impl PoolObject {
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

    /// The team whose members it is made of.
    async fn team(&self, ctx: &Context<'_>) -> Option<Result<TeamObject>> {
        related(ctx, Some(self.0.team)).await
    }

    /// The tiers it takes; no two pools of a team that are in use take the same.
    async fn tiers(&self) -> Vec<PoolTierObject> {
        self.0.tiers.iter().map(Into::into).collect()
    }

    /// Its members. Who left the team since gets nothing.
    async fn members(&self) -> Vec<PoolMemberObject> {
        self.0.members.iter().map(Into::into).collect()
    }

    /// What is the most.
    async fn caps(&self) -> PoolCapsObject {
        self.0.caps.into()
    }

    /// What is asked of its members' languages; nothing when absent.
    async fn language(&self) -> Option<PoolLanguageObject> {
        self.0.language.as_ref().map(Into::into)
    }

    /// The channels of which at least one must be allowed for calling about the demand; none when consent is not asked for.
    async fn channels(&self) -> Vec<Coded<ContactChannel>> {
        coded(&self.0.channels)
    }

    /// Whether expected value is balanced beside the number of leads.
    async fn balances_worth(&self) -> bool {
        self.0.balances_worth
    }

    /// Whether it is used.
    async fn status(&self) -> Coded<RoutingStatus> {
        Coded(self.0.status)
    }
}

/// A tier that a pool takes.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "PoolTier")]
pub struct PoolTierObject {
    /// The tier.
    pub tier: Coded<Tier>,
    /// Who is preferred; nobody when absent.
    pub prefer: Option<Coded<Seniority>>,
    /// What happens when nobody of the preferred can take it.
    pub otherwise: Coded<Otherwise>,
}

impl From<&TierRule> for PoolTierObject {
    fn from(rule: &TierRule) -> Self {
        Self { tier: Coded(rule.tier), prefer: rule.prefer.map(Coded), otherwise: Coded(rule.otherwise) }
    }
}

/// A member of a pool.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "PoolMember", complex)]
pub struct PoolMemberObject {
    /// How many shares of the leads: somebody with 20 gets twice as many as somebody with 10.
    pub weight: i32,
    /// Most leads a day, where it differs from the pool's.
    pub day_max: Option<i32>,
    /// Most open leads, where it differs from the pool's.
    pub open_max: Option<i32>,
    #[graphql(skip)]
    user: UserId,
}

impl From<&PoolMember> for PoolMemberObject {
    fn from(member: &PoolMember) -> Self {
        let PoolMember { user, weight, day_max, open_max } = *member;
        Self { weight: int(weight), day_max: day_max.map(int), open_max: open_max.map(int), user }
    }
}

#[ComplexObject]
impl PoolMemberObject {
    /// The user.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, Some(self.user)).await
    }
}

/// What is the most; without a limit where absent. Days are those of the team's time zone.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "PoolCaps")]
pub struct PoolCapsObject {
    /// Leads a member gets in a day; hot ones count and are not held back by it.
    pub member_day_max: Option<i32>,
    /// Open leads that a member has.
    pub member_open_max: Option<i32>,
    /// Leads that the pool gets in a day.
    pub pool_day_max: Option<i32>,
}

impl From<Caps> for PoolCapsObject {
    fn from(caps: Caps) -> Self {
        let Caps { member_day_max, member_open_max, pool_day_max } = caps;
        Self {
            member_day_max: member_day_max.map(int),
            member_open_max: member_open_max.map(int),
            pool_day_max: pool_day_max.map(int),
        }
    }
}

/// What a pool asks of its members' languages.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "PoolLanguage")]
pub struct PoolLanguageObject {
    /// The level that is needed in the lead's language.
    pub level: Coded<LanguageLevel>,
    /// Languages to try, in this order, when nobody speaks the lead's.
    pub fallbacks: Vec<Text<LanguageTag>>,
    /// What happens when nobody speaks any of them.
    pub otherwise: Coded<Otherwise>,
}

impl From<&LanguageRule> for PoolLanguageObject {
    fn from(rule: &LanguageRule) -> Self {
        Self { level: Coded(rule.level), fallbacks: texts(&rule.fallbacks), otherwise: Coded(rule.otherwise) }
    }
}
