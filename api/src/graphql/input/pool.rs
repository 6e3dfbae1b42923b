//! Pools as they are typed.

use async_graphql::{ID, InputObject, MaybeUndefined};
use fairfall_domain::consent::ContactChannel;
use fairfall_domain::id::PoolId;
use fairfall_domain::routing::member::LanguageLevel;
use fairfall_domain::routing::pool::Otherwise;
use fairfall_domain::scoring::Tier;
use fairfall_domain::user::Seniority;
use fairfall_domain::violation::Violations;

use super::{change, id, whole};
use crate::app::routing::pool_draft::{
    CapsPatch, LanguageRuleInput, MemberInput, PoolInput, PoolPatch, TierInput, WEIGHT_DEFAULT,
};
use crate::graphql::code::{Coded, plain};

/// A tier that a pool takes.
#[derive(Clone, Debug, InputObject)]
pub struct PoolTierInput {
    /// The tier.
    pub tier: Coded<Tier>,
    /// Who is preferred; null for nobody. Omitted: seniors for HOT, juniors for STANDARD, nobody for the others.
    pub prefer: MaybeUndefined<Coded<Seniority>>,
    /// What happens when nobody of the preferred can take it; ANYBODY when absent.
    pub otherwise: Option<Coded<Otherwise>>,
}

impl From<PoolTierInput> for TierInput {
    fn from(typed: PoolTierInput) -> Self {
        Self {
            tier: typed.tier.0,
            prefer: change(typed.prefer).map(|code| code.0),
            otherwise: typed.otherwise.map_or(Otherwise::Anybody, |code| code.0),
        }
    }
}

fn tiers(typed: Vec<PoolTierInput>) -> Vec<TierInput> {
    typed.into_iter().map(Into::into).collect()
}

/// A member of a pool.
#[derive(Clone, Debug, InputObject)]
pub struct PoolMemberInput {
    /// A user of the team.
    pub user: ID,
    /// How many shares of the leads, 1 to 100; 10 when absent. Somebody with 20 gets twice as many as somebody with 10.
    pub weight: Option<u32>,
    /// Most leads a day, where it differs from the pool's.
    pub day_max: Option<u32>,
    /// Most open leads, where it differs from the pool's.
    pub open_max: Option<u32>,
}

fn members(faults: &mut Violations, typed: Option<Vec<PoolMemberInput>>) -> Option<Vec<MemberInput>> {
    let read = |typed: Vec<PoolMemberInput>| {
        let members = (0..).zip(typed).filter_map(|(place, typed): (usize, PoolMemberInput)| {
            let user = id(faults, &format!("members.{place}.user"), &typed.user)?;
            let weight = typed.weight.unwrap_or(WEIGHT_DEFAULT);
            Some(MemberInput { user, weight, day_max: typed.day_max, open_max: typed.open_max })
        });
        members.collect()
    };
    typed.map(read)
}

/// What is the most, 1 to 100000. In a change, omitted limits stay, and null takes a limit away.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct PoolCapsInput {
    /// Leads a member gets in a day of the team's time zone; hot ones count and are not held back by it.
    pub member_day_max: MaybeUndefined<u32>,
    /// Open leads that a member has.
    pub member_open_max: MaybeUndefined<u32>,
    /// Leads that the pool gets in a day of the team's time zone.
    pub pool_day_max: MaybeUndefined<u32>,
}

impl From<PoolCapsInput> for CapsPatch {
    fn from(typed: PoolCapsInput) -> Self {
        Self {
            member_day_max: change(typed.member_day_max),
            member_open_max: change(typed.member_open_max),
            pool_day_max: change(typed.pool_day_max),
        }
    }
}

/// What a pool asks of its members' languages.
#[derive(Clone, Debug, InputObject)]
pub struct PoolLanguageInput {
    /// The level that is needed in the lead's language.
    pub level: Coded<LanguageLevel>,
    /// Languages to try, in this order, when nobody speaks the lead's; at most 10.
    pub fallbacks: Option<Vec<String>>,
    /// What happens when nobody speaks any of them; ANYBODY when absent.
    pub otherwise: Option<Coded<Otherwise>>,
}

impl From<PoolLanguageInput> for LanguageRuleInput {
    fn from(typed: PoolLanguageInput) -> Self {
        Self {
            level: typed.level.0,
            fallbacks: typed.fallbacks.unwrap_or_default(),
            otherwise: typed.otherwise.map_or(Otherwise::Anybody, |code| code.0),
        }
    }
}

/// A new pool.
#[derive(Clone, Debug, InputObject)]
pub struct PoolCreateInput {
    /// Key; unique, also among archived ones. Letters, digits, `-`, `_` and `.`.
    pub key: String,
    /// Name.
    pub name: String,
    /// The team whose members it is made of; stays for ever. Managers name teams that they lead.
    pub team: ID,
    /// The tiers it takes; no two pools of a team that are in use take the same. Leads of a tier that no pool takes wait in the team's queue.
    pub tiers: Vec<PoolTierInput>,
    /// Its members, at most 250; when absent everybody who is a MEMBER of the team, with weight 10.
    pub members: Option<Vec<PoolMemberInput>>,
    /// What is the most; no limits when absent.
    pub caps: Option<PoolCapsInput>,
    /// What is asked of languages; nothing when absent.
    pub language: Option<PoolLanguageInput>,
    /// The channels of which at least one must be allowed for calling about the demand; consent is not asked for when absent.
    pub channels: Option<Vec<Coded<ContactChannel>>>,
    /// Whether expected value is balanced beside the number of leads; not when absent.
    pub balances_worth: Option<bool>,
    /// Makes a retry harmless: a second request with the same key answers what the first one made. Kept for a day; at most 200 characters.
    pub idempotency_key: Option<String>,
}

impl PoolCreateInput {
    /// The pool for the use case.
    ///
    /// # Errors
    /// Every malformed id.
    pub fn read(self) -> Result<PoolInput, Violations> {
        let mut faults = Violations::new();
        let team = id(&mut faults, "team", &self.team);
        let members = members(&mut faults, self.members);
        let read = team.map(|team| PoolInput {
            key: self.key,
            name: self.name,
            team,
            tiers: tiers(self.tiers),
            members,
            caps: self.caps.map(Into::into).unwrap_or_default(),
            language: self.language.map(Into::into),
            channels: plain(self.channels),
            balances_worth: self.balances_worth.unwrap_or_default(),
            idempotency_key: self.idempotency_key,
        });
        whole(faults, read)
    }
}

/// A change of a pool. Omitted fields stay, null empties a field.
#[derive(Clone, Debug, InputObject)]
pub struct PoolUpdateInput {
    /// The pool.
    pub pool: ID,
    /// Name.
    pub name: MaybeUndefined<String>,
    /// The tiers it takes, all of them.
    pub tiers: Option<Vec<PoolTierInput>>,
    /// Its members, all of them. What those who leave were behind or ahead is shared by those who stay; those who come start even.
    pub members: Option<Vec<PoolMemberInput>>,
    /// What is the most; limits that are not named stay, null takes all of them away.
    pub caps: MaybeUndefined<PoolCapsInput>,
    /// What is asked of languages; null for nothing.
    pub language: MaybeUndefined<PoolLanguageInput>,
    /// The channels of which at least one must be allowed, all of them; an empty list when consent is not asked for.
    pub channels: Option<Vec<Coded<ContactChannel>>>,
    /// Whether expected value is balanced beside the number of leads.
    pub balances_worth: Option<bool>,
    /// The version that the caller read; when it has changed since, nothing is done. Absent to change whatever it is now.
    pub expected_version: Option<u32>,
}

impl PoolUpdateInput {
    /// The change for the use case.
    ///
    /// # Errors
    /// Every malformed id.
    pub fn read(self) -> Result<PoolPatch, Violations> {
        let mut faults = Violations::new();
        let pool = id(&mut faults, "pool", &self.pool);
        let members = members(&mut faults, self.members);
        let read = pool.map(|pool| PoolPatch {
            pool,
            expected_version: self.expected_version,
            name: change(self.name),
            tiers: self.tiers.map(tiers),
            members,
            caps: change(self.caps).map(Into::into),
            language: change(self.language).map(Into::into),
            channels: self.channels.map(|codes| plain(Some(codes))),
            balances_worth: self.balances_worth,
        });
        whole(faults, read)
    }
}

/// Takes a pool out of use.
#[derive(Clone, Debug, InputObject)]
pub struct PoolArchiveInput {
    /// The pool.
    pub pool: ID,
    /// The version that the caller read; when it has changed since, nothing is done. Absent to archive whatever it is now.
    pub expected_version: Option<u32>,
}

impl PoolArchiveInput {
    /// The pool and the version.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self) -> Result<(PoolId, Option<u32>), Violations> {
        let mut faults = Violations::new();
        let pool = id(&mut faults, "pool", &self.pool);
        whole(faults, pool.map(|pool| (pool, self.expected_version)))
    }
}
