//! Rules of closing, reopening, picking up and crossing, one by one.

use chrono::TimeDelta;

use crate::customer::CustomerState;
use crate::department::Department::{self, CustomerService, FieldSales, InsideSales, Marketing};
use crate::opportunity::OpportunityStatus;
use crate::routing::place::Wish;
use crate::waterfall::act::Act;
use crate::waterfall::change::Outcome;
use crate::waterfall::command::Command;
use crate::waterfall::decide::REOPEN_DAYS_MAX;
use crate::waterfall::event::LeadEvent;
use crate::waterfall::facts::ActingParty;
use crate::waterfall::lawful;
use crate::waterfall::passage::PassageOutcome;
use crate::waterfall::reason::{DisqualifyReason, LoseReason, ReassignReason, RecycleReason, RejectReason, ReopenReason};
use crate::waterfall::refusal::{Refusal, RefusalCode};
use crate::waterfall::stage::{OpenStage, Stage};
use crate::waterfall::state::StateKind;

use super::support::{World, colleague, id, member, track};

fn party(department: Department) -> ActingParty {
    ActingParty { user: Some(member(department)), department: Some(department) }
}

#[test]
fn a_win_closes_passage_and_opportunity_and_hands_a_customer_over() {
    let mut world = World::on(track("field")).walk_to(OpenStage::Sql);
    let change = world.act(Command::Win { amount: None });
    assert_eq!(change.passage.closed.unwrap().outcome, PassageOutcome::Won);
    assert_eq!(change.opportunity.unwrap().state.status(), OpportunityStatus::Won);
    let customer = change.customer.unwrap();
    assert!(matches!(customer.state, CustomerState::HandedOver { .. }));
    assert_eq!(customer.team, world.roster.team_of(CustomerService, member(CustomerService)).map(|team| team.id));
    assert!(world.passage.seconds_to_won().unwrap() > 0);
    assert!(lawful::in_state(&world.lead.state, &world.track).is_empty());
}

#[test]
fn only_the_closing_step_wins_or_loses() {
    let world = World::on(track("field")).walk_to(OpenStage::Sal);
    let refusal = world.try_by(party(FieldSales), Command::Lose { reason: LoseReason::Price }).unwrap_err();
    let Refusal::InvalidTransition { act, state, stage, lawful } = refusal else { panic!("{refusal}") };
    assert_eq!((act, state, stage), (Act::Lose, StateKind::Working, Stage::Sal));
    assert!(lawful.contains(&Act::Qualify) && !lawful.contains(&Act::Lose));
}

#[test]
fn another_department_is_refused() {
    let world = World::on(track("field"));
    let refusal = world.try_by(party(FieldSales), Command::Qualify { to: OpenStage::Mql }).unwrap_err();
    assert_eq!(refusal, Refusal::WrongDepartment { act: Act::Qualify, department: Marketing });
}

#[test]
fn a_rejection_returns_the_lead_to_its_giver() {
    let mut world = World::on(track("field")).walk_to(OpenStage::Mql);
    let giver = world.lead.state.placement();
    world.act(Command::HandOver { wish: Wish::default() });
    let change = world.act(Command::Reject { reason: RejectReason::NotReachable });
    assert_eq!(change.lead.state.placement(), giver);
    assert_eq!(change.transitions[0].reason.as_deref(), Some("NOT_REACHABLE"));
    assert_eq!(change.lead.state.stage(), Stage::Mql);
}

#[test]
fn a_colleague_of_the_team_may_pick_up_an_offer_and_an_outsider_may_not() {
    let mut world = World::on(track("field")).walk_to(OpenStage::Mql);
    world.act(Command::HandOver { wish: Wish { person: Some(member(InsideSales)), team: None } });
    let stranger = ActingParty { user: Some(id(999)), department: Some(InsideSales) };
    assert_eq!(world.try_by(stranger, Command::Accept).unwrap_err().code(), RefusalCode::NotTheTaker);
    let other = ActingParty { user: Some(colleague(InsideSales)), department: Some(InsideSales) };
    world.by(other, Command::Accept).unwrap();
    assert_eq!(world.lead.state.placement().person, Some(colleague(InsideSales)));
    assert_eq!(world.try_by(party(InsideSales), Command::Accept).unwrap_err().code(), RefusalCode::InvalidTransition);
}

#[test]
fn a_handed_over_lead_can_be_withdrawn_until_it_is_taken() {
    let mut world = World::on(track("field")).walk_to(OpenStage::Mql);
    world.act(Command::HandOver { wish: Wish::default() });
    world.act(Command::Withdraw);
    assert_eq!(world.lead.state.kind(), StateKind::Working);
    assert_eq!(world.try_by(party(Marketing), Command::Withdraw).unwrap(), Outcome::AlreadyDone);
}

#[test]
fn a_track_without_acceptance_transfers_the_lead_when_the_gate_holds() {
    let mut world = World::on(track("direct")).walk_to(OpenStage::Mql);
    let change = world.act(Command::HandOver { wish: Wish::default() });
    assert!(matches!(change.events[0], LeadEvent::Transferred { .. }));
    assert!(change.opportunity.is_some());
    assert_eq!(change.lead.state.stage(), Stage::Sql);
    world.act(Command::Accept);
    assert_eq!(world.lead.state.placement().person, Some(member(FieldSales)), "whoever picks it up owns it");
}

#[test]
fn an_automatic_agreement_hands_over_by_itself() {
    let mut world = World::on(track("field"));
    let mut agreements = world.agreements.all().to_vec();
    for agreement in &mut agreements {
        agreement.hand_over = crate::agreement::HandOverMode::Automatic;
    }
    world.agreements = crate::agreement::AgreementBook::new(agreements);
    let change = world.act(Command::Qualify { to: OpenStage::Mql });
    let acts: Vec<_> = change.transitions.iter().map(|transition| (transition.act, transition.actor)).collect();
    assert_eq!(acts, [(Act::Qualify, Some(member(Marketing))), (Act::HandOver, None)]);
    assert_eq!(world.lead.state.kind(), StateKind::Offered);
}

#[test]
fn without_an_agreement_nothing_crosses() {
    let mut world = World::on(track("field")).walk_to(OpenStage::Mql);
    world.agreements = crate::agreement::AgreementBook::default();
    let refusal = world.try_by(party(Marketing), Command::HandOver { wish: Wish::default() }).unwrap_err();
    assert_eq!(refusal, Refusal::NoAgreement { act: Act::HandOver, giving: Marketing, taking: InsideSales });
}

#[test]
fn a_loss_can_be_taken_back_for_thirty_days() {
    let mut world = World::on(track("field")).walk_to(OpenStage::Sql);
    let place = world.lead.state.placement();
    world.act(Command::Lose { reason: LoseReason::Price });
    let mut late = world.clone();
    late.now += TimeDelta::days(REOPEN_DAYS_MAX) + TimeDelta::seconds(1);
    let refusal = late.try_by(party(FieldSales), Command::Reopen { reason: ReopenReason::Mistake }).unwrap_err();
    assert_eq!(refusal.code(), RefusalCode::TooLate);
    let change = world.act(Command::Reopen { reason: ReopenReason::Mistake });
    assert_eq!((change.lead.state.stage(), change.lead.state.placement()), (Stage::Sql, place));
    assert_eq!(change.passage.closed, None, "the same passage goes on");
    assert_eq!(change.opportunity.unwrap().state.status(), OpportunityStatus::Open);
}

#[test]
fn nurturing_ends_the_passage_and_coming_back_opens_a_new_one() {
    let mut world = World::on(track("field")).walk_to(OpenStage::Tal);
    let past = ActingParty { user: Some(member(InsideSales)), department: Some(InsideSales) };
    let yesterday = Some(world.now - TimeDelta::days(1));
    let refused = world.try_by(past, Command::Recycle { reason: RecycleReason::NotNow, resume_at: yesterday }).unwrap_err();
    assert_eq!(refused.code(), RefusalCode::ResumeInPast);
    let resume_at = Some(world.now + TimeDelta::days(90));
    let change = world.act(Command::Recycle { reason: RecycleReason::NotNow, resume_at });
    assert_eq!(change.passage.closed.unwrap().outcome, PassageOutcome::Recycled);
    let change = world.act(Command::Reactivate);
    let opened = change.opened.unwrap();
    assert_eq!((opened.number, opened.stage, change.lead.passage), (2, OpenStage::Lead, opened.id));
    assert_eq!(change.lead.state.department(), Marketing);
}

#[test]
fn retracking_keeps_the_stage_or_names_the_lawful_ones() {
    let mut world = World::on(track("field")).walk_to(OpenStage::Tql);
    world.other_track = Some(track("inside"));
    world.act(Command::Retrack { track: track("inside").key().clone() });
    assert_eq!(world.lead.track.key.as_str(), "inside");
    world.other_track = Some(track("two-step"));
    let refusal = world.try_by(ActingParty::ITSELF, Command::Retrack { track: track("two-step").key().clone() }).unwrap_err();
    assert!(matches!(refusal, Refusal::StageNotOnTrack { stage: OpenStage::Tql, .. }), "{refusal}");
}

#[test]
fn reassigning_needs_somebody_of_the_department() {
    let mut world = World::on(track("field"));
    let nobody = Command::Reassign { wish: Wish::default(), reason: ReassignReason::Misrouted };
    assert_eq!(world.try_by(party(Marketing), nobody).unwrap_err().code(), RefusalCode::UnknownTaker);
    let foreign =
        Command::Reassign { wish: Wish { person: Some(member(FieldSales)), team: None }, reason: ReassignReason::Misrouted };
    assert_eq!(world.try_by(party(Marketing), foreign).unwrap_err().code(), RefusalCode::UnknownTaker);
    let wish = Wish { person: Some(colleague(Marketing)), team: None };
    let change = world.act(Command::Reassign { wish, reason: ReassignReason::Misrouted });
    assert_eq!(change.lead.state.placement().person, Some(colleague(Marketing)));
    assert_eq!(change.lead.state.stage(), Stage::Lead);
}

#[test]
fn a_disqualified_lead_abandons_its_opportunity() {
    let mut world = World::on(track("field")).walk_to(OpenStage::Sql);
    let change = world.act(Command::Disqualify { reason: DisqualifyReason::NotABuyer });
    assert_eq!(change.opportunity.unwrap().state.status(), OpportunityStatus::Abandoned);
    assert_eq!(change.passage.closed.unwrap().outcome, PassageOutcome::Disqualified);
}

#[test]
fn a_lead_never_returns_to_somebody_who_left() {
    let mut world = World::on(track("field")).walk_to(OpenStage::Mql);
    world.act(Command::HandOver { wish: Wish::default() });
    let without = world.roster.teams().iter().cloned().map(|mut team| {
        team.members.retain(|user| *user != member(Marketing));
        team
    });
    world.roster = crate::routing::Roster::new(without.collect());
    world.act(Command::Reject { reason: RejectReason::NoCapacity });
    let placement = world.lead.state.placement();
    assert_eq!((placement.person, placement.queue_reason), (None, Some(crate::routing::QueueReason::AwaitingPickUp)));
    assert!(placement.team.is_some());
}

#[test]
fn the_gate_of_an_accepted_stage_is_asked_at_the_offer() {
    let mut world = World::on(track("field")).walk_to(OpenStage::Mql);
    let mut agreements = world.agreements.all().to_vec();
    for agreement in agreements.iter_mut().filter(|agreement| agreement.giving == Marketing && agreement.taking == InsideSales) {
        let mut gate = agreement.gates[0].clone();
        gate.stage = OpenStage::Tal;
        agreement.gates.push(gate);
    }
    world.agreements = crate::agreement::AgreementBook::new(agreements);
    world.person.email = None;
    let refusal = world.try_by(party(Marketing), Command::HandOver { wish: Wish::default() }).unwrap_err();
    assert!(matches!(refusal, Refusal::GateUnmet { stage: OpenStage::Tal, .. }), "{refusal}");
}

#[test]
fn a_machine_closes_only_where_the_track_says_so() {
    let by_itself = |key, last| World::on(track(key)).walk_to(last).try_by(ActingParty::ITSELF, Command::Win { amount: None });
    assert!(matches!(by_itself("self-service", OpenStage::Mql), Ok(Outcome::Done(_))));
    assert_eq!(by_itself("field", OpenStage::Sql).unwrap_err().code(), RefusalCode::WrongDepartment);
}
