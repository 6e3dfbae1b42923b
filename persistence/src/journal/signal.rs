//! Being told that the journal grew. A signal is a hint: it may be late, doubled or, while a connection is down, missing. Who waits for it also
//! looks by itself now and then.

use std::time::Duration;

use sea_orm::sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::sync::watch;

use super::CHANNEL;
use crate::error::StoreError;
use crate::store::{Backend, Store};

/// How long to wait before a lost connection is tried again.
const RECONNECT_WAIT: Duration = Duration::from_secs(1);

/// Tells that the journal grew.
#[derive(Debug)]
pub struct JournalSignal(Source);

#[derive(Debug)]
enum Source {
    Listener(PgListener),
    Local(watch::Receiver<u64>),
}

/// Listens for new positions: those given by any node on `PostgreSQL`, those of this process on SQLite.
///
/// # Errors
/// As the database tells.
pub async fn listen(store: &Store) -> Result<JournalSignal, StoreError> {
    match store.backend() {
        Backend::Sqlite => Ok(JournalSignal(Source::Local(store.journal_hints()))),
        Backend::Postgres => {
            // a connection of its own: the pool of those that work is small
            let options = store.writer().get_postgres_connection_pool().connect_options();
            let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(options.as_ref().clone());
            let mut listener = PgListener::connect_with(&pool).await?;
            listener.listen(CHANNEL).await?;
            Ok(JournalSignal(Source::Listener(listener)))
        }
    }
}

impl JournalSignal {
    /// Waits until the journal may have grown. After a lost connection it also returns, since what was told meanwhile is lost.
    pub async fn wait(&mut self) {
        match &mut self.0 {
            Source::Local(hints) => {
                if hints.changed().await.is_err() {
                    // the store is closed: nothing more will come
                    std::future::pending::<()>().await;
                }
            }
            Source::Listener(listener) => match listener.try_recv().await {
                Ok(_told_or_reconnected) => {}
                Err(_) => tokio::time::sleep(RECONNECT_WAIT).await,
            },
        }
    }
}
