//! Where statements go: connections outside of transactions, and a transaction.
//!
//! On `PostgreSQL` both are leased (see `lease.rs`), so each statement is sent by hand; on SQLite both are sea-orm's own.

use std::fmt;
use std::sync::Arc;

use sea_orm::prelude::async_trait::async_trait;
use sea_orm::sea_query::Values;
use sea_orm::sqlx::postgres::PgRow;
use sea_orm::sqlx::query::Query;
use sea_orm::sqlx::{self, AssertSqlSafe, Executor, PgConnection, Postgres};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement,
};
use sea_query_sqlx::SqlxValues;
use tokio::sync::Mutex;

use crate::lease::{Lease, Leases};

/// Connections for statements outside of transactions.
#[derive(Clone)]
pub enum Connection {
    /// A pool of SQLite.
    Sqlite(DatabaseConnection),
    /// Leases of `PostgreSQL`.
    Postgres(Leases),
}

/// An open transaction. Dropped before its end, it leaves no trace.
pub enum Transaction {
    /// On SQLite.
    Sqlite(DatabaseTransaction),
    /// On `PostgreSQL`.
    Postgres(Mutex<Open>),
}

/// The connection on which a transaction is open; nothing once it was ended.
pub struct Open(Option<Lease>);

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(lease) = self.0.take() {
            lease.discard();
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connection")
    }
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transaction")
    }
}

fn of_query(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}

fn of_execution(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error)))
}

fn over() -> DbErr {
    DbErr::Custom("the transaction has ended".to_owned())
}

fn query(statement: Statement) -> Query<'static, Postgres, SqlxValues> {
    let values = statement.values.unwrap_or_else(|| Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql), SqlxValues(values))
}

#[tracing::instrument(name = "query_all_raw", level = "trace", skip_all)]
async fn all(connection: &mut PgConnection, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
    let rows: Vec<PgRow> = query(statement).fetch_all(connection).await.map_err(of_query)?;
    Ok(rows.into_iter().map(QueryResult::from).collect())
}

#[tracing::instrument(name = "query_one_raw", level = "trace", skip_all)]
async fn one(connection: &mut PgConnection, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
    Ok(query(statement).fetch_optional(connection).await.map_err(of_query)?.map(QueryResult::from))
}

#[tracing::instrument(name = "execute_raw", level = "trace", skip_all)]
async fn run(connection: &mut PgConnection, statement: Statement) -> Result<ExecResult, DbErr> {
    Ok(query(statement).execute(connection).await.map_err(of_execution)?.into())
}

#[tracing::instrument(name = "execute_unprepared", level = "trace", skip_all)]
async fn plainly(connection: &mut PgConnection, sql: &str) -> Result<ExecResult, DbErr> {
    Ok(connection.execute(AssertSqlSafe(sql.to_owned())).await.map_err(of_execution)?.into())
}

#[async_trait]
impl ConnectionTrait for Connection {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Sqlite(_) => DbBackend::Sqlite,
            Self::Postgres(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(pool) => pool.execute_raw(statement).await,
            Self::Postgres(leases) => {
                let mut lease = leases.take().await?;
                let done = run(lease.connection(), statement).await?;
                lease.give_back();
                Ok(done)
            }
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(pool) => pool.execute_unprepared(sql).await,
            Self::Postgres(leases) => {
                let mut lease = leases.take().await?;
                let done = plainly(lease.connection(), sql).await?;
                lease.give_back();
                Ok(done)
            }
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(pool) => pool.query_one_raw(statement).await,
            Self::Postgres(leases) => {
                let mut lease = leases.take().await?;
                let found = one(lease.connection(), statement).await?;
                lease.give_back();
                Ok(found)
            }
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(pool) => pool.query_all_raw(statement).await,
            Self::Postgres(leases) => {
                let mut lease = leases.take().await?;
                let found = all(lease.connection(), statement).await?;
                lease.give_back();
                Ok(found)
            }
        }
    }
}

impl Connection {
    /// Lets the pool have what is kept at hand, for who takes connections from the pool itself.
    pub(crate) fn release(&self) {
        match self {
            Self::Sqlite(_) => {}
            Self::Postgres(leases) => leases.release(),
        }
    }

    /// Closes every connection; what is running is finished first.
    pub(crate) async fn close(&self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(pool) => pool.close_by_ref().await,
            Self::Postgres(leases) => {
                leases.close().await;
                Ok(())
            }
        }
    }
}

impl Transaction {
    /// Opens one on a leased connection.
    pub(crate) async fn begin(leases: &Leases) -> Result<Self, DbErr> {
        let lease = leases.take().await?;
        let mut open = Open(Some(lease));
        plainly(open.connection()?, "BEGIN").await?;
        Ok(Self::Postgres(Mutex::new(open)))
    }

    /// Makes it durable.
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await,
            Self::Postgres(open) => open.into_inner().end("COMMIT").await,
        }
    }

    /// Undoes it.
    pub(crate) async fn rollback(self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.rollback().await,
            Self::Postgres(open) => open.into_inner().end("ROLLBACK").await,
        }
    }
}

impl Open {
    fn connection(&mut self) -> Result<&mut PgConnection, DbErr> {
        self.0.as_mut().map(Lease::connection).ok_or_else(over)
    }

    async fn end(mut self, word: &str) -> Result<(), DbErr> {
        plainly(self.connection()?, word).await?;
        if let Some(lease) = self.0.take() {
            lease.give_back();
        }
        Ok(())
    }
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Sqlite(_) => DbBackend::Sqlite,
            Self::Postgres(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.execute_raw(statement).await,
            Self::Postgres(open) => run(open.lock().await.connection()?, statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.execute_unprepared(sql).await,
            Self::Postgres(open) => plainly(open.lock().await.connection()?, sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.query_one_raw(statement).await,
            Self::Postgres(open) => one(open.lock().await.connection()?, statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.query_all_raw(statement).await,
            Self::Postgres(open) => all(open.lock().await.connection()?, statement).await,
        }
    }
}
