//! People: personal data, seen only by those whose work needs it.

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::id::{CompanyId, PersonId};
use fairfall_domain::person::{ConsentState, ConsentStatus, ContactChannel, Person, PersonDraft, PersonPatch, Purpose};
use fairfall_persistence::repo;
use fairfall_persistence::repo::person::PersonFilter;
use fairfall_persistence::{Page, PageArgs, UnitOfWork};

use crate::clock::new_id;

use super::idempotency::{Keyed, Once, once};
use super::{App, AppError, Caller, Rejection};

/// A word about a consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsentInput {
    /// What for.
    pub purpose: Purpose,
    /// Over which channel.
    pub channel: ContactChannel,
    /// What was said.
    pub status: ConsentStatus,
}

/// The person with consents that came along with other data: they never take a withdrawal back.
pub(super) fn with_consents(person: Person, consents: &[ConsentInput], now: DateTime<Utc>) -> Person {
    let version = person.version;
    let spoken = consents.iter().fold(person, |person, word| {
        let known = person.consent(word.purpose, word.channel);
        if known == ConsentStatus::Withdrawn || known == word.status { person } else { person.with_consent(word.state(now)) }
    });
    Person { version, ..spoken }
}

impl ConsentInput {
    const fn state(self, now: DateTime<Utc>) -> ConsentState {
        ConsentState { purpose: self.purpose, channel: self.channel, status: self.status, recorded_at: now }
    }
}

/// A person.
pub async fn find(app: &App, caller: &Caller, id: PersonId) -> Result<Option<Person>, AppError> {
    Ok(find_many(app, caller, &[id]).await?.pop())
}

/// Several people, in no order; those the caller may not see are left out.
pub async fn find_many(app: &App, caller: &Caller, ids: &[PersonId]) -> Result<Vec<Person>, AppError> {
    let Some(grant) = caller.may(Action::ViewPerson) else { return Ok(Vec::new()) };
    Ok(repo::person::find_many(&app.reader(), &grant, ids).await?)
}

/// A page of people, last changed first.
#[tracing::instrument(name = "app.person.page", skip_all)]
pub async fn page(app: &App, caller: &Caller, filter: &PersonFilter, args: &PageArgs) -> Result<Page<Person>, AppError> {
    let Some(grant) = caller.may(Action::ViewPerson) else { return Ok(Page::empty()) };
    Ok(repo::person::page(&app.reader(), &grant, filter, args).await?)
}

/// Stores a new person.
///
/// # Errors
/// All faults of the draft at once; `Taken` when the e-mail address belongs to somebody else.
#[tracing::instrument(name = "app.person.create", skip_all)]
pub async fn create(
    app: &App,
    caller: &Caller,
    draft: PersonDraft,
    consents: Vec<ConsentInput>,
    key: Option<String>,
) -> Result<Person, AppError> {
    caller.must(Action::UpdatePerson)?;
    let keyed = Keyed::read(key.as_deref(), &(&draft, &consents))?;
    let fields = draft.parse()?;
    let now = app.now();
    let person = with_consents(Person::new(new_id(), fields, now), &consents, now);
    app.store()
        .transact(move |uow| {
            let (caller, keyed, person) = (caller.clone(), keyed.clone(), person.clone());
            Box::pin(async move {
                let work = || async {
                    check(&caller, uow, &person).await?;
                    repo::person::insert(uow, &person).await?;
                    caller.audit(uow, Action::UpdatePerson, "person", person.id.uuid(), now).await?;
                    Ok((person.id, person.clone()))
                };
                match once::<PersonId, _, _>(uow, &caller, "personCreate", keyed.as_ref(), now, work).await? {
                    Once::New(person) => Ok(person),
                    Once::Before(id) => {
                        let grant = caller.must(Action::ViewPerson)?;
                        repo::person::find(uow, &grant, id).await?.ok_or_else(|| AppError::not_found("idempotencyKey"))
                    }
                }
            })
        })
        .await
}

async fn refuse_taken(uow: &UnitOfWork, person: &Person) -> Result<(), AppError> {
    let Some(email) = &person.email else { return Ok(()) };
    let known = repo::person::find_for_capture(uow, &Grant::system(Action::CaptureLead), &email.key()).await?;
    if known.is_some_and(|known| known.id != person.id) {
        return Err(Rejection::Taken { field: "email".to_owned() }.into());
    }
    Ok(())
}

/// The address must be free and the company one that the caller knows.
async fn check(caller: &Caller, uow: &UnitOfWork, person: &Person) -> Result<(), AppError> {
    refuse_taken(uow, person).await?;
    check_company(caller, uow, person.company, "company").await
}

/// The company must be one that the caller knows.
pub(super) async fn check_company(
    caller: &Caller,
    uow: &UnitOfWork,
    company: Option<CompanyId>,
    field: &str,
) -> Result<(), AppError> {
    let Some(id) = company else { return Ok(()) };
    let missing = || AppError::not_found(field);
    let view = caller.may(Action::ViewCompany).ok_or_else(missing)?;
    repo::company::find(uow, &view, id).await?.map(drop).ok_or_else(missing)
}

/// Changes a person.
///
/// # Errors
/// All faults of the patch at once; `NotFound`, `VersionConflict`, `Taken`.
#[tracing::instrument(name = "app.person.update", skip_all)]
pub async fn update(
    app: &App,
    caller: &Caller,
    id: PersonId,
    expected: Option<u32>,
    patch: PersonPatch,
) -> Result<Person, AppError> {
    let now = app.now();
    let patch = std::sync::Arc::new(patch);
    revise(app, caller, id, expected, move |person| Ok(person.revise(patch.parse(person)?, now))).await
}

/// Records what a person said about consents; a withdrawal or grant given here is their latest word.
#[tracing::instrument(name = "app.person.consent", skip_all)]
pub async fn record_consent(
    app: &App,
    caller: &Caller,
    id: PersonId,
    expected: Option<u32>,
    consents: Vec<ConsentInput>,
) -> Result<Person, AppError> {
    let now = app.now();
    revise(app, caller, id, expected, move |person| {
        let spoken = consents.iter().fold(person.clone(), |person, word| person.with_consent(word.state(now)));
        Ok(Person { version: person.version.saturating_add(1), ..spoken })
    })
    .await
}

async fn revise(
    app: &App,
    caller: &Caller,
    id: PersonId,
    expected: Option<u32>,
    change: impl Fn(&Person) -> Result<Person, AppError> + Send + Sync + Clone + 'static,
) -> Result<Person, AppError> {
    let view = caller.may(Action::ViewPerson).ok_or_else(|| AppError::not_found("person"))?;
    let grant = caller.must(Action::UpdatePerson)?;
    let now = app.now();
    app.store()
        .transact(move |uow| {
            let (caller, grant, view, change) = (caller.clone(), grant.clone(), view.clone(), change.clone());
            Box::pin(async move {
                let seen = repo::person::load_for_command(uow, &view, id).await?.ok_or_else(|| AppError::not_found("person"))?;
                if repo::person::find(uow, &grant, id).await?.is_none() {
                    return Err(Rejection::NotAllowed { action: Action::UpdatePerson }.into());
                }
                let expected = expected.unwrap_or(seen.version);
                if expected != seen.version {
                    return Err(Rejection::VersionConflict { current: Some(seen.version) }.into());
                }
                let changed = change(&seen)?;
                check(&caller, uow, &changed).await?;
                repo::person::update(uow, &changed, expected).await?;
                caller.audit(uow, Action::UpdatePerson, "person", id.uuid(), now).await?;
                Ok(changed)
            })
        })
        .await
}
