//! Keeps what is known of a passage when it opens: from this, and from nothing that is learned later, its end is foretold.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::company::Company;
use fairfall_domain::forecast::snapshot::{Beside, Snapshot};
use fairfall_domain::person::Person;
use fairfall_domain::value::Code;
use fairfall_domain::waterfall::change::Change;
use fairfall_domain::waterfall::lead::Lead;
use fairfall_persistence::repo::lead::Dossier;
use fairfall_persistence::repo::passage_features::{Opening, insert_many};
use fairfall_persistence::{UnitOfWork, repo};

use crate::app::AppError;

fn beside<'a>(person: &Person, company: Option<&'a Company>) -> Beside<'a> {
    Beside {
        has_title: person.job_title.is_some(),
        industry: company.and_then(|company| company.industry.as_ref()),
        employees: company.and_then(|company| company.employees),
    }
}

/// Keeps the opening of a lead that was just captured. The company is that of the capture; the person's own is looked up.
pub(in crate::app) async fn captured(
    uow: &UnitOfWork,
    lead: &Lead,
    person: &Person,
    company: Option<&Company>,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let own = match (company, lead.company) {
        (None, Some(id)) => repo::company::find(uow, &Grant::system(Action::ViewCompany), id).await?,
        (Some(_), _) | (None, None) => None,
    };
    let snapshot = Snapshot::of(lead, &beside(person, company.or(own.as_ref())), now);
    Ok(insert_many(uow, &[Opening { passage: lead.passage, snapshot, grade: None }]).await?)
}

/// Keeps the opening of the passage that an act has opened, if it has.
pub(in crate::app) async fn reopened(
    uow: &UnitOfWork,
    change: &Change,
    dossier: &Dossier,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let Some(opened) = &change.opened else { return Ok(()) };
    let snapshot = Snapshot::of(&change.lead, &beside(&dossier.person, dossier.company.as_ref()), now);
    Ok(insert_many(uow, &[Opening { passage: opened.id, snapshot, grade: None }]).await?)
}

/// The opening of an imported passage. One that is open is known as of now. Of one that has ended, only where it came from is known to be older
/// than its end, and the attributes of which the map says so.
pub(in crate::app) fn imported(
    change: &Change,
    person: &Person,
    company: Option<&Company>,
    at_capture: &BTreeSet<Code>,
    now: DateTime<Utc>,
) -> Opening {
    let (lead, passage) = (&change.lead, &change.passage);
    let (snapshot, grade) = if passage.closed.is_none() {
        (Snapshot::of(lead, &beside(person, company), now), None)
    } else {
        let origin = Snapshot::of_origin(lead, passage.opened_at);
        (origin.with_attributes(lead, at_capture), Some(lead.demand.score.grade()))
    };
    Opening { passage: passage.id, snapshot, grade }
}
