//! Watches promises: finds those whose time has come by the index, and does what their agreement says. Late by a second at most when there is
//! nothing else to do; while there is nothing to do it asks one cheap question a second, however many clocks run.

use std::collections::HashSet;
use std::error::Error;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use super::pause;
use super::trouble::Trouble;
use crate::app::App;
use crate::app::sla::escalate::{Next, Round, escalate_due};

/// How often it looks, at least: what another node or an act promised meanwhile may be due.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The wait when all that is due is held by others.
const HELD_WAIT: Duration = Duration::from_millis(50);
/// The longest wait after a fault.
const FAULT_WAIT_MAX: Duration = Duration::from_secs(5);
/// The most clocks that are remembered as told of.
const TOLD_MAX: usize = 10_000;

/// Looks until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut trouble = Trouble::new("sla", FAULT_WAIT_MAX);
    let mut told = HashSet::new();
    while !stop.is_cancelled() {
        let wait = match escalate_due(&app).await {
            Ok(Round { done, left, next }) => {
                trouble.over();
                if done > 0 {
                    tracing::debug!(clocks = done, "promises whose time had come were looked at");
                }
                if told.len() > TOLD_MAX {
                    told.clear();
                }
                for (clock, error) in &left {
                    if told.insert(*clock) {
                        let error: &(dyn Error + 'static) = error;
                        tracing::error!(%clock, error, "a clock cannot be looked at and was put off");
                    }
                }
                until(next, app.now())
            }
            Err(error) => trouble.met(&error),
        };
        if !pause(&stop, wait).await {
            return;
        }
    }
}

fn until(next: Next, now: DateTime<Utc>) -> Duration {
    match next {
        Next::AtOnce => Duration::ZERO,
        Next::Held => HELD_WAIT,
        Next::At(due) => due.map_or(LOOK_EVERY, |due| (due - now).to_std().unwrap_or(Duration::ZERO).min(LOOK_EVERY)),
    }
}
