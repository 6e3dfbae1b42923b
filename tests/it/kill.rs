//! The embedded database when its process is killed under load.

use std::collections::BTreeSet;

use fairfall_tests::app::prepare;
use fairfall_tests::clock::TestClock;
use fairfall_tests::database::{Kind, TestDatabase};
use fairfall_tests::factory::{Capture, text};
use fairfall_tests::process::ServerProcess;
use fairfall_tests::{Client, actor};
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// Those who write at once.
const WRITERS: usize = 8;

/// The lead with which each writer knows that the server was killed in the middle.
const KILL_AFTER: usize = 40;

async fn write(writer: usize, client: Client, told: tokio::sync::mpsc::UnboundedSender<String>) {
    let query = "mutation($input: LeadCaptureInput!) { leadCapture(input: $input) { lead { id } errors { code } } }";
    for n in 0.. {
        let capture = Capture::new(writer * 100_000 + n);
        let Some(answer) = client.try_ask(query, json!({ "input": capture.input() })).await else { return };
        let Some(lead) = answer["data"]["leadCapture"]["lead"]["id"].as_str() else { panic!("{answer}") };
        if told.send(lead.to_owned()).is_err() {
            return;
        }
    }
}

async fn all_leads(client: &Client) -> BTreeSet<String> {
    let (mut leads, mut after) = (BTreeSet::new(), Value::Null);
    loop {
        let query =
            "query($after: String) { leads(first: 100, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }";
        let data = client.query(query, json!({ "after": after })).await;
        leads.extend(data["leads"]["nodes"].as_array().unwrap().iter().map(|lead| text(&lead["id"])));
        if data["leads"]["pageInfo"]["hasNextPage"] == false {
            return leads;
        }
        after = data["leads"]["pageInfo"]["endCursor"].clone();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_in_one_file() {
    let database = TestDatabase::of(Kind::Sqlite).await.unwrap();
    prepare(&database, &TestClock::default()).await;
    let server = ServerProcess::serve(&database, &[]).await;
    let marketing = actor::sign_in(&server.client(), "marketing").await;
    let (told, mut hearing) = tokio::sync::mpsc::unbounded_channel();
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        writers.spawn(write(writer, marketing.clone(), told.clone()));
    }
    drop(told);
    let mut acknowledged = BTreeSet::new();
    while acknowledged.len() < KILL_AFTER {
        acknowledged.insert(hearing.recv().await.unwrap());
    }
    server.kill().await;
    while let Some(lead) = hearing.recv().await {
        acknowledged.insert(lead);
    }
    writers.join_all().await;

    let server = ServerProcess::serve(&database, &[]).await;
    let marketing = marketing.at(server.address());
    let stored = all_leads(&marketing).await;
    assert!(acknowledged.is_subset(&stored), "{:?} are lost", acknowledged.difference(&stored).collect::<Vec<_>>());
    let (mut after, mut events) = (Value::Null, Vec::new());
    loop {
        let query = "query($after: EventCursor) { events(after: $after, first: 100) { nodes { cursor subject { id } } endCursor hasNextPage } }";
        let data = marketing.query(query, json!({ "after": after })).await;
        events.extend(data["events"]["nodes"].as_array().unwrap().iter().map(|event| text(&event["subject"]["id"])));
        after = data["events"]["endCursor"].clone();
        if data["events"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(events.len(), stored.len(), "one event for each lead");
    assert_eq!(events.into_iter().collect::<BTreeSet<_>>(), stored);
}
