//! What is measured, as a client would send it.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::http::Connection;
use super::ids;
use super::load::{Repeat, Work};

/// (a) One lead with its company, owner and transitions.
const LEAD: &str = "query Lead($id: ID!) { lead(by: { id: $id }) { id version title stage state department updatedAt \
    company { id name city } owner { id name } transitions { id at act fromStage toStage } } }";

/// (b) A page of 50 leads of a queue with owner and company.
const QUEUE: &str = "query Queue($after: String) { queue(scope: TEAM, first: 50, after: $after) { \
    nodes { id version title stage waitsSince company { id name city } owner { id name } } pageInfo { hasNextPage endCursor } } }";

/// The places in the queue, to start pages at.
const PLACES: &str = "query Places($after: String) { queue(scope: TEAM, first: 100, after: $after) { edges { cursor } \
    pageInfo { hasNextPage endCursor } } }";

/// (c) One act: to the next step of the same department.
const QUALIFY: &str = "mutation Qualify($input: LeadQualifyInput!) { leadQualify(input: $input) { \
    lead { id version stage state updatedAt } alreadyDone errors { code message } } }";

/// (d) The funnel with medians.
const FUNNEL: &str = "query Funnel($from: Date!, $to: Date!, $by: [FunnelGroup!]) { report { funnel(from: $from, to: $to, groupBy: $by) { \
    rows { month leads won lost medianDaysToWon p90DaysToWon stages { stage volume medianDays p90Days } } } } }";

const SIGN_IN: &str = "mutation SignIn($input: SessionCreateInput!) { sessionCreate(input: $input) { session { accessToken } errors { code message } } }";

/// What an answer of (a) starts with; the others accordingly.
pub const LEAD_STARTS: &str = "{\"data\":{\"lead\":{\"id\":";
pub const QUEUE_STARTS: &str = "{\"data\":{\"queue\":{\"nodes\":[{\"id\":";
pub const QUALIFY_STARTS: &str = "{\"data\":{\"leadQualify\":{\"lead\":{\"id\":";
pub const FUNNEL_STARTS: &str = "{\"data\":{\"report\":{\"funnel\":{\"rows\":[{";

/// How many pages of the queue are walked for places: 100 entries each.
const PLACE_PAGES_MAX: usize = 40;

/// Of how many different leads (a) asks.
const LEADS_ASKED_MAX: u64 = 50_000;

fn body(query: &str, variables: &Value) -> Vec<u8> {
    json!({ "query": query, "variables": variables }).to_string().into_bytes()
}

/// Numbers from 1 to `count`, each once, in an order that jumps about.
fn scattered(count: u64) -> impl Iterator<Item = u64> {
    // a step without a common divisor with the count visits every number
    let step = [1_000_003, 999_983, 7_919, 1].into_iter().find(|step| !count.is_multiple_of(*step)).unwrap_or(1);
    (0..count).map(move |place| place * step % count + 1)
}

/// The work of (a): single leads, all over the table.
pub fn leads(access_token: &str, leads: u64) -> Work {
    let numbers = scattered(leads).take(usize::try_from(LEADS_ASKED_MAX).unwrap_or(usize::MAX));
    let bodies = numbers.map(one_lead).collect();
    Work { access_token: access_token.to_owned(), bodies, repeat: Repeat::Cycle, starts: LEAD_STARTS }
}

/// The request of (a) for the lead with a number.
pub fn one_lead(number: u64) -> Vec<u8> {
    body(LEAD, &json!({ "id": ids::lead(number) }))
}

/// The work of (b): pages that start at many places of the queue.
pub fn queue(access_token: &str, address: SocketAddr) -> Result<Work> {
    let mut connection = Connection::open(address, Some(access_token))?;
    let mut places: Vec<Value> = vec![Value::Null];
    let mut after = Value::Null;
    for _ in 0..PLACE_PAGES_MAX {
        let page: Value = serde_json::from_slice(connection.post(&body(PLACES, &json!({ "after": after })))?)?;
        let edges = page.pointer("/data/queue/edges").and_then(Value::as_array);
        places.extend(edges.context("a queue without entries")?.iter().filter_map(|edge| edge.get("cursor").cloned()));
        if page.pointer("/data/queue/pageInfo/hasNextPage") != Some(&Value::Bool(true)) {
            break;
        }
        after = page.pointer("/data/queue/pageInfo/endCursor").cloned().unwrap_or_default();
    }
    // pages near the end would be shorter than 50
    places.truncate(places.len().saturating_sub(50).max(1));
    let count = u64::try_from(places.len())?;
    let order = scattered(count).filter_map(|number| places.get(usize::try_from(number - 1).ok()?));
    let bodies: Vec<_> = order.map(|after| body(QUEUE, &json!({ "after": after }))).collect();
    let first: Value = serde_json::from_slice(connection.post(bodies.first().context("no page")?)?)?;
    let found = first.pointer("/data/queue/nodes").and_then(Value::as_array).map_or(0, Vec::len);
    ensure!(found == 50, "a page of the queue holds {found} leads instead of 50");
    Ok(Work { access_token: access_token.to_owned(), bodies, repeat: Repeat::Cycle, starts: QUEUE_STARTS })
}

/// The work of (c): every lead that can be qualified, once.
pub fn qualify(access_token: &str, leads: u64) -> Work {
    // in the fill, leads whose number ends with 0 to 3 stand at LEAD
    let numbers = scattered(leads).filter(|number| number % 10 < 4);
    let bodies = numbers.map(qualify_one).collect();
    Work { access_token: access_token.to_owned(), bodies, repeat: Repeat::Once, starts: QUALIFY_STARTS }
}

/// The request of (c) for the lead with a number.
pub fn qualify_one(number: u64) -> Vec<u8> {
    body(QUALIFY, &json!({ "input": { "lead": ids::lead(number), "to": "MQL" } }))
}

/// The request of (d): everything in one row, or a row a month.
pub fn funnel(from: &str, to: &str, by: &[&str]) -> Vec<u8> {
    body(FUNNEL, &json!({ "from": from, "to": to, "by": by }))
}

/// Signs in and answers the access token.
pub fn sign_in(address: SocketAddr, email: &str, password: &str) -> Result<String> {
    let request = body(SIGN_IN, &json!({ "input": { "email": email, "password": password } }));
    let mut connection = Connection::open(address, None)?;
    let answer: Value = serde_json::from_slice(connection.post(&request)?)?;
    let token = answer.pointer("/data/sessionCreate/session/accessToken").and_then(Value::as_str);
    token.map(str::to_owned).with_context(|| format!("`{email}` was not signed in: {answer}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::scattered;

    #[test]
    fn every_number_comes_once() {
        for count in [1, 10, 1_000, 100_000] {
            let numbers: BTreeSet<u64> = scattered(count).collect();
            assert_eq!(numbers.len(), usize::try_from(count).unwrap());
            assert_eq!((numbers.first(), numbers.last()), (Some(&1), Some(&count)));
        }
    }
}
