//! The persons and companies of a chunk: whoever is known by address or name is taken, in the database and among the rows before.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::company::{Company, CompanyFields};
use fairfall_domain::person::{Person, PersonFields};
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo;

use crate::app::AppError;
use crate::clock::new_id;

use super::row::RowDraft;

/// A record that a row needs.
#[derive(Clone, Debug)]
pub(super) enum Record<T> {
    /// It is there.
    Known(T),
    /// It has to be stored.
    Fresh(T),
}

impl<T> Record<T> {
    /// The record.
    pub(super) const fn get(&self) -> &T {
        match self {
            Self::Known(record) | Self::Fresh(record) => record,
        }
    }

    /// The record, if it has to be stored.
    pub(super) fn fresh(self) -> Option<T> {
        match self {
            Self::Known(_) => None,
            Self::Fresh(record) => Some(record),
        }
    }

    /// Whether it has to be stored.
    pub(super) const fn is_fresh(&self) -> bool {
        matches!(self, Self::Fresh(_))
    }
}

/// Known persons by address and companies by name.
#[derive(Debug, Default)]
pub(super) struct Contacts {
    persons: BTreeMap<String, Person>,
    companies: BTreeMap<String, Vec<Company>>,
}

impl Contacts {
    /// Looks up all whom these rows may mean.
    pub(super) async fn load<'a>(uow: &UnitOfWork, rows: impl Iterator<Item = &'a RowDraft> + Clone) -> Result<Self, AppError> {
        let grant = Grant::system(Action::CaptureLead);
        let emails: BTreeSet<String> = rows.clone().filter_map(|row| Some(row.person.email.as_ref()?.key())).collect();
        let names: BTreeSet<String> = rows.filter_map(|row| Some(row.company.as_ref()?.name.key())).collect();
        let emails: Vec<&str> = emails.iter().map(String::as_str).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let persons = repo::person::find_many_for_capture(uow, &grant, &emails).await?;
        let mut companies: BTreeMap<String, Vec<Company>> = BTreeMap::new();
        for company in repo::company::find_many_for_capture(uow, &grant, &names).await? {
            companies.entry(company.name.key()).or_default().push(company);
        }
        Ok(Self { persons, companies })
    }

    /// The person of a row.
    pub(super) fn person(&self, fields: &PersonFields, company: Option<&Company>, now: DateTime<Utc>) -> Record<Person> {
        let known = fields.email.as_ref().and_then(|email| self.persons.get(&email.key()));
        known.map_or_else(
            || {
                let person = Person::new(new_id(), fields.clone(), now);
                Record::Fresh(Person { company: person.company.or(company.map(|company| company.id)), ..person })
            },
            |person| Record::Known(person.clone()),
        )
    }

    /// The company of a row: one in its country before one whose country is not known, as a capture takes it.
    pub(super) fn company(&self, fields: &CompanyFields, now: DateTime<Utc>) -> Record<Company> {
        let same_name = self.companies.get(&fields.name.key()).map_or(&[][..], Vec::as_slice);
        let located = same_name
            .iter()
            .find(|known| known.country.is_some() && (fields.country.is_none() || known.country == fields.country));
        let known = located.or_else(|| same_name.iter().find(|known| known.country.is_none()));
        known.map_or_else(|| Record::Fresh(Company::new(new_id(), fields.clone(), now)), |company| Record::Known(company.clone()))
    }

    /// Makes what a row brought known to the rows after it.
    pub(super) fn keep(&mut self, person: Option<&Person>, company: Option<&Company>) {
        if let Some(person) = person
            && let Some(email) = &person.email
        {
            self.persons.insert(email.key(), person.clone());
        }
        if let Some(company) = company {
            self.companies.entry(company.name.key()).or_default().push(company.clone());
        }
    }
}
