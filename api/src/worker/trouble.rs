//! Faults that last: told once when they begin and once when they end, with longer and longer waits between.

use std::error::Error;
use std::time::Duration;

/// The first wait after a fault.
const WAIT_MIN: Duration = Duration::from_millis(250);

/// The faults of one worker.
#[derive(Debug)]
pub(super) struct Trouble {
    what: &'static str,
    wait_max: Duration,
    in_a_row: u32,
}

impl Trouble {
    /// No fault yet of the worker that does `what`; waits reach at most `wait_max`.
    pub(super) const fn new(what: &'static str, wait_max: Duration) -> Self {
        Self { what, wait_max, in_a_row: 0 }
    }

    /// Notes a fault and tells how long to wait before the next try.
    pub(super) fn met(&mut self, error: &(dyn Error + 'static)) -> Duration {
        let doublings = self.in_a_row.min(16);
        self.in_a_row = self.in_a_row.saturating_add(1);
        if self.in_a_row == 1 {
            tracing::warn!(worker = self.what, error, "a worker met a fault and tries again");
        } else {
            tracing::debug!(worker = self.what, error, tries = self.in_a_row, "a worker still meets a fault");
        }
        WAIT_MIN.saturating_mul(1 << doublings).min(self.wait_max)
    }

    /// Notes that it works.
    pub(super) fn over(&mut self) {
        if self.in_a_row > 0 {
            tracing::info!(worker = self.what, tries = self.in_a_row, "a worker works again");
            self.in_a_row = 0;
        }
    }
}
