//! Partners' keys: shown once, only the hash of the secret stored.

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::access::{Actor, Grant, Scope};
use fairfall_domain::id::{ApiKeyId, UserId};
use fairfall_domain::user::User;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set,
};

use crate::entity::api_key::{ActiveModel, Column, Entity};
use crate::entity::user_account;
use crate::error::StoreError;
use crate::mapper::api_key::to_row;
use crate::mapper::rows::read_all;
use crate::readable::Readable;
use crate::repo::team;
use crate::unit_of_work::UnitOfWork;

pub use crate::mapper::api_key::ApiKey;

/// Most keys that [`list`] answers.
pub const LISTED_MAX: u64 = 250;

/// The last use is noted at most once in so many seconds, so that a busy key does not write at each request.
pub const TOUCHED_EVERY_S: i64 = 60;

/// A good key with the partner's user, and what it may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeyView {
    /// The key.
    pub key: ApiKey,
    /// The partner's user.
    pub user: User,
    /// The user with the key's scopes, as the access table wants it.
    pub actor: Actor,
}

/// Stores a new key with the hash of its secret (SHA-256, 64 hexadecimal digits).
///
/// # Errors
/// When the database fails.
pub async fn insert(uow: &UnitOfWork, key: &ApiKey, secret_hash: &str) -> Result<(), StoreError> {
    let row = to_row(key, secret_hash)?.into_active_model().reset_all();
    Entity::insert(row).exec_without_returning(uow.conn()).await?;
    Ok(())
}

/// Who acts with a secret: `None` when no key has it, the key was revoked, or its user is disabled. Two statements.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_active(on: &impl Readable, secret_hash: &str) -> Result<Option<ApiKeyView>, StoreError> {
    let good = Entity::find().filter(Column::SecretHash.eq(secret_hash)).filter(Column::RevokedAt.is_null());
    let found = good.find_also_related(user_account::Entity).one(on.conn()).await?;
    let Some((key, Some(user))) = found else { return Ok(None) };
    let (key, user) = (ApiKey::try_from(key)?, User::try_from(user)?);
    if !user.is_active() {
        return Ok(None);
    }
    let actor = Actor { partner_scopes: key.scopes.clone(), ..team::actor_of(on, &user).await? };
    Ok(Some(ApiKeyView { key, user, actor }))
}

/// The keys that the viewer may see, the newest first, revoked ones too, at most [`LISTED_MAX`].
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn list(on: &impl Readable, grant: &Grant) -> Result<Vec<ApiKey>, StoreError> {
    let seen = match grant.scope() {
        Scope::All => Condition::all(),
        // keys have no team and no department: what is narrower than all is one's own
        Scope::Own | Scope::Pool | Scope::Team | Scope::Department => {
            Condition::all().add(Column::UserId.is_in(grant.user().map(UserId::uuid)))
        }
    };
    let newest = Entity::find().filter(seen).order_by_desc(Column::CreatedAt).order_by_desc(Column::Id);
    read_all(newest.limit(LISTED_MAX).all(on.conn()).await?)
}

/// Revokes a key; false when it had been revoked before or does not exist.
///
/// # Errors
/// When the database fails.
pub async fn revoke(uow: &UnitOfWork, id: ApiKeyId, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let revoked = ActiveModel { revoked_at: Set(Some(at)), ..Default::default() };
    let update = Entity::update_many().set(revoked).filter(Column::Id.eq(id.uuid())).filter(Column::RevokedAt.is_null());
    Ok(update.exec(uow.conn()).await?.rows_affected > 0)
}

/// Notes that a key was used, at most once in [`TOUCHED_EVERY_S`] seconds.
///
/// # Errors
/// When the database fails.
pub async fn touch_last_used(uow: &UnitOfWork, id: ApiKeyId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let long_ago = now - TimeDelta::seconds(TOUCHED_EVERY_S);
    let used = ActiveModel { last_used_at: Set(Some(now)), ..Default::default() };
    let due = Condition::any().add(Column::LastUsedAt.is_null()).add(Column::LastUsedAt.lt(long_ago));
    let update = Entity::update_many().set(used).filter(Column::Id.eq(id.uuid())).filter(due);
    update.exec(uow.conn()).await?;
    Ok(())
}
