//! From the configuration to what the transport is told.

use std::collections::HashMap;
use std::error::Error;
use std::io;
use std::path::Path;

use fairfall_domain::consent::Purpose;
use tokio_util::sync::CancellationToken;

use super::StartupError;
use crate::app::session::Client;
use crate::app::{App, AppError, Rejection, consent};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::http::config::AddressRange;
use crate::http::{Graphiql, Mode, TransportConfig, TrustedDocuments};
use crate::seam::{ConsentLinks, FollowedLink, LinkAnswer, RequestMeta};

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
        consent: Some(consent_links(app)),
        ..TransportConfig::new(mode, config.limits.clone(), clock)
    })
}

/// Where the links of mails lead: to the same use cases as the mutations do.
fn consent_links(app: &App) -> ConsentLinks {
    let (confirming, withdrawing) = (app.clone(), app.clone());
    let confirm = move |link: FollowedLink| {
        let app = confirming.clone();
        async move { told(&app, consent::confirm(&app, &client(&link), &link.token).await) }
    };
    let withdraw = move |link: FollowedLink| {
        let app = withdrawing.clone();
        async move {
            let purposes = if link.everything { Purpose::ALL.to_vec() } else { Vec::new() };
            told(&app, consent::withdraw(&app, &client(&link), &link.token, purposes).await)
        }
    };
    ConsentLinks::new(confirm, withdraw)
}

fn client(link: &FollowedLink) -> Client {
    let RequestMeta { request_id, client_ip, user_agent } = link.meta.clone();
    Client { ip: client_ip, user_agent, request_id }
}

fn told(app: &App, outcome: Result<(), AppError>) -> LinkAnswer {
    match outcome {
        Ok(()) => LinkAnswer::Received,
        Err(AppError::Rejected(rejections)) => {
            let until =
                rejections.iter().find_map(|one| if let Rejection::Throttled { until } = one { Some(*until) } else { None });
            let seconds = until.map_or(0, |until| (until - app.now()).num_seconds());
            LinkAnswer::TooMany { retry_after_s: u64::try_from(seconds).unwrap_or(0).saturating_add(1) }
        }
        Err(error) => {
            let error: &(dyn Error + 'static) = &error;
            tracing::error!(error, "the link of a mail could not be followed");
            LinkAnswer::Unavailable
        }
    }
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
