//! Pools: kept by admins and by those who lead the team; what who leaves was owed is shared by those who stay.

use std::collections::BTreeMap;

use fairfall_domain::id::{PoolId, UserId};
use fairfall_domain::routing::PoolState;
use fairfall_domain::routing::fairness::{Balance, Contender, draw};
use fairfall_domain::routing::share::Leads;
use fairfall_domain::scoring::Tier;
use fairfall_persistence::repo::pool_ledger;
use fairfall_tests::factory::text;
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

const POOL: &str = "pool { id version key name status team { key } tiers { tier prefer otherwise }
    members { user { name } weight dayMax openMax } caps { memberDayMax memberOpenMax poolDayMax }
    language { level fallbacks otherwise } channels balancesWorth }";

fn input(app: &TestApp, key: &str, team: &str, tiers: &[&str]) -> Value {
    let tiers: Vec<Value> = tiers.iter().map(|tier| json!({ "tier": tier })).collect();
    json!({ "key": key, "name": "Pool", "team": app.organisation().team(team), "tiers": tiers })
}

fn with(mut input: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("an object") };
    input.as_object_mut().unwrap().extend(more);
    input
}

async fn make(client: &Client, input: Value) -> Value {
    let made = client.mutate("poolCreate", input, POOL).await;
    assert_eq!(made["errors"], json!([]));
    made["pool"].clone()
}

fn faults(errors: &Value) -> Vec<(String, String)> {
    let told =
        |error: &Value| (text(&error["field"]), error["violation"].as_str().or(error["code"].as_str()).unwrap().to_owned());
    errors.as_array().unwrap().iter().map(told).collect()
}

fn fault(field: &str, violation: &str) -> (String, String) {
    (field.to_owned(), violation.to_owned())
}

/// The names of members in order.
fn members(pool: &Value) -> Vec<String> {
    let mut names: Vec<_> = pool["members"].as_array().unwrap().iter().map(|member| text(&member["user"]["name"])).collect();
    names.sort_unstable();
    names
}

on_both_databases! {
    async fn a_pool_is_made_changed_and_archived(app: TestApp) {
        let [manager, member] = app.actors(["inside.manager", "inside"]).await;
        let plain = make(&manager, input(&app, "rest", "inside-dach", &["STANDARD", "HOT"])).await;
        assert_eq!(plain["tiers"], json!([
            { "tier": "STANDARD", "prefer": "JUNIOR", "otherwise": "ANYBODY" },
            { "tier": "HOT", "prefer": "SENIOR", "otherwise": "ANYBODY" },
        ]));
        assert_eq!(members(&plain), ["inside", "inside.colleague"], "everybody who does not lead");
        assert!(plain["members"].as_array().unwrap().iter().all(|member| member["weight"] == 10));
        assert_eq!((&plain["language"], &plain["channels"], &plain["balancesWorth"]), (&Value::Null, &json!([]), &json!(false)));
        let lead = app.organisation().user("inside.manager");
        let change = json!({
            "pool": plain["id"], "expectedVersion": 1, "name": "Alle", "tiers": [{ "tier": "WARM", "prefer": "SENIOR", "otherwise": "QUEUE" }],
            "members": [{ "user": lead, "weight": 20, "dayMax": 3 }], "caps": { "memberDayMax": 5, "poolDayMax": 50 },
            "language": { "level": "B2", "fallbacks": ["fr", "en"] }, "channels": ["PHONE", "EMAIL", "PHONE"], "balancesWorth": true,
        });
        let changed = manager.mutate("poolUpdate", change.clone(), POOL).await["pool"].clone();
        assert_eq!(changed, json!({
            "id": plain["id"], "version": 2, "key": "rest", "name": "Alle", "status": "ACTIVE", "team": { "key": "inside-dach" },
            "tiers": [{ "tier": "WARM", "prefer": "SENIOR", "otherwise": "QUEUE" }],
            "members": [{ "user": { "name": "inside.manager" }, "weight": 20, "dayMax": 3, "openMax": null }],
            "caps": { "memberDayMax": 5, "memberOpenMax": null, "poolDayMax": 50 },
            "language": { "level": "B2", "fallbacks": ["fr", "en"], "otherwise": "ANYBODY" },
            "channels": ["EMAIL", "PHONE"], "balancesWorth": true,
        }));
        let stale = manager.refused("poolUpdate", change).await;
        assert_eq!((&stale[0]["__typename"], &stale[0]["current"]), (&json!("VersionConflict"), &json!(2)));
        let less = json!({ "pool": plain["id"], "caps": { "memberDayMax": null }, "language": null, "tiers": [{ "tier": "WARM", "prefer": null }] });
        let changed = manager.mutate("poolUpdate", less, POOL).await["pool"].clone();
        assert_eq!(changed["caps"], json!({ "memberDayMax": null, "memberOpenMax": null, "poolDayMax": 50 }));
        assert_eq!((&changed["language"], &changed["tiers"][0]["prefer"], &changed["name"]), (&Value::Null, &Value::Null, &json!("Alle")));
        for _ in 0..2 {
            let gone = manager.mutate("poolArchive", json!({ "pool": plain["id"] }), POOL).await;
            assert_eq!((&gone["pool"]["status"], &gone["pool"]["version"]), (&json!("ARCHIVED"), &json!(4)));
        }
        assert_eq!(faults(&manager.refused("poolUpdate", json!({ "pool": plain["id"] })).await), [fault("pool", "CONFLICT")]);
        let query = "query($id: ID!, $team: ID!, $other: ID!) { pools(team: $team) { nodes { key } } none: pools(team: $other) { nodes { key } }
            pool(id: $id) { key } node(id: $id) { id ... on Pool { status } } team(id: $team) { pools { key } } }";
        let teams = ["inside-dach", "inside-fr"].map(|team| app.organisation().team(team));
        let seen = member.query(query, json!({ "id": plain["id"], "team": teams[0], "other": teams[1] })).await;
        assert_eq!(seen, json!({
            "pools": { "nodes": [{ "key": "rest" }] }, "none": { "nodes": [] }, "pool": { "key": "rest" },
            "node": { "id": plain["id"], "status": "ARCHIVED" }, "team": { "pools": [{ "key": "rest" }] },
        }));
    }

    async fn all_that_is_wrong_is_told_at_once(app: TestApp) {
        let admin = app.actor("admin").await;
        make(&admin, input(&app, "hot", "inside-dach", &["HOT"])).await;
        let inside = app.organisation().user("inside");
        let foreign = app.organisation().user("inside.fr");
        let wrong = with(input(&app, "not a key", "inside-dach", &["HOT", "HOT"]), json!({
            "name": "", "members": [{ "user": inside, "weight": 0 }, { "user": foreign, "dayMax": 0 }, { "user": inside }],
            "caps": { "poolDayMax": 0 }, "language": { "level": "C1", "fallbacks": ["no language"] },
        }));
        assert_eq!(faults(&admin.refused("poolCreate", wrong).await), [
            fault("key", "MALFORMED"),
            fault("name", "REQUIRED"),
            fault("language.fallbacks.0", "MALFORMED"),
            fault("members.1.user", "NOT_FOUND"),
            fault("tiers", "DUPLICATE"),
            fault("members", "DUPLICATE"),
            fault("members.weight", "OUT_OF_RANGE"),
            fault("caps.poolDayMax", "OUT_OF_RANGE"),
            fault("members.dayMax", "OUT_OF_RANGE"),
            fault("tiers", "CONFLICT"),
            fault("tiers", "CONFLICT"),
        ]);
        let nowhere = with(input(&app, "new", "inside-dach", &["WARM"]), json!({ "team": "team_00000000000000000000000000" }));
        assert_eq!(faults(&admin.refused("poolCreate", nowhere).await), [fault("team", "NOT_FOUND")]);
    }

    async fn no_two_pools_of_a_team_take_the_same_tier(app: TestApp) {
        let admin = app.actor("admin").await;
        let hot = make(&admin, input(&app, "hot", "inside-dach", &["HOT"])).await;
        let warm = make(&admin, input(&app, "warm", "inside-dach", &["WARM"])).await;
        make(&admin, input(&app, "french", "inside-fr", &["HOT"])).await;
        let both = json!({ "pool": warm["id"], "tiers": [{ "tier": "WARM" }, { "tier": "HOT" }] });
        assert_eq!(faults(&admin.refused("poolUpdate", both.clone()).await), [fault("tiers", "CONFLICT")]);
        admin.mutate("poolArchive", json!({ "pool": hot["id"] }), POOL).await;
        let widened = admin.mutate("poolUpdate", both, POOL).await;
        assert_eq!(widened["pool"]["tiers"].as_array().unwrap().len(), 2);
    }

    async fn a_request_sent_twice_makes_one(app: TestApp) {
        let admin = app.actor("admin").await;
        let keyed = with(input(&app, "once", "inside-dach", &["HOT"]), json!({ "idempotencyKey": "monday" }));
        let (first, again) = (make(&admin, keyed.clone()).await, make(&admin, keyed.clone()).await);
        assert_eq!(first, again);
        let other = admin.refused("poolCreate", with(keyed, json!({ "name": "Other" }))).await;
        assert_eq!(other[0]["code"], "IDEMPOTENCY_CONFLICT");
        let taken = admin.refused("poolCreate", input(&app, "once", "field-dach", &["HOT"])).await;
        assert_eq!(faults(&taken), [fault("key", "TAKEN")]);
    }

    async fn only_who_leads_the_team_keeps_its_pools(app: TestApp) {
        let [admin, manager, member, other] = app.actors(["admin", "inside.manager", "inside", "field.manager"]).await;
        let [analyst, partner] = app.actors(["analyst", "partner"]).await;
        let french = make(&admin, input(&app, "french", "inside-fr", &["HOT"])).await;
        let ours = make(&admin, input(&app, "ours", "inside-dach", &["HOT"])).await;
        for (client, field, refused) in [
            (&member, "poolCreate", input(&app, "new", "inside-dach", &["WARM"])),
            (&other, "poolCreate", input(&app, "new", "inside-dach", &["WARM"])),
            (&manager, "poolCreate", input(&app, "new", "inside-fr", &["WARM"])),
            (&manager, "poolUpdate", json!({ "pool": french["id"], "name": "ours" })),
            (&member, "poolArchive", json!({ "pool": ours["id"] })),
            (&other, "poolArchive", json!({ "pool": ours["id"] })),
        ] {
            let errors = client.refused(field, refused.clone()).await;
            assert_eq!((&errors[0]["code"], &errors[0]["action"]), (&json!("NOT_ALLOWED"), &json!("MANAGE_POOL")), "{field} {refused}");
        }
        let query = "query($id: ID!) { pool(id: $id) { id } pools { nodes { id } } node(id: $id) { id } }";
        for client in [&analyst, &partner] {
            let seen = client.query(query, json!({ "id": ours["id"] })).await;
            assert_eq!(seen, json!({ "pool": null, "pools": { "nodes": [] }, "node": null }));
            assert_eq!(faults(&client.refused("poolUpdate", json!({ "pool": ours["id"] })).await), [fault("pool", "NOT_FOUND")]);
        }
        let teams = analyst.query("{ teams { nodes { pools { id } } } }", Value::Null).await;
        assert!(teams["teams"]["nodes"].as_array().unwrap().iter().all(|team| team["pools"] == json!([])));
        let foreign = manager.refused("poolUpdate", json!({ "pool": "pool_00000000000000000000000000" })).await;
        assert_eq!(faults(&foreign), [fault("pool", "NOT_FOUND")]);
    }

    async fn who_leaves_is_owed_nothing_and_owes_nothing(app: TestApp) {
        let manager = app.actor("inside.manager").await;
        let pool = make(&manager, input(&app, "hot", "inside-dach", &["HOT"])).await;
        let id: PoolId = text(&pool["id"]).parse().unwrap();
        let [stays, leaves] = ["inside", "inside.colleague"].map(|who| app.organisation().user(who).parse::<UserId>().unwrap());
        let mut contenders = [stays, leaves].map(|user| Contender { user, weight: 10 });
        contenders.sort_by_key(|contender| contender.user);
        let mut state = PoolState { day: Some("2026-01-01".parse().unwrap()), ..PoolState::default() };
        draw(state.tiers.entry(Tier::Hot).or_default(), &contenders, Some(500), Balance::Number).unwrap();
        let uow = app.app().store().begin().await.unwrap();
        pool_ledger::lock(&uow, &[id], app.clock().now()).await.unwrap();
        pool_ledger::store(&uow, &BTreeMap::from([(id, state.clone())]), app.clock().now()).await.unwrap();
        uow.commit().await.unwrap();
        let change = json!({ "pool": pool["id"], "members": [{ "user": stays.to_string() }] });
        let left = manager.mutate("poolUpdate", change, POOL).await;
        assert_eq!(members(&left["pool"]), ["inside"]);
        let reader = app.app().store().reader();
        let kept = pool_ledger::find(&reader, &[id]).await.unwrap().remove(&id).unwrap();
        let accounts = kept.tiers[&Tier::Hot].accounts();
        assert_eq!(accounts.keys().collect::<Vec<_>>(), [&stays]);
        assert_eq!(accounts[&stays].deviation(), Leads::ZERO);
        let days = pool_ledger::history(&reader, &[id], "2026-01-01".parse().unwrap(), "2099-01-01".parse().unwrap()).await.unwrap();
        assert_eq!((days.len(), &days[0].2, &days[1].2), (2, &state, &kept), "the day before is as it was");
    }
}
