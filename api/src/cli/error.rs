//! What ends a command before its aim, as people read it.

use std::error::Error;
use std::io;

use fairfall_persistence::StoreError;

use crate::app::{AppError, Rejection};
use crate::config::ConfigError;
use crate::startup::StartupError;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub enum CliError {
    /// It was called wrongly; ends with 2.
    Usage(String),
    /// It failed; ends with 1. The text is what people read, causes included.
    Failed(String),
    /// It failed and has told all there is to tell; ends with 1.
    Told,
}

impl CliError {
    /// A failure with its causes.
    pub fn because(error: &(dyn Error + 'static)) -> Self {
        Self::Failed(with_causes(error))
    }
}

/// An error and what caused it, in one line.
pub fn with_causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let told = error.to_string();
        // transparent errors repeat their cause
        if !text.ends_with(&told) {
            text.push_str(": ");
            text.push_str(&told);
        }
        cause = error.source();
    }
    text
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        let faults: Vec<String> = error.faults().iter().map(|fault| with_causes(fault)).collect();
        Self::Usage(faults.join("\n"))
    }
}

impl From<StartupError> for CliError {
    fn from(error: StartupError) -> Self {
        Self::because(&error)
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        Self::because(&error)
    }
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        Self::because(&error)
    }
}

impl From<AppError> for CliError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Rejected(why) => Self::Failed(why.iter().map(rejected).collect::<Vec<_>>().join("\n")),
            AppError::Unavailable { .. } => Self::Failed("the database does not answer; `fairfall doctor` tells more".to_owned()),
            AppError::Unauthenticated
            | AppError::CursorExpired
            | AppError::Timeout
            | AppError::Contended(_)
            | AppError::Internal(_) => Self::because(&error),
        }
    }
}

fn rejected(why: &Rejection) -> String {
    match why {
        Rejection::Invalid(violation) => format!("{}: {}", violation.field, violation.message),
        Rejection::Refused(refusal) => refusal.to_string(),
        Rejection::NotAllowed { action } => format!("`{action}` is not allowed"),
        Rejection::NotFound { field } => format!("{field}: does not exist"),
        Rejection::VersionConflict { .. } => "somebody else changed it meanwhile; try again".to_owned(),
        Rejection::PlanChanged { .. } => "the plan would come out otherwise now".to_owned(),
        Rejection::DuplicateLead { .. } => "the person has an open lead for the same product area".to_owned(),
        Rejection::Taken { field } => format!("{field}: exists already"),
        Rejection::IdempotencyKeyReused => "the idempotency key was used for another request".to_owned(),
        Rejection::IdempotencyInProgress { .. } => "the same request is being worked on".to_owned(),
        Rejection::MergeRefused(refusal) => refusal.to_string(),
        Rejection::AgreementRefused(refusal) => refusal.to_string(),
        Rejection::OnHold { since } => format!("a legal reason keeps the data since {since}"),
        Rejection::ProviderFailed(fault) => fault.to_string(),
        Rejection::TakenByColleague => "a colleague was first".to_owned(),
        Rejection::BadCredentials => "unknown address or wrong password".to_owned(),
        Rejection::Throttled { until } => format!("too many failed tries; wait until {until}"),
        Rejection::AskedTooOften { until } => format!("the person was asked too often; wait until {until}"),
        Rejection::SessionExpired => "the session has ended".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_follow_the_error_once_each() {
        let inner = io::Error::other("no space left");
        let error = StartupError::Served(inner);
        assert_eq!(with_causes(&error), "the server failed: no space left");
    }
}
