//! Records of an import that may be the same as others.

use chrono::{DateTime, Utc};
use fairfall_domain::company::Company;
use fairfall_domain::matching::{MatchBand, PersonRecord, assess};
use fairfall_domain::person::Person;
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo::import::ImportedLead;

use super::run::Job;
use crate::app::AppError;
use crate::app::duplicate::{Finder, seek_companies, seek_people};

/// Looks for records like those that a chunk brought, once they are stored.
pub(super) async fn propose(uow: &UnitOfWork, job: &Job, leads: &[ImportedLead], now: DateTime<Utc>) -> Result<(), AppError> {
    let companies: Vec<Company> = leads.iter().filter_map(|imported| imported.company.clone()).collect();
    let people: Vec<Person> = leads.iter().filter_map(|imported| imported.person.clone()).collect();
    let came_with = leads.iter().filter_map(|imported| Some((imported.person.as_ref()?.id, imported.change.lead.id)));
    let by = Finder { actor: job.actor.user, at: now, leads: came_with.collect() };
    seek_companies(uow, &companies, &by).await?;
    seek_people(uow, &people, &by).await
}

/// Whether a described person is a known one for sure.
pub(super) fn is_same(described: &Person, known: &Person) -> bool {
    let record = |person: &Person| PersonRecord::of_person(person, None);
    assess::people(&record(described), &record(known)).band == Some(MatchBand::Exact)
}
