//! The committed GraphQL schema: written from the code, compared with the code.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::process::{cargo, run, workspace_root};

const FILE: &str = "schema.graphql";

/// Writes `schema.graphql` anew.
pub fn write() -> Result<()> {
    run(cargo().args(["run", "--quiet", "--package", "fairfall", "--", "schema", "--out", FILE]))
}

/// Fails when `schema.graphql` is not what the built server would write.
pub fn check(binary: &Path) -> Result<()> {
    run(Command::new(binary).args(["schema", "--check"]).current_dir(workspace_root()))
}
