//! The figures, as a page of Markdown.

use std::fmt::Write as _;
use std::time::Duration;

use super::activities::{PER_MINUTE_GOAL, Recorded};
use super::funnel::Timing;
use super::import::Imported;
use super::load::Load;
use super::server::Memory;
use super::sla::{DUE, Idle, Lapse, Watched};

/// The most memory that `serve` may use, in KiB.
const MEMORY_GOAL_KIB: u64 = 64 * 1_024;

/// The longest that the funnel may take.
const FUNNEL_GOAL: Duration = Duration::from_secs(1);

/// An operation under load, beside the same statements by pgbench.
pub struct Measured {
    /// What was done.
    pub what: &'static str,
    /// What the server did.
    pub load: Load,
    /// Transactions a second by pgbench.
    pub pgbench: f64,
    /// Statements of one operation, `BEGIN` and `COMMIT` among them.
    pub statements: usize,
    /// The share of pgbench's rate that is aimed at.
    pub share_goal: f64,
    /// The 99th percentile that is aimed at.
    pub p99_goal: Duration,
}

/// All that was measured.
#[derive(Default)]
pub struct Report {
    /// What it was measured on, a line each.
    pub machine: Vec<String>,
    /// How it was filled and loaded.
    pub setting: String,
    /// Operations under load.
    pub operations: Vec<Measured>,
    /// The funnel.
    pub funnel: Vec<Timing>,
    /// The memory of the server, by moment.
    pub memory: Vec<(&'static str, Memory)>,
    /// Activities in bulk.
    pub activities: Option<Recorded>,
    /// Promises.
    pub promises: Option<Watched>,
    /// Imports.
    pub imports: Vec<Imported>,
}

impl Report {
    /// The page.
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        for line in &self.machine {
            push(&mut text, &format!("- {line}"));
        }
        push(&mut text, &format!("- {}", self.setting));
        self.push_operations(&mut text);
        self.push_funnel(&mut text);
        self.push_activities(&mut text);
        self.push_memory(&mut text);
        self.push_imports(&mut text);
        self.push_promises(&mut text);
        text
    }

    fn push_promises(&self, text: &mut String) {
        let Some(promises) = &self.promises else { return };
        push(text, "\n| open clocks, none due | statements a minute | of them for clocks | on a core in 20 s |");
        push(text, "|--:|--:|--:|--:|");
        for Idle { clocks, statements_per_minute, looks_per_minute, busy } in promises.idle {
            push(text, &format!("| {clocks} | {statements_per_minute} | {looks_per_minute} | {} |", ms(busy)));
        }
        push(
            text,
            &format!(
                "\n| {DUE} clocks due at once, two servers, one killed in the middle | all acted on (goal 60 s) | leads moved | more than once |"
            ),
        );
        push(text, "|---|--:|--:|--:|");
        for lapse in &promises.lapses {
            let Lapse { what, taken, moved, twice } = lapse;
            push(text, &format!("| {what} | {:.1} s {} | {moved} | {twice} |", taken.as_secs_f64(), verdict(lapse.is_met())));
        }
    }

    fn push_operations(&self, text: &mut String) {
        if self.operations.is_empty() {
            return;
        }
        push(text, "\n| operation | per second | p50 | p99 (goal) | statements | pgbench per second | share (goal) |");
        push(text, "|---|--:|--:|--:|--:|--:|--:|");
        for Measured { what, load, pgbench, statements, share_goal, p99_goal } in &self.operations {
            let Load { rate, p50, p99, .. } = load;
            let share = rate / pgbench;
            let row = format!(
                "| {what} | {rate:.0} | {} | {} ({}) {} | {statements} | {pgbench:.0} | {share:.2} ({share_goal:.2}) {} |",
                ms(*p50),
                ms(*p99),
                ms(*p99_goal),
                verdict(p99 <= p99_goal),
                verdict(share >= *share_goal),
            );
            push(text, &row);
        }
    }

    fn push_funnel(&self, text: &mut String) {
        if self.funnel.is_empty() {
            return;
        }
        push(text, "\n| funnel | middle of five | longest (goal 1 s) |\n|---|--:|--:|");
        for Timing { what, middle, longest } in &self.funnel {
            let mark = if what.starts_with("report") { verdict(*longest <= FUNNEL_GOAL) } else { "" };
            push(text, &format!("| {what} | {} | {} {mark} |", ms(*middle), ms(*longest)));
        }
    }

    fn push_activities(&self, text: &mut String) {
        let Some(Recorded { per_minute, p50, p99, process_share, regraded }) = &self.activities else { return };
        push(
            text,
            "\n| activities, recorded in bulk and scored | a minute (goal 100,000) | p50 of a batch of 250 | p99 | in the server's process | grades changed |",
        );
        push(text, "|---|--:|--:|--:|--:|--:|");
        let row = format!(
            "| stored, counted, scored, followed up | {per_minute:.0} {} | {} | {} | {:.0} % of the cores | {regraded} |",
            verdict(*per_minute >= PER_MINUTE_GOAL),
            ms(*p50),
            ms(*p99),
            process_share * 100.0,
        );
        push(text, &row);
    }

    fn push_memory(&self, text: &mut String) {
        if self.memory.is_empty() {
            return;
        }
        push(text, "\n| memory of `serve` | resident | peak (goal 64 MiB) |\n|---|--:|--:|");
        for (moment, Memory { resident, peak }) in &self.memory {
            push(text, &format!("| {moment} | {} | {} {} |", mib(*resident), mib(*peak), verdict(*peak < MEMORY_GOAL_KIB)));
        }
    }

    fn push_imports(&self, text: &mut String) {
        if self.imports.is_empty() {
            return;
        }
        push(text, "\n| import | rows per second |\n|---|--:|");
        for Imported { database, rows_per_second } in &self.imports {
            push(text, &format!("| {database} | {rows_per_second:.0} |"));
        }
    }
}

fn push(text: &mut String, line: &str) {
    let _infallible = writeln!(text, "{line}");
}

const fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "missed" }
}

fn ms(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1_000.0;
    if ms < 100.0 { format!("{ms:.1} ms") } else { format!("{ms:.0} ms") }
}

fn mib(kib: u64) -> String {
    format!("{:.1} MiB", f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1_024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goals_stand_beside_the_figures() {
        let load = Load { rate: 600.0, p50: Duration::from_millis(10), p99: Duration::from_millis(41), count: 6_000 };
        let measured =
            Measured { what: "(b)", load, pgbench: 1_500.0, statements: 3, share_goal: 0.4, p99_goal: Duration::from_millis(40) };
        let report = Report { operations: vec![measured], ..Report::default() };
        let row = "| (b) | 600 | 10.0 ms | 41.0 ms (40.0 ms) missed | 3 | 1500 | 0.40 (0.40) met |";
        assert!(report.markdown().contains(row), "{}", report.markdown());
    }
}
