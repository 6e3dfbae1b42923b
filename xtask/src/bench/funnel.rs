//! (d) The funnel with medians over a million passages, beside plain SQL over their transitions.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::database::Database;
use super::http::Connection;
use super::load;
use super::operations::{FUNNEL_STARTS, funnel};

/// Timed requests of each kind, after one that is not.
const TIMES: usize = 5;

/// Exact medians and 90th percentiles of the time in each stage, from the account of every act.
const PLAIN_SQL: &str = "
SELECT stage, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds), percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds)
FROM (
    SELECT to_stage AS stage, extract(epoch FROM lead(at) OVER (PARTITION BY passage_id ORDER BY lead_version, step) - at) AS seconds FROM transition
) AS spent WHERE seconds IS NOT NULL GROUP BY stage";

/// The time of one question.
pub struct Timing {
    /// What was asked.
    pub what: &'static str,
    /// The middle of its times.
    pub middle: Duration,
    /// The longest of its times.
    pub longest: Duration,
}

/// The report as a client asks for it, for all months.
pub fn by_server(connection: &mut Connection, database: &Database) -> Result<Vec<Timing>> {
    let range = database.ask("SELECT min(opened_at)::date || ' ' || max(opened_at)::date FROM passage")?;
    let (from, to) = range.split_once(' ').context("there are no passages")?;
    let kinds: [(&str, &[&str]); 2] = [("report.funnel, one row for all", &[]), ("report.funnel, a row a month", &["MONTH"])];
    let mut timings = Vec::new();
    for (what, by) in kinds {
        let request = funnel(from, to, by);
        timings.push(time(what, TIMES, || load::check(connection.post(&request)?, FUNNEL_STARTS))?);
    }
    Ok(timings)
}

/// The same by plain SQL, once: it takes long.
pub fn by_transitions(database: &Database) -> Result<Timing> {
    time("plain SQL over the transitions", 1, || database.ask(PLAIN_SQL).map(|_| ()))
}

fn time(what: &'static str, times: usize, mut ask: impl FnMut() -> Result<()>) -> Result<Timing> {
    ask()?;
    let mut taken = Vec::with_capacity(times);
    for _ in 0..times {
        let start = Instant::now();
        ask()?;
        taken.push(start.elapsed());
    }
    taken.sort_unstable();
    let middle = taken.get(taken.len() / 2).copied().unwrap_or_default();
    Ok(Timing { what, middle, longest: taken.last().copied().unwrap_or_default() })
}
