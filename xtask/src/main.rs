//! Tasks of the workspace, called as `cargo xtask <task>`.
//!
//! `test` and `ci` provision what they need: a throwaway `PostgreSQL` and the Node.js packages of the conformance tests.
//! Nothing is written into the checkout but `schema.graphql`, and only by `schema`.
#![expect(clippy::print_stdout, reason = "a task talks to whoever runs it")]

mod bench;
mod ci;
mod debian;
mod direction;
mod licences;
mod node;
mod postgres;
mod process;
mod schema;
mod sizes;
mod sources;
mod steps;
mod test;
mod totals;
mod watch;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tasks of the workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    #[command(about = "Provision PostgreSQL and the Node.js packages, then run every test on both databases")]
    Test {
        /// Passed to the test runner, such as a filter: `cargo xtask test -- lead_capture`
        #[arg(last = true)]
        runner_arguments: Vec<String>,
    },
    /// Everything that must hold before a change is merged: checks, then `test`
    Ci,
    /// The checks of `ci` that need no compiler: lock file, format, direction of dependencies, licences, sizes
    Check,
    /// Write schema.graphql anew from the code
    Schema,
    #[command(about = "Run a throwaway PostgreSQL in the foreground and print its URL, until Ctrl-C")]
    Postgres {
        /// A server setting, such as `shared_buffers=512MB`; may be given many times
        #[arg(long = "set", value_name = "NAME=VALUE", value_parser = postgres::Setting::parse)]
        settings: Vec<postgres::Setting>,
    },
    #[command(about = "Measure the release server on a throwaway PostgreSQL, beside the same statements by pgbench")]
    Bench(bench::BenchArguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Test { runner_arguments } => Ok(test::command(&runner_arguments)),
        Task::Ci => Ok(ci::command()),
        Task::Check => Ok(ci::check()),
        Task::Schema => schema::write().map(|()| ExitCode::SUCCESS),
        Task::Bench(arguments) => bench::command(&arguments).map(|()| ExitCode::SUCCESS),
        Task::Postgres { settings } => postgres::foreground(&settings).map(|()| ExitCode::SUCCESS),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            println!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
