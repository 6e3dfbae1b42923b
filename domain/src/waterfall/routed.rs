//! Where routing meets the waterfall: which acts send a lead somewhere, and how a decision gets into what was captured.

use chrono::{DateTime, Utc};

use crate::agreement::{AgreementBook, HandOverMode, Matter};
use crate::company::Company;
use crate::department::Department;
use crate::routing::place::Wish;
use crate::routing::{Directory, Placement, RoutingCause, RoutingDecision};

use super::change::Change;
use super::command::Command;
use super::event::LeadEvent;
use super::lead::Lead;
use super::state::LeadState;
use super::track::Track;

/// What must be routed before an act is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoutingNeed {
    /// The department that is to get the lead.
    pub department: Department,
    /// Whom the sender asks for.
    pub wish: Wish,
    /// Why.
    pub cause: RoutingCause,
}

/// Where a command would send a lead, if it is lawful; nothing when it sends it nowhere. An agreement that hands over by
/// itself makes a step a hand-over.
pub fn need(
    lead: &Lead,
    command: &Command,
    company: Option<&Company>,
    track: &Track,
    (agreements, directory): (&AgreementBook, &Directory),
    now: DateTime<Utc>,
) -> Option<RoutingNeed> {
    let need = |department, wish, cause| Some(RoutingNeed { department, wish, cause });
    match (command, &lead.state) {
        (Command::HandOver { wish }, LeadState::Working { place }) => {
            let next = track.next(place.stage).filter(|next| next.department != place.department)?;
            need(next.department, *wish, RoutingCause::HandOver)
        }
        (Command::Qualify { to }, LeadState::Working { place }) => {
            let next = track.next(*to).filter(|next| next.department != place.department)?;
            let matter = Matter::of(lead, company, directory);
            let agreement = agreements.governing(place.department, track.taker_after(place.department), &matter, now)?;
            let by_itself = agreement.hand_over == HandOverMode::Automatic;
            by_itself.then_some(())?;
            need(next.department, Wish::default(), RoutingCause::HandOver)
        }
        (Command::Reassign { wish, .. }, LeadState::Working { place }) => {
            need(place.department, *wish, RoutingCause::Reassignment)
        }
        (Command::Reassign { wish, .. }, LeadState::Offered { taker, .. }) => need(*taker, *wish, RoutingCause::Reassignment),
        (Command::Reactivate, LeadState::Nurturing { placement, .. }) => {
            // the team that kept it gets it, and somebody of it
            let wish = Wish { person: None, team: placement.team };
            need(Department::Marketing, wish, RoutingCause::Reactivation)
        }
        (
            Command::HandOver { .. }
            | Command::Qualify { .. }
            | Command::Reassign { .. }
            | Command::Reactivate
            | Command::Accept
            | Command::Reject { .. }
            | Command::Withdraw
            | Command::Recycle { .. }
            | Command::Disqualify { .. }
            | Command::Win { .. }
            | Command::Lose { .. }
            | Command::Reopen { .. }
            | Command::Retrack { .. },
            _,
        ) => None,
    }
}

/// Whether events put the lead where a decision says.
pub(super) fn is_used(decision: &RoutingDecision, events: &[LeadEvent]) -> bool {
    let placed = |placement: &Placement| *placement == decision.placement();
    events.iter().any(|event| match event {
        LeadEvent::HandedOver { placement, .. } | LeadEvent::Reassigned { placement, .. } => placed(placement),
        LeadEvent::Transferred { place, .. } | LeadEvent::Reactivated { place, .. } | LeadEvent::Captured { place, .. } => {
            placed(&place.placement)
        }
        LeadEvent::Updated { .. }
        | LeadEvent::Scored { .. }
        | LeadEvent::Qualified { .. }
        | LeadEvent::Accepted { .. }
        | LeadEvent::Rejected { .. }
        | LeadEvent::Withdrawn { .. }
        | LeadEvent::Recycled { .. }
        | LeadEvent::Disqualified { .. }
        | LeadEvent::Won { .. }
        | LeadEvent::Lost { .. }
        | LeadEvent::Reopened { .. }
        | LeadEvent::Retracked { .. }
        | LeadEvent::OpportunityOpened { .. }
        | LeadEvent::CustomerHandedOver { .. } => false,
    })
}

/// Whether a lead that was just captured or imported waits for routing: it is worked on, and nobody has it.
pub fn awaits(change: &Change) -> Option<Department> {
    match &change.lead.state {
        LeadState::Working { place } if place.placement.person.is_none() => Some(place.department),
        LeadState::Working { .. }
        | LeadState::Offered { .. }
        | LeadState::Nurturing { .. }
        | LeadState::Won { .. }
        | LeadState::Lost { .. }
        | LeadState::Disqualified { .. } => None,
    }
}

/// Puts a lead that was just captured or imported where routing decided, in all that tells where it stands.
pub fn put(change: &mut Change, decision: RoutingDecision) {
    let placement = decision.placement();
    if let LeadState::Working { place } = &mut change.lead.state {
        place.placement = placement;
    }
    if let Some(last) = change.transitions.last_mut() {
        last.placement = placement;
    }
    let placed = change.events.iter_mut().rev().find_map(|event| match event {
        LeadEvent::Captured { place, .. } | LeadEvent::Qualified { place, .. } | LeadEvent::Accepted { place, .. } => Some(place),
        LeadEvent::Updated { .. }
        | LeadEvent::Scored { .. }
        | LeadEvent::HandedOver { .. }
        | LeadEvent::Transferred { .. }
        | LeadEvent::Rejected { .. }
        | LeadEvent::Withdrawn { .. }
        | LeadEvent::Reassigned { .. }
        | LeadEvent::Recycled { .. }
        | LeadEvent::Reactivated { .. }
        | LeadEvent::Disqualified { .. }
        | LeadEvent::Won { .. }
        | LeadEvent::Lost { .. }
        | LeadEvent::Reopened { .. }
        | LeadEvent::Retracked { .. }
        | LeadEvent::OpportunityOpened { .. }
        | LeadEvent::CustomerHandedOver { .. } => None,
    });
    if let Some(place) = placed {
        place.placement = placement;
    }
    change.routing = Some(Box::new(decision));
}
