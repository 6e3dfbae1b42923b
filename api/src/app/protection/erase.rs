//! Erases a person, in one transaction.

use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::id::{AnyId, PersonId};
use fairfall_domain::waterfall::event::EventKind;
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::journal::{self, NewEntry};
use fairfall_persistence::repo::{self, erasure, protection};

use super::digest::Digester;
use crate::app::{App, AppError, Caller, Rejection};
use crate::clock::new_id;

/// What came of an erasure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erased {
    /// Who was erased.
    pub person: PersonId,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether it was so before.
    pub already_done: bool,
}

/// Erases a person with everything that tells whose data it was; figures go on counting. The addresses are kept away from then on.
///
/// # Errors
/// `NotFound`, `NotAllowed`; `OnHold` when a legal reason keeps the data.
#[tracing::instrument(name = "app.protection.erase", skip_all)]
pub async fn erase(app: &App, caller: &Caller, person: PersonId) -> Result<Erased, AppError> {
    let view = caller.may(Action::ViewPerson).ok_or_else(|| AppError::not_found("person"))?;
    let now = app.now();
    let done = app
        .store()
        .transact(move |uow| {
            let (caller, view) = (caller.clone(), view.clone());
            Box::pin(async move {
                // an id that was merged away leads to the record that lives
                let known = repo::person::find(uow, &view, person).await?.ok_or_else(|| AppError::not_found("person"))?;
                caller.must(Action::ErasePerson)?;
                erase_one(uow, Some(&caller), known.id, now).await
            })
        })
        .await?;
    if !done.already_done {
        app.store().empty_log().await?;
    }
    Ok(done)
}

/// Erases the records of one person; `caller` is nobody when retention does it by itself.
pub(super) async fn erase_one(
    uow: &UnitOfWork,
    caller: Option<&Caller>,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<Erased, AppError> {
    if let Some((_, at)) = erasure::find_many(uow, &[person]).await?.pop() {
        return Ok(Erased { person, at, already_done: true });
    }
    let records = erasure::load(uow, person).await?;
    let ids: Vec<PersonId> = records.iter().map(|record| record.id).collect();
    if let Some(hold) = protection::find_holds(uow, &ids).await?.pop() {
        return Err(Rejection::OnHold { since: hold.since }.into());
    }
    let digester = Digester::ensure(uow).await?;
    let digests: Vec<_> = records.iter().flat_map(|record| digester.person(record)).collect();
    protection::suppress(uow, &digests, now).await?;
    erasure::erase(uow, &records, now).await?;
    let version = records.iter().find(|record| record.id == person).map_or(1, |record| record.version.saturating_add(1));
    let actor = caller.map(|caller| caller.actor.user);
    let entry = NewEntry {
        event: new_id(),
        occurred_at: now,
        kind: EventKind::PersonErased,
        subject: AnyId::Person(person),
        subject_version: version,
        lead: None,
        actor,
        payload: serde_json::json!({ "event": "person_erased", "records": ids.len() }),
    };
    journal::append(uow, &[entry]).await?;
    match caller {
        Some(caller) => caller.audit(uow, Action::ErasePerson, "person", person.uuid(), now).await?,
        None => Caller::audit_itself(uow, Action::ErasePerson, "person", person.uuid(), now).await?,
    }
    Ok(Erased { person, at: now, already_done: false })
}

/// When some people were erased, as far as the caller may see them; those that were not are left out.
pub async fn find_erased(app: &App, caller: &Caller, people: &[PersonId]) -> Result<Vec<(PersonId, DateTime<Utc>)>, AppError> {
    if caller.may(Action::ViewPerson).is_none() {
        return Ok(Vec::new());
    }
    Ok(erasure::find_many(&app.reader(), people).await?)
}
