//! Looks again at scores that time changes: decay reached another grade, what was set by hand expired, another model was published.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::pause;
use super::trouble::Trouble;
use crate::app::App;
use crate::app::score::{DUE_MAX, rescore_due};

/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The wait after a full round, which means that more are due: others come in between.
const NEXT_ROUND: Duration = Duration::from_millis(20);
/// The longest wait after a fault.
const FAULT_WAIT_MAX: Duration = Duration::from_secs(5);

/// Looks each second until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut trouble = Trouble::new("rescore", FAULT_WAIT_MAX);
    while !stop.is_cancelled() {
        let wait = match rescore_due(&app).await {
            Ok(round) => {
                trouble.over();
                if round.looked_at > 0 {
                    tracing::debug!(leads = round.looked_at, moved = round.moved, "scores were looked at again");
                }
                if round.looked_at == DUE_MAX { NEXT_ROUND } else { LOOK_EVERY }
            }
            Err(error) => trouble.met(&error),
        };
        if !pause(&stop, wait).await {
            return;
        }
    }
}
