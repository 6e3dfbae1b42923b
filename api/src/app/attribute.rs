//! Custom attributes, defined by admins and known to all who work here.

use std::sync::Arc;

use fairfall_domain::access::Action;
use fairfall_domain::attribute::{AttributeBook, AttributeKind, AttributePatch, AttributeUse, CustomAttribute, DEFINED_MAX};
use fairfall_domain::id::AttributeId;
use fairfall_domain::label::Labels;
use fairfall_domain::value::Code;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::{UnitOfWork, repo};

use super::idempotency::{Keyed, Once, once};
use super::{App, AppError, Caller, Rejection};
use crate::clock::new_id;

/// The kind of thing in audit rows.
const KIND: &str = AttributeId::PREFIX;

/// An attribute as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeDraft {
    /// The key under which leads have it.
    pub key: String,
    /// Its name.
    pub labels: Labels,
    /// What kind of value it has.
    pub kind: AttributeKind,
    /// Makes a retry harmless.
    pub idempotency_key: Option<String>,
}

/// A change of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeUpdate {
    /// The attribute.
    pub attribute: AttributeId,
    /// The version that the caller read.
    pub expected_version: Option<u32>,
    /// What changes; bounds that are absent stay.
    pub patch: AttributePatch,
    /// Other bounds of a number, each if it changes.
    pub bounds: (Option<i64>, Option<i64>),
}

/// All attributes, retired ones too; none for those who do not see agreements.
pub async fn all(app: &App, caller: &Caller) -> Result<Vec<CustomAttribute>, AppError> {
    if caller.may(Action::ViewAgreement).is_none() {
        return Ok(Vec::new());
    }
    Ok(repo::attribute::all(&app.reader()).await?)
}

/// The attributes that criteria can ask for; nothing for those who do not see agreements.
pub async fn catalogue(app: &App, caller: &Caller) -> Result<Option<AttributeBook>, AppError> {
    if caller.may(Action::ViewAgreement).is_none() {
        return Ok(None);
    }
    Ok(Some(AttributeBook::new(repo::attribute::all(&app.reader()).await?)))
}

/// Defines an attribute.
///
/// # Errors
/// All faults of the input at once; `Taken` for the key.
#[tracing::instrument(name = "app.attribute.create", skip_all)]
pub async fn create(app: &App, caller: &Caller, draft: AttributeDraft) -> Result<CustomAttribute, AppError> {
    caller.must(Action::ManageAttribute)?;
    let keyed = Keyed::read(draft.idempotency_key.as_deref(), &draft)?;
    let (now, id) = (app.now(), new_id::<AttributeId>());
    let defined = defined(id, &draft, now)?;
    let created = app
        .store()
        .transact(move |uow| {
            let (caller, keyed, defined) = (caller.clone(), keyed.clone(), defined.clone());
            Box::pin(async move {
                let work = || async {
                    store(uow, &defined).await?;
                    caller.audit(uow, Action::ManageAttribute, KIND, id.uuid(), now).await?;
                    Ok((id, defined.clone()))
                };
                match once::<AttributeId, _, _>(uow, &caller, "attributeCreate", keyed.as_ref(), now, work).await? {
                    Once::New(created) => Ok(created),
                    Once::Before(id) => load(uow, id, "idempotencyKey").await,
                }
            })
        })
        .await?;
    app.forget_rules();
    Ok(created)
}

fn defined(id: AttributeId, draft: &AttributeDraft, now: chrono::DateTime<chrono::Utc>) -> Result<CustomAttribute, Violations> {
    let mut faults = Violations::new();
    let key = faults.check_required("key", Some(&draft.key), Code::parse);
    // with a stand-in for a faulty key, so that the other faults are told too
    let stand_in = key.clone().or_else(|| Code::parse("x").ok());
    let checked = stand_in.map(|key| CustomAttribute::define(id, key, draft.labels.clone(), draft.kind.clone(), now));
    match checked {
        Some(Ok(defined)) if faults.is_empty() => Ok(defined),
        Some(Err(more)) => {
            faults.append(more);
            Err(faults)
        }
        Some(Ok(_)) | None => Err(faults),
    }
}

async fn store(uow: &UnitOfWork, defined: &CustomAttribute) -> Result<(), AppError> {
    let known = repo::attribute::all_for_command(uow).await?;
    if known.iter().any(|other| other.key == defined.key) {
        return Err(Rejection::Taken { field: "key".to_owned() }.into());
    }
    if known.len() >= DEFINED_MAX {
        let message = format!("at most {DEFINED_MAX} attributes can be defined");
        return Err(Violations::one("key", ViolationCode::TooLong, message).into());
    }
    Ok(repo::attribute::insert(uow, defined).await?)
}

async fn load(uow: &UnitOfWork, id: AttributeId, field: &str) -> Result<CustomAttribute, AppError> {
    repo::attribute::find(uow, id).await?.ok_or_else(|| AppError::not_found(field))
}

/// Changes an attribute. Its kind stays; while it is used, options are only added and bounds only widened.
///
/// # Errors
/// All faults at once; `NotFound`, `VersionConflict`.
#[tracing::instrument(name = "app.attribute.update", skip_all)]
pub async fn update(app: &App, caller: &Caller, input: AttributeUpdate) -> Result<CustomAttribute, AppError> {
    if caller.may(Action::ViewAgreement).is_none() {
        return Err(AppError::not_found("attribute"));
    }
    caller.must(Action::ManageAttribute)?;
    let (input, now) = (Arc::new(input), app.now());
    let updated = app
        .store()
        .transact(move |uow| {
            let (caller, input) = (caller.clone(), input.clone());
            Box::pin(async move {
                repo::attribute::all_for_command(uow).await?;
                let known = load(uow, input.attribute, "attribute").await?;
                if input.expected_version.is_some_and(|expected| expected != known.version) {
                    return Err(Rejection::VersionConflict { current: Some(known.version) }.into());
                }
                let patch = bounded(&input, &known)?;
                let used = if known.is_narrowed_by(&patch) {
                    repo::attribute::use_of(uow, &known.key).await?
                } else {
                    AttributeUse::Unused
                };
                let revised = known.revise(patch, used, now)?;
                repo::attribute::update(uow, &revised, known.version).await?;
                caller.audit(uow, Action::ManageAttribute, KIND, revised.id.uuid(), now).await?;
                Ok::<_, AppError>(revised)
            })
        })
        .await?;
    app.forget_rules();
    Ok(updated)
}

/// The patch with bounds that are named alone made whole.
fn bounded(input: &AttributeUpdate, known: &CustomAttribute) -> Result<AttributePatch, Violations> {
    let patch = input.patch.clone();
    match (input.bounds, &known.kind) {
        ((None, None), _) => Ok(patch),
        ((least, most), AttributeKind::Number { min, max }) => {
            let kind = AttributeKind::Number { min: least.unwrap_or(*min), max: most.unwrap_or(*max) };
            Ok(AttributePatch { kind: Some(kind), ..patch })
        }
        (_, AttributeKind::Flag | AttributeKind::Text | AttributeKind::Code { .. }) => {
            Err(Violations::one("min", ViolationCode::Conflict, "only an attribute of kind `NUMBER` has bounds"))
        }
    }
}
