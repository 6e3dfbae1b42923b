use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use super::*;
use crate::department::Department;
use crate::id::PoolId;
use crate::origin::Origins;
use crate::person::Person;
use crate::routing::decision::RoutingCause;
use crate::routing::member::MemberProfile;
use crate::routing::place::{QueueReason, Wish};
use crate::routing::pool::{Caps, Otherwise, Pool, PoolMember, TierRule};
use crate::routing::roster::RosterTeam;
use crate::routing::territory::RoutingStatus;
use crate::routing::{Leads, Reference, RoutingPolicy};
use crate::scoring::{Score, Tier};
use crate::user::Seniority;
use crate::value::PersonName;
use crate::waterfall::bant::Bant;
use crate::waterfall::lead::Demand;

fn id<T: From<Uuid>>(number: u128) -> T {
    T::from(Uuid::from_u128(number))
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_764_000_000, 0).unwrap()
}

fn tier() -> Tier {
    Score::default().tier()
}

fn pool(open_max: Option<u32>) -> Pool {
    let member = |number| PoolMember { user: id(number), weight: 1, day_max: None, open_max };
    Pool {
        id: id(50),
        version: 1,
        key: "p".parse().unwrap(),
        name: "P".parse().unwrap(),
        team: id(40),
        tiers: vec![TierRule { tier: tier(), prefer: None, otherwise: Otherwise::Anybody }],
        members: (1..=3).map(member).collect(),
        caps: Caps::default(),
        language: None,
        channels: vec![],
        balances_worth: false,
        status: RoutingStatus::Active,
    }
}

fn world(pool: Pool) -> (Directory, Roster) {
    let profile = |number| MemberProfile {
        user: id(number),
        version: 1,
        skills: vec![],
        seniority: Seniority::Senior,
        hours: None,
        starts_at: None,
        absences: vec![],
    };
    let profiles: Vec<_> = (1..=3).map(profile).collect();
    let directory =
        Directory::new(RoutingPolicy::default(), &[], [pool], profiles, BTreeMap::new(), Arc::new(Reference::default()));
    let team =
        RosterTeam { id: id(40), department: Department::InsideSales, countries: vec![], members: (1..=3).map(id).collect() };
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
        id: id(60),
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
        created_at: now(),
        updated_at: now(),
    }
}

/// Requests for leads by number, as `route` gives them at first or as they are given away.
struct Case {
    demand: Demand,
    person: Person,
}

impl Case {
    fn new() -> Self {
        Self { demand: demand(), person: person() }
    }

    fn request<'a>(&'a self, number: u128, cause: RoutingCause, excluded: &'a [UserId]) -> RoutingRequest<'a> {
        RoutingRequest {
            id: id(number + 1_000),
            lead: id(number),
            passage: id(number + 500),
            cause,
            department: Department::InsideSales,
            demand: &self.demand,
            person: &self.person,
            company: None,
            company_seen_at: None,
            worth: Some(1_000),
            wish: Wish { person: None, team: Some(id(40)) },
            excluded,
        }
    }

    /// Gives so many leads in earnest.
    fn given(&self, leads: u128, (directory, roster): &(Directory, Roster), book: &mut Book) -> Vec<RoutingDecision> {
        let give = |number| {
            let request = self.request(number, RoutingCause::HandOver, &[]);
            route(&request, directory, roster, &mut *book, now()).unwrap()
        };
        (0..leads).map(give).collect()
    }
}

fn deviations(book: &Book) -> Vec<Leads> {
    book.pools[&id::<PoolId>(50)].tiers[&tier()].accounts().values().map(crate::routing::Account::deviation).collect()
}

fn receivers(steps: &[Step]) -> Vec<Option<UserId>> {
    steps.iter().map(Step::receiver).collect()
}

#[test]
fn leads_go_to_colleagues_in_turn_and_nobody_is_owed_any() {
    let (case, world) = (Case::new(), world(pool(None)));
    let mut book = Book::default();
    let dealt = case.given(12, &world, &mut book);
    let giver = [id::<UserId>(2)];
    let held: Vec<Held<'_>> = dealt
        .iter()
        .filter(|decision| decision.counted().is_some_and(|(_, user)| user == giver[0]))
        .map(|decision| {
            let number = decision.lead.uuid().as_u128();
            Held { request: case.request(number, RoutingCause::Reassignment, &giver), version: 3 }
        })
        .collect();
    assert_eq!(held.len(), 4);
    let real = book.clone();
    let steps = plan(&held, &world.0, &world.1, &mut book, now()).unwrap();
    let got = |user: u128| steps.iter().filter(|step| step.receiver() == Some(id(user))).count();
    assert_eq!((got(1), got(2), got(3)), (2, 0, 2));
    let ledger = &book.pools[&id::<PoolId>(50)].tiers[&tier()];
    let received = |user: u128| ledger.account(id(user)).received;
    // the giver had those turns: whoever comes back is not flooded
    assert_eq!((received(1), received(2), received(3)), (6, 4, 6));
    assert!(deviations(&book).iter().all(|deviation| deviation.abs() < Leads::ONE), "{:?}", deviations(&book));
    assert_eq!(deviations(&book).into_iter().sum::<Leads>(), Leads::ZERO);
    // the same from the same book, whatever ids are drawn for the decisions
    let mut again = real;
    let redrawn: Vec<Held<'_>> =
        held.iter().map(|held| Held { request: RoutingRequest { id: id(9), ..held.request }, ..*held }).collect();
    assert_eq!(digest(&plan(&redrawn, &world.0, &world.1, &mut again, now()).unwrap()), digest(&steps));
}

#[test]
fn a_lead_that_nobody_can_take_stays_and_changes_nothing() {
    let (case, world) = (Case::new(), world(pool(Some(1))));
    let giver = [id::<UserId>(1)];
    let requests: Vec<Held<'_>> =
        (0..3).map(|number| Held { request: case.request(number, RoutingCause::Reassignment, &giver), version: 1 }).collect();
    let mut book = Book::default();
    let steps = plan(&requests, &world.0, &world.1, &mut book, now()).unwrap();
    assert_eq!(receivers(&steps), [Some(id(2)), Some(id(3)), None]);
    let RoutingOutcome::Queued { reason } = steps[2].decision.outcome else { panic!("nobody is left") };
    assert_eq!(reason, QueueReason::AllAtCap);
    let whole = book.clone();
    let alone = plan(&requests[2..], &world.0, &world.1, &mut book, now()).unwrap();
    assert_eq!((receivers(&alone), &book), (vec![None], &whole));
}

#[test]
fn a_digest_tells_plans_apart() {
    let (case, world) = (Case::new(), world(pool(None)));
    let giver = [id::<UserId>(1)];
    let digest_of = |version, excluded: &[UserId], leads: &[u128]| {
        let requests: Vec<Held<'_>> = leads
            .iter()
            .map(|number| Held { request: case.request(*number, RoutingCause::Reassignment, excluded), version })
            .collect();
        digest(&plan(&requests, &world.0, &world.1, &mut Book::default(), now()).unwrap())
    };
    let first = digest_of(1, &giver, &[1, 2]);
    assert_eq!((first.clone(), first.len()), (digest_of(1, &giver, &[1, 2]), 16));
    for other in [
        digest_of(2, &giver, &[1, 2]),
        digest_of(1, &giver, &[2, 1]),
        digest_of(1, &giver, &[1]),
        digest_of(1, &[id(1), id(2)], &[1, 2]),
    ] {
        assert_ne!(other, first);
    }
}
