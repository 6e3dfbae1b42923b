//! `fairfall doctor`: looks at everything a server needs, says what is wrong and what to do. Changes nothing.
//!
//! To add a check: write a function that answers findings and name it in [`examine`].

mod database;
mod finding;
mod machine;
mod mail;

use fairfall_persistence::inspect::open_to_look;

use super::error::{CliError, with_causes};
use super::output::{say, table, write};
use crate::clock::Clock;
use crate::config::{Config, ConfigError};
use crate::startup::database_config;

use finding::{Finding, Verdict};

/// Prints every finding. Fails when something must be done.
pub async fn run(config: Result<Config, ConfigError>) -> Result<(), CliError> {
    let findings = match &config {
        Err(error) => error
            .faults()
            .iter()
            .map(|fault| {
                Finding::problem(
                    "configuration",
                    with_causes(fault),
                    "correct it where it was written; the rest was not looked at",
                )
            })
            .collect(),
        Ok(config) => {
            say("Configuration");
            let rows: Vec<[String; 3]> =
                config.describe().iter().map(|one| [one.key.clone(), one.value.clone(), one.source.clone()]).collect();
            write(&table(&rows));
            say("");
            examine(config).await
        }
    };
    say("Findings");
    for finding in &findings {
        write(&finding.to_string());
    }
    let problems = findings.iter().filter(|finding| finding.verdict == Verdict::Problem).count();
    say("");
    match problems {
        0 => {
            say("All is well.");
            Ok(())
        }
        1 => {
            say("1 problem was found.");
            Err(CliError::Told)
        }
        count => {
            say(format!("{count} problems were found."));
            Err(CliError::Told)
        }
    }
}

async fn examine(config: &Config) -> Vec<Finding> {
    let now = Clock::system().now();
    let mut findings = vec![Finding::ok("configuration", format!("read, mode {}", config.mode.as_str()))];
    findings.extend(machine::files(config));
    findings.push(machine::token_key(config));
    if machine::is_missing(config) {
        findings.push(Finding::ok("database", "not there yet; the first `fairfall serve` or `fairfall migrate up` makes it"));
    } else {
        match open_to_look(&database_config(config)).await {
            Err(error) => findings.push(database::unreachable(config, &error)),
            Ok(store) => findings.extend(database::look(config, &store, now).await),
        }
    }
    findings.extend(mail::server(config).await);
    findings.push(machine::port(config).await);
    findings
}
