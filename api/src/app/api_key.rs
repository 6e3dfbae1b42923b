//! Keys of partners' machines: shown once, stored as a hash, scoped, revocable.

use std::sync::Arc;

use fairfall_domain::access::{Action, PartnerScope, RoleKind};
use fairfall_domain::id::{ApiKeyId, UserId};
use fairfall_domain::value::ShortText;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::repo;
use fairfall_persistence::repo::api_key::{ApiKey, ApiKeyView};

use crate::auth::api_key::ApiKey as Secret;
use crate::clock::new_id;

use super::{App, AppError, Caller};

/// A key just made, with its only showing.
#[derive(Clone)]
pub struct CreatedKey {
    /// The key.
    pub key: ApiKey,
    /// What the machine sends; not stored.
    pub secret: String,
}

/// Makes a key for a partner.
///
/// # Errors
/// All faults at once; `NotFound` when the user is no partner.
#[tracing::instrument(name = "app.api_key.create", skip_all)]
pub async fn create(
    app: &App,
    caller: &Caller,
    user: UserId,
    name: &str,
    scopes: Vec<PartnerScope>,
) -> Result<CreatedKey, AppError> {
    let grant = caller.must(Action::ManageApiKey)?;
    let mut faults = Violations::new();
    let name = faults.check("name", ShortText::parse(name));
    if scopes.is_empty() {
        faults.add("scopes", ViolationCode::Required, "at least one scope is needed");
    }
    faults.into_result()?;
    let holder = repo::user::find(&app.reader(), &grant, user).await?;
    if holder.is_none_or(|holder| holder.role.kind() != RoleKind::Partner) {
        return Err(AppError::not_found("user"));
    }
    let Some(name) = name else { return Err(AppError::internal("a name without faults was not read")) };
    let id: ApiKeyId = new_id();
    let now = app.now();
    let secret = Secret::generate(id);
    let key = ApiKey { id, user, name, scopes, created_at: now, revoked_at: None, last_used_at: None };
    let (stored, hash, caller) = (key.clone(), secret.hash().to_hex(), caller.clone());
    app.store()
        .transact(move |uow| {
            let (key, hash, caller) = (stored.clone(), hash.clone(), caller.clone());
            Box::pin(async move {
                repo::api_key::insert(uow, &key, &hash).await?;
                caller.audit(uow, Action::ManageApiKey, "api_key", id.uuid(), now).await
            })
        })
        .await?;
    Ok(CreatedKey { key, secret: secret.expose().to_owned() })
}

/// Keys that the caller may manage.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<ApiKey>, AppError> {
    let Some(grant) = caller.may(Action::ManageApiKey) else { return Ok(Vec::new()) };
    Ok(repo::api_key::list(&app.reader(), &grant).await?)
}

/// Revokes a key; doing it again changes nothing.
///
/// # Errors
/// `NotFound` for keys the caller does not manage.
#[tracing::instrument(name = "app.api_key.revoke", skip_all)]
pub async fn revoke(app: &App, caller: &Caller, id: ApiKeyId) -> Result<bool, AppError> {
    let known = list(app, caller).await?.into_iter().any(|key| key.id == id);
    if !known {
        return Err(AppError::not_found("apiKey"));
    }
    let (now, caller) = (app.now(), caller.clone());
    app.store()
        .transact(move |uow| {
            let caller = caller.clone();
            Box::pin(async move {
                let revoked = repo::api_key::revoke(uow, id, now).await?;
                caller.audit(uow, Action::ManageApiKey, "api_key", id.uuid(), now).await?;
                Ok(revoked)
            })
        })
        .await
}

/// Who acts with a key; nothing when it is unknown or revoked. Notes its use, at most once a minute.
pub async fn authenticate(app: &App, text: &str) -> Result<Option<Arc<ApiKeyView>>, AppError> {
    let Ok(secret) = Secret::parse(text) else { return Ok(None) };
    let Some(view) = repo::api_key::find_active(&app.reader(), &secret.hash().to_hex()).await? else { return Ok(None) };
    let (id, now) = (view.key.id, app.now());
    let minute_ago = now - chrono::TimeDelta::minutes(1);
    if view.key.last_used_at.is_none_or(|used| used < minute_ago) {
        app.store()
            .transact(move |uow| Box::pin(async move { Ok::<_, AppError>(repo::api_key::touch_last_used(uow, id, now).await?) }))
            .await?;
    }
    Ok(Some(Arc::new(view)))
}
