//! Whoever took a lead says how good it was; who owes that is seen by both sides.

use chrono::TimeDelta;
use fairfall_tests::agreement::promise;
use fairfall_tests::client::Client;
use fairfall_tests::factory::{Waterfall, ready_to_buy};
use fairfall_tests::{TestApp, on_both_databases};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

const LEAD: &str =
    "query($id: ID!) { lead(by: { id: $id }) { version feedback { id version department giving rating points reasons note
    agreement { key version } by { id } passageId } passages { id } } }";
const OWED: &str = "query($first: Int, $after: String) { feedbackOverdue(first: $first, after: $after) { nodes { id department giving agreement { key }
    team { key } holder { id } leadId lead { id } dueAt overdueSeconds } pageInfo { hasNextPage endCursor } } }";
const MINE: &str = "query($first: Int, $after: String) { clocks(filter: { mine: true }, first: $first, after: $after) { nodes { kind leadId lead { id } }
    pageInfo { hasNextPage endCursor } } }";
const RATED: &str = "feedback { id version rating department } lead { id } alreadyDone";

/// Twenty minutes to rate what was accepted.
pub(crate) async fn promised(app: &TestApp) {
    for key in ["marketing-to-inside-sales", "inside-sales-to-field-sales"] {
        promise(app, key, json!([{ "kind": "FEEDBACK", "promise": { "basis": "WALL", "seconds": 1_200 } }])).await;
    }
}

/// The state of a lead's clocks of a kind, in their order.
pub(crate) async fn clocks(app: &TestApp, lead: &str, kind: &str) -> Vec<String> {
    let database = app.connection().await;
    let backend = database.get_database_backend();
    let id = fairfall_domain::id::LeadId::parse(lead).unwrap().uuid();
    let question = format!("SELECT state FROM clock WHERE lead_id = $1 AND kind = '{kind}' ORDER BY started_at, id");
    let rows = database.query_all_raw(Statement::from_sql_and_values(backend, question, [id.into()])).await.unwrap();
    rows.iter().map(|row| row.try_get("", "state").unwrap()).collect()
}

/// What the worker does once a clock is over: notes that it lapsed when it was due.
pub(crate) async fn lapse(app: &TestApp) {
    let database = app.connection().await;
    let backend = database.get_database_backend();
    let change = "UPDATE clock SET breached_at = due_at, breached_team_id = team_id, breached_user_id = user_id, state = 'BREACHED', \
                  climbed_percent = 100, next_at = NULL \
                  WHERE ended_at IS NULL AND breached_at IS NULL AND due_at <= $1";
    database.execute_raw(Statement::from_sql_and_values(backend, change, [app.clock().now().into()])).await.unwrap();
}

async fn of_lead(client: &Client, lead: &str) -> Value {
    client.query(LEAD, json!({ "id": lead })).await["lead"].take()
}

async fn owed(client: &Client) -> Vec<Value> {
    client.query(OWED, Value::Null).await["feedbackOverdue"]["nodes"].as_array().unwrap().clone()
}

/// What somebody must keep.
async fn mine(client: &Client) -> Value {
    client.query(MINE, Value::Null).await["clocks"]["nodes"].take()
}

on_both_databases! {
    async fn the_taker_rates_what_it_accepted(app: TestApp) {
        promised(&app).await;
        let [marketing, colleague, partner] = app.actors(["marketing", "inside.colleague", "partner"]).await;
        let way = Waterfall::new(&app).await;
        let lead = way.accepted(1).await;
        assert_eq!(clocks(&app, &lead, "FEEDBACK").await, ["RUNNING"]);
        let before = of_lead(&way.inside, &lead).await;
        assert_eq!(before["feedback"], json!([]));
        let input = json!({ "lead": lead, "rating": "GOOD", "reasons": ["RIGHT_PERSON", "WELL_PREPARED", "RIGHT_PERSON"], "note": " ready ", "idempotencyKey": "k" });
        let rated = way.inside.mutate("leadRate", input.clone(), RATED).await;
        assert_eq!((&rated["feedback"]["rating"], &rated["alreadyDone"], &rated["lead"]["id"]), (&json!("GOOD"), &json!(false), &json!(lead)));
        assert_eq!(clocks(&app, &lead, "FEEDBACK").await, ["MET"]);
        let after = of_lead(&marketing, &lead).await;
        let told = &after["feedback"][0];
        assert_eq!(*told, json!({
            "id": rated["feedback"]["id"], "version": 1, "department": "INSIDE_SALES", "giving": "MARKETING", "rating": "GOOD", "points": 4,
            "reasons": ["WELL_PREPARED", "RIGHT_PERSON"], "note": "ready", "agreement": { "key": "marketing-to-inside-sales", "version": 1 },
            "by": { "id": app.organisation().user("inside") }, "passageId": after["passages"][0]["id"],
        }));
        assert_eq!(after["version"], before["version"], "a rating is no act on the lead");
        // the same request, and the same opinion of a colleague, change nothing
        assert_eq!(way.inside.mutate("leadRate", input, RATED).await["alreadyDone"], true);
        let same = json!({ "lead": lead, "rating": "GOOD", "reasons": ["WELL_PREPARED", "RIGHT_PERSON"], "note": "ready", "expectedVersion": 7 });
        assert_eq!(colleague.mutate("leadRate", same, RATED).await["alreadyDone"], true);
        let stale = json!({ "lead": lead, "rating": "POOR", "expectedVersion": 2 });
        assert_eq!(colleague.refused("leadRate", stale).await[0]["current"], 1);
        let changed = colleague.mutate("leadRate", json!({ "lead": lead, "rating": "POOR", "expectedVersion": 1 }), RATED).await;
        assert_eq!((&changed["feedback"]["version"], &changed["feedback"]["rating"]), (&json!(2), &json!("POOR")));
        assert_eq!(of_lead(&marketing, &lead).await["feedback"].as_array().unwrap().len(), 1, "one a passage and department");
        let reused = json!({ "lead": lead, "rating": "FAIR", "idempotencyKey": "k" });
        assert_eq!(way.inside.refused("leadRate", reused).await[0]["code"], "IDEMPOTENCY_CONFLICT");
        assert_eq!(partner.query(LEAD, json!({ "id": lead })).await["lead"], Value::Null);
    }

    async fn what_was_never_accepted_cannot_be_rated(app: TestApp) {
        promised(&app).await;
        let [admin, stranger, analyst, field, partner] = app.actors(["admin", "inside.fr", "analyst", "field", "partner"]).await;
        let way = Waterfall::new(&app).await;
        let lead = way.offered(1).await;
        let rate = json!({ "lead": lead, "rating": "FAIR" });
        for client in [&way.inside, &way.marketing, &admin] {
            let errors = client.refused("leadRate", rate.clone()).await;
            assert_eq!((&errors[0]["field"], &errors[0]["violation"]), (&json!("lead"), &json!("CONFLICT")), "{errors}");
        }
        way.inside.done("leadAccept", json!({ "lead": lead })).await;
        for client in [&stranger, &analyst, &field, &partner] {
            assert_eq!(client.refused("leadRate", rate.clone()).await[0]["code"], "NOT_FOUND");
        }
        let for_others = json!({ "lead": lead, "rating": "FAIR", "department": "INSIDE_SALES" });
        assert_eq!(way.marketing.refused("leadRate", for_others).await[0]["code"], "NOT_ALLOWED");
        let bad = json!({ "lead": lead, "rating": "FAIR", "reasons": ["OTHER"] });
        let errors = way.inside.refused("leadRate", bad).await;
        assert_eq!((&errors[0]["field"], &errors[0]["violation"]), (&json!("note"), &json!("REQUIRED")));
        assert_eq!(way.inside.refused("leadRate", json!({ "lead": lead, "rating": "FAIR", "expectedVersion": 1 })).await[0]["code"], "VERSION_CONFLICT");
        let done = admin.mutate("leadRate", rate, RATED).await;
        assert_eq!(done["feedback"]["department"], "INSIDE_SALES", "an admin rates for whoever took it last");
    }

    async fn a_lead_that_went_on_or_was_closed_is_rated_too(app: TestApp) {
        promised(&app).await;
        let [manager, marketing] = app.actors(["inside.manager", "marketing"]).await;
        let way = Waterfall::new(&app).await;
        let lead = way.won(1).await;
        assert_eq!(clocks(&app, &lead, "FEEDBACK").await, ["RUNNING", "RUNNING"], "a win rates nothing");
        // inside sales does not see it any more, and remembers it all the same
        assert_eq!(way.inside.query(LEAD, json!({ "id": lead })).await["lead"], Value::Null);
        let rated = way.inside.mutate("leadRate", json!({ "lead": lead, "rating": "EXCELLENT" }), RATED).await;
        assert_eq!((&rated["errors"], &rated["lead"], &rated["feedback"]["department"]), (&json!([]), &Value::Null, &json!("INSIDE_SALES")));
        assert_eq!(clocks(&app, &lead, "FEEDBACK").await, ["MET", "RUNNING"], "each department rates for itself");
        way.field.mutate("leadRate", json!({ "lead": lead, "rating": "POOR", "reasons": ["NO_BUDGET"] }), RATED).await;
        assert_eq!(clocks(&app, &lead, "FEEDBACK").await, ["MET", "MET"]);
        assert_eq!(manager.mutate("leadRate", json!({ "lead": lead, "rating": "GOOD" }), RATED).await["feedback"]["version"], 2);
        let told = of_lead(&marketing, &lead).await;
        let given: Vec<_> = told["feedback"].as_array().unwrap().iter().map(|one| (&one["department"], &one["giving"])).collect();
        assert_eq!(given, [(&json!("INSIDE_SALES"), &json!("MARKETING")), (&json!("FIELD_SALES"), &json!("INSIDE_SALES"))]);
    }

    async fn a_later_passage_is_another_matter(app: TestApp) {
        promised(&app).await;
        let way = Waterfall::new(&app).await;
        let lead = way.accepted(1).await;
        way.inside.done("leadRecycle", json!({ "lead": lead, "reason": "NOT_NOW" })).await;
        app.clock().advance(TimeDelta::minutes(1));
        way.marketing.done("leadReactivate", json!({ "lead": lead })).await;
        way.marketing.done("leadQualify", json!({ "lead": lead, "to": "MQL" })).await;
        way.marketing.done("leadHandOver", json!({ "lead": lead })).await;
        way.inside.done("leadAccept", json!({ "lead": lead })).await;
        way.inside.done("leadUpdate", json!({ "lead": lead, "bant": ready_to_buy() })).await;
        way.inside.mutate("leadRate", json!({ "lead": lead, "rating": "GOOD" }), RATED).await;
        assert_eq!(clocks(&app, &lead, "FEEDBACK").await, ["RUNNING", "MET"], "the last that was accepted");
        let passages = of_lead(&way.inside, &lead).await["passages"].clone();
        let first = json!({ "lead": lead, "rating": "POOR", "passage": passages[0]["id"] });
        way.inside.mutate("leadRate", first, RATED).await;
        assert_eq!(clocks(&app, &lead, "FEEDBACK").await, ["MET", "MET"]);
        let told = of_lead(&way.inside, &lead).await;
        let given: Vec<_> = told["feedback"].as_array().unwrap().iter().map(|one| (&one["passageId"], &one["rating"])).collect();
        assert_eq!(given, [(&passages[1]["id"], &json!("GOOD")), (&passages[0]["id"], &json!("POOR"))]);
    }

    settings [("SESSION__ACCESS_TOKEN_MINUTES", "60")]
    async fn both_heads_see_what_is_owed(app: TestApp) {
        promised(&app).await;
        let [admin, taker, giver, other, colleague, analyst, partner] =
            app.actors(["admin", "inside.manager", "marketing.manager", "service.manager", "inside.colleague", "analyst", "partner"]).await;
        let way = Waterfall::new(&app).await;
        let first = way.accepted(1).await;
        app.clock().advance(TimeDelta::minutes(10));
        let second = way.accepted(2).await;
        let third = way.with_field(3).await;
        assert_eq!(owed(&admin).await, Vec::<Value>::new());
        app.clock().advance(TimeDelta::minutes(25));
        lapse(&app).await;
        let seen = owed(&taker).await;
        assert_eq!(seen.len(), 4, "three that inside sales owes, one that field sales owes it: {seen:#?}");
        assert_eq!(seen[0]["lead"]["id"], json!(first));
        // the test's clock runs on beside the test
        let overdue = seen[0]["overdueSeconds"].as_i64().unwrap();
        assert!((15 * 60..17 * 60).contains(&overdue), "{overdue}");
        assert_eq!((&seen[0]["team"]["key"], &seen[0]["holder"]["id"]), (&json!("inside-dach"), &json!(app.organisation().user("inside"))));
        assert_eq!((&seen[0]["agreement"]["key"], &seen[0]["department"], &seen[0]["giving"]), (&json!("marketing-to-inside-sales"), &json!("INSIDE_SALES"), &json!("MARKETING")));
        assert_eq!(owed(&giver).await.len(), 3, "what marketing gave to inside sales");
        assert_eq!(owed(&admin).await.len(), 4);
        for client in [&other, &colleague, &analyst, &partner] {
            assert_eq!(owed(client).await, Vec::<Value>::new());
        }
        assert_eq!((owed(&way.inside).await.len(), owed(&way.field).await.len()), (3, 1), "what one owes oneself");
        let page = &admin.query(OWED, json!({ "first": 1 })).await["feedbackOverdue"];
        assert_eq!((&page["nodes"][0]["lead"]["id"], &page["pageInfo"]["hasNextPage"]), (&json!(first), &json!(true)));
        // rated late is rated
        way.inside.mutate("leadRate", json!({ "lead": first, "rating": "FAIR" }), RATED).await;
        assert_eq!(clocks(&app, &first, "FEEDBACK").await, ["MET_LATE"]);
        let left: Vec<_> = owed(&giver).await.iter().map(|one| one["lead"]["id"].clone()).collect();
        assert_eq!(left.len(), 2);
        assert!(left.contains(&json!(second)) && left.contains(&json!(third)), "{left:?}");
    }

    settings [("SESSION__ACCESS_TOKEN_MINUTES", "60")]
    async fn whoever_owes_a_rating_finds_the_lead_that_went_on(app: TestApp) {
        promised(&app).await;
        let [colleague, stranger] = app.actors(["inside.colleague", "inside.fr"]).await;
        let way = Waterfall::new(&app).await;
        let first = way.with_field(1).await;
        app.clock().advance(TimeDelta::minutes(1));
        let second = way.with_field(2).await;
        assert_eq!(way.inside.query(LEAD, json!({ "id": first })).await["lead"], Value::Null, "it is field sales' now");
        let owes = |lead: &str| json!({ "kind": "FEEDBACK", "leadId": lead, "lead": null });
        assert_eq!(mine(&way.inside).await, json!([owes(&first), owes(&second)]));
        let page = way.inside.query(MINE, json!({ "first": 1 })).await["clocks"].take();
        assert_eq!((&page["nodes"], &page["pageInfo"]["hasNextPage"]), (&json!([owes(&first)]), &json!(true)));
        let rest = way.inside.query(MINE, json!({ "first": 1, "after": page["pageInfo"]["endCursor"] })).await["clocks"].take();
        assert_eq!((&rest["nodes"], &rest["pageInfo"]["hasNextPage"]), (&json!([owes(&second)]), &json!(false)));
        // what somebody else owes about leads that one does not see stays hidden
        let every = "{ clocks { nodes { id } } }";
        for client in [&colleague, &stranger] {
            assert_eq!((mine(client).await, client.query(every, Value::Null).await["clocks"]["nodes"].take()), (json!([]), json!([])));
        }
        app.clock().advance(TimeDelta::minutes(25));
        lapse(&app).await;
        let seen = owed(&way.inside).await;
        let leads: Vec<_> = seen.iter().map(|one| (&one["leadId"], &one["lead"])).collect();
        assert_eq!(leads, [(&json!(first), &Value::Null), (&json!(second), &Value::Null)]);
        assert_eq!((owed(&colleague).await.len(), owed(&stranger).await.len()), (0, 0));
        let rated = way.inside.mutate("leadRate", json!({ "lead": seen[0]["leadId"], "rating": "GOOD" }), RATED).await;
        assert_eq!((&rated["errors"], &rated["feedback"]["rating"]), (&json!([]), &json!("GOOD")));
        assert_eq!((mine(&way.inside).await, owed(&way.inside).await.len()), (json!([owes(&second)]), 1));
    }

    settings [("SESSION__ACCESS_TOKEN_MINUTES", "60")]
    async fn whoever_is_reminded_of_a_rating_is_told_of_which_lead(app: TestApp) {
        let ladder = json!([{ "at_percent": 50, "act": "NOTIFY_ASSIGNEE" }]);
        let clock = json!([{ "kind": "FEEDBACK", "promise": { "basis": "WALL", "seconds": 1_200 }, "ladder": ladder }]);
        promise(&app, "marketing-to-inside-sales", clock).await;
        let way = Waterfall::new(&app).await;
        let lead = way.with_field(1).await;
        app.clock().advance(TimeDelta::minutes(11));
        let query = "{ notifications { nodes { promise leadId lead { id } } } }";
        let told = fairfall_tests::wait::until("the reminder", || async {
            let found = way.inside.query(query, Value::Null).await["notifications"]["nodes"].take();
            found.as_array().unwrap().iter().find(|told| told["promise"] == "FEEDBACK").cloned()
        })
        .await;
        assert_eq!(told, json!({ "promise": "FEEDBACK", "leadId": lead, "lead": null }));
        way.inside.mutate("leadRate", json!({ "lead": told["leadId"], "rating": "FAIR" }), RATED).await;
        assert_eq!(clocks(&app, &lead, "FEEDBACK").await, ["MET"]);
    }

    async fn a_rating_is_in_the_journal_by_codes(app: TestApp) {
        promised(&app).await;
        let marketing = app.actor("marketing.manager").await;
        let way = Waterfall::new(&app).await;
        let lead = way.accepted(1).await;
        let input = json!({ "lead": lead, "rating": "POOR", "reasons": ["WRONG_TIMING"], "note": "Frau Muster rief an" });
        way.inside.mutate("leadRate", input, RATED).await;
        let query = "query($lead: ID!) { events(filter: { leads: [$lead] }, first: 50) { nodes { type subject { kind } subjectVersion lead { id } payload { rating ratingReasons } } } }";
        let event = || async {
            let found = marketing.query(query, json!({ "lead": lead })).await;
            found["events"]["nodes"].as_array().unwrap().iter().find(|event| event["type"] == "LEAD_RATED").cloned()
        };
        let found = fairfall_tests::wait::until("the event has its place", async || event().await).await;
        assert_eq!(found, json!({
            "type": "LEAD_RATED", "subject": { "kind": "FEEDBACK" }, "subjectVersion": 1, "lead": { "id": lead },
            "payload": { "rating": "POOR", "ratingReasons": ["WRONG_TIMING"] },
        }));
        let database = app.connection().await;
        let question = Statement::from_string(database.get_database_backend(), "SELECT payload FROM journal WHERE kind = 'LEAD_RATED'");
        let payload: String = database.query_one_raw(question).await.unwrap().unwrap().try_get("", "payload").unwrap();
        assert!(!payload.contains("Muster"), "{payload}");
    }

    async fn words_are_for_those_who_see_persons(app: TestApp) {
        let [partner, admin] = app.actors(["partner", "admin"]).await;
        let way = Waterfall::new(&app).await;
        let lead = fairfall_tests::factory::Capture::new(1).by(&partner).await;
        way.marketing.done("leadQualify", json!({ "lead": lead, "to": "MQL" })).await;
        way.marketing.done("leadHandOver", json!({ "lead": lead })).await;
        way.inside.done("leadAccept", json!({ "lead": lead })).await;
        way.inside.mutate("leadRate", json!({ "lead": lead, "rating": "GOOD", "note": "Frau Muster ist nett" }), RATED).await;
        let seen = of_lead(&partner, &lead).await;
        assert_eq!((&seen["feedback"][0]["rating"], &seen["feedback"][0]["note"], &seen["feedback"][0]["by"]), (&json!("GOOD"), &Value::Null, &Value::Null));
        assert_eq!(partner.refused("leadRate", json!({ "lead": lead, "rating": "FAIR" })).await[0]["code"], "NOT_ALLOWED");
        let query = "query($id: ID!) { lead(by: { id: $id }) { person { id } } }";
        let person = admin.query(query, json!({ "id": lead })).await["lead"]["person"]["id"].clone();
        admin.mutate("personErase", json!({ "person": person }), "erasedAt").await;
        let kept = of_lead(&admin, &lead).await["feedback"][0].clone();
        assert_eq!((&kept["rating"], &kept["note"]), (&json!("GOOD"), &Value::Null), "the figure stays");
        let more = json!({ "lead": lead, "rating": "FAIR", "note": "Frau Muster war nett" });
        assert_eq!(admin.refused("leadRate", more).await[0]["field"], "note");
    }
}
