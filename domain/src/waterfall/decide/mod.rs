//! The only place that knows which act is lawful. Pure: no clock, no randomness, no I/O; time, ids and draws are arguments.

mod closing;
mod crossing;
mod step;

use chrono::{DateTime, Utc};

use crate::department::Department;
use crate::routing::place::{PlaceFault, Wish, place};
use crate::routing::{Placement, RoutingDecision};

use super::act::Act;
use super::command::Command;
use super::event::LeadEvent;
use super::facts::Facts;
use super::lawful;
use super::lead::Lead;
use super::reason::ReassignReason;
use super::refusal::Refusal;
use super::stage::OpenStage;
use super::state::LeadState;

pub use closing::REOPEN_DAYS_MAX;
pub(super) use crossing::agreed_reasons;

/// What a command leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The same command was done before.
    AlreadyDone,
    /// These events happen.
    Events(Vec<LeadEvent>),
}

/// Decides a command on a lead.
///
/// # Errors
/// The [`Refusal`] that names the state, the act, what is lawful now and, for gates, each unmet criterion with the value found.
pub fn decide(lead: &Lead, command: &Command, facts: &Facts<'_>, now: DateTime<Utc>) -> Result<Decision, Refusal> {
    if was_done(lead, command, facts) {
        return Ok(Decision::AlreadyDone);
    }
    let case = Case { lead, facts, act: command.act(), now };
    let events = match command {
        Command::Qualify { to } => step::qualify(&case, *to),
        Command::HandOver { wish } => crossing::hand_over(&case, *wish),
        Command::Accept => crossing::accept(&case),
        Command::Reject { reason } => crossing::reject(&case, *reason),
        Command::Withdraw => crossing::withdraw(&case),
        Command::Reassign { wish, reason } => step::reassign(&case, *wish, *reason),
        Command::Recycle { reason, resume_at } => closing::recycle(&case, *reason, *resume_at),
        Command::Reactivate => step::reactivate(&case),
        Command::Disqualify { reason } => closing::disqualify(&case, *reason),
        Command::Win { amount } => closing::win(&case, *amount),
        Command::Lose { reason } => closing::lose(&case, *reason),
        Command::Reopen { reason } => closing::reopen(&case, *reason),
        Command::Retrack { .. } => step::retrack(&case),
    }?;
    Ok(Decision::Events(events))
}

/// INVARIANT 4: the same command by the same actor, with no act between, is already done. But for a lead that goes on by itself because it lapsed
/// again with whoever got it: that is asked by a clock, which asks once in a lap.
fn was_done(lead: &Lead, command: &Command, facts: &Facts<'_>) -> bool {
    if matches!(command, Command::Reassign { reason: ReassignReason::Escalation, .. }) && facts.actor.user.is_none() {
        return false;
    }
    let same = |last: &super::lead::LastAct| {
        last.act == command.act() && last.digest == command.digest() && last.actor == facts.actor.user
    };
    if lead.last_act.as_ref().is_some_and(same) {
        return true;
    }
    match (command, &lead.state) {
        (Command::Qualify { to }, LeadState::Working { place }) => place.stage == *to && !to.is_accepted(),
        (Command::Retrack { .. }, _) => facts.other_track.is_some_and(|track| track.reference() == lead.track),
        (
            Command::Qualify { .. }
            | Command::HandOver { .. }
            | Command::Accept
            | Command::Reject { .. }
            | Command::Withdraw
            | Command::Reassign { .. }
            | Command::Recycle { .. }
            | Command::Reactivate
            | Command::Disqualify { .. }
            | Command::Win { .. }
            | Command::Lose { .. }
            | Command::Reopen { .. },
            _,
        ) => false,
    }
}

/// What every decision looks at.
struct Case<'a> {
    lead: &'a Lead,
    facts: &'a Facts<'a>,
    act: Act,
    now: DateTime<Utc>,
}

impl Case<'_> {
    /// The act is not lawful in this state.
    fn unlawful(&self) -> Refusal {
        Refusal::InvalidTransition {
            act: self.act,
            state: self.lead.state.kind(),
            stage: self.lead.state.stage(),
            lawful: lawful::in_state(&self.lead.state, self.facts.track),
        }
    }

    /// Refuses whoever acts for another department than the one whose turn it is.
    fn must_be(&self, department: Department) -> Result<(), Refusal> {
        match self.facts.actor.department {
            Some(own) if own != department => Err(Refusal::WrongDepartment { act: self.act, department }),
            Some(_) | None => Ok(()),
        }
    }

    /// The gate before `stage` under the agreement from `giving` to `taking`.
    fn gate(&self, giving: Department, taking: Department, stage: OpenStage) -> Result<&crate::agreement::Agreement, Refusal> {
        let governing = self.facts.governing(self.lead, giving, taking, self.now);
        let agreement = governing.ok_or(Refusal::NoAgreement { act: self.act, giving, taking })?;
        let criteria =
            agreement.gate(stage).map(|gate| gate.unmet(&self.facts.evidence(self.lead, self.now))).unwrap_or_default();
        if criteria.is_empty() {
            return Ok(agreement);
        }
        Err(Refusal::GateUnmet { act: self.act, stage, agreement: agreement.reference(), criteria })
    }

    /// Where routing put the lead in a department, if it was asked.
    fn routed(&self, department: Department) -> Option<Placement> {
        self.facts.routed.filter(|decision| decision.department == department).map(RoutingDecision::placement)
    }

    /// Where the lead goes in a department: as routing decided for this wish, else where the roster alone puts it.
    fn placed(&self, department: Department, wish: Wish) -> Result<Placement, PlaceFault> {
        match self.facts.routed {
            Some(decision) if decision.department == department && decision.wish == wish => Ok(decision.placement()),
            Some(_) | None => place(self.facts.roster, department, self.lead.demand.country, wish),
        }
    }

    /// The event that opens the opportunity, when the track's step says so and none is open yet.
    fn opening(&self, stage: OpenStage) -> Option<LeadEvent> {
        let opens = self.facts.track.step(stage).is_some_and(|step| step.opens_opportunity);
        (opens && self.facts.opportunity.is_none())
            .then_some(LeadEvent::OpportunityOpened { opportunity: self.facts.draws.opportunity })
    }
}
