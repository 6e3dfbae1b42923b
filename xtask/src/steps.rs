//! The steps of a task: named, timed, all told at the end.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::totals::Totals;

/// What has been done so far. A failed step does not stop the others: one run tells everything that is wrong.
#[derive(Default)]
pub struct Steps {
    done: Vec<Step>,
    /// The tests that the steps ran.
    pub totals: Totals,
}

struct Step {
    name: &'static str,
    took: Duration,
    failure: Option<String>,
}

impl Steps {
    /// Does one step and keeps how it went.
    pub fn run<T>(&mut self, name: &'static str, act: impl FnOnce(&mut Totals) -> Result<T>) -> Option<T> {
        println!("\n== {name}");
        let start = Instant::now();
        let result = act(&mut self.totals);
        let took = start.elapsed();
        let failure = result.as_ref().err().map(|error| format!("{error:#}"));
        if let Some(failure) = &failure {
            println!("failed: {failure}");
        }
        self.done.push(Step { name, took, failure });
        result.ok()
    }

    /// Prints the times, what failed, and as the very last line how many tests passed.
    pub fn finish(self) -> ExitCode {
        println!("\n== times");
        for Step { name, took, failure } in &self.done {
            println!("{:>8.1} s  {name}{}", took.as_secs_f64(), if failure.is_some() { "  FAILED" } else { "" });
        }
        let total: Duration = self.done.iter().map(|step| step.took).sum();
        println!("{:>8.1} s  together", total.as_secs_f64());
        let failed: Vec<&str> = self.done.iter().filter(|step| step.failure.is_some()).map(|step| step.name).collect();
        if !failed.is_empty() {
            println!("\nfailed: {}", failed.join(", "));
        }
        if !self.totals.is_empty() {
            println!("{}", self.totals);
        }
        if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
