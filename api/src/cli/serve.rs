//! `fairfall serve`.

use std::net::SocketAddr;

use fairfall_persistence::repo;

use super::error::CliError;
use super::output::say;
use crate::config::{Config, Database};
use crate::startup::Prepared;

/// Serves until stopped.
pub async fn run(config: Config) -> Result<(), CliError> {
    let prepared = Prepared::new(config.clone()).await?;
    for line in addresses(&config, prepared.address()) {
        say(line);
    }
    if !repo::user::any(&prepared.app().store().reader()).await? {
        say("");
        say("Nobody can sign in yet. Make the first admin, in another terminal:");
        say(format!(
            "  fairfall user create --email you@example.com --name \"Your Name\" --role admin{}",
            same_database(&config)
        ));
        say("or look at an organisation with made-up people first: fairfall demo");
    }
    say("");
    say("Stop with Ctrl-C.");
    prepared.run().await?;
    say("Stopped.");
    Ok(())
}

/// The flag that leads another command to the same database, when the default does not.
fn same_database(config: &Config) -> String {
    let default = config.describe().iter().any(|setting| setting.key == "database_url" && setting.source == "default");
    if default { String::new() } else { format!(" --database-url '{}'", config.database_url.redacted()) }
}

/// What a newcomer wants to know of a server: where it is, on what, in which mode.
pub(super) fn addresses(config: &Config, address: SocketAddr) -> Vec<String> {
    let base = base_url(address);
    let mut lines = vec![
        format!("Fairfall {} serves", env!("CARGO_PKG_VERSION")),
        format!("  API        {base}/graphql   (WebSocket /graphql/ws, event stream /graphql/stream)"),
    ];
    if config.graphiql {
        lines.push(format!("  GraphiQL   {base}/graphiql"));
    }
    lines.push(format!("  Health     {base}/healthz   {base}/readyz   {base}/metrics"));
    lines.push(format!("  Database   {}", database(config)));
    lines.push(format!("  Mode       {}", config.mode.as_str()));
    if !address.ip().is_loopback() {
        lines.push("  It answers on every address of this machine that the port is open on; put TLS in front of it.".to_owned());
    }
    lines
}

fn database(config: &Config) -> String {
    match config.database_url.database() {
        Database::SqliteFile(file) => format!("SQLite, {}", file.display()),
        Database::SqliteMemory => "SQLite in memory: gone when this process ends".to_owned(),
        Database::Postgres => format!("PostgreSQL, {}", config.database_url.redacted()),
    }
}

/// The address as a browser on this machine takes it.
pub(super) fn base_url(address: SocketAddr) -> String {
    if address.ip().is_unspecified() { format!("http://localhost:{}", address.port()) } else { format!("http://{address}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_can_be_clicked() {
        assert_eq!(base_url("127.0.0.1:8080".parse().unwrap()), "http://127.0.0.1:8080");
        assert_eq!(base_url("[::1]:80".parse().unwrap()), "http://[::1]:80");
        assert_eq!(base_url("0.0.0.0:8080".parse().unwrap()), "http://localhost:8080");
    }
}
