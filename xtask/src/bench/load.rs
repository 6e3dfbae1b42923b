//! The load: several connections that each send the next request as soon as the last one is answered.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};

use super::http::Connection;

/// Requests that are sent before the clock starts.
const WARM_UP: Duration = Duration::from_secs(2);

/// Whether a request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// After the last one comes the first one.
    Cycle,
    /// Each is sent once; the run ends early when there are no more.
    Once,
}

/// What is sent and what must come back.
pub struct Work {
    /// Who sends it.
    pub access_token: String,
    /// The bodies, made beforehand.
    pub bodies: Vec<Vec<u8>>,
    /// Whether they are sent again.
    pub repeat: Repeat,
    /// What each answer starts with: the part that would be null if something were missing.
    pub starts: &'static str,
}

/// What a run measured.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Answers a second.
    pub rate: f64,
    /// Half of the answers took no longer.
    pub p50: Duration,
    /// 99 of 100 answers took no longer.
    pub p99: Duration,
    /// How many answers were measured.
    pub count: usize,
}

/// What the connections share.
struct Shared<'w> {
    address: SocketAddr,
    work: &'w Work,
    next: AtomicUsize,
    warm_at: Instant,
    until: Instant,
}

/// Runs for `seconds` after a warm-up.
pub fn run(address: SocketAddr, work: &Work, connections: usize, seconds: u64) -> Result<Load> {
    ensure!(!work.bodies.is_empty(), "there is nothing to send");
    let warm_at = Instant::now() + WARM_UP;
    let shared = Shared { address, work, next: AtomicUsize::new(0), warm_at, until: warm_at + Duration::from_secs(seconds) };
    let finished = thread::scope(|scope| {
        let workers: Vec<_> = (0..connections).map(|_| scope.spawn(|| send(&shared))).collect();
        let joined = workers.into_iter().map(|worker| worker.join().map_err(|_| anyhow!("a connection's thread panicked"))?);
        joined.collect::<Result<Vec<_>>>()
    })?;
    let last_at = finished.iter().map(|(_, ended)| *ended).max().unwrap_or(warm_at);
    let mut latencies: Vec<Duration> = finished.into_iter().flat_map(|(latencies, _)| latencies).collect();
    ensure!(!latencies.is_empty(), "the requests ran out before the warm-up was over: fill in more leads");
    latencies.sort_unstable();
    let count = latencies.len();
    let seconds = last_at.saturating_duration_since(warm_at).as_secs_f64();
    Ok(Load { rate: to_f64(count) / seconds, p50: rank(&latencies, 50), p99: rank(&latencies, 99), count })
}

fn rank(sorted: &[Duration], percent: usize) -> Duration {
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(place).copied().unwrap_or_default()
}

/// A count as a number to divide by; exact up to four billion.
pub fn to_f64(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// One connection: answers its latencies and when it stopped.
fn send(shared: &Shared<'_>) -> Result<(Vec<Duration>, Instant)> {
    let mut connection = Connection::open(shared.address, Some(&shared.work.access_token))?;
    let mut latencies = Vec::with_capacity(65_536);
    let mut now = Instant::now();
    while now < shared.until {
        let Some(body) = next_body(shared) else { break };
        let answer = connection.post(body)?;
        check(answer, shared.work.starts)?;
        let answered = Instant::now();
        if now >= shared.warm_at {
            latencies.push(answered - now);
        }
        now = answered;
    }
    Ok((latencies, now))
}

fn next_body<'w>(shared: &Shared<'w>) -> Option<&'w [u8]> {
    let bodies = &shared.work.bodies;
    let number = shared.next.fetch_add(1, Ordering::Relaxed);
    let place = match shared.work.repeat {
        Repeat::Cycle => number % bodies.len(),
        Repeat::Once => number,
    };
    bodies.get(place).map(Vec::as_slice)
}

/// Every answer must have its data and no error, at the top or in a payload.
pub fn check(answer: &[u8], starts: &str) -> Result<()> {
    let text = std::str::from_utf8(answer).context("an answer that is not UTF-8")?;
    let is_whole = text.starts_with(starts) && !text.contains("\"errors\":[{");
    let shown = || text.chars().take(600).collect::<String>();
    ensure!(is_whole, "an answer is not as expected (`{starts}...` without errors):\n{}", shown());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{check, rank};

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let sorted: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(rank(&sorted, 50), Duration::from_millis(100));
        assert_eq!(rank(&sorted, 99), Duration::from_millis(198));
        assert_eq!(rank(&[], 50), Duration::ZERO);
    }

    #[test]
    fn an_answer_with_an_error_anywhere_is_none() {
        let starts = "{\"data\":{\"lead\":{";
        assert!(check(b"{\"data\":{\"lead\":{\"id\":\"x\",\"errors\":[]}}}", starts).is_ok());
        assert!(check(b"{\"data\":{\"lead\":null}}", starts).is_err());
        assert!(check(b"{\"data\":{\"lead\":{\"id\":\"x\"}},\"errors\":[{\"message\":\"m\"}]}", starts).is_err());
    }
}
