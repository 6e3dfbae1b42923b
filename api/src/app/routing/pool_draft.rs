//! Pools as they are typed.

use fairfall_domain::change::Change;
use fairfall_domain::consent::ContactChannel;
use fairfall_domain::id::{PoolId, TeamId, UserId};
use fairfall_domain::routing::Pool;
use fairfall_domain::routing::member::LanguageLevel;
use fairfall_domain::routing::pool::{Caps, LanguageRule, Otherwise, PoolMember, TierRule};
use fairfall_domain::routing::territory::RoutingStatus;
use fairfall_domain::scoring::Tier;
use fairfall_domain::team::{MemberRank, Team};
use fairfall_domain::user::Seniority;
use fairfall_domain::value::{Code, LanguageTag, ShortText};
use fairfall_domain::violation::Violations;

use crate::app::user::required;
use crate::clock::new_id;

/// The weight of a member for whom none is given.
pub const WEIGHT_DEFAULT: u32 = 10;

/// A tier as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TierInput {
    /// The tier.
    pub tier: Tier,
    /// Who is preferred: as usual for the tier when kept, nobody when cleared.
    pub prefer: Change<Seniority>,
    /// What happens when nobody of the preferred can take it.
    pub otherwise: Otherwise,
}

/// A member as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberInput {
    /// Who.
    pub user: UserId,
    /// How many shares.
    pub weight: u32,
    /// Most leads a day, where it differs from the pool's.
    pub day_max: Option<u32>,
    /// Most open leads, where it differs from the pool's.
    pub open_max: Option<u32>,
}

/// Caps as typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CapsPatch {
    /// Leads a member gets in a day.
    pub member_day_max: Change<u32>,
    /// Open leads that a member has.
    pub member_open_max: Change<u32>,
    /// Leads that the pool gets in a day.
    pub pool_day_max: Change<u32>,
}

/// What is asked of languages, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LanguageRuleInput {
    /// The level that is needed.
    pub level: LanguageLevel,
    /// Languages to try, in this order.
    pub fallbacks: Vec<String>,
    /// What happens when nobody speaks any of them.
    pub otherwise: Otherwise,
}

/// A pool as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolInput {
    /// A unique key.
    pub key: String,
    /// The name shown to people.
    pub name: String,
    /// The team.
    pub team: TeamId,
    /// The tiers it takes.
    pub tiers: Vec<TierInput>,
    /// Its members; all plain members of the team when absent.
    pub members: Option<Vec<MemberInput>>,
    /// What is the most.
    pub caps: CapsPatch,
    /// What is asked of languages.
    pub language: Option<LanguageRuleInput>,
    /// The channels of which one must be allowed.
    pub channels: Vec<ContactChannel>,
    /// Whether expected value is balanced too.
    pub balances_worth: bool,
    /// Makes a retry harmless.
    pub idempotency_key: Option<String>,
}

/// Changes of a pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolPatch {
    /// Which.
    pub pool: PoolId,
    /// The version the caller read.
    pub expected_version: Option<u32>,
    /// The name.
    pub name: Change<String>,
    /// The tiers it takes, all of them.
    pub tiers: Option<Vec<TierInput>>,
    /// Its members, all of them.
    pub members: Option<Vec<MemberInput>>,
    /// What is the most.
    pub caps: Change<CapsPatch>,
    /// What is asked of languages.
    pub language: Change<LanguageRuleInput>,
    /// The channels of which one must be allowed, all of them.
    pub channels: Option<Vec<ContactChannel>>,
    /// Whether expected value is balanced too.
    pub balances_worth: Option<bool>,
}

fn users(members: Option<&[MemberInput]>) -> Vec<UserId> {
    members.unwrap_or_default().iter().map(|member| member.user).collect()
}

impl PoolInput {
    /// The members that are named.
    pub(super) fn named(&self) -> Vec<UserId> {
        users(self.members.as_deref())
    }
}

impl PoolPatch {
    /// The members that are named.
    pub(super) fn named(&self) -> Vec<UserId> {
        users(self.members.as_deref())
    }
}

/// A pool with what is at fault so far.
pub(super) struct Drafted {
    pub(super) pool: Pool,
    pub(super) faults: Violations,
}

/// Reads a pool of a team. Where a required text is at fault another stands for it, so that everything else is checked too.
pub(super) fn read(input: &PoolInput, team: &Team) -> Result<Drafted, Violations> {
    let mut faults = Violations::new();
    let key = faults.check_required("key", Some(&input.key), Code::parse).or_else(|| Code::parse("key").ok());
    let name = faults.check_required("name", Some(&input.name), ShortText::parse).or_else(|| ShortText::parse("name").ok());
    let (Some(key), Some(name)) = (key, name) else { return Err(faults) };
    let pool = Pool {
        id: new_id(),
        version: 1,
        key,
        name,
        team: team.id,
        tiers: input.tiers.iter().copied().map(tier).collect(),
        members: input.members.as_deref().map_or_else(|| everybody(team), members),
        caps: caps(Caps::default(), input.caps),
        language: input.language.as_ref().map(|typed| language(&mut faults, typed)),
        channels: channels(&input.channels),
        balances_worth: input.balances_worth,
        status: RoutingStatus::Active,
    };
    Ok(Drafted { pool: sorted(pool), faults })
}

/// The pool after a change.
pub(super) fn revise(seen: &Pool, patch: &PoolPatch) -> Drafted {
    let mut faults = Violations::new();
    let name = required(&mut faults, "name", &patch.name, &seen.name, ShortText::parse);
    let pool = Pool {
        version: seen.version.saturating_add(1),
        name: name.unwrap_or_else(|| seen.name.clone()),
        tiers: patch.tiers.as_ref().map_or_else(|| seen.tiers.clone(), |typed| typed.iter().copied().map(tier).collect()),
        members: patch.members.as_deref().map_or_else(|| seen.members.clone(), members),
        caps: match patch.caps {
            Change::Keep => seen.caps,
            Change::Clear => Caps::default(),
            Change::Set(typed) => caps(seen.caps, typed),
        },
        language: match &patch.language {
            Change::Keep => seen.language.clone(),
            Change::Clear => None,
            Change::Set(typed) => Some(language(&mut faults, typed)),
        },
        channels: patch.channels.as_deref().map_or_else(|| seen.channels.clone(), channels),
        balances_worth: patch.balances_worth.unwrap_or(seen.balances_worth),
        ..seen.clone()
    };
    Drafted { pool: sorted(pool), faults }
}

fn sorted(mut pool: Pool) -> Pool {
    pool.sort();
    pool
}

fn tier(typed: TierInput) -> TierRule {
    let usual = TierRule::usual(typed.tier);
    TierRule { prefer: typed.prefer.apply(usual.prefer), otherwise: typed.otherwise, ..usual }
}

fn members(typed: &[MemberInput]) -> Vec<PoolMember> {
    let member = |typed: &MemberInput| {
        let MemberInput { user, weight, day_max, open_max } = *typed;
        PoolMember { user, weight, day_max, open_max }
    };
    typed.iter().map(member).collect()
}

/// All of a team who do not lead it, alike.
fn everybody(team: &Team) -> Vec<PoolMember> {
    let plain = team.members.iter().filter(|member| match member.rank {
        MemberRank::Member => true,
        MemberRank::Manager => false,
    });
    plain.map(|member| PoolMember { user: member.user, weight: WEIGHT_DEFAULT, day_max: None, open_max: None }).collect()
}

fn caps(seen: Caps, typed: CapsPatch) -> Caps {
    Caps {
        member_day_max: typed.member_day_max.apply(seen.member_day_max),
        member_open_max: typed.member_open_max.apply(seen.member_open_max),
        pool_day_max: typed.pool_day_max.apply(seen.pool_day_max),
    }
}

fn language(faults: &mut Violations, typed: &LanguageRuleInput) -> LanguageRule {
    let read = (0..).zip(&typed.fallbacks).filter_map(|(place, text): (usize, &String)| {
        faults.check(format!("language.fallbacks.{place}"), LanguageTag::parse(text))
    });
    LanguageRule { level: typed.level, fallbacks: read.collect(), otherwise: typed.otherwise }
}

fn channels(typed: &[ContactChannel]) -> Vec<ContactChannel> {
    let mut channels = typed.to_vec();
    channels.sort_unstable();
    channels.dedup();
    channels
}
