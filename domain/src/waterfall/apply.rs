//! Applies events to a lead. It never fails on what `decide` produced, because every fact needed is in the event.

use chrono::{DateTime, Utc};

use crate::department::Department;

use super::event::LeadEvent;
use super::lead::Lead;
use super::stage::Stage;
use super::state::{Before, LeadState};

/// Changes the lead by one event.
pub fn apply(lead: &mut Lead, event: &LeadEvent, at: DateTime<Utc>) {
    let before = lead.state.stage();
    if let Some(state) = next_state(lead, event, at) {
        lead.state = state;
    }
    match event {
        LeadEvent::HandedOver { taker, .. } => lead.touched = lead.touched.with(*taker),
        // the customer is handed over with the lead's whole story
        LeadEvent::Won { .. } => lead.touched = lead.touched.with(Department::CustomerService),
        LeadEvent::Reactivated { passage, number, track, .. } => {
            lead.passage = *passage;
            lead.passage_number = *number;
            lead.track = track.clone();
        }
        LeadEvent::Retracked { to, .. } => lead.track = to.clone(),
        LeadEvent::Captured { .. }
        | LeadEvent::Updated { .. }
        | LeadEvent::Scored { .. }
        | LeadEvent::Qualified { .. }
        | LeadEvent::Transferred { .. }
        | LeadEvent::Accepted { .. }
        | LeadEvent::Rejected { .. }
        | LeadEvent::Withdrawn { .. }
        | LeadEvent::Reassigned { .. }
        | LeadEvent::Recycled { .. }
        | LeadEvent::Disqualified { .. }
        | LeadEvent::Lost { .. }
        | LeadEvent::Reopened { .. }
        | LeadEvent::OpportunityOpened { .. }
        | LeadEvent::CustomerHandedOver { .. } => {}
    }
    lead.touched = lead.touched.with(lead.state.department());
    if lead.state.stage() != before {
        lead.stage_since = at;
    }
    lead.updated_at = at;
}

fn next_state(lead: &Lead, event: &LeadEvent, at: DateTime<Utc>) -> Option<LeadState> {
    Some(match event {
        LeadEvent::Captured { place, .. }
        | LeadEvent::Qualified { place, .. }
        | LeadEvent::Transferred { place, .. }
        | LeadEvent::Accepted { place, .. }
        | LeadEvent::Rejected { place, .. }
        | LeadEvent::Withdrawn { place }
        | LeadEvent::Reactivated { place, .. } => LeadState::Working { place: *place },
        LeadEvent::HandedOver { giver, taker, enters, placement, agreement } => LeadState::Offered {
            giver: *giver,
            taker: *taker,
            enters: *enters,
            placement: *placement,
            offered_at: at,
            agreement: agreement.clone(),
        },
        LeadEvent::Reassigned { placement, .. } => reassigned(&lead.state, *placement)?,
        LeadEvent::Recycled { reason, resume_at, placement } => {
            LeadState::Nurturing { reason: *reason, resume_at: *resume_at, placement: *placement }
        }
        LeadEvent::Disqualified { reason } => LeadState::Disqualified { at, reason: *reason, was: before(&lead.state)? },
        LeadEvent::Won { place, customer, .. } => LeadState::Won { at, place: *place, customer: *customer },
        LeadEvent::Lost { place, reason } => LeadState::Lost { at, reason: *reason, place: *place },
        LeadEvent::Reopened { state, .. } => (**state).clone(),
        LeadEvent::Updated { .. }
        | LeadEvent::Scored { .. }
        | LeadEvent::Retracked { .. }
        | LeadEvent::OpportunityOpened { .. }
        | LeadEvent::CustomerHandedOver { .. } => return None,
    })
}

fn reassigned(state: &LeadState, placement: crate::routing::Placement) -> Option<LeadState> {
    let mut state = state.clone();
    match &mut state {
        LeadState::Working { place } => place.placement = placement,
        LeadState::Offered { placement: offered, .. } => *offered = placement,
        LeadState::Nurturing { .. } | LeadState::Won { .. } | LeadState::Lost { .. } | LeadState::Disqualified { .. } => {
            return None;
        }
    }
    Some(state)
}

/// What a state is remembered as when the lead is disqualified; nothing for states that cannot be.
pub(super) const fn before(state: &LeadState) -> Option<Before> {
    match state {
        LeadState::Working { place } => Some(Before::Working { place: *place }),
        LeadState::Nurturing { reason, resume_at, placement } => {
            Some(Before::Nurturing { reason: *reason, resume_at: *resume_at, placement: *placement })
        }
        LeadState::Offered { .. } | LeadState::Won { .. } | LeadState::Lost { .. } | LeadState::Disqualified { .. } => None,
    }
}

/// The stage a state shows, for transitions.
pub(super) fn stage_of(state: &LeadState) -> Stage {
    state.stage()
}
