//! A clock that goes as fast as the system's, begins at the same moment in every run, and can be put forward.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use fairfall::clock::Clock;

/// When every test begins: on a Wednesday at ten, far from midnight, weekends and the end of a month, whenever it is run.
const BEGINNING: &str = "2026-11-25T10:00:00Z";

/// The clock of a server in this process.
#[derive(Clone, Debug)]
pub struct TestClock {
    ahead_us: Arc<AtomicI64>,
}

impl Default for TestClock {
    fn default() -> Self {
        let beginning: DateTime<Utc> = BEGINNING.parse().expect("a moment");
        let clock = Self { ahead_us: Arc::default() };
        clock.advance(beginning - Clock::system().now());
        clock
    }
}

impl TestClock {
    /// What the server reads.
    pub fn clock(&self) -> Clock {
        let (ahead_us, system) = (Arc::clone(&self.ahead_us), Clock::system());
        Clock::from_fn(move || system.now() + TimeDelta::microseconds(ahead_us.load(Ordering::SeqCst)))
    }

    /// The time now.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock().now()
    }

    /// Puts the clock forward.
    pub fn advance(&self, by: TimeDelta) {
        let microseconds = by.num_microseconds().expect("a test stays within a century");
        self.ahead_us.fetch_add(microseconds, Ordering::SeqCst);
    }
}
