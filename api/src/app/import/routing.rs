//! Where the leads of a chunk go: in the order of their rows, each as if it had come alone.

use chrono::{DateTime, Utc};
use fairfall_domain::routing::RoutingCause;
use fairfall_domain::routing::place::Wish;
use fairfall_domain::waterfall::lead::Lead;
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo::import::ImportedLead;

use super::score::Party;
use crate::app::AppError;
use crate::app::lead::{Subject, route_new};
use crate::app::rules::Rules;

/// Routes the open leads of a chunk that nobody has by their history; `parties` stand in the order of the leads.
pub(super) async fn begin(
    uow: &UnitOfWork,
    rules: &Rules,
    leads: &mut [ImportedLead],
    parties: &[Party],
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let known: Vec<Lead> = leads.iter().map(|imported| imported.change.lead.clone()).collect();
    let mut fresh: Vec<_> = leads
        .iter_mut()
        .zip(&known)
        .zip(parties)
        .map(|((imported, lead), party)| {
            (&mut imported.change, Subject { lead, person: &party.person, company: party.company.as_ref() })
        })
        .collect();
    route_new(uow, rules, &mut fresh, Wish::default(), RoutingCause::Import, now).await
}
