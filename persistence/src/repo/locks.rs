//! Waiting for each other. SQLite has one writer at a time, so that only `PostgreSQL` needs locks.

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
