//! Waiting for what happens elsewhere: never for a fixed time, always with an end.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

/// How long anything may take that the tests wait for.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How often something is looked at again.
const LOOK: Duration = Duration::from_millis(20);

/// Waits for something that ends by itself.
pub async fn within<F: Future>(what: &str, future: F) -> F::Output {
    timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("{what}: it took more than {PATIENCE:?}"))
}

/// Looks again and again until there is an answer.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, look: impl FnMut() -> F) -> T {
    until_at_most(PATIENCE, what, look).await
}

/// As [`until`], with another patience.
pub async fn until_at_most<T, F: Future<Output = Option<T>>>(patience: Duration, what: &str, mut look: impl FnMut() -> F) -> T {
    let end = Instant::now() + patience;
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < end, "{what}: it did not happen within {patience:?}");
        looks.tick().await;
    }
}

/// How long a command may take that does much.
const LONG: Duration = Duration::from_mins(2);

/// As [`within`], for what does much.
pub async fn within_long<F: Future>(what: &str, future: F) -> F::Output {
    timeout(LONG, future).await.unwrap_or_else(|_| panic!("{what}: it took more than {LONG:?}"))
}
