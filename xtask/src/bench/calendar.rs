//! How long it takes to find out when a promise is due, in memory and without a database.

use anyhow::Result;

use crate::process::{cargo, run};

/// Prints the figures of the example `calendar` of the domain; an error when the goal is missed.
pub fn measure() -> Result<()> {
    println!("== calendar");
    run(cargo().args(["run", "--release", "--quiet", "--package", "fairfall-domain", "--example", "calendar"]))
}
