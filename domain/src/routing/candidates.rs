//! Who of a pool may get a lead: each rule in its order, and what it left over.
//!
//! Everybody of the pool is looked at for every lead, so that what is asked of each is found without a search: members, profiles and candidates
//! stand in one order, that of the ids, in which the ledger and the counts of the day are walked along.

use std::collections::{BTreeMap, btree_map};
use std::iter::Peekable;

use chrono::{DateTime, Utc};

use crate::id::UserId;
use crate::scoring::Tier;
use crate::value::{LanguageTag, TimeZoneName};

use super::decision::{Candidate, CandidateRule};
use super::directory::Directory;
use super::ledger::Ledger;
use super::member::{MemberProfile, WallTime};
use super::place::QueueReason;
use super::pool::{Otherwise, Pool, PoolMember};
use super::roster::{Roster, RosterTeam};
use super::route::{PoolState, RoutingRequest};
use super::share::Leads;

/// The candidates after all rules.
pub(super) struct Gathering {
    pub(super) candidates: Vec<Candidate>,
    /// The language that was asked for.
    pub(super) language: Option<LanguageTag>,
    /// The lead's own, when another was taken.
    pub(super) language_missed: Option<LanguageTag>,
    /// Why nobody is left.
    pub(super) empty: Option<QueueReason>,
}

struct Field<'a> {
    pool: &'a Pool,
    tier: Tier,
    /// How many leads the pool got today.
    got_today: u32,
    candidates: Vec<Candidate>,
    /// What is known of each candidate who is in the team, in the order of the candidates, which is that of the pool's members.
    profiles: Vec<Option<&'a MemberProfile>>,
}

/// What there is to look at.
struct Sight<'a> {
    pool: &'a Pool,
    team: Option<&'a RosterTeam>,
    directory: &'a Directory,
    excluded: &'a [UserId],
    open: &'a BTreeMap<UserId, u32>,
    now: DateTime<Utc>,
}

/// Values by user, asked for in the order of their ids: each is found by walking on, not by searching. Out of that order it would find nothing.
struct Walk<'a, V>(Peekable<btree_map::Iter<'a, UserId, V>>);

impl<'a, V> Walk<'a, V> {
    fn along(values: &'a BTreeMap<UserId, V>) -> Self {
        Self(values.iter().peekable())
    }

    fn find(&mut self, user: UserId) -> Option<&'a V> {
        while self.0.next_if(|(at, _)| **at < user).is_some() {}
        self.0.next_if(|(at, _)| **at == user).map(|(_, value)| value)
    }
}

/// What the clocks of several zones show at one moment, each read once: colleagues share few zones.
struct Clocks {
    now: DateTime<Utc>,
    shown: Vec<(TimeZoneName, WallTime)>,
}

impl Clocks {
    fn in_zone(&mut self, zone: TimeZoneName) -> WallTime {
        if let Some((_, shown)) = self.shown.iter().find(|(known, _)| *known == zone) {
            return *shown;
        }
        let shown = WallTime::of(self.now, zone);
        self.shown.push((zone, shown));
        shown
    }

    fn is_at_work(&mut self, profile: &MemberProfile) -> bool {
        profile.hours.as_ref().is_none_or(|hours| hours.cover_wall(self.in_zone(hours.time_zone)))
    }
}

/// Looks at everybody of the pool.
pub(super) fn gather(
    pool: &Pool,
    request: &RoutingRequest<'_>,
    (directory, roster): (&Directory, &Roster),
    state: &PoolState,
    open: &BTreeMap<UserId, u32>,
    now: DateTime<Utc>,
) -> Gathering {
    let tier = request.demand.score.tier();
    let sight = Sight { pool, team: roster.team(pool.team), directory, excluded: request.excluded, open, now };
    let mut field = sight.everybody(state, tier);
    let needed = directory.language(request.demand.language.as_ref(), request.demand.country);
    let mut gathering = Gathering { candidates: Vec::new(), language: None, language_missed: None, empty: None };
    gathering.empty = field.present().or_else(|| {
        let asked = field.by_language(needed.as_ref());
        (gathering.language, gathering.language_missed) = (asked.language, asked.missed);
        asked.empty.or_else(|| field.by_caps()).or_else(|| field.by_hours_and_seniority())
    });
    gathering.candidates = field.candidates;
    gathering
}

/// What asking for languages found.
struct Asked {
    language: Option<LanguageTag>,
    missed: Option<LanguageTag>,
    empty: Option<QueueReason>,
}

impl<'a> Sight<'a> {
    fn everybody(&self, state: &PoolState, tier: Tier) -> Field<'a> {
        let nothing = BTreeMap::new();
        let mut accounts = Walk::along(state.tiers.get(&tier).map_or(&nothing, Ledger::accounts));
        let mut today = Walk::along(&state.today);
        let mut clocks = Clocks { now: self.now, shown: Vec::new() };
        let members = &self.pool.members;
        let (mut candidates, mut profiles) = (Vec::with_capacity(members.len()), Vec::with_capacity(members.len()));
        for member in members {
            let profile = self.profile(member.user);
            let account = accounts.find(member.user).copied().unwrap_or_default();
            candidates.push(Candidate {
                user: member.user,
                rule: self.presence(member.user, profile),
                weight: member.weight,
                seniority: profile.map(|profile| profile.seniority),
                level: None,
                is_at_work: profile.is_some_and(|profile| clocks.is_at_work(profile)),
                today: today.find(member.user).copied().unwrap_or(0),
                open: open_max(self.pool, member).map(|_| self.open.get(&member.user).copied().unwrap_or(0)),
                deviation: account.deviation(),
                shortfall: account.entitled_worth.saturating_sub(account.received_worth),
                share: Leads::ZERO,
                worth: 0,
            });
            profiles.push(profile);
        }
        let got_today = state.today.values().fold(0_u32, |sum, count| sum.saturating_add(*count));
        Field { pool: self.pool, tier, got_today, candidates, profiles }
    }

    /// What is known of a colleague who is in the team.
    fn profile(&self, user: UserId) -> Option<&'a MemberProfile> {
        let is_in_team = self.team.is_some_and(|team| team.members.binary_search(&user).is_ok());
        self.directory.member(user).filter(|_| is_in_team)
    }

    /// Whether there is somebody to speak of at all.
    fn presence(&self, user: UserId, profile: Option<&MemberProfile>) -> CandidateRule {
        match profile {
            None => CandidateRule::NotActive,
            Some(profile) if !profile.has_started(self.now) => CandidateRule::NotStarted,
            Some(profile) if profile.is_absent(self.now) => CandidateRule::Absent,
            Some(_) if self.excluded.contains(&user) => CandidateRule::Excluded,
            Some(_) => CandidateRule::Eligible,
        }
    }
}

fn day_max(pool: &Pool, member: &PoolMember) -> Option<u32> {
    member.day_max.or(pool.caps.member_day_max)
}

fn open_max(pool: &Pool, member: &PoolMember) -> Option<u32> {
    member.open_max.or(pool.caps.member_open_max)
}

impl Field<'_> {
    fn is_empty(&self) -> bool {
        !self.candidates.iter().any(|candidate| candidate.rule.is_eligible())
    }

    fn has(&self, rule: CandidateRule) -> bool {
        self.candidates.iter().any(|candidate| candidate.rule == rule)
    }

    /// Drops those who are left for a reason.
    fn drop(&mut self, rule: CandidateRule, is_dropped: impl Fn(&Candidate) -> bool) {
        let left = self.candidates.iter_mut().filter(|candidate| candidate.rule.is_eligible());
        for candidate in left {
            if is_dropped(candidate) {
                candidate.rule = rule;
            }
        }
    }

    fn present(&self) -> Option<QueueReason> {
        self.is_empty().then(|| {
            if self.has(CandidateRule::Excluded) {
                QueueReason::NobodyElse
            } else if self.has(CandidateRule::Absent) {
                QueueReason::AllAbsent
            } else {
                QueueReason::NobodyActive
            }
        })
    }

    /// Keeps those who speak the needed language; if there are none, the first fallback that anybody speaks.
    fn by_language(&mut self, needed: Option<&LanguageTag>) -> Asked {
        let nothing = Asked { language: None, missed: None, empty: None };
        let (Some(rule), Some(needed)) = (&self.pool.language, needed) else { return nothing };
        let profiles = &self.profiles;
        let speaks = |language: &LanguageTag| {
            let those = self.candidates.iter().zip(profiles).filter(|(candidate, _)| candidate.rule.is_eligible());
            those.filter_map(|(_, profile)| profile.and_then(|profile| profile.level(language))).any(|level| level >= rule.level)
        };
        let spoken = std::iter::once(needed).chain(&rule.fallbacks).find(|language| speaks(language));
        let missed = spoken.filter(|spoken| spoken.primary() != needed.primary()).map(|_| needed.clone());
        let asked = spoken.unwrap_or(needed).clone();
        for (candidate, profile) in self.candidates.iter_mut().zip(profiles) {
            candidate.level = profile.and_then(|profile| profile.level(&asked));
        }
        match (spoken, rule.otherwise) {
            (Some(_), _) => {
                let enough = rule.level;
                self.drop(CandidateRule::Language, |candidate| candidate.level.is_none_or(|level| level < enough));
                Asked { language: Some(asked), missed, empty: None }
            }
            (None, Otherwise::Anybody) => Asked { language: Some(asked.clone()), missed: Some(asked), empty: None },
            (None, Otherwise::Queue) => {
                self.drop(CandidateRule::Language, |_| true);
                Asked { language: Some(asked), missed: None, empty: Some(QueueReason::NoLanguage) }
            }
        }
    }

    /// Keeps those below their caps. Hot leads pass those that count days, and are counted.
    fn by_caps(&mut self) -> Option<QueueReason> {
        let (pool, is_hot) = (self.pool, self.tier == Tier::Hot);
        if !is_hot && pool.caps.pool_day_max.is_some_and(|most| self.got_today >= most) {
            return Some(QueueReason::PoolAtCap);
        }
        for (candidate, member) in self.candidates.iter_mut().zip(&pool.members) {
            let is_full = |most: Option<u32>, has: u32| most.is_some_and(|most| has >= most);
            if !candidate.rule.is_eligible() {
                continue;
            }
            if !is_hot && is_full(day_max(pool, member), candidate.today) {
                candidate.rule = CandidateRule::DayCap;
            } else if candidate.open.is_some_and(|open| is_full(open_max(pool, member), open)) {
                candidate.rule = CandidateRule::OpenCap;
            }
        }
        self.is_empty().then_some(QueueReason::AllAtCap)
    }

    /// Hours before seniority, unless the seniority is a must: then those who have it are not dropped because others are at work.
    fn by_hours_and_seniority(&mut self) -> Option<QueueReason> {
        let is_must = self.pool.tier(self.tier).is_some_and(|rule| rule.otherwise == Otherwise::Queue);
        let missing = if is_must { self.by_seniority() } else { None };
        missing.or_else(|| {
            self.by_hours();
            self.by_seniority()
        })
    }

    /// Hot leads go to those who are at work, if anybody is.
    fn by_hours(&mut self) {
        let works = |candidate: &Candidate| candidate.rule.is_eligible() && candidate.is_at_work;
        if self.tier == Tier::Hot && self.candidates.iter().any(works) {
            self.drop(CandidateRule::OutOfHours, |candidate| !candidate.is_at_work);
        }
    }

    fn by_seniority(&mut self) -> Option<QueueReason> {
        let rule = self.pool.tier(self.tier)?;
        let preferred = rule.prefer?;
        let is_preferred = |candidate: &Candidate| candidate.seniority == Some(preferred);
        let found = self.candidates.iter().any(|candidate| candidate.rule.is_eligible() && is_preferred(candidate));
        match (found, rule.otherwise) {
            (false, Otherwise::Anybody) => None,
            (true, _) => {
                self.drop(CandidateRule::Seniority, |candidate| !is_preferred(candidate));
                None
            }
            (false, Otherwise::Queue) => {
                self.drop(CandidateRule::Seniority, |_| true);
                Some(QueueReason::NoSeniority)
            }
        }
    }
}
