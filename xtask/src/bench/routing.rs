//! How long it takes to decide who gets a lead, in memory and without a database.

use anyhow::Result;

use crate::process::{cargo, run};

/// Prints the figures of the example `routing` of the domain; an error when the goal is missed.
pub fn measure() -> Result<()> {
    println!("== routing");
    run(cargo().args(["run", "--release", "--quiet", "--package", "fairfall-domain", "--example", "routing"]))
}
