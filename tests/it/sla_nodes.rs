//! Hundreds of promises that lapse at once, with two nodes of which one is killed: each is acted on once.

use std::collections::BTreeMap;

use fairfall_tests::actor;
use fairfall_tests::agreement::promise_in;
use fairfall_tests::app::prepare;
use fairfall_tests::clock::TestClock;
use fairfall_tests::database::{Kind, TestDatabase};
use fairfall_tests::factory::Capture;
use fairfall_tests::process::ServerProcess;
use fairfall_tests::wait::until;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use serde_json::{Value, json};

/// Leads that are offered: their promise to answer lapses, and they go to somebody else.
const LEADS: i64 = 12;
/// Promises beside those of each lead, of which the managers are told.
const COPIES: i64 = 40;

/// Clocks of which only people are told, as copies of those that there are.
const COPY: &str = "INSERT INTO clock (id, lead_id, passage_id, kind, agreement_id, agreement_key, agreement_version, tier, basis, promise_seconds, \
    giving, started_at, department, team_id, user_id, queue_reason, state, lap, lapsed, climbed_percent, segment_from, lap_spent_us, total_spent_us, \
    due_at, next_at, paused_us) \
    SELECT gen_random_uuid(), lead_id, passage_id, 'FEEDBACK', agreement_id, agreement_key, agreement_version, tier, basis, promise_seconds, giving, \
    started_at, department, team_id, user_id, queue_reason, state, lap, lapsed, climbed_percent, segment_from, lap_spent_us, total_spent_us, due_at, \
    next_at, paused_us FROM clock CROSS JOIN generate_series(1, 40)";

/// All of them were promised two hours ago.
const LAPSE: &str = "UPDATE clock SET started_at = started_at - interval '2 hours', segment_from = segment_from - interval '2 hours', \
    due_at = due_at - interval '2 hours', next_at = next_at - interval '2 hours'";

async fn count(database: &DatabaseConnection, condition: &str) -> i64 {
    let question = format!("SELECT count(*) AS found FROM journal WHERE {condition}");
    let row = database.query_one_raw(Statement::from_string(database.get_database_backend(), question)).await.unwrap().unwrap();
    row.try_get("", "found").unwrap()
}

/// How often anything happened to a clock in a lap; everything more than once with how often.
async fn more_than_once(database: &DatabaseConnection) -> BTreeMap<String, i64> {
    let question =
        "SELECT kind || payload AS what, count(*) AS times FROM journal WHERE kind LIKE 'SLA_%' GROUP BY 1 HAVING count(*) > 1";
    let rows = database.query_all_raw(Statement::from_string(database.get_database_backend(), question)).await.unwrap();
    rows.iter().map(|row| (row.try_get("", "what").unwrap(), row.try_get("", "times").unwrap())).collect()
}

async fn execute(database: &DatabaseConnection, statement: &str) {
    database.execute_unprepared(statement).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_lapse_is_acted_on_once_by_two_nodes_of_which_one_is_killed() {
    let Some(database) = TestDatabase::of(Kind::Postgres).await else { return };
    let organisation = prepare(&database, &TestClock::default()).await;
    let clock = |kind: &str, act: &str| json!({ "kind": kind, "promise": { "basis": "WALL", "seconds": 3600 }, "ladder": [{ "at_percent": 100, "act": act }] });
    let clocks = json!([clock("ACCEPT", "REASSIGN"), clock("FEEDBACK", "NOTIFY_MANAGER")]);
    promise_in(&database, "marketing-to-inside-sales", clocks).await;
    let (one, other) = (ServerProcess::serve(&database, &[]).await, ServerProcess::serve(&database, &[]).await);
    let admin = actor::sign_in(&one.client(), "admin").await;
    let members: Vec<Value> =
        ["inside", "inside.colleague"].iter().map(|who| json!({ "user": organisation.user(who), "weight": 10 })).collect();
    let tiers = json!([{ "tier": "HOT", "prefer": null }, { "tier": "WARM" }, { "tier": "STANDARD", "prefer": null }, { "tier": "WEAK" }]);
    let pool =
        json!({ "key": "pool", "name": "Pool", "team": organisation.team("inside-dach"), "tiers": tiers, "members": members });
    assert_eq!(admin.mutate("poolCreate", pool, "errors { code }").await["errors"], json!([]));
    let marketing = actor::sign_in(&one.client(), "marketing").await;
    for n in 0..LEADS {
        let lead = Capture::new(usize::try_from(n).unwrap()).by(&marketing).await;
        marketing.done("leadQualify", json!({ "lead": lead, "to": "MQL" })).await;
        marketing.done("leadHandOver", json!({ "lead": lead })).await;
    }
    let connection = database.connect().await;
    execute(&connection, COPY).await;
    let all = LEADS * (COPIES + 1);
    execute(&connection, LAPSE).await;
    until("some are acted on", || async { (count(&connection, "kind = 'SLA_BREACHED'").await > 0).then_some(()) }).await;
    one.kill().await;
    // another one comes up in the middle of it
    let third = ServerProcess::serve(&database, &[]).await;
    until("all are acted on", || async { (count(&connection, "kind = 'SLA_ESCALATED'").await >= all).then_some(()) }).await;
    let nothing = "SELECT count(*) AS found FROM clock WHERE next_at <= now()";
    until("nothing is due", || async {
        let row = connection.query_one_raw(Statement::from_string(connection.get_database_backend(), nothing)).await.unwrap()?;
        (row.try_get::<i64>("", "found").unwrap() == 0).then_some(())
    })
    .await;
    assert_eq!(more_than_once(&connection).await, BTreeMap::new());
    assert_eq!(count(&connection, "kind = 'SLA_BREACHED'").await, all);
    assert_eq!(count(&connection, "kind = 'SLA_ESCALATED'").await, all);
    assert_eq!(count(&connection, "kind = 'LEAD_REASSIGNED'").await, LEADS, "each lead went on once");
    let manager = actor::sign_in(&third.client(), "inside.manager").await;
    let told = manager.query("{ notifications { unreadCount } }", Value::Null).await;
    assert_eq!(told["notifications"]["unreadCount"], LEADS * COPIES, "the manager was told once of each");
    drop(other);
}
