//! How long one routing takes in memory: 1,000 territories with 8,000 ranges of postal codes, a pool of 50 members with 20 languages, 10,000 leads.
//!
//! `cargo run --release -p fairfall-domain --example routing`; ends with an error when the goal is missed.

#![expect(clippy::print_stdout, reason = "it prints figures")]

use std::{collections::BTreeMap, error::Error, hint::black_box, process::ExitCode, sync::Arc, time::Instant};

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::company::{Company, CompanyDraft};
use fairfall_domain::department::Department;
use fairfall_domain::id::{CompanyId, LeadId, PassageId, PersonId, PoolId, RoutingDecisionId, TeamId, TerritoryId, UserId};
use fairfall_domain::person::{Person, PersonDraft};
use fairfall_domain::routing::fairness::{Balance, Contender, draw};
use fairfall_domain::routing::member::{HourRange, LanguageLevel, MemberProfile, Skill, Weekday, WorkingHours};
use fairfall_domain::routing::place::Wish;
use fairfall_domain::routing::pool::{Caps, LanguageRule, Otherwise, Pool, PoolMember, TierRule};
use fairfall_domain::routing::reference::{CountryLanguages, PostalRegions};
use fairfall_domain::routing::territory::{MatchRules, PostalRange, RoutingStatus, SizeRange};
use fairfall_domain::routing::territory_map::Spot;
use fairfall_domain::routing::{
    Absence, Book, Directory, Ledger, Reference, Roster, RosterTeam, RoutingCause, RoutingDecision, RoutingPolicy,
    RoutingRequest, Territory, route,
};
use fairfall_domain::scoring::{Grade, Score, Tier};
use fairfall_domain::user::Seniority;
use fairfall_domain::value::{Code, CountryCode, LanguageTag, PostalCode, ShortText, SubdivisionCode, TimeZoneName};
use fairfall_domain::waterfall::bant::Bant;
use fairfall_domain::waterfall::lead::Demand;
use uuid::Uuid;

/// What is asked of the median of one routing, in nanoseconds.
const MEDIAN_NS_MAX: u64 = 20_000;

const TERRITORIES: u64 = 1_000;
const RANGES: u64 = 8_000;
const MEMBERS: u64 = 50;
const LEADS: usize = 10_000;

const LANGUAGES: [&str; 20] =
    ["de", "en", "fr", "it", "es", "pt", "nl", "pl", "cs", "sk", "hu", "ro", "bg", "el", "tr", "sv", "da", "fi", "nb", "uk"];
const COUNTRIES: [&str; 20] =
    ["DE", "AT", "CH", "FR", "IT", "ES", "PT", "NL", "PL", "CZ", "SK", "HU", "RO", "BG", "GR", "TR", "SE", "DK", "FI", "GB"];
const STATES: [&str; 16] = [
    "DE-BW", "DE-BY", "DE-BE", "DE-BB", "DE-HB", "DE-HH", "DE-HE", "DE-MV", "DE-NI", "DE-NW", "DE-RP", "DE-SL", "DE-SN", "DE-ST",
    "DE-SH", "DE-TH",
];
const INDUSTRIES: [&str; 6] = ["machinery", "chemistry", "software", "trade", "health", "energy"];
const PRODUCTS: [&str; 4] = ["pumps", "valves", "service", "spare-parts"];
const TIERS: [Tier; 4] = [Tier::Hot, Tier::Warm, Tier::Standard, Tier::Weak];

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<ExitCode> {
    let mut dice = Dice(0x005E_ED0F_FA1F_FA11);
    let leads = leads(&mut dice)?;
    let world = World { territories: territories(&mut dice)?, members: members(&mut dice)?, reference: reference(&mut dice)? };
    println!(
        "{TERRITORIES} territories, {RANGES} ranges of postal codes, {MEMBERS} members, {} languages, {LEADS} leads; nanoseconds\n",
        LANGUAGES.len()
    );
    println!("| pool | part | median | p90 | p99 |");
    println!("|---|---|---|---|---|");
    let median = world.measure("as they are", &world.pool(Choosy::Yes)?, &leads)?;
    world.measure("everybody may, worth balanced", &world.pool(Choosy::No)?, &leads)?;
    let is_reached = median <= MEDIAN_NS_MAX;
    println!("\nGoal: a median of at most {MEDIAN_NS_MAX} ns: {}.", if is_reached { "reached" } else { "MISSED" });
    Ok(if is_reached { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Numbers that look random and are the same in every run: `SplitMix64` (Steele, Lea, Flood 2014).
struct Dice(u64);

impl Dice {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    const fn below(&mut self, end: u64) -> u64 {
        match self.next().checked_rem(end) {
            Some(number) => number,
            None => 0,
        }
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> Outcome<T> {
        let index = usize::try_from(self.below(u64::try_from(all.len())?))?;
        Ok(*all.get(index).ok_or("nothing to choose from")?)
    }

    /// So many times of a hundred.
    const fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }
}

/// Whether the pool looks at languages, seniority and caps.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Choosy {
    Yes,
    No,
}

struct World {
    territories: Vec<Territory>,
    members: Vec<(PoolMember, MemberProfile)>,
    reference: Reference,
}

struct Lead {
    demand: Demand,
    company: Company,
    person: Person,
    worth: i64,
    at: DateTime<Utc>,
}

fn id<T: From<Uuid>>(number: u64) -> T {
    T::from(Uuid::from_u128(u128::from(number)))
}

fn start() -> Outcome<DateTime<Utc>> {
    Ok("2026-03-02T07:00:00Z".parse()?)
}

fn german(number: u64) -> String {
    format!("{number:05}")
}

fn leads(dice: &mut Dice) -> Outcome<Vec<Lead>> {
    let mut leads = Vec::with_capacity(LEADS);
    let mut at = start()?;
    for _ in 0..LEADS {
        at += TimeDelta::seconds(i64::try_from(dice.below(120))?);
        let country = CountryCode::parse(if dice.percent(60) { "DE" } else { dice.one_of(&COUNTRIES)? })?;
        let code = if country.as_str() == "DE" { Some(german(1_000 + dice.below(98_000))) } else { None };
        let state = if code.is_some() && dice.percent(30) { Some(SubdivisionCode::parse(dice.one_of(&STATES)?)?) } else { None };
        let language = if dice.percent(70) { Some(LanguageTag::parse(dice.one_of(&LANGUAGES)?)?) } else { None };
        let demand = Demand {
            product_area: Code::parse(dice.one_of(&PRODUCTS)?)?,
            title: None,
            value: None,
            bant: Bant { budget: None, authority: None, need: None, timeline_months: None },
            score: Score::restore(50, 50, Grade::A1, dice.one_of(&TIERS)?)?,
            country: Some(country),
            subdivision: state,
            postal_code: code.map(|code| PostalCode::parse(&code, Some(country))).transpose()?,
            language,
            attributes: BTreeMap::new(),
        };
        let draft = CompanyDraft { name: Some("Muster GmbH".to_owned()), ..CompanyDraft::default() };
        let company = Company::new(id::<CompanyId>(1), draft.parse()?, at);
        let industry = Some(Code::parse(dice.one_of(&INDUSTRIES)?)?);
        let company = Company { industry, employees: Some(u32::try_from(dice.below(2_000))?), ..company };
        let draft = PersonDraft { family_name: Some("Muster".to_owned()), ..PersonDraft::default() };
        let person = Person::new(id::<PersonId>(1), draft.parse()?, at);
        // few are worth much
        let worth = i64::try_from(100_000_000 / (1 + dice.below(1_000)))?;
        leads.push(Lead { demand, company, person, worth, at });
    }
    Ok(leads)
}

/// A tree: countries, of Germany its states, below them postal codes, a part of them asking for more than the place.
fn territories(dice: &mut Dice) -> Outcome<Vec<Territory>> {
    let mut all = Vec::new();
    for code in COUNTRIES {
        let rules = MatchRules { countries: vec![CountryCode::parse(code)?], ..MatchRules::default() };
        all.push(territory(u64::try_from(all.len())?, None, rules)?);
    }
    for code in STATES {
        let rules = MatchRules { subdivisions: vec![SubdivisionCode::parse(code)?], ..MatchRules::default() };
        all.push(territory(u64::try_from(all.len())?, Some(0), rules)?);
    }
    let germany = CountryCode::parse("DE")?;
    let first = u64::try_from(all.len())?;
    let narrow = TERRITORIES - first;
    for number in first..TERRITORIES {
        let count = RANGES / narrow + u64::from(number - first < RANGES % narrow);
        let parent = 20 + dice.below(16);
        let mut rules = MatchRules::default();
        for _ in 0..count {
            let from = 1_000 + dice.below(98_000);
            // most are a few codes, some a district, few a whole region
            let width_max = if dice.percent(80) {
                20
            } else if dice.percent(90) {
                500
            } else {
                5_000
            };
            let width = dice.below(width_max);
            rules.postal.push(PostalRange::parse(germany, &german(from), &german((from + width).min(99_998)))?);
        }
        if dice.percent(30) {
            rules.industries = vec![Code::parse(dice.one_of(&INDUSTRIES)?)?, Code::parse(dice.one_of(&INDUSTRIES)?)?];
        }
        if dice.percent(20) {
            rules.products = vec![Code::parse(dice.one_of(&PRODUCTS)?)?];
        }
        if dice.percent(20) {
            rules.sizes = vec![SizeRange { from: 200, to: None }];
        }
        if dice.percent(10) {
            rules.languages = vec![LanguageTag::parse(dice.one_of(&LANGUAGES)?)?];
        }
        all.push(territory(number, Some(parent), rules)?);
    }
    Ok(all)
}

fn territory(number: u64, parent: Option<u64>, rules: MatchRules) -> Outcome<Territory> {
    let key = format!("territory-{number}");
    Ok(Territory {
        id: id::<TerritoryId>(number),
        version: 1,
        key: Code::parse(&key)?,
        name: ShortText::parse(&key)?,
        parent: parent.map(id),
        rank: 10,
        rules,
        teams: if parent.is_none() { BTreeMap::from([(Department::FieldSales, id::<TeamId>(1))]) } else { BTreeMap::new() },
        status: RoutingStatus::Active,
    })
}

fn members(dice: &mut Dice) -> Outcome<Vec<(PoolMember, MemberProfile)>> {
    const WORKING: [Weekday; 5] = [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];
    let mut all = Vec::new();
    for number in 0..MEMBERS {
        let user: UserId = id(number);
        let mut skills: Vec<Skill> = Vec::new();
        for level in [LanguageLevel::Native, LanguageLevel::C1, LanguageLevel::B2, LanguageLevel::A2] {
            let language = LanguageTag::parse(dice.one_of(&LANGUAGES)?)?;
            if skills.iter().all(|skill| skill.language != language) {
                skills.push(Skill { language, level });
            }
        }
        let ranges = WORKING
            .map(|day| [(480, 720), (780, 1_020)].map(|(from_minute, to_minute)| HourRange { day, from_minute, to_minute }));
        let hours = WorkingHours { time_zone: TimeZoneName::parse("Europe/Berlin")?, ranges: ranges.concat() };
        let from = start()? + TimeDelta::days(i64::try_from(dice.below(10))?);
        let absence = Absence { id: id(number), from, until: Some(from + TimeDelta::days(2)) };
        let profile = MemberProfile {
            user,
            version: 1,
            skills,
            seniority: if dice.percent(40) { Seniority::Senior } else { Seniority::Junior },
            hours: dice.percent(80).then_some(hours),
            starts_at: Some(start()?),
            absences: if dice.percent(50) { vec![absence] } else { Vec::new() },
        };
        let weight = u32::try_from(10 + dice.below(20))?;
        all.push((PoolMember { user, weight, day_max: None, open_max: None }, profile));
    }
    Ok(all)
}

/// As many known postal codes as there are ranges; one of five hundred lies in two states.
fn reference(dice: &mut Dice) -> Outcome<Reference> {
    let germany = CountryCode::parse("DE")?;
    let mut codes = Vec::new();
    for _ in 0..RANGES {
        let mut states = vec![SubdivisionCode::parse(dice.one_of(&STATES)?)?];
        if dice.below(500) == 0 {
            states.push(SubdivisionCode::parse(dice.one_of(&STATES)?)?);
        }
        codes.push((germany, german(1_000 + dice.below(98_000)), states));
    }
    let mut spoken = Vec::new();
    for (country, language) in COUNTRIES.into_iter().zip(LANGUAGES) {
        spoken.push((CountryCode::parse(country)?, LanguageTag::parse(language)?, 90.0));
    }
    Ok(Reference { regions: PostalRegions::new(codes), languages: CountryLanguages::new(spoken) })
}

/// Nanoseconds of each time that something was done.
#[derive(Default)]
struct Times(Vec<u64>);

impl Times {
    fn time<T>(&mut self, work: impl FnOnce() -> T) -> Outcome<T> {
        let started = Instant::now();
        let done = black_box(work());
        self.0.push(u64::try_from(started.elapsed().as_nanos())?);
        Ok(done)
    }

    fn tell(&mut self, pool: &str, part: &str) -> u64 {
        self.0.sort_unstable();
        let at = |percent: usize| self.0.get(self.0.len().saturating_mul(percent) / 100).copied().unwrap_or(0);
        println!("| {pool} | {part} | {} | {} | {} |", at(50), at(90), at(99));
        at(50)
    }
}

impl World {
    fn pool(&self, choosy: Choosy) -> Outcome<Pool> {
        let language = LanguageRule {
            level: LanguageLevel::B2,
            fallbacks: vec![LanguageTag::parse("en")?, LanguageTag::parse("de")?],
            otherwise: Otherwise::Anybody,
        };
        let asked = choosy == Choosy::Yes;
        let rule =
            |tier| if asked { TierRule::usual(tier) } else { TierRule { tier, prefer: None, otherwise: Otherwise::Anybody } };
        Ok(Pool {
            id: id::<PoolId>(1),
            version: 1,
            key: Code::parse("pool")?,
            name: ShortText::parse("Pool")?,
            team: id::<TeamId>(1),
            tiers: TIERS.map(rule).to_vec(),
            members: self.members.iter().map(|(member, _)| *member).collect(),
            caps: if asked {
                Caps { member_day_max: Some(60), member_open_max: Some(5_000), pool_day_max: None }
            } else {
                Caps::default()
            },
            language: asked.then_some(language),
            channels: Vec::new(),
            balances_worth: true,
            status: RoutingStatus::Active,
        })
    }

    /// Routes all leads one after the other; tells the times, and gives the median of the whole.
    fn measure(&self, name: &str, pool: &Pool, leads: &[Lead]) -> Outcome<u64> {
        let profiles = self.members.iter().map(|(_, profile)| profile.clone());
        let zones = BTreeMap::from([(pool.team, TimeZoneName::parse("Europe/Berlin")?)]);
        let reference = Arc::new(self.reference.clone());
        let directory = Directory::new(RoutingPolicy::default(), &self.territories, [pool.clone()], profiles, zones, reference);
        let users = self.members.iter().map(|(member, _)| member.user).collect();
        let team = RosterTeam { id: pool.team, department: Department::FieldSales, countries: Vec::new(), members: users };
        let roster = Roster::new(vec![team]);
        let (mut book, mut ledgers) = (Book::default(), BTreeMap::<Tier, Ledger>::new());
        let (mut whole, mut lookup, mut drawn) = (Times::default(), Times::default(), Times::default());
        let (mut eligible, mut chosen) = (0, 0_usize);
        for lead in leads {
            let request = request(lead);
            lookup.time(|| look_up(lead, &directory))?;
            let decision = whole.time(|| route(&request, &directory, &roster, &mut book, lead.at))??;
            let contenders = contenders(&decision);
            eligible += contenders.len();
            chosen += usize::from(decision.counted().is_some());
            if !contenders.is_empty() {
                let ledger = ledgers.entry(decision.tier).or_default();
                drawn.time(|| draw(ledger, &contenders, Some(lead.worth), Balance::Worth))?;
            }
        }
        let median = whole.tell(name, "one routing");
        lookup.tell(name, "of it: reference and territory");
        drawn.tell(name, "of it: the draw");
        println!("| {name} | {chosen} of {} given by turn, {} eligible each | | | |", leads.len(), eligible / chosen.max(1));
        Ok(median)
    }
}

fn request(lead: &Lead) -> RoutingRequest<'_> {
    RoutingRequest {
        id: id::<RoutingDecisionId>(1),
        lead: id::<LeadId>(1),
        passage: id::<PassageId>(1),
        cause: RoutingCause::HandOver,
        department: Department::FieldSales,
        demand: &lead.demand,
        person: &lead.person,
        company: Some(&lead.company),
        company_seen_at: None,
        worth: Some(lead.worth),
        wish: Wish { person: None, team: None },
        excluded: &[],
    }
}

/// What the routing does first.
fn look_up(lead: &Lead, directory: &Directory) -> Option<TerritoryId> {
    let demand = &lead.demand;
    let states = directory.reference.regions.of(demand.subdivision, demand.country, demand.postal_code.as_ref());
    let language = directory.language(demand.language.as_ref(), demand.country);
    let spot = Spot {
        country: demand.country,
        subdivisions: &states,
        postal_code: demand.postal_code.as_ref(),
        product: Some(&demand.product_area),
        industry: lead.company.industry.as_ref(),
        employees: lead.company.employees,
        language: language.as_ref(),
    };
    directory.territories.find(&spot, Department::FieldSales).map(|found| found.territory)
}

fn contenders(decision: &RoutingDecision) -> Vec<Contender> {
    let eligible = decision.candidates.iter().filter(|candidate| candidate.rule.is_eligible());
    eligible.map(|candidate| Contender { user: candidate.user, weight: candidate.weight }).collect()
}
