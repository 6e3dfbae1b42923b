//! What follows by itself from a score.

use chrono::TimeDelta;
use proptest::prelude::*;

use crate::agreement::{Agreement, AgreementBook, HandOverMode};
use crate::campaign::Channel;
use crate::department::Department::{InsideSales, Marketing};
use crate::label::Labels;
use crate::routing::place::Wish;
use crate::scoring::{ActivityKind, Score, Scored, Tally, shipped as models};
use crate::waterfall::command::Command;
use crate::waterfall::event::LeadEvent;
use crate::waterfall::facts::ActingParty;
use crate::waterfall::follow_up::{Cause, Watch, follow_up};
use crate::waterfall::gate::{Comparison, Criterion, Gate, Required};
use crate::waterfall::measure::Measure;
use crate::waterfall::reason::{DisqualifyReason, RecycleReason, RejectReason};
use crate::waterfall::rescore::rescore;
use crate::waterfall::stage::OpenStage;

use super::support::{World, id, track};

fn score(fit: i64, engagement: i64) -> Score {
    Score::try_new(fit, engagement, models::model().unwrap().grading()).unwrap()
}

fn criterion(key: &str, comparison: Comparison, points: i64) -> Criterion {
    Criterion {
        key: key.parse().unwrap(),
        labels: Labels { de: key.to_owned(), en: key.to_owned() },
        measure: Measure::EngagementPoints,
        comparison,
        required: Required::Number(points),
    }
}

/// A lead of marketing under an agreement that hands over by itself at 50 points, lets rest at 10 and wakes at 30.
fn world(engagement: i64) -> World {
    let mut world = World::on(track("inside"));
    let all = world.agreements.all().iter().cloned().map(|agreement| match (agreement.giving, agreement.taking) {
        (Marketing, InsideSales) => Agreement {
            hand_over: HandOverMode::Automatic,
            gates: vec![Gate { stage: OpenStage::Mql, all: vec![criterion("warm", Comparison::AtLeast, 50)], any: vec![] }],
            recycle_when: vec![criterion("cold", Comparison::AtMost, 10)],
            reactivate_when: vec![criterion("awake", Comparison::AtLeast, 30)],
            ..agreement
        },
        _ => agreement,
    });
    world.agreements = AgreementBook::new(all.collect());
    world.lead.demand.score = score(50, engagement);
    world
}

fn follows(world: &World, before: i64, cause: Cause) -> Option<Command> {
    let watch = Watch {
        track: &world.track,
        agreements: &world.agreements,
        directory: &world.directory,
        person: &world.person,
        company: world.company.as_ref(),
        campaign: None,
    };
    follow_up(score(50, before), &world.lead, &watch, cause, world.now)
}

#[test]
fn a_lead_goes_on_when_its_gate_holds_and_the_agreement_hands_over_by_itself() {
    assert_eq!(follows(&world(49), 0, Cause::Behaviour), None);
    let mut world = world(50);
    let command = follows(&world, 0, Cause::Behaviour).unwrap();
    assert_eq!(command, Command::Qualify { to: OpenStage::Mql });
    // the same command hands over at once, as the agreement says
    let crate::waterfall::change::Outcome::Done(change) = world.by(ActingParty::ITSELF, command).unwrap() else { panic!() };
    assert!(matches!(change.events.as_slice(), [LeadEvent::Qualified { .. }, LeadEvent::HandedOver { .. }]));
    assert_eq!(follows(&world, 0, Cause::Behaviour), None, "what is offered waits for its taker");
}

#[test]
fn by_hand_means_by_hand() {
    let mut world = world(80);
    let manual = |agreement: &Agreement| Agreement { hand_over: HandOverMode::Manual, ..agreement.clone() };
    world.agreements = AgreementBook::new(world.agreements.all().iter().map(manual).collect());
    assert_eq!(follows(&world, 0, Cause::Behaviour), None);
}

#[test]
fn what_the_taker_returned_is_not_offered_again_until_the_gate_opens_anew() {
    let mut world = world(60);
    world.by(ActingParty::ITSELF, Command::Qualify { to: OpenStage::Mql }).unwrap();
    world.act(Command::Reject { reason: RejectReason::NoCapacity });
    let gate = Gate { stage: OpenStage::Tal, all: vec![criterion("warm", Comparison::AtLeast, 50)], any: vec![] };
    let gated = |agreement: &Agreement| Agreement { gates: vec![gate.clone()], ..agreement.clone() };
    world.agreements = AgreementBook::new(world.agreements.all().iter().map(gated).collect());
    assert_eq!(follows(&world, 55, Cause::Behaviour), None);
    assert_eq!(follows(&world, 20, Cause::Behaviour), Some(Command::HandOver { wish: Wish::default() }));
}

#[test]
fn a_lead_goes_to_rest_when_interest_falls_and_only_then() {
    let rest = Some(Command::Recycle { reason: RecycleReason::CooledDown, resume_at: None });
    assert_eq!(follows(&world(10), 11, Cause::Circumstance), rest);
    assert_eq!(follows(&world(10), 10, Cause::Circumstance), None, "a new lead is not let go for what it has not done yet");
    assert_eq!(follows(&world(11), 40, Cause::Circumstance), None);
}

#[test]
fn a_resting_lead_wakes_by_behaviour_and_not_by_time() {
    let mut world = world(30);
    world.act(Command::Recycle { reason: RecycleReason::NotNow, resume_at: None });
    assert_eq!(follows(&world, 0, Cause::Circumstance), None);
    assert_eq!(follows(&world, 0, Cause::Behaviour), Some(Command::Reactivate));
    world.lead.demand.score = score(50, 29);
    assert_eq!(follows(&world, 0, Cause::Behaviour), None);
}

#[test]
fn a_new_score_is_told_when_it_changes_the_grade() {
    let world = world(0);
    assert_eq!(rescore(&world.lead, world.lead.demand.score, None, world.now), None);
    let within = rescore(&world.lead, score(51, 1), None, world.now).unwrap();
    assert_eq!((within.event, within.lead.version), (None, world.lead.version));
    let beyond = rescore(&world.lead, score(95, 95), Some(id(7)), world.now).unwrap();
    assert_eq!(beyond.lead.version, world.lead.version + 1);
    assert_eq!((beyond.lead.last_act, &beyond.lead.state), (world.lead.last_act, &world.lead.state));
    let event = serde_json::to_value(beyond.event.unwrap()).unwrap();
    assert_eq!((&event["event"], &event["grade"], &event["tier"]), (&"scored".into(), &"A1".into(), &"HOT".into()));
}

#[test]
fn a_closed_lead_keeps_its_score() {
    let mut world = world(20);
    world.act(Command::Disqualify { reason: DisqualifyReason::NoFit });
    assert_eq!(rescore(&world.lead, score(95, 95), None, world.now), None);
    assert_eq!(follows(&world, 90, Cause::Behaviour), None);
}

type Done = (usize, usize, i64);

fn counted(done: &[Done]) -> Tally {
    let mut tally = Tally::new();
    for (channel, kind, second) in done {
        let at = super::support::start() - TimeDelta::seconds(*second);
        tally.add(Channel::ALL[channel % Channel::ALL.len()], ActivityKind::ALL[kind % ActivityKind::ALL.len()], at);
    }
    tally
}

fn scored(world: &World, tally: &Tally) -> Scored {
    let facts = world.facts(ActingParty::ITSELF);
    models::model().unwrap().rules.score(&facts.evidence(&world.lead, world.now), tally, world.now)
}

proptest! {
    /// The same activities give the same score and the same event, one by one or in bulk and in whatever order they are told.
    #[test]
    fn order_and_bundling_never_change_a_score(
        done in prop::collection::vec((0..14_usize, 0..17_usize, 0..4_000_000_i64), 1..80).prop_shuffle(),
        size in 1..20_usize,
        turn in 0..80_usize,
    ) {
        let world = world(0);
        let mut turned = done.clone();
        turned.rotate_left(turn % done.len());
        turned.reverse();
        let mut bundled = Tally::new();
        turned.chunks(size).for_each(|bundle| bundled.merge(&counted(bundle)));
        let one_by_one = counted(&done);
        prop_assert_eq!(&one_by_one, &bundled);
        let (first, second) = (scored(&world, &one_by_one), scored(&world, &bundled));
        prop_assert_eq!(&first, &second);
        let event = |score| rescore(&world.lead, score, None, world.now);
        prop_assert_eq!(event(first.score), event(second.score));
    }
}
