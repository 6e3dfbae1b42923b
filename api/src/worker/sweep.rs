//! Moves what is due after a calendar changed.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::pause;
use super::trouble::Trouble;
use crate::app::App;
use crate::app::sla::sweep::sweep_due;

/// How often it looks whether something is asked for.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// The wait after a round that left more to do: others come in between.
const NEXT_ROUND: Duration = Duration::from_millis(20);
/// The longest wait after a fault.
const FAULT_WAIT_MAX: Duration = Duration::from_secs(10);

/// Looks each two seconds until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut trouble = Trouble::new("sweep", FAULT_WAIT_MAX);
    while !stop.is_cancelled() {
        let wait = match sweep_due(&app).await {
            Ok(swept) => {
                trouble.over();
                if swept.moved > 0 {
                    tracing::info!(clocks = swept.moved, "a calendar changed, and with it what is due");
                }
                if swept.more { NEXT_ROUND } else { LOOK_EVERY }
            }
            Err(error) => trouble.met(&error),
        };
        if !pause(&stop, wait).await {
            return;
        }
    }
}
