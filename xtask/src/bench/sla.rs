//! Promises: what a million open clocks cost while none is due, and how long it takes until all of ten thousand that are due at once were acted on,
//! by two servers of which one is killed in the middle.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::capture;
use super::database::Database;
use super::fill::Fill;
use super::server::{Program, Server};

/// Leads that the clocks belong to; one in five is on offer.
const LEADS: u64 = 50_000;
/// Clocks that are open and not due.
const OPEN: u64 = 1_000_000;
/// Clocks that are due at once.
pub const DUE: u64 = 10_000;
/// How long an idle server is watched.
const WATCHED: Duration = Duration::from_secs(20);
/// What a server does first after its start is not looked at.
const SETTLED: Duration = Duration::from_secs(8);
/// The longest that acting on all may take.
const GOAL: Duration = Duration::from_mins(1);
/// When it is given up.
const PATIENCE: Duration = Duration::from_mins(5);

const PASSWORD: &str = "a bench needs only one password";

/// What an idle server costs.
#[derive(Clone, Copy, Debug)]
pub struct Idle {
    /// Open clocks.
    pub clocks: u64,
    /// Statements of all its workers, a minute.
    pub statements_per_minute: u64,
    /// Statements that look for due clocks, a minute.
    pub looks_per_minute: u64,
    /// Time on a core.
    pub busy: Duration,
}

/// What came of clocks that were due at once, with two servers of which one was killed in the middle.
#[derive(Clone, Copy, Debug)]
pub struct Lapse {
    /// What their agreement asks for.
    pub what: &'static str,
    /// How long it took until all were acted on.
    pub taken: Duration,
    /// How many leads moved.
    pub moved: u64,
    /// How many steps were done more than once.
    pub twice: u64,
}

impl Lapse {
    /// Whether the goal was met.
    pub fn is_met(&self) -> bool {
        self.taken <= GOAL && self.twice == 0
    }
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Watched {
    /// Without clocks, and with a million.
    pub idle: [Idle; 2],
    /// Clocks whose managers are told, and clocks that move their lead.
    pub lapses: [Lapse; 2],
}

/// Fills, watches, lets lapse, kills and counts.
pub fn measure(binary: &Path, folder: &Path, cluster_url: &str) -> Result<Watched> {
    let database = Database::create(cluster_url, "bench_sla")?;
    let program = Program::new(binary, folder, database.url())?;
    crate::process::capture(&mut program.command(&["migrate", "up"]))?;
    for (email, role) in [("marketing@signs-in.example", "marketing"), ("inside@signs-in.example", "inside-sales")] {
        program.create_user(email, role, "manager", PASSWORD)?;
    }
    Fill::new(LEADS, LEADS).leads(&database)?;
    let without = idle(&program, &database, 0)?;
    database.script(include_str!("sla.sql"), &[("leads", LEADS), ("clocks", OPEN)])?;
    database.ask("VACUUM (ANALYZE)")?;
    let with = idle(&program, &database, OPEN)?;
    let told = lapse(&program, &database, "FEEDBACK", "managers are told")?;
    let moved = lapse(&program, &database, "ACCEPT", "leads go to the next of their pool")?;
    ensure!(moved.moved == DUE, "{} leads moved instead of {DUE}", moved.moved);
    Ok(Watched { idle: [without, with], lapses: [told, moved] })
}

/// Watches a server to which nobody speaks.
fn idle(program: &Program, database: &Database, clocks: u64) -> Result<Idle> {
    let server = program.serve()?;
    sleep(SETTLED);
    let before = server.busy()?;
    let sent = capture::during(database, WATCHED)?;
    let busy = server.busy()?.saturating_sub(before);
    let a_minute = |count: usize| u64::try_from(count).unwrap_or(u64::MAX) * 60 / WATCHED.as_secs();
    let looks = sent.iter().filter(|text| text.contains("FROM clock")).count();
    Ok(Idle { clocks, statements_per_minute: a_minute(sent.len()), looks_per_minute: a_minute(looks), busy })
}

/// Lets clocks of a kind lapse with two servers up, and kills one of them when half of the clocks were acted on.
fn lapse(program: &Program, database: &Database, kind: &str, what: &'static str) -> Result<Lapse> {
    let steps = format!("FROM journal WHERE kind LIKE 'SLA\\_%' AND payload::json ->> 'kind' = '{kind}'");
    let acted = format!("SELECT count(*) {steps} AND kind = 'SLA_ESCALATED'");
    // those that were filled in are old, and pruned from the journal meanwhile
    let reassigned = "SELECT count(*) FROM journal WHERE kind = 'LEAD_REASSIGNED' AND payload::json ->> 'reason' = 'ESCALATION'";
    let before = number(database, reassigned)?;
    let (first, second): (Server, Server) = (program.serve()?, program.serve()?);
    sleep(SETTLED);
    let start = Instant::now();
    database.ask(&format!(
        "UPDATE clock SET started_at = now() - interval '30 days', segment_from = now() - interval '30 days', due_at = now(), next_at = now() \
         WHERE id IN (SELECT id FROM clock WHERE kind = '{kind}' ORDER BY id LIMIT {DUE})"
    ))?;
    until(database, &acted, DUE / 2)?;
    // dropped servers are killed (SIGKILL)
    drop(first);
    until(database, &acted, DUE)?;
    let taken = start.elapsed();
    // what is done a second time would be done by now
    sleep(SETTLED);
    drop(second);
    let more = "GROUP BY kind, payload::json ->> 'clock', payload::json ->> 'act' HAVING count(*) > 1";
    let twice = number(database, &format!("SELECT count(*) FROM (SELECT 1 {steps} {more}) AS more"))?;
    let distinct =
        number(database, &format!("SELECT count(DISTINCT payload::json ->> 'clock') {steps} AND kind = 'SLA_BREACHED'"))?;
    ensure!(distinct == DUE, "{distinct} clocks lapsed instead of {DUE}");
    Ok(Lapse { what, taken, moved: number(database, reassigned)? - before, twice })
}

fn until(database: &Database, question: &str, wanted: u64) -> Result<()> {
    let start = Instant::now();
    while number(database, question)? < wanted {
        ensure!(start.elapsed() < PATIENCE, "{} of {wanted} after {PATIENCE:?}", number(database, question)?);
        sleep(Duration::from_millis(200));
    }
    Ok(())
}

fn number(database: &Database, question: &str) -> Result<u64> {
    let answer = database.ask(question)?;
    answer.parse().with_context(|| format!("`{question}` answered `{answer}`"))
}
