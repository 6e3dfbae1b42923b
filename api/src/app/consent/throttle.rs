//! Slows down whoever sends links that are none of ours: each of them costs a look-up. Links that work cost nothing.

use chrono::{DateTime, Utc};
use fairfall_persistence::repo;

use crate::app::session::{Client, count_failure};
use crate::app::{App, AppError, Rejection};
use crate::auth::throttle;

/// Many people share an address, and mail programs follow links twice: a failure counts this much less than a wrong password.
const SHARE: u32 = 10;

/// Refuses an address that sent too many links that are none of ours.
pub(super) async fn refuse(app: &App, client: &Client, now: DateTime<Utc>) -> Result<(), AppError> {
    let Some(key) = client.ip.map(throttle::link_key) else { return Ok(()) };
    let failures = repo::login_throttle::get(&app.reader(), &[&key]).await?;
    let until = failures.iter().filter_map(|failure| throttle::blocked_until(failure.count / SHARE, failure.last_at));
    match until.filter(|until| *until > now).max() {
        Some(until) => Err(Rejection::Throttled { until }.into()),
        None => Ok(()),
    }
}

/// Counts a link that was none of ours.
pub(super) async fn count(app: &App, client: &Client, now: DateTime<Utc>) -> Result<(), AppError> {
    match client.ip.map(throttle::link_key) {
        Some(key) => count_failure(app, key, now).await,
        None => Ok(()),
    }
}
