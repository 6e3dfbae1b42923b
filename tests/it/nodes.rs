//! Two server processes on one `PostgreSQL`: what happens on either is seen through both, and one of them is killed while all write.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use fairfall_tests::app::prepare;
use fairfall_tests::clock::TestClock;
use fairfall_tests::database::{Kind, TestDatabase};
use fairfall_tests::factory::{Capture, text};
use fairfall_tests::process::ServerProcess;
use fairfall_tests::socket::{Follower, end_of_journal};
use fairfall_tests::wait::{until, until_at_most};
use fairfall_tests::{Client, actor};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Those who write at once, half of them through each server.
const WRITERS: usize = 16;

/// Leads that must be there before one server is killed, and captured after it.
const BEFORE: usize = 60;
const AFTER: usize = 60;

async fn database() -> Option<TestDatabase> {
    let database = TestDatabase::of(Kind::Postgres).await?;
    prepare(&database, &TestClock::default()).await;
    Some(database)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_of_either_reach_subscribers_of_both() {
    let Some(database) = database().await else { return };
    let (one, other) = (ServerProcess::serve(&database, &[]).await, ServerProcess::serve(&database, &[]).await);
    let here = actor::sign_in(&one.client(), "marketing").await;
    let there = here.at(other.address());
    let beginning = end_of_journal(&here).await;
    let mut followers = [Follower::new(&here, &beginning).await, Follower::new(&there, &beginning).await];
    let mut leads = Vec::new();
    for n in 0..10 {
        leads.push(Capture::new(n).by(if n % 2 == 0 { &here } else { &there }).await);
    }
    let mut seen = Vec::new();
    for follower in &mut followers {
        seen.push(follower.events(leads.len()).await);
    }
    assert_eq!(seen[0], seen[1], "both tell the same in the same order");
    let subjects: Vec<_> = seen[0].iter().map(|event| text(&event["subject"]["id"])).collect();
    assert_eq!(subjects, leads);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_ends_on_one_ends_on_the_other() {
    let Some(database) = database().await else { return };
    let (one, other) = (ServerProcess::serve(&database, &[]).await, ServerProcess::serve(&database, &[]).await);
    let inside = actor::sign_in(&one.client(), "inside").await;
    let there = inside.at(other.address());
    assert_eq!(there.ask("{ viewer { role } }", Value::Null).await.status, 200, "a token of one is taken by the other");
    inside.mutate("sessionEnd", json!({}), "session").await;
    assert_eq!(inside.ask("{ viewer { role } }", Value::Null).await.status, 401);
    until_at_most(Duration::from_secs(20), "out on the other", || async {
        (there.ask("{ viewer { role } }", Value::Null).await.status == 401).then_some(())
    })
    .await;
}

/// What writers had acknowledged.
#[derive(Clone)]
struct Acknowledged(Arc<std::sync::Mutex<BTreeSet<String>>>, watch::Sender<usize>);

impl Acknowledged {
    fn new() -> Self {
        Self(Arc::default(), watch::Sender::new(0))
    }

    fn note(&self, lead: String) {
        let mut leads = self.0.lock().unwrap();
        leads.insert(lead);
        self.1.send_replace(leads.len());
    }

    async fn wait_for(&self, count: usize) {
        let mut counted = self.1.subscribe();
        until("enough leads are captured", || {
            let enough = *counted.borrow_and_update() >= count;
            async move { enough.then_some(()) }
        })
        .await;
    }

    fn all(&self) -> BTreeSet<String> {
        self.0.lock().unwrap().clone()
    }
}

/// Captures leads through one server, or through the other when that one is gone, until told to stop.
async fn write(writer: usize, mut client: Client, refuge: Client, acknowledged: Acknowledged, stop: Arc<AtomicBool>) {
    let query = "mutation($input: LeadCaptureInput!) { leadCapture(input: $input) { lead { id } errors { code } } }";
    let mut n = 0;
    while !stop.load(Ordering::SeqCst) {
        let capture = Capture::new(writer * 100_000 + n).with("idempotencyKey", json!(format!("{writer}-{n}")));
        match client.try_ask(query, json!({ "input": capture.input() })).await {
            Some(answer) => {
                let payload = &answer["data"]["leadCapture"];
                if let Some(lead) = payload["lead"]["id"].as_str() {
                    acknowledged.note(lead.to_owned());
                    n += 1;
                }
            }
            // the same request again, elsewhere: it is done once
            None => client = refuge.clone(),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_and_every_event_comes_once_when_a_server_is_killed() {
    let Some(database) = database().await else { return };
    let (doomed, survivor) = (ServerProcess::serve(&database, &[]).await, ServerProcess::serve(&database, &[]).await);
    let there = actor::sign_in(&survivor.client(), "marketing").await;
    let admin = actor::sign_in(&survivor.client(), "admin").await;
    let here = there.at(doomed.address());
    let beginning = end_of_journal(&admin).await;
    let mut follower = Follower::new(&admin, &beginning).await;

    let (acknowledged, stop) = (Acknowledged::new(), Arc::new(AtomicBool::new(false)));
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let client = if writer % 2 == 0 { here.clone() } else { there.clone() };
        writers.spawn(write(writer, client, there.clone(), acknowledged.clone(), Arc::clone(&stop)));
    }
    acknowledged.wait_for(BEFORE).await;
    doomed.kill().await;
    acknowledged.wait_for(BEFORE + AFTER).await;
    stop.store(true, Ordering::SeqCst);
    writers.join_all().await;

    let leads = acknowledged.all();
    assert!(leads.len() >= BEFORE + AFTER);
    let stored = stored_leads(&database).await;
    assert!(leads.is_subset(&stored), "acknowledged and not there: {:?}", leads.difference(&stored).collect::<Vec<_>>());
    until("every row of the journal has its position", || async { (unstamped(&database).await == 0).then_some(()) }).await;
    let (count, lowest, highest) = positions(&database).await;
    assert_eq!((lowest, highest), (1, count), "positions have no gap");
    let seen = follower.events(usize::try_from(count).unwrap()).await;
    let subjects: BTreeSet<_> = seen.iter().map(|event| text(&event["subject"]["id"])).collect();
    assert_eq!((subjects.len(), &subjects), (seen.len(), &stored), "each event came once");
}

async fn number(database: &TestDatabase, query: &str) -> i64 {
    let connection = database.connect().await;
    let row = connection.query_one_raw(Statement::from_string(connection.get_database_backend(), query)).await.unwrap().unwrap();
    row.try_get("", "number").unwrap()
}

async fn unstamped(database: &TestDatabase) -> i64 {
    number(database, "SELECT count(*) AS number FROM journal WHERE position IS NULL").await
}

async fn positions(database: &TestDatabase) -> (i64, i64, i64) {
    let count = number(database, "SELECT count(DISTINCT position) AS number FROM journal").await;
    let lowest = number(database, "SELECT min(position) AS number FROM journal").await;
    let highest = number(database, "SELECT max(position) AS number FROM journal").await;
    (count, lowest, highest)
}

async fn stored_leads(database: &TestDatabase) -> BTreeSet<String> {
    let connection = database.connect().await;
    let statement = Statement::from_string(connection.get_database_backend(), "SELECT id FROM lead");
    let rows = connection.query_all_raw(statement).await.unwrap();
    let id =
        |row: &sea_orm::QueryResult| fairfall_domain::id::LeadId::from(row.try_get::<uuid::Uuid>("", "id").unwrap()).to_string();
    rows.iter().map(id).collect()
}
