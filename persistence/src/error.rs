//! What can go wrong between the store and its callers.

use std::fmt;

use sea_orm::sqlx;
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};

/// What was waited for when time ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wait {
    /// A free connection of the pool.
    Connection,
    /// The end of a statement.
    Statement,
    /// A row or table that another transaction holds.
    Lock,
    /// The next statement of an open transaction.
    Idle,
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connection => "a connection",
            Self::Statement => "a statement",
            Self::Lock => "a lock",
            Self::Idle => "the next statement of a transaction",
        })
    }
}

/// A fault as the database told it, without any value that was sent or stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DatabaseFault {
    /// The database's code: SQLSTATE on `PostgreSQL`, the extended result code on SQLite.
    pub code: Option<String>,
    /// What happened; the database's own words only where they repeat no values.
    pub message: String,
}

impl DatabaseFault {
    /// A fault without a code.
    pub fn new(message: impl Into<String>) -> Self {
        Self { code: None, message: message.into() }
    }
}

/// Why the store could not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database is not there, refuses connections or went away.
    #[error("the database cannot be reached")]
    Unavailable(#[source] DatabaseFault),
    /// A promised time ran out.
    #[error("waited too long for {0}")]
    Timeout(Wait),
    /// Another transaction was in the way; the same work may succeed when done again from its start.
    #[error("another transaction was in the way")]
    Conflict(#[source] DatabaseFault),
    /// What must be unique exists already.
    #[error("`{constraint}` exists already")]
    Unique {
        /// The table and its columns, for example `campaign(key)`; the same on both databases.
        constraint: String,
    },
    /// The row is no longer at the version that was expected.
    #[error("the version expected is not the current one")]
    VersionConflict {
        /// The version it has now; nothing when it is gone.
        current: Option<u32>,
    },
    /// Stored data does not parse: it was changed by other hands, or by a newer version.
    #[error("`{table}.{column}` of `{id}` does not parse")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The id of the row.
        id: String,
    },
    /// A cursor that was made for another list or another order.
    #[error("the cursor belongs to another list or another order")]
    ForeignCursor,
    /// Anything else.
    #[error("the database refused a statement")]
    Database(#[source] DatabaseFault),
}

/// An error that may say: do the whole work again.
pub trait Retryable {
    /// Whether the work failed only because another transaction was in the way.
    fn is_conflict(&self) -> bool;
}

impl Retryable for StoreError {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict(_))
    }
}

impl StoreError {
    /// Whether this is the violation of the unique `columns` of `table`.
    pub fn is_unique(&self, table: &str, columns: &[&str]) -> bool {
        matches!(self, Self::Unique { constraint } if *constraint == format!("{table}({})", columns.join(", ")))
    }

    /// A value that cannot be stored, such as a count beyond the column's type.
    pub(crate) fn unstorable(what: &'static str) -> Self {
        Self::Database(DatabaseFault::new(format!("`{what}` does not fit its column")))
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => Self::Timeout(Wait::Connection),
            DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed) => {
                Self::Unavailable(DatabaseFault::new("the pool is closed"))
            }
            DbErr::Conn(RuntimeErr::SqlxError(error)) => match of_sqlx(&error) {
                Self::Database(fault) => Self::Unavailable(fault),
                told => told,
            },
            DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => of_sqlx(&error),
            // its words repeat the address, which holds a password
            DbErr::Conn(RuntimeErr::Internal(_)) => {
                Self::Unavailable(DatabaseFault::new("no driver knows the address of the database"))
            }
            // sea-orm's own words name columns and Rust types, never values
            other => Self::Database(DatabaseFault::new(other.to_string())),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        of_sqlx(&error)
    }
}

fn of_sqlx(error: &sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Database(told) => of_database(told.as_ref()),
        sqlx::Error::PoolTimedOut => StoreError::Timeout(Wait::Connection),
        sqlx::Error::Io(source) => StoreError::Unavailable(DatabaseFault::new(source.kind().to_string())),
        sqlx::Error::Tls(_) => StoreError::Unavailable(DatabaseFault::new("the encrypted connection failed")),
        sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => StoreError::Unavailable(DatabaseFault::new("the pool is closed")),
        sqlx::Error::Protocol(_) => StoreError::Unavailable(DatabaseFault::new("the connection broke the protocol")),
        sqlx::Error::ColumnDecode { index, .. } => {
            StoreError::Database(DatabaseFault::new(format!("column `{index}` could not be decoded")))
        }
        sqlx::Error::ColumnNotFound(name) => StoreError::Database(DatabaseFault::new(format!("column `{name}` is missing"))),
        sqlx::Error::Configuration(_) => StoreError::Unavailable(DatabaseFault::new("the address of the database is malformed")),
        _ => StoreError::Database(DatabaseFault::new("the driver failed")),
    }
}

fn of_database(told: &dyn sqlx::error::DatabaseError) -> StoreError {
    let code = told.code().unwrap_or_default().into_owned();
    let fault = DatabaseFault { message: quiet_message(&code, told), code: Some(code.clone()) };
    match code.as_str() {
        // PostgreSQL: serialization failure, deadlock. SQLite: busy and locked, with their extended forms
        "40001" | "40P01" | "5" | "6" | "261" | "262" | "517" | "773" => StoreError::Conflict(fault),
        "55P03" => StoreError::Timeout(Wait::Lock),
        "57014" => StoreError::Timeout(Wait::Statement),
        "25P03" => StoreError::Timeout(Wait::Idle),
        "23505" => StoreError::Unique { constraint: told.constraint().map_or_else(String::new, unique_of_postgres) },
        // SQLite: primary key, unique, and the rowid's own
        "1555" | "2067" | "2579" => StoreError::Unique { constraint: unique_of_sqlite(told.message()) },
        // SQLite: cannot open, not a database, disk full, read or write failed
        "10" | "13" | "14" | "26" => StoreError::Unavailable(fault),
        _ if code.starts_with("08")
            || code.starts_with("57P")
            || code.starts_with("53")
            || code.starts_with("28")
            || code.starts_with("3D") =>
        {
            StoreError::Unavailable(fault)
        }
        _ => StoreError::Database(fault),
    }
}

/// The database's words where they name only what this crate wrote itself; for broken constraints and bad data they would repeat values.
fn quiet_message(code: &str, told: &dyn sqlx::error::DatabaseError) -> String {
    let repeats_values = code.len() == 5 && (code.starts_with("22") || code.starts_with("23"));
    if repeats_values {
        let constraint = told.constraint().unwrap_or("unnamed");
        format!("data or constraint `{constraint}` refused")
    } else {
        told.message().to_owned()
    }
}

/// `u_campaign__key` as `campaign(key)`; a primary key as `campaign(id)` where it is the id.
fn unique_of_postgres(name: &str) -> String {
    if let Some(rest) = name.strip_prefix("u_") {
        let mut parts = rest.split("__");
        let table = parts.next().unwrap_or_default();
        return format!("{table}({})", parts.collect::<Vec<_>>().join(", "));
    }
    name.strip_suffix("_pkey").map_or_else(|| name.to_owned(), |table| format!("{table}(id)"))
}

/// `UNIQUE constraint failed: track.key, track.version` as `track(key, version)`.
fn unique_of_sqlite(message: &str) -> String {
    let named = message.rsplit_once(": ").map_or(message, |(_, named)| named);
    let mut table = "";
    let columns: Vec<&str> = named
        .split(", ")
        .map(|column| {
            let (of, name) = column.split_once('.').unwrap_or(("", column));
            table = of;
            name
        })
        .collect();
    format!("{table}({})", columns.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unique_violation_is_told_alike_on_both_databases() {
        assert_eq!(unique_of_postgres("u_track__key__version"), "track(key, version)");
        assert_eq!(unique_of_sqlite("UNIQUE constraint failed: track.key, track.version"), "track(key, version)");
        assert_eq!(unique_of_postgres("lead_pkey"), "lead(id)");
        assert_eq!(unique_of_sqlite("UNIQUE constraint failed: lead.id"), "lead(id)");
        let error = StoreError::Unique { constraint: "track(key, version)".to_owned() };
        assert!(error.is_unique("track", &["key", "version"]));
    }

    #[test]
    fn only_a_conflict_is_tried_again() {
        assert!(StoreError::Conflict(DatabaseFault::new("x")).is_conflict());
        assert!(!StoreError::Timeout(Wait::Lock).is_conflict());
        assert!(!StoreError::VersionConflict { current: None }.is_conflict());
    }
}
