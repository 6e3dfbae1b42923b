//! Drafts of another routing: made, changed and given up by those who simulate.

use std::sync::Arc;

use fairfall_domain::access::Action;
use fairfall_domain::id::RoutingDraftId;
use fairfall_domain::routing::RoutingDraft;
use fairfall_domain::value::ShortText;
use fairfall_domain::violation::Violations;
use fairfall_persistence::repo::routing_draft::RoutingDraftFilter;
use fairfall_persistence::{Page, PageArgs, UnitOfWork, repo};

use super::draft_changes::{self, ChangesInput, Configuration};
use super::expected;
use crate::app::idempotency::{Keyed, Once, once};
use crate::app::{App, AppError, Caller};
use crate::clock::new_id;

/// The kind of thing in audit rows.
pub(super) const KIND: &str = RoutingDraftId::PREFIX;

/// A draft as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftInput {
    /// Its name.
    pub name: String,
    /// What it changes.
    pub changes: ChangesInput,
    /// Makes a retry harmless.
    pub idempotency_key: Option<String>,
}

/// A change of a draft; what is absent stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftPatch {
    /// The draft.
    pub draft: RoutingDraftId,
    /// The version that the caller read.
    pub expected_version: Option<u32>,
    /// Its name.
    pub name: Option<String>,
    /// What it changes, whole.
    pub changes: Option<ChangesInput>,
}

/// A draft.
pub async fn find(app: &App, caller: &Caller, id: RoutingDraftId) -> Result<Option<RoutingDraft>, AppError> {
    let Some(grant) = caller.may(Action::SimulateRouting) else { return Ok(None) };
    Ok(repo::routing_draft::find(&app.reader(), &grant, id).await?)
}

/// A page of drafts, the newest first.
#[tracing::instrument(name = "app.routing_draft.page", skip_all)]
pub async fn page(
    app: &App,
    caller: &Caller,
    filter: RoutingDraftFilter,
    args: &PageArgs,
) -> Result<Page<RoutingDraft>, AppError> {
    let Some(grant) = caller.may(Action::SimulateRouting) else { return Ok(Page::empty()) };
    Ok(repo::routing_draft::page(&app.reader(), &grant, filter, args).await?)
}

/// A draft that is to be changed.
pub(super) async fn load(caller: &Caller, uow: &UnitOfWork, id: RoutingDraftId, field: &str) -> Result<RoutingDraft, AppError> {
    let grant = caller.must(Action::SimulateRouting)?;
    repo::routing_draft::find(uow, &grant, id).await?.ok_or_else(|| AppError::not_found(field))
}

fn read_name(typed: Option<&str>) -> Result<Option<ShortText>, Violations> {
    let Some(typed) = typed else { return Ok(None) };
    let mut faults = Violations::new();
    let name = faults.check_required("name", Some(typed), ShortText::parse);
    faults.into_result()?;
    Ok(name)
}

/// Stores a draft over the configuration in force.
///
/// # Errors
/// All faults of the changes, and of the configuration as it would be; `VersionConflict` for what the caller read at another version.
#[tracing::instrument(name = "app.routing_draft.create", skip_all)]
pub async fn create(app: &App, caller: &Caller, input: DraftInput) -> Result<RoutingDraft, AppError> {
    caller.must(Action::SimulateRouting)?;
    let keyed = Keyed::read(input.idempotency_key.as_deref(), &input)?;
    let name = read_name(Some(&input.name))?.ok_or_else(|| AppError::not_found("name"))?;
    let (input, now, id) = (Arc::new(input), app.now(), new_id::<RoutingDraftId>());
    let created = app.store().transact(move |uow| {
        let (caller, keyed, input, name) = (caller.clone(), keyed.clone(), input.clone(), name.clone());
        Box::pin(async move {
            let work = || async {
                let content = draft_changes::read(uow, &input.changes, &Configuration::read(uow).await?, None).await?;
                let draft = RoutingDraft::new(id, name, content, Some(caller.actor.user), now);
                repo::routing_draft::insert(uow, &draft).await?;
                caller.audit(uow, Action::SimulateRouting, KIND, id.uuid(), now).await?;
                Ok((id, draft))
            };
            match once::<RoutingDraftId, _, _>(uow, &caller, "routingDraftCreate", keyed.as_ref(), now, work).await? {
                Once::New(draft) => Ok(draft),
                Once::Before(id) => load(&caller, uow, id, "idempotencyKey").await,
            }
        })
    });
    created.await
}

/// Changes a draft. New changes take the place of all that were in it, and are drafted over what is in force now.
///
/// # Errors
/// All faults of the changes, and of the configuration as it would be; `state` when it is no draft any more; `NotFound`, `VersionConflict`.
#[tracing::instrument(name = "app.routing_draft.update", skip_all)]
pub async fn update(app: &App, caller: &Caller, patch: DraftPatch) -> Result<RoutingDraft, AppError> {
    caller.must(Action::SimulateRouting)?;
    let name = read_name(patch.name.as_deref())?;
    let (patch, now) = (Arc::new(patch), app.now());
    let updated = app.store().transact(move |uow| {
        let (caller, patch, name) = (caller.clone(), patch.clone(), name.clone());
        Box::pin(async move {
            let seen = load(&caller, uow, patch.draft, "draft").await?;
            let version = expected(patch.expected_version, seen.version)?;
            let content = match &patch.changes {
                Some(changes) => {
                    let now = Configuration::read(uow).await?;
                    Some(draft_changes::read(uow, changes, &now, Some(&seen.content)).await?)
                }
                None => None,
            };
            let revised = seen.revise(name, content, now)?;
            repo::routing_draft::update(uow, &revised, version).await?;
            caller.audit(uow, Action::SimulateRouting, KIND, revised.id.uuid(), now).await?;
            Ok::<_, AppError>(revised)
        })
    });
    updated.await
}

/// Gives a draft up.
///
/// # Errors
/// `state` when it is no draft any more; `NotFound`, `VersionConflict`.
#[tracing::instrument(name = "app.routing_draft.discard", skip_all)]
pub async fn discard(app: &App, caller: &Caller, id: RoutingDraftId, version: Option<u32>) -> Result<RoutingDraft, AppError> {
    caller.must(Action::SimulateRouting)?;
    let now = app.now();
    let discarded = app.store().transact(move |uow| {
        let caller = caller.clone();
        Box::pin(async move {
            let seen = load(&caller, uow, id, "draft").await?;
            let version = expected(version, seen.version)?;
            let discarded = seen.discard(now)?;
            repo::routing_draft::update(uow, &discarded, version).await?;
            caller.audit(uow, Action::SimulateRouting, KIND, id.uuid(), now).await?;
            Ok::<_, AppError>(discarded)
        })
    });
    discarded.await
}
