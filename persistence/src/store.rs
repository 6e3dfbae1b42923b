//! The store: the one handle to the database.

use std::sync::Arc;
use std::time::Duration;

use fairfall_migration::Migrator;
use futures_util::future::BoxFuture;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait,
};
use sea_orm_migration::{MigrationStatus as Applied, MigratorTrait};
use tokio::sync::watch;

use crate::connection::{Connection, Transaction};
use crate::error::{Retryable, StoreError};
use crate::readable::sealed::Source;
use crate::unit_of_work::UnitOfWork;

pub use crate::readable::Readable;

/// How often work that another transaction was in the way of is done again.
const RETRIES_MAX: u32 = 3;

/// The first wait before that, in milliseconds; doubled each time, and drawn from between half and whole.
const RETRY_WAIT_MS: u64 = 20;

/// The advisory lock under which one node at a time changes the schema.
const MIGRATION_LOCK: i64 = 0x0fa1_0fa1_0000_0001;

/// How long a node waits for another one that changes the schema.
const MIGRATION_WAIT: &str = "5min";

/// The kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backend {
    /// `PostgreSQL` 15 or newer: any number of nodes.
    Postgres,
    /// SQLite in one file: one node.
    Sqlite,
}

impl Backend {
    /// The most values that one statement may bind.
    pub(crate) const fn binds_max(self) -> usize {
        match self {
            Self::Postgres => 65_535,
            Self::Sqlite => 32_766,
        }
    }
}

/// One step of the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationStatus {
    /// Its name.
    pub name: String,
    /// Whether the database has it.
    pub applied: bool,
}

#[derive(Debug)]
struct Inner {
    backend: Backend,
    writer: DatabaseConnection,
    readers: Connection,
    planned: Connection,
    journal: watch::Sender<u64>,
}

/// The one handle to the database; cloning is cheap.
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

/// Reads outside of transactions, each statement for itself.
#[derive(Clone, Debug)]
pub struct Reader(Arc<Inner>);

impl Source for Reader {
    type Conn = Connection;

    fn conn(&self) -> &Connection {
        &self.0.readers
    }

    fn planned(&self) -> &Connection {
        &self.0.planned
    }

    fn database(&self) -> Backend {
        self.0.backend
    }
}

/// The connections of a store, by what they are for; the same pool may serve several.
pub(crate) struct Pools {
    /// Those that may write: all of SQLite's writing, changes of the schema on `PostgreSQL`.
    pub(crate) writer: DatabaseConnection,
    /// Those that read, by plans that are made once; on `PostgreSQL` they write too.
    pub(crate) readers: Connection,
    /// Those that read by plans made for each statement's values.
    pub(crate) planned: Connection,
}

impl Store {
    pub(crate) fn new(backend: Backend, pools: Pools) -> Self {
        let Pools { writer, readers, planned } = pools;
        Self(Arc::new(Inner { backend, writer, readers, planned, journal: watch::Sender::new(0) }))
    }

    /// Which database it is.
    pub fn backend(&self) -> Backend {
        self.0.backend
    }

    /// What finders read from when nothing is to be changed.
    pub fn reader(&self) -> Reader {
        Reader(Arc::clone(&self.0))
    }

    /// The connections that may write.
    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.0.writer
    }

    /// Opens a transaction: `BEGIN IMMEDIATE` on SQLite, so that it never has to give up between its first read and its first write.
    ///
    /// # Errors
    /// [`StoreError::Timeout`] when no connection is free in time, [`StoreError::Unavailable`] when the database is gone.
    pub async fn begin(&self) -> Result<UnitOfWork, StoreError> {
        Ok(UnitOfWork::new(self.open().await?, self.clone()))
    }

    async fn open(&self) -> Result<Transaction, StoreError> {
        match &self.0.readers {
            Connection::Postgres(leases) => Ok(Transaction::begin(leases).await?),
            Connection::Sqlite(_) => Ok(Transaction::Sqlite(self.open_on_writer().await?)),
        }
    }

    async fn open_on_writer(&self) -> Result<DatabaseTransaction, StoreError> {
        let immediate = match self.backend() {
            Backend::Sqlite => Some(SqliteTransactionMode::Immediate),
            Backend::Postgres => None,
        };
        let options = TransactionOptions { sqlite_transaction_mode: immediate, ..TransactionOptions::default() };
        Ok(self.0.writer.begin_with_options(options).await?)
    }

    /// Does `work` in a transaction: committed when it returns `Ok`, undone when it returns `Err`, done again from its start up to three times
    /// when another transaction was in the way.
    ///
    /// # Errors
    /// What `work` returned, or why the transaction could not be opened or committed.
    pub async fn transact<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send,
        E: From<StoreError> + Retryable + Send,
        F: for<'a> Fn(&'a UnitOfWork) -> BoxFuture<'a, Result<T, E>> + Send + Sync,
    {
        let mut tries = 0;
        loop {
            match self.try_once(&work).await {
                Err(error) if error.is_conflict() && tries < RETRIES_MAX => {
                    tokio::time::sleep(retry_wait(tries)).await;
                    tries += 1;
                }
                done => return done,
            }
        }
    }

    async fn try_once<T, E, F>(&self, work: &F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: for<'a> Fn(&'a UnitOfWork) -> BoxFuture<'a, Result<T, E>>,
    {
        let unit = self.begin().await?;
        match work(&unit).await {
            Ok(done) => {
                unit.commit().await?;
                Ok(done)
            }
            Err(error) => {
                // the work's own error is the answer; a rollback that fails means that the connection is gone, and so is the transaction
                let _gone = unit.rollback().await;
                Err(error)
            }
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Timeout`].
    pub async fn ping(&self) -> Result<(), StoreError> {
        // a statement rather than the driver's ping, which looks at a SQLite handle and at nothing else
        self.0.readers.execute_unprepared("SELECT 1").await?;
        Ok(())
    }

    /// Applies every pending migration in one transaction; several nodes may start at once, one of them does it.
    ///
    /// # Errors
    /// As the database tells; the schema is then as it was.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let transaction = self.open_for_schema().await?;
        Migrator::up(&transaction, None).await?;
        Ok(transaction.commit().await?)
    }

    /// Undoes the last `steps` migrations, with all data that they hold.
    ///
    /// # Errors
    /// As the database tells; the schema is then as it was.
    pub async fn migrate_down(&self, steps: u32) -> Result<(), StoreError> {
        let transaction = self.open_for_schema().await?;
        Migrator::down(&transaction, Some(steps)).await?;
        Ok(transaction.commit().await?)
    }

    /// Every migration that this version knows, and whether the database has it. Changes nothing.
    ///
    /// # Errors
    /// As the database tells, or when the database has one that this version does not know.
    pub async fn migration_status(&self) -> Result<Vec<MigrationStatus>, StoreError> {
        self.0.readers.release();
        let known = Migrator::get_migration_with_status_read_only(&self.0.writer).await?;
        let told =
            known.iter().map(|one| MigrationStatus { name: one.name().to_owned(), applied: one.status() == Applied::Applied });
        Ok(told.collect())
    }

    async fn open_for_schema(&self) -> Result<DatabaseTransaction, StoreError> {
        self.0.readers.release();
        let transaction = self.open_on_writer().await?;
        if self.backend() == Backend::Postgres {
            let waits = format!("SET LOCAL statement_timeout = '{MIGRATION_WAIT}'; SET LOCAL lock_timeout = '{MIGRATION_WAIT}'");
            transaction.execute_unprepared(&waits).await?;
            transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
        }
        Ok(transaction)
    }

    /// Tells those of this process who wait for the journal that rows were written.
    pub fn journal_written(&self) {
        self.0.journal.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Changes whenever a transaction of this process wrote rows of the journal.
    pub fn journal_hints(&self) -> watch::Receiver<u64> {
        self.0.journal.subscribe()
    }

    /// Empties SQLite's log of changes into the file, so that what was erased is in neither. On `PostgreSQL` nothing: its own vacuum clears
    /// pages, and a dump holds none of it at once. False when readers were in the way: then it is done the next time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn empty_log(&self) -> Result<bool, StoreError> {
        match self.backend() {
            Backend::Postgres => Ok(true),
            Backend::Sqlite => {
                let answer = self
                    .0
                    .writer
                    .query_one_raw(Statement::from_string(DbBackend::Sqlite, "PRAGMA wal_checkpoint(TRUNCATE)"))
                    .await?;
                Ok(answer.is_some_and(|row| row.try_get_by_index::<i64>(0).is_ok_and(|busy| busy == 0)))
            }
        }
    }

    /// Closes every connection; what is running is finished first.
    ///
    /// # Errors
    /// As the driver tells.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.0.planned.close().await?;
        self.0.readers.close().await?;
        Ok(self.0.writer.close_by_ref().await?)
    }
}

/// Doubling, and drawn from between half and whole, so that two who met do not meet again.
fn retry_wait(tries: u32) -> Duration {
    let whole = RETRY_WAIT_MS << tries.min(RETRIES_MAX);
    Duration::from_millis(rand::random_range(whole / 2..=whole))
}
