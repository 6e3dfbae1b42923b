//! Trains the chance to win when somebody asks for it, and once a day by itself.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::trouble::Trouble;
use crate::app::App;
use crate::app::forecast::job::{Course, begin_due, work};

/// How often it looks for a training that waits.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// In how many looks it asks once whether a training is due by itself; the first time after as many.
const LOOKS_A_DUE: u32 = 600;
/// The longest wait after a fault.
const FAULT_WAIT_MAX: Duration = Duration::from_secs(30);

/// Looks each second, and when this node is asked, until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut trouble = Trouble::new("forecast", FAULT_WAIT_MAX);
    let mut looks: u32 = 0;
    while !stop.is_cancelled() {
        looks = looks.wrapping_add(1);
        let wait = match look(&app, looks, &stop).await {
            Ok(()) => {
                trouble.over();
                LOOK_EVERY
            }
            Err(error) => trouble.met(&error),
        };
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = app.forecast_cache().wake.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

async fn look(app: &App, looks: u32, stop: &CancellationToken) -> Result<(), crate::app::AppError> {
    if looks.is_multiple_of(LOOKS_A_DUE) {
        begin_due(app).await?;
    }
    match work(app, stop).await? {
        None => {}
        Some(Course::Ended(model, reason)) => tracing::info!(%model, %reason, "a training ended"),
        Some(Course::GivenUp(model)) => tracing::warn!(%model, "a training was given up"),
    }
    Ok(())
}
