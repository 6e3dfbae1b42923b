//! Erases people whose time is over, when an administrator armed the rules.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::pause;
use super::trouble::Trouble;
use crate::app::App;
use crate::app::protection::retention::run_by_itself;

/// The first round comes so long after the start.
const FIRST_AFTER: Duration = Duration::from_mins(5);
/// The time between two rounds: days are counted, hours do for it.
const EVERY: Duration = Duration::from_hours(6);
/// The longest wait after a fault.
const FAULT_WAIT_MAX: Duration = Duration::from_mins(10);

/// Looks four times a day until `stop`. Two nodes at once do no harm: who was erased is not erased again.
pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut trouble = Trouble::new("retention", FAULT_WAIT_MAX);
    let mut wait = FIRST_AFTER;
    while pause(&stop, wait).await {
        wait = match run_by_itself(&app).await {
            Ok(ran) => {
                trouble.over();
                if let Some(ran) = ran.filter(|ran| ran.run.erased > 0) {
                    tracing::info!(people = ran.run.erased, held = ran.run.held, "people whose time was over were erased");
                }
                EVERY
            }
            Err(error) => trouble.met(&error),
        };
    }
}
