//! Counts the statements that a server in this process sends to its database.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use tracing::span::{Attributes, Id};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

/// The spans of a statement: sea-orm's own on SQLite, those of the same names on PostgreSQL.
const SPANS: [&str; 5] = ["execute_raw", "execute_unprepared", "query_one_raw", "query_all_raw", "stream_raw"];

static COUNT: OnceLock<Arc<AtomicUsize>> = OnceLock::new();

struct Counting(Arc<AtomicUsize>);

impl<S: Subscriber> Layer<S> for Counting {
    fn on_new_span(&self, _: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

fn is_statement(metadata: &Metadata<'_>) -> bool {
    let sends =
        ["sea_orm::database", "fairfall_persistence::connection"].iter().any(|place| metadata.target().starts_with(place));
    metadata.is_span() && sends && SPANS.contains(&metadata.name())
}

fn count() -> &'static AtomicUsize {
    COUNT.get_or_init(|| {
        let count = Arc::new(AtomicUsize::new(0));
        let layer = Counting(Arc::clone(&count)).with_filter(filter_fn(is_statement));
        tracing_subscriber::registry().with(layer).try_init().expect("nothing else of this process listens to spans");
        count
    })
}

/// Statements that were sent while something was done. Others of this process count as well, so that it may be too many and never too few.
pub async fn during<T>(work: impl Future<Output = T>) -> (usize, T) {
    let before = count().load(Ordering::SeqCst);
    let done = work.await;
    (count().load(Ordering::SeqCst) - before, done)
}
