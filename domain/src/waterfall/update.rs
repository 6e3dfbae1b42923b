//! Updates: what is learned about the demand. Nobody can set a stage.

use chrono::{DateTime, Utc};

use super::change::{Change, Outcome};
use super::event::LeadEvent;
use super::lead::{Demand, Lead};
use super::passage::Passage;
use super::refusal::Refusal;
use super::state::LeadState;
use super::track::Track;
use crate::id::CompanyId;

/// What an update changes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateOrder {
    /// The demand as it is to be.
    pub demand: Demand,
    /// The company as it is to be.
    pub company: Option<CompanyId>,
}

/// Changes what is known of an open or resting lead.
///
/// # Errors
/// A closed lead is not changed any more: its figures are in reports.
pub fn update(lead: &Lead, passage: &Passage, order: UpdateOrder, track: &Track, now: DateTime<Utc>) -> Result<Outcome, Refusal> {
    if matches!(lead.state, LeadState::Won { .. } | LeadState::Lost { .. } | LeadState::Disqualified { .. }) {
        return Err(Refusal::Closed { stage: lead.state.stage(), lawful: super::lawful::in_state(&lead.state, track) });
    }
    let fields = changed_fields(lead, &order);
    if fields.is_empty() {
        return Ok(Outcome::AlreadyDone);
    }
    let lead = Lead {
        version: lead.version.saturating_add(1),
        demand: order.demand,
        company: order.company,
        updated_at: now,
        ..lead.clone()
    };
    let events = vec![LeadEvent::Updated { fields }];
    let passage = passage.clone();
    Ok(Outcome::Done(Box::new(Change {
        lead,
        passage,
        opened: None,
        opportunity: None,
        customer: None,
        transitions: Vec::new(),
        events,
        routing: None,
        clocks: Vec::new(),
        clock_steps: Vec::new(),
    })))
}

fn changed_fields(lead: &Lead, order: &UpdateOrder) -> Vec<String> {
    let (old, new) = (&lead.demand, &order.demand);
    let changes = [
        ("productArea", old.product_area != new.product_area),
        ("title", old.title != new.title),
        ("value", old.value != new.value),
        ("bant", old.bant != new.bant),
        ("score", old.score != new.score),
        ("country", old.country != new.country),
        ("subdivision", old.subdivision != new.subdivision),
        ("postalCode", old.postal_code != new.postal_code),
        ("language", old.language != new.language),
        ("attributes", old.attributes != new.attributes),
        ("company", lead.company != order.company),
    ];
    changes.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name.to_owned()).collect()
}
