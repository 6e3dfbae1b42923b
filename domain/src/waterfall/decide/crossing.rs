//! Acts between departments: hand over, accept, reject, withdraw. Nothing crosses without them, unless the track says so.

use crate::routing::place::Wish;
use crate::routing::{Placement, RosterTeam};
use crate::waterfall::event::LeadEvent;
use crate::waterfall::reason::RejectReason;
use crate::waterfall::refusal::Refusal;
use crate::waterfall::state::{LeadState, Place};
use crate::waterfall::track::Entry;

use super::Case;
use crate::agreement::Agreement;
use crate::department::Department;
use crate::id::UserId;

pub(super) fn hand_over(case: &Case<'_>, wish: Wish) -> Result<Vec<LeadEvent>, Refusal> {
    let LeadState::Working { place } = &case.lead.state else { return Err(case.unlawful()) };
    if case.facts.track.next(place.stage).is_none_or(|next| next.department == place.department) {
        return Err(case.unlawful());
    }
    case.must_be(place.department)?;
    offer(case, case.taken_by(*place), wish)
}

/// Offers a lead that stands at the last step of a department, or transfers it when the next step is entered by criteria.
pub(super) fn offer(case: &Case<'_>, giver: Place, wish: Wish) -> Result<Vec<LeadEvent>, Refusal> {
    let Some(next) = case.facts.track.next(giver.stage) else { return Err(case.unlawful()) };
    let unknown = |_| Refusal::UnknownTaker { act: case.act, department: next.department };
    let placement = case.placed(next.department, wish).map_err(unknown)?;
    match next.entry {
        Entry::Capture => Err(case.unlawful()),
        Entry::Accept => {
            let agreement = case.gate(giver.department, next.department, next.stage)?.reference();
            Ok(vec![LeadEvent::HandedOver { giver, taker: next.department, enters: next.stage, placement, agreement }])
        }
        Entry::Qualify => {
            let agreement = case.gate(giver.department, next.department, next.stage)?.reference();
            let reached = Place { stage: next.stage, department: next.department, placement };
            let mut events = vec![LeadEvent::Transferred { from: giver.stage, place: reached, agreement }];
            events.extend(case.opening(next.stage));
            Ok(events)
        }
    }
}

pub(super) fn accept(case: &Case<'_>) -> Result<Vec<LeadEvent>, Refusal> {
    let (from, taker, enters, waiting) = match &case.lead.state {
        LeadState::Offered { giver, taker, enters, placement, .. } => (giver.stage, *taker, *enters, *placement),
        LeadState::Working { place } => {
            let next = case.facts.track.next(place.stage);
            let accepted = next.filter(|next| next.department == place.department && next.entry == Entry::Accept);
            let enters = match (accepted, place.placement.person) {
                (Some(next), _) => next.stage,
                (None, None) => place.stage,
                (None, Some(_)) => return Err(case.unlawful()),
            };
            (place.stage, place.department, enters, place.placement)
        }
        LeadState::Nurturing { .. } | LeadState::Won { .. } | LeadState::Lost { .. } | LeadState::Disqualified { .. } => {
            return Err(case.unlawful());
        }
    };
    case.must_be(taker)?;
    let user = case.facts.actor.user.ok_or(Refusal::NotTheTaker { act: case.act })?;
    let team = taking_team(case, taker, waiting, user).ok_or(Refusal::NotTheTaker { act: case.act })?;
    let place = Place { stage: enters, department: taker, placement: Placement::with(Some(team.id), user) };
    let mut events = vec![LeadEvent::Accepted { from, place }];
    events.extend(case.opening(enters));
    Ok(events)
}

/// The team in which a user takes what waits: the team it waits for, or any of the department when it waits for none.
fn taking_team<'a>(case: &Case<'a>, taker: Department, waiting: Placement, user: UserId) -> Option<&'a RosterTeam> {
    let roster = case.facts.roster;
    match waiting.team {
        Some(id) => roster.team(id).filter(|team| team.members.contains(&user)),
        None => roster.team_of(taker, user),
    }
}

pub(super) fn reject(case: &Case<'_>, reason: RejectReason) -> Result<Vec<LeadEvent>, Refusal> {
    let LeadState::Offered { giver, taker, agreement, .. } = &case.lead.state else { return Err(case.unlawful()) };
    case.must_be(*taker)?;
    let allowed = agreed_reasons(case.facts.agreements.by_id(agreement.id));
    // what nobody answered in time returns by itself; no person can say so
    let lapsed = reason == RejectReason::Lapsed && case.facts.actor.user.is_none();
    if !lapsed && !allowed.contains(&reason) {
        return Err(Refusal::ReasonNotAgreed { act: case.act, reason, allowed, agreement: agreement.clone() });
    }
    Ok(vec![LeadEvent::Rejected { taker: *taker, reason, place: case.returned(*giver) }])
}

/// The reasons for which people may return an offer under an agreement; all when it names none.
pub(in crate::waterfall) fn agreed_reasons(agreement: Option<&Agreement>) -> Vec<RejectReason> {
    let agreed = agreement.map_or(&[][..], |agreement| &agreement.reject_reasons);
    let known = RejectReason::ALL.iter().filter(|reason| agreed.is_empty() || agreed.contains(reason));
    known.filter(|reason| **reason != RejectReason::Lapsed).copied().collect()
}

pub(super) fn withdraw(case: &Case<'_>) -> Result<Vec<LeadEvent>, Refusal> {
    let LeadState::Offered { giver, .. } = &case.lead.state else { return Err(case.unlawful()) };
    case.must_be(giver.department)?;
    Ok(vec![LeadEvent::Withdrawn { place: case.returned(*giver) }])
}
