//! Gives people and companies that were there before keys were their blocking keys, then looks for duplicates among them. Ends when all is done.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::pause;
use super::trouble::Trouble;
use crate::app::App;
use crate::app::duplicate::rematch;

/// The first round comes so long after the start: a node that has just started has better things to do.
const FIRST_AFTER: Duration = Duration::from_secs(10);
/// The time between two chunks, so that nobody waits long for the writer of SQLite.
const EVERY: Duration = Duration::from_millis(100);
/// The longest wait after a fault.
const FAULT_WAIT_MAX: Duration = Duration::from_mins(1);

/// A chunk at a time until all is done, or until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut trouble = Trouble::new("rematch", FAULT_WAIT_MAX);
    let mut wait = FIRST_AFTER;
    while pause(&stop, wait).await {
        wait = match rematch(&app).await {
            Ok(true) => {
                trouble.over();
                EVERY
            }
            Ok(false) => return,
            Err(error) => trouble.met(&error),
        };
    }
}
