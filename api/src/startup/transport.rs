//! From the configuration to what the transport is told.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use tokio_util::sync::CancellationToken;

use super::StartupError;
use crate::app::App;
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::http::config::AddressRange;
use crate::http::{Graphiql, Mode, TransportConfig, TrustedDocuments};

/// What the transport is told at its start.
pub(super) fn transport_config(config: &Config, app: &App, stop: CancellationToken) -> Result<TransportConfig, StartupError> {
    let mode = match config.mode {
        config::Mode::Development => Mode::Development,
        config::Mode::Production => Mode::Production,
    };
    // one clock for all: what a test sets holds here too
    let clock = Clock::from_fn({
        let app = app.clone();
        move || app.now()
    });
    let ranges: Result<Vec<AddressRange>, _> = config.trusted_proxies.iter().map(|network| network.to_string().parse()).collect();
    Ok(TransportConfig {
        graphiql: if config.graphiql { Graphiql::On } else { Graphiql::Off },
        allowed_origins: config.allowed_origins.iter().map(ToString::to_string).collect(),
        trusted_proxies: ranges.map_err(StartupError::TrustedProxies)?,
        trusted_documents: trusted_documents(&config.trusted_documents)?,
        shutdown: stop,
        ..TransportConfig::new(mode, config.limits.clone(), clock)
    })
}

fn trusted_documents(written: &config::TrustedDocuments) -> Result<TrustedDocuments, StartupError> {
    Ok(match written {
        config::TrustedDocuments::Off => TrustedDocuments::Off,
        config::TrustedDocuments::Allow { file } => TrustedDocuments::Accept(read_documents(file)?),
        config::TrustedDocuments::Only { file } => TrustedDocuments::Only(read_documents(file)?),
    })
}

fn read_documents(path: &Path) -> Result<HashMap<String, String>, StartupError> {
    let unusable = |source| StartupError::TrustedDocuments { path: path.to_owned(), source };
    let text = std::fs::read_to_string(path).map_err(unusable)?;
    serde_json::from_str(&text).map_err(|error| unusable(io::Error::from(error)))
}
