//! Gives positions to the journal's rows after their commit (`PostgreSQL`). One node leads, the others stand by and take over within a second.

use std::time::Duration;

use fairfall_persistence::journal::{JournalLeader, STAMPED_MAX};
use fairfall_persistence::{Backend, Store, StoreError, Wait};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::pause;
use super::trouble::Trouble;

/// How often a node that does not lead tries to.
const STAND_BY: Duration = Duration::from_secs(1);
/// Rows of other nodes wait at most so long for a position; rows of this node are stamped at once.
const STAMP_EVERY: Duration = Duration::from_millis(100);
/// A leader whose statement takes longer has lost its connection without knowing it.
const STAMP_WAIT_MAX: Duration = Duration::from_secs(10);
/// The longest wait after a fault: followers of the journal wait as long.
const FAULT_WAIT_MAX: Duration = Duration::from_secs(2);

/// Leads or stands by until `stop`.
pub(super) async fn run(store: Store, stop: CancellationToken) {
    match store.backend() {
        // the transaction that writes a row also gives it its position
        Backend::Sqlite => return,
        Backend::Postgres => {}
    }
    let mut hints = store.journal_hints();
    let mut trouble = Trouble::new("journal", FAULT_WAIT_MAX);
    while !stop.is_cancelled() {
        let wait = match lead(&store, &mut hints, &stop, &mut trouble).await {
            Ok(()) => STAND_BY,
            Err(error) => trouble.met(&error),
        };
        if !pause(&stop, wait).await {
            return;
        }
    }
}

/// Leads for as long as it can; returns at once when another node leads.
async fn lead(
    store: &Store,
    hints: &mut watch::Receiver<u64>,
    stop: &CancellationToken,
    trouble: &mut Trouble,
) -> Result<(), StoreError> {
    let Some(mut leader) = in_time(JournalLeader::try_lead(store)).await? else {
        trouble.over();
        return Ok(());
    };
    tracing::debug!("this node gives the journal its positions");
    loop {
        hints.mark_unchanged();
        let stamped = in_time(leader.stamp()).await?;
        trouble.over();
        if stamped.count >= STAMPED_MAX {
            continue;
        }
        tokio::select! {
            biased;
            () = stop.cancelled() => return leader.resign().await,
            // the sender lives in the store that is held here: it never goes first
            _changed = hints.changed() => {}
            () = tokio::time::sleep(STAMP_EVERY) => {}
        }
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    tokio::time::timeout(STAMP_WAIT_MAX, work).await.unwrap_or(Err(StoreError::Timeout(Wait::Statement)))
}
