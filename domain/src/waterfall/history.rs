//! Histories: leads that lived elsewhere, written as passages with their original times. Gates and agreements of today do not judge the past.

use chrono::{DateTime, Utc};

use crate::customer::{Customer, CustomerState};
use crate::department::Department;
use crate::id::{CustomerId, TransitionId, UserId};
use crate::opportunity::{Opportunity, OpportunityDecision, OpportunityRefusal};
use crate::routing::place::{Wish, place};
use crate::routing::{Placement, QueueReason, Roster};
use crate::violation::{ViolationCode, Violations};

use super::act::Act;
use super::apply::apply;
use super::capture::{CaptureOrder, captured};
use super::change::Change;
use super::event::LeadEvent;
use super::execute::{changed, opportunity_of, reason_of};
use super::passage::PassageOutcome;
use super::reason::{DisqualifyReason, LoseReason};
use super::stage::OpenStage;
use super::state::Place;
use super::track::{Entry, Track};
use super::transition::Transition;

/// A stage that was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastStep {
    /// The stage.
    pub stage: OpenStage,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// By whom, when known.
    pub by: Option<UserId>,
    /// The field of the record that told it; named by faults.
    pub field: String,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastEnd {
    /// Won, lost or disqualified.
    pub outcome: PastOutcome,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// By whom, when known.
    pub by: Option<UserId>,
    /// The field of the record that told it.
    pub field: String,
}

/// The ends that a history can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PastOutcome {
    /// Became a customer, for whom nothing waits any more.
    Won,
    /// Was lost.
    Lost(LoseReason),
    /// Was no lead.
    Disqualified(DisqualifyReason),
}

/// The past of a lead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// The stages reached after the first, in time.
    pub steps: Vec<PastStep>,
    /// The end, if it came.
    pub end: Option<PastEnd>,
}

/// Ids for a history: one per transition after the capture, and one for the customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastDraws {
    /// One id per step and one for the end.
    pub transitions: Vec<TransitionId>,
    /// The customer.
    pub customer: CustomerId,
}

/// Writes a history. `now` is the time of the import: nothing may lie after it.
///
/// # Errors
/// All faults at once: times out of order (named by their fields, against the capture under `captured_at`), times in the future, stages that
/// are not on the track or not after the one before.
pub fn write(
    order: CaptureOrder,
    past: &Past,
    draws: &PastDraws,
    track: &Track,
    roster: &Roster,
    captured_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Change, Violations> {
    check(past, track, captured_at, now)?;
    let Some(first) = track.steps().first() else {
        return Err(Violations::one("track", ViolationCode::Required, "a track needs steps"));
    };
    let by = order.origin.captured_by;
    let start =
        Place { stage: first.stage, department: first.department, placement: placed(roster, first.department, &order, by) };
    let opportunity = order.draws.opportunity;
    let country = order.demand.country;
    let wish = order.wish;
    let mut writer =
        Writer { change: captured(order, track, first, start, captured_at), track, roster, wish, country, opportunity };
    let mut ids = draws.transitions.iter().copied();
    for step in &past.steps {
        writer.step(step, ids.next());
    }
    if let Some(end) = &past.end {
        writer.end(end, draws.customer, ids.next());
    }
    Ok(writer.change)
}

fn placed(roster: &Roster, department: Department, order: &CaptureOrder, by: Option<UserId>) -> Placement {
    let own = by.and_then(|user| roster.team_of(department, user).map(|team| Placement::with(Some(team.id), user)));
    own.unwrap_or_else(|| queue(roster, department, order.demand.country, order.wish))
}

fn queue(roster: &Roster, department: Department, country: Option<crate::value::CountryCode>, wish: Wish) -> Placement {
    let asked = place(roster, department, country, wish);
    asked
        .or_else(|_| place(roster, department, country, Wish::default()))
        .unwrap_or_else(|_| Placement::queued(None, QueueReason::NoTeam))
}

fn check(past: &Past, track: &Track, captured_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Violations> {
    let mut faults = Violations::new();
    if captured_at > now {
        faults.add("captured_at", ViolationCode::OutOfRange, "lies in the future");
    }
    let mut last = ("captured_at", captured_at);
    let mut stage = track.steps().first().map_or(OpenStage::Lead, |step| step.stage);
    for step in &past.steps {
        in_order(&mut faults, &step.field, step.at, last, now);
        if !track.up_to(step.stage).any(|before| before == stage) || step.stage == stage {
            let message = format!("`{}` does not come after `{stage}` on track `{}`", step.stage, track.key());
            faults.add(&step.field, ViolationCode::Conflict, message);
        }
        stage = step.stage;
        last = (step.field.as_str(), step.at);
    }
    if let Some(end) = &past.end {
        in_order(&mut faults, &end.field, end.at, last, now);
    }
    faults.into_result()
}

fn in_order(faults: &mut Violations, field: &str, at: DateTime<Utc>, before: (&str, DateTime<Utc>), now: DateTime<Utc>) {
    if at < before.1 {
        faults.add(field, ViolationCode::Conflict, format!("lies before `{}`", before.0));
    }
    if at > now {
        faults.add(field, ViolationCode::OutOfRange, "lies in the future");
    }
}

struct Writer<'a> {
    change: Change,
    track: &'a Track,
    roster: &'a Roster,
    wish: Wish,
    country: Option<crate::value::CountryCode>,
    opportunity: crate::id::OpportunityId,
}

impl Writer<'_> {
    fn place(&self, stage: OpenStage, by: Option<UserId>) -> Place {
        let department = self.track.step(stage).map_or(Department::Marketing, |step| step.department);
        let own = by.and_then(|user| self.roster.team_of(department, user).map(|team| Placement::with(Some(team.id), user)));
        let placement = own.unwrap_or_else(|| queue(self.roster, department, self.country, self.wish));
        Place { stage, department, placement }
    }

    fn step(&mut self, step: &PastStep, id: Option<TransitionId>) {
        let from = self.change.passage.stage;
        let place = self.place(step.stage, step.by);
        let entry = self.track.step(step.stage).map_or(Entry::Qualify, |step| step.entry);
        let event = match entry {
            Entry::Accept => LeadEvent::Accepted { from, place },
            Entry::Capture | Entry::Qualify => LeadEvent::Qualified { from, place },
        };
        let act = if entry == Entry::Accept { Act::Accept } else { Act::Qualify };
        self.enter(step.stage, step.at);
        self.record(event, act, step.at, step.by, id);
    }

    fn end(&mut self, end: &PastEnd, customer: CustomerId, id: Option<TransitionId>) {
        match end.outcome {
            PastOutcome::Won => {
                let place = self.closing(end);
                self.change.passage.close(PassageOutcome::Won, end.at);
                let amount = self.change.lead.demand.value;
                self.end_opportunity(|opportunity| opportunity.win(amount, end.at));
                self.record(LeadEvent::Won { place, customer, amount }, Act::Win, end.at, end.by, id);
                self.customer(customer, end.at);
            }
            PastOutcome::Lost(reason) => {
                let place = self.closing(end);
                self.change.passage.close(PassageOutcome::Lost, end.at);
                self.end_opportunity(|opportunity| opportunity.lose(end.at));
                self.record(LeadEvent::Lost { place, reason }, Act::Lose, end.at, end.by, id);
            }
            PastOutcome::Disqualified(reason) => {
                self.change.passage.close(PassageOutcome::Disqualified, end.at);
                self.end_opportunity(|opportunity| opportunity.abandon(end.at));
                self.record(LeadEvent::Disqualified { reason }, Act::Disqualify, end.at, end.by, id);
            }
        }
    }

    /// Puts the passage at the closing step, where wins and losses happen.
    fn closing(&mut self, end: &PastEnd) -> Place {
        let stage = self.track.steps().last().map_or(OpenStage::Sql, |step| step.stage);
        self.enter(stage, end.at);
        self.place(stage, end.by)
    }

    /// Enters a stage: from its neighbour the time is known, over a gap it is not.
    fn enter(&mut self, stage: OpenStage, at: DateTime<Utc>) {
        let passage = &mut self.change.passage;
        if passage.stage == stage {
            return;
        }
        if self.track.next(passage.stage).is_some_and(|next| next.stage == stage) {
            passage.enter(stage, at);
        } else {
            passage.jump(stage, at, self.track.up_to(stage));
        }
        let opens = |step: &&super::track::Step| step.opens_opportunity;
        let opened = self.track.steps().iter().find(opens).is_some_and(|step| self.change.passage.reached.contains(step.stage));
        if opened && self.change.opportunity.is_none() {
            self.change.opportunity = Some(opportunity_of(&self.change.lead, self.opportunity, at));
            self.change.events.push(LeadEvent::OpportunityOpened { opportunity: self.opportunity });
        }
    }

    /// A customer of the past waits for nobody; the team that serves the country knows it.
    fn customer(&mut self, id: CustomerId, at: DateTime<Utc>) {
        let team = queue(self.roster, Department::CustomerService, self.country, Wish::default()).team;
        let lead = &self.change.lead;
        let opportunity = self.change.opportunity.as_ref().map(|opportunity| opportunity.id);
        self.change.customer = Some(Customer {
            id,
            version: 1,
            lead: lead.id,
            opportunity,
            person: lead.person,
            company: lead.company,
            team,
            state: CustomerState::Imported { at },
        });
    }

    fn end_opportunity(&mut self, end: impl FnOnce(&Opportunity) -> Result<OpportunityDecision, OpportunityRefusal>) {
        if let Some(ended) = self.change.opportunity.as_ref().and_then(|opportunity| changed(end(opportunity))) {
            self.change.opportunity = Some(ended);
        }
    }

    fn record(&mut self, event: LeadEvent, act: Act, at: DateTime<Utc>, actor: Option<UserId>, id: Option<TransitionId>) {
        let lead = &mut self.change.lead;
        let before = lead.state.clone();
        apply(lead, &event, at);
        lead.version = lead.version.saturating_add(1);
        if let Some(id) = id {
            let reason = reason_of(&event);
            self.change.transitions.push(Transition {
                id,
                lead: lead.id,
                passage: lead.passage,
                lead_version: lead.version,
                step: 0,
                at,
                act,
                from_stage: Some(before.stage()),
                to_stage: lead.state.stage(),
                from_department: Some(before.department()),
                to_department: lead.state.department(),
                actor,
                placement: lead.state.placement(),
                reason,
                note: None,
                agreement: None,
            });
        }
        self.change.events.push(event);
    }
}
