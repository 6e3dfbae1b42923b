//! Whom a capture belongs to: known people and companies are found again, new ones are made.

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::campaign::Campaign;
use fairfall_domain::company::Company;
use fairfall_domain::id::CampaignId;
use fairfall_domain::origin::{FieldOrigin, Source};
use fairfall_domain::person::Person;
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo;

use super::consent::{learn, said};
use super::matching;
use super::read::{CompanyRead, PersonRead, Read};
use crate::app::person::refuse_erased;
use crate::app::protection::refuse_suppressed;
use crate::app::{AppError, Caller};
use crate::clock::new_id;

/// The person with whether it still has to be stored.
pub(super) async fn person(
    caller: &Caller,
    uow: &UnitOfWork,
    read: &Read,
    now: DateTime<Utc>,
) -> Result<(Person, bool), AppError> {
    let grant = caller.must(Action::CaptureLead)?;
    match &read.person {
        PersonRead::Existing(id) => {
            let view = caller.must(Action::ViewPerson)?;
            let id = repo::merge::living::<Person>(uow, *id).await?;
            let found = repo::person::find(uow, &view, id).await?.ok_or_else(|| AppError::not_found("person.id"))?;
            refuse_erased(uow, found.id, "person.id").await?;
            Ok((learn(caller, uow, visited(uow, read, found, now).await?, &read.consents, now).await?, false))
        }
        PersonRead::New(fields) => {
            let person = Person::new(new_id(), (**fields).clone(), now).noting(None, &FieldOrigin::of(Source::Capture, now));
            if let Some(known) = matching::known_person(uow, &grant, &person).await? {
                return Ok((learn(caller, uow, visited(uow, read, known, now).await?, &read.consents, now).await?, false));
            }
            refuse_suppressed(uow, "person.new.", person.email.as_ref(), person.phone.as_ref(), &read.consents).await?;
            Ok((said(&read.visitor.complete(person, now), &read.consents), true))
        }
    }
}

/// A known person with the gaps that the visitor's request fills.
async fn visited(uow: &UnitOfWork, read: &Read, known: Person, now: DateTime<Utc>) -> Result<Person, AppError> {
    let filled = read.visitor.complete(known.clone(), now);
    if filled == known {
        return Ok(known);
    }
    let filled = Person { version: known.version.saturating_add(1), updated_at: now, ..filled };
    repo::person::update(uow, &filled, known.version).await?;
    Ok(filled)
}

pub(super) async fn company(
    caller: &Caller,
    uow: &UnitOfWork,
    read: &Read,
    now: DateTime<Utc>,
) -> Result<Option<Company>, AppError> {
    let grant = caller.must(Action::CaptureLead)?;
    match &read.company {
        None => Ok(None),
        Some(CompanyRead::Existing(id)) => {
            let view = caller.must(Action::ViewCompany)?;
            let id = repo::merge::living::<Company>(uow, *id).await?;
            let found = repo::company::find(uow, &view, id).await?;
            Ok(Some(found.ok_or_else(|| AppError::not_found("company.id"))?))
        }
        Some(CompanyRead::New(fields)) => {
            let known = repo::company::find_by_name_key_and_country(uow, &grant, &fields.name.key(), fields.country).await?;
            if known.is_some() {
                return Ok(known);
            }
            let company = Company::new(new_id(), (**fields).clone(), now).noting(None, &FieldOrigin::of(Source::Capture, now));
            if let Some(known) = matching::known_company(uow, read, &company).await? {
                return Ok(Some(known));
            }
            repo::company::insert(uow, &company).await?;
            Ok(Some(company))
        }
    }
}

pub(super) async fn campaign(uow: &UnitOfWork, id: Option<CampaignId>) -> Result<Option<Campaign>, AppError> {
    let Some(id) = id else { return Ok(None) };
    let missing = || AppError::not_found("campaign");
    // whoever captures may name a campaign that it was told of, also a partner who cannot list them
    let grant = Grant::system(Action::ViewCampaign);
    Ok(Some(repo::campaign::find(uow, &grant, id).await?.ok_or_else(missing)?))
}
