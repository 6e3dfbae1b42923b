//! Limits of time and of numbers in flight. What takes long is a change that waits for a lock which the test holds.

use std::time::Duration;

use fairfall_tests::database::Kind;
use fairfall_tests::factory::Capture;
use fairfall_tests::wait::until;
use fairfall_tests::{Client, Reply, TestApp, on_both_databases};
use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// Keeps everybody from changing leads, until it is let go.
struct Lock(DatabaseConnection);

impl Lock {
    async fn hold(app: &TestApp) -> Self {
        let connection = app.connection().await;
        let statement = match app.database().kind() {
            Kind::Sqlite => "BEGIN IMMEDIATE",
            Kind::Postgres => "BEGIN; LOCK TABLE lead IN ACCESS EXCLUSIVE MODE",
        };
        connection.execute_unprepared(statement).await.unwrap();
        Self(connection)
    }

    async fn let_go(self) {
        self.0.execute_unprepared("ROLLBACK").await.unwrap();
    }
}

fn capture_in_the_background(client: &Client, n: usize) -> JoinHandle<Reply> {
    let (client, input) = (client.clone(), Capture::new(n).input());
    let query = "mutation($input: LeadCaptureInput!) { leadCapture(input: $input) { errors { code } } }";
    tokio::spawn(async move { client.ask(query, json!({ "input": input })).await })
}

async fn until_in_flight(client: &Client, count: usize) {
    let line = format!("fairfall_operations_in_flight {count}");
    until(&line, || async { client.get("/metrics").await.text.lines().any(|found| found == line).then_some(()) }).await;
}

on_both_databases! {
    settings [
        ("LIMITS__OPERATIONS_IN_FLIGHT_PER_USER_MAX", "2"), ("LIMITS__OPERATIONS_IN_FLIGHT_MAX", "3"),
        ("LIMITS__LOCK_WAIT_MS_MAX", "4000"), ("LIMITS__STATEMENT_MS_MAX", "5000"),
    ]
    async fn places_in_flight_run_out_for_a_user_and_for_the_node(app: TestApp) {
        let [marketing, manager, admin] = app.actors(["marketing", "marketing.manager", "admin"]).await;
        let lock = Lock::hold(&app).await;
        let mut running = vec![capture_in_the_background(&marketing, 1), capture_in_the_background(&marketing, 2)];
        until_in_flight(&admin, 2).await;
        let refused = marketing.ask("{ __typename }", Value::Null).await;
        assert_eq!((refused.refusal(), refused.header("retry-after")), ((503, "TOO_MANY_IN_FLIGHT".to_owned()), "1"));
        assert_eq!(manager.ask("{ __typename }", Value::Null).await.status, 200, "others are let in");
        running.push(capture_in_the_background(&manager, 3));
        until_in_flight(&admin, 3).await;
        let refused = admin.ask("{ __typename }", Value::Null).await;
        assert_eq!((refused.refusal(), refused.header("retry-after")), ((503, "OVERLOADED".to_owned()), "1"));
        lock.let_go().await;
        for capture in running {
            assert_eq!(capture.await.unwrap().json()["data"]["leadCapture"]["errors"], json!([]), "who was inside is served");
        }
        assert_eq!(marketing.ask("{ __typename }", Value::Null).await.status, 200);
    }

    settings [("LIMITS__EXECUTION_MS_MAX", "1500")]
    async fn an_operation_that_takes_too_long_is_given_up(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let lock = Lock::hold(&app).await;
        let reply = capture_in_the_background(&marketing, 1).await.unwrap();
        assert_eq!(reply.refusal(), (504, "TIMEOUT".to_owned()));
        lock.let_go().await;
        let count = until("the server is at ease again", || async {
            let reply = marketing.ask("{ leads { totalCount } }", Value::Null).await;
            (reply.status == 200).then(|| reply.json()["data"]["leads"]["totalCount"].clone())
        })
        .await;
        assert_eq!(count, 0, "what was given up was not done");
    }

    settings [("LIMITS__BODY_MS_MAX", "100")]
    async fn a_body_that_does_not_come_is_not_waited_for(app: TestApp) {
        let mut stream = TcpStream::connect(app.address()).await.unwrap();
        let head = format!("POST /graphql HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{{", app.address());
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = vec![0; 4_096];
        let read = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut answer)).await.unwrap().unwrap();
        let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
        assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("BODY_TIMEOUT"), "{answer}");
    }

    settings [("LIMITS__RATE_POINTS_PER_MINUTE", "60")]
    async fn points_run_out_with_a_time_to_come_back(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let page = "{ leads(first: 10) { nodes { id stage } } }";
        assert_eq!(marketing.ask(page, Value::Null).await.status, 200);
        let refused = marketing.ask(page, Value::Null).await;
        assert_eq!(refused.refusal(), (429, "RATE_LIMITED".to_owned()));
        assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
        assert_eq!(app.anonymous().ask("{ __typename }", Value::Null).await.status, 200, "others have their own");
    }
}

/// Who waits too long for a lock of the database is told to try again, long before the operation is given up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_is_not_waited_for_long() {
    let settings = &[("LIMITS__LOCK_WAIT_MS_MAX", "100")];
    fairfall_tests::app::run(Kind::Postgres, settings, |app| async move {
        let marketing = app.actor("marketing").await;
        let lock = Lock::hold(&app).await;
        let reply = capture_in_the_background(&marketing, 1).await.unwrap();
        assert_eq!(reply.code(), "TIMEOUT", "{}", reply.text);
        lock.let_go().await;
        assert_eq!(capture_in_the_background(&marketing, 1).await.unwrap().json()["data"]["leadCapture"]["errors"], json!([]));
    })
    .await;
}
