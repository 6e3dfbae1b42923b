//! People: personal data, seen only by those whose work needs it.

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::consent::ConsentWord;
use fairfall_domain::id::{CompanyId, PersonId};
use fairfall_domain::origin::{FieldOrigin, Source};
use fairfall_domain::person::{Person, PersonDraft, PersonPatch};
use fairfall_domain::quality::{Finding, QualityPolicy, review_person, review_person_change};
use fairfall_domain::violation::Violations;
use fairfall_domain::waterfall::follow_up::Cause;
use fairfall_persistence::repo;
use fairfall_persistence::repo::person::PersonFilter;
use fairfall_persistence::{Page, PageArgs, UnitOfWork};

use crate::clock::new_id;

use super::consent::{ConsentInput, Speaker, check_words, hear, keep, read_words};
use super::duplicate::{Finder, seek_people};
use super::idempotency::{Keyed, Once, once};
use super::merge::refuse_merged_away;
use super::protection::refuse_suppressed;
use super::quality::Checked;
use super::score::{self, Occasion};
use super::{App, AppError, Caller, Rejection};

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
) -> Result<Checked<Person>, AppError> {
    caller.must(Action::UpdatePerson)?;
    let keyed = Keyed::read(key.as_deref(), &(&draft, &consents))?;
    let now = app.now();
    let (person, words, findings) = read(draft, &consents, &app.rules().await?.quality, now)?;
    app.store()
        .transact(move |uow| {
            let (caller, keyed, person, words) = (caller.clone(), keyed.clone(), person.clone(), words.clone());
            let findings = findings.clone();
            Box::pin(async move {
                let work = || async {
                    check(&caller, uow, &person).await?;
                    refuse_suppressed(uow, "", person.email.as_ref(), person.phone.as_ref(), &words).await?;
                    repo::person::insert(uow, &person).await?;
                    keep(uow, &person, &words, Speaker::user(caller.actor.user), now).await?;
                    seek_people(uow, std::slice::from_ref(&person), &Finder::of(&caller, now)).await?;
                    caller.audit(uow, Action::UpdatePerson, "person", person.id.uuid(), now).await?;
                    Ok((person.id, person.clone()))
                };
                match once::<PersonId, _, _>(uow, &caller, "personCreate", keyed.as_ref(), now, work).await? {
                    Once::New(record) => Ok(Checked { record, findings }),
                    Once::Before(id) => {
                        let grant = caller.must(Action::ViewPerson)?;
                        let known = repo::person::find(uow, &grant, id).await?;
                        known.map(Checked::unseen).ok_or_else(|| AppError::not_found("idempotencyKey"))
                    }
                }
            })
        })
        .await
}

/// Somebody new with what they said, every fault of both told at once.
fn read(
    draft: PersonDraft,
    consents: &[ConsentInput],
    policy: &QualityPolicy,
    now: DateTime<Utc>,
) -> Result<(Person, Vec<ConsentWord>, Vec<Finding>), AppError> {
    let mut faults = Violations::new();
    let read = review_person(draft, policy).read().map_err(|found| faults.append(found)).ok();
    let (fields, findings) = read.unzip();
    let words = read_words(consents, "consents", now, &mut faults);
    let typed = FieldOrigin::of(Source::User, now);
    let person = fields.map(|fields| Person::new(new_id(), fields, now).noting(None, &typed));
    if let Some(person) = &person {
        check_words(person, &words, &mut faults);
    }
    faults.into_result()?;
    let person = person.ok_or_else(|| AppError::internal("a person without faults was not read"))?;
    Ok((Person { version: person.version, ..hear(&person, &words) }, words, findings.unwrap_or_default()))
}

async fn refuse_taken(uow: &UnitOfWork, person: &Person) -> Result<(), AppError> {
    let Some(email) = &person.email else { return Ok(()) };
    let known = repo::person::find_for_capture(uow, &Grant::system(Action::CaptureLead), &email.key()).await?;
    if known.is_some_and(|known| known.id != person.id) {
        return Err(Rejection::Taken { field: "email".to_owned() }.into());
    }
    Ok(())
}

/// An address that was not the person's before must not be one that is kept away.
async fn refuse_newly_suppressed(uow: &UnitOfWork, seen: &Person, changed: &Person) -> Result<(), AppError> {
    let email = changed.email.as_ref().filter(|email| Some(*email) != seen.email.as_ref());
    let phone = changed.phone.as_ref().filter(|phone| Some(*phone) != seen.phone.as_ref());
    refuse_suppressed(uow, "", email, phone, &[]).await
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
) -> Result<Checked<Person>, AppError> {
    let typed = FieldOrigin::of(Source::User, app.now());
    update_from(app, caller, id, expected, patch, typed).await
}

/// Changes a person on the word of any source.
pub(super) async fn update_from(
    app: &App,
    caller: &Caller,
    id: PersonId,
    expected: Option<u32>,
    patch: PersonPatch,
    origin: FieldOrigin,
) -> Result<Checked<Person>, AppError> {
    let (patch, origin, rules) = (std::sync::Arc::new(patch), std::sync::Arc::new(origin), app.rules().await?);
    revise(app, caller, id, expected, move |person| {
        let (fields, findings) = review_person_change(person, &patch, &rules.quality).read()?;
        Ok(Checked { record: person.revise(fields, origin.at).noting(Some(person), &origin), findings })
    })
    .await
}

/// Whoever was erased can be read, and nothing is added any more.
pub(super) async fn refuse_erased(uow: &UnitOfWork, id: PersonId, field: &str) -> Result<(), AppError> {
    let erased = repo::erasure::find_many(uow, &[id]).await?;
    if erased.is_empty() { Ok(()) } else { Err(AppError::not_found(field)) }
}

/// A person who is about to be changed: whoever may not see them does not find them.
///
/// # Errors
/// `NotFound`, `NotAllowed`, `VersionConflict`; `MergeRefused` for whoever was merged into another.
pub(super) async fn load_to_change(
    caller: &Caller,
    uow: &UnitOfWork,
    id: PersonId,
    expected: Option<u32>,
) -> Result<Person, AppError> {
    let view = caller.may(Action::ViewPerson).ok_or_else(|| AppError::not_found("person"))?;
    let grant = caller.must(Action::UpdatePerson)?;
    let Some(seen) = repo::person::load_for_command(uow, &view, id).await? else {
        refuse_merged_away::<Person>(uow, caller, id).await?;
        return Err(AppError::not_found("person"));
    };
    if repo::person::find(uow, &grant, id).await?.is_none() {
        return Err(Rejection::NotAllowed { action: Action::UpdatePerson }.into());
    }
    refuse_erased(uow, seen.id, "person").await?;
    if expected.is_some_and(|expected| expected != seen.version) {
        return Err(Rejection::VersionConflict { current: Some(seen.version) }.into());
    }
    Ok(seen)
}

async fn revise(
    app: &App,
    caller: &Caller,
    id: PersonId,
    expected: Option<u32>,
    change: impl Fn(&Person) -> Result<Checked<Person>, AppError> + Send + Sync + Clone + 'static,
) -> Result<Checked<Person>, AppError> {
    let now = app.now();
    let rules = app.rules().await?;
    app.store()
        .transact(move |uow| {
            let (caller, rules, change) = (caller.clone(), rules.clone(), change.clone());
            Box::pin(async move {
                let seen = load_to_change(&caller, uow, id, expected).await?;
                let expected = seen.version;
                let changed = change(&seen)?;
                check(&caller, uow, &changed.record).await?;
                refuse_newly_suppressed(uow, &seen, &changed.record).await?;
                repo::person::update(uow, &changed.record, expected).await?;
                seek_people(uow, std::slice::from_ref(&changed.record), &Finder::of(&caller, now)).await?;
                score::refresh(uow, &rules, &[id], &[], &Occasion::of(&caller, Cause::Circumstance, now)).await?;
                caller.audit(uow, Action::UpdatePerson, "person", id.uuid(), now).await?;
                Ok(changed)
            })
        })
        .await
}
