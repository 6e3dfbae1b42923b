//! What acts do to the promises about a lead.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use crate::agreement::{Agreement, AgreementBook};
use crate::department::Department::{CustomerService, FieldSales, InsideSales, Marketing};
use crate::id::UserId;
use crate::routing::Placement;
use crate::routing::member::{HourRange, Weekday};
use crate::routing::place::Wish;
use crate::sla::calendar::CalendarOwner;
use crate::sla::clock::{ClockEnd, PauseReason, PauseRefusal};
use crate::sla::follow::next_due;
use crate::sla::{CalendarBook, Clock, ClockKind, ClockRule, ClockState, EscalationAct, LadderStep, WorkCalendar};
use crate::value::{ShortText, TimeZoneName};
use crate::waterfall::command::Command;
use crate::waterfall::facts::ActingParty;
use crate::waterfall::reason::{DisqualifyReason, ReassignReason, RecycleReason, RejectReason};
use crate::waterfall::stage::OpenStage;

use super::support::{World, colleague, id, member, start, track};

fn rule(kind: ClockKind, promise: &str) -> ClockRule {
    let step = |lap, at_percent, act| LadderStep { lap, at_percent, act };
    let ladder = match kind {
        ClockKind::Accept => vec![
            step(None, 50, EscalationAct::NotifyAssignee),
            step(None, 80, EscalationAct::NotifyManager),
            step(Some(1), 100, EscalationAct::Reassign),
            step(Some(2), 100, EscalationAct::ReturnToGiver),
        ],
        ClockKind::FirstContact | ClockKind::Qualify | ClockKind::Feedback | ClockKind::ServiceAccept => Vec::new(),
    };
    ClockRule { kind, tiers: Vec::new(), promise: promise.parse().unwrap(), pause_seconds_max: Some(7_200), ladder }
}

/// A world in which every agreement promises everything.
fn world(key: &str) -> World {
    let mut world = World::on(track(key));
    let clocks = vec![
        rule(ClockKind::Accept, "wall 4h"),
        rule(ClockKind::FirstContact, "wall 1h"),
        rule(ClockKind::Qualify, "wall 10d"),
        rule(ClockKind::Feedback, "wall 20d"),
        rule(ClockKind::ServiceAccept, "wall 2d"),
    ];
    let all = world.agreements.all().iter().cloned();
    world.agreements = AgreementBook::new(all.map(|agreement| Agreement { clocks: clocks.clone(), ..agreement }).collect());
    world
}

fn kinds(world: &World) -> Vec<(ClockKind, ClockState)> {
    world.clocks.iter().map(|clock| (clock.kind, clock.state())).collect()
}

fn hand_over() -> Command {
    Command::HandOver { wish: Wish::default() }
}

#[test]
fn an_offer_is_to_be_answered_and_what_was_accepted_to_be_worked_on() {
    let mut world = world("field").walk_to(OpenStage::Mql);
    assert_eq!(kinds(&world), []);
    let offered = world.act(hand_over());
    assert_eq!(kinds(&world), [(ClockKind::Accept, ClockState::Running)]);
    let clock = &offered.clocks[0];
    assert_eq!((clock.giving, clock.department, clock.due_at), (Marketing, InsideSales, Some(world.now + TimeDelta::hours(4))));
    assert_eq!(offered.lead.next_due, clock.due_at);
    assert_eq!(clock.next_at, Some(world.now + TimeDelta::hours(2)), "the first warning");
    let accepted = world.act(Command::Accept);
    let ended: Vec<_> =
        accepted.clocks.iter().filter(|clock| !clock.is_open()).map(|clock| (clock.kind, clock.state())).collect();
    assert_eq!(ended, [(ClockKind::Accept, ClockState::Met)]);
    let work = [ClockKind::FirstContact, ClockKind::Qualify, ClockKind::Feedback];
    assert_eq!(kinds(&world), work.map(|kind| (kind, ClockState::Running)));
    assert_eq!(world.lead.next_due, Some(world.now + TimeDelta::hours(1)));
    let qualified = world.act(Command::Qualify { to: OpenStage::Tql });
    assert_eq!(
        qualified.clocks.iter().map(|clock| (clock.kind, clock.state())).collect::<Vec<_>>(),
        [(ClockKind::Qualify, ClockState::Met)]
    );
}

#[test]
fn a_promise_kept_too_late_is_breached_even_if_nobody_looked() {
    let mut world = world("field").walk_to(OpenStage::Mql);
    world.act(hand_over());
    let due = world.now + TimeDelta::hours(4);
    world.now += TimeDelta::hours(5);
    let accepted = world.act(Command::Accept);
    let answer = accepted.clocks.iter().find(|clock| clock.kind == ClockKind::Accept).unwrap();
    assert_eq!((answer.state(), answer.breached_at), (ClockState::MetLate, Some(due)));
    assert_eq!(answer.total_spent, TimeDelta::hours(6));
}

#[test]
fn to_reject_is_an_answer_and_a_lapse_is_none() {
    for (reason, expected) in [(RejectReason::NoCapacity, ClockState::Met), (RejectReason::Lapsed, ClockState::Cancelled)] {
        let mut world = world("field").walk_to(OpenStage::Mql);
        world.act(hand_over());
        let change = match world.by(ActingParty::ITSELF, Command::Reject { reason }).unwrap() {
            crate::waterfall::change::Outcome::Done(change) => change,
            crate::waterfall::change::Outcome::AlreadyDone => panic!("{reason}"),
        };
        assert_eq!(change.clocks.iter().map(Clock::state).collect::<Vec<_>>(), [expected], "{reason}");
        assert_eq!((world.clocks.len(), change.lead.next_due), (0, None));
    }
}

#[test]
fn what_is_taken_back_or_ends_comes_to_nothing_but_for_the_rating() {
    let mut offered = world("field").walk_to(OpenStage::Mql);
    offered.act(hand_over());
    let withdrawn = offered.act(Command::Withdraw);
    assert_eq!(withdrawn.clocks[0].state(), ClockState::Cancelled);
    let rest = Command::Recycle { reason: RecycleReason::NotNow, resume_at: None };
    for command in [rest, Command::Disqualify { reason: DisqualifyReason::Spam }, hand_over()] {
        let mut working = world("field").walk_to(OpenStage::Tal);
        if command == hand_over() {
            working.act(Command::Qualify { to: OpenStage::Tql });
        }
        let change = working.act(command.clone());
        let of =
            |kind| change.clocks.iter().find(|clock| clock.kind == kind && clock.department == InsideSales).map(Clock::state);
        assert_eq!(of(ClockKind::FirstContact), Some(ClockState::Cancelled), "{command:?}");
        let open: Vec<ClockKind> =
            working.clocks.iter().filter(|clock| clock.department == InsideSales).map(|clock| clock.kind).collect();
        assert_eq!(open, [ClockKind::Feedback], "{command:?}: what was accepted is still to be rated");
    }
}

#[test]
fn a_won_lead_is_to_be_taken_over_by_customer_service() {
    let mut world = world("field").walk_to(OpenStage::Sql);
    let won = world.act(Command::Win { amount: None });
    let service = won.clocks.iter().find(|clock| clock.kind == ClockKind::ServiceAccept).unwrap();
    assert_eq!((service.giving, service.department), (FieldSales, CustomerService));
    assert_eq!(service.customer, won.customer.as_ref().map(|customer| customer.id));
    assert_eq!(won.lead.next_due, None, "the lead itself waits for nothing");
}

#[test]
fn a_lead_that_goes_on_takes_its_promises_along() {
    let mut world = world("field").walk_to(OpenStage::Tal);
    let (began, before) = (world.now, world.lead.state.placement());
    let other = Wish { person: Some(colleague(InsideSales)), team: before.team };
    let change = world.act(Command::Reassign { wish: other, reason: ReassignReason::Absence });
    assert_eq!(change.clocks.len(), 3);
    for clock in &change.clocks {
        assert_eq!((clock.holder.person, clock.lap), (Some(colleague(InsideSales)), 1));
        assert_eq!(clock.due_at, Some(began + TimeDelta::seconds(i64::from(clock.promise.seconds()))), "{}", clock.kind);
    }
}

#[test]
fn what_lapsed_begins_another_lap_for_whoever_gets_it_and_the_total_goes_on() {
    let mut world = world("field").walk_to(OpenStage::Mql);
    world.act(hand_over());
    let (began, first) = (world.now, world.clocks[0].holder);
    world.now += TimeDelta::hours(4);
    let now = world.now;
    world.clocks[0].climb(100, now);
    let other = Wish { person: Some(colleague(InsideSales)), team: first.team };
    let command = Command::Reassign { wish: other, reason: ReassignReason::Escalation };
    world.by(ActingParty::ITSELF, command).unwrap();
    let clock = &world.clocks[0];
    assert_eq!((clock.lap, clock.state(), clock.has_lapsed()), (2, ClockState::Breached, false));
    assert_eq!(clock.lapsed, Vec::from_iter(first.person));
    assert_eq!(clock.breached_at, Some(began + TimeDelta::hours(4)));
    assert_eq!(clock.due_at, Some(world.now + TimeDelta::hours(4)), "a whole promise for the new holder");
    assert_eq!(clock.total(&world.calendars, world.now + TimeDelta::hours(1)), world.now + TimeDelta::hours(1) - began);
    assert_eq!(clock.next_at, Some(world.now + TimeDelta::hours(2)), "the ladder begins anew");
}

fn office(owner: CalendarOwner, number: u128, hours: (u16, u16)) -> WorkCalendar {
    let week = [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];
    WorkCalendar {
        id: id(number),
        version: 1,
        name: ShortText::parse("office").unwrap(),
        owner,
        time_zone: TimeZoneName::UTC,
        weekly: week.map(|day| HourRange { day, from_minute: hours.0, to_minute: hours.1 }).to_vec(),
        holidays: None,
        special_days: BTreeMap::new(),
        updated_at: start(),
    }
}

fn book(calendars: impl IntoIterator<Item = WorkCalendar>) -> CalendarBook {
    CalendarBook::new(calendars.into_iter().map(|calendar| {
        let time = calendar.business_time([]);
        (calendar, time)
    }))
}

/// A Monday, at an hour of UTC.
fn monday(hour: i64) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-06-01T00:00:00Z").unwrap().to_utc() + TimeDelta::hours(hour)
}

fn clock(calendars: &CalendarBook, holder: Placement, promise: &str, at: DateTime<Utc>) -> Clock {
    let mut world = world("field").walk_to(OpenStage::Mql);
    world.act(hand_over());
    let model = world.clocks.remove(0);
    let start = crate::sla::clock::Start {
        id: model.id,
        lead: model.lead,
        passage: model.passage,
        customer: None,
        agreement: model.agreement,
        tier: model.tier,
        giving: model.giving,
        department: model.department,
        holder,
    };
    Clock::start(start, &rule(ClockKind::Accept, promise), calendars, at)
}

fn held_by(user: UserId) -> Placement {
    Placement::with(None, user)
}

#[test]
fn the_nearest_calendar_counts_and_another_holder_goes_on_with_the_rest() {
    let (one, other) = (member(InsideSales), colleague(InsideSales));
    let calendars =
        book([office(CalendarOwner::Organisation, 1, (540, 1_020)), office(CalendarOwner::User(other), 2, (720, 1_020))]);
    let ladder = rule(ClockKind::Accept, "business 4h").ladder;
    let mut clock = clock(&calendars, held_by(one), "business 4h", monday(8));
    assert_eq!(clock.due_at, Some(monday(13)));
    clock.pass_on(held_by(other), &ladder, &calendars, monday(10));
    assert_eq!(clock.due_at, Some(monday(15)), "an hour is gone, three begin at noon");
    assert_eq!(clock.total(&calendars, monday(13)), TimeDelta::hours(2));
}

#[test]
fn a_change_of_calendar_moves_what_is_open_and_nothing_else() {
    let before = book([office(CalendarOwner::Organisation, 1, (540, 1_020))]);
    let after = book([office(CalendarOwner::Organisation, 1, (600, 1_020))]);
    let ladder = rule(ClockKind::Accept, "business 4h").ladder;
    let mut open = clock(&before, held_by(member(InsideSales)), "business 4h", monday(8));
    let mut closed = open.clone();
    closed.end(ClockEnd::Met, &before, monday(10));
    let mut paused = open.clone();
    paused.pause(PauseReason::ContactAway, None, &rule(ClockKind::Accept, "business 4h"), &before, monday(9)).unwrap();
    let kept = (closed.clone(), paused.clone());
    for clock in [&mut open, &mut closed, &mut paused] {
        clock.derive(&ladder, &after);
    }
    assert_eq!(open.due_at, Some(monday(14)));
    assert_eq!((closed, paused), kept);
}

#[test]
fn a_pause_has_a_reason_and_an_end() {
    let calendars = CalendarBook::default();
    let rule = rule(ClockKind::Accept, "wall 4h");
    let mut clock = clock(&calendars, held_by(member(InsideSales)), "wall 4h", monday(0));
    clock.pause(PauseReason::ContactAskedLater, Some(monday(2)), &rule, &calendars, monday(1)).unwrap();
    assert_eq!((clock.state(), clock.due_at, clock.next_at), (ClockState::Paused, None, Some(monday(2))));
    assert_eq!(clock.total(&calendars, monday(2)), TimeDelta::hours(1));
    clock.resume(&rule.ladder, &calendars, monday(2) + TimeDelta::minutes(5));
    assert_eq!(clock.due_at, Some(monday(5)), "a node that comes late does not lengthen the pause");
    clock.pause(PauseReason::ContactAway, None, &rule, &calendars, monday(3)).unwrap();
    assert_eq!(clock.next_at, Some(monday(4)), "an hour is left of two");
    clock.resume(&rule.ladder, &calendars, monday(4));
    let again = clock.pause(PauseReason::ContactAway, None, &rule, &calendars, monday(4));
    assert_eq!(again, Err(PauseRefusal::UsedUp));
    let never = ClockRule { pause_seconds_max: None, ..rule.clone() };
    assert_eq!(clock.pause(PauseReason::ContactAway, None, &never, &calendars, monday(4)), Err(PauseRefusal::NotAllowed));
    clock.end(ClockEnd::Met, &calendars, monday(5));
    assert_eq!(clock.state(), ClockState::Met, "{clock:?}");
    assert_eq!(clock.pause(PauseReason::ContactAway, None, &rule, &calendars, monday(5)), Err(PauseRefusal::Ended));
}

#[test]
fn a_lapse_that_nobody_noticed_stays_one_when_the_clock_stands_still_or_goes_on() {
    let calendars = CalendarBook::default();
    let rule = rule(ClockKind::Accept, "wall 4h");
    let begun = clock(&calendars, held_by(member(InsideSales)), "wall 4h", monday(0));
    let (mut late, mut passed, mut in_time) = (begun.clone(), begun.clone(), begun);
    late.pause(PauseReason::ContactAway, Some(monday(6)), &rule, &calendars, monday(5)).unwrap();
    assert_eq!((late.state(), late.breached_at), (ClockState::Paused, Some(monday(4))), "the moment of the promise");
    let mut kept = late.clone();
    kept.end(ClockEnd::Met, &calendars, monday(5));
    assert_eq!((kept.state(), kept.breached_at), (ClockState::MetLate, Some(monday(4))));
    late.resume(&rule.ladder, &calendars, monday(6));
    assert_eq!((late.state(), late.has_lapsed()), (ClockState::Breached, false), "its ladder is still to be climbed");
    late.pause(PauseReason::ContactAway, None, &rule, &calendars, monday(6)).unwrap();
    late.end(ClockEnd::Met, &calendars, monday(7));
    assert_eq!((late.state(), late.breached_at), (ClockState::MetLate, Some(monday(4))), "breached it stood still and stays so");
    passed.pass_on(held_by(colleague(InsideSales)), &rule.ladder, &calendars, monday(5));
    passed.end(ClockEnd::Met, &calendars, monday(5));
    assert_eq!((passed.state(), passed.breached_at), (ClockState::MetLate, Some(monday(4))));
    // at the second of the promise it is kept
    in_time.pause(PauseReason::ContactAway, Some(monday(6)), &rule, &calendars, monday(4)).unwrap();
    in_time.end(ClockEnd::Met, &calendars, monday(5));
    assert_eq!((in_time.state(), in_time.breached_at), (ClockState::Met, None));
}

#[test]
fn another_lap_ends_a_pause_and_what_stood_still_counts() {
    let calendars = CalendarBook::default();
    let rule = rule(ClockKind::Accept, "wall 4h");
    let mut clock = clock(&calendars, held_by(member(InsideSales)), "wall 4h", monday(0));
    clock.pause(PauseReason::ContactAway, None, &rule, &calendars, monday(1)).unwrap();
    clock.begin_lap(held_by(colleague(InsideSales)), &rule.ladder, &calendars, monday(2));
    assert_eq!((clock.state(), clock.paused), (ClockState::Running, TimeDelta::hours(1)));
    clock.pause(PauseReason::ContactAway, None, &rule, &calendars, monday(3)).unwrap();
    assert_eq!(clock.next_at, Some(monday(4)), "an hour is left of two");
}

#[test]
fn what_ran_by_a_calendar_that_was_removed_is_measured_by_the_next_one() {
    let (one, whole) = (member(InsideSales), office(CalendarOwner::Organisation, 1, (540, 1_020)));
    let before = book([whole.clone(), office(CalendarOwner::User(one), 2, (720, 1_020))]);
    let mut clock = clock(&before, held_by(one), "business 8h", monday(8));
    clock.pass_on(held_by(colleague(InsideSales)), &[], &book([whole]), monday(11));
    assert_eq!(clock.lap_spent, TimeDelta::hours(2), "from nine, as the organisation works, and not from eight by the wall");
}

#[derive(Clone, Copy, Debug)]
enum Turn {
    Pause(i64),
    Resume,
    PassOn(bool),
    Lap(bool),
    Derive,
}

fn turns() -> impl Strategy<Value = Vec<(i64, Turn)>> {
    let turn = prop_oneof![
        (1_i64..7_200).prop_map(Turn::Pause),
        Just(Turn::Resume),
        any::<bool>().prop_map(Turn::PassOn),
        any::<bool>().prop_map(Turn::Lap),
        Just(Turn::Derive),
    ];
    prop::collection::vec((0_i64..40_000, turn), 0..12)
}

proptest! {
    /// Whatever happens, the total is the time of the promise's basis in which it did not stand still, and the due time is when this lap has
    /// measured the whole promise.
    #[test]
    fn the_total_counts_every_second_once(turns in turns()) {
        let (one, other) = (member(InsideSales), colleague(InsideSales));
        let calendars = book([office(CalendarOwner::Organisation, 1, (540, 1_020))]);
        let rule = ClockRule { pause_seconds_max: Some(1_000_000), ..rule(ClockKind::Accept, "business 40h") };
        let mut clock = clock(&calendars, held_by(one), "business 40h", monday(8));
        let (mut now, mut expected, mut stands) = (monday(8), TimeDelta::zero(), None::<DateTime<Utc>>);
        let time = |from, to| calendars.time(id(1)).unwrap().elapsed(from, to);
        for (seconds, turn) in turns {
            let then = now + TimeDelta::seconds(seconds);
            // a pause that was over runs on from its end, as the worker lets it
            if let Some(until) = stands.filter(|until| *until <= then) {
                clock.resume(&rule.ladder, &calendars, until);
                expected += time(until, then);
                stands = None;
            } else if stands.is_none() {
                expected += time(now, then);
            }
            now = then;
            match turn {
                Turn::Pause(seconds) if clock.pause(PauseReason::SystemFault, Some(now + TimeDelta::seconds(seconds)), &rule, &calendars, now).is_ok() => {
                    stands = clock.next_at;
                }
                Turn::Pause(_) => {}
                Turn::Resume => {
                    clock.resume(&rule.ladder, &calendars, now);
                    stands = None;
                }
                Turn::PassOn(second) => clock.pass_on(held_by(if second { other } else { one }), &rule.ladder, &calendars, now),
                Turn::Lap(second) => {
                    clock.begin_lap(held_by(if second { other } else { one }), &rule.ladder, &calendars, now);
                    stands = None;
                }
                Turn::Derive => clock.derive(&rule.ladder, &calendars),
            }
            prop_assert_eq!(clock.total(&calendars, now), expected);
            prop_assert_eq!(clock.due_at.is_none(), stands.is_some());
            if let Some(due) = clock.due_at.filter(|due| *due > now) {
                let in_lap = clock.total(&calendars, due) - (clock.total_spent - clock.lap_spent);
                prop_assert_eq!(in_lap, TimeDelta::hours(40));
                prop_assert_eq!(next_due(std::slice::from_ref(&clock)), Some(due));
            }
        }
    }
}
