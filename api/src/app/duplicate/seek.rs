//! Looks for records like those that come in or changed, and keeps the pairs.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::company::Company;
use fairfall_domain::id::{AnyId, CompanyId, LeadId, PersonId, UserId};
use fairfall_domain::matching::{CompanyRecord, Duplicate, DuplicatePair, MatchBand, PersonRecord, assess};
use fairfall_domain::person::Person;
use fairfall_domain::waterfall::event::EventKind;
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::journal::{self, NewEntry};
use fairfall_persistence::repo;
use fairfall_persistence::repo::match_key::WantedCompany;

use crate::app::{AppError, Caller};
use crate::clock::new_id;

/// By whose doing records come in or change.
#[derive(Clone, Debug)]
pub(in crate::app) struct Finder {
    /// Who; nobody from the command line.
    pub(in crate::app) actor: Option<UserId>,
    /// When.
    pub(in crate::app) at: DateTime<Utc>,
    /// The leads with which people came in: who may see one may follow what is found of its person.
    pub(in crate::app) leads: BTreeMap<PersonId, LeadId>,
}

impl Finder {
    /// A caller who makes or changes a record.
    pub(in crate::app) const fn of(caller: &Caller, at: DateTime<Utc>) -> Self {
        Self { actor: Some(caller.actor.user), at, leads: BTreeMap::new() }
    }

    /// A capture that brought a person in.
    pub(in crate::app) fn with_lead(mut self, person: PersonId, lead: LeadId) -> Self {
        self.leads.insert(person, lead);
        self
    }
}

/// Looks for people like these, who are stored; pairs that are not found any more are taken away.
pub(in crate::app) async fn people(uow: &UnitOfWork, people: &[Person], by: &Finder) -> Result<(), AppError> {
    let near = repo::match_key::like_people(uow, people).await?;
    let names =
        company_names(uow, people.iter().filter(|person| near.get(&person.id).is_some_and(|found| !found.is_empty()))).await?;
    let mut found = Vec::new();
    for person in people {
        let company = person.company.and_then(|id| names.get(&id)).map(String::as_str);
        let record = PersonRecord::of_person(person, company);
        let mut pairs = Vec::new();
        for other in near.get(&person.id).map_or(&[][..], Vec::as_slice) {
            let account = assess::people(&record, &PersonRecord::of_person(&other.person, other.company.as_deref()));
            let pair = DuplicatePair::persons(person.id, other.person.id);
            pairs.extend(pair.and_then(|pair| Duplicate::found(new_id(), pair, &account, by.at)));
        }
        settle_old(uow, AnyId::Person(person.id), person.version, &pairs).await?;
        found.append(&mut pairs);
    }
    keep(uow, &found, by).await
}

/// Looks for companies like these, which are stored.
pub(in crate::app) async fn companies(uow: &UnitOfWork, companies: &[Company], by: &Finder) -> Result<(), AppError> {
    let wanted: Vec<WantedCompany<'_>> = companies.iter().map(|company| WantedCompany { company, mail_domains: &[] }).collect();
    let near = repo::match_key::like_companies(uow, &wanted).await?;
    let mut found = Vec::new();
    for company in companies {
        let record = CompanyRecord::of_company(company, &[]);
        let mut pairs = Vec::new();
        for (other, domains) in near.get(&company.id).map_or(&[][..], Vec::as_slice) {
            let account = assess::companies(&record, &record_of(other, domains));
            let pair = DuplicatePair::companies(company.id, other.id);
            pairs.extend(pair.and_then(|pair| Duplicate::found(new_id(), pair, &account, by.at)));
        }
        settle_old(uow, AnyId::Company(company.id), company.version, &pairs).await?;
        found.append(&mut pairs);
    }
    keep(uow, &found, by).await
}

fn record_of(company: &Company, domains: &[String]) -> CompanyRecord {
    let domains: Vec<&str> = domains.iter().map(String::as_str).collect();
    CompanyRecord::of_company(company, &domains)
}

/// A record that is new has no pairs from before.
async fn settle_old(uow: &UnitOfWork, record: AnyId, version: u32, found: &[Duplicate]) -> Result<(), AppError> {
    if version > 1 {
        let pairs: Vec<DuplicatePair> = found.iter().map(|one| one.pair).collect();
        repo::duplicate::keep_open(uow, record, &pairs).await?;
    }
    Ok(())
}

async fn company_names(uow: &UnitOfWork, people: impl Iterator<Item = &Person>) -> Result<BTreeMap<CompanyId, String>, AppError> {
    let ids: BTreeSet<CompanyId> = people.filter_map(|person| person.company).collect();
    let ids: Vec<CompanyId> = ids.into_iter().collect();
    let found = repo::company::find_many(uow, &Grant::system(Action::ViewCompany), &ids).await?;
    Ok(found.into_iter().map(|company| (company.id, company.name.to_string())).collect())
}

/// Keeps what was found, and tells of new pairs that are at least likely.
async fn keep(uow: &UnitOfWork, found: &[Duplicate], by: &Finder) -> Result<(), AppError> {
    if found.is_empty() {
        return Ok(());
    }
    let fresh: BTreeSet<_> = repo::duplicate::put(uow, found).await?.into_iter().collect();
    let told = found.iter().filter(|one| fresh.contains(&one.id) && one.band <= MatchBand::Likely);
    let entries: Vec<NewEntry> = told.map(|one| entry(one, by)).collect();
    Ok(journal::append(uow, &entries).await?)
}

fn entry(found: &Duplicate, by: &Finder) -> NewEntry {
    let lead =
        found.pair.ids().iter().find_map(|id| if let AnyId::Person(person) = id { by.leads.get(person).copied() } else { None });
    NewEntry {
        event: new_id(),
        occurred_at: by.at,
        kind: EventKind::DuplicateFound,
        subject: AnyId::Duplicate(found.id),
        subject_version: 1,
        lead,
        actor: by.actor,
        // the two records are not named: whoever follows the lead may not see both
        payload: serde_json::json!({ "kind": found.pair.kind(), "band": found.band, "likelihood": found.likelihood() }),
    }
}

/// The stored person whom somebody described is for sure, beside the one with the same e-mail address: the same telephone number and name.
pub(in crate::app) async fn person_like(uow: &UnitOfWork, described: &Person) -> Result<Option<Person>, AppError> {
    let Some(phone) = &described.phone else { return Ok(None) };
    let record = PersonRecord::of_person(described, None);
    let known = repo::match_key::with_phone(uow, &[phone]).await?;
    let same = |known: &Person| assess::people(&record, &PersonRecord::of_person(known, None)).band == Some(MatchBand::Exact);
    Ok(known.into_iter().find(same))
}

/// The stored company which a described one is for sure, beside the one with the same name in the same country: the same register number, or the same
/// name and domain. The domain of whoever writes for it counts as one of its own.
pub(in crate::app) async fn company_like(
    uow: &UnitOfWork,
    described: &Company,
    mail_domain: Option<&str>,
) -> Result<Option<Company>, AppError> {
    let domains: Vec<&str> = mail_domain.into_iter().collect();
    let record = CompanyRecord::of_company(described, &domains);
    let wanted = WantedCompany { company: described, mail_domains: &domains };
    let near = repo::match_key::like_companies(uow, &[wanted]).await?.remove(&described.id).unwrap_or_default();
    let same = |(known, shared): &(Company, Vec<String>)| {
        assess::companies(&record, &record_of(known, shared)).band == Some(MatchBand::Exact)
    };
    Ok(near.into_iter().find(same).map(|(known, _)| known))
}
