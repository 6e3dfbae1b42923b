use chrono::{DateTime, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::agreement::AgreementRef;
use crate::department::Department;
use crate::id::UserId;
use crate::scoring::Tier;
use crate::sla::clock::{ClockEnd, Start};
use crate::sla::pause::PauseReason;
use crate::sla::{Basis, ClockKind, ClockRule, ClockState, Promise};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000 + seconds, 0).unwrap()
}

fn id<T: From<Uuid>>(number: u128) -> T {
    T::from(Uuid::from_u128(number))
}

fn step_at(at_percent: u16, act: EscalationAct) -> LadderStep {
    LadderStep { lap: None, at_percent, act }
}

fn rule(seconds: u32, ladder: &[LadderStep]) -> ClockRule {
    ClockRule {
        kind: ClockKind::Accept,
        tiers: vec![],
        promise: Promise::try_new(Basis::Wall, seconds).unwrap(),
        pause_seconds_max: Some(1_000),
        ladder: ladder.to_vec(),
    }
}

fn holder(number: u128) -> Placement {
    Placement::with(Some(id(9)), id(number))
}

fn clock(rule: &ClockRule) -> Clock {
    let start = Start {
        id: id(1),
        lead: id(2),
        passage: id(3),
        customer: None,
        agreement: AgreementRef { id: id(4), key: "sla".parse().unwrap(), version: 1 },
        tier: Tier::Hot,
        giving: Department::Marketing,
        department: Department::InsideSales,
        holder: holder(7),
    };
    Clock::start(start, rule, &CalendarBook::default(), at(0))
}

/// Looks at a clock once; tells what happened and which step moves the lead.
fn look(clock: &mut Clock, rule: &ClockRule, now: DateTime<Utc>) -> (Vec<String>, Option<Moving>) {
    let book = CalendarBook::default();
    let found = due(clock, &rule.ladder, &book, now);
    let moving = found.moving();
    let steps = climb(clock, &found, &rule.ladder, &book, now);
    let shown = steps.iter().map(|step| {
        let percent = step.moment.percent.map(|percent| format!(" {percent}")).unwrap_or_default();
        let act = step.moment.act.map(|act| format!(" {act}")).unwrap_or_default();
        format!("{}{percent}{act}", step.event)
    });
    (shown.collect(), moving)
}

const WHOLE: [LadderStep; 6] = [
    LadderStep { lap: None, at_percent: 50, act: EscalationAct::NotifyAssignee },
    LadderStep { lap: None, at_percent: 80, act: EscalationAct::NotifyAssignee },
    LadderStep { lap: None, at_percent: 100, act: EscalationAct::NotifyManager },
    LadderStep { lap: Some(1), at_percent: 120, act: EscalationAct::Reassign },
    LadderStep { lap: Some(2), at_percent: 120, act: EscalationAct::ReturnToGiver },
    LadderStep { lap: None, at_percent: 200, act: EscalationAct::NotifyManager },
];

#[test]
fn a_ladder_is_climbed_rung_by_rung_lap_by_lap() {
    let rule = rule(100, &WHOLE);
    let mut clock = clock(&rule);
    assert_eq!(look(&mut clock, &rule, at(49)), (vec![], None));
    assert_eq!(clock.next_at, Some(at(50)));
    assert_eq!(look(&mut clock, &rule, at(50)).0, ["SLA_WARNED 50 NOTIFY_ASSIGNEE"]);
    assert_eq!(look(&mut clock, &rule, at(50)).0, Vec::<String>::new(), "a rung is climbed once");
    assert_eq!(look(&mut clock, &rule, at(80)).0, ["SLA_WARNED 80 NOTIFY_ASSIGNEE"]);
    assert_eq!(look(&mut clock, &rule, at(100)).0, ["SLA_BREACHED 100", "SLA_ESCALATED 100 NOTIFY_MANAGER"]);
    assert_eq!((clock.state(), clock.breached_at), (ClockState::Breached, Some(at(100))));
    let (told, moving) = look(&mut clock, &rule, at(120));
    assert_eq!((told, moving), (vec![], Some(Moving { act: EscalationAct::Reassign, percent: 120 })));
    clock.begin_lap(holder(8), &rule.ladder, &CalendarBook::default(), at(120));
    assert_eq!((clock.lap, clock.lapsed.as_slice()), (2, &[id::<UserId>(7)][..]));
    assert_eq!(clock.next_at, Some(at(170)), "the steps of the old lap are not done any more");
    assert_eq!(look(&mut clock, &rule, at(170)).0, ["SLA_WARNED 50 NOTIFY_ASSIGNEE"]);
    let (told, moving) = look(&mut clock, &rule, at(400));
    assert_eq!(told, ["SLA_BREACHED 100", "SLA_ESCALATED 100 NOTIFY_MANAGER"], "80 % was due together with the lapse");
    assert_eq!(moving, Some(Moving { act: EscalationAct::ReturnToGiver, percent: 120 }), "200 % comes after it");
    assert_eq!(clock.breached_at, Some(at(100)), "the first lapse is the one that counts");
}

#[test]
fn a_lapse_is_marked_without_any_step() {
    let rule = rule(10, &[]);
    let mut clock = clock(&rule);
    assert_eq!(look(&mut clock, &rule, at(1_000)).0, ["SLA_BREACHED 100"]);
    assert_eq!((clock.breached_at, clock.next_at), (Some(at(10)), None), "the moment of the promise; nothing is left to look at");
}

#[test]
fn a_pause_that_is_over_resumes_and_what_follows_is_looked_at_by_itself() {
    let rule = rule(100, &WHOLE);
    let book = CalendarBook::default();
    let mut clock = clock(&rule);
    clock.pause(PauseReason::ContactAway, Some(at(300)), &rule, &book, at(40)).unwrap();
    assert_eq!(look(&mut clock, &rule, at(299)).0, Vec::<String>::new());
    assert!(due(&clock, &rule.ladder, &book, at(320)).needs_lead());
    assert_eq!(look(&mut clock, &rule, at(320)).0, ["SLA_RESUMED"]);
    assert_eq!((clock.state(), clock.due_at), (ClockState::Running, Some(at(360))));
    assert_eq!(clock.next_at, Some(at(321)));
    assert_eq!(look(&mut clock, &rule, at(321)).0, ["SLA_WARNED 50 NOTIFY_ASSIGNEE"]);
}

#[test]
fn in_the_last_lap_only_managers_are_told() {
    let rule = rule(10, &[step_at(100, EscalationAct::Reassign), step_at(100, EscalationAct::NotifyManager)]);
    let mut clock = clock(&rule);
    clock.lap = LAPS_MAX;
    assert_eq!(
        look(&mut clock, &rule, at(10)),
        (vec!["SLA_BREACHED 100".into(), "SLA_ESCALATED 100 NOTIFY_MANAGER".into()], None)
    );
}

#[test]
fn of_two_steps_that_move_the_lead_the_return_counts() {
    let rule = rule(10, &[step_at(100, EscalationAct::ReturnToGiver), step_at(100, EscalationAct::Reassign)]);
    assert_eq!(look(&mut clock(&rule), &rule, at(10)).1.map(|moving| moving.act), Some(EscalationAct::ReturnToGiver));
}

#[test]
fn an_ended_clock_is_left_alone() {
    let rule = rule(10, &WHOLE);
    let mut clock = clock(&rule);
    clock.end(ClockEnd::Met, &CalendarBook::default(), at(5), at(5));
    assert_eq!(look(&mut clock, &rule, at(50)), (vec![], None));
    assert_eq!(clock.next_at, None);
}

proptest! {
    /// Whenever somebody looks: a rung is climbed at most once a lap, a lapse is marked exactly once a lap, and nothing is due again within a second.
    #[test]
    fn each_rung_once_a_lap_and_never_twice_a_second(
        promised in 1_u32..50,
        steps in prop::collection::vec((1_u16..300, 0_usize..4), 0..6),
        looks in prop::collection::vec(0_i64..40, 1..30),
    ) {
        let acts = [EscalationAct::NotifyAssignee, EscalationAct::NotifyManager, EscalationAct::Reassign, EscalationAct::ReturnToGiver];
        let ladder: Vec<LadderStep> = steps
            .into_iter()
            .map(|(percent, act)| {
                let act = acts[act];
                step_at(if moves(act) { percent.max(LAPSE_PERCENT) } else { percent }, act)
            })
            .collect();
        let rule = rule(promised, &ladder);
        let mut clock = clock(&rule);
        let (mut seen, mut now) = (std::collections::BTreeSet::new(), 0);
        for wait in looks {
            now += wait;
            let lap = clock.lap;
            let (told, moving) = look(&mut clock, &rule, at(now));
            for what in told {
                prop_assert!(seen.insert((lap, what)), "told twice");
            }
            match moving.map(|moving| moving.act) {
                Some(EscalationAct::Reassign) => clock.begin_lap(holder(8), &rule.ladder, &CalendarBook::default(), at(now)),
                Some(EscalationAct::ReturnToGiver) => clock.end(ClockEnd::Cancelled, &CalendarBook::default(), at(now), at(now)),
                Some(_) | None => {}
            }
            prop_assert!(clock.next_at.is_none_or(|next| next >= at(now + 1)), "due again at once");
            prop_assert_eq!(clock.breached_at.is_some(), !seen.is_empty() && seen.iter().any(|(_, what)| what == "SLA_BREACHED 100"));
            prop_assert!(clock.lap <= LAPS_MAX);
        }
    }
}
