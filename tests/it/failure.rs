//! The database goes away and comes back.

use std::sync::Arc;
use std::time::Duration;

use fairfall_tests::app::prepare;
use fairfall_tests::clock::TestClock;
use fairfall_tests::database::{Kind, TestDatabase};
use fairfall_tests::factory::Capture;
use fairfall_tests::process::ServerProcess;
use fairfall_tests::proxy::Proxy;
use fairfall_tests::socket::{Follower, end_of_journal};
use fairfall_tests::wait::{until, within};
use fairfall_tests::{Client, actor, app};
use serde_json::{Value, json};

/// A server whose way to its database can be cut.
struct House {
    server: ServerProcess,
    wire: Proxy,
    _database: Arc<TestDatabase>,
}

impl House {
    async fn build() -> Option<Self> {
        let database = Arc::new(TestDatabase::of(Kind::Postgres).await?);
        prepare(&database, &TestClock::default()).await;
        let (wire, url) = Proxy::to(database.url()).await;
        let server = ServerProcess::spawn(&database, &["serve"], app::environment(&url, &[])).await;
        Some(Self { server, wire, _database: database })
    }

    async fn client(&self, who: &str) -> Client {
        actor::sign_in(&self.server.client(), who).await
    }
}

async fn readiness(client: &Client) -> (u16, String) {
    let reply = client.get("/readyz").await;
    (reply.status, reply.text)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_gone_is_told_and_found_again() {
    let Some(house) = House::build().await else { return };
    let marketing = house.client("marketing").await;
    let before = Capture::new(1).by(&marketing).await;
    assert_eq!(readiness(&marketing).await.0, 200);

    house.wire.cut();
    let (_, reasons) = until("not ready", || async {
        let (status, text) = readiness(&marketing).await;
        (status == 503).then_some((status, text))
    })
    .await;
    assert!(reasons.contains("the database does not answer"), "{reasons}");
    assert!(!reasons.contains("127.0.0.1"), "strangers are not told where it is: {reasons}");
    assert_eq!(marketing.get("/healthz").await.status, 200, "the process itself is alive");
    let query = json!({ "query": "query($id: ID!) { lead(by: { id: $id }) { id } }", "variables": { "id": before } });
    let reply = within("a refusal", marketing.send(marketing.post(&query).timeout(Duration::from_secs(20)))).await;
    assert_eq!(reply.code(), "UNAVAILABLE", "{}", reply.text);
    let mutation = "mutation($input: LeadCaptureInput!) { leadCapture(input: $input) { lead { id } } }";
    let reply = marketing.ask(mutation, json!({ "input": Capture::new(2).input() })).await;
    assert_eq!(reply.code(), "UNAVAILABLE", "{}", reply.text);

    house.wire.join();
    until("ready again", || async { (readiness(&marketing).await.0 == 200).then_some(()) }).await;
    let found = until("served again", || async {
        let answer = marketing.ask("{ leads { nodes { id } } }", Value::Null).await.json();
        answer.get("errors").is_none().then(|| answer["data"]["leads"]["nodes"].clone())
    })
    .await;
    assert_eq!(found, json!([{ "id": before }]), "what was refused was not done");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_go_on_after_the_database_was_gone() {
    let Some(house) = House::build().await else { return };
    let marketing = house.client("marketing").await;
    let beginning = end_of_journal(&marketing).await;
    let first = Capture::new(1).by(&marketing).await;
    let mut follower = Follower::new(&marketing, &beginning).await;
    let seen = follower.event().await;
    assert_eq!(seen["subject"]["id"], first.as_str());

    house.wire.cut();
    until("not ready", || async { (readiness(&marketing).await.0 == 503).then_some(()) }).await;
    house.wire.join();
    until("ready again", || async { (readiness(&marketing).await.0 == 200).then_some(()) }).await;
    let marketing = house.client("marketing").await;
    let second = Capture::new(2).by(&marketing).await;
    let mut back = Follower::new(&marketing, seen["cursor"].as_str().unwrap()).await;
    assert_eq!(back.event().await["subject"]["id"], second.as_str());
}
