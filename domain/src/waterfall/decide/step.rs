//! Acts within a department: qualify, reassign, reactivate, retrack.

use crate::department::Department;
use crate::routing::place::Wish;
use crate::waterfall::event::LeadEvent;
use crate::waterfall::reason::ReassignReason;
use crate::waterfall::refusal::Refusal;
use crate::waterfall::stage::OpenStage;
use crate::waterfall::state::{LeadState, Place};
use crate::waterfall::track::Entry;

use super::{Case, crossing};
use crate::agreement::HandOverMode;

pub(super) fn qualify(case: &Case<'_>, to: OpenStage) -> Result<Vec<LeadEvent>, Refusal> {
    let LeadState::Working { place } = &case.lead.state else { return Err(case.unlawful()) };
    let track = case.facts.track;
    let next = track.next(place.stage).filter(|next| next.department == place.department && next.entry == Entry::Qualify);
    if next.is_none_or(|next| next.stage != to) {
        return Err(case.unlawful());
    }
    case.must_be(place.department)?;
    let agreement = case.gate(place.department, track.taker_after(place.department), to)?;
    let owner = case.taken_by(*place);
    let reached = Place { stage: to, ..owner };
    let mut events = vec![LeadEvent::Qualified { from: place.stage, place: reached }];
    events.extend(case.opening(to));
    let crosses = track.next(to).is_some_and(|next| next.department != place.department);
    if crosses && agreement.hand_over == HandOverMode::Automatic {
        // what does not go on by itself waits for a person; the qualification stands
        events.extend(crossing::offer(case, reached, Wish::default()).unwrap_or_default());
    }
    Ok(events)
}

pub(super) fn reassign(case: &Case<'_>, wish: Wish, reason: ReassignReason) -> Result<Vec<LeadEvent>, Refusal> {
    let (department, previous) = match &case.lead.state {
        LeadState::Working { place } => (place.department, place.placement),
        LeadState::Offered { taker, placement, .. } => (*taker, *placement),
        LeadState::Nurturing { .. } | LeadState::Won { .. } | LeadState::Lost { .. } | LeadState::Disqualified { .. } => {
            return Err(case.unlawful());
        }
    };
    case.must_be(department)?;
    let unknown = Refusal::UnknownTaker { act: case.act, department };
    if wish == Wish::default() {
        return Err(unknown);
    }
    let placement = case.placed(department, wish).map_err(|_| unknown)?;
    Ok(vec![LeadEvent::Reassigned { previous, placement, reason }])
}

pub(super) fn reactivate(case: &Case<'_>) -> Result<Vec<LeadEvent>, Refusal> {
    let LeadState::Nurturing { placement, .. } = &case.lead.state else { return Err(case.unlawful()) };
    case.must_be(Department::Marketing)?;
    let track = case.facts.other_track.unwrap_or(case.facts.track);
    let number = case.lead.passage_number.saturating_add(1);
    // whoever kept it goes on with it, unless routing found somebody
    let found = case.routed(Department::Marketing).filter(|found| found.person.is_some());
    let place = Place { stage: OpenStage::Lead, department: Department::Marketing, placement: found.unwrap_or(*placement) };
    Ok(vec![LeadEvent::Reactivated { passage: case.facts.draws.passage, number, track: track.reference(), place }])
}

pub(super) fn retrack(case: &Case<'_>) -> Result<Vec<LeadEvent>, Refusal> {
    let LeadState::Working { place } = &case.lead.state else { return Err(case.unlawful()) };
    let Some(track) = case.facts.other_track else { return Err(case.unlawful()) };
    case.must_be(place.department)?;
    if track.step(place.stage).is_none_or(|step| step.department != place.department) {
        let own = track.steps().iter().filter(|step| step.department == place.department);
        let alternatives = own.map(|step| step.stage).collect();
        return Err(Refusal::StageNotOnTrack { act: case.act, track: track.key().clone(), stage: place.stage, alternatives });
    }
    let mut events = vec![LeadEvent::Retracked { from: case.lead.track.clone(), to: track.reference() }];
    let opens = track.step(place.stage).is_some_and(|step| step.opens_opportunity);
    if opens && case.facts.opportunity.is_none() {
        events.push(LeadEvent::OpportunityOpened { opportunity: case.facts.draws.opportunity });
    }
    Ok(events)
}

impl Case<'_> {
    /// A place as it is after this actor worked on it: whoever works on demand from the queue becomes its owner.
    pub(super) fn taken_by(&self, place: Place) -> Place {
        let Some(user) = self.facts.actor.user.filter(|_| place.placement.person.is_none()) else { return place };
        let roster = self.facts.roster;
        let own = place.placement.team.and_then(|id| roster.team(id)).filter(|team| team.members.contains(&user));
        let team = own.or_else(|| roster.team_of(place.department, user));
        team.map_or(place, |team| Place { placement: crate::routing::Placement::with(Some(team.id), user), ..place })
    }

    /// A place as a lead comes back to it: who is not an active member any more has left it to the team's queue.
    pub(super) fn returned(&self, place: Place) -> Place {
        let Some(person) = place.placement.person else { return place };
        let roster = self.facts.roster;
        if roster.team_of(place.department, person).is_some() {
            return place;
        }
        let wish = Wish { person: None, team: place.placement.team };
        let queued = crate::routing::place::place(roster, place.department, self.lead.demand.country, wish)
            .unwrap_or_else(|_| crate::routing::Placement::queued(None, crate::routing::QueueReason::NoTeam));
        Place { placement: queued, ..place }
    }
}
