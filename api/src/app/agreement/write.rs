//! Drafts: begun, changed, proposed, taken back, given up.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::agreement::{Agreement, AgreementPatch};
use fairfall_domain::attribute::AttributeBook;
use fairfall_domain::department::Department;
use fairfall_domain::id::AgreementId;
use fairfall_domain::value::Code;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_domain::waterfall::catalogue::{Catalogue, Undefined};
use fairfall_domain::waterfall::event::EventKind;
use fairfall_persistence::{UnitOfWork, journal, repo};

use super::keep::{audited, entry};
use super::{KIND, authorise, expected, held, scope, whole};
use crate::app::idempotency::{Keyed, Once, once};
use crate::app::rules::Rules;
use crate::app::{App, AppError, Caller};
use crate::clock::new_id;

/// A draft as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementDraft {
    /// The key: of an agreement that is to get another version, or a new one.
    pub key: String,
    /// The department that gives; that of the versions before when absent.
    pub giving: Option<Department>,
    /// The department that takes; that of the versions before when absent.
    pub taking: Option<Department>,
    /// What it says other than the newest version.
    pub patch: AgreementPatch,
    /// Makes a retry harmless.
    pub idempotency_key: Option<String>,
}

/// A change of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementUpdate {
    /// The version.
    pub agreement: AgreementId,
    /// The revision that the caller read.
    pub expected_version: Option<u32>,
    /// What changes.
    pub patch: AgreementPatch,
}

async fn attributes(uow: &UnitOfWork) -> Result<AttributeBook, AppError> {
    Ok(AttributeBook::new(repo::attribute::all(uow).await?))
}

const fn catalogue(attributes: &AttributeBook) -> Catalogue<'_> {
    Catalogue { attributes, undefined: Undefined::Allowed }
}

/// Begins a version: the first one of a key, or the next one with all that the newest says.
///
/// # Errors
/// All faults of the input at once; a version of the key that is open; `NotAllowed` for managers of other departments.
#[tracing::instrument(name = "app.agreement.draft", skip_all)]
pub async fn draft(app: &App, caller: &Caller, input: AgreementDraft) -> Result<Agreement, AppError> {
    caller.must(Action::ManageAgreement)?;
    let keyed = Keyed::read(input.idempotency_key.as_deref(), &input)?;
    let mut faults = Violations::new();
    let key = faults.check_required("key", Some(&input.key), Code::parse);
    faults.into_result()?;
    let key = key.ok_or_else(|| AppError::not_found("key"))?;
    let (input, rules, now, id) = (Arc::new(input), app.rules().await?, app.now(), new_id::<AgreementId>());
    let drafted = app.store().transact(move |uow| {
        let (caller, keyed, input, rules, key) = (caller.clone(), keyed.clone(), input.clone(), rules.clone(), key.clone());
        Box::pin(async move {
            let work = || async {
                let begun = begin(&caller, uow, id, key, &input).await?;
                let attributes = attributes(uow).await?;
                let named = input.patch.scope.as_ref().unwrap_or(&begun.scope);
                let faults = scope::check(uow, &rules, named).await?;
                let drafted = whole(faults, begun.drafted(input.patch.clone(), catalogue(&attributes)))?;
                repo::agreement::insert(uow, &drafted, now).await?;
                caller.audit(uow, Action::ManageAgreement, KIND, id.uuid(), now).await?;
                Ok((id, drafted))
            };
            match once::<AgreementId, _, _>(uow, &caller, "agreementDraft", keyed.as_ref(), now, work).await? {
                Once::New(drafted) => Ok(drafted),
                Once::Before(id) => {
                    let before = repo::agreement::find_many(uow, &[id]).await?.pop();
                    before.ok_or_else(|| AppError::not_found("idempotencyKey"))
                }
            }
        })
    });
    drafted.await
}

/// The version that is to be written, as it is before the caller's words.
async fn begin(
    caller: &Caller,
    uow: &UnitOfWork,
    id: AgreementId,
    key: Code,
    input: &AgreementDraft,
) -> Result<Agreement, AppError> {
    let versions = repo::agreement::of_key(uow, &key).await?;
    if let Some(known) = versions.first() {
        authorise(caller, known)?;
    }
    if let Some(next) = Agreement::following(&versions, id)? {
        let mut faults = Violations::new();
        let sides = [("giving", input.giving, next.giving), ("taking", input.taking, next.taking)];
        for (field, typed, of_key) in sides {
            if typed.is_some_and(|typed| typed != of_key) {
                faults.add(field, ViolationCode::Conflict, format!("the agreement of this key is with `{of_key}`"));
            }
        }
        faults.into_result()?;
        return Ok(next);
    }
    let mut faults = Violations::new();
    let (labels, giving, taking) = (input.patch.labels.clone(), input.giving, input.taking);
    for (field, given) in [("labels", labels.is_some()), ("giving", giving.is_some()), ("taking", taking.is_some())] {
        if !given {
            faults.add(field, ViolationCode::Required, "must be given for the first version of a key");
        }
    }
    let (Some(labels), Some(giving), Some(taking)) = (labels, giving, taking) else { return Err(faults.into()) };
    let first = Agreement::first(id, key, labels, giving, taking);
    authorise(caller, &first)?;
    Ok(first)
}

/// Changes a draft.
///
/// # Errors
/// All faults of what it says then; no draft; `NotFound`, `NotAllowed`, `VersionConflict`.
#[tracing::instrument(name = "app.agreement.update", skip_all)]
pub async fn update(app: &App, caller: &Caller, input: AgreementUpdate) -> Result<Agreement, AppError> {
    let (input, rules, now) = (Arc::new(input), app.rules().await?, app.now());
    let updated = app.store().transact(move |uow| {
        let (caller, input, rules) = (caller.clone(), input.clone(), rules.clone());
        Box::pin(async move {
            let (version, _) = held(&caller, uow, input.agreement).await?;
            authorise(&caller, &version)?;
            let over = expected(input.expected_version, version.revision)?;
            let attributes = attributes(uow).await?;
            let named = input.patch.scope.as_ref().unwrap_or(&version.scope);
            let faults = scope::check(uow, &rules, named).await?;
            let revised = whole(faults, version.revise(input.patch.clone(), catalogue(&attributes)))?;
            repo::agreement::update(uow, &revised, over, now).await?;
            audited(uow, &caller, Action::ManageAgreement, &revised, now).await?;
            Ok::<_, AppError>(revised)
        })
    });
    updated.await
}

/// Proposes a draft: from now on it can be signed, and does not change.
///
/// # Errors
/// All faults of what it says; no draft; `NotFound`, `NotAllowed`, `VersionConflict`.
#[tracing::instrument(name = "app.agreement.propose", skip_all)]
pub async fn propose(app: &App, caller: &Caller, id: AgreementId, seen: Option<u32>) -> Result<Agreement, AppError> {
    let (rules, now) = (app.rules().await?, app.now());
    let proposed = app.store().transact(move |uow| {
        let (caller, rules) = (caller.clone(), rules.clone());
        Box::pin(async move { propose_once(&caller, uow, (id, seen), &rules, now).await })
    });
    proposed.await
}

async fn propose_once(
    caller: &Caller,
    uow: &UnitOfWork,
    (id, seen): (AgreementId, Option<u32>),
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<Agreement, AppError> {
    let (version, _) = held(caller, uow, id).await?;
    authorise(caller, &version)?;
    let over = expected(seen, version.revision)?;
    let attributes = attributes(uow).await?;
    let faults = scope::check(uow, rules, &version.scope).await?;
    let proposed = whole(faults, version.propose(catalogue(&attributes)))?;
    repo::agreement::update(uow, &proposed, over, now).await?;
    let event = entry(&proposed, EventKind::AgreementProposed, Some(caller), now);
    journal::append(uow, &[event]).await?;
    audited(uow, caller, Action::ManageAgreement, &proposed, now).await?;
    Ok(proposed)
}

/// Takes a proposal back: it is a draft again, without signatures.
///
/// # Errors
/// No proposal; `NotFound`, `NotAllowed`, `VersionConflict`.
#[tracing::instrument(name = "app.agreement.withdraw", skip_all)]
pub async fn withdraw(app: &App, caller: &Caller, id: AgreementId, seen: Option<u32>) -> Result<Agreement, AppError> {
    let now = app.now();
    let withdrawn = app.store().transact(move |uow| {
        let caller = caller.clone();
        Box::pin(async move {
            let (version, _) = held(&caller, uow, id).await?;
            authorise(&caller, &version)?;
            let over = expected(seen, version.revision)?;
            let withdrawn = version.withdraw()?;
            repo::agreement::update(uow, &withdrawn, over, now).await?;
            journal::append(uow, &[entry(&withdrawn, EventKind::AgreementWithdrawn, Some(&caller), now)]).await?;
            audited(uow, &caller, Action::ManageAgreement, &withdrawn, now).await?;
            Ok::<_, AppError>(withdrawn)
        })
    });
    withdrawn.await
}

/// Gives a draft up. Nothing refers to it: nobody ever worked under it.
///
/// # Errors
/// No draft; `NotFound`, `NotAllowed`, `VersionConflict`.
#[tracing::instrument(name = "app.agreement.delete", skip_all)]
pub async fn delete(app: &App, caller: &Caller, id: AgreementId, seen: Option<u32>) -> Result<AgreementId, AppError> {
    let now = app.now();
    let deleted = app.store().transact(move |uow| {
        let caller = caller.clone();
        Box::pin(async move {
            let (version, _) = held(&caller, uow, id).await?;
            authorise(&caller, &version)?;
            expected(seen, version.revision)?;
            version.must_be_deletable()?;
            repo::agreement::delete(uow, &version).await?;
            audited(uow, &caller, Action::ManageAgreement, &version, now).await?;
            Ok::<_, AppError>(id)
        })
    });
    deleted.await
}
