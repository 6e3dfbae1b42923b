//! The hub reads the journal once a node and hands each batch to all subscribers; a subscriber that lags reads the journal itself.

use std::sync::Arc;
use std::time::Duration;

use fairfall_persistence::journal::{self, JournalSignal};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use super::REPLAY_BATCH;
use super::sight::{Seen, look};
use crate::app::{App, AppError};

/// How many batches the hub remembers for slow subscribers.
const BATCHES_MAX: usize = 256;
/// The journal is read at least this often, whatever hints were lost, in milliseconds.
const POLL_MS: u64 = 1_000;
/// The pause after a fault, in milliseconds.
const FAULT_PAUSE_MS: u64 = 1_000;

/// A run of events without gaps.
#[derive(Debug)]
pub(in crate::app) struct Batch {
    /// The position before the first.
    pub(super) after: u64,
    /// The events with who may see them.
    pub(super) entries: Vec<Arc<Seen>>,
}

/// Where subscribers join.
#[derive(Debug)]
pub(in crate::app) struct Hub(broadcast::Sender<Arc<Batch>>);

impl Default for Hub {
    fn default() -> Self {
        Self(broadcast::channel(BATCHES_MAX).0)
    }
}

impl Hub {
    pub(super) fn join(&self) -> broadcast::Receiver<Arc<Batch>> {
        self.0.subscribe()
    }
}

/// Follows the journal until `stop`; one such task a node.
pub async fn follow(app: App, stop: CancellationToken) {
    let work = async {
        loop {
            if let Err(error) = follow_until_fault(&app).await {
                note(&error);
                tokio::time::sleep(Duration::from_millis(FAULT_PAUSE_MS)).await;
            }
        }
    };
    tokio::select! {
        () = work => {}
        () = stop.cancelled() => {}
    }
}

fn note(error: &dyn std::error::Error) {
    tracing::warn!(cause = %error, "the journal cannot be followed at the moment");
}

async fn follow_until_fault(app: &App) -> Result<(), AppError> {
    let mut signal = journal::listen(app.store()).await?;
    let mut position = journal::head(&app.reader()).await?;
    loop {
        position = publish(app, position).await?;
        wait(&mut signal).await;
    }
}

/// Hands on all that came after a position; tells the new one.
async fn publish(app: &App, mut position: u64) -> Result<u64, AppError> {
    loop {
        let entries = journal::read_after(&app.reader(), position, REPLAY_BATCH).await?;
        let Some(last) = entries.last().map(|entry| entry.position) else { return Ok(position) };
        // without subscribers nobody needs to know who may see it
        if app.hub().0.receiver_count() > 0 {
            let entries = look(app, entries).await?.into_iter().map(Arc::new).collect();
            // an error means that the last subscriber just left
            drop(app.hub().0.send(Arc::new(Batch { after: position, entries })));
        }
        position = last;
    }
}

async fn wait(signal: &mut JournalSignal) {
    // elapsed or not: both are reasons to look
    drop(tokio::time::timeout(Duration::from_millis(POLL_MS), signal.wait()).await);
}
