//! Promises about leads from outside: what starts and keeps them, what lets them stand still, and how queues are sorted by them.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use fairfall_tests::agreement::promise;
use fairfall_tests::factory::{Capture, Waterfall, text};
use fairfall_tests::wait::until;
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

use crate::authz_coverage::merged;

/// Sessions that last while an hour of the test's clock goes by.
pub(crate) const LONG: (&str, &str) = ("SESSION__ACCESS_TOKEN_MINUTES", "60");

/// What marketing and inside sales promise each other in these tests.
pub(crate) async fn promised(app: &TestApp) {
    let clocks = json!([
        { "kind": "ACCEPT", "tiers": ["HOT"], "promise": { "basis": "WALL", "seconds": 1_800 } },
        { "kind": "ACCEPT", "promise": { "basis": "WALL", "seconds": 14_400 } },
        { "kind": "FIRST_CONTACT", "promise": { "basis": "WALL", "seconds": 3_600 }, "pause_seconds_max": 7_200 },
        { "kind": "QUALIFY", "promise": { "basis": "WALL", "seconds": 864_000 } },
    ]);
    promise(app, "marketing-to-inside-sales", clocks).await;
}

/// A time of an answer.
fn time(value: &Value) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(value.as_str().unwrap()).unwrap().to_utc()
}

/// The test's clock runs on beside the test: seconds left are a few less than what was promised.
pub(crate) fn about(value: &Value, seconds: i64) {
    let found = value.as_i64().unwrap();
    assert!((seconds - 120..=seconds).contains(&found), "{found} is not about {seconds}");
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

const CLOCKS: &str = "query($id: ID!) { lead(by: { id: $id }) { nextClock { kind } clocks {
    id kind state startedAt dueAt secondsLeft promiseSecondsLeft total lap breachedAt breachedBy { id } endedAt promise { text } agreement { key version }
    giving department holder { id } pause { reason until } } } }";

async fn lead(client: &Client, id: &str) -> Value {
    client.query(CLOCKS, json!({ "id": id })).await["lead"].clone()
}

/// The clock of a kind.
pub(crate) async fn clock(client: &Client, id: &str, kind: &str) -> Value {
    let lead = lead(client, id).await;
    lead["clocks"].as_array().unwrap().iter().find(|clock| clock["kind"] == kind).cloned().unwrap_or(Value::Null)
}

pub(crate) async fn record(client: &Client, lead: &str, more: Value) -> Value {
    let mut input = json!({ "subject": { "lead": lead } });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    client.mutate("activityRecord", input, "activity { kind outcome note }").await
}

/// Lets a clock stand still for so many minutes; answers how long it will, whether that is all of them, and whether it was so before.
async fn paused(app: &TestApp, client: &Client, clock: &Value, minutes: i64) -> (TimeDelta, bool, Value) {
    let asked = moment(app.clock().now() + TimeDelta::minutes(minutes));
    let input = json!({ "clock": clock, "reason": "CONTACT_AWAY", "until": asked });
    let payload = client.mutate("clockPause", input, "clock { pause { from until } } alreadyDone").await;
    assert_eq!(payload["errors"], json!([]));
    let pause = &payload["clock"]["pause"];
    (time(&pause["until"]) - time(&pause["from"]), pause["until"] == asked.as_str(), payload["alreadyDone"].clone())
}

/// Waits until the worker lets the clock of a first contact run on.
async fn runs_on(client: &Client, lead: &str) {
    until("it runs on", || async { (clock(client, lead, "FIRST_CONTACT").await["state"] == "RUNNING").then_some(()) }).await;
}

on_both_databases! {
    settings [LONG]
    async fn an_offer_runs_under_its_agreement_and_is_answered(app: TestApp) {
        promised(&app).await;
        let way = Waterfall::new(&app).await;
        let id = way.offered(1).await;
        app.clock().advance(TimeDelta::minutes(30));
        let running = clock(&way.inside, &id, "ACCEPT").await;
        assert_eq!(running["state"], "RUNNING", "{running}");
        assert_eq!((&running["giving"], &running["department"]), (&json!("MARKETING"), &json!("INSIDE_SALES")));
        assert_eq!(running["agreement"], json!({ "key": "marketing-to-inside-sales", "version": 1 }));
        assert_eq!(running["promise"]["text"], "wall 4h");
        assert_eq!(time(&running["dueAt"]) - time(&running["startedAt"]), TimeDelta::hours(4));
        about(&running["secondsLeft"], 12_600);
        about(&running["promiseSecondsLeft"], 12_600);
        assert!(text(&running["total"]).starts_with("PT3") && running["lap"] == 1, "{running}");
        way.inside.done("leadAccept", json!({ "lead": id })).await;
        let answered = clock(&way.inside, &id, "ACCEPT").await;
        assert_eq!((&answered["state"], &answered["dueAt"], &answered["secondsLeft"]), (&json!("MET"), &Value::Null, &Value::Null));
        assert!(time(&answered["endedAt"]) - time(&answered["startedAt"]) >= TimeDelta::minutes(30));
        let lead = lead(&way.inside, &id).await;
        let kinds: Vec<_> = lead["clocks"].as_array().unwrap().iter().map(|clock| (text(&clock["kind"]), text(&clock["state"]))).collect();
        assert_eq!(kinds.len(), 3);
        assert!(kinds.contains(&("FIRST_CONTACT".to_owned(), "RUNNING".to_owned())) && kinds.contains(&("QUALIFY".to_owned(), "RUNNING".to_owned())));
        assert_eq!(lead["nextClock"]["kind"], "FIRST_CONTACT");
        way.inside.done("leadUpdate", json!({ "lead": id, "bant": fairfall_tests::factory::ready_to_buy() })).await;
        way.inside.done("leadQualify", json!({ "lead": id, "to": "TQL" })).await;
        assert_eq!(clock(&way.inside, &id, "QUALIFY").await["state"], "MET");
    }

    settings [LONG]
    async fn a_first_contact_is_one_that_reached_them(app: TestApp) {
        promised(&app).await;
        let way = Waterfall::new(&app).await;
        let id = way.accepted(1).await;
        app.clock().advance(TimeDelta::minutes(20));
        let tried = record(&way.inside, &id, json!({ "kind": "CALL", "channel": "PHONE", "outcome": "MESSAGE_LEFT" })).await;
        assert_eq!(tried["activity"]["outcome"], "MESSAGE_LEFT", "{tried}");
        record(&way.inside, &id, json!({ "kind": "EMAIL", "channel": "EMAIL" })).await;
        let noted = record(&way.inside, &id, json!({ "kind": "NOTE", "note": "mailbox is full" })).await;
        assert_eq!(noted["activity"], json!({ "kind": "NOTE", "outcome": null, "note": "mailbox is full" }));
        assert_eq!(clock(&way.inside, &id, "FIRST_CONTACT").await["state"], "RUNNING", "nobody was reached");
        record(&way.marketing, &id, json!({ "kind": "CALL", "channel": "PHONE", "outcome": "REACHED" })).await;
        assert_eq!(clock(&way.inside, &id, "FIRST_CONTACT").await["state"], "RUNNING", "marketing did not promise it");
        let before = moment(app.clock().now() - TimeDelta::hours(1));
        record(&way.inside, &id, json!({ "kind": "CALL", "channel": "PHONE", "occurredAt": before })).await;
        assert_eq!(clock(&way.inside, &id, "FIRST_CONTACT").await["state"], "RUNNING", "what was before it keeps nothing");
        let at = app.clock().now() - TimeDelta::minutes(5);
        record(&way.inside, &id, json!({ "kind": "MEETING", "outcome": "REACHED", "occurredAt": moment(at) })).await;
        let met = clock(&way.inside, &id, "FIRST_CONTACT").await;
        assert_eq!((&met["state"], &met["endedAt"]), (&json!("MET"), &json!(moment(at))));
        assert!(text(&met["total"]).starts_with("PT15M"), "{met}");
        assert_eq!(lead(&way.inside, &id).await["nextClock"]["kind"], "QUALIFY");
        for (wrong, field) in [(json!({ "kind": "CLICK", "outcome": "REACHED" }), "outcome"), (json!({ "kind": "NOTE" }), "note")] {
            let refused = record(&way.inside, &id, wrong).await;
            assert_eq!(refused["errors"][0]["field"], field, "{refused}");
        }
    }

    settings [LONG]
    async fn calls_in_vain_do_not_make_a_lead_warmer(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let id = way.accepted(1).await;
        let score = "query($id: ID!) { lead(by: { id: $id }) { score { engagement } } }";
        let before = way.inside.query(score, json!({ "id": id })).await;
        record(&way.inside, &id, json!({ "kind": "CALL", "channel": "PHONE", "outcome": "NOT_REACHED" })).await;
        record(&way.inside, &id, json!({ "kind": "EMAIL", "channel": "EMAIL", "outcome": "REACHED" })).await;
        assert_eq!(way.inside.query(score, json!({ "id": id })).await, before);
        record(&way.inside, &id, json!({ "kind": "CALL", "channel": "PHONE", "outcome": "REACHED" })).await;
        assert_ne!(way.inside.query(score, json!({ "id": id })).await, before);
    }

    settings [LONG]
    async fn a_contact_that_is_told_too_late_was_too_late(app: TestApp) {
        promised(&app).await;
        let way = Waterfall::new(&app).await;
        let id = way.accepted(1).await;
        let accepted = app.clock().now();
        app.clock().advance(TimeDelta::hours(2));
        let way = Waterfall::new(&app).await;
        let at = moment(accepted + TimeDelta::minutes(90));
        record(&way.inside, &id, json!({ "kind": "CALL", "channel": "PHONE", "outcome": "REACHED", "occurredAt": at })).await;
        let late = clock(&way.inside, &id, "FIRST_CONTACT").await;
        assert_eq!((&late["state"], &late["endedAt"]), (&json!("MET_LATE"), &json!(at)));
        assert_eq!(time(&late["breachedAt"]) - time(&late["startedAt"]), TimeDelta::hours(1));
    }

    settings [LONG]
    async fn clocks_stand_still_for_a_reason_and_not_for_ever(app: TestApp) {
        promised(&app).await;
        let way = Waterfall::new(&app).await;
        let id = way.accepted(1).await;
        let contact = text(&clock(&way.inside, &id, "FIRST_CONTACT").await["id"]);
        let [colleague, manager, stranger] = app.actors(["inside.colleague", "inside.manager", "inside.fr"]).await;
        let pause = json!({ "clock": contact, "reason": "CONTACT_AWAY" });
        assert_eq!(colleague.refused("clockPause", pause.clone()).await[0]["__typename"], "NotAllowed");
        assert_eq!(stranger.refused("clockPause", pause.clone()).await[0]["__typename"], "NotFound");
        let accept = text(&clock(&way.inside, &id, "ACCEPT").await["id"]);
        let errors = way.inside.refused("clockPause", json!({ "clock": accept, "reason": "CONTACT_AWAY" })).await;
        assert_eq!((&errors[0]["field"], &errors[0]["violation"]), (&json!("clock"), &json!("CONFLICT")), "it has ended");
        let qualify = text(&clock(&way.inside, &id, "QUALIFY").await["id"]);
        let errors = way.inside.refused("clockPause", json!({ "clock": qualify, "reason": "CONTACT_AWAY" })).await;
        assert_eq!(errors[0]["field"], "clock", "the agreement allows no pause of it");
        app.clock().advance(TimeDelta::minutes(30));
        let until = moment(app.clock().now() + TimeDelta::hours(1));
        let asked = json!({ "clock": contact, "reason": "CONTACT_ASKED_LATER", "until": until });
        let paused = way.inside.mutate("clockPause", asked.clone(), "clock { state dueAt promiseSecondsLeft pause { reason until } } alreadyDone").await;
        about(&paused["clock"]["promiseSecondsLeft"], 1_800);
        assert_eq!((&paused["clock"]["state"], &paused["clock"]["dueAt"]), (&json!("PAUSED"), &Value::Null));
        assert_eq!(paused["clock"]["pause"], json!({ "reason": "CONTACT_ASKED_LATER", "until": until }));
        let again = way.inside.mutate("clockPause", asked, "alreadyDone").await;
        assert_eq!(again["alreadyDone"], true);
        app.clock().advance(TimeDelta::minutes(10));
        let resumed = manager.mutate("clockResume", json!({ "clock": contact }), "clock { state dueAt pause { until } } alreadyDone").await;
        assert_eq!((&resumed["clock"]["state"], &resumed["clock"]["pause"]), (&json!("RUNNING"), &Value::Null));
        about(&json!((time(&resumed["clock"]["dueAt"]) - app.clock().now()).num_seconds()), 1_800);
        assert_eq!(manager.mutate("clockResume", json!({ "clock": contact }), "alreadyDone").await["alreadyDone"], true);
        let query = "{ events(first: 100) { nodes { type lead { id } } } }";
        let told = fairfall_tests::wait::until("it is told", || async {
            let events = manager.query(query, Value::Null).await;
            let ours = events["events"]["nodes"].as_array().unwrap().iter().filter(|event| event["lead"]["id"] == id.as_str());
            let told: Vec<_> = ours.map(|event| text(&event["type"])).filter(|kind| kind.starts_with("SLA_")).collect();
            (told.len() >= 3).then_some(told)
        })
        .await;
        assert_eq!(told, ["SLA_MET", "SLA_PAUSED", "SLA_RESUMED"], "the offer was answered, and then");
    }

    settings [LONG]
    async fn what_stood_still_as_long_as_was_agreed_runs_on(app: TestApp) {
        promised(&app).await;
        let way = Waterfall::new(&app).await;
        let id = way.accepted(1).await;
        let contact = clock(&way.inside, &id, "FIRST_CONTACT").await["id"].clone();
        let (first, whole, _) = paused(&app, &way.inside, &contact, 80).await;
        assert!(whole, "there is as much left as was asked for");
        app.clock().advance(TimeDelta::minutes(80));
        let inside = app.actor("inside").await;
        runs_on(&inside, &id).await;
        // two hours were agreed on
        let (rest, whole, already_done) = paused(&app, &inside, &contact, 180).await;
        assert_eq!((rest, whole, already_done), (TimeDelta::hours(2) - first, false, json!(false)), "cut to what is left");
        assert_eq!(paused(&app, &inside, &contact, 200).await, (rest, false, json!(true)), "to ask for more gives no more");
        app.clock().advance(TimeDelta::minutes(41));
        let inside = app.actor("inside").await;
        runs_on(&inside, &id).await;
        for more in [json!({}), json!({ "until": moment(app.clock().now() + TimeDelta::minutes(1)) })] {
            let input = merged(json!({ "clock": contact, "reason": "SYSTEM_FAULT" }), more);
            let errors = inside.refused("clockPause", input).await;
            let told = (&errors[0]["violation"], &errors[0]["message"]);
            assert_eq!(told, (&json!("CONFLICT"), &json!("it has stood still as long as the agreement allows")));
        }
        let running = clock(&inside, &id, "FIRST_CONTACT").await;
        assert_eq!((&running["state"], &running["breachedAt"]), (&json!("RUNNING"), &Value::Null), "two hours of rest cost nothing");
    }

    settings [LONG]
    async fn queues_show_first_what_is_due_first(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let unpromised = way.offered(1).await;
        app.clock().advance(TimeDelta::minutes(1));
        promised(&app).await;
        let warm = way.offered(2).await;
        app.clock().advance(TimeDelta::minutes(10));
        let hot = Capture::new(3).by(&way.marketing).await;
        let until = moment(app.clock().now() + TimeDelta::days(1));
        let grade = json!({ "lead": hot, "grade": "A1", "reason": "asked for us by name", "until": until });
        app.actor("marketing.manager").await.mutate("leadScoreOverride", grade, "lead { id }").await;
        way.marketing.done("leadQualify", json!({ "lead": hot, "to": "MQL" })).await;
        way.marketing.done("leadHandOver", json!({ "lead": hot })).await;
        let manager = app.actor("inside.manager").await;
        let query = "{ queue(scope: TEAM) { nodes { id nextClock { kind state secondsLeft promise { text } } } } }";
        let queue = manager.query(query, Value::Null).await;
        let nodes = queue["queue"]["nodes"].as_array().unwrap();
        let order: Vec<_> = nodes.iter().map(|lead| text(&lead["id"])).collect();
        assert_eq!(order, [hot.clone(), warm.clone(), unpromised.clone()], "{queue}");
        let first = &nodes[0]["nextClock"];
        assert_eq!((&first["kind"], &first["state"], &first["promise"]["text"]), (&json!("ACCEPT"), &json!("RUNNING"), &json!("wall 30m")));
        about(&first["secondsLeft"], 1_800);
        about(&nodes[1]["nextClock"]["secondsLeft"], 13_800);
        assert_eq!(nodes[2]["nextClock"], Value::Null);
        let paged = "query($after: String) { queue(scope: TEAM, first: 1, after: $after) { nodes { id } pageInfo { endCursor } } }";
        let mut after = Value::Null;
        for expected in order {
            let page = manager.query(paged, json!({ "after": after })).await;
            assert_eq!(page["queue"]["nodes"][0]["id"], expected.as_str());
            after = page["queue"]["pageInfo"]["endCursor"].clone();
        }
        let list = "query($filter: ClockFilterInput) { clocks(filter: $filter) { nodes { lead { id } kind } } }";
        let due = manager.query(list, json!({ "filter": { "kinds": ["ACCEPT"] } })).await;
        let leads: Vec<_> = due["clocks"]["nodes"].as_array().unwrap().iter().map(|clock| text(&clock["lead"]["id"])).collect();
        assert_eq!(leads, [hot, warm]);
        let none = manager.query(list, json!({ "filter": { "mine": true } })).await;
        assert_eq!(none["clocks"]["nodes"], json!([]));
        let foreign = app.actor("inside.fr").await.query(list, Value::Null).await;
        assert_eq!(foreign["clocks"]["nodes"], json!([]), "whose leads one may not see, their promises neither");
    }

    settings [LONG]
    async fn customer_service_takes_over_in_time(app: TestApp) {
        promise(&app, "field-sales-to-customer-service", json!([{ "kind": "SERVICE_ACCEPT", "promise": { "basis": "WALL", "seconds": 3_600 } }])).await;
        let way = Waterfall::new(&app).await;
        let id = way.won(1).await;
        let admin = app.actor("admin").await;
        let waits = clock(&admin, &id, "SERVICE_ACCEPT").await;
        assert_eq!((&waits["state"], &waits["department"], &waits["giving"]), (&json!("RUNNING"), &json!("CUSTOMER_SERVICE"), &json!("FIELD_SALES")));
        app.clock().advance(TimeDelta::minutes(45));
        let service = app.actor("service").await;
        let waiting = service.query("{ customersWaiting { nodes { id nextClock { kind state secondsLeft } } } }", Value::Null).await;
        let promised = &waiting["customersWaiting"]["nodes"][0]["nextClock"];
        assert_eq!((&promised["kind"], &promised["state"]), (&json!("SERVICE_ACCEPT"), &json!("RUNNING")));
        about(&promised["secondsLeft"], 900);
        let customer = &waiting["customersWaiting"]["nodes"][0]["id"];
        service.mutate("customerTakeOver", json!({ "customer": customer }), "customer { id }").await;
        let taken = clock(&app.actor("admin").await, &id, "SERVICE_ACCEPT").await;
        assert_eq!(taken["state"], "MET");
        assert!(text(&taken["total"]).starts_with("PT45M"), "{taken}");
    }

    settings [LONG]
    async fn nothing_is_promised_to_the_erased(app: TestApp) {
        promised(&app).await;
        let way = Waterfall::new(&app).await;
        let id = way.accepted(1).await;
        let admin = app.actor("admin").await;
        let person = admin.query("query($id: ID!) { lead(by: { id: $id }) { person { id } } }", json!({ "id": id })).await;
        admin.mutate("personErase", json!({ "person": person["lead"]["person"]["id"] }), "erasedAt").await;
        let lead = lead(&admin, &id).await;
        let open: Vec<_> = lead["clocks"].as_array().unwrap().iter().filter(|clock| clock["endedAt"].is_null()).collect();
        assert!(open.is_empty() && lead["nextClock"].is_null(), "{lead}");
        assert_eq!(clock(&admin, &id, "FIRST_CONTACT").await["state"], "CANCELLED");
    }

    settings [LONG]
    async fn a_lead_that_goes_on_takes_its_promises_along(app: TestApp) {
        promised(&app).await;
        let way = Waterfall::new(&app).await;
        let id = way.accepted(1).await;
        let before = clock(&way.inside, &id, "QUALIFY").await;
        app.clock().advance(TimeDelta::minutes(15));
        let manager = app.actor("inside.manager").await;
        let colleague = app.organisation().user("inside.colleague");
        manager.done("leadReassign", json!({ "lead": id, "assignee": colleague, "reason": "ABSENCE" })).await;
        let after = clock(&manager, &id, "QUALIFY").await;
        assert_eq!((&after["holder"]["id"], &after["lap"]), (&json!(colleague), &json!(1)));
        assert_eq!(after["dueAt"], before["dueAt"], "the promise is the same");
        let mine = app.actor("inside.colleague").await.query("{ clocks(filter: { mine: true }) { nodes { kind } } }", Value::Null).await;
        assert_eq!(mine["clocks"]["nodes"], json!([{ "kind": "FIRST_CONTACT" }, { "kind": "QUALIFY" }]));
    }
}
