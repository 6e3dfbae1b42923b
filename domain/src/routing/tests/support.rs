//! A small sales department: one team with one pool, and leads to be given.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::company::{Company, CompanyDraft};
use crate::consent::{ConsentState, ConsentStatus, ContactChannel, Purpose};
use crate::department::Department;
use crate::id::{AbsenceId, TeamId, TerritoryId, UserId};
use crate::person::{Person, PersonDraft};
use crate::routing::decision::{Candidate, CandidateRule, ChosenBy, RoutingCause, RoutingDecision, RoutingOutcome};
use crate::routing::directory::{Directory, Reference, RoutingPolicy};
use crate::routing::member::{Absence, LanguageLevel, MemberProfile, Skill};
use crate::routing::place::{QueueReason, Wish};
use crate::routing::pool::{Caps, Pool, PoolMember, TierRule};
use crate::routing::territory::{MatchRules, RoutingStatus, Territory};
use crate::routing::{Book, Ledger, Roster, RosterTeam, RoutingRequest, route};
use crate::scoring::{Grade, Score, Tier};
use crate::user::Seniority;
use crate::value::{Code, CountryCode, LanguageTag, ShortText};
use crate::waterfall::bant::Bant;
use crate::waterfall::lead::Demand;

pub const DEPARTMENT: Department = Department::InsideSales;

pub fn id<T: From<Uuid>>(number: u128) -> T {
    T::from(Uuid::from_u128(number))
}

pub fn user(number: u128) -> UserId {
    id(number)
}

/// The one team there is to begin with.
pub fn team() -> TeamId {
    id(1_000)
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A Monday, ten o'clock in Berlin.
pub fn monday() -> DateTime<Utc> {
    at("2026-03-02T09:00:00Z")
}

pub fn tag(text: &str) -> LanguageTag {
    LanguageTag::parse(text).unwrap()
}

pub fn country(text: &str) -> CountryCode {
    CountryCode::parse(text).unwrap()
}

/// A junior who speaks German.
pub fn profile(number: u128) -> MemberProfile {
    MemberProfile {
        user: user(number),
        version: 1,
        skills: vec![Skill { language: tag("de"), level: LanguageLevel::Native }],
        seniority: Seniority::Junior,
        hours: None,
        starts_at: None,
        absences: Vec::new(),
    }
}

pub fn absence(from: &str, until: Option<&str>) -> Absence {
    Absence { id: AbsenceId::from(Uuid::from_u128(1)), from: at(from), until: until.map(at) }
}

pub fn member(number: u128, weight: u32) -> PoolMember {
    PoolMember { user: user(number), weight, day_max: None, open_max: None }
}

pub fn territory(number: u128, name: &str, parent: Option<u128>, of: Option<TeamId>, rules: MatchRules) -> Territory {
    Territory {
        id: TerritoryId::from(Uuid::from_u128(number)),
        version: 1,
        key: Code::parse(&name.to_lowercase()).unwrap(),
        name: ShortText::parse(name).unwrap(),
        parent: parent.map(id),
        rank: 10,
        rules,
        teams: of.map(|team| (DEPARTMENT, team)).into_iter().collect(),
        status: RoutingStatus::Active,
    }
}

pub fn in_countries(codes: &[&str]) -> MatchRules {
    MatchRules { countries: codes.iter().map(|code| country(code)).collect(), ..MatchRules::default() }
}

/// What is set up, and the ledgers as they fill.
#[derive(Clone, Debug)]
pub struct Desk {
    pub policy: RoutingPolicy,
    pub territories: Vec<Territory>,
    pub pools: Vec<Pool>,
    pub profiles: BTreeMap<UserId, MemberProfile>,
    pub teams: Vec<RosterTeam>,
    pub zones: BTreeMap<TeamId, crate::value::TimeZoneName>,
    pub book: Book,
    pub now: DateTime<Utc>,
    pub given: u128,
}

impl Desk {
    /// One team, and one pool for all tiers but weak ones without preferences, with members 1, 2 and so on of these weights.
    pub fn of(weights: &[u32]) -> Self {
        let members: Vec<PoolMember> = (1..).zip(weights).map(|(number, weight)| member(number, *weight)).collect();
        let users: Vec<UserId> = members.iter().map(|member| member.user).collect();
        let tier = |tier| TierRule { prefer: None, ..TierRule::usual(tier) };
        Self {
            policy: RoutingPolicy::default(),
            territories: Vec::new(),
            pools: vec![Pool {
                id: id(2_000),
                version: 1,
                key: Code::parse("pool").unwrap(),
                name: ShortText::parse("Pool").unwrap(),
                team: team(),
                tiers: [Tier::Standard, Tier::Warm, Tier::Hot].map(tier).into(),
                members,
                caps: Caps::default(),
                language: None,
                channels: Vec::new(),
                balances_worth: false,
                status: RoutingStatus::Active,
            }],
            profiles: (1..).zip(&users).map(|(number, user)| (*user, profile(number))).collect(),
            teams: vec![RosterTeam { id: team(), department: DEPARTMENT, countries: Vec::new(), members: users }],
            zones: BTreeMap::new(),
            book: Book::default(),
            now: monday(),
            given: 0,
        }
    }

    pub fn pool(&mut self) -> &mut Pool {
        &mut self.pools[0]
    }

    /// The tiers as they usually are: hot leads to seniors first, standard ones to juniors.
    pub fn prefer(&mut self) {
        self.pool().tiers.iter_mut().for_each(|rule| *rule = TierRule::usual(rule.tier));
    }

    pub fn profile(&mut self, number: u128) -> &mut MemberProfile {
        self.profiles.get_mut(&user(number)).unwrap()
    }

    pub fn senior(&mut self, number: u128) {
        self.profile(number).seniority = Seniority::Senior;
    }

    pub fn add(&mut self, number: u128, weight: u32) {
        self.pool().members.push(member(number, weight));
        self.teams[0].members.push(user(number));
        self.profiles.insert(user(number), profile(number));
    }

    /// Takes somebody out of pool and team, as the use case does it.
    pub fn remove(&mut self, number: u128) {
        self.pool().members.retain(|member| member.user != user(number));
        self.teams[0].members.retain(|member| *member != user(number));
        let staying = self.pools[0].members.iter().map(|member| (member.user, member.weight)).collect();
        let states = self.book.pools.values_mut().flat_map(|state| state.tiers.values_mut());
        states.for_each(|ledger| ledger.settle(&staying));
    }

    pub fn directory(&self) -> Directory {
        let (pools, profiles) = (self.pools.clone(), self.profiles.values().cloned());
        Directory::new(self.policy, &self.territories, pools, profiles, self.zones.clone(), Arc::new(Reference::default()))
    }

    pub fn roster(&self) -> Roster {
        Roster::new(self.teams.clone())
    }

    /// Routes one lead.
    pub fn give(&mut self, sent: &Sent) -> RoutingDecision {
        self.given += 1;
        route(&sent.request(self.given), &self.directory(), &self.roster(), &mut self.book, self.now).unwrap()
    }

    /// Routes some leads: the numbers of those who got them.
    pub fn give_all(&mut self, count: usize, sent: &Sent) -> Vec<u128> {
        (0..count).map(|_| receiver(&self.give(sent)).unwrap()).collect()
    }

    pub fn ledger(&self, tier: Tier) -> Ledger {
        self.book.pools.get(&self.pools[0].id).and_then(|state| state.tiers.get(&tier)).cloned().unwrap_or_default()
    }
}

/// A lead as it comes in.
#[derive(Clone, Debug)]
pub struct Sent {
    pub demand: Demand,
    pub person: Person,
    pub company: Option<Company>,
    pub seen_at: Option<DateTime<Utc>>,
    pub worth: Option<i64>,
    pub wish: Wish,
    pub excluded: Vec<UserId>,
}

impl Sent {
    pub fn of(tier: Tier) -> Self {
        let draft = PersonDraft { family_name: Some("Muster".to_owned()), ..PersonDraft::default() };
        Self {
            demand: Demand {
                product_area: Code::parse("pumps").unwrap(),
                title: None,
                value: None,
                bant: Bant::default(),
                score: Score::restore(50, 50, Grade::B2, tier).unwrap(),
                country: Some(country("DE")),
                subdivision: None,
                postal_code: None,
                language: Some(tag("de")),
                attributes: BTreeMap::new(),
            },
            person: Person::new(id(1), draft.parse().unwrap(), monday()),
            company: None,
            seen_at: None,
            worth: None,
            wish: Wish::default(),
            excluded: Vec::new(),
        }
    }

    pub fn standard() -> Self {
        Self::of(Tier::Standard)
    }

    pub fn owned_by(mut self, number: u128) -> Self {
        let draft = CompanyDraft { name: Some("Muster GmbH".to_owned()), ..CompanyDraft::default() };
        let company = Company::new(id(2), draft.parse().unwrap(), monday());
        self.company = Some(Company { owner: Some(user(number)), ..company });
        self
    }

    pub fn wishing(mut self, person: Option<u128>, team: Option<TeamId>) -> Self {
        self.wish = Wish { person: person.map(user), team };
        self
    }

    pub fn without(mut self, numbers: &[u128]) -> Self {
        self.excluded = numbers.iter().map(|number| user(*number)).collect();
        self
    }

    pub fn speaking(mut self, language: &str) -> Self {
        self.demand.language = Some(tag(language));
        self
    }

    pub fn from(mut self, code: &str) -> Self {
        self.demand.country = Some(country(code));
        self
    }

    pub fn allowing(mut self, channel: ContactChannel) -> Self {
        let granted = ConsentState::said(Purpose::SalesContact, channel, ConsentStatus::Granted, monday());
        self.person.consents.push(granted);
        self
    }

    pub fn request(&self, number: u128) -> RoutingRequest<'_> {
        RoutingRequest {
            id: id(number),
            lead: id(number),
            passage: id(number),
            cause: RoutingCause::Capture,
            department: DEPARTMENT,
            demand: &self.demand,
            person: &self.person,
            company: self.company.as_ref(),
            company_seen_at: self.seen_at,
            worth: self.worth,
            wish: self.wish,
            excluded: &self.excluded,
        }
    }
}

/// The number of whoever got it.
pub fn receiver(decision: &RoutingDecision) -> Option<u128> {
    match decision.outcome {
        RoutingOutcome::Assigned { user, .. } => Some(user.uuid().as_u128()),
        RoutingOutcome::Queued { .. } => None,
    }
}

pub fn chosen_by(decision: &RoutingDecision) -> Option<ChosenBy> {
    match decision.outcome {
        RoutingOutcome::Assigned { by, .. } => Some(by),
        RoutingOutcome::Queued { .. } => None,
    }
}

pub fn reason(decision: &RoutingDecision) -> Option<QueueReason> {
    match decision.outcome {
        RoutingOutcome::Assigned { .. } => None,
        RoutingOutcome::Queued { reason } => Some(reason),
    }
}

pub fn candidate(decision: &RoutingDecision, number: u128) -> &Candidate {
    decision.candidates.iter().find(|candidate| candidate.user == user(number)).unwrap()
}

/// The rule of each candidate, in the order of their ids.
pub fn rules(decision: &RoutingDecision) -> Vec<CandidateRule> {
    decision.candidates.iter().map(|candidate| candidate.rule).collect()
}

/// How many of some each got, by number.
pub fn counts(receivers: &[u128]) -> BTreeMap<u128, usize> {
    receivers.iter().fold(BTreeMap::new(), |mut counts, number| {
        *counts.entry(*number).or_default() += 1;
        counts
    })
}
