//! The values that need no more than a type.

use std::path::PathBuf;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// Whether strangers may look around. By default development with `SQLite`, production with `PostgreSQL`.
///
/// In production the anonymous get neither introspection nor suggestions, and `GraphiQL` is off unless switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// On one's own machine.
    Development,
    /// For others.
    Production,
}

impl Mode {
    /// The word in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
        }
    }
}

/// Whether `GraphiQL` is served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GraphiqlChoice {
    /// In development only.
    #[default]
    Auto,
    /// Always.
    On,
    /// Never.
    Off,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// Sizes of the connection pools.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PoolSettings {
    /// Most connections to `PostgreSQL`, for each node.
    pub connections_max: u32,
    /// Readers of `SQLite`, beside its one writer.
    pub readers_max: u32,
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self { connections_max: 16, readers_max: 4 }
    }
}

/// Life times of tokens and sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SessionSettings {
    /// An access token is valid this long, in minutes; at most 60.
    pub access_token_minutes: u32,
    /// A session ends when it was not refreshed for this many days.
    pub refresh_idle_days: u32,
    /// A session ends this many days after signing in, whatever was done; at most 3650.
    pub refresh_absolute_days: u32,
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self { access_token_minutes: 10, refresh_idle_days: 14, refresh_absolute_days: 60 }
    }
}

impl SessionSettings {
    /// How long an access token is valid.
    pub fn access_token(&self) -> TimeDelta {
        TimeDelta::minutes(self.access_token_minutes.into())
    }

    /// How long a session lasts without being refreshed.
    pub fn refresh_idle(&self) -> TimeDelta {
        TimeDelta::days(self.refresh_idle_days.into())
    }

    /// How long a session lasts at most.
    pub fn refresh_absolute(&self) -> TimeDelta {
        TimeDelta::days(self.refresh_absolute_days.into())
    }
}

/// The word for [`TrustedDocuments`] in the configuration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum TrustedDocumentsMode {
    #[default]
    Off,
    Allow,
    Only,
}

/// Whether documents may be named by their id (their SHA-256), and whether only such documents are run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrustedDocuments {
    /// Clients send whole documents.
    Off,
    /// Documents of the file may be named by id; others may be sent whole.
    Allow {
        /// JSON object from id to document.
        file: PathBuf,
    },
    /// Only documents of the file are run.
    Only {
        /// JSON object from id to document.
        file: PathBuf,
    },
}
