//! Everything that must hold before a change is merged.

use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

use crate::process::{capture, cargo, locked, metadata, run};
use crate::steps::Steps;
use crate::{direction, licences, schema, sizes, test};

/// `cargo xtask check`.
pub fn check() -> ExitCode {
    let mut steps = Steps::default();
    without_compiler(&mut steps);
    steps.finish()
}

fn without_compiler(steps: &mut Steps) {
    steps.run("lock file", |_| metadata(&["--locked"]).map(|_| ()).context("Cargo.lock is not up to date"));
    steps.run("format", |_| {
        require_component("fmt")?;
        run(cargo().args(["fmt", "--all", "--", "--check", "-l"]))
            .context("the files above are not as `cargo fmt --all` writes them")
    });
    steps.run("direction", |_| direction::check());
    steps.run("licences", |_| licences::check());
    steps.run("sizes", |_| sizes::check());
}

/// `cargo xtask ci`.
pub fn command() -> ExitCode {
    let mut steps = Steps::default();
    without_compiler(&mut steps);
    steps.run("clippy", |_| {
        require_component("clippy")?;
        run(cargo().args(["clippy", "--workspace", "--all-targets"]).args(locked()).args(["--", "-D", "warnings"]))
    });
    steps.run("documentation", |_| {
        run(cargo().env("RUSTDOCFLAGS", "-D warnings").args(["doc", "--workspace", "--no-deps"]).args(locked()))
    });
    if let Some(binary) = steps.run("build", |_| test::build()) {
        steps.run("schema", |_| schema::check(&binary));
        test::run_all(&mut steps, &binary, &[]);
    }
    steps.finish()
}

fn require_component(name: &str) -> Result<()> {
    let is_there = capture(cargo().args([name, "--version"])).is_ok();
    ensure!(is_there, "`cargo {name}` is not installed: rustup component add {}", if name == "fmt" { "rustfmt" } else { name });
    Ok(())
}
