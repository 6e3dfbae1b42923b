//! What follows by itself when a score has changed, as the agreement in force says: a step down the track, rest, or the way back from it.

use chrono::{DateTime, Utc};

use crate::agreement::{Agreement, AgreementBook, HandOverMode, Matter};
use crate::campaign::Campaign;
use crate::company::Company;
use crate::department::Department;
use crate::person::Person;
use crate::routing::Directory;
use crate::routing::place::Wish;
use crate::scoring::Score;

use super::act::Act;
use super::command::Command;
use super::gate::{Criterion, Gate};
use super::lead::{Demand, Lead};
use super::measure::{Evidence, Measure};
use super::reason::RecycleReason;
use super::stage::OpenStage;
use super::state::{LeadState, Place};
use super::track::{Step, Track};

/// What is looked at beside the lead.
#[derive(Clone, Copy, Debug)]
pub struct Watch<'a> {
    /// The track version of the lead's passage.
    pub track: &'a Track,
    /// The agreements that were signed.
    pub agreements: &'a AgreementBook,
    /// Territories: agreements may hold for some only.
    pub directory: &'a Directory,
    /// The lead's person.
    pub person: &'a Person,
    /// The lead's company.
    pub company: Option<&'a Company>,
    /// The lead's campaign.
    pub campaign: Option<&'a Campaign>,
}

/// Why the score was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// Somebody did something.
    Behaviour,
    /// Time passed, something became known, or the model changed.
    Circumstance,
}

/// The act that follows by itself for a lead that had the score `before` and has its present one now.
///
/// - A lead that is worked on goes on when the agreement hands over by itself and the next gate holds. One that the taker returned, or that
///   was taken back or opened again by hand, goes on only by a gate that did not hold before: what people decided is not undone by a click.
/// - A lead that is worked on by the giver goes to rest when the agreement's `recycle_when` begins to hold.
/// - A resting lead comes back after new behaviour when `reactivate_when` of marketing's agreement holds.
pub fn follow_up(before: Score, lead: &Lead, watch: &Watch<'_>, cause: Cause, now: DateTime<Utc>) -> Option<Command> {
    match &lead.state {
        LeadState::Working { place } => {
            let agreement = watch.agreement(lead, place.department, now)?;
            let view = View { before, lead, watch, now };
            view.rest(agreement).or_else(|| view.step(*place, agreement))
        }
        LeadState::Nurturing { .. } if cause == Cause::Behaviour => {
            let agreement = watch.agreement(lead, Department::Marketing, now)?;
            let view = View { before, lead, watch, now };
            let wakes = view.hold(&agreement.reactivate_when, lead.demand.score);
            let sleeps = view.hold(&agreement.recycle_when, lead.demand.score);
            (wakes && !sleeps).then_some(Command::Reactivate)
        }
        LeadState::Nurturing { .. }
        | LeadState::Offered { .. }
        | LeadState::Won { .. }
        | LeadState::Lost { .. }
        | LeadState::Disqualified { .. } => None,
    }
}

/// Whether an agreement in force asks for engagement points somewhere between two grades, so that a lead must be looked at more often than its
/// grade changes.
pub fn counts_points(lead: &Lead, watch: &Watch<'_>, now: DateTime<Utc>) -> bool {
    let LeadState::Working { place } = &lead.state else { return false };
    let points = |criterion: &Criterion| criterion.measure == Measure::EngagementPoints;
    watch.agreement(lead, place.department, now).is_some_and(|agreement| agreement.recycle_when.iter().any(points))
}

impl Watch<'_> {
    /// The agreement under which a department gives.
    fn agreement(&self, lead: &Lead, giving: Department, now: DateTime<Utc>) -> Option<&Agreement> {
        self.agreements.governing(giving, self.track.taker_after(giving), &Matter::of(lead, self.company, self.directory), now)
    }
}

struct View<'a> {
    before: Score,
    lead: &'a Lead,
    watch: &'a Watch<'a>,
    now: DateTime<Utc>,
}

impl View<'_> {
    fn rest(&self, agreement: &Agreement) -> Option<Command> {
        let criteria = &agreement.recycle_when;
        let falls = self.hold(criteria, self.lead.demand.score) && !self.hold(criteria, self.before);
        falls.then_some(Command::Recycle { reason: RecycleReason::CooledDown, resume_at: None })
    }

    fn step(&self, place: Place, agreement: &Agreement) -> Option<Command> {
        let next = self.watch.track.next(place.stage).filter(|_| agreement.hand_over == HandOverMode::Automatic)?;
        let gate = agreement.gate(next.stage);
        let open = |score| gate.is_none_or(|gate| self.is_open(gate, score));
        let goes = open(self.lead.demand.score) && !(self.was_returned() && open(self.before));
        goes.then(|| Self::command(place, next, gate)).flatten()
    }

    /// A step within the department needs criteria that let it happen by itself; without any, a person decides it.
    fn command(place: Place, next: &Step, gate: Option<&Gate>) -> Option<Command> {
        if next.department != place.department {
            return Some(Command::HandOver { wish: Wish::default() });
        }
        let decides = gate.is_some_and(|gate| !gate.all.is_empty() || !gate.any.is_empty());
        let to: OpenStage = next.stage;
        (decides && !to.is_accepted()).then_some(Command::Qualify { to })
    }

    fn was_returned(&self) -> bool {
        self.lead.last_act.is_some_and(|last| matches!(last.act, Act::Reject | Act::Withdraw | Act::Reopen))
    }

    fn is_open(&self, gate: &Gate, score: Score) -> bool {
        let demand = Demand { score, ..self.lead.demand.clone() };
        gate.unmet(&self.evidence(&demand)).is_empty()
    }

    /// Whether there are criteria and all hold.
    fn hold(&self, criteria: &[Criterion], score: Score) -> bool {
        if criteria.is_empty() {
            return false;
        }
        let demand = Demand { score, ..self.lead.demand.clone() };
        let evidence = self.evidence(&demand);
        criteria.iter().all(|criterion| criterion.holds(&criterion.measure.read(&evidence)))
    }

    fn evidence<'b>(&'b self, demand: &'b Demand) -> Evidence<'b> {
        let Watch { person, company, campaign, .. } = *self.watch;
        let captured_at = self.lead.captured_at;
        Evidence { demand, origin: &self.lead.origin, person, company, campaign, captured_at, now: self.now }
    }
}
