//! The persons and companies of a chunk: whoever is known by address or name is taken, in the database and among the rows before.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::company::{Company, CompanyFields};
use fairfall_domain::origin::{FieldOrigin, Source};
use fairfall_domain::person::{Person, PersonFields};
use fairfall_domain::value::{EmailAddress, PhoneNumber};
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo;

use crate::app::AppError;
use crate::clock::new_id;

use super::matching::is_same;
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

/// The telephone number as a key; empty without one, under which nobody is kept.
fn phone_of(person: &Person) -> String {
    person.phone.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// Known persons by address and by telephone number, and companies by name.
#[derive(Debug, Default)]
pub(super) struct Contacts {
    persons: BTreeMap<String, Person>,
    /// Known persons by telephone number.
    called: BTreeMap<String, Vec<Person>>,
    companies: BTreeMap<String, Vec<Company>>,
}

impl Contacts {
    /// Looks up all whom these rows may mean.
    pub(super) async fn load<'a>(uow: &UnitOfWork, rows: impl Iterator<Item = &'a RowDraft> + Clone) -> Result<Self, AppError> {
        let grant = Grant::system(Action::CaptureLead);
        let emails: BTreeSet<String> = rows.clone().filter_map(|row| Some(row.person.email.as_ref()?.key())).collect();
        let names: BTreeSet<String> = rows.clone().filter_map(|row| Some(row.company.as_ref()?.name.key())).collect();
        let emails: Vec<&str> = emails.iter().map(String::as_str).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let persons = repo::person::find_many_for_capture(uow, &grant, &emails).await?;
        let mut called: BTreeMap<String, Vec<Person>> = BTreeMap::new();
        let phones: BTreeSet<&PhoneNumber> = rows.clone().filter_map(|row| row.person.phone.as_ref()).collect();
        for person in repo::match_key::with_phone(uow, &phones.into_iter().collect::<Vec<_>>()).await? {
            called.entry(phone_of(&person)).or_default().push(person);
        }
        let mut companies: BTreeMap<String, Vec<Company>> = BTreeMap::new();
        for (key, company) in repo::company::find_many_for_capture(uow, &grant, &names).await? {
            companies.entry(key).or_default().push(company);
        }
        Ok(Self { persons, called, companies })
    }

    /// The person of a row.
    pub(super) fn person(&self, fields: &PersonFields, company: Option<&Company>, now: DateTime<Utc>) -> Record<Person> {
        let described = Person::new(new_id(), fields.clone(), now).noting(None, &FieldOrigin::of(Source::Import, now));
        let known = match &fields.email {
            // the address of many may be that of somebody else, and an address may lead to somebody by a merge
            Some(email) => self
                .persons
                .get(&email.key())
                .filter(|known| known.email.as_ref().map(EmailAddress::key) != Some(email.key()) || is_same(&described, known)),
            None => None,
        };
        let known = known.or_else(|| self.called.get(&phone_of(&described))?.iter().find(|known| is_same(&described, known)));
        known.map_or_else(
            || Record::Fresh(Person { company: described.company.or(company.map(|company| company.id)), ..described.clone() }),
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
        known.map_or_else(
            || Record::Fresh(Company::new(new_id(), fields.clone(), now).noting(None, &FieldOrigin::of(Source::Import, now))),
            |company| Record::Known(company.clone()),
        )
    }

    /// Makes what a row brought known to the rows after it.
    pub(super) fn keep(&mut self, person: Option<&Person>, company: Option<&Company>) {
        if let Some(person) = person {
            if let Some(email) = &person.email {
                self.persons.insert(email.key(), person.clone());
            }
            if person.phone.is_some() {
                self.called.entry(phone_of(person)).or_default().push(person.clone());
            }
        }
        if let Some(company) = company {
            self.companies.entry(company.name.key()).or_default().push(company.clone());
        }
    }
}
