//! Forgets what has served its time: events past their replay, idempotency keys, failed sign-ins, sessions that ended long ago,
//! notifications that were read long ago, mails to colleagues that were sent or given up.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_persistence::repo;
use fairfall_persistence::{Store, StoreError, idempotency, journal};
use tokio_util::sync::CancellationToken;

use super::pause;
use super::trouble::Trouble;
use crate::app::App;

/// How long events can be replayed, in days.
pub const REPLAY_DAYS: i64 = 30;

/// The first round comes so long after the start: a node that has just started has better things to do.
const FIRST_AFTER: Duration = Duration::from_mins(1);
/// The time between two rounds.
const EVERY: Duration = Duration::from_hours(1);
/// The longest wait after a fault.
const FAULT_WAIT_MAX: Duration = Duration::from_mins(10);
/// Rows that one transaction deletes, so that nobody waits long for it.
const BATCH: u32 = 500;

/// Prunes each hour until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut trouble = Trouble::new("prune", FAULT_WAIT_MAX);
    let mut wait = FIRST_AFTER;
    while pause(&stop, wait).await {
        wait = match round(app.store(), app.now(), &stop).await {
            Ok(forgotten) => {
                trouble.over();
                tracing::debug!(?forgotten, "pruned");
                EVERY
            }
            Err(error) => trouble.met(&error),
        };
    }
}

/// How long notifications are kept after they were read, in days.
pub const READ_KEPT_DAYS: i64 = 90;
/// How long notifications are kept that nobody read, in days.
pub const UNREAD_KEPT_DAYS: i64 = 365;
/// How long what is left of a mail to a colleague is kept after it was sent or given up, in days.
pub const MAILS_KEPT_DAYS: i64 = 30;

/// How many rows a round deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Forgotten {
    pub(super) events: u64,
    pub(super) idempotency_keys: u64,
    pub(super) failed_sign_ins: u64,
    pub(super) sessions: u64,
    pub(super) notifications: u64,
    pub(super) mails: u64,
}

/// One round over everything.
pub(super) async fn round(store: &Store, now: DateTime<Utc>, stop: &CancellationToken) -> Result<Forgotten, StoreError> {
    let events = journal::prune(store, now, TimeDelta::days(REPLAY_DAYS)).await?;
    let mut forgotten = Forgotten { events, ..Forgotten::default() };
    let uow = store.begin().await?;
    forgotten.failed_sign_ins = repo::login_throttle::prune(&uow, now).await?;
    uow.commit().await?;
    while !stop.is_cancelled() {
        let uow = store.begin().await?;
        let keys = idempotency::prune(&uow, now, BATCH).await?;
        let sessions = repo::session::prune(&uow, now, BATCH.into()).await?;
        let (read, unread) = (now - TimeDelta::days(READ_KEPT_DAYS), now - TimeDelta::days(UNREAD_KEPT_DAYS));
        let notifications = repo::notification::prune(&uow, read, unread, BATCH).await?;
        let mails = repo::mail::prune(&uow, now - TimeDelta::days(MAILS_KEPT_DAYS), BATCH).await?;
        uow.commit().await?;
        forgotten.mails = forgotten.mails.saturating_add(mails);
        forgotten.notifications = forgotten.notifications.saturating_add(notifications);
        forgotten.idempotency_keys = forgotten.idempotency_keys.saturating_add(keys);
        forgotten.sessions = forgotten.sessions.saturating_add(sessions);
        if [keys, sessions, notifications, mails].into_iter().all(|count| count < BATCH.into()) {
            break;
        }
    }
    Ok(forgotten)
}
