//! Clocks by themselves: calendars, holders, laps, pauses, ends.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::calendar::CalendarOwner;
use super::clock::{ClockEnd, Start};
use super::follow::next_due;
use super::happened::happened;
use super::{
    CalendarBook, Clock, ClockKind, ClockRule, ClockState, EscalationAct, LadderStep, PauseReason, PauseRefusal, WorkCalendar,
};
use crate::agreement::AgreementRef;
use crate::department::Department;
use crate::id::UserId;
use crate::routing::Placement;
use crate::routing::member::{HourRange, Weekday};
use crate::scoring::Tier;
use crate::value::{ShortText, TimeZoneName};

fn id<T: From<Uuid>>(number: u128) -> T {
    T::from(Uuid::from_u128(number))
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
        updated_at: monday(0),
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

fn rule(promise: &str) -> ClockRule {
    let step = |lap, at_percent, act| LadderStep { lap, at_percent, act };
    let ladder = vec![
        step(None, 50, EscalationAct::NotifyAssignee),
        step(None, 80, EscalationAct::NotifyManager),
        step(Some(1), 100, EscalationAct::Reassign),
        step(Some(2), 100, EscalationAct::ReturnToGiver),
    ];
    let promise = promise.parse().unwrap();
    ClockRule { kind: ClockKind::Accept, tiers: Vec::new(), promise, pause_seconds_max: Some(7_200), ladder }
}

fn clock(calendars: &CalendarBook, holder: Placement, promise: &str, at: DateTime<Utc>) -> Clock {
    let start = Start {
        id: id(1),
        lead: id(2),
        passage: id(3),
        customer: None,
        agreement: AgreementRef { id: id(4), key: "sla".parse().unwrap(), version: 1 },
        tier: Tier::Hot,
        giving: Department::Marketing,
        department: Department::InsideSales,
        holder,
    };
    Clock::start(start, &rule(promise), calendars, at)
}

fn one() -> UserId {
    id(11)
}

fn other() -> UserId {
    id(12)
}

fn held_by(user: UserId) -> Placement {
    Placement::with(None, user)
}

#[test]
fn the_nearest_calendar_counts_and_another_holder_goes_on_with_the_rest() {
    let calendars =
        book([office(CalendarOwner::Organisation, 1, (540, 1_020)), office(CalendarOwner::User(other()), 2, (720, 1_020))]);
    let ladder = rule("business 4h").ladder;
    let mut clock = clock(&calendars, held_by(one()), "business 4h", monday(8));
    assert_eq!(clock.due_at, Some(monday(13)));
    clock.pass_on(held_by(other()), &ladder, &calendars, monday(10));
    assert_eq!(clock.due_at, Some(monday(15)), "an hour is gone, three begin at noon");
    assert_eq!(clock.total(&calendars, monday(13)), TimeDelta::hours(2));
}

#[test]
fn a_change_of_calendar_moves_what_is_open_and_nothing_else() {
    let before = book([office(CalendarOwner::Organisation, 1, (540, 1_020))]);
    let after = book([office(CalendarOwner::Organisation, 1, (600, 1_020))]);
    let ladder = rule("business 4h").ladder;
    let mut open = clock(&before, held_by(one()), "business 4h", monday(8));
    let mut closed = open.clone();
    closed.end(ClockEnd::Met, &before, monday(10), monday(10));
    let mut paused = open.clone();
    paused.pause(PauseReason::ContactAway, None, &rule("business 4h"), &before, monday(9)).unwrap();
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
    let rule = rule("wall 4h");
    let mut clock = clock(&calendars, held_by(one()), "wall 4h", monday(0));
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
    clock.end(ClockEnd::Met, &calendars, monday(5), monday(5));
    assert_eq!(clock.state(), ClockState::Met, "{clock:?}");
    assert_eq!(clock.pause(PauseReason::ContactAway, None, &rule, &calendars, monday(5)), Err(PauseRefusal::Ended));
}

#[test]
fn a_lapse_that_nobody_noticed_is_one_whatever_is_done_afterwards() {
    let calendars = CalendarBook::default();
    let rule = rule("wall 4h");
    let begun = clock(&calendars, held_by(one()), "wall 4h", monday(0));
    let (mut late, mut passed, mut in_time) = (begun.clone(), begun.clone(), begun.clone());
    let refused = late.pause(PauseReason::ContactAway, Some(monday(6)), &rule, &calendars, monday(5));
    assert_eq!(refused, Err(PauseRefusal::Lapsed), "there is nothing left to be saved");
    late.end(ClockEnd::Met, &calendars, monday(5), monday(5));
    assert_eq!((late.state(), late.breached_at), (ClockState::MetLate, Some(monday(4))), "the moment of the promise");
    passed.pass_on(held_by(other()), &rule.ladder, &calendars, monday(5));
    assert_eq!((passed.lap, passed.due_at, passed.has_lapsed()), (2, Some(monday(9)), false), "a whole promise for who gets it");
    assert_eq!(passed.lapsed, [one()]);
    passed.pause(PauseReason::ContactAway, Some(monday(7)), &rule, &calendars, monday(6)).unwrap();
    passed.end(ClockEnd::Met, &calendars, monday(6), monday(6));
    assert_eq!((passed.state(), passed.breached_at), (ClockState::MetLate, Some(monday(4))));
    // at the second of the promise it is kept
    in_time.pause(PauseReason::ContactAway, Some(monday(6)), &rule, &calendars, monday(4)).unwrap();
    in_time.end(ClockEnd::Met, &calendars, monday(5), monday(5));
    assert_eq!((in_time.state(), in_time.breached_at), (ClockState::Met, None));
}

#[test]
fn whoever_held_a_promise_when_it_lapsed_first_let_it_lapse() {
    let calendars = CalendarBook::default();
    let rule = rule("wall 4h");
    let mut clock = clock(&calendars, held_by(one()), "wall 4h", monday(0));
    clock.climb(100, monday(4));
    clock.begin_lap(held_by(other()), &rule.ladder, &calendars, monday(4));
    clock.climb(100, monday(8));
    assert_eq!((clock.breached_at, clock.breached_by), (Some(monday(4)), Some(held_by(one()))));
    let nobody = Placement::queued(None, crate::routing::QueueReason::NoTeam);
    let mut unheld = Clock { holder: nobody, breached_at: None, breached_by: None, ..clock };
    unheld.climb(100, monday(8));
    assert_eq!((unheld.breached_at.is_some(), unheld.breached_by), (true, None));
}

#[test]
fn a_pause_that_was_over_ended_at_its_end_although_nobody_looked() {
    let calendars = CalendarBook::default();
    let rule = rule("wall 4h");
    let mut begun = clock(&calendars, held_by(one()), "wall 4h", monday(0));
    begun.pause(PauseReason::ContactAway, Some(monday(2)), &rule, &calendars, monday(1)).unwrap();
    let (mut kept, mut late, mut passed, mut again) = (begun.clone(), begun.clone(), begun.clone(), begun.clone());
    kept.end(ClockEnd::Met, &calendars, monday(5), monday(5));
    assert_eq!((kept.state(), kept.total_spent, kept.paused), (ClockState::Met, TimeDelta::hours(4), TimeDelta::hours(1)));
    late.end(ClockEnd::Met, &calendars, monday(6), monday(6));
    assert_eq!((late.state(), late.breached_at), (ClockState::MetLate, Some(monday(5))));
    passed.pass_on(held_by(other()), &rule.ladder, &calendars, monday(3));
    assert_eq!((passed.lap, passed.due_at), (1, Some(monday(5))), "two hours are gone of four");
    again.pause(PauseReason::ContactAway, None, &rule, &calendars, monday(3)).unwrap();
    assert_eq!((again.next_at, again.lap_spent), (Some(monday(4)), TimeDelta::hours(2)));
    let told = |after: &Clock, now| happened(&begun, after, now).iter().map(|step| step.event.as_str()).collect::<Vec<_>>();
    assert_eq!(told(&kept, monday(5)), ["SLA_RESUMED", "SLA_MET"]);
    assert_eq!(told(&late, monday(6)), ["SLA_RESUMED", "SLA_BREACHED", "SLA_MET"]);
    assert_eq!(told(&passed, monday(3)), ["SLA_RESUMED"]);
    assert_eq!(told(&again, monday(3)), ["SLA_RESUMED"]);
}

#[test]
fn what_nobody_told_when_it_happened_is_told_with_what_is_done() {
    let calendars = CalendarBook::default();
    let rule = rule("wall 4h");
    let begun = clock(&calendars, held_by(one()), "wall 4h", monday(0));
    let (mut kept, mut gone, mut passed, mut lapsed) = (begun.clone(), begun.clone(), begun.clone(), begun.clone());
    kept.end(ClockEnd::Met, &calendars, monday(1), monday(2));
    let [met] = happened(&begun, &kept, monday(2)).try_into().unwrap();
    assert_eq!((met.event.as_str(), met.moment.kept_at, met.moment.in_time), ("SLA_MET", Some(monday(1)), Some(true)));
    assert_eq!(met.moment.due, Some(monday(4)));
    gone.end(ClockEnd::Cancelled, &calendars, monday(1), monday(1));
    assert_eq!(happened(&begun, &gone, monday(1)), [], "what came to nothing was not kept");
    passed.pass_on(held_by(other()), &rule.ladder, &calendars, monday(5));
    let [breached] = happened(&begun, &passed, monday(5)).try_into().unwrap();
    let moment = &breached.moment;
    assert_eq!(
        (breached.event.as_str(), moment.percent, moment.lap, moment.holder),
        ("SLA_BREACHED", Some(100), 1, held_by(one()))
    );
    assert_eq!(moment.due, Some(monday(4)));
    lapsed.climb(100, monday(4));
    let mut late = lapsed.clone();
    late.end(ClockEnd::Met, &calendars, monday(5), monday(5));
    let [met] = happened(&lapsed, &late, monday(5)).try_into().unwrap();
    assert_eq!((met.event.as_str(), met.moment.in_time), ("SLA_MET", Some(false)), "the lapse was told when it was noticed");
}

#[test]
fn a_contact_that_is_told_after_the_time_was_over_was_too_late() {
    let calendars = CalendarBook::default();
    let mut clock = clock(&calendars, held_by(one()), "wall 1h", monday(0));
    let (called, told) = (monday(0) + TimeDelta::minutes(50), monday(0) + TimeDelta::minutes(61));
    clock.end(ClockEnd::Met, &calendars, called, told);
    assert_eq!((clock.state(), clock.end), (ClockState::MetLate, Some((ClockEnd::Met, called))));
    assert_eq!((clock.breached_at, clock.total_spent), (Some(monday(1)), TimeDelta::minutes(50)));
}

#[test]
fn an_end_that_is_taken_back_leaves_what_was_measured() {
    let calendars = CalendarBook::default();
    let rule = rule("wall 4h");
    let mut clock = clock(&calendars, held_by(one()), "wall 4h", monday(0));
    clock.end(ClockEnd::Cancelled, &calendars, monday(1), monday(1));
    let ended = clock.clone();
    clock.run_on(held_by(other()), &rule.ladder, &calendars, monday(20));
    assert_eq!((clock.state(), clock.due_at), (ClockState::Running, Some(monday(23))), "three hours of four are left");
    assert_eq!((clock.lap, clock.holder), (1, held_by(other())), "for whoever has the lead now");
    let [resumed] = happened(&ended, &clock, monday(20)).try_into().unwrap();
    assert_eq!((resumed.event.as_str(), resumed.moment.due), ("SLA_RESUMED", Some(monday(23))), "it was told as ended");
    clock.climb(100, monday(23));
    let due = clock.due_at;
    clock.derive(&rule.ladder, &book([office(CalendarOwner::Organisation, 1, (540, 1_020))]));
    assert_eq!(clock.due_at, due, "what has lapsed was due when it was due");
    clock.end(ClockEnd::Cancelled, &calendars, monday(24), monday(24));
    let ended = clock.clone();
    clock.run_on(held_by(one()), &rule.ladder, &calendars, monday(40));
    assert_eq!((clock.lap, clock.due_at, clock.breached_by), (2, Some(monday(44)), Some(held_by(other()))));
    assert_eq!(happened(&ended, &clock, monday(40)).len(), 1, "the lapse was told when it was noticed");
}

#[test]
fn another_lap_ends_a_pause_and_what_stood_still_counts() {
    let calendars = CalendarBook::default();
    let rule = rule("wall 4h");
    let mut clock = clock(&calendars, held_by(one()), "wall 4h", monday(0));
    clock.pause(PauseReason::ContactAway, None, &rule, &calendars, monday(1)).unwrap();
    clock.begin_lap(held_by(other()), &rule.ladder, &calendars, monday(2));
    assert_eq!((clock.state(), clock.paused), (ClockState::Running, TimeDelta::hours(1)));
    clock.pause(PauseReason::ContactAway, None, &rule, &calendars, monday(3)).unwrap();
    assert_eq!(clock.next_at, Some(monday(4)), "an hour is left of two");
}

#[test]
fn what_ran_by_a_calendar_that_was_removed_is_measured_by_the_next_one() {
    let whole = office(CalendarOwner::Organisation, 1, (540, 1_020));
    let before = book([whole.clone(), office(CalendarOwner::User(one()), 2, (720, 1_020))]);
    let mut clock = clock(&before, held_by(one()), "business 8h", monday(8));
    clock.pass_on(held_by(other()), &[], &book([whole]), monday(11));
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
    /// Whatever happens, and whether or not anybody looks when a pause is over, the total is the time of the promise's basis in which it did not stand
    /// still, the due time is when this lap has measured the whole promise, and whoever held it when it lapsed first let it lapse.
    #[test]
    fn the_total_counts_every_second_once(turns in turns()) {
        let calendars = book([office(CalendarOwner::Organisation, 1, (540, 1_020))]);
        let rule = ClockRule { pause_seconds_max: Some(1_000_000), ..rule("business 6h") };
        let mut clock = clock(&calendars, held_by(one()), "business 6h", monday(8));
        let (mut now, mut expected, mut stands, mut first) = (monday(8), TimeDelta::zero(), None::<DateTime<Utc>>, None);
        let time = |from, to| calendars.time(id(1)).unwrap().elapsed(from, to);
        for (seconds, turn) in turns {
            let then = now + TimeDelta::seconds(seconds);
            let holder = clock.holder;
            // a pause that was over ran on from its end
            match stands.filter(|until| *until <= then) {
                Some(until) => {
                    expected += time(until, then);
                    stands = None;
                }
                None if stands.is_none() => expected += time(now, then),
                None => {}
            }
            now = then;
            let lap = (clock.lap, clock.has_lapsed());
            match turn {
                Turn::Pause(seconds) if clock.pause(PauseReason::SystemFault, Some(now + TimeDelta::seconds(seconds)), &rule, &calendars, now).is_ok() => {
                    stands = clock.next_at;
                }
                Turn::Pause(_) => {}
                Turn::Resume => {
                    clock.resume(&rule.ladder, &calendars, now);
                    clock.settle(&calendars, now);
                    stands = None;
                }
                Turn::PassOn(second) => clock.pass_on(held_by(if second { other() } else { one() }), &rule.ladder, &calendars, now),
                Turn::Lap(second) => {
                    clock.begin_lap(held_by(if second { other() } else { one() }), &rule.ladder, &calendars, now);
                    stands = None;
                }
                Turn::Derive => {
                    clock.settle(&calendars, now);
                    clock.derive(&rule.ladder, &calendars);
                }
            }
            prop_assert_eq!(clock.total(&calendars, now), expected);
            prop_assert_eq!(clock.due_at.is_none(), stands.is_some());
            first = first.or_else(|| clock.breached_at.map(|_| holder));
            prop_assert_eq!(clock.breached_by, first);
            prop_assert!(!lap.1 || clock.lap > lap.0 || clock.has_lapsed(), "a lapse is not taken back within its lap");
            if let Some(due) = clock.due_at.filter(|due| *due > now) {
                let in_lap = clock.total(&calendars, due) - (clock.total_spent - clock.lap_spent);
                prop_assert_eq!(in_lap, TimeDelta::hours(6));
                prop_assert_eq!(next_due(std::slice::from_ref(&clock)), Some(due));
            }
        }
    }
}
