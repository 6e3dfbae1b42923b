//! Logs: to standard error, as text for people or JSON for machines.
//!
//! Lines carry ids, codes and figures, never personal data, tokens or variables of a request. Statements of the database are dropped below
//! `warn` whatever the filter says, since their values may be personal data.

use std::io::IsTerminal;

use tracing::{Level, Metadata};
use tracing_subscriber::filter::{EnvFilter, FilterExt, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{Layer, fmt};

use crate::config::LogFormat;

/// Libraries that log statements.
const STATEMENT_TARGETS: [&str; 3] = ["sqlx", "sea_orm", "sea_orm_migration"];

/// Why logging cannot start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryFault {
    /// The filter is not in the syntax of `RUST_LOG`.
    #[error("`{filter}` is not a log filter such as `info` or `warn,fairfall=debug`")]
    Filter {
        /// The filter as configured.
        filter: String,
    },
    /// This process already logs.
    #[error("logging was started twice")]
    Started(#[source] TryInitError),
}

/// Reads a log filter in the syntax of `RUST_LOG`: `info`, or `warn,fairfall=debug`.
///
/// # Errors
/// [`TelemetryFault::Filter`] when it is not.
pub fn filter(text: &str) -> Result<EnvFilter, TelemetryFault> {
    EnvFilter::builder().parse(text).map_err(|_| TelemetryFault::Filter { filter: text.to_owned() })
}

/// Starts logging for the whole process.
///
/// # Errors
/// [`TelemetryFault`] for a filter that cannot be read and for a second start.
pub fn init(log: &str, format: LogFormat) -> Result<(), TelemetryFault> {
    let filter = filter(log)?.and(filter_fn(may_be_logged));
    let layer = lines(format, std::io::stderr).with_filter(filter);
    tracing_subscriber::registry().with(layer).try_init().map_err(TelemetryFault::Started)
}

fn lines<S, W>(format: LogFormat, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span>,
    W: for<'writer> fmt::MakeWriter<'writer> + Send + Sync + 'static,
{
    match format {
        LogFormat::Text => fmt::layer().with_writer(writer).with_ansi(std::io::stderr().is_terminal()).boxed(),
        LogFormat::Json => fmt::layer().with_writer(writer).json().flatten_event(true).boxed(),
    }
}

/// Statements of the database are not, at any level below `warn`.
fn may_be_logged(metadata: &Metadata<'_>) -> bool {
    let of_statements = STATEMENT_TARGETS.iter().any(|library| {
        let rest = metadata.target().strip_prefix(library);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    });
    !of_statements || *metadata.level() <= Level::WARN
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(log: &str, format: LogFormat, act: impl FnOnce()) -> String {
        let written = Written::default();
        let sink = written.clone();
        let layer = lines(format, move || sink.clone()).with_filter(filter(log).unwrap().and(filter_fn(may_be_logged)));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), act);
        let bytes = written.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn statements_stay_out_whatever_the_filter_says() {
        let text = logged("trace,sqlx=trace,sqlx::query=trace,sea_orm=debug", LogFormat::Text, || {
            tracing::debug!(target: "sqlx::query", "select hidden");
            tracing::info!(target: "sea_orm::driver", "insert hidden");
            tracing::info!(target: "sqlx", "hidden");
            tracing::warn!(target: "sqlx::pool", "pool is slow");
            tracing::info!(target: "sqlxy", "another library");
            tracing::debug!(target: "fairfall", "ours");
        });
        assert!(!text.contains("hidden"), "{text}");
        assert!(text.contains("pool is slow") && text.contains("another library") && text.contains("ours"), "{text}");
    }

    #[test]
    fn the_filter_holds() {
        let text = logged("warn,fairfall=debug", LogFormat::Text, || {
            tracing::info!(target: "other", "quiet");
            tracing::debug!(target: "fairfall::app", "loud");
        });
        assert!(text.contains("loud") && !text.contains("quiet"), "{text}");
    }

    #[test]
    fn json_is_one_object_a_line() {
        let text = logged("info", LogFormat::Json, || tracing::info!(target: "fairfall", lead = 7, "first\nline"));
        let line: serde_json::Value = serde_json::from_str(text.trim_end()).unwrap();
        assert_eq!(
            (line["level"].as_str(), line["lead"].as_u64(), line["message"].as_str()),
            (Some("INFO"), Some(7), Some("first\nline"))
        );
    }

    #[test]
    fn a_filter_that_is_none_is_named() {
        let fault = filter("fairfall=loud").unwrap_err();
        assert_eq!(fault.to_string(), "`fairfall=loud` is not a log filter such as `info` or `warn,fairfall=debug`");
    }
}
