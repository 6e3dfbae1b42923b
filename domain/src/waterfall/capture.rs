//! Capture: the act that makes a lead.

use chrono::{DateTime, Utc};

use crate::access::DepartmentSet;
use crate::department::Department;
use crate::id::{CompanyId, LeadId, OpportunityId, PassageId, PersonId, TransitionId};
use crate::routing::place::{Wish, place};
use crate::routing::{Placement, Roster};

use super::act::Act;
use super::change::Change;
use super::event::LeadEvent;
use super::execute::opportunity_of;
use super::lead::{Demand, Lead, Origin};
use super::passage::Passage;
use super::refusal::Refusal;
use super::state::{LeadState, Place};
use super::track::{Step, Track};
use super::transition::Transition;

/// Ids drawn for a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaptureDraws {
    /// The lead.
    pub lead: LeadId,
    /// Its first passage.
    pub passage: PassageId,
    /// The transition.
    pub transition: TransitionId,
    /// The opportunity, when the first step opens one.
    pub opportunity: OpportunityId,
}

/// Demand to be captured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureOrder {
    /// Fresh ids.
    pub draws: CaptureDraws,
    /// Whose demand it is.
    pub person: PersonId,
    /// The company.
    pub company: Option<CompanyId>,
    /// Where it came from.
    pub origin: Origin,
    /// What is known of it.
    pub demand: Demand,
    /// Whom it should go to, if anybody in particular.
    pub wish: Wish,
}

/// Captures a lead: it starts at the first step of the department that created it, or at the track's first step when that department has
/// none. Who captures for its own department owns it; else it waits in the queue of the team that serves its country.
///
/// # Errors
/// [`Refusal::UnknownTaker`] when the wish names a person or team of another department.
pub fn capture(order: CaptureOrder, track: &Track, roster: &Roster, now: DateTime<Utc>) -> Result<Change, Refusal> {
    let department = order.origin.department;
    let Some(step) = track.first_of(department).or_else(|| track.steps().first()) else {
        return Err(Refusal::UnknownTaker { act: Act::Capture, department });
    };
    let placement = own_find(&order, step, roster)
        .map_or_else(|| place(roster, step.department, order.demand.country, order.wish), Ok)
        .map_err(|_| Refusal::UnknownTaker { act: Act::Capture, department: step.department })?;
    let at = Place { stage: step.stage, department: step.department, placement };
    Ok(captured(order, track, step, at, now))
}

/// The captor's own placement, when nobody else is asked for and the captor works in the department of the step.
fn own_find(order: &CaptureOrder, step: &Step, roster: &Roster) -> Option<Placement> {
    let captor = order.origin.captured_by.filter(|_| order.wish == Wish::default())?;
    roster.team_of(step.department, captor).map(|team| Placement::with(Some(team.id), captor))
}

/// The change that opens a lead at a place.
pub(super) fn captured(order: CaptureOrder, track: &Track, step: &Step, place: Place, now: DateTime<Utc>) -> Change {
    let CaptureOrder { draws, person, company, origin, demand, wish: _ } = order;
    let lead = Lead {
        id: draws.lead,
        version: 1,
        person,
        company,
        touched: DepartmentSet::EMPTY.with(place.department).with(origin.department),
        origin,
        demand,
        track: track.reference(),
        passage: draws.passage,
        passage_number: 1,
        state: LeadState::Working { place },
        last_act: None,
        next_due: None,
        captured_at: now,
        stage_since: now,
        updated_at: now,
    };
    let passage = Passage::open(&lead, now);
    let mut events = vec![LeadEvent::Captured { place, passage: passage.id, track: track.reference() }];
    let opportunity = step.opens_opportunity.then(|| {
        events.push(LeadEvent::OpportunityOpened { opportunity: draws.opportunity });
        opportunity_of(&lead, draws.opportunity, now)
    });
    let transitions = vec![capture_transition(&lead, draws.transition, place, now)];
    Change {
        lead,
        passage,
        opened: None,
        opportunity,
        customer: None,
        transitions,
        events,
        routing: None,
        clocks: Vec::new(),
        clock_steps: Vec::new(),
    }
}

fn capture_transition(lead: &Lead, id: TransitionId, place: Place, at: DateTime<Utc>) -> Transition {
    Transition {
        id,
        lead: lead.id,
        passage: lead.passage,
        lead_version: 1,
        step: 0,
        at,
        act: Act::Capture,
        from_stage: None,
        to_stage: place.stage.into(),
        from_department: None,
        to_department: place.department,
        actor: lead.origin.captured_by,
        placement: place.placement,
        reason: None,
        note: None,
        agreement: None,
    }
}

/// The department that captures for a role: sales and service for their own finds, marketing for all else.
pub const fn origin_of(own: Option<Department>) -> Department {
    match own {
        Some(department) => department,
        None => Department::Marketing,
    }
}
