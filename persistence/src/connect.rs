//! Connections: one writer and several readers on SQLite, one small pool on `PostgreSQL`.

use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, DatabaseConnection, SqlxPostgresConnector, SqlxSqliteConnector};

use crate::connection::Connection;
use crate::error::{DatabaseFault, StoreError};
use crate::lease::Leases;
use crate::store::{Backend, Pools, Store};

/// How long an idle connection is kept, in seconds.
const IDLE_S: u64 = 600;

/// After how many idle seconds a connection is tried before it is used again. A ping before each use would cost a third of the rate.
const TRUSTED_IDLE_S: u64 = 30;

/// How long SQLite waits for a writer of another process, in milliseconds.
const BUSY_MS: u64 = 5_000;

/// Where the database is and how it is used.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseConfig {
    /// `sqlite://path?mode=rwc`, `sqlite::memory:` or `postgres://user:password@host/database`.
    pub url: String,
    /// Connections to `PostgreSQL`, at most.
    pub pool_max: u32,
    /// Readers of SQLite, at most, beside the one writer.
    pub readers_max: u32,
    /// How long to wait for a free connection.
    pub acquire_ms: u64,
    /// How long a statement may take (`PostgreSQL`).
    pub statement_ms: u64,
    /// How long to wait for a row that another transaction holds (`PostgreSQL`).
    pub lock_wait_ms: u64,
    /// How long a transaction may stand idle (`PostgreSQL`).
    pub idle_in_transaction_ms: u64,
}

impl std::fmt::Debug for DatabaseConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // the address holds a password
        f.debug_struct("DatabaseConfig")
            .field("pool_max", &self.pool_max)
            .field("readers_max", &self.readers_max)
            .finish_non_exhaustive()
    }
}

impl DatabaseConfig {
    /// The shipped limits for a database at `url`.
    pub fn at(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            pool_max: 12,
            readers_max: 4,
            acquire_ms: 3_000,
            statement_ms: 5_000,
            lock_wait_ms: 2_000,
            idle_in_transaction_ms: 10_000,
        }
    }
}

/// Opens the database. Nothing is created but the SQLite file itself; the schema comes from [`Store::migrate`].
///
/// # Errors
/// [`StoreError::Unavailable`] when it cannot be reached or the address is malformed.
pub async fn connect(config: &DatabaseConfig) -> Result<Store, StoreError> {
    // each connector is asked for itself: choosing one by the address would panic over a malformed one
    if config.url.starts_with("sqlite:") {
        connect_sqlite(config).await
    } else if config.url.starts_with("postgres://") || config.url.starts_with("postgresql://") {
        connect_postgres(config).await
    } else {
        Err(StoreError::Unavailable(DatabaseFault::new(
            "the address of the database starts with neither `sqlite:` nor `postgres://`",
        )))
    }
}

fn options(config: &DatabaseConfig, connections_max: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(config.url.clone());
    options
        .max_connections(connections_max)
        .acquire_timeout(Duration::from_millis(config.acquire_ms))
        .connect_timeout(Duration::from_millis(config.acquire_ms))
        // statements carry personal data: neither logs nor spans may hold them
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .test_before_acquire(false);
    options
}

/// When plans are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plans {
    /// Once a connection: what is asked often is then never planned again.
    Once,
    /// For each statement, by the values it binds: what one filter finds everywhere another finds nowhere, and one plan for both looks through all
    /// rows for it (1,000,000 leads, a country that few have: 0.1 ms instead of 1.3 s).
    ByValue,
}

impl Plans {
    const fn mode(self) -> &'static str {
        match self {
            Self::Once => "force_generic_plan",
            Self::ByValue => "force_custom_plan",
        }
    }
}

async fn connect_postgres(config: &DatabaseConfig) -> Result<Store, StoreError> {
    // the whole number is the node's: others need connections too
    let planned_max = config.pool_max.div_ceil(4).max(1);
    let once_max = config.pool_max.saturating_sub(planned_max).max(1);
    let once = connect_pool(config, once_max, Plans::Once).await?;
    let planned = connect_pool(config, planned_max, Plans::ByValue).await?;
    let lent = |pool: &DatabaseConnection, most: u32| {
        let wait = Duration::from_millis(config.acquire_ms);
        Connection::Postgres(Leases::new(pool.get_postgres_connection_pool().clone(), most, wait))
    };
    let (readers, planned) = (lent(&once, once_max), lent(&planned, planned_max));
    Ok(Store::new(Backend::Postgres, Pools { writer: once, readers, planned }))
}

async fn connect_pool(config: &DatabaseConfig, most: u32, plans: Plans) -> Result<DatabaseConnection, StoreError> {
    let settings = [
        ("lock_timeout", config.lock_wait_ms.to_string()),
        ("idle_in_transaction_session_timeout", config.idle_in_transaction_ms.to_string()),
        ("plan_cache_mode", plans.mode().to_owned()),
        // reports and lists are short; compiling them costs more than it wins
        ("jit", "off".to_owned()),
    ];
    let mut options = options(config, most);
    options
        .idle_timeout(Duration::from_secs(IDLE_S))
        .test_before_acquire_if_idle_for(Duration::from_secs(TRUSTED_IDLE_S))
        .statement_timeout(Duration::from_millis(config.statement_ms))
        .set_application_name("fairfall")
        .map_sqlx_postgres_opts(move |connect| connect.options(settings.clone()));
    Ok(SqlxPostgresConnector::connect(options).await?)
}

async fn connect_sqlite(config: &DatabaseConfig) -> Result<Store, StoreError> {
    let in_memory = config.url.contains(":memory:") || config.url.contains("mode=memory");
    let mut options = options(config, 1);
    // the one writer is never dropped: a database in memory would vanish with it
    options.min_connections(1).idle_timeout(None).max_lifetime(None).map_sqlx_sqlite_opts(|connect| {
        connect
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_millis(BUSY_MS))
            .foreign_keys(true)
            // what is deleted is overwritten: an erased person is not found in the file either
            .pragma("secure_delete", "ON")
    });
    let writer = SqlxSqliteConnector::connect(options).await?;
    let readers = Connection::Sqlite(if in_memory { writer.clone() } else { connect_readers(config).await? });
    Ok(Store::new(Backend::Sqlite, Pools { writer, planned: readers.clone(), readers }))
}

async fn connect_readers(config: &DatabaseConfig) -> Result<DatabaseConnection, StoreError> {
    let mut options = options(config, config.readers_max.max(1));
    options.min_connections(1).idle_timeout(Duration::from_secs(IDLE_S)).map_sqlx_sqlite_opts(|connect| {
        connect.busy_timeout(Duration::from_millis(BUSY_MS)).foreign_keys(true).pragma("query_only", "ON")
    });
    Ok(SqlxSqliteConnector::connect(options).await?)
}
