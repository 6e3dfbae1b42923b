//! Notes that a version of an agreement has ended when the date of its successor has come. Only rows are tidied: what governs is told by dates.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::pause;
use super::trouble::Trouble;
use crate::app::{App, agreement};

/// The time between two rounds.
const EVERY: Duration = Duration::from_mins(10);
/// The longest wait after a fault.
const FAULT_WAIT_MAX: Duration = Duration::from_mins(30);

/// Looks every ten minutes until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut trouble = Trouble::new("agreement", FAULT_WAIT_MAX);
    let mut wait = EVERY;
    while pause(&stop, wait).await {
        wait = match agreement::note_successors(&app).await {
            Ok(()) => {
                trouble.over();
                EVERY
            }
            Err(error) => trouble.met(&error),
        };
    }
}
