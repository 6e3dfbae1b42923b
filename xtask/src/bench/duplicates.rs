//! How well duplicates are found in the Febrl sets, which are no part of this project: their folder is given.

use std::path::Path;

use anyhow::{Context, Result};

use crate::process::{cargo, run};

/// Prints the figures of the example `duplicates` of the domain; an error when a goal is missed.
pub fn measure(folder: &Path) -> Result<()> {
    println!("== duplicates");
    let folder = folder.canonicalize().with_context(|| format!("`{}` is not there", folder.display()))?;
    let example = ["run", "--release", "--quiet", "--package", "fairfall-domain", "--example", "duplicates", "--"];
    run(cargo().args(example).arg(folder))
}
