//! Territories: kept by admins and by the managers whose teams they name.

use fairfall_tests::factory::text;
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

const TERRITORY: &str = "territory { id version key name rank status parent { key } teams { department team { key } }
    rules { countries subdivisions postal { country from to } industries products sizes { from to } languages } }";

fn served(app: &TestApp, department: &str, team: &str) -> Value {
    json!({ "department": department, "team": app.organisation().team(team) })
}

async fn make(client: &Client, input: Value) -> Value {
    let made = client.mutate("territoryCreate", input, TERRITORY).await;
    assert_eq!(made["errors"], json!([]));
    made["territory"].clone()
}

/// The fields and codes of the errors.
fn faults(errors: &Value) -> Vec<(String, String)> {
    let told =
        |error: &Value| (text(&error["field"]), error["violation"].as_str().or(error["code"].as_str()).unwrap().to_owned());
    errors.as_array().unwrap().iter().map(told).collect()
}

fn fault(field: &str, violation: &str) -> (String, String) {
    (field.to_owned(), violation.to_owned())
}

on_both_databases! {
    async fn a_territory_is_made_changed_and_archived(app: TestApp) {
        let [admin, inside] = app.actors(["admin", "inside"]).await;
        let world = make(&admin, json!({ "key": "world", "name": "World" })).await;
        assert_eq!((&world["rank"], &world["version"], &world["status"]), (&json!(100), &json!(1), &json!("ACTIVE")));
        let input = json!({
            "key": "south", "name": "South", "parent": world["id"], "rank": 5,
            "teams": [served(&app, "FIELD_SALES", "field-dach"), served(&app, "INSIDE_SALES", "inside-dach")],
            "rules": {
                "countries": ["de", "AT", "DE"], "subdivisions": ["DE-BY"], "industries": ["machinery"], "products": ["pumps"],
                "postal": [{ "country": "DE", "from": "80", "to": "85" }, { "country": "GB", "from": "sw1a 1aa" }],
                "sizes": [{ "from": 500 }], "languages": ["de"],
            },
        });
        let south = make(&admin, input).await;
        assert_eq!(south["rules"], json!({
            "countries": ["AT", "DE"], "subdivisions": ["DE-BY"], "industries": ["machinery"], "products": ["pumps"],
            "postal": [{ "country": "DE", "from": "80", "to": "85" }, { "country": "GB", "from": "SW1A1AA", "to": "SW1A1AA" }],
            "sizes": [{ "from": 500, "to": null }], "languages": ["de"],
        }));
        assert_eq!(south["parent"], json!({ "key": "world" }));
        assert_eq!(south["teams"], json!([
            { "department": "INSIDE_SALES", "team": { "key": "inside-dach" } },
            { "department": "FIELD_SALES", "team": { "key": "field-dach" } },
        ]));
        let rules = json!({ "countries": null, "sizes": [], "languages": ["en"] });
        let change = json!({ "territory": south["id"], "parent": null, "rules": rules, "name": "Süd", "expectedVersion": 1 });
        let changed = admin.mutate("territoryUpdate", change.clone(), TERRITORY).await["territory"].clone();
        assert_eq!((&changed["version"], &changed["name"], &changed["rank"]), (&json!(2), &json!("Süd"), &json!(5)));
        assert_eq!((&changed["parent"], &changed["teams"]), (&Value::Null, &south["teams"]));
        assert_eq!((&changed["rules"]["countries"], &changed["rules"]["languages"]), (&json!([]), &json!(["en"])));
        assert_eq!(changed["rules"]["postal"], south["rules"]["postal"], "what is not named stays");
        let stale = admin.refused("territoryUpdate", change).await;
        assert_eq!((&stale[0]["__typename"], &stale[0]["current"]), (&json!("VersionConflict"), &json!(2)));
        let archive = json!({ "territory": south["id"], "expectedVersion": 2 });
        for _ in 0..2 {
            let gone = admin.mutate("territoryArchive", archive.clone(), TERRITORY).await;
            assert_eq!((&gone["territory"]["status"], &gone["territory"]["version"]), (&json!("ARCHIVED"), &json!(3)));
        }
        let refused = admin.refused("territoryUpdate", json!({ "territory": south["id"], "name": "again" })).await;
        assert_eq!(faults(&refused), [fault("territory", "CONFLICT")]);
        let query = "query($id: ID!) { territories(first: 1) { nodes { key } pageInfo { hasNextPage } }
            node(id: $id) { id ... on Territory { status } } territory(id: $id) { key } }";
        let seen = inside.query(query, json!({ "id": south["id"] })).await;
        assert_eq!(seen["territories"], json!({ "nodes": [{ "key": "south" }], "pageInfo": { "hasNextPage": true } }));
        assert_eq!((&seen["node"]["status"], &seen["territory"]["key"]), (&json!("ARCHIVED"), &json!("south")));
    }

    async fn all_that_is_wrong_is_told_at_once(app: TestApp) {
        let admin = app.actor("admin").await;
        let wrong = json!({
            "key": "not a key", "name": " ", "parent": "territory_00000000000000000000000000", "rank": 70_000,
            "rules": {
                "countries": ["DE", "XX"], "postal": [{ "country": "XX", "from": "85", "to": "80" }],
                "sizes": [{ "from": 5, "to": 4 }], "subdivisions": ["DE-XX"],
            },
            "teams": [served(&app, "FIELD_SALES", "inside-dach"), { "department": "FIELD_SALES", "team": "team_00000000000000000000000000" }],
        });
        assert_eq!(faults(&admin.refused("territoryCreate", wrong).await), [
            fault("key", "MALFORMED"),
            fault("name", "REQUIRED"),
            fault("rank", "OUT_OF_RANGE"),
            fault("rules.countries.1", "UNKNOWN_VALUE"),
            fault("rules.subdivisions.0", "UNKNOWN_VALUE"),
            fault("rules.postal.0.country", "UNKNOWN_VALUE"),
            fault("rules.postal.0", "OUT_OF_RANGE"),
            fault("teams.1.department", "DUPLICATE"),
            fault("teams.0.team", "CONFLICT"),
            fault("teams.1.team", "NOT_FOUND"),
            fault("rules.sizes", "OUT_OF_RANGE"),
            fault("parent", "NOT_FOUND"),
        ]);
        let ids = json!({ "territory": "x", "parent": "y", "teams": [{ "department": "MARKETING", "team": "z" }] });
        let told = faults(&admin.refused("territoryUpdate", ids).await);
        assert_eq!(told, ["territory", "parent", "teams.0.team"].map(|field| fault(field, "MALFORMED")));
    }

    async fn the_tree_has_no_circle_and_loses_no_branch(app: TestApp) {
        let admin = app.actor("admin").await;
        let top = make(&admin, json!({ "key": "top", "name": "Top" })).await;
        let below = make(&admin, json!({ "key": "below", "name": "Below", "parent": top["id"] })).await;
        let circle = admin.refused("territoryUpdate", json!({ "territory": top["id"], "parent": below["id"] })).await;
        assert_eq!(faults(&circle), [fault("parent", "CONFLICT")]);
        let held = admin.refused("territoryArchive", json!({ "territory": top["id"] })).await;
        assert_eq!(faults(&held), [fault("territory", "CONFLICT")]);
        admin.mutate("territoryArchive", json!({ "territory": below["id"] }), TERRITORY).await;
        let gone = admin.mutate("territoryArchive", json!({ "territory": top["id"] }), TERRITORY).await;
        assert_eq!(gone["territory"]["status"], "ARCHIVED");
        let orphan = admin.refused("territoryCreate", json!({ "key": "new", "name": "New", "parent": top["id"] })).await;
        assert_eq!(faults(&orphan), [fault("parent", "NOT_FOUND")]);
    }

    async fn a_request_sent_twice_makes_one(app: TestApp) {
        let admin = app.actor("admin").await;
        let input = json!({ "key": "once", "name": "Once", "idempotencyKey": "monday" });
        let (first, again) = (make(&admin, input.clone()).await, make(&admin, input).await);
        assert_eq!(first, again);
        let other = admin.refused("territoryCreate", json!({ "key": "other", "name": "Other", "idempotencyKey": "monday" })).await;
        assert_eq!(other[0]["code"], "IDEMPOTENCY_CONFLICT");
        let taken = admin.refused("territoryCreate", json!({ "key": "once", "name": "Twice" })).await;
        assert_eq!(faults(&taken), [fault("key", "TAKEN")]);
    }

    async fn managers_keep_what_names_their_teams_alone(app: TestApp) {
        let [admin, manager, member, other] = app.actors(["admin", "inside.manager", "inside", "field.manager"]).await;
        let ours = served(&app, "INSIDE_SALES", "inside-dach");
        let theirs = served(&app, "FIELD_SALES", "field-dach");
        let input = |key: &str, teams: Value| json!({ "key": key, "name": "T", "teams": teams });
        let mine = make(&manager, input("mine", json!([ours]))).await;
        let both = make(&admin, input("both", json!([ours, theirs]))).await;
        let none = make(&admin, input("none", json!([]))).await;
        for (client, field, refused) in [
            (&member, "territoryCreate", input("new", json!([ours]))),
            (&other, "territoryCreate", input("new", json!([ours]))),
            (&manager, "territoryCreate", input("new", json!([ours, theirs]))),
            (&manager, "territoryCreate", input("new", json!([]))),
            (&manager, "territoryCreate", input("new", json!([served(&app, "INSIDE_SALES", "inside-fr")]))),
            (&other, "territoryUpdate", json!({ "territory": mine["id"], "name": "ours" })),
            (&other, "territoryArchive", json!({ "territory": mine["id"] })),
            (&manager, "territoryUpdate", json!({ "territory": mine["id"], "teams": [theirs] })),
            (&manager, "territoryUpdate", json!({ "territory": mine["id"], "teams": [] })),
            (&manager, "territoryUpdate", json!({ "territory": both["id"], "teams": [ours] })),
            (&manager, "territoryUpdate", json!({ "territory": none["id"], "teams": [ours] })),
            (&manager, "territoryArchive", json!({ "territory": none["id"] })),
        ] {
            let errors = client.refused(field, refused.clone()).await;
            assert_eq!((&errors[0]["code"], &errors[0]["action"]), (&json!("NOT_ALLOWED"), &json!("MANAGE_TERRITORY")), "{field} {refused}");
        }
        let missing = json!([{ "department": "INSIDE_SALES", "team": "team_00000000000000000000000000" }]);
        assert_eq!(faults(&manager.refused("territoryCreate", input("new", missing)).await), [fault("teams.0.team", "NOT_FOUND")]);
        let changed = manager.mutate("territoryUpdate", json!({ "territory": mine["id"], "rank": 1 }), TERRITORY).await;
        assert_eq!((&changed["errors"], &changed["territory"]["rank"]), (&json!([]), &json!(1)));
        let gone = manager.mutate("territoryArchive", json!({ "territory": mine["id"] }), TERRITORY).await;
        assert_eq!(gone["territory"]["status"], "ARCHIVED");
    }

    async fn for_those_who_see_no_routing_there_is_none(app: TestApp) {
        let [admin, analyst] = app.actors(["admin", "analyst"]).await;
        let partner = app.actor("partner").await;
        let made = make(&admin, json!({ "key": "world", "name": "World" })).await;
        let query = "query($id: ID!) { territory(id: $id) { id } territories { nodes { id } } node(id: $id) { id } }";
        for client in [&analyst, &partner] {
            let seen = client.query(query, json!({ "id": made["id"] })).await;
            assert_eq!(seen, json!({ "territory": null, "territories": { "nodes": [] }, "node": null }));
            let refused = client.refused("territoryUpdate", json!({ "territory": made["id"], "name": "W" })).await;
            assert_eq!(faults(&refused), [fault("territory", "NOT_FOUND")]);
        }
        let foreign = admin.refused("territoryUpdate", json!({ "territory": "territory_00000000000000000000000000" })).await;
        assert_eq!(faults(&foreign), [fault("territory", "NOT_FOUND")]);
    }
}
