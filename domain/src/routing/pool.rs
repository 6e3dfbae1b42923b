//! Pools: who of a team may receive which tiers, with weights, caps and preferences.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::consent::ContactChannel;
use crate::id::{PoolId, TeamId, UserId};
use crate::scoring::Tier;
use crate::user::Seniority;
use crate::value::{Code, LanguageTag, ShortText};
use crate::violation::{ViolationCode, Violations};

use super::fairness::WEIGHT_MAX;
use super::member::LanguageLevel;
use super::territory::RoutingStatus;

codes! {
    /// What happens when nobody is as it is preferred.
    pub enum Otherwise {
        /// Anybody else of the pool may get the lead.
        Anybody = "ANYBODY",
        /// The lead waits in the team's queue.
        Queue = "QUEUE",
    }
}

/// A member of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PoolMember {
    /// Who.
    pub user: UserId,
    /// How many shares of the leads, 1 to [`WEIGHT_MAX`]: somebody with 20 gets twice as many as somebody with 10.
    pub weight: u32,
    /// Most leads a day, where it differs from the pool's.
    pub day_max: Option<u32>,
    /// Most open leads, where it differs from the pool's.
    pub open_max: Option<u32>,
}

/// What is the most; without a limit where absent. Days are those of the team's time zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Caps {
    /// Leads a member gets in a day.
    pub member_day_max: Option<u32>,
    /// Open leads that a member has.
    pub member_open_max: Option<u32>,
    /// Leads that the pool gets in a day.
    pub pool_day_max: Option<u32>,
}

/// A tier that a pool takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TierRule {
    /// The tier.
    pub tier: Tier,
    /// Who is preferred.
    pub prefer: Option<Seniority>,
    /// What happens when nobody of the preferred can take it.
    pub otherwise: Otherwise,
}

impl TierRule {
    /// What a tier is treated as when nothing is said: hot leads go to seniors first, standard ones to juniors.
    pub const fn usual(tier: Tier) -> Self {
        let prefer = match tier {
            Tier::Hot => Some(Seniority::Senior),
            Tier::Standard => Some(Seniority::Junior),
            Tier::Warm | Tier::Weak => None,
        };
        Self { tier, prefer, otherwise: Otherwise::Anybody }
    }
}

/// What a pool asks of its members' languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageRule {
    /// The level that is needed in the lead's language.
    pub level: LanguageLevel,
    /// Languages to try, in this order, when nobody speaks the lead's.
    pub fallbacks: Vec<LanguageTag>,
    /// What happens when nobody speaks any of them.
    pub otherwise: Otherwise,
}

/// A pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    /// Stable identity.
    pub id: PoolId,
    /// Counts the changes, from 1.
    pub version: u32,
    /// Key; unique.
    pub key: Code,
    /// Name for people.
    pub name: ShortText,
    /// The team whose members it is made of.
    pub team: TeamId,
    /// The tiers it takes. No two pools of a team take the same.
    pub tiers: Vec<TierRule>,
    /// Its members.
    pub members: Vec<PoolMember>,
    /// What is the most.
    pub caps: Caps,
    /// What is asked of languages; nothing when absent.
    pub language: Option<LanguageRule>,
    /// The channels of which at least one must be allowed for calling about the demand; none when consent is not asked for.
    pub channels: Vec<ContactChannel>,
    /// Whether expected value is balanced beside the number of leads.
    pub balances_worth: bool,
    /// Whether it is used.
    pub status: RoutingStatus,
}

/// Most members of a pool.
pub const MEMBERS_MAX: usize = 250;
/// Most that a cap says.
pub const CAP_MAX: u32 = 100_000;
/// Most fallback languages.
pub const FALLBACKS_MAX: usize = 10;

impl Pool {
    /// The rule for a tier, if the pool takes it.
    pub fn tier(&self, tier: Tier) -> Option<&TierRule> {
        self.tiers.iter().find(|rule| rule.tier == tier)
    }

    /// Whether a user is in it.
    pub fn member(&self, user: UserId) -> Option<&PoolMember> {
        self.members.iter().find(|member| member.user == user)
    }

    /// Brings members and tiers into their order, which decides between equals.
    pub fn sort(&mut self) {
        self.members.sort_by_key(|member| member.user);
        self.tiers.sort_by_key(|rule| rule.tier);
    }

    /// Checks what was typed or stored.
    ///
    /// # Errors
    /// All faults: no tier or one twice, a member twice or too many, a weight or cap out of range.
    pub fn check(&self) -> Result<(), Violations> {
        let mut faults = Violations::new();
        let mut tiers = BTreeSet::new();
        if self.tiers.is_empty() {
            faults.add("tiers", ViolationCode::Required, "at least one tier must be taken");
        }
        if self.tiers.iter().any(|rule| !tiers.insert(rule.tier)) {
            faults.add("tiers", ViolationCode::Duplicate, "a tier is named twice");
        }
        let mut users = BTreeSet::new();
        if self.members.iter().any(|member| !users.insert(member.user)) {
            faults.add("members", ViolationCode::Duplicate, "a member is named twice");
        }
        if self.members.len() > MEMBERS_MAX {
            faults.add("members", ViolationCode::TooLong, format!("at most {MEMBERS_MAX} members are allowed"));
        }
        if self.members.iter().any(|member| !(1..=WEIGHT_MAX).contains(&member.weight)) {
            faults.add("members.weight", ViolationCode::OutOfRange, format!("a weight is 1 to {WEIGHT_MAX}"));
        }
        let caps = [
            ("caps.memberDayMax", self.caps.member_day_max),
            ("caps.memberOpenMax", self.caps.member_open_max),
            ("caps.poolDayMax", self.caps.pool_day_max),
        ];
        let own =
            self.members.iter().flat_map(|member| [("members.dayMax", member.day_max), ("members.openMax", member.open_max)]);
        for (field, cap) in caps.into_iter().chain(own) {
            if cap.is_some_and(|cap| !(1..=CAP_MAX).contains(&cap)) {
                faults.add(field, ViolationCode::OutOfRange, format!("a cap is 1 to {CAP_MAX}, or none"));
            }
        }
        if self.language.as_ref().is_some_and(|rule| rule.fallbacks.len() > FALLBACKS_MAX) {
            faults.add("language.fallbacks", ViolationCode::TooLong, format!("at most {FALLBACKS_MAX} languages are allowed"));
        }
        faults.into_result()
    }
}

/// Checks a pool among the others in use: no two of a team take the same tier.
///
/// # Errors
/// A fault that names the tiers.
pub fn check_tiers(pool: &Pool, all: &[Pool]) -> Result<(), Violations> {
    let mut faults = Violations::new();
    let beside = |other: &&Pool| other.id != pool.id && other.team == pool.team && other.status == RoutingStatus::Active;
    for other in all.iter().filter(beside) {
        for rule in pool.tiers.iter().filter(|rule| other.tier(rule.tier).is_some()) {
            faults.add(
                "tiers",
                ViolationCode::Conflict,
                format!("tier `{}` is taken by pool `{}` of the team", rule.tier, other.key),
            );
        }
    }
    faults.into_result()
}
