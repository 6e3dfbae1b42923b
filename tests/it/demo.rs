//! `fairfall demo`: one command to a server with data.

use fairfall_tests::actor::{create_session, pair};
use fairfall_tests::database::{Kind, TestDatabase};
use fairfall_tests::process::ServerProcess;
use fairfall_tests::{Client, app};
use serde_json::{Value, json};

const PASSWORD: &str = "marmalade on the window";

async fn demo(database: &TestDatabase) -> ServerProcess {
    let mut variables = match database.kind() {
        // nothing is configured: an empty folder
        Kind::Sqlite => vec![("FAIRFALL_LISTEN".to_owned(), "127.0.0.1:0".to_owned())],
        Kind::Postgres => app::environment(database.url(), &[]),
    };
    variables.push(("FAIRFALL_DEMO_PASSWORD".to_owned(), PASSWORD.to_owned()));
    ServerProcess::spawn(database, &["demo", "--leads", "120"], variables).await
}

async fn account(server: &ServerProcess, who: &str) -> Client {
    let payload = create_session(&server.client(), &format!("{who}@demo.example"), PASSWORD).await;
    server.client().with_token(&pair(&payload).0)
}

/// How much of everything the admin sees.
async fn counts(admin: &Client) -> Value {
    let query = "{
        leads { totalCount } users(first: 100) { nodes { id } } teams(first: 100) { nodes { id countries } }
        campaigns(first: 100) { nodes { id } }
        report { funnel(from: \"2020-01-01\", to: \"2029-12-01\") { rows { leads won lost recycled disqualified open } } }
    }";
    admin.query(query, Value::Null).await
}

async fn started_twice_it_doubles_nothing(kind: Kind) {
    let Some(database) = TestDatabase::of(kind).await else { return };
    if kind == Kind::Postgres {
        let variables = app::environment(database.url(), &[]);
        let variables: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fairfall_tests::cli::run(&database, &["migrate", "up"], &variables).await.well();
    }
    let server = demo(&database).await;
    let first = counts(&account(&server, "admin").await).await;
    assert_eq!(first["leads"]["totalCount"], 120);
    let countries: Vec<_> =
        first["teams"]["nodes"].as_array().unwrap().iter().flat_map(|team| team["countries"].as_array().unwrap()).collect();
    for country in ["DE", "AT", "CH", "FR", "GB", "US"] {
        assert!(countries.iter().any(|found| *found == country), "{country}");
    }
    for role in ["admin", "marketing", "inside", "field", "service", "analyst"] {
        account(&server, role).await;
    }
    for role in ["marketing", "inside", "field", "service"] {
        account(&server, &format!("{role}.manager")).await;
    }
    for role in ["inside", "field"] {
        let waiting = account(&server, role).await.query("{ queue(scope: TEAM) { nodes { id } } }", Value::Null).await;
        assert_ne!(waiting["queue"]["nodes"], json!([]), "there is something for {role} to take");
    }
    server.kill().await;

    let server = demo(&database).await;
    assert_eq!(counts(&account(&server, "admin").await).await, first);
    assert_eq!(server.client().get("/graphiql").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn started_twice_it_doubles_nothing_in_an_empty_folder() {
    started_twice_it_doubles_nothing(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn started_twice_it_doubles_nothing_on_postgres() {
    started_twice_it_doubles_nothing(Kind::Postgres).await;
}
