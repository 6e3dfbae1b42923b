//! How well wins are foretold on a public data set, which is no part of this project: its folder is given.

use std::path::Path;

use anyhow::{Context, Result};

use crate::process::{cargo, run};

/// Prints the figures of the example `forecast` of the domain.
pub fn measure(folder: &Path) -> Result<()> {
    println!("== forecast");
    let folder = folder.canonicalize().with_context(|| format!("`{}` is not there", folder.display()))?;
    let example = ["run", "--release", "--quiet", "--package", "fairfall-domain", "--example", "forecast", "--"];
    run(cargo().args(example).arg(folder))
}
