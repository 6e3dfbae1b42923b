//! `fairfall demo`: one command to a server with data.

use std::time::Duration;

use fairfall_tests::actor::{create_session, pair};
use fairfall_tests::database::{Kind, TestDatabase};
use fairfall_tests::process::ServerProcess;
use fairfall_tests::wait::{until, until_at_most};
use fairfall_tests::{Client, app};
use serde_json::{Value, json};

const PASSWORD: &str = "marmalade on the window";

/// How long the lapse that can be watched may take: a minute by its agreement, and what a busy machine adds.
const LAPSE_PATIENCE: Duration = Duration::from_mins(2);

/// A database that the demo can be made in.
async fn empty(kind: Kind) -> Option<TestDatabase> {
    let database = TestDatabase::of(kind).await?;
    if kind == Kind::Postgres {
        let variables = app::environment(database.url(), &[]);
        let variables: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fairfall_tests::cli::run(&database, &["migrate", "up"], &variables).await.well();
    }
    Some(database)
}

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
    by_email(server, &format!("{who}@demo.example")).await
}

async fn by_email(server: &ServerProcess, email: &str) -> Client {
    let payload = create_session(&server.client(), email, PASSWORD).await;
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
    let Some(database) = empty(kind).await else { return };
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

/// All that the journal tells of a lead.
async fn events(client: &Client, lead: &Value) -> Vec<Value> {
    let query = "query($leads: [ID!], $after: EventCursor) { events(first: 100, after: $after, filter: { leads: $leads }) {
        nodes { type payload { lap reason assignee { email } } } endCursor hasNextPage } }";
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = client.query(query, json!({ "leads": [lead], "after": after })).await["events"].clone();
        found.extend(page["nodes"].as_array().unwrap().iter().cloned());
        if page["hasNextPage"] == false {
            return found;
        }
        after = page["endCursor"].clone();
    }
}

/// What somebody was told about offers.
async fn notifications(client: &Client) -> Vec<Value> {
    let query = "{ notifications(first: 100) { nodes { kind lap promise } } }";
    client.query(query, Value::Null).await["notifications"]["nodes"].as_array().unwrap().clone()
}

async fn a_promise_is_seen_to_lapse(kind: Kind) {
    let Some(database) = empty(kind).await else { return };
    let server = demo(&database).await;
    // whom the steps that are printed at the start ask
    let marketing = account(&server, "marketing").await;
    let query = "{ leads(filter: { productAreas: [\"quickstart\"] }, first: 1) { nodes { id transitions { act reason } } } }";
    let step = |act: &str, reason: Option<&str>| json!({ "act": act, "reason": reason });
    let lead = until_at_most(LAPSE_PATIENCE, "the lead comes back", || async {
        let lead = marketing.query(query, Value::Null).await["leads"]["nodes"][0].clone();
        let came_back = lead["transitions"].as_array().unwrap().contains(&step("REJECT", Some("LAPSED")));
        came_back.then_some(lead)
    })
    .await;
    let way = [
        step("CAPTURE", None),
        step("QUALIFY", None),
        step("HAND_OVER", None),
        step("REASSIGN", Some("ESCALATION")),
        step("REJECT", Some("LAPSED")),
    ];
    assert_eq!(lead["transitions"], json!(way));

    let admin = account(&server, "admin").await;
    let is = |event: &Value, kind: &str| event["type"] == kind;
    let told = until("the journal tells it", || async {
        let told = events(&admin, &lead["id"]).await;
        told.iter().any(|event| is(event, "LEAD_REJECTED")).then_some(told)
    })
    .await;
    for kind in ["SLA_BREACHED", "SLA_ESCALATED", "LEAD_REASSIGNED"] {
        assert!(told.iter().any(|event| is(event, kind)), "{kind}: {told:?}");
    }
    // those of the first lap are left out when the server came too late for them
    let warned = told.iter().rfind(|event| is(event, "SLA_WARNED")).unwrap();
    assert_eq!(warned["payload"]["lap"], 2, "{told:?}");
    let manager = account(&server, "inside.manager").await;
    let lapsed = json!({ "kind": "PROMISE_LAPSED", "lap": 2, "promise": "ACCEPT" });
    assert!(notifications(&manager).await.contains(&lapsed));
    // at night a queue has it, and whoever leads the team is warned
    let warned = match warned["payload"]["assignee"]["email"].as_str() {
        Some(email) => by_email(&server, email).await,
        None => manager,
    };
    let warning = json!({ "kind": "PROMISE_WARNED", "lap": 2, "promise": "ACCEPT" });
    assert!(notifications(&warned).await.contains(&warning));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_promise_is_seen_to_lapse_in_an_empty_folder() {
    a_promise_is_seen_to_lapse(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_promise_is_seen_to_lapse_on_postgres() {
    a_promise_is_seen_to_lapse(Kind::Postgres).await;
}
