//! Every test of the workspace, on both databases, with what they need.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use tempfile::NamedTempFile;

use crate::postgres::Cluster;
use crate::process::{cargo, find_program, in_ci, locked, run, target_folder, variable};
use crate::steps::Steps;
use crate::totals::{Runner, Totals};
use crate::{node, watch};

/// The database server that the tests use.
enum Database {
    /// The caller's own; its URL is in the environment already.
    Given(String),
    /// Ours, for as long as this value lives.
    Throwaway(Cluster),
}

impl Database {
    fn provision() -> Result<Self> {
        match variable("FAIRFALL_TEST_POSTGRES_URL") {
            Some(url) => Ok(Self::Given(url)),
            None => Cluster::start(&[]).map(Self::Throwaway),
        }
    }

    fn url(&self) -> &str {
        match self {
            Self::Given(url) => url,
            Self::Throwaway(cluster) => cluster.url(),
        }
    }
}

/// `cargo xtask test`.
pub fn command(runner_arguments: &[String]) -> ExitCode {
    let mut steps = Steps::default();
    if let Some(binary) = steps.run("build", |_| build()) {
        run_all(&mut steps, &binary, runner_arguments);
    }
    steps.finish()
}

/// Builds every target once, with the features that the tests are built with, and answers where the server's binary is.
pub fn build() -> Result<PathBuf> {
    run(cargo().args(["build", "--workspace", "--all-targets"]).args(locked()))?;
    Ok(target_folder()?.join("debug").join("fairfall"))
}

/// Provisions, then runs the doc tests (unless the caller chose tests) and the tests.
pub fn run_all(steps: &mut Steps, binary: &Path, runner_arguments: &[String]) {
    let database = steps.run("postgresql", |_| Database::provision());
    let packages = steps.run("node packages", |_| match variable("FAIRFALL_TEST_NODE_DIR") {
        Some(folder) => Ok(PathBuf::from(folder)),
        None => node::prepare(),
    });
    let (Some(database), Some(packages)) = (database, packages) else {
        return;
    };
    let provisioned = |mut command: Command| {
        command.env("FAIRFALL_TEST_POSTGRES_URL", database.url());
        command.env("FAIRFALL_TEST_NODE_DIR", &packages);
        command.env("FAIRFALL_TEST_BIN", binary);
        command
    };
    if runner_arguments.is_empty() {
        steps.run("doc tests", |totals| {
            let mut command = provisioned(cargo());
            command.args(["test", "--workspace", "--doc"]).args(locked());
            watch::run(&mut command, Runner::Cargo.stream(), |line| totals.read(Runner::Cargo, line))
        });
    }
    steps.run("tests", |totals| {
        let notes = NamedTempFile::new().context("no temporary file can be made")?;
        let mut command = provisioned(cargo());
        command.env("FAIRFALL_TEST_NOTES", notes.path());
        let result = run_tests(command, runner_arguments, totals);
        tell_notes(notes.path());
        result?;
        ensure!(!totals.is_empty(), "the test runner printed no summary");
        Ok(())
    });
}

fn run_tests(mut command: Command, runner_arguments: &[String], totals: &mut Totals) -> Result<()> {
    let runner = if find_program("cargo-nextest").is_some() { Runner::Nextest } else { Runner::Cargo };
    match runner {
        Runner::Nextest => {
            command.args(["nextest", "run", "--workspace", "--profile", if in_ci() { "ci" } else { "default" }]);
        }
        Runner::Cargo => {
            command.args(["test", "--workspace", "--all-targets", "--no-fail-fast"]);
        }
    }
    command.args(locked()).args(runner_arguments);
    watch::run(&mut command, runner.stream(), |line| totals.read(runner, line))
}

/// What tests that passed want to be known: each appends a line to the file, such as that the real input was absent.
fn tell_notes(path: &Path) {
    for note in fs::read_to_string(path).unwrap_or_default().lines() {
        println!("note: {note}");
    }
}
