//! What the figures were measured on. No names of hosts or people.

use std::fs;
use std::thread;

use anyhow::Result;

use super::database::Database;

/// Settings of `PostgreSQL` that figures depend on.
const TOLD: &[&str] =
    &["fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size", "max_parallel_workers_per_gather"];

/// The machine and the database, one line each.
pub fn describe(database: &Database) -> Result<Vec<String>> {
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let memory_kib: u64 =
        field("/proc/meminfo", "MemTotal").and_then(|text| text.trim_end_matches(" kB").parse().ok()).unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let version = database.ask("SHOW server_version")?;
    let mut settings = Vec::new();
    for name in TOLD {
        settings.push(format!("{name} {}", database.ask(&format!("SHOW {name}"))?));
    }
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "processor unknown".to_owned());
    Ok(vec![
        format!("{cores} cores ({processor}), {:.0} GiB of memory, Linux {}", gib(memory_kib), kernel.trim()),
        format!("PostgreSQL {version}: {}", settings.join(", ")),
        "server, load and database on the same machine, over the loopback".to_owned(),
    ])
}

fn gib(kib: u64) -> f64 {
    f64::from(u32::try_from(kib >> 10).unwrap_or(u32::MAX)) / 1_024.0
}

fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
