//! Connections to `PostgreSQL` that are kept at hand between statements.
//!
//! The driver's pool asks every connection that comes back whether it is well, and waits for the answer: a round trip for each statement, a
//! third of what a short one costs. Here a connection that has just answered goes to whoever is next, and to the pool, to be asked and to age
//! there, after a second. One that failed, or whose statement was given up, goes to the pool at once.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{self, PgConnection, PgPool, Postgres};
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a connection stays out of the pool.
const AT_HAND: Duration = Duration::from_secs(1);

/// The connections of a pool, each lent to one user at a time, in the order of asking. Who takes
/// connections from that pool itself, as changes of the schema do, first has those at hand released.
#[derive(Clone)]
pub struct Leases(Arc<Home>);

struct Home {
    pool: PgPool,
    /// One for each connection that the pool may open.
    turns: Arc<Semaphore>,
    /// How long to wait for a turn.
    wait: Duration,
    /// Those at hand, the last used last; nothing once closed.
    rested: Mutex<Option<Vec<Rested>>>,
}

struct Rested {
    connection: PoolConnection<Postgres>,
    taken_at: Instant,
}

impl Rested {
    fn is_fresh(&self) -> bool {
        self.taken_at.elapsed() < AT_HAND
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let rested = self.rested.get_mut().ok().and_then(Option::take).unwrap_or_default();
        for one in rested {
            // the pool would want a runtime to take it back, and there may be none any more
            drop(one.connection.leak());
        }
    }
}

/// A connection that is lent. Dropped without [`Lease::give_back`], it goes to the pool, which finds out whether it is still well.
pub(crate) struct Lease {
    connection: PoolConnection<Postgres>,
    taken_at: Instant,
    home: Arc<Home>,
    _turn: OwnedSemaphorePermit,
}

impl Leases {
    /// Over a pool of at most `most` connections; who asks waits at most `wait` for a turn.
    pub(crate) fn new(pool: PgPool, most: u32, wait: Duration) -> Self {
        let turns = Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(1)));
        Self(Arc::new(Home { pool, turns, wait, rested: Mutex::new(Some(Vec::new())) }))
    }

    /// Lends a connection.
    pub(crate) async fn take(&self) -> Result<Lease, DbErr> {
        let home = &self.0;
        let turn = tokio::time::timeout(home.wait, Arc::clone(&home.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?;
        let turn = turn.map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))?;
        let Rested { connection, taken_at } = match home.fresh() {
            Some(rested) => rested,
            None => Rested { connection: home.pool.acquire().await.map_err(not_acquired)?, taken_at: Instant::now() },
        };
        Ok(Lease { connection, taken_at, home: Arc::clone(home), _turn: turn })
    }

    /// Lets the pool have what is at hand.
    pub(crate) fn release(&self) {
        drop(self.0.rested.lock().ok().and_then(|mut rested| rested.as_mut().map(std::mem::take)));
    }

    /// Closes every connection; what is running is finished first.
    pub(crate) async fn close(&self) {
        self.0.turns.close();
        let rested = self.0.rested.lock().ok().and_then(|mut rested| rested.take());
        drop(rested);
        self.0.pool.close().await;
    }
}

impl Home {
    /// The one that was used last, if there is one at hand; those that were out for long go to the pool.
    fn fresh(&self) -> Option<Rested> {
        let mut rested = self.rested.lock().ok()?;
        let at_hand = rested.as_mut()?;
        let stale: Vec<Rested> = at_hand.extract_if(.., |one| !one.is_fresh()).collect();
        let found = at_hand.pop();
        drop(rested);
        drop(stale);
        found
    }

    /// Keeps it at hand, unless it was out for long or all is over.
    fn rest(&self, one: Rested) {
        if one.is_fresh()
            && let Ok(mut rested) = self.rested.lock()
            && let Some(at_hand) = rested.as_mut()
        {
            at_hand.push(one);
        }
    }
}

impl Lease {
    /// The connection.
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// Says that it is well and that nothing is open on it.
    pub(crate) fn give_back(self) {
        let Self { connection, taken_at, home, _turn } = self;
        home.rest(Rested { connection, taken_at });
    }

    /// Ends the connection, and with it whatever is open on it.
    pub(crate) fn discard(mut self) {
        self.connection.close_on_drop();
    }
}

fn not_acquired(error: sqlx::Error) -> DbErr {
    match error {
        sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
        sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        other => DbErr::Conn(RuntimeErr::SqlxError(Arc::new(other))),
    }
}
