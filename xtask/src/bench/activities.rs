//! Activities recorded in bulk by several connections: each batch is stored, counted, scored and followed up in one transaction.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::database::Database;
use super::ids;
use super::load::{self, Repeat, Work, to_f64};
use super::server::Server;

/// Activities of one request: as many as the server takes in one list.
pub const BATCH: u64 = 250;

/// Requests that are made beforehand, each sent once.
const BATCHES: u64 = 1_600;

/// Activities a minute that are aimed at.
pub const PER_MINUTE_GOAL: f64 = 100_000.0;

const RECORD: &str = "mutation Record($input: ActivitiesRecordInput!) { activitiesRecord(input: $input) { stored known rejected errors { code message } } }";

/// All of a batch must be stored: the load leaves no repetition and no fault.
const STARTS: &str = "{\"data\":{\"activitiesRecord\":{\"stored\":250,\"known\":0,\"rejected\":0";

/// What was done, from what counts little to what counts much.
const KINDS: [(&str, &str); 6] = [
    ("EMAIL_OPEN", "EMAIL"),
    ("PAGE_VIEW", "DIRECT"),
    ("CLICK", "EMAIL"),
    ("PRICING_VIEW", "ORGANIC_SEARCH"),
    ("CONTENT_DOWNLOAD", "CONTENT"),
    ("DEMO_REQUEST", "CONTACT_FORM"),
];

/// What was measured.
pub struct Recorded {
    /// Activities a minute.
    pub per_minute: f64,
    /// 99 of 100 batches took no longer.
    pub p99: Duration,
    /// Half of the batches took no longer.
    pub p50: Duration,
    /// The part of the cores' time that the server's own process took; the rest was the database's, the load's, and idle.
    pub process_share: f64,
    /// Leads whose grade or tier changed meanwhile.
    pub regraded: u64,
}

/// Records for `seconds`.
pub fn measure(
    server: &Server,
    database: &Database,
    token: &str,
    leads: u64,
    connections: usize,
    seconds: u64,
) -> Result<Recorded> {
    let bodies = (0..BATCHES).map(|batch| body(batch, leads)).collect();
    let work = Work { access_token: token.to_owned(), bodies, repeat: Repeat::Once, starts: STARTS };
    let (started, busy_before) = (Instant::now(), server.busy()?);
    let load = load::run(server.address(), &work, connections, seconds)?;
    let (wall, worked) = (started.elapsed(), server.busy()?.saturating_sub(busy_before));
    let count = |sql: &str| -> Result<u64> { Ok(database.ask(sql)?.parse()?) };
    let stored = count("SELECT count(*) FROM activity")?;
    let measured = u64::try_from(load.count)? * BATCH;
    ensure!(stored >= measured, "{stored} activities are stored, {measured} were answered");
    let tallied = count("SELECT count(*) FROM lead_score WHERE tally <> '{}'")?;
    ensure!(tallied > 0, "nothing was counted");
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Ok(Recorded {
        per_minute: load.rate * 60.0 * f64::from(u32::try_from(BATCH)?),
        p99: load.p99,
        p50: load.p50,
        process_share: worked.as_secs_f64() / (wall.as_secs_f64() * to_f64(cores)),
        regraded: count("SELECT count(*) FROM journal WHERE kind = 'LEAD_SCORED'")?,
    })
}

/// A batch: half by lead, half by e-mail address, all over the leads.
fn body(batch: u64, leads: u64) -> Vec<u8> {
    let activities: Vec<Value> = (0..BATCH).map(|place| activity(batch * BATCH + place, leads)).collect();
    json!({ "query": RECORD, "variables": { "input": { "activities": activities } } }).to_string().into_bytes()
}

fn activity(number: u64, leads: u64) -> Value {
    // 7,919 is a prime that divides no round number of leads
    let lead = number * 7_919 % leads + 1;
    let subject = if number.is_multiple_of(2) {
        json!({ "lead": ids::lead(lead) })
    } else {
        json!({ "email": format!("p{lead}@bench.example") })
    };
    let (kind, channel) =
        usize::try_from(number * 31 % 6).ok().and_then(|place| KINDS.get(place)).copied().unwrap_or(("CLICK", "EMAIL"));
    json!({ "subject": subject, "kind": kind, "channel": channel, "source": "bench", "externalId": format!("a{number}") })
}

#[cfg(test)]
mod tests {
    use super::{BATCH, BATCHES, body};

    #[test]
    fn a_batch_fits_a_request() {
        // the server takes bodies of 256 KiB
        assert!(body(BATCHES - 1, 2_000_000).len() < 262_144);
        assert_eq!(body(0, 10).windows(12).filter(|part| part == b"\"externalId\"").count(), usize::try_from(BATCH).unwrap());
    }
}
