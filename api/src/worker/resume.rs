//! Brings nurtured leads back when their time has come.

use std::collections::HashSet;
use std::error::Error;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::pause;
use super::trouble::Trouble;
use crate::app::App;
use crate::app::lead::{RESUMED_MAX, resume_due};

/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The longest wait after a fault.
const FAULT_WAIT_MAX: Duration = Duration::from_secs(5);
/// The most leads that are remembered as told of.
const TOLD_MAX: usize = 10_000;

/// Looks each second until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut trouble = Trouble::new("resume", FAULT_WAIT_MAX);
    let mut told = HashSet::new();
    while !stop.is_cancelled() {
        let wait = match resume_due(&app).await {
            Ok(round) => {
                trouble.over();
                if round.resumed > 0 {
                    tracing::info!(leads = round.resumed, "nurtured leads came back");
                }
                if told.len() > TOLD_MAX {
                    told.clear();
                }
                for (lead, error) in &round.left {
                    if told.insert(*lead) {
                        let error: &(dyn Error + 'static) = error;
                        tracing::error!(%lead, error, "a nurtured lead cannot come back");
                    }
                }
                // a full round means that more are due
                if round.looked_at == RESUMED_MAX && round.resumed > 0 { Duration::ZERO } else { LOOK_EVERY }
            }
            Err(error) => trouble.met(&error),
        };
        if !pause(&stop, wait).await {
            return;
        }
    }
}
