//! How fair the draw of the next member is, beside what others do, and how quick.

use anyhow::Result;

use crate::process::{cargo, run};

/// Prints the figures of the example `fairness` of the domain; an error when a goal is missed.
pub fn measure() -> Result<()> {
    println!("== fairness");
    let example = ["run", "--release", "--quiet", "--package", "fairfall-domain", "--example", "fairness"];
    run(cargo().args(example))
}
