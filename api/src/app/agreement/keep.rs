//! What is kept of acts on agreements, and versions whose successor's date has come.

use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::agreement::Agreement;
use fairfall_domain::agreement::lifecycle::superseded;
use fairfall_domain::id::AnyId;
use fairfall_domain::waterfall::event::EventKind;
use fairfall_persistence::journal::NewEntry;
use fairfall_persistence::{UnitOfWork, repo};

use super::KIND;
use crate::app::{App, AppError, Caller};
use crate::clock::new_id;

/// An event of an agreement.
pub(super) fn entry(agreement: &Agreement, kind: EventKind, caller: Option<&Caller>, now: DateTime<Utc>) -> NewEntry {
    NewEntry {
        event: new_id(),
        occurred_at: now,
        kind,
        subject: AnyId::Agreement(agreement.id),
        subject_version: agreement.revision,
        lead: None,
        actor: caller.map(|caller| caller.actor.user),
        payload: serde_json::json!({
            "agreement": agreement.id, "key": agreement.key, "version": agreement.version,
            "giving": agreement.giving, "taking": agreement.taking, "in_force_from": agreement.in_force_from,
        }),
    }
}

/// Writes the audit row of an act on an agreement.
pub(super) async fn audited(
    uow: &UnitOfWork,
    caller: &Caller,
    action: Action,
    agreement: &Agreement,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    caller.audit(uow, action, KIND, agreement.id.uuid(), now).await
}

/// Stores that versions are superseded whose successor has come.
pub(super) async fn end_superseded(uow: &UnitOfWork, versions: &[Agreement], now: DateTime<Utc>) -> Result<(), AppError> {
    for ended in superseded(versions, now) {
        repo::agreement::update(uow, &ended, ended.revision.saturating_sub(1), now).await?;
        Caller::audit_itself(uow, Action::ManageAgreement, KIND, ended.id.uuid(), now).await?;
    }
    Ok(())
}

/// Notes all versions whose successor's date has come. Nothing waits for it: what governs is told by dates, and readers are shown the state as of now.
///
/// # Errors
/// As the database tells.
pub async fn note_successors(app: &App) -> Result<(), AppError> {
    let now = app.now();
    for key in repo::agreement::with_successors(&app.reader()).await? {
        let noted = app.store().transact(move |uow| {
            let key = key.clone();
            Box::pin(async move {
                let versions = repo::agreement::of_key(uow, &key).await?;
                end_superseded(uow, &versions, now).await
            })
        });
        noted.await?;
    }
    Ok(())
}
