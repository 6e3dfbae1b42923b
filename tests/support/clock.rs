//! A clock that goes like the system's and can be put forward.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use fairfall::clock::Clock;

/// The clock of a server in this process.
#[derive(Clone, Debug, Default)]
pub struct TestClock {
    ahead_us: Arc<AtomicI64>,
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
