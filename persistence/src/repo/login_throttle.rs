//! Failed logins, counted by account and by address. Both are known here by a hash only.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use crate::entity::login_throttle::{Column, Entity, Model};
use crate::error::StoreError;
use crate::mapper::stored::Stored;
use crate::readable::Readable;
use crate::unit_of_work::UnitOfWork;

/// After this long without a failure nothing is remembered.
pub const REMEMBERED_HOURS: i64 = 24;

/// The failures of one key since its last success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failures {
    /// SHA-256 of what is counted, 64 hexadecimal digits.
    pub key: String,
    /// How many, from 1.
    pub count: u32,
    /// The last one, UTC.
    pub last_at: DateTime<Utc>,
}

/// The failures of some keys; keys without any are left out. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn get(on: &impl Readable, keys: &[&str]) -> Result<Vec<Failures>, StoreError> {
    let rows = Entity::find().filter(Column::Key.is_in(keys.iter().copied())).all(on.conn()).await?;
    rows.into_iter().map(read).collect()
}

fn read(row: Model) -> Result<Failures, StoreError> {
    let count = Stored::new("login_throttle", &row.key).count("failures", row.failures)?;
    Ok(Failures { key: row.key, count, last_at: row.last_failure_at })
}

/// Counts one more failure of each key. Keys must differ. Commit the unit of work although the login failed.
///
/// # Errors
/// When the database fails.
pub async fn fail(uow: &UnitOfWork, keys: &[&str], now: DateTime<Utc>) -> Result<(), StoreError> {
    if keys.is_empty() {
        return Ok(());
    }
    let rows = keys.iter().map(|key| Model { key: (*key).to_owned(), failures: 1, last_failure_at: now });
    let once_more = OnConflict::column(Column::Key)
        .value(Column::Failures, Expr::col((Entity, Column::Failures)).add(1))
        .update_column(Column::LastFailureAt)
        .to_owned();
    Entity::insert_many(rows.map(|row| row.into_active_model().reset_all()))
        .on_conflict(once_more)
        .exec_without_returning(uow.conn())
        .await?;
    Ok(())
}

/// Forgets the failures of a key.
///
/// # Errors
/// When the database fails.
pub async fn clear(uow: &UnitOfWork, key: &str) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::Key.eq(key)).exec(uow.conn()).await?;
    Ok(())
}

/// Forgets what failed last more than [`REMEMBERED_HOURS`] ago; tells how many keys.
///
/// # Errors
/// When the database fails.
pub async fn prune(uow: &UnitOfWork, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let before = now - TimeDelta::hours(REMEMBERED_HOURS);
    Ok(Entity::delete_many().filter(Column::LastFailureAt.lt(before)).exec(uow.conn()).await?.rows_affected)
}
