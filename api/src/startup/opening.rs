//! Opening the database, and what can go wrong on the way to a server.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use fairfall_persistence::{Backend, DatabaseConfig, Store, StoreError, connect};

use crate::app::enrichment::{DataProvider, GeoDatabase, GeoFault};
use crate::app::install::install;
use crate::app::{App, AppError, AppParts, Mails, SessionTimes};
use crate::auth::key_file::{self, KeyFileFault};
use crate::auth::password::{HashingFault, PasswordHasherPool};
use crate::clock::Clock;
use crate::config::{Config, Database};
use crate::http::config::BadAddressRange;
use crate::mailer::MailerFault;

/// Why a process cannot do its work, with what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum StartupError {
    /// The database does not answer.
    #[error("the database {database} cannot be opened; `fairfall doctor` tells more")]
    Database {
        /// Its address without the password.
        database: String,
        /// What it said.
        #[source]
        source: StoreError,
    },
    /// The folder of the embedded database does not exist.
    #[error("the folder of the database `{}` does not exist: make it, or name another file with `--database-url`", file.display())]
    NoFolder {
        /// The file.
        file: PathBuf,
    },
    /// The tables are not those of this version.
    #[error("{missing} of {known} migrations are missing in the database {database}: run `fairfall migrate up` first")]
    NotMigrated {
        /// Its address without the password.
        database: String,
        /// How many are missing.
        missing: usize,
        /// How many this version knows.
        known: usize,
    },
    /// The tables could not be brought up to date.
    #[error("the tables of the database {database} could not be brought up to date; they are as they were")]
    Migration {
        /// Its address without the password.
        database: String,
        /// What it said.
        #[source]
        source: StoreError,
    },
    /// The shipped rules could not be stored.
    #[error("the shipped tracks and agreements could not be stored")]
    Install(#[source] AppError),
    /// The file of countries by address cannot be used.
    #[error(transparent)]
    Geo(#[from] GeoFault),
    /// There is no token key.
    #[error(transparent)]
    TokenKey(#[from] KeyFileFault),
    /// Mails cannot be sent as configured.
    #[error(transparent)]
    Mailer(#[from] MailerFault),
    /// Passwords cannot be hashed.
    #[error(transparent)]
    Passwords(#[from] HashingFault),
    /// The file of trusted documents cannot be used.
    #[error("the file of trusted documents `{}` cannot be read: it must be a JSON object from id to document", path.display())]
    TrustedDocuments {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A value of the configuration that the transport does not take.
    #[error("`trusted_proxies`: {0}")]
    TrustedProxies(#[source] BadAddressRange),
    /// The address is taken or not ours.
    #[error("cannot serve on {address}; take another one with `--listen ADDRESS:PORT`, port 0 for any free one")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The server failed while it ran.
    #[error("the server failed")]
    Served(#[source] io::Error),
}

/// What to do with tables that are not up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// Bring an embedded database up to date; refuse a server's, which other nodes may be using with its old tables.
    AsServed,
    /// Bring either up to date.
    Migrated,
}

/// How the database of a configuration is to be used.
pub fn database_config(config: &Config) -> DatabaseConfig {
    DatabaseConfig {
        pool_max: config.pool.connections_max,
        readers_max: config.pool.readers_max,
        statement_ms: config.limits.statement_ms_max,
        lock_wait_ms: config.limits.lock_wait_ms_max,
        ..DatabaseConfig::at(config.database_url.expose())
    }
}

/// Opens the database with its tables up to date and the shipped rules in it.
///
/// # Errors
/// [`StartupError`]; with [`Storage::AsServed`] on `PostgreSQL` also when migrations are missing.
pub async fn open_store(config: &Config, storage: Storage, clock: &Clock) -> Result<Store, StartupError> {
    let database = config.database_url.redacted();
    if let Database::SqliteFile(file) = config.database_url.database()
        && let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty())
        && !folder.is_dir()
    {
        return Err(StartupError::NoFolder { file: file.clone() });
    }
    let opened = connect(&database_config(config)).await;
    let store = opened.map_err(|source| StartupError::Database { database: database.clone(), source })?;
    match (store.backend(), storage) {
        (Backend::Postgres, Storage::AsServed) => refuse_old_tables(&store, &database).await?,
        (Backend::Sqlite, Storage::AsServed | Storage::Migrated) | (Backend::Postgres, Storage::Migrated) => {
            store.migrate().await.map_err(|source| StartupError::Migration { database, source })?;
        }
    }
    install(&store, clock.now()).await.map_err(StartupError::Install)?;
    Ok(store)
}

async fn refuse_old_tables(store: &Store, database: &str) -> Result<(), StartupError> {
    let told = store.migration_status().await;
    let steps = told.map_err(|source| StartupError::Database { database: database.to_owned(), source })?;
    let missing = steps.iter().filter(|step| !step.applied).count();
    if missing == 0 {
        return Ok(());
    }
    Err(StartupError::NotMigrated { database: database.to_owned(), missing, known: steps.len() })
}

/// Opens the database and everything that use cases need.
///
/// # Errors
/// As [`open_store`]; when there is no token key.
pub async fn open_app(config: &Config) -> Result<App, StartupError> {
    with_clock(config, Clock::system()).await
}

/// As [`open_app`], with another clock than the system's; for tests and replays.
///
/// # Errors
/// As [`open_app`].
pub async fn with_clock(config: &Config, clock: Clock) -> Result<App, StartupError> {
    let store = open_store(config, Storage::AsServed, &clock).await?;
    let tokens = key_file::token_keys(config)?;
    let passwords = PasswordHasherPool::for_this_machine()?;
    let geo = config.countries_file.as_deref().map(GeoDatabase::open).transpose()?;
    let provider = config.enrichment.clone().map(DataProvider::new);
    let session = config.session;
    let times = SessionTimes {
        access_token: session.access_token(),
        refresh_idle: session.refresh_idle(),
        refresh_absolute: session.refresh_absolute(),
    };
    let mails = if config.mail.is_some() { Mails::Sent } else { Mails::NotSent };
    Ok(App::new(AppParts { store, clock, passwords, tokens, times, geo, provider, mails }))
}
