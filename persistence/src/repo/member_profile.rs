//! What routing knows of users: what their accounts tell, and over it what was said.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fairfall_domain::id::UserId;
use fairfall_domain::routing::MemberProfile;
use fairfall_domain::user::{User, UserStatus};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder, TryInsertResult};
use uuid::Uuid;

use crate::entity::member_profile::{Column, Entity, Model};
use crate::entity::user_account;
use crate::error::StoreError;
use crate::mapper::member_profile::{from_rows, to_row};
use crate::mapper::rows::read_all;
use crate::readable::Readable;
use crate::repo::locks;
use crate::repo::versioned::{Versioned, write_over};
use crate::unit_of_work::UnitOfWork;

/// The profiles of some users, in their order. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn of_users(on: &impl Readable, users: &[User]) -> Result<Vec<MemberProfile>, StoreError> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let said = Entity::find().filter(Column::UserId.is_in(users.iter().map(|user| user.id.uuid()))).all(on.conn()).await?;
    joined(users, said)
}

/// The profile of a user for a change: others who want to change it wait until the unit of work ends.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn load_for_command(uow: &UnitOfWork, user: &User) -> Result<MemberProfile, StoreError> {
    locks::hold(uow, "member_profile", &[&user.id.to_string()]).await?;
    let said = Entity::find_by_id(user.id.uuid()).one(uow.conn()).await?;
    from_rows(user, said.as_ref())
}

/// The profiles of some users, by their ids; unknown users are left out. Two statements. Whoever asks says who may see it.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_many(on: &impl Readable, users: &[UserId]) -> Result<Vec<MemberProfile>, StoreError> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let accounts = user_account::Entity::find().filter(user_account::Column::Id.is_in(users.iter().map(|user| user.uuid())));
    let accounts: Vec<User> = read_all(accounts.order_by_asc(user_account::Column::Id).all(on.conn()).await?)?;
    of_users(on, &accounts).await
}

/// The profiles of all active users: what deciding reads. Two statements.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn all_active(on: &impl Readable) -> Result<Vec<MemberProfile>, StoreError> {
    let active = user_account::Entity::find().filter(user_account::Column::Status.eq(UserStatus::Active.as_str()));
    let accounts: Vec<User> = read_all(active.all(on.conn()).await?)?;
    joined(&accounts, Entity::find().all(on.conn()).await?)
}

fn joined(users: &[User], said: Vec<Model>) -> Result<Vec<MemberProfile>, StoreError> {
    let said: BTreeMap<Uuid, Model> = said.into_iter().map(|row| (row.user_id, row)).collect();
    users.iter().map(|user| from_rows(user, said.get(&user.id.uuid()))).collect()
}

/// Writes a profile over the version it was read at: 0 for one of which nothing was ever said.
///
/// # Errors
/// [`StoreError::VersionConflict`]; when the user does not exist, or the database fails.
pub async fn put(uow: &UnitOfWork, profile: &MemberProfile, expected_version: u32, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut row = to_row(profile, now)?.into_active_model().reset_all();
    if expected_version == 0 {
        let written = Entity::insert(row).on_conflict_do_nothing_on([Column::UserId]).exec_without_returning(uow.conn()).await?;
        return match written {
            TryInsertResult::Inserted(1..) => Ok(()),
            TryInsertResult::Inserted(0) | TryInsertResult::Conflicted | TryInsertResult::Empty => {
                let found = Entity::find_by_id(profile.user.uuid()).one(uow.conn()).await?;
                Err(StoreError::VersionConflict { current: found.and_then(|row| u32::try_from(row.version).ok()) })
            }
        };
    }
    row.user_id = NotSet;
    let columns = Versioned { id: Column::UserId, version: Column::Version };
    write_over(uow, columns, profile.user.uuid(), expected_version, row).await
}
