//! What acts do to the promises about a lead.

use chrono::TimeDelta;

use crate::agreement::{Agreement, AgreementBook};
use crate::department::Department::{CustomerService, FieldSales, InsideSales, Marketing};
use crate::routing::place::Wish;
use crate::sla::{Clock, ClockKind, ClockRule, ClockState, EscalationAct, LadderStep};
use crate::waterfall::command::Command;
use crate::waterfall::facts::ActingParty;
use crate::waterfall::reason::{DisqualifyReason, LoseReason, ReassignReason, RecycleReason, RejectReason, ReopenReason};
use crate::waterfall::stage::OpenStage;

use super::support::{World, colleague, track};

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
    world_with(key, "wall 1h")
}

/// The same with another promise to reach the person.
fn world_with(key: &str, contact: &str) -> World {
    let mut world = World::on(track(key));
    let clocks = vec![
        rule(ClockKind::Accept, "wall 4h"),
        rule(ClockKind::FirstContact, contact),
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
        let open: Vec<ClockKind> = working
            .clocks
            .iter()
            .filter(|clock| clock.is_open() && clock.department == InsideSales)
            .map(|clock| clock.kind)
            .collect();
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

#[test]
fn an_end_that_is_taken_back_leaves_the_promises_as_they_were() {
    let end = [
        (OpenStage::Sql, Command::Lose { reason: LoseReason::NoBudget }, FieldSales),
        (OpenStage::Tal, Command::Disqualify { reason: DisqualifyReason::Spam }, InsideSales),
    ];
    for (stage, command, department) in end {
        let mut world = world_with("field", "wall 10d").walk_to(stage);
        let open = |world: &World| {
            let open = world.clocks.iter().filter(|clock| clock.is_open() && clock.department == department);
            open.map(|clock| (clock.kind, clock.lap)).collect::<std::collections::BTreeSet<_>>()
        };
        let (before, due) = (open(&world), world.lead.next_due);
        assert!(before.contains(&(ClockKind::FirstContact, 1)), "{before:?}");
        assert_eq!(before.contains(&(ClockKind::Qualify, 1)), stage == OpenStage::Tal, "what was decided before stays so");
        world.act(command.clone());
        assert!(!open(&world).contains(&(ClockKind::FirstContact, 1)));
        world.now += TimeDelta::days(1);
        let closed_at = world.lead.state.revocable_since().unwrap();
        let reopened = world.act(Command::Reopen { reason: ReopenReason::Mistake });
        assert_eq!(open(&world), before, "{command:?}");
        let away = reopened.clocks[0].segment_from.unwrap() - closed_at;
        assert_eq!(reopened.lead.next_due, due.map(|due| due + away), "the time in between is not measured");
        let told: std::collections::BTreeSet<_> = reopened.clock_steps.iter().map(|step| step.event.as_str()).collect();
        assert_eq!(told.into_iter().collect::<Vec<_>>(), ["SLA_RESUMED"]);
        let kept: Vec<_> = reopened.clocks.iter().map(|clock| clock.holder).collect();
        assert!(kept.iter().all(|holder| *holder == reopened.lead.state.placement()), "{kept:?}");
    }
}

#[test]
fn what_runs_on_is_kept_by_whoever_has_the_lead_then() {
    let mut world = world("field").walk_to(OpenStage::Tal);
    world.act(Command::Disqualify { reason: DisqualifyReason::Spam });
    world.roster = crate::routing::Roster::default();
    let reopened = world.act(Command::Reopen { reason: ReopenReason::Mistake });
    assert_eq!(reopened.lead.state.placement().person, None, "whoever had it is gone");
    assert!(!reopened.clocks.is_empty());
    for clock in &reopened.clocks {
        assert_eq!(clock.holder, reopened.lead.state.placement(), "{}", clock.kind);
    }
}

#[test]
fn to_the_erased_nothing_is_promised() {
    let mut world = world("field").walk_to(OpenStage::Mql);
    world.act(hand_over());
    world.erased = true;
    let accepted = world.act(Command::Accept);
    assert_eq!(accepted.clocks.iter().map(|clock| clock.kind).collect::<Vec<_>>(), [ClockKind::Accept], "only the answer ends");
}

#[test]
fn what_an_act_kept_is_told_with_it() {
    let mut world = world("field").walk_to(OpenStage::Mql);
    world.act(hand_over());
    world.now += TimeDelta::hours(5);
    let accepted = world.act(Command::Accept);
    let told: Vec<&str> = accepted.clock_steps.iter().map(|step| step.event.as_str()).collect();
    assert_eq!(told, ["SLA_BREACHED", "SLA_MET"], "what nobody noticed comes first; what began is no step");
    assert_eq!(accepted.entries(), accepted.events.len() + 2);
}
