//! How promises end: kept, and told when they were; lapsed, and counted where they did; ended with their lead, and taken back with it.

use chrono::TimeDelta;
use fairfall::clock::new_id;
use fairfall_domain::agreement::Agreement;
use fairfall_domain::waterfall::state::LeadState;
use fairfall_persistence::repo;
use fairfall_tests::agreement::promise;
use fairfall_tests::factory::{Waterfall, text};
use fairfall_tests::wait::until;
use fairfall_tests::{Client, TestApp, on_both_databases};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use crate::clocks::{LONG, about, clock, promised, record};
use crate::sla_worker::{story, told};

/// What is told of promises that were kept, once so many were.
async fn kept(client: &Client, lead: &str, count: usize) -> Vec<(String, Value, Value)> {
    let query = "query($leads: [ID!]) { events(first: 100, filter: { leads: $leads, kinds: [SLA_MET] }) {
        nodes { actor { name } payload { clockKind inTime keptAt } } } }";
    let asked = || async {
        let events = client.query(query, json!({ "leads": [lead] })).await["events"]["nodes"].as_array().unwrap().clone();
        Some(events).filter(|events| events.len() >= count)
    };
    let shown = |event: &Value| {
        let payload = &event["payload"];
        assert!(payload["keptAt"].is_string(), "{event}");
        (text(&payload["clockKind"]), payload["inTime"].clone(), event["actor"]["name"].clone())
    };
    until("it is told", asked).await.iter().map(shown).collect()
}

/// Waits until somebody noticed that a promise lapsed.
async fn lapsed(client: &Client, lead: &str, kind: &str) -> Value {
    until("it is noticed", || async { Some(clock(client, lead, kind).await).filter(|clock| !clock["breachedAt"].is_null()) })
        .await
}

/// Moves an offered lead and its clocks to another version of the agreement that they are under.
async fn put_under(app: &TestApp, lead: &str, agreement: &Agreement) {
    let uow = app.app().store().begin().await.unwrap();
    let dossier = repo::lead::load_for_command(&uow, lead.parse().unwrap()).await.unwrap().unwrap();
    let mut state = dossier.lead.state.clone();
    let LeadState::Offered { agreement: offered, .. } = &mut state else { panic!("{state:?}") };
    *offered = agreement.reference();
    let mut clocks = dossier.clocks.clone();
    for clock in &mut clocks {
        clock.agreement = agreement.reference();
    }
    repo::clock::put(&uow, &clocks).await.unwrap();
    uow.commit().await.unwrap();
    let connection = app.connection().await;
    let detail = serde_json::to_string(&state).unwrap();
    let change = Statement::from_sql_and_values(
        connection.get_database_backend(),
        "UPDATE lead SET state_detail = $1 WHERE id = $2",
        [detail.into(), dossier.lead.id.uuid().into()],
    );
    connection.execute_raw(change).await.unwrap();
}

on_both_databases! {
    settings [LONG]
    async fn what_is_kept_is_told_with_the_act_that_keeps_it(app: TestApp) {
        promised(&app).await;
        let way = Waterfall::new(&app).await;
        let id = way.accepted(1).await;
        record(&way.inside, &id, json!({ "kind": "CALL", "channel": "PHONE", "outcome": "REACHED" })).await;
        let by_inside = |kind: &str, in_time: bool| (kind.to_owned(), json!(in_time), json!("inside"));
        assert_eq!(kept(&way.inside, &id, 2).await, [by_inside("ACCEPT", true), by_inside("FIRST_CONTACT", true)]);
        let late = way.offered(2).await;
        app.clock().advance(TimeDelta::hours(5));
        let way = Waterfall::new(&app).await;
        way.inside.done("leadAccept", json!({ "lead": late })).await;
        assert_eq!(kept(&way.inside, &late, 1).await, [by_inside("ACCEPT", false)]);
        let story = story(&way.inside, &late).await;
        assert_eq!(story, ["1 SLA_BREACHED 100", "1 SLA_MET"], "the lapse comes first, whoever noticed it");
    }

    settings [LONG]
    async fn ratings_and_take_overs_keep_promises_too(app: TestApp) {
        crate::feedback::promised(&app).await;
        let days = json!([{ "kind": "SERVICE_ACCEPT", "promise": { "basis": "WALL", "seconds": 172_800 } }]);
        promise(&app, "field-sales-to-customer-service", days).await;
        let way = Waterfall::new(&app).await;
        let id = way.accepted(1).await;
        way.inside.mutate("leadRate", json!({ "lead": id, "rating": "GOOD" }), "feedback { rating }").await;
        assert_eq!(kept(&way.inside, &id, 1).await, [("FEEDBACK".to_owned(), json!(true), json!("inside"))]);
        let won = way.won(2).await;
        let [service, admin] = app.actors(["service", "admin"]).await;
        let waiting = service.query("{ customersWaiting { nodes { id } } }", Value::Null).await;
        let customer = &waiting["customersWaiting"]["nodes"][0]["id"];
        service.mutate("customerTakeOver", json!({ "customer": customer }), "customer { id }").await;
        assert_eq!(kept(&admin, &won, 1).await, [("SERVICE_ACCEPT".to_owned(), json!(true), json!("service"))]);
        for (client, lead, act) in [(&way.inside, &id, "LEAD_RATED"), (&admin, &won, "CUSTOMER_TAKEN_OVER")] {
            let query = "query($leads: [ID!]) { events(first: 100, filter: { leads: $leads, kinds: [SLA_MET, LEAD_RATED, CUSTOMER_TAKEN_OVER] }) { nodes { type } } }";
            let told = client.query(query, json!({ "leads": [lead] })).await["events"]["nodes"].clone();
            assert_eq!(told, json!([{ "type": act }, { "type": "SLA_MET" }]), "what kept it comes first");
        }
    }

    settings [LONG]
    async fn a_lapse_is_counted_where_it_happened_and_the_next_holder_begins_anew(app: TestApp) {
        promised(&app).await;
        let way = Waterfall::new(&app).await;
        let id = way.accepted(1).await;
        let [first, second] = ["inside", "inside.colleague"].map(|who| app.organisation().user(who));
        app.clock().advance(TimeDelta::minutes(61));
        let way = Waterfall::new(&app).await;
        lapsed(&way.inside, &id, "FIRST_CONTACT").await;
        let contact = clock(&way.inside, &id, "FIRST_CONTACT").await["id"].clone();
        let errors = way.inside.refused("clockPause", json!({ "clock": contact, "reason": "CONTACT_AWAY" })).await;
        assert_eq!((&errors[0]["field"], &errors[0]["violation"]), (&json!("clock"), &json!("CONFLICT")), "nothing is left to be saved");
        let manager = app.actor("inside.manager").await;
        manager.done("leadReassign", json!({ "lead": id, "assignee": second, "reason": "ABSENCE" })).await;
        let passed = clock(&manager, &id, "FIRST_CONTACT").await;
        assert_eq!((&passed["lap"], &passed["holder"]["id"], &passed["breachedBy"]["id"]), (&json!(2), &json!(second), &json!(first)));
        about(&passed["secondsLeft"], 3_600);
        let qualify = clock(&manager, &id, "QUALIFY").await;
        assert_eq!((&qualify["lap"], &qualify["breachedBy"]), (&json!(1), &Value::Null), "what has not lapsed goes on");
        let pause = manager.mutate("clockPause", json!({ "clock": contact, "reason": "CONTACT_AWAY" }), "clock { state }").await;
        assert_eq!(pause["clock"]["state"], "PAUSED", "the new turn may stand still");
        let colleague = app.actor("inside.colleague").await;
        record(&colleague, &id, json!({ "kind": "CALL", "channel": "PHONE", "outcome": "REACHED" })).await;
        assert_eq!(clock(&manager, &id, "FIRST_CONTACT").await["state"], "MET_LATE");
        let today = app.clock().now().date_naive();
        let sla = "query($day: Date!) { report { sla(from: $day, to: $day, by: [MEMBER], filter: { clockKind: FIRST_CONTACT }) {
            rows { member { id } started attained breached } } } }";
        let rows = manager.query(sla, json!({ "day": today })).await["report"]["sla"]["rows"].clone();
        assert_eq!(rows, json!([{ "member": { "id": first }, "started": 1, "attained": 0, "breached": 1 }]), "not of whoever mended it");
    }

    settings [LONG]
    async fn the_end_of_a_lead_that_is_taken_back_kept_nothing(app: TestApp) {
        promised(&app).await;
        let way = Waterfall::new(&app).await;
        let id = way.accepted(1).await;
        app.clock().advance(TimeDelta::minutes(20));
        way.inside.done("leadDisqualify", json!({ "lead": id, "reason": "SPAM" })).await;
        assert_eq!(clock(&way.inside, &id, "QUALIFY").await["state"], "MET");
        assert_eq!(clock(&way.inside, &id, "FIRST_CONTACT").await["state"], "CANCELLED");
        app.clock().advance(TimeDelta::minutes(90));
        let manager = app.actor("inside.manager").await;
        manager.done("leadReopen", json!({ "lead": id, "reason": "MISTAKE" })).await;
        let contact = clock(&manager, &id, "FIRST_CONTACT").await;
        assert_eq!((&contact["state"], &contact["endedAt"]), (&json!("RUNNING"), &Value::Null));
        about(&contact["secondsLeft"], 2_400);
        assert_eq!(clock(&manager, &id, "QUALIFY").await["state"], "RUNNING");
        assert_eq!(told(&manager, &id, 4).await, ["1 SLA_MET", "1 SLA_MET", "1 SLA_RESUMED", "1 SLA_RESUMED"], "what was told is taken back");
        let query = "query($id: ID!) { lead(by: { id: $id }) { nextClock { kind } } }";
        assert_eq!(manager.query(query, json!({ "id": id })).await["lead"]["nextClock"]["kind"], "FIRST_CONTACT");
    }

    settings [LONG]
    async fn about_the_erased_nothing_is_promised_and_nothing_written(app: TestApp) {
        promised(&app).await;
        let way = Waterfall::new(&app).await;
        let (offered, taken) = (way.offered(1).await, way.accepted(2).await);
        let admin = app.actor("admin").await;
        for id in [&offered, &taken] {
            let person = admin.query("query($id: ID!) { lead(by: { id: $id }) { person { id } } }", json!({ "id": id })).await;
            admin.mutate("personErase", json!({ "person": person["lead"]["person"]["id"] }), "erasedAt").await;
        }
        way.inside.done("leadAccept", json!({ "lead": offered })).await;
        for id in [&offered, &taken] {
            let clocks = admin.query("query($id: ID!) { lead(by: { id: $id }) { clocks { kind endedAt } } }", json!({ "id": id })).await;
            let open: Vec<&Value> = clocks["lead"]["clocks"].as_array().unwrap().iter().filter(|clock| clock["endedAt"].is_null()).collect();
            assert!(open.is_empty(), "nobody can keep a promise to them: {open:?}");
            let call = json!({ "subject": { "lead": id }, "kind": "CALL", "channel": "PHONE", "note": "asked for Max Muster" });
            assert_eq!(way.inside.refused("activityRecord", call).await[0]["field"], "subject.lead");
            let errors = way.inside.refused("leadUpdate", json!({ "lead": id, "title": "Max Muster's deal" })).await;
            assert_eq!((&errors[0]["field"], &errors[0]["violation"]), (&json!("title"), &json!("CONFLICT")));
            let rest = json!({ "lead": id, "reason": "NOT_NOW", "note": "Max Muster is away" });
            assert_eq!(way.inside.refused("leadRecycle", rest).await[0]["field"], "note");
            way.inside.done("leadUpdate", json!({ "lead": id, "bant": fairfall_tests::factory::ready_to_buy() })).await;
            way.inside.done("leadRecycle", json!({ "lead": id, "reason": "NOT_NOW" })).await;
        }
    }

    settings [LONG]
    async fn an_agreement_that_another_node_put_in_force_a_moment_ago_counts(app: TestApp) {
        promised(&app).await;
        let way = Waterfall::new(&app).await;
        // the rules are read now and kept for a moment
        let id = way.offered(1).await;
        let known = repo::agreement::all(&app.app().store().reader()).await.unwrap();
        let known = known.into_iter().find(|agreement| agreement.key.as_str() == "marketing-to-inside-sales").unwrap();
        let fresh = Agreement { id: new_id(), key: "signed-elsewhere".parse().unwrap(), ..known };
        let uow = app.app().store().begin().await.unwrap();
        repo::agreement::insert(&uow, &fresh, app.clock().now()).await.unwrap();
        uow.commit().await.unwrap();
        put_under(&app, &id, &fresh).await;
        way.inside.done("leadAccept", json!({ "lead": id })).await;
        let contact = clock(&way.inside, &id, "FIRST_CONTACT").await;
        assert_eq!((&contact["state"], &contact["agreement"]["key"]), (&json!("RUNNING"), &json!("signed-elsewhere")));
        let paused = way.inside.mutate("clockPause", json!({ "clock": contact["id"], "reason": "CONTACT_AWAY" }), "clock { state }").await;
        assert_eq!(paused["clock"]["state"], "PAUSED", "{paused}");
    }
}
