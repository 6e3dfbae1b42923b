//! Users, and with what they sign in.

use std::fmt;

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Grant, Role, Scope};
use fairfall_domain::department::Department;
use fairfall_domain::id::UserId;
use fairfall_domain::user::{User, UserStatus};
use sea_orm::sea_query::Query;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QuerySelect, Set};

use crate::entity::team_member;
use crate::entity::user_account::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::mapper::rows::{read_all, read_one};
use crate::mapper::user::to_row;
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::repo::versioned::{Versioned, write_over};
use crate::unit_of_work::UnitOfWork;

/// A user with the hash of the password, for signing in.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The user.
    pub user: User,
    /// The hash in the PHC string format; `None` when no password was set.
    pub password_hash: Option<String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user.id).finish_non_exhaustive()
    }
}

/// Which users a list holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Only with this status.
    pub status: Option<UserStatus>,
    /// Only with this role.
    pub role: Option<Role>,
}

const BY_CREATED: Keyset = Keyset {
    name: "user.created",
    columns: &[("user_account.created_at", KeyKind::Time), ("user_account.id", KeyKind::Id)],
    direction: Direction::Ascending,
};

/// What a permission for users reaches.
fn seen(grant: &Grant) -> Condition {
    let own = || Condition::any().add(Column::Id.is_in(grant.user().map(UserId::uuid)));
    let of_team = || {
        let colleagues = Query::select()
            .column(team_member::Column::UserId)
            .from(team_member::Entity)
            .and_where(team_member::Column::TeamId.is_in(grant.teams().iter().map(|id| id.uuid())))
            .to_owned();
        own().add(Column::Id.in_subquery(colleagues))
    };
    match grant.scope() {
        Scope::All => Condition::all(),
        Scope::Own => own(),
        Scope::Pool | Scope::Team => of_team(),
        // a department's role has the department's code
        Scope::Department => of_team().add(Column::Role.is_in(grant.department().map(Department::as_str))),
    }
}

/// One user, if the permission reaches them.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find(on: &impl Readable, grant: &Grant, id: UserId) -> Result<Option<User>, StoreError> {
    read_one(Entity::find_by_id(id.uuid()).filter(seen(grant)).one(on.conn()).await?)
}

/// Some users, in no order; those that do not exist or are out of reach are left out. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_many(on: &impl Readable, grant: &Grant, ids: &[UserId]) -> Result<Vec<User>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let of_ids = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    read_all(of_ids.filter(seen(grant)).all(on.conn()).await?)
}

/// The user who signs in with an address, by its key, with the hash of the password. Nobody has shown yet who they are: there is no permission.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_by_email_key(on: &impl Readable, email_key: &str) -> Result<Option<Credentials>, StoreError> {
    let found = Entity::find().filter(Column::EmailKey.eq(email_key)).one(on.conn()).await?;
    found.map(credentials).transpose()
}

/// A user with the hash of the password, for a change of the password by themselves.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_credentials(on: &impl Readable, id: UserId) -> Result<Option<Credentials>, StoreError> {
    Entity::find_by_id(id.uuid()).one(on.conn()).await?.map(credentials).transpose()
}

fn credentials(mut row: Model) -> Result<Credentials, StoreError> {
    let password_hash = row.password_hash.take();
    Ok(Credentials { user: User::try_from(row)?, password_hash })
}

/// Whether there is any user: false on a new installation.
///
/// # Errors
/// When the database fails.
pub async fn any(on: &impl Readable) -> Result<bool, StoreError> {
    let first: Option<uuid::Uuid> = Entity::find().select_only().column(Column::Id).into_tuple().one(on.conn()).await?;
    Ok(first.is_some())
}

/// A page of the users that the permission reaches, the first made first.
///
/// # Errors
/// [`StoreError::ForeignCursor`]; when the database fails or holds a corrupt row.
pub async fn page(on: &impl Readable, grant: &Grant, filter: UserFilter, args: &PageArgs) -> Result<Page<User>, StoreError> {
    let mut query = Entity::find().filter(seen(grant));
    if let Some(status) = filter.status {
        query = query.filter(Column::Status.eq(status.as_str()));
    }
    if let Some(role) = filter.role {
        query = query.filter(Column::Role.eq(role.kind().as_str())).filter(Column::Rank.eq(role.rank().as_str()));
    }
    let rows = BY_CREATED.paged(query, args)?.all(on.conn()).await?;
    let keyed = rows.into_iter().map(|row| (vec![Key::Time(row.created_at), Key::Id(row.id)], row));
    BY_CREATED.page(args, keyed.collect()).try_map(User::try_from)
}

/// Stores a new user; without a hash nobody can sign in with a password.
///
/// # Errors
/// [`StoreError::Unique`] of `user_account(email_key)`; when the database fails.
pub async fn insert(uow: &UnitOfWork, user: &User, password_hash: Option<&str>) -> Result<(), StoreError> {
    let row = Model { password_hash: password_hash.map(str::to_owned), ..to_row(user)? };
    Entity::insert(row.into_active_model().reset_all()).exec_without_returning(uow.conn()).await?;
    Ok(())
}

/// Writes a changed user over the version it was read at. The password stays as it is.
///
/// # Errors
/// [`StoreError::VersionConflict`]; [`StoreError::Unique`] of `user_account(email_key)`; when the database fails.
pub async fn update(uow: &UnitOfWork, user: &User, expected_version: u32) -> Result<(), StoreError> {
    let mut row = to_row(user)?.into_active_model().reset_all();
    row.id = NotSet;
    row.password_hash = NotSet;
    row.created_at = NotSet;
    let columns = Versioned { id: Column::Id, version: Column::Version };
    write_over(uow, columns, user.id.uuid(), expected_version, row).await
}

/// Sets the hash of a user's password; false when there is no such user. The version stays: a password is no part of what others read.
///
/// # Errors
/// When the database fails.
pub async fn set_password_hash(uow: &UnitOfWork, id: UserId, hash: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let row = ActiveModel { password_hash: Set(Some(hash.to_owned())), updated_at: Set(now), ..Default::default() };
    let update = Entity::update_many().set(row).filter(Column::Id.eq(id.uuid()));
    Ok(update.exec(uow.conn()).await?.rows_affected > 0)
}
