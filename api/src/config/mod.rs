//! Configuration, and the only reader of the environment.
//!
//! Four layers, the later wins: defaults, a TOML file, `FAIRFALL_*` variables, flags. The file is the one named by `--config` or
//! `FAIRFALL_CONFIG`, else `fairfall.toml` in the current folder when there is one. A key in a table is written with a dot in the file
//! (`limits.depth_max`) and with two underscores in a variable (`FAIRFALL_LIMITS__DEPTH_MAX`); lists are parted by commas in a variable; a
//! variable that is set to nothing counts as not set. Names that are not known are errors that tell the nearest known one, except
//! `FAIRFALL_TEST_*`, which belong to the project's own tests.
//!
//! To add a key: a field in `raw::Raw` with its default, its check in `check`, a field here.

mod check;
mod database_url;
mod enrichment;
mod error;
mod keys;
mod layers;
mod mail;
mod network;
mod origin;
mod raw;
mod settings;
mod token_secret;

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

pub use database_url::{Database, DatabaseUrl, DatabaseUrlFault};
pub use error::{ConfigError, ConfigFault};
pub use mail::MailSettings;
pub use network::{IpNetwork, IpNetworkFault};
pub use origin::{AllowedOrigin, AllowedOriginFault};
pub use settings::{GraphiqlChoice, LogFormat, Mode, PoolSettings, SessionSettings, TrustedDocuments};
pub use token_secret::{TokenSecret, TokenSecretFault};

use crate::app::enrichment::ProviderSettings;
use crate::limits::Limits;

/// The file that is read from the current folder when none is named.
pub const DEFAULT_FILE: &str = "fairfall.toml";

/// What the command line sets; each is None when the flag was not given.
#[derive(Clone, Debug, Default)]
pub struct ConfigFlags {
    /// `--config`: the file to read; it must exist.
    pub config: Option<PathBuf>,
    /// `--database-url`.
    pub database_url: Option<String>,
    /// `--listen`.
    pub listen: Option<String>,
    /// `--log`.
    pub log: Option<String>,
}

/// Everything that configuration is made of, already read: what tests give instead of the process's own.
#[derive(Clone, Default)]
pub struct Sources {
    /// Path and text of the configuration file.
    pub file: Option<(PathBuf, String)>,
    /// Names and values of variables; those that do not start with `FAIRFALL_` are ignored.
    pub environment: Vec<(String, String)>,
    /// The command line.
    pub flags: ConfigFlags,
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.environment.iter().map(|(name, _)| name).collect();
        let file = self.file.as_ref().map(|(path, _)| path);
        f.debug_struct("Sources").field("file", &file).field("environment", &names).finish_non_exhaustive()
    }
}

/// One line of [`Config::describe`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The key with dots, as in the file.
    pub key: String,
    /// What holds; secrets are hidden.
    pub value: String,
    /// Where it comes from: `default`, a file, a variable or a flag.
    pub source: String,
}

/// The checked configuration of one process. Its `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct Config {
    /// The database.
    pub database_url: DatabaseUrl,
    /// Where to serve; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The secret that signs access tokens, when one is configured.
    pub token_key: Option<TokenSecret>,
    /// The secret that signed before, accepted while keys are rotated.
    pub token_key_previous: Option<TokenSecret>,
    /// Whether strangers may look around.
    pub mode: Mode,
    /// Whether `GraphiQL` is served.
    pub graphiql: bool,
    /// Origins of browser applications that may call over HTTP and WebSocket, besides the server's own.
    pub allowed_origins: Vec<AllowedOrigin>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNetwork>,
    /// The log filter, in the syntax of `RUST_LOG`.
    pub log: String,
    /// How log lines are written.
    pub log_format: LogFormat,
    /// Sizes of the connection pools.
    pub pool: PoolSettings,
    /// Life times of tokens and sessions.
    pub session: SessionSettings,
    /// Whether only known documents are run.
    pub trusted_documents: TrustedDocuments,
    /// Limits of the API.
    pub limits: Limits,
    /// How mails are sent; they wait when absent.
    pub mail: Option<MailSettings>,
    /// The password of the demo's accounts, generated when absent.
    pub demo_password: Option<SecretString>,
    /// A file of countries by address in the format of `MaxMind`, from which the country of visitors is read.
    pub countries_file: Option<PathBuf>,
    /// The data provider that enriches records, when one is configured.
    pub enrichment: Option<ProviderSettings>,
    described: Vec<Setting>,
}

impl Config {
    /// Reads file, environment and flags of this process.
    ///
    /// # Errors
    /// [`ConfigError`] with every fault found, each with where it came from.
    pub fn load(flags: ConfigFlags) -> Result<Self, ConfigError> {
        let environment = layers::process_environment()?;
        let from_variable = environment.iter().find(|(name, value)| name == layers::FILE_VARIABLE && !value.is_empty());
        let named = flags.config.clone().or_else(|| from_variable.map(|(_, value)| PathBuf::from(value)));
        let path = named.or_else(|| Some(PathBuf::from(DEFAULT_FILE)).filter(|path| path.exists()));
        let file = path.map(|path| layers::read_file(&path).map(|text| (path, text))).transpose()?;
        Self::from_sources(&Sources { file, environment, flags })
    }

    /// Puts the layers together and checks them; reads nothing.
    ///
    /// # Errors
    /// [`ConfigError`] with every fault found, each with where it came from.
    pub fn from_sources(sources: &Sources) -> Result<Self, ConfigError> {
        let merged = layers::merge(sources)?;
        check::check(&merged)
    }

    /// Every key with its value (secrets hidden) and where it comes from, sorted by key.
    pub fn describe(&self) -> &[Setting] {
        &self.described
    }

    /// The folder that holds the embedded database, for files kept beside it; None for `PostgreSQL` and for memory.
    pub fn data_folder(&self) -> Option<&Path> {
        match self.database_url.database() {
            Database::SqliteFile(file) => file.parent(),
            Database::SqliteMemory | Database::Postgres => None,
        }
    }
}

#[cfg(test)]
mod tests;
