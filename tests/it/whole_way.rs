//! A lead's whole way: from a form in marketing to a customer of customer service, seen by those who follow.

use fairfall_tests::factory::{Capture, ready_to_buy, text};
use fairfall_tests::node;
use fairfall_tests::redact::redact;
use fairfall_tests::socket::{Follower, LEAD_EVENTS, end_of_journal, kinds};
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

/// Every event of the way, in order.
const EVENTS: [&str; 15] = [
    "LEAD_CAPTURED",
    "LEAD_QUALIFIED",
    "LEAD_HANDED_OVER",
    "LEAD_ACCEPTED",
    "LEAD_UPDATED",
    "LEAD_UPDATED",
    "LEAD_SCORED",
    "LEAD_QUALIFIED",
    "LEAD_HANDED_OVER",
    "LEAD_ACCEPTED",
    "LEAD_QUALIFIED",
    "OPPORTUNITY_OPENED",
    "LEAD_WON",
    "CUSTOMER_HANDED_OVER",
    "CUSTOMER_TAKEN_OVER",
];

on_both_databases! {
    async fn a_lead_goes_the_whole_way_and_everybody_saw_it(app: TestApp) {
        let admin = app.actor("admin").await;
        let beginning = end_of_journal(&admin).await;
        let mut follower = Follower::new(&admin, &beginning).await;
        let mut away = Follower::new(&admin, &beginning).await;

        let lead = marketing_brings_it_in(&app).await;
        let seen = away.events(2).await;
        drop(away);
        inside_sales_takes_it(&app, &lead).await;
        inside_sales_asks_and_hands_over(&app, &lead).await;
        field_sales_wins(&app, &lead).await;
        customer_service_takes_over(&app, &lead).await;

        let all = follower.events(EVENTS.len()).await;
        assert_eq!(kinds(&all), EVENTS);
        each_once_in_order(&all);
        assert!(all.iter().all(|event| event["subject"]["id"] == lead.as_str() || event["subject"]["kind"] != "LEAD"), "{all:#?}");

        let mut back = Follower::new(&admin, &text(&seen[1]["cursor"])).await;
        let missed = back.events(EVENTS.len() - 2).await;
        assert_eq!([seen, missed].concat(), all, "who was away sees each event once, in order");
        the_public_client_saw_it_too(&admin, &beginning, &all).await;
    }

    async fn the_history_tells_who_did_what(app: TestApp) {
        let lead = marketing_brings_it_in(&app).await;
        inside_sales_takes_it(&app, &lead).await;
        let names: Vec<_> = app.organisation().names().collect();
        let query = "query($id: ID!) { lead(by: { id: $id }) {
            id version stage state department origin direction channel trackKey country language queueReason
            owner { id } team { id key } person { givenName familyName email jobTitle } company { name country }
            passages { number stage reached outcome }
            transitions { act fromStage toStage fromDepartment toDepartment actor { id } owner { id } queueReason reason agreement { key version } }
        } }";
        let inside = app.actor("inside").await;
        let data = inside.query(query, json!({ "id": lead })).await;
        assert_eq!(redact(&data["lead"], &names), the_lead_at_tal());
    }
}

fn the_lead_at_tal() -> Value {
    let marketing = json!({ "id": "[marketing]" });
    json!({
        "id": "[lead]", "version": 4, "stage": "TAL", "state": "WORKING", "department": "INSIDE_SALES",
        "origin": "MARKETING", "direction": "INBOUND", "channel": "CONTACT_FORM", "trackKey": "field", "country": "DE",
        "language": "de", "queueReason": null,
        "owner": { "id": "[inside]" }, "team": { "id": "[inside-dach]", "key": "inside-dach" },
        "person": {
            "givenName": "Erika", "familyName": "Muster1", "email": "erika1@kunde1.example", "jobTitle": "Leiterin Einkauf",
        },
        "company": { "name": "Kunde 1 GmbH", "country": "DE" },
        "passages": [{ "number": 1, "stage": "TAL", "reached": ["LEAD", "MQL", "TAL"], "outcome": null }],
        "transitions": [
            {
                "act": "CAPTURE", "fromStage": null, "toStage": "LEAD", "fromDepartment": null, "toDepartment": "MARKETING",
                "actor": marketing, "owner": marketing, "queueReason": null, "reason": null, "agreement": null,
            },
            {
                "act": "QUALIFY", "fromStage": "LEAD", "toStage": "MQL", "fromDepartment": "MARKETING",
                "toDepartment": "MARKETING", "actor": marketing, "owner": marketing, "queueReason": null, "reason": null,
                "agreement": { "key": "marketing-to-inside-sales", "version": 1 },
            },
            {
                "act": "HAND_OVER", "fromStage": "MQL", "toStage": "MQL", "fromDepartment": "MARKETING",
                "toDepartment": "INSIDE_SALES", "actor": marketing, "owner": null, "queueReason": "AWAITING_PICK_UP",
                "reason": null, "agreement": { "key": "marketing-to-inside-sales", "version": 1 },
            },
            {
                "act": "ACCEPT", "fromStage": "MQL", "toStage": "TAL", "fromDepartment": "MARKETING",
                "toDepartment": "INSIDE_SALES", "actor": { "id": "[inside]" }, "owner": { "id": "[inside]" },
                "queueReason": null, "reason": null, "agreement": { "key": "marketing-to-inside-sales", "version": 1 },
            },
        ],
    })
}

/// As somebody would with curl: plain HTTP, a token, a body of text.
async fn marketing_brings_it_in(app: &TestApp) -> String {
    let marketing = app.actor("marketing").await;
    let query = "mutation($input: LeadCaptureInput!) { leadCapture(input: $input) { lead { id stage state } errors { code } } }";
    let body = json!({ "query": query, "variables": { "input": Capture::new(1).input() } }).to_string();
    let request = marketing.request("POST", "/graphql").header("content-type", "application/json").body(body);
    let answer = marketing.send(request).await;
    let captured = &answer.json()["data"]["leadCapture"];
    assert_eq!((&captured["errors"], &captured["lead"]["stage"]), (&json!([]), &json!("LEAD")), "{}", answer.text);
    let lead = text(&captured["lead"]["id"]);

    let qualified = marketing.done("leadQualify", json!({ "lead": lead, "to": "MQL" })).await;
    assert_eq!((&qualified["stage"], &qualified["state"]), (&json!("MQL"), &json!("WORKING")));
    let offered = marketing.done("leadHandOver", json!({ "lead": lead })).await;
    assert_eq!((&offered["stage"], &offered["state"]), (&json!("MQL"), &json!("OFFERED")));
    lead
}

async fn inside_sales_takes_it(app: &TestApp, lead: &str) {
    let inside = app.actor("inside").await;
    assert_eq!(queue(&inside).await, [lead]);
    let accepted = inside.done("leadAccept", json!({ "lead": lead })).await;
    assert_eq!((&accepted["stage"], &accepted["state"]), (&json!("TAL"), &json!("WORKING")));
    assert!(queue(&inside).await.is_empty(), "what somebody took waits no more");
}

async fn inside_sales_asks_and_hands_over(app: &TestApp, lead: &str) {
    let inside = app.actor("inside").await;
    let known = json!({ "budget": "NONE", "need": "RECOGNISED", "timelineMonths": 18 });
    let half = inside.done("leadUpdate", json!({ "lead": lead, "bant": known })).await;
    let refused = inside.refused("leadQualify", json!({ "lead": lead, "to": "TQL" })).await;
    assert_eq!(refused, gate_of_tql());
    let unchanged = inside.query("query($id: ID!) { lead(by: { id: $id }) { version stage } }", json!({ "id": lead })).await;
    assert_eq!(unchanged["lead"], json!({ "version": half["version"], "stage": "TAL" }));

    let learned = json!({ "lead": lead, "expectedVersion": half["version"], "bant": ready_to_buy() });
    inside.done("leadUpdate", learned).await;
    inside.done("leadQualify", json!({ "lead": lead, "to": "TQL" })).await;
    inside.done("leadHandOver", json!({ "lead": lead })).await;
}

/// Each unmet criterion with what was found.
fn gate_of_tql() -> Value {
    let unmet = |key: &str, required: &str, found: Value| json!({ "criterion": { "key": key, "required": [required] }, "found": found, "alternatives": [] });
    json!([{
        "__typename": "GateUnmet", "message": "the criteria for `TQL` are not met", "code": "GATE_UNMET", "field": null,
        "gate": "TQL",
        "criteria": [
            unmet("budget-planned", "PLANNED", json!("NONE")),
            unmet("authority-influencer", "INFLUENCER", Value::Null),
            unmet("timeline-12-months", "12", json!("18")),
        ],
    }])
}

async fn field_sales_wins(app: &TestApp, lead: &str) {
    let field = app.actor("field").await;
    assert_eq!(queue(&field).await, [lead]);
    field.done("leadAccept", json!({ "lead": lead })).await;
    field.done("leadQualify", json!({ "lead": lead, "to": "SQL" })).await;
    let amount = json!({ "amountMinor": 11_500_000, "currency": "EUR" });
    let won = field.done("leadWin", json!({ "lead": lead, "amount": amount })).await;
    assert_eq!((&won["stage"], &won["state"]), (&json!("WON"), &json!("WON")));
    let query = "query($id: ID!) { lead(by: { id: $id }) {
        closing { stage amount { amountMinor currency } } opportunity { status amount { amountMinor } } passage { outcome }
    } }";
    let data = field.query(query, json!({ "id": lead })).await;
    assert_eq!(
        data["lead"],
        json!({
            "closing": { "stage": "WON", "amount": { "amountMinor": 11_500_000, "currency": "EUR" } },
            "opportunity": { "status": "WON", "amount": { "amountMinor": 11_500_000 } },
            "passage": { "outcome": "WON" },
        })
    );
}

async fn customer_service_takes_over(app: &TestApp, lead: &str) {
    let [service, colleague] = app.actors(["service", "service.colleague"]).await;
    let query = "{ customersWaiting { nodes { id version status lead { id } company { name } team { key } } } }";
    let waiting = service.query(query, Value::Null).await;
    let customer = &waiting["customersWaiting"]["nodes"][0];
    let expected = json!({
        "id": customer["id"], "version": 1, "status": "HANDED_OVER", "lead": { "id": lead },
        "company": { "name": "Kunde 1 GmbH" }, "team": { "key": "service-dach" },
    });
    assert_eq!(waiting["customersWaiting"]["nodes"], json!([expected]));

    let input = json!({ "customer": customer["id"] });
    let selection = "customer { status takenOverBy { id } } alreadyDone";
    let taken = json!({ "status": "TAKEN_OVER", "takenOverBy": { "id": app.organisation().user("service") } });
    for already_done in [false, true] {
        let payload = service.mutate("customerTakeOver", input.clone(), selection).await;
        assert_eq!(payload, json!({ "customer": taken, "alreadyDone": already_done, "errors": [] }));
    }
    let late = colleague.mutate("customerTakeOver", input, selection).await;
    assert_eq!((&late["customer"], &late["errors"][0]["code"]), (&Value::Null, &json!("TAKEN_BY_COLLEAGUE")));
    let after = service.query(query, Value::Null).await;
    assert_eq!(after["customersWaiting"]["nodes"], json!([]));
}

async fn queue(client: &Client) -> Vec<String> {
    let data = client.query("{ queue(scope: TEAM) { nodes { id } } }", Value::Null).await;
    data["queue"]["nodes"].as_array().unwrap().iter().map(|lead| text(&lead["id"])).collect()
}

fn each_once_in_order(events: &[Value]) {
    let mut ids: Vec<_> = events.iter().map(|event| text(&event["id"])).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), events.len());
    let versions =
        events.iter().filter(|event| event["subject"]["kind"] == "LEAD").map(|event| event["subjectVersion"].as_u64().unwrap());
    assert!(versions.is_sorted());
}

/// The public client of the protocol, begun when all is over, is told the same.
async fn the_public_client_saw_it_too(admin: &Client, beginning: &str, all: &[Value]) {
    if !node::is_there() {
        return;
    }
    let (url, variables) = (format!("ws://{}/graphql/ws", admin.address()), json!({ "after": beginning }).to_string());
    let count = all.len().to_string();
    let said = node::run("subscribe.mjs", &[&url, LEAD_EVENTS, &variables, "--token", admin.token(), "--count", &count]).await;
    assert!(said.well, "{said:?}");
    let events: Vec<_> =
        said.lines().into_iter().filter_map(|mut line| Some(line.get_mut("next")?["data"]["leadEvents"].take())).collect();
    assert_eq!(events, all);
}
