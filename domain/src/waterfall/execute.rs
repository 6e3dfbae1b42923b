//! Carries out a command: decides it, applies the events, and gathers all that changes.

use chrono::{DateTime, Utc};

use crate::agreement::{Agreement, AgreementRef};
use crate::customer::{Customer, CustomerState};
use crate::department::Department;
use crate::opportunity::{Opportunity, OpportunityDecision, OpportunityOpening, OpportunityRefusal};

use crate::sla::follow::{Clocks, next_due};

use super::apply::{apply, stage_of};
use super::change::{Change, Outcome};
use super::command::Order;
use super::decide::{Decision, decide};
use super::event::LeadEvent;
use super::facts::Facts;
use super::lead::{LastAct, Lead};
use super::passage::{Passage, PassageOutcome};
use super::refusal::Refusal;
use super::routed;
use super::state::LeadState;
use super::transition::Transition;

/// Decides a command and tells all that changes.
///
/// # Errors
/// What [`decide`] refuses.
pub fn execute(lead: &Lead, passage: &Passage, order: &Order, facts: &Facts<'_>, now: DateTime<Utc>) -> Result<Outcome, Refusal> {
    let events = match decide(lead, &order.command, facts, now)? {
        Decision::AlreadyDone => return Ok(Outcome::AlreadyDone),
        Decision::Events(events) => events,
    };
    let mut change = Change {
        lead: Lead { version: lead.version.saturating_add(1), ..lead.clone() },
        passage: passage.clone(),
        opened: None,
        opportunity: None,
        customer: None,
        transitions: Vec::new(),
        events,
        routing: None,
        clocks: Vec::new(),
        clock_steps: Vec::new(),
    };
    change.routing = facts.routed.filter(|decision| routed::is_used(decision, &change.events)).cloned().map(Box::new);
    let act = order.command.act();
    change.lead.last_act = Some(LastAct { act, digest: order.command.digest(), actor: facts.actor.user });
    let mut clocks = Clocks::new(facts, now);
    for event in change.events.clone() {
        let before = change.lead.state.clone();
        follow(&mut change, &event, facts, now);
        clocks.follow(&event, &before, &change);
    }
    let followed = clocks.followed();
    change.clocks = followed.changed;
    change.clock_steps = followed.steps;
    change.lead.next_due = next_due(&followed.open);
    if let Some(first) = change.transitions.first_mut() {
        first.act = act;
        first.note.clone_from(&order.note);
    }
    Ok(Outcome::Done(Box::new(change)))
}

/// Applies one event to the lead and to all that accompanies it.
fn follow(change: &mut Change, event: &LeadEvent, facts: &Facts<'_>, now: DateTime<Utc>) {
    let before = change.lead.state.clone();
    apply(&mut change.lead, event, now);
    follow_passage(change, event, now);
    follow_opportunity(change, event, facts, now);
    if let LeadEvent::CustomerHandedOver { customer, placement } = event {
        let opportunity = change.opportunity.as_ref().or(facts.opportunity).map(|opportunity| opportunity.id);
        change.customer = Some(Customer {
            id: *customer,
            version: 1,
            lead: change.lead.id,
            opportunity,
            person: change.lead.person,
            company: change.lead.company,
            team: placement.team,
            state: CustomerState::HandedOver { at: now },
        });
    }
    if let Some(act) = implied_act(event) {
        let transition = transition(change, event, &before, act, facts, now);
        change.transitions.push(transition);
    }
}

/// The act an event stands for in the account; events that only accompany another have none.
const fn implied_act(event: &LeadEvent) -> Option<super::act::Act> {
    use super::act::Act;
    Some(match event {
        LeadEvent::Captured { .. } => Act::Capture,
        LeadEvent::Qualified { .. } => Act::Qualify,
        LeadEvent::HandedOver { .. } | LeadEvent::Transferred { .. } => Act::HandOver,
        LeadEvent::Accepted { .. } => Act::Accept,
        LeadEvent::Rejected { .. } => Act::Reject,
        LeadEvent::Withdrawn { .. } => Act::Withdraw,
        LeadEvent::Reassigned { .. } => Act::Reassign,
        LeadEvent::Recycled { .. } => Act::Recycle,
        LeadEvent::Reactivated { .. } => Act::Reactivate,
        LeadEvent::Disqualified { .. } => Act::Disqualify,
        LeadEvent::Won { .. } => Act::Win,
        LeadEvent::Lost { .. } => Act::Lose,
        LeadEvent::Reopened { .. } => Act::Reopen,
        LeadEvent::Retracked { .. } => Act::Retrack,
        LeadEvent::Updated { .. }
        | LeadEvent::Scored { .. }
        | LeadEvent::OpportunityOpened { .. }
        | LeadEvent::CustomerHandedOver { .. } => return None,
    })
}

fn transition(
    change: &Change,
    event: &LeadEvent,
    before: &LeadState,
    act: super::act::Act,
    facts: &Facts<'_>,
    now: DateTime<Utc>,
) -> Transition {
    let follow_up = !change.transitions.is_empty();
    let state = &change.lead.state;
    let opened = matches!(event, LeadEvent::Captured { .. });
    Transition {
        id: if follow_up { facts.draws.follow_up } else { facts.draws.transition },
        lead: change.lead.id,
        passage: change.opened.as_ref().map_or(change.passage.id, |passage| passage.id),
        lead_version: change.lead.version,
        step: u8::from(follow_up),
        at: now,
        act,
        from_stage: (!opened).then(|| stage_of(before)),
        to_stage: stage_of(state),
        from_department: (!opened).then(|| before.department()),
        to_department: taker_of(state),
        actor: if follow_up { None } else { facts.actor.user },
        placement: state.offer().unwrap_or_else(|| state.placement()),
        reason: reason_of(event),
        note: None,
        agreement: agreement_of(event, before, &change.lead, facts, now),
    }
}

const fn taker_of(state: &LeadState) -> Department {
    if let LeadState::Offered { taker, .. } = state { *taker } else { state.department() }
}

/// The reason's code that an event carries.
pub(super) fn reason_of(event: &LeadEvent) -> Option<String> {
    match event {
        LeadEvent::Rejected { reason, .. } => Some(reason.to_string()),
        LeadEvent::Reassigned { reason, .. } => Some(reason.to_string()),
        LeadEvent::Recycled { reason, .. } => Some(reason.to_string()),
        LeadEvent::Disqualified { reason } => Some(reason.to_string()),
        LeadEvent::Lost { reason, .. } => Some(reason.to_string()),
        LeadEvent::Reopened { reason, .. } => Some(reason.to_string()),
        LeadEvent::Captured { .. }
        | LeadEvent::Updated { .. }
        | LeadEvent::Scored { .. }
        | LeadEvent::Qualified { .. }
        | LeadEvent::HandedOver { .. }
        | LeadEvent::Transferred { .. }
        | LeadEvent::Accepted { .. }
        | LeadEvent::Withdrawn { .. }
        | LeadEvent::Reactivated { .. }
        | LeadEvent::Won { .. }
        | LeadEvent::Retracked { .. }
        | LeadEvent::OpportunityOpened { .. }
        | LeadEvent::CustomerHandedOver { .. } => None,
    }
}

/// The version that an act ran under: that of the offer which was made, answered or passed on; for a step within a department the one whose gate was
/// asked.
fn agreement_of(
    event: &LeadEvent,
    before: &LeadState,
    lead: &Lead,
    facts: &Facts<'_>,
    now: DateTime<Utc>,
) -> Option<AgreementRef> {
    match event {
        LeadEvent::HandedOver { agreement, .. } | LeadEvent::Transferred { agreement, .. } => Some(agreement.clone()),
        LeadEvent::Qualified { place, .. } => {
            let taking = facts.track.taker_after(place.department);
            facts.governing(lead, place.department, taking, now).map(Agreement::reference)
        }
        LeadEvent::Accepted { .. } | LeadEvent::Rejected { .. } | LeadEvent::Withdrawn { .. } | LeadEvent::Reassigned { .. } => {
            if let LeadState::Offered { agreement, .. } = before {
                Some(agreement.clone())
            } else {
                None
            }
        }
        LeadEvent::Captured { .. }
        | LeadEvent::Updated { .. }
        | LeadEvent::Scored { .. }
        | LeadEvent::Recycled { .. }
        | LeadEvent::Reactivated { .. }
        | LeadEvent::Disqualified { .. }
        | LeadEvent::Won { .. }
        | LeadEvent::Lost { .. }
        | LeadEvent::Reopened { .. }
        | LeadEvent::Retracked { .. }
        | LeadEvent::OpportunityOpened { .. }
        | LeadEvent::CustomerHandedOver { .. } => None,
    }
}

fn follow_passage(change: &mut Change, event: &LeadEvent, now: DateTime<Utc>) {
    match event {
        LeadEvent::Recycled { .. } if change.passage.closed.is_none() => change.passage.close(PassageOutcome::Recycled, now),
        LeadEvent::Disqualified { .. } if change.passage.closed.is_none() => {
            change.passage.close(PassageOutcome::Disqualified, now);
        }
        LeadEvent::Won { .. } => change.passage.close(PassageOutcome::Won, now),
        LeadEvent::Lost { .. } => change.passage.close(PassageOutcome::Lost, now),
        LeadEvent::Reopened { state, .. } if state.is_open() => change.passage.reopen(now),
        LeadEvent::Retracked { to, .. } => change.passage.track = to.clone(),
        LeadEvent::Reactivated { .. } => change.opened = Some(Passage::open(&change.lead, now)),
        LeadEvent::Captured { .. }
        | LeadEvent::Updated { .. }
        | LeadEvent::Scored { .. }
        | LeadEvent::Qualified { .. }
        | LeadEvent::HandedOver { .. }
        | LeadEvent::Transferred { .. }
        | LeadEvent::Accepted { .. }
        | LeadEvent::Rejected { .. }
        | LeadEvent::Withdrawn { .. }
        | LeadEvent::Reassigned { .. }
        | LeadEvent::Recycled { .. }
        | LeadEvent::Disqualified { .. }
        | LeadEvent::Reopened { .. }
        | LeadEvent::OpportunityOpened { .. }
        | LeadEvent::CustomerHandedOver { .. } => {
            if let Some(stage) = change.lead.state.stage().open() {
                change.passage.enter(stage, now);
            }
        }
    }
}

fn follow_opportunity(change: &mut Change, event: &LeadEvent, facts: &Facts<'_>, now: DateTime<Utc>) {
    let current = || change.opportunity.as_ref().or(facts.opportunity);
    let next = match event {
        LeadEvent::OpportunityOpened { opportunity } => Some(opportunity_of(&change.lead, *opportunity, now)),
        LeadEvent::Won { amount, .. } => current().and_then(|opportunity| changed(opportunity.win(*amount, now))),
        LeadEvent::Lost { .. } => current().and_then(|opportunity| changed(opportunity.lose(now))),
        LeadEvent::Recycled { .. } | LeadEvent::Disqualified { .. } => {
            current().and_then(|opportunity| changed(opportunity.abandon(now)))
        }
        LeadEvent::Reopened { state, .. } if state.is_open() => current().and_then(|opportunity| changed(opportunity.reopen())),
        LeadEvent::Captured { .. }
        | LeadEvent::Updated { .. }
        | LeadEvent::Scored { .. }
        | LeadEvent::Qualified { .. }
        | LeadEvent::HandedOver { .. }
        | LeadEvent::Transferred { .. }
        | LeadEvent::Accepted { .. }
        | LeadEvent::Rejected { .. }
        | LeadEvent::Withdrawn { .. }
        | LeadEvent::Reassigned { .. }
        | LeadEvent::Reactivated { .. }
        | LeadEvent::Reopened { .. }
        | LeadEvent::Retracked { .. }
        | LeadEvent::CustomerHandedOver { .. } => None,
    };
    if next.is_some() {
        change.opportunity = next;
    }
}

/// The opportunity that a lead opens on its running passage.
pub(super) fn opportunity_of(lead: &Lead, id: crate::id::OpportunityId, at: DateTime<Utc>) -> Opportunity {
    let opening = OpportunityOpening {
        id,
        lead: lead.id,
        passage: lead.passage,
        person: lead.person,
        company: lead.company,
        amount: lead.demand.value,
    };
    Opportunity::open(opening, at)
}

/// The changed opportunity; one that has ended before stays as it ended (a lost lead that is sent to nurturing keeps its lost opportunity).
pub(super) fn changed(decision: Result<OpportunityDecision, OpportunityRefusal>) -> Option<Opportunity> {
    match decision {
        Ok(OpportunityDecision::Changed(opportunity)) => Some(opportunity),
        Ok(OpportunityDecision::AlreadyDone) | Err(OpportunityRefusal { .. }) => None,
    }
}
