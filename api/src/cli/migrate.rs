//! `fairfall migrate`.

use fairfall_persistence::{MigrationStatus, Store, connect};

use super::error::CliError;
use super::output::{say, table};
use super::{MigrateAction, MigrateArgs};
use crate::clock::Clock;
use crate::config::Config;
use crate::startup::{StartupError, Storage, database_config, open_store};

/// Brings the tables up to date, takes the last migration back, or shows where they stand.
pub async fn run(config: &Config, args: &MigrateArgs) -> Result<(), CliError> {
    match args.action {
        MigrateAction::Up => up(config).await,
        MigrateAction::Down => down(config).await,
        MigrateAction::Status => status(config).await,
    }
}

async fn opened(config: &Config) -> Result<Store, StartupError> {
    let database = config.database_url.redacted();
    connect(&database_config(config)).await.map_err(|source| StartupError::Database { database, source })
}

async fn up(config: &Config) -> Result<(), CliError> {
    let before = opened(config).await?;
    let pending = before.migration_status().await?.iter().filter(|step| !step.applied).count();
    before.close().await?;
    open_store(config, Storage::Migrated, &Clock::system()).await?.close().await?;
    match pending {
        0 => say("The tables were up to date already."),
        1 => say("1 migration was applied; the tables are up to date."),
        count => say(format!("{count} migrations were applied; the tables are up to date.")),
    }
    Ok(())
}

async fn down(config: &Config) -> Result<(), CliError> {
    let store = opened(config).await?;
    let last = store.migration_status().await?.into_iter().rfind(|step| step.applied);
    let Some(MigrationStatus { name, .. }) = last else {
        say("No migration was applied; there is nothing to take back.");
        return Ok(());
    };
    store.migrate_down(1).await?;
    store.close().await?;
    say(format!("{name} was taken back, with all that only it held."));
    Ok(())
}

async fn status(config: &Config) -> Result<(), CliError> {
    let store = opened(config).await?;
    let steps = store.migration_status().await?;
    store.close().await?;
    let rows: Vec<[String; 2]> =
        steps.iter().map(|step| [if step.applied { "applied" } else { "missing" }.to_owned(), step.name.clone()]).collect();
    say(format!("Database {}", config.database_url.redacted()));
    super::output::write(&table(&rows));
    if steps.iter().any(|step| !step.applied) {
        say("Bring it up to date with: fairfall migrate up");
    }
    Ok(())
}
