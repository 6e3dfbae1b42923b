//! The first scores of imported leads: by what is known of them, and by what their people did before. One statement reads for a whole chunk, and
//! only when people of it were known before.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use fairfall_domain::company::Company;
use fairfall_domain::id::PersonId;
use fairfall_domain::person::Person;
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo::import::ImportedLead;
use fairfall_persistence::repo::lead_score::LeadScore;

use crate::app::AppError;
use crate::app::rules::Rules;
use crate::app::score::{Beginning, before, first};

/// What the score of a row's lead depends on.
#[derive(Clone, Debug)]
pub(super) struct Party {
    pub(super) person: Person,
    pub(super) was_known: bool,
    pub(super) company: Option<Company>,
}

/// Gives the leads of a chunk their first scores; `parties` stand in the order of the leads. Answers what is to be stored once the leads are.
pub(super) async fn begin(
    uow: &UnitOfWork,
    rules: &Rules,
    leads: &mut [ImportedLead],
    parties: &[Party],
    now: DateTime<Utc>,
) -> Result<Vec<LeadScore>, AppError> {
    let known: BTreeSet<PersonId> = parties.iter().filter(|party| party.was_known).map(|party| party.person.id).collect();
    let counts = before(uow, &known.into_iter().collect::<Vec<_>>()).await?;
    // a campaign that the file made is not aimed at named companies, so that nothing is missed by not having it yet
    let named = leads.iter().filter_map(|imported| imported.change.lead.origin.campaign).collect();
    let campaigns = rules.campaigns_of(uow, named).await?;
    let mut scores = Vec::with_capacity(leads.len());
    for (imported, party) in leads.iter_mut().zip(parties) {
        let lead = &mut imported.change.lead;
        let campaign = lead.origin.campaign.and_then(|id| campaigns.get(&id));
        let company = party.company.as_ref();
        let looked = first(rules, Beginning { lead, person: &party.person, company, campaign }, &counts, now);
        lead.demand.score = looked.now.lead.demand.score;
        scores.extend(looked.now.score);
    }
    Ok(scores)
}
