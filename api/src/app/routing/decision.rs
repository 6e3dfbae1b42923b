//! Decisions about who gets a lead, as far as the caller may see the lead.

use fairfall_domain::access::Action;
use fairfall_domain::id::{LeadId, RoutingDecisionId};
use fairfall_persistence::repo;
use fairfall_persistence::repo::routing_decision::StoredDecision;

use crate::app::{App, AppError, Caller};

/// Some decisions, in no order; those about leads that the caller may not see are left out.
///
/// # Errors
/// When the database fails.
pub async fn find_many(app: &App, caller: &Caller, ids: &[RoutingDecisionId]) -> Result<Vec<StoredDecision>, AppError> {
    let Some(grant) = caller.may(Action::ViewLead).filter(|_| caller.may(Action::ViewRouting).is_some()) else {
        return Ok(Vec::new());
    };
    Ok(repo::routing_decision::find_many(&app.reader(), &grant, ids).await?)
}

/// The decisions about some leads, the newest first, as [`find_many`].
///
/// # Errors
/// When the database fails.
pub async fn of_leads(app: &App, caller: &Caller, leads: &[LeadId]) -> Result<Vec<StoredDecision>, AppError> {
    let Some(grant) = caller.may(Action::ViewLead).filter(|_| caller.may(Action::ViewRouting).is_some()) else {
        return Ok(Vec::new());
    };
    Ok(repo::routing_decision::of_leads(&app.reader(), &grant, leads).await?)
}
