//! The one place that reads the clock and draws ids. Everything below takes time and ids as arguments.

use std::sync::Arc;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use uuid::Uuid;

/// Where `now` comes from: the system, or a function given by a test.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

impl Clock {
    /// The machine's clock in UTC.
    pub fn system() -> Self {
        Self(Arc::new(system_now))
    }

    /// A clock that tells what `read` returns; for tests and replays.
    pub fn from_fn(read: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// The time now, cut to microseconds: what `PostgreSQL` can store, so that a value read back equals the value written.
    pub fn now(&self) -> DateTime<Utc> {
        let now = (self.0)();
        now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
    }
}

fn system_now() -> DateTime<Utc> {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the system clock")]
    let now = std::time::SystemTime::now();
    DateTime::<Utc>::from(now)
}

/// Draws a new id: a `UUIDv7` (RFC 9562), so that ids sort by the time of their making.
pub fn new_id<T: From<Uuid>>() -> T {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that draws ids")]
    let uuid = Uuid::now_v7();
    T::from(uuid)
}
