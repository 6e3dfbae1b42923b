//! Acts that end a passage, and the one that takes an end back.

use chrono::{DateTime, TimeDelta, Utc};

use crate::department::Department;
use crate::routing::place::{Wish, place};
use crate::routing::{Placement, QueueReason};
use crate::value::Money;
use crate::waterfall::apply::before;
use crate::waterfall::event::LeadEvent;
use crate::waterfall::facts::ActingParty;
use crate::waterfall::reason::{DisqualifyReason, LoseReason, RecycleReason, ReopenReason};
use crate::waterfall::refusal::Refusal;
use crate::waterfall::state::{Before, LeadState, Place};
use crate::waterfall::track::Closing;

use super::Case;

/// How long a loss or disqualification can be taken back, in days.
pub const REOPEN_DAYS_MAX: i64 = 30;

pub(super) fn recycle(
    case: &Case<'_>,
    reason: RecycleReason,
    resume_at: Option<DateTime<Utc>>,
) -> Result<Vec<LeadEvent>, Refusal> {
    let from = match &case.lead.state {
        LeadState::Working { place } | LeadState::Lost { place, .. } => *place,
        LeadState::Offered { .. } | LeadState::Nurturing { .. } | LeadState::Won { .. } | LeadState::Disqualified { .. } => {
            return Err(case.unlawful());
        }
    };
    case.must_be(from.department)?;
    if resume_at.is_some_and(|at| at <= case.now) {
        return Err(Refusal::ResumeInPast { act: case.act });
    }
    Ok(vec![LeadEvent::Recycled { reason, resume_at, placement: resting(case, from) }])
}

/// The marketing queue that keeps a resting lead: its own team when it rests from marketing, else the team of its country.
fn resting(case: &Case<'_>, from: Place) -> Placement {
    let team = from.placement.team.filter(|_| from.department == Department::Marketing);
    let wish = Wish { person: None, team };
    let placed = place(case.facts.roster, Department::Marketing, case.lead.demand.country, wish);
    placed.unwrap_or_else(|_| Placement::queued(None, QueueReason::NoTeam))
}

pub(super) fn disqualify(case: &Case<'_>, reason: DisqualifyReason) -> Result<Vec<LeadEvent>, Refusal> {
    if before(&case.lead.state).is_none() {
        return Err(case.unlawful());
    }
    case.must_be(case.lead.state.department())?;
    Ok(vec![LeadEvent::Disqualified { reason }])
}

/// The place of a lead that stands at the closing step of its track.
fn closing_place(case: &Case<'_>) -> Result<Place, Refusal> {
    let LeadState::Working { place } = &case.lead.state else { return Err(case.unlawful()) };
    if !case.facts.track.is_closing(place.stage) {
        return Err(case.unlawful());
    }
    case.must_be(place.department)?;
    Ok(case.taken_by(*place))
}

pub(super) fn win(case: &Case<'_>, amount: Option<Money>) -> Result<Vec<LeadEvent>, Refusal> {
    let closed_at = closing_place(case)?;
    if case.facts.actor == ActingParty::ITSELF && case.facts.track.closing() == Closing::Department {
        return Err(Refusal::WrongDepartment { act: case.act, department: closed_at.department });
    }
    let customer = case.facts.draws.customer;
    let placed = place(case.facts.roster, Department::CustomerService, case.lead.demand.country, Wish::default());
    let placement = placed.unwrap_or_else(|_| Placement::queued(None, QueueReason::NoTeam));
    let amount = amount.or(case.lead.demand.value);
    Ok(vec![LeadEvent::Won { place: closed_at, customer, amount }, LeadEvent::CustomerHandedOver { customer, placement }])
}

pub(super) fn lose(case: &Case<'_>, reason: LoseReason) -> Result<Vec<LeadEvent>, Refusal> {
    Ok(vec![LeadEvent::Lost { place: closing_place(case)?, reason }])
}

pub(super) fn reopen(case: &Case<'_>, reason: ReopenReason) -> Result<Vec<LeadEvent>, Refusal> {
    let (closed_at, state) = match &case.lead.state {
        LeadState::Lost { at, place, .. } | LeadState::Disqualified { at, was: Before::Working { place }, .. } => {
            (*at, LeadState::Working { place: case.returned(*place) })
        }
        LeadState::Disqualified { at, was: Before::Nurturing { reason, resume_at, placement }, .. } => {
            (*at, LeadState::Nurturing { reason: *reason, resume_at: *resume_at, placement: *placement })
        }
        LeadState::Working { .. } | LeadState::Offered { .. } | LeadState::Nurturing { .. } | LeadState::Won { .. } => {
            return Err(case.unlawful());
        }
    };
    case.must_be(case.lead.state.department())?;
    let until = closed_at + TimeDelta::days(REOPEN_DAYS_MAX);
    if case.now > until {
        return Err(Refusal::TooLate { act: case.act, until });
    }
    Ok(vec![LeadEvent::Reopened { reason, state: Box::new(state) }])
}
