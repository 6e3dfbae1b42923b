//! Going over open clocks after a change of a calendar.

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::department::Department;
use fairfall_domain::routing::Placement;
use fairfall_domain::scoring::Tier;
use fairfall_domain::sla::clock::{ClockEnd, Start};
use fairfall_domain::sla::{Basis, CalendarBook, Clock, ClockKind, ClockRule, Promise};
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::stage::OpenStage;
use uuid::Uuid;

use super::support::{at, id, lead_id, new_lead, offered, on_both, place, prepare, store_leads, team};
use crate::repo::clock_sweep::{PART_MAX, SETTLE_MS, Sweep, SweepPart, SweptLead, advance, due, move_due, part, request, take};
use crate::repo::{clock, lead};
use crate::{Store, UnitOfWork};

fn sweep(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A lead that waits for a team of inside sales.
fn waiting(number: u128) -> Lead {
    let placement = Placement { team: Some(team(2)), person: None, queue_reason: None };
    let giver = place(OpenStage::Mql, Department::Marketing, Placement { team: Some(team(1)), person: None, queue_reason: None });
    new_lead(number, offered(giver, placement))
}

/// A clock of a lead, due an hour after its start.
fn a_clock(number: u128, lead: &Lead, basis: Basis) -> Clock {
    let rule = ClockRule {
        kind: ClockKind::Accept,
        tiers: Vec::new(),
        promise: Promise::try_new(basis, 3_600).unwrap(),
        pause_seconds_max: None,
        ladder: Vec::new(),
    };
    let start = Start {
        id: id(30, number),
        lead: lead.id,
        passage: lead.passage,
        customer: None,
        agreement: fairfall_domain::agreement::AgreementRef { id: id(31, 1), key: "a".parse().unwrap(), version: 1 },
        tier: Tier::Hot,
        giving: Department::Marketing,
        department: Department::InsideSales,
        holder: Placement { team: Some(team(2)), person: None, queue_reason: None },
    };
    Clock::start(start, &rule, &CalendarBook::default(), at(0))
}

async fn store(database: &Store, leads: &[Lead], clocks: &[Clock]) {
    prepare(database).await;
    store_leads(database, leads).await;
    let uow = database.begin().await.unwrap();
    for some in clocks.chunks(100) {
        clock::put(&uow, some).await.unwrap();
    }
    uow.commit().await.unwrap();
}

async fn ask(database: &Store, number: u128, at: DateTime<Utc>) {
    let uow = database.begin().await.unwrap();
    request(&uow, sweep(number), at).await.unwrap();
    uow.commit().await.unwrap();
}

/// Moves everything of a part by a minute, and notes it.
async fn work(uow: &UnitOfWork, taken: &Sweep) -> (SweepPart, bool) {
    let part = part(uow, taken).await.unwrap();
    let later = |clock: &Clock| Clock { due_at: clock.due_at.map(|due| due + TimeDelta::minutes(1)), ..clock.clone() };
    let clocks: Vec<Clock> = part.leads.iter().flat_map(|lead| &lead.clocks).map(later).collect();
    let mut leads: Vec<SweptLead> = part.leads.clone();
    for lead in &mut leads {
        lead.next_due = lead.clocks[0].due_at;
    }
    move_due(uow, &clocks, &leads).await.unwrap();
    let more = advance(uow, taken, &part).await.unwrap();
    (part, more)
}

/// Works a part off; tells how many clocks it had and whether there are more.
async fn step(database: &Store, ids: &[Uuid], now: DateTime<Utc>) -> Option<(usize, bool)> {
    let uow = database.begin().await.unwrap();
    let Some(taken) = take(&uow, ids, now).await.unwrap() else {
        // what is only dropped is given back some time later
        uow.rollback().await.unwrap();
        return None;
    };
    let (part, more) = work(&uow, &taken).await;
    uow.commit().await.unwrap();
    Some((part.leads.iter().map(|lead| lead.clocks.len()).sum(), more))
}

fn settled() -> DateTime<Utc> {
    at(0) + TimeDelta::milliseconds(SETTLE_MS)
}

on_both! { open_clocks_in_business_time_are_gone_over_twice, parts_go_on_where_the_last_one_ended, nodes_do_not_do_the_same, a_part_is_done_whole_or_not_at_all }

mod run {
    use super::*;

    pub(super) async fn open_clocks_in_business_time_are_gone_over_twice(database: Store) {
        let leads = [waiting(1), waiting(2), waiting(3)];
        let mut closed = a_clock(3, &leads[2], Basis::Business);
        closed.end(ClockEnd::Met, &CalendarBook::default(), at(5), at(5));
        let wall = a_clock(2, &leads[1], Basis::Wall);
        store(&database, &leads, &[a_clock(1, &leads[0], Basis::Business), wall.clone(), closed.clone()]).await;
        let reader = database.reader();
        assert!(due(&reader, at(0)).await.unwrap().is_empty());
        ask(&database, 1, at(0)).await;
        assert_eq!(due(&reader, at(0)).await.unwrap(), [sweep(1)]);
        assert_eq!(step(&database, &[sweep(1)], at(0)).await, Some((1, false)));
        assert!(due(&reader, at(0)).await.unwrap().is_empty(), "it waits for its second pass");
        assert_eq!(step(&database, &[sweep(1)], at(0)).await, None);
        assert_eq!(due(&reader, settled()).await.unwrap(), [sweep(1)]);
        assert_eq!(step(&database, &[sweep(1)], settled()).await, Some((1, false)));
        assert!(due(&reader, at(1_000)).await.unwrap().is_empty(), "it is through");
        let moved = clock::open_of_lead(&reader, lead_id(1)).await.unwrap();
        assert_eq!(moved[0].due_at, Some(at(62)));
        assert_eq!(clock::open_of_lead(&reader, lead_id(2)).await.unwrap(), [wall]);
        let stored = lead::find(&reader, &super::super::support::all(), lead_id(1)).await.unwrap().unwrap();
        assert_eq!(
            (stored.next_due, stored.version),
            (Some(at(61)), leads[0].version),
            "when the part was read, and without a version"
        );
    }

    pub(super) async fn parts_go_on_where_the_last_one_ended(database: Store) {
        let leads: Vec<Lead> = (1..=3).map(waiting).collect();
        let count = u128::from(PART_MAX) + 7;
        let clocks: Vec<Clock> =
            (0..count).map(|number| a_clock(number, &leads[usize::try_from(number % 3).unwrap()], Basis::Business)).collect();
        store(&database, &leads, &clocks).await;
        for number in 1..=3 {
            ask(&database, number, at(0)).await;
        }
        let all = [sweep(1), sweep(2), sweep(3)];
        // a part has all open clocks of its leads
        assert_eq!(step(&database, &all, at(0)).await, Some((clocks.len(), true)));
        assert_eq!(step(&database, &all, at(0)).await.map(|(_, more)| more), Some(false));
        // the second pass of the first one does for the others that were asked for in time
        ask(&database, 4, settled()).await;
        assert_eq!(step(&database, &all, settled()).await.map(|(_, more)| more), Some(true));
        assert_eq!(step(&database, &all, settled()).await.map(|(_, more)| more), Some(false));
        assert_eq!(due(&database.reader(), settled()).await.unwrap(), [sweep(4)]);
    }

    pub(super) async fn nodes_do_not_do_the_same(database: Store) {
        let leads = [waiting(1)];
        store(&database, &leads, &[a_clock(1, &leads[0], Basis::Business)]).await;
        ask(&database, 1, at(0)).await;
        if database.backend() == crate::Backend::Postgres {
            let (one, other) = (database.begin().await.unwrap(), database.begin().await.unwrap());
            assert!(take(&one, &[sweep(1)], at(0)).await.unwrap().is_some());
            assert_eq!(take(&other, &[sweep(1)], at(0)).await.unwrap(), None);
        }
        assert_eq!(step(&database, &[sweep(2)], at(0)).await, None, "only what was seen before the calendars were read");
    }

    pub(super) async fn a_part_is_done_whole_or_not_at_all(database: Store) {
        let leads = [waiting(1)];
        let before = a_clock(1, &leads[0], Basis::Business);
        store(&database, &leads, std::slice::from_ref(&before)).await;
        ask(&database, 1, at(0)).await;
        let uow = database.begin().await.unwrap();
        let taken = take(&uow, &[sweep(1)], at(0)).await.unwrap().unwrap();
        work(&uow, &taken).await;
        // the node is gone
        uow.rollback().await.unwrap();
        let reader = database.reader();
        assert_eq!(clock::open_of_lead(&reader, lead_id(1)).await.unwrap(), [before]);
        assert_eq!(due(&reader, at(0)).await.unwrap(), [sweep(1)]);
    }
}
