//! Waiting for each other. SQLite has one writer at a time, so that only `PostgreSQL` needs locks.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::error::StoreError;
use crate::sql::Sql;
use crate::store::Backend;
use crate::unit_of_work::UnitOfWork;

/// Holds a name for each of `keys` until the unit of work ends, for what has no row yet to be locked. Taken in one order, so that two units
/// of work that share several keys do not block each other for good.
pub(crate) async fn hold(uow: &UnitOfWork, space: &str, keys: &[&str]) -> Result<(), StoreError> {
    match uow.backend() {
        Backend::Sqlite => Ok(()),
        Backend::Postgres => {
            let mut sql = Sql::new(
                "SELECT pg_advisory_xact_lock(held)::text FROM (SELECT DISTINCT hashtextextended(key, 0) AS held FROM (VALUES ",
            );
            for (index, key) in keys.iter().enumerate() {
                sql.push(if index > 0 { ", (" } else { "(" }).bind(format!("{space}:{key}")).push(")");
            }
            sql.push(") AS named (key) ORDER BY held) AS ordered");
            sql.all(uow).await?;
            Ok(())
        }
    }
}

/// What a statement that reads one table ends with to lock the rows that it reads.
pub(crate) fn for_update(uow: &UnitOfWork) -> &'static str {
    match uow.backend() {
        Backend::Sqlite => "",
        Backend::Postgres => " FOR UPDATE",
    }
}

/// How many names [`hold_stripes`] has: few enough for the lock table of `PostgreSQL` whatever the number of ids.
const STRIPES: u128 = 64;

/// Holds names that stand for ids, several ids each, until the unit of work ends: with others when `shared`, else alone. Taken in one order.
pub(crate) async fn hold_stripes(
    uow: &UnitOfWork,
    space: &str,
    ids: impl Iterator<Item = Uuid>,
    sharing: Sharing,
) -> Result<(), StoreError> {
    let stripes: BTreeSet<i32> = ids.filter_map(|id| i32::try_from(id.as_u128() % STRIPES).ok()).collect();
    match uow.backend() {
        Backend::Sqlite => Ok(()),
        Backend::Postgres if stripes.is_empty() => Ok(()),
        Backend::Postgres => {
            let function = match sharing {
                Sharing::Shared => "pg_advisory_xact_lock_shared",
                Sharing::Alone => "pg_advisory_xact_lock",
            };
            let mut sql = Sql::new(format!("SELECT {function}(hashtext("));
            sql.bind(space).push("), stripe)::text FROM unnest(").bind(stripes.into_iter().collect::<Vec<i32>>());
            sql.push(") AS stripe");
            sql.all(uow).await?;
            Ok(())
        }
    }
}

/// Whether others may hold the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// They may, unless they want it alone.
    Shared,
    /// Nobody else.
    Alone,
}

/// What a statement that reads one table ends with to lock the rows that it reads, passing over those that others have locked.
pub(crate) fn skip_locked(uow: &UnitOfWork) -> &'static str {
    match uow.backend() {
        Backend::Sqlite => "",
        Backend::Postgres => " FOR UPDATE SKIP LOCKED",
    }
}
