//! What `/metrics` tells, in the text format of `OpenMetrics`.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use prometheus_client::{
    encoding::text::encode,
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Registry,
};

type Labels = Vec<(&'static str, String)>;

/// Longest operation name that is a label, in bytes.
const NAME_BYTES_MAX: usize = 64;

/// The figures of the transport.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    names_max: usize,
    names: Mutex<HashSet<String>>,
    latency: Family<Labels, Histogram, fn() -> Histogram>,
    refused: Family<Labels, Counter>,
    in_flight: Gauge,
    sockets: Gauge,
    streams: Gauge,
}

/// Counts one more for as long as it lives.
#[derive(Debug)]
pub struct Counted(Gauge);

impl Counted {
    fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Buckets from 1 ms to 16 s.
fn latency_histogram() -> Histogram {
    Histogram::new(exponential_buckets(0.001, 2.0, 15))
}

impl Metrics {
    /// Registers the figures beside those that are there already.
    pub fn new(mut registry: Registry, names_max: usize) -> Self {
        let constructor: fn() -> Histogram = latency_histogram;
        let latency = Family::new_with_constructor(constructor);
        let (refused, in_flight) = (Family::<Labels, Counter>::default(), Gauge::default());
        let (sockets, streams) = (Gauge::default(), Gauge::default());
        registry.register("fairfall_operation_seconds", "Time to answer a query or mutation", latency.clone());
        registry.register("fairfall_refused", "Requests refused, by code", refused.clone());
        registry.register("fairfall_operations_in_flight", "Queries and mutations that run now", in_flight.clone());
        registry.register("fairfall_sockets_open", "Open WebSockets", sockets.clone());
        registry.register("fairfall_streams_open", "Open event streams", streams.clone());
        Self { registry, names_max, names: Mutex::default(), latency, refused, in_flight, sockets, streams }
    }

    /// Notes how long an operation took. Names beyond the limit, and all names of operations that `failed` (they may be made
    /// up), count as `other`.
    pub fn observe(&self, name: Option<&str>, outcome: Outcome, took: Duration) {
        let label = match name {
            None => "anonymous".to_owned(),
            Some(name) => self.label(name, outcome),
        };
        self.latency.get_or_create(&vec![("operation", label)]).observe(took.as_secs_f64());
    }

    fn label(&self, name: &str, outcome: Outcome) -> String {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let may_join = outcome == Outcome::Executed && names.len() < self.names_max && name.len() <= NAME_BYTES_MAX;
        if names.contains(name) {
            name.to_owned()
        } else if may_join {
            names.insert(name.to_owned());
            name.to_owned()
        } else {
            "other".to_owned()
        }
    }

    /// Notes a refusal.
    pub fn refuse(&self, code: &str) {
        self.refused.get_or_create(&vec![("code", code.to_owned())]).inc();
    }

    /// Counts an operation that runs.
    pub fn operation(&self) -> Counted {
        Counted::new(&self.in_flight)
    }

    /// Counts an open WebSocket.
    pub fn socket(&self) -> Counted {
        Counted::new(&self.sockets)
    }

    /// Counts an open event stream.
    pub fn stream(&self) -> Counted {
        Counted::new(&self.streams)
    }

    /// The text for `/metrics`.
    pub fn print(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// How an operation ended, as far as its name goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was executed, so somebody wrote it for this schema.
    Executed,
    /// It was refused or given up.
    Refused,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_bounded_and_the_rest_is_other() {
        let metrics = Metrics::new(Registry::default(), 2);
        for name in ["A", "B", "C", "A"] {
            metrics.observe(Some(name), Outcome::Executed, Duration::from_millis(3));
        }
        metrics.observe(Some("MadeUp"), Outcome::Refused, Duration::from_millis(3));
        metrics.observe(None, Outcome::Executed, Duration::from_millis(3));
        let text = metrics.print().unwrap();
        for line in [
            r#"fairfall_operation_seconds_count{operation="A"} 2"#,
            r#"fairfall_operation_seconds_count{operation="other"} 2"#,
            r#"fairfall_operation_seconds_count{operation="anonymous"} 1"#,
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert!(!text.contains("MadeUp"));
    }
}
