//! The shape of the configuration as written, with every default.

use serde::{Deserialize, Serialize};

use super::enrichment::RawEnrichment;
use super::mail::RawMail;
use super::settings::{GraphiqlChoice, LogFormat, Mode, PoolSettings, SessionSettings, TrustedDocumentsMode};
use crate::limits::Limits;

/// Every key there is: the keys and their kinds are read from the serialised default. Texts that need more than a type are parsed by `check`.
#[derive(Serialize, Deserialize)]
pub(super) struct Raw {
    pub(super) database_url: String,
    pub(super) listen: String,
    pub(super) token_key: Option<String>,
    pub(super) token_key_previous: Option<String>,
    pub(super) mode: Option<Mode>,
    pub(super) graphiql: GraphiqlChoice,
    pub(super) allowed_origins: Vec<String>,
    pub(super) trusted_proxies: Vec<String>,
    pub(super) log: String,
    pub(super) log_format: LogFormat,
    pub(super) pool: PoolSettings,
    pub(super) session: SessionSettings,
    pub(super) trusted_documents: RawTrustedDocuments,
    pub(super) limits: Limits,
    pub(super) mail: RawMail,
    pub(super) demo_password: Option<String>,
    pub(super) countries_file: Option<String>,
    pub(super) enrichment: RawEnrichment,
}

#[derive(Default, Serialize, Deserialize)]
pub(super) struct RawTrustedDocuments {
    pub(super) mode: TrustedDocumentsMode,
    pub(super) file: Option<String>,
}

impl Default for Raw {
    fn default() -> Self {
        Self {
            database_url: "sqlite://fairfall.db?mode=rwc".to_owned(),
            listen: "127.0.0.1:8080".to_owned(),
            token_key: None,
            token_key_previous: None,
            mode: None,
            graphiql: GraphiqlChoice::default(),
            allowed_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            log: "info".to_owned(),
            log_format: LogFormat::default(),
            pool: PoolSettings::default(),
            session: SessionSettings::default(),
            trusted_documents: RawTrustedDocuments::default(),
            limits: Limits::default(),
            mail: RawMail::default(),
            demo_password: None,
            countries_file: None,
            enrichment: RawEnrichment::default(),
        }
    }
}
