//! `cargo xtask bench`: the release server under load on a durable `PostgreSQL`, beside the same statements by `pgbench` in the same run.
//!
//! Bounded in count and time; ends what it started, and leaves nothing behind but the page that `--out` names.

mod activities;
mod calendar;
mod capture;
mod database;
mod duplicates;
mod fairness;
mod fill;
mod forecast;
mod funnel;
mod http;
mod ids;
mod import;
mod load;
mod machine;
mod operations;
mod pgbench;
mod report;
mod routing;
mod run;
mod server;
mod sla;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::process::{cargo, run as run_command};

/// What to measure, and how long.
#[derive(Args, Clone, Debug)]
pub struct BenchArguments {
    /// Leads to fill in, with six transitions each
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1_000..=2_000_000))]
    pub leads: u64,
    /// Passages that the funnel is counted from; more are made when the leads have fewer
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1_000..=20_000_000))]
    pub passages: u64,
    /// How long each operation is measured, in seconds
    #[arg(long, value_name = "S", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=120))]
    pub seconds: u64,
    /// Connections that ask at once; a user may have 20 operations in flight
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..=20))]
    pub connections: u64,
    /// Measure only these, such as `--only a,b`
    #[arg(long, value_name = "PART", value_enum, value_delimiter = ',')]
    pub only: Vec<Part>,
    /// Measure this binary of the server instead of building one
    #[arg(long, value_name = "FILE")]
    pub server: Option<PathBuf>,
    /// The folder of the Olist marketing funnel (`funnel_replay.csv`), for the part `forecast`
    #[arg(long, value_name = "FOLDER")]
    pub olist: Option<PathBuf>,
    /// The folder of the Febrl sets (`dataset1.csv`, `dataset2.csv`), for the part `duplicates`
    #[arg(long, value_name = "FOLDER")]
    pub febrl: Option<PathBuf>,
    /// Write the figures into this file as well
    #[arg(long, value_name = "FILE.md")]
    pub out: Option<PathBuf>,
}

/// A part of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// A lead with company, owner and transitions
    A,
    /// A page of 50 leads of a queue with owner and company
    B,
    /// The act of qualifying
    C,
    /// The funnel with medians
    D,
    /// Activities a minute, recorded in bulk and scored
    Activities,
    /// How long finding a due time ten years ahead takes, in memory
    Calendar,
    /// How well duplicates are found; needs `--febrl`
    Duplicates,
    /// How fair and quick the draw of the next member is
    Fairness,
    /// How well wins are foretold; needs `--olist`
    Forecast,
    /// Rows a second of the import on both databases
    Import,
    /// Memory of the server, idle and under (b)
    Memory,
    /// How long deciding who gets a lead takes, in memory
    Routing,
    /// What open promises cost while none is due, and how quickly many are acted on
    Sla,
}

impl BenchArguments {
    /// Whether a part was asked for; all are, unless some are named.
    pub fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

/// Measures, prints the figures and writes them.
pub fn command(arguments: &BenchArguments) -> Result<()> {
    if arguments.only == [Part::Forecast] {
        return forecast::measure(arguments.olist.as_deref().context("`--only forecast` needs `--olist <folder>`")?);
    }
    if arguments.only == [Part::Calendar] {
        return calendar::measure();
    }
    if arguments.only == [Part::Fairness] {
        return fairness::measure();
    }
    if arguments.only == [Part::Duplicates] {
        return duplicates::measure(arguments.febrl.as_deref().context("`--only duplicates` needs `--febrl <folder>`")?);
    }
    if arguments.only == [Part::Routing] {
        return routing::measure();
    }
    if cfg!(debug_assertions) {
        return again_optimised();
    }
    if let Some(folder) = arguments.olist.as_deref().filter(|_| arguments.wants(Part::Forecast)) {
        forecast::measure(folder)?;
    }
    if let Some(folder) = arguments.febrl.as_deref().filter(|_| arguments.wants(Part::Duplicates)) {
        duplicates::measure(folder)?;
    }
    if arguments.wants(Part::Calendar) {
        calendar::measure()?;
    }
    if arguments.wants(Part::Fairness) {
        fairness::measure()?;
    }
    if arguments.wants(Part::Routing) {
        routing::measure()?;
    }
    let report = run::run(arguments)?;
    let page = report.markdown();
    println!("\n{page}");
    if let Some(out) = &arguments.out {
        fs::write(out, page).with_context(|| format!("`{}` cannot be written", out.display()))?;
    }
    Ok(())
}

/// The load must cost little beside what it measures, so it comes from an optimised build of this same task.
fn again_optimised() -> Result<()> {
    let arguments = std::env::args_os().skip(1);
    run_command(cargo().args(["run", "--release", "--quiet", "--package", "xtask", "--"]).args(arguments))
}
