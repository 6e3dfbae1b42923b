//! The first score of a lead: what is known of it, and what its person did before.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fairfall_domain::campaign::Campaign;
use fairfall_domain::company::Company;
use fairfall_domain::id::PersonId;
use fairfall_domain::person::Person;
use fairfall_domain::scoring::Score;
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::rescore::is_scored;
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo;
use fairfall_persistence::repo::activity::{Holding, HourCount};
use fairfall_persistence::repo::lead_score::{LeadScore, Scorable};

use super::{Looked, scored, tally_of};
use crate::app::AppError;
use crate::app::rules::Rules;

/// A lead that begins, not yet stored.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) struct Beginning<'a> {
    /// The lead.
    pub(in crate::app) lead: &'a Lead,
    /// Its person.
    pub(in crate::app) person: &'a Person,
    /// Its company.
    pub(in crate::app) company: Option<&'a Company>,
    /// Its campaign.
    pub(in crate::app) campaign: Option<&'a Campaign>,
}

/// What people who were known before did, counted. Nothing more is recorded for them until the unit of work ends.
pub(in crate::app) async fn before(uow: &UnitOfWork, known: &[PersonId]) -> Result<BTreeMap<PersonId, Vec<HourCount>>, AppError> {
    if known.is_empty() {
        return Ok(BTreeMap::new());
    }
    repo::activity::hold(uow, known, Holding::Alone).await?;
    Ok(repo::activity::counts_of(uow, known).await?)
}

/// The first score of a lead, of what was counted before.
pub(in crate::app) fn first(
    rules: &Rules,
    beginning: Beginning<'_>,
    before: &BTreeMap<PersonId, Vec<HourCount>>,
    at: DateTime<Utc>,
) -> Looked {
    let Beginning { lead, person, company, campaign } = beginning;
    let score = LeadScore {
        tally: tally_of(lead.id, before.get(&person.id).map_or(&[][..], Vec::as_slice)),
        ..LeadScore::new(lead.id, at)
    };
    let one = Scorable { lead: lead.clone(), person: person.clone(), company: company.cloned(), score: Some(score) };
    // what ended elsewhere gets no points any more
    if !is_scored(lead) {
        return Looked { before: Score::default(), now: one, campaign: campaign.cloned(), event: None, moved: false };
    }
    let looked = scored(rules, one, campaign.cloned(), at);
    // a beginning is no change: its event tells of it
    let mut now = looked.now;
    now.lead.version = lead.version;
    now.lead.updated_at = lead.updated_at;
    Looked { before: Score::default(), now, event: None, ..looked }
}
