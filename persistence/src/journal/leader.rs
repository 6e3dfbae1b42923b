//! The leader that gives positions (`PostgreSQL`).
//!
//! The leader holds an advisory lock on a connection of its own and gives positions on that same connection. If the connection is lost, so is
//! the lock, but only after the server has finished or undone what ran on it: two leaders never give positions at once.

use sea_orm::sqlx::{ConnectOptions, Connection, PgConnection, Row};

use crate::error::StoreError;
use crate::store::{Backend, Store};

/// Rows that one statement stamps, at most.
pub const STAMPED_MAX: u64 = 1_000;

/// The advisory lock of the leader.
const LEADER_LOCK: i64 = 0x0fa1_0fa1_0000_0002;

/// Gives the committed rows without a position the next ones, and tells the listeners once that is committed.
const STAMP: &str = "
WITH head AS (SELECT coalesce(max(position), 0) AS last FROM journal),
fresh AS (
    SELECT seq, row_number() OVER (ORDER BY seq) AS place
    FROM (SELECT seq FROM journal WHERE position IS NULL ORDER BY seq LIMIT 1000) AS waiting
),
stamped AS (
    UPDATE journal SET position = head.last + fresh.place FROM head, fresh WHERE journal.seq = fresh.seq RETURNING journal.position
),
told AS (SELECT count(*) AS stamped, max(position) AS head FROM stamped)
SELECT stamped, head, pg_notify('fairfall_journal', head::text)::text FROM told WHERE stamped > 0";

/// What one stamping did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamped {
    /// Rows that got a position.
    pub count: u64,
    /// The last position given; nothing when no row waited.
    pub head: Option<u64>,
}

/// The one process that gives positions. Dropping it lets another one lead.
#[derive(Debug)]
pub struct JournalLeader {
    /// Nothing on SQLite, where the writing transaction gives positions.
    connection: Option<PgConnection>,
}

impl JournalLeader {
    /// Becomes the leader, unless another process is. On SQLite every process may call itself leader and has nothing to do.
    ///
    /// # Errors
    /// As the database tells.
    pub async fn try_lead(store: &Store) -> Result<Option<Self>, StoreError> {
        match store.backend() {
            Backend::Sqlite => Ok(Some(Self { connection: None })),
            Backend::Postgres => {
                let options = store.writer().get_postgres_connection_pool().connect_options();
                let mut connection = options.as_ref().clone().disable_statement_logging().connect().await?;
                let row =
                    sea_orm::sqlx::query("SELECT pg_try_advisory_lock($1)").bind(LEADER_LOCK).fetch_one(&mut connection).await?;
                if row.try_get::<bool, _>(0)? {
                    return Ok(Some(Self { connection: Some(connection) }));
                }
                connection.close().await?;
                Ok(None)
            }
        }
    }

    /// Gives positions to at most [`STAMPED_MAX`] committed rows and tells those who listen.
    ///
    /// # Errors
    /// As the database tells. After [`StoreError::Unavailable`] this leader leads no more and should be dropped.
    pub async fn stamp(&mut self) -> Result<Stamped, StoreError> {
        let Some(connection) = &mut self.connection else { return Ok(Stamped::default()) };
        let Some(row) = sea_orm::sqlx::query(STAMP).fetch_optional(connection).await? else { return Ok(Stamped::default()) };
        let (count, head): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        Ok(Stamped { count: count.unsigned_abs(), head: Some(head.unsigned_abs()) })
    }

    /// Lets another process lead at once.
    ///
    /// # Errors
    /// As the driver tells; the lock is gone with the connection in any case.
    pub async fn resign(self) -> Result<(), StoreError> {
        match self.connection {
            Some(connection) => Ok(connection.close().await?),
            None => Ok(()),
        }
    }
}

/// Gives positions to every row that waits, if no other process leads. Tells how many got one. For commands and tests; a server keeps a
/// [`JournalLeader`].
///
/// # Errors
/// As the database tells.
pub async fn stamp(store: &Store) -> Result<u64, StoreError> {
    let Some(mut leader) = JournalLeader::try_lead(store).await? else { return Ok(0) };
    let mut total = 0;
    loop {
        let stamped = leader.stamp().await?;
        total += stamped.count;
        if stamped.count < STAMPED_MAX {
            leader.resign().await?;
            return Ok(total);
        }
    }
}
