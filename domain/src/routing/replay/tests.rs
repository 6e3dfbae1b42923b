use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use uuid::Uuid;

use super::*;
use crate::department::Department;
use crate::id::{PassageId, PersonId, PoolId, TeamId};
use crate::origin::Origins;
use crate::routing::decision::RoutingCause;
use crate::routing::member::{MemberProfile, Skill};
use crate::routing::place::QueueReason;
use crate::routing::pool::{Caps, Otherwise, Pool, PoolMember, TierRule};
use crate::routing::roster::RosterTeam;
use crate::routing::share::Leads;
use crate::routing::territory::RoutingStatus;
use crate::routing::{Reference, RoutingPolicy};
use crate::scoring::{Score, Tier};
use crate::user::Seniority;
use crate::value::PersonName;
use crate::waterfall::bant::Bant;

fn id<T: From<Uuid>>(number: u128) -> T {
    T::from(Uuid::from_u128(number))
}

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_764_000_000, 0).unwrap()
}

fn pool(weights: &[u32], caps: Caps) -> Pool {
    let member = |(number, weight): (u128, &u32)| PoolMember { user: id(number), weight: *weight, day_max: None, open_max: None };
    Pool {
        id: id(50),
        version: 1,
        key: "p".parse().unwrap(),
        name: "P".parse().unwrap(),
        team: id(40),
        tiers: vec![TierRule { tier: Tier::Warm, prefer: None, otherwise: Otherwise::Anybody }],
        members: (1..).zip(weights).map(member).collect(),
        caps,
        language: None,
        channels: vec![],
        balances_worth: false,
        status: RoutingStatus::Active,
    }
}

fn members() -> Vec<UserId> {
    (1..=3).map(id).collect()
}

fn world(pool: Pool) -> (Directory, Roster) {
    let profile = |user| MemberProfile {
        user,
        version: 1,
        skills: vec![Skill { language: "de".parse().unwrap(), level: crate::routing::member::LanguageLevel::Native }],
        seniority: Seniority::Senior,
        hours: None,
        starts_at: None,
        absences: vec![],
    };
    let zones = BTreeMap::from([(id(40), "Europe/Berlin".parse().unwrap())]);
    let profiles: Vec<_> = members().into_iter().map(profile).collect();
    let directory = Directory::new(RoutingPolicy::default(), &[], [pool], profiles, zones, Arc::new(Reference::default()));
    let team = RosterTeam { id: id(40), department: Department::InsideSales, countries: vec![], members: members() };
    (directory, Roster::new(vec![team]))
}

fn demand() -> Demand {
    Demand {
        product_area: "crm".parse().unwrap(),
        title: None,
        value: None,
        bant: Bant::default(),
        score: Score::default(),
        country: None,
        subdivision: None,
        postal_code: None,
        language: None,
        attributes: BTreeMap::new(),
    }
}

fn person() -> Person {
    Person {
        id: id::<PersonId>(60),
        version: 1,
        name: PersonName::parse(None, Some("Muster")).unwrap(),
        email: None,
        phone: None,
        language: None,
        country: None,
        subdivision: None,
        postal_code: None,
        city: None,
        job_title: None,
        company: None,
        buying_role: None,
        consents: vec![],
        origins: Origins::default(),
        created_at: start(),
        updated_at: start(),
    }
}

/// The n-th lead, routed n hours after the start, which waited in the queue then.
fn occasion(number: u32) -> Occasion {
    let decided = RoutingDecision {
        id: id(u128::from(number) + 1_000),
        lead: id(u128::from(number) + 2_000),
        passage: id::<PassageId>(u128::from(number) + 3_000),
        at: start() + TimeDelta::hours(i64::from(number)),
        cause: RoutingCause::HandOver,
        department: Department::InsideSales,
        tier: Tier::Warm,
        wish: Wish::default(),
        territory: None,
        team: Some(id::<TeamId>(40)),
        pool: None,
        language: None,
        language_missed: None,
        worth: Some(1_000),
        candidates: vec![],
        rule: None,
        outcome: RoutingOutcome::Queued { reason: QueueReason::AwaitingPickUp },
    };
    Occasion { decided, demand: demand(), person: person(), company: None, company_seen_at: None, closed_at: None }
}

fn replayed(occasions: impl IntoIterator<Item = Occasion>, pool: Pool) -> ReplayFigures {
    let (directory, roster) = world(pool);
    let mut replay = Replay::new();
    for one in occasions {
        replay.add(one, &directory, &roster);
    }
    replay.finished()
}

/// What a replay under a pool decided, as what was decided then.
fn as_decided(occasions: &[Occasion], pool: Pool) -> Vec<Occasion> {
    let (directory, roster) = world(pool);
    let mut book = Book::default();
    let mut decided = Vec::new();
    for one in occasions {
        let demand = Demand { score: one.demand.score.with_tier(one.decided.tier), ..one.demand.clone() };
        let request = RoutingRequest {
            id: one.decided.id,
            lead: one.decided.lead,
            passage: one.decided.passage,
            cause: one.decided.cause,
            department: one.decided.department,
            demand: &demand,
            person: &one.person,
            company: None,
            company_seen_at: None,
            worth: one.decided.worth,
            wish: one.decided.wish,
            excluded: &[],
        };
        let after = route(&request, &directory, &roster, &mut book, one.decided.at).unwrap();
        decided.push(Occasion { decided: after, ..one.clone() });
    }
    decided
}

#[test]
fn what_is_replayed_as_it_was_differs_in_nothing() {
    let occasions: Vec<_> = (0..40).map(occasion).collect();
    let equal = pool(&[1, 1, 2], Caps::default());
    let figures = replayed(as_decided(&occasions, equal.clone()), equal);
    assert_eq!((figures.occasions, figures.owners_differ, figures.differences.len()), (40, 0, 0));
    assert_eq!(figures.before, figures.after);
    let [only] = figures.pools.as_slice() else { panic!("{:?}", figures.pools) };
    assert_eq!((only.tier, only.before), (Tier::Warm, only.after));
    assert_eq!((only.after.counted, only.after.jain), (40, Some(1.0)));
    assert!(only.after.worst_ever < Leads::ONE && only.after.worst <= only.after.worst_ever);
    assert_eq!(only.members.iter().map(|member| member.after.received).collect::<Vec<_>>(), [10, 10, 20]);
}

#[test]
fn another_weight_moves_leads_and_load() {
    let occasions: Vec<_> = (0..60).map(occasion).collect();
    let then = as_decided(&occasions, pool(&[1, 1, 1], Caps::default()));
    let figures = replayed(then, pool(&[4, 1, 1], Caps::default()));
    let received = |user: u128| {
        let member = figures.pools[0].members.iter().find(|member| member.user == id(user)).unwrap();
        (member.before.received, member.after.received)
    };
    assert_eq!((received(1), received(2), received(3)), ((20, 40), (20, 10), (20, 10)));
    assert!(figures.owners_differ >= 20, "{}", figures.owners_differ);
    assert_eq!(figures.differences.len(), usize::try_from(figures.owners_differ).unwrap());
    let load = &figures.load[&id(1)];
    let sum = |count: fn(&DayLoad) -> u32| load.values().map(count).sum::<u32>();
    assert_eq!((sum(|day| day.before), sum(|day| day.after)), (20, 40));
    // the days are those of Berlin
    let first = *load.keys().next().unwrap();
    assert_eq!(first, start().with_timezone(&chrono_tz::Europe::Berlin).date_naive());
}

#[test]
fn caps_are_counted_and_closed_leads_free_a_place() {
    let caps = Caps { member_open_max: Some(1), ..Caps::default() };
    let open = replayed((0..5).map(occasion), pool(&[1, 1, 1], caps));
    assert_eq!(open.after.queued, BTreeMap::from([(QueueReason::AllAtCap, 2)]));
    // the 2nd lead passes over one, the 3rd over two, the 4th and 5th over all three
    assert_eq!(open.after.caps, CapHits { day: 0, open: 9, pool: 0 });
    assert_eq!(open.before.queued, BTreeMap::from([(QueueReason::AwaitingPickUp, 5)]));

    let closing = (0..5).map(|number| {
        let one = occasion(number);
        Occasion { closed_at: Some(one.decided.at + TimeDelta::minutes(30)), ..one }
    });
    assert_eq!(replayed(closing, pool(&[1, 1, 1], caps)).after.queued, BTreeMap::new());

    let caps = Caps { pool_day_max: Some(2), ..Caps::default() };
    let figures = replayed((0..3).map(occasion), pool(&[1, 1, 1], caps));
    assert_eq!(figures.after.caps, CapHits { day: 0, open: 0, pool: 1 });
}

#[test]
fn a_lead_that_is_routed_again_is_open_once() {
    let caps = Caps { member_open_max: Some(1), ..Caps::default() };
    let same = (0..6).map(|number| {
        let mut one = occasion(number);
        one.decided.lead = id(7);
        one
    });
    assert_eq!(replayed(same, pool(&[1, 1, 1], caps)).after.queued, BTreeMap::new());
}

#[test]
fn whoever_was_asked_for_gets_it_and_whoever_is_gone_does_not() {
    let asked = |number: u32, user: u128| {
        let mut one = occasion(number);
        one.decided.wish.person = Some(id(user));
        one
    };
    let figures = replayed([asked(0, 3), asked(1, 99)], pool(&[1, 1, 1], Caps::default()));
    assert_eq!(figures.after.assigned, BTreeMap::from([(ChosenBy::Wish, 1), (ChosenBy::Turn, 1)]));
    assert_eq!((figures.wishes_lost, figures.owners_differ), (1, 2));
}

#[test]
fn lists_have_an_end() {
    let many = 300;
    let figures = replayed((0..many).map(occasion), pool(&[1, 1, 1], Caps::default()));
    assert_eq!((figures.owners_differ, figures.differences.len()), (u64::from(many), DIFFERENCES_MAX));
    assert!(!figures.load_cut_short);
    let (directory, _) = world(pool(&[1], Caps::default()));
    let mut replay = Replay { rows: LOAD_ROWS_MAX, ..Replay::new() };
    let mut decided = occasion(0).decided;
    decided.outcome = RoutingOutcome::Assigned { user: id(1), by: ChosenBy::Turn };
    decided.pool = Some(id::<PoolId>(50));
    replay.load(&decided, &directory, |load| load.after += 1);
    assert!(replay.figures.load_cut_short && replay.figures.load[&id(1)].is_empty());
}
