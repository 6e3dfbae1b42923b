//! From the command line to the command, and from its end to the exit code: 0 done, 1 failed, 2 called wrongly.

use std::process::ExitCode;

use clap::Parser;

use super::error::CliError;
use super::output::note;
use super::{Cli, Command, UserCommand, demo, doctor, import, migrate, reference, schema, serve, user};
use crate::config::{Config, ConfigFlags};
use crate::telemetry;

/// Reads the command line of this process and does what it says.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let done = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(CliError::from).and_then(|runtime| {
        let done = runtime.block_on(dispatch(cli));
        // what still hashes or reads a file is not waited for
        runtime.shutdown_background();
        done
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(CliError::Told) => ExitCode::from(1),
        Err(CliError::Failed(text)) => {
            note(format!("fairfall: {text}"));
            ExitCode::from(1)
        }
        Err(CliError::Usage(text)) => {
            note(format!("fairfall: {text}"));
            ExitCode::from(2)
        }
    }
}

async fn dispatch(cli: Cli) -> Result<(), CliError> {
    let flags = ConfigFlags::from(cli.global);
    match cli.command {
        Command::Schema(args) => schema::run(&args),
        // a faulty configuration is one of its findings
        Command::Doctor(_) => doctor::run(Config::load(flags)).await,
        Command::Serve(_) => serve::run(configured(flags)?).await,
        Command::Demo(args) => demo::run(configured(demo::flags(flags)?)?, &args).await,
        Command::Migrate(args) => migrate::run(&configured(flags)?, &args).await,
        Command::Import(args) => import::run(&configured(flags)?, &args).await,
        Command::Reference(command) => reference::run(&configured(flags)?, &command).await,
        Command::User(UserCommand::Create(args)) => user::create(&configured(flags)?, &args).await,
    }
}

/// The configuration, with logging started as it says.
fn configured(flags: ConfigFlags) -> Result<Config, CliError> {
    let config = Config::load(flags)?;
    telemetry::init(&config.log, config.log_format).map_err(|error| CliError::because(&error))?;
    Ok(config)
}
