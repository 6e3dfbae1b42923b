//! What an operator wants to know of a database: its version, how it is set, its clock. Changes nothing.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::sqlx::sqlite::SqliteSynchronous;
use sea_orm::{ConnectOptions, Database};

use crate::connect::{DatabaseConfig, connect};
use crate::connection::Connection;
use crate::error::StoreError;
use crate::readable::Readable;
use crate::sql::{Columns, Sql};
use crate::store::{Backend, Pools, Store};

/// The settings of `PostgreSQL` that matter here.
const POSTGRES_SETTINGS: [&str; 7] = [
    "fsync",
    "full_page_writes",
    "synchronous_commit",
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "max_connections",
];

/// The settings of SQLite that matter here.
const SQLITE_SETTINGS: [&str; 4] = ["journal_mode", "synchronous", "foreign_keys", "busy_timeout"];

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// The version as the database tells it.
    pub version: String,
    /// The first figure of the version.
    pub version_major: u32,
    /// Names and values of settings, as they hold on this connection.
    pub settings: Vec<(String, String)>,
    /// The database's clock, when it has one of its own (`PostgreSQL`).
    pub clock: Option<DateTime<Utc>>,
    /// When the last event was recorded, when there is one.
    pub newest_event: Option<DateTime<Utc>>,
}

impl Inspection {
    /// The value of a setting.
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.settings.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Opens the database only to look: an SQLite file is neither made nor converted. What is opened so cannot write on SQLite.
///
/// # Errors
/// [`StoreError::Unavailable`] when it cannot be reached, or the SQLite file is not there.
pub async fn open_to_look(config: &DatabaseConfig) -> Result<Store, StoreError> {
    if !config.url.starts_with("sqlite:") {
        return connect(&DatabaseConfig { pool_max: 1, ..config.clone() }).await;
    }
    let mut options = ConnectOptions::new(config.url.clone());
    options
        .max_connections(1)
        .acquire_timeout(Duration::from_millis(config.acquire_ms))
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(|connect| {
            connect.create_if_missing(false).read_only(true).synchronous(SqliteSynchronous::Full).foreign_keys(true)
        });
    let pool = Database::connect(options).await?;
    Ok(Store::new(
        Backend::Sqlite,
        Pools { writer: pool.clone(), readers: Connection::Sqlite(pool.clone()), planned: Connection::Sqlite(pool) },
    ))
}

/// Looks at the database.
///
/// # Errors
/// As the database tells.
pub async fn inspect(store: &Store) -> Result<Inspection, StoreError> {
    let on = store.reader();
    let (version, clock, names) = match store.backend() {
        Backend::Postgres => {
            let row = Sql::new("SELECT current_setting('server_version'), clock_timestamp()").one(&on).await?;
            let row = row.ok_or_else(|| StoreError::unstorable("server_version"))?;
            let mut columns = Columns::of(&row);
            (columns.next::<String>()?, Some(columns.next::<DateTime<Utc>>()?), POSTGRES_SETTINGS.as_slice())
        }
        Backend::Sqlite => {
            let row = Sql::new("SELECT sqlite_version()").one(&on).await?;
            let row = row.ok_or_else(|| StoreError::unstorable("sqlite_version"))?;
            (Columns::of(&row).next::<String>()?, None, SQLITE_SETTINGS.as_slice())
        }
    };
    let mut settings = Vec::with_capacity(names.len());
    for name in names {
        settings.push(((*name).to_owned(), setting(&on, name).await?));
    }
    let major: String = version.chars().take_while(char::is_ascii_digit).collect();
    let newest_event = newest_event(&on).await?;
    Ok(Inspection { version_major: major.parse().unwrap_or(0), version, settings, clock, newest_event })
}

async fn setting(on: &impl Readable, name: &str) -> Result<String, StoreError> {
    match on.database() {
        Backend::Postgres => {
            let mut sql = Sql::new("SELECT current_setting(");
            sql.bind(name).push(")");
            let row = sql.one(on).await?.ok_or_else(|| StoreError::unstorable("setting"))?;
            Columns::of(&row).next()
        }
        Backend::Sqlite => {
            let row = Sql::new(format!("PRAGMA {name}")).one(on).await?.ok_or_else(|| StoreError::unstorable("setting"))?;
            // some of them are texts, some are figures
            let text: Result<String, _> = Columns::of(&row).next();
            text.or_else(|_| Columns::of(&row).next::<i64>().map(|figure| figure.to_string()))
        }
    }
}

/// Nothing when there is no journal yet.
async fn newest_event(on: &impl Readable) -> Result<Option<DateTime<Utc>>, StoreError> {
    let tables = match on.database() {
        Backend::Postgres => {
            "SELECT count(*) FROM information_schema.tables WHERE table_name = 'journal' AND table_schema = current_schema()"
        }
        Backend::Sqlite => "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'journal'",
    };
    let found: i64 = match Sql::new(tables).one(on).await? {
        Some(row) => Columns::of(&row).next()?,
        None => 0,
    };
    if found == 0 {
        return Ok(None);
    }
    let newest =
        Sql::new("SELECT occurred_at FROM journal WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1").one(on).await?;
    newest.map(|row| Columns::of(&row).next()).transpose()
}
