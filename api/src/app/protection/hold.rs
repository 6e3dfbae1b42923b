//! Legal holds: data that must be kept, whatever retention says (Art. 17(3)(e) GDPR).

use fairfall_domain::access::Action;
use fairfall_domain::id::PersonId;
use fairfall_domain::value::LongText;
use fairfall_domain::violation::Violations;
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo::protection::{self, LegalHold};
use fairfall_persistence::repo::{self};

use crate::app::{App, AppError, Caller};

/// The holds of some people, for whoever may set them.
pub async fn holds(app: &App, caller: &Caller, people: &[PersonId]) -> Result<Vec<LegalHold>, AppError> {
    if caller.may(Action::HoldPerson).is_none() {
        return Ok(Vec::new());
    }
    Ok(protection::find_holds(&app.reader(), people).await?)
}

async fn known(caller: &Caller, uow: &UnitOfWork, person: PersonId) -> Result<PersonId, AppError> {
    let view = caller.may(Action::ViewPerson).ok_or_else(|| AppError::not_found("person"))?;
    let found = repo::person::find(uow, &view, person).await?.ok_or_else(|| AppError::not_found("person"))?;
    caller.must(Action::HoldPerson)?;
    Ok(found.id)
}

/// Keeps a person's data from being erased. Said again, the newest reason counts.
///
/// # Errors
/// `NotFound`, `NotAllowed`; a fault of the reason.
#[tracing::instrument(name = "app.protection.hold", skip_all)]
pub async fn hold(app: &App, caller: &Caller, person: PersonId, reason: String) -> Result<LegalHold, AppError> {
    let mut faults = Violations::new();
    let reason = faults.check_required("reason", Some(&reason), LongText::parse);
    let Some(reason) = reason else { return Err(faults.into()) };
    let now = app.now();
    app.store()
        .transact(move |uow| {
            let (caller, reason) = (caller.clone(), reason.clone());
            Box::pin(async move {
                let person = known(&caller, uow, person).await?;
                protection::hold(uow, &LegalHold { person, reason, by: Some(caller.actor.user), since: now }).await?;
                caller.audit(uow, Action::HoldPerson, "person", person.uuid(), now).await?;
                let held = protection::find_holds(uow, &[person]).await?.pop();
                held.ok_or_else(|| AppError::internal("the hold was not stored"))
            })
        })
        .await
}

/// Lets a person's data go; true when it was not held.
///
/// # Errors
/// `NotFound`, `NotAllowed`.
#[tracing::instrument(name = "app.protection.release", skip_all)]
pub async fn release(app: &App, caller: &Caller, person: PersonId) -> Result<(PersonId, bool), AppError> {
    let now = app.now();
    app.store()
        .transact(move |uow| {
            let caller = caller.clone();
            Box::pin(async move {
                let person = known(&caller, uow, person).await?;
                let already_done = !protection::release(uow, person).await?;
                if !already_done {
                    caller.audit(uow, Action::HoldPerson, "person", person.uuid(), now).await?;
                }
                Ok((person, already_done))
            })
        })
        .await
}
