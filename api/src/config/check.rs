//! From what is written to what is meant: every value is parsed, every fault is told.

use std::net::SocketAddr;
use std::path::PathBuf;

use fairfall_domain::value::{EmailAddress, ShortText};
use figment::value::{Empty, Value};

use super::error::{ConfigError, ConfigFault};
use super::keys::is_secret;
use super::layers::Merged;
use super::mail::{MailSettings, public_url, smtp_url};
use super::settings::TrustedDocumentsMode;
use super::{
    AllowedOrigin, Config, Database, DatabaseUrl, GraphiqlChoice, IpNetwork, Mode, SessionSettings, Setting, TokenSecret,
    TrustedDocuments,
};
use crate::telemetry;

/// Longest life of an access token, in minutes: it is not asked for a session's end between look-ups.
const ACCESS_TOKEN_MINUTES_MAX: u32 = 60;

/// Longest session, in days.
const SESSION_DAYS_MAX: u32 = 3650;

struct Faults<'a> {
    merged: &'a Merged,
    found: Vec<ConfigFault>,
}

impl Faults<'_> {
    fn keep<T, E: std::fmt::Display>(&mut self, key: &str, result: Result<T, E>) -> Option<T> {
        result.map_err(|reason| self.found.push(self.merged.invalid(key, reason))).ok()
    }

    fn keep_all<T, E: std::fmt::Display>(&mut self, key: &str, items: &[String], parse: impl Fn(&str) -> Result<T, E>) -> Vec<T> {
        items.iter().filter_map(|item| self.keep(key, parse(item))).collect()
    }

    fn add(&mut self, key: &str, reason: impl std::fmt::Display) {
        self.found.push(self.merged.invalid(key, reason));
    }
}

/// Parses and checks every value.
pub(super) fn check(merged: &Merged) -> Result<Config, ConfigError> {
    let raw = &merged.raw;
    let mut faults = Faults { merged, found: Vec::new() };
    let database_url = faults.keep("database_url", DatabaseUrl::parse(&raw.database_url));
    let listen = faults.keep("listen", listen(&raw.listen));
    let token_key = raw.token_key.as_deref().and_then(|text| faults.keep("token_key", TokenSecret::parse(text)));
    let token_key_previous =
        raw.token_key_previous.as_deref().and_then(|text| faults.keep("token_key_previous", TokenSecret::parse(text)));
    let allowed_origins = faults.keep_all("allowed_origins", &raw.allowed_origins, AllowedOrigin::parse);
    let trusted_proxies = faults.keep_all("trusted_proxies", &raw.trusted_proxies, IpNetwork::parse);
    faults.keep("log", telemetry::filter(&raw.log).map(drop));
    let trusted_documents = trusted_documents(&mut faults);
    let mail = mail(&mut faults);
    let enrichment = raw.enrichment.check().unwrap_or_else(|wrong| {
        for (key, reason) in wrong {
            faults.add(key, reason);
        }
        None
    });
    not_zero(&mut faults);
    sessions(&mut faults, raw.session);
    let (Some(database_url), Some(listen), Some(trusted_documents), true) =
        (database_url, listen, trusted_documents, faults.found.is_empty())
    else {
        return Err(ConfigError::new(faults.found));
    };
    let mode = raw.mode.unwrap_or_else(|| default_mode(&database_url));
    let graphiql = match raw.graphiql {
        GraphiqlChoice::Auto => mode == Mode::Development,
        GraphiqlChoice::On => true,
        GraphiqlChoice::Off => false,
    };
    let described = describe(merged, &database_url, mode, if graphiql { "on" } else { "off" });
    Ok(Config {
        database_url,
        listen,
        token_key,
        token_key_previous,
        mode,
        graphiql,
        allowed_origins,
        trusted_proxies,
        log: raw.log.clone(),
        log_format: raw.log_format,
        pool: raw.pool,
        session: raw.session,
        trusted_documents,
        limits: raw.limits.clone(),
        mail,
        demo_password: raw.demo_password.as_deref().map(Into::into),
        countries_file: raw.countries_file.as_ref().filter(|file| !file.is_empty()).map(PathBuf::from),
        enrichment,
        described,
    })
}

fn default_mode(database_url: &DatabaseUrl) -> Mode {
    match database_url.database() {
        Database::SqliteFile(_) | Database::SqliteMemory => Mode::Development,
        Database::Postgres => Mode::Production,
    }
}

fn listen(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "expected an address and a port, such as `127.0.0.1:8080`, `0.0.0.0:8080` or `[::1]:8080`")
}

fn trusted_documents(faults: &mut Faults<'_>) -> Option<TrustedDocuments> {
    let written = &faults.merged.raw.trusted_documents;
    let file = written.file.as_ref().filter(|file| !file.is_empty()).map(PathBuf::from);
    match (written.mode, file) {
        (TrustedDocumentsMode::Off, _) => Some(TrustedDocuments::Off),
        (TrustedDocumentsMode::Allow, Some(file)) => Some(TrustedDocuments::Allow { file }),
        (TrustedDocumentsMode::Only, Some(file)) => Some(TrustedDocuments::Only { file }),
        (TrustedDocumentsMode::Allow | TrustedDocumentsMode::Only, None) => {
            faults.add("trusted_documents.file", "needed because `trusted_documents.mode` is not `off`");
            None
        }
    }
}

/// How mails are sent. A mail server needs a sender and the address that the links of mails start with.
fn mail(faults: &mut Faults<'_>) -> Option<MailSettings> {
    let written = &faults.merged.raw.mail;
    let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let (server, from) = (given(&written.smtp_url), given(&written.from));
    let (from_name, public) = (given(&written.from_name), given(&written.public_url));
    let needed = server.is_some();
    let smtp_url = server.and_then(|text| faults.keep("mail.smtp_url", smtp_url(&text)));
    let from = needs(faults, "mail.from", from, needed).and_then(|text| faults.keep("mail.from", EmailAddress::parse(&text)));
    let from_name = from_name.and_then(|text| faults.keep("mail.from_name", ShortText::parse(&text)));
    let public_url =
        needs(faults, "mail.public_url", public, needed).and_then(|text| faults.keep("mail.public_url", public_url(&text)));
    Some(MailSettings { smtp_url: smtp_url?, from: from?, from_name, public_url: public_url? })
}

fn needs(faults: &mut Faults<'_>, key: &str, text: Option<String>, needed: bool) -> Option<String> {
    if text.is_none() && needed {
        faults.add(key, "needed because `mail.smtp_url` is set");
    }
    text
}

/// No limit, pool size or life time can be zero: nothing would work, and "no limit" is not on offer.
/// The one limit that 0 switches off.
const RATE_KEY: &str = "limits.rate_points_per_minute";

fn not_zero(faults: &mut Faults<'_>) {
    let zero: Vec<String> = faults
        .merged
        .values()
        .filter(|(key, value)| ["limits.", "pool.", "session."].iter().any(|table| key.starts_with(table)) && is_zero(value))
        .filter(|(key, _)| *key != RATE_KEY)
        .map(|(key, _)| key.to_owned())
        .collect();
    for key in zero {
        faults.add(&key, "must be at least 1");
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Num(_, number) => number.to_u128_lossy() == Some(0),
        Value::String(..) | Value::Char(..) | Value::Bool(..) | Value::Empty(..) | Value::Dict(..) | Value::Array(..) => false,
    }
}

fn sessions(faults: &mut Faults<'_>, session: SessionSettings) {
    if session.access_token_minutes > ACCESS_TOKEN_MINUTES_MAX {
        faults.add("session.access_token_minutes", format!("must be at most {ACCESS_TOKEN_MINUTES_MAX}"));
    }
    if session.refresh_absolute_days > SESSION_DAYS_MAX {
        faults.add("session.refresh_absolute_days", format!("must be at most {SESSION_DAYS_MAX}"));
    }
    if session.refresh_idle_days > session.refresh_absolute_days {
        faults.add("session.refresh_idle_days", "must be at most `session.refresh_absolute_days`");
    }
}

fn describe(merged: &Merged, database_url: &DatabaseUrl, mode: Mode, graphiql: &str) -> Vec<Setting> {
    let show = |key: &str, value: &Value| match (key, value) {
        (_, Value::Empty(_, Empty::None | Empty::Unit)) if key != "mode" => "(not set)".to_owned(),
        (key, _) if is_secret(key) => "(set, hidden)".to_owned(),
        ("database_url", _) => database_url.redacted(),
        ("mode", _) => mode.as_str().to_owned(),
        ("graphiql", _) => graphiql.to_owned(),
        (_, value) => plain(value),
    };
    merged
        .values()
        .map(|(key, value)| Setting { value: show(key, &value), key: key.to_owned(), source: merged.origin(key) })
        .collect()
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(_, text) => text.clone(),
        Value::Char(_, letter) => letter.to_string(),
        Value::Bool(_, switch) => switch.to_string(),
        Value::Num(_, number) => number
            .to_u128_lossy()
            .map(|whole| whole.to_string())
            .or_else(|| number.to_f64().map(|decimal| decimal.to_string()))
            .unwrap_or_default(),
        Value::Array(_, items) if items.is_empty() => "(none)".to_owned(),
        Value::Array(_, items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Dict(..) | Value::Empty(..) => "(empty)".to_owned(),
    }
}
