//! What agreements say: criteria, promises, custom attributes. Every fault is told at its place, with what would fit.

use fairfall_tests::factory::{Capture, Waterfall, text};
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

use crate::agreements::{KEY, act, in_force, sign, strict};
use crate::authz_coverage::merged;

/// The fields, kinds and messages of the faults.
fn told(errors: &Value) -> Vec<(String, String)> {
    errors.as_array().unwrap().iter().map(|error| (text(&error["field"]), text(&error["message"]))).collect()
}

fn fields(errors: &Value) -> Vec<String> {
    told(errors).into_iter().map(|(field, _)| field).collect()
}

fn criterion(key: &str, measure: &str, comparison: &str, required: &[&str]) -> Value {
    json!({ "key": key, "labels": { "de": key, "en": key }, "measure": measure, "comparison": comparison, "required": required })
}

fn of_attribute(key: &str, comparison: &str, required: &[&str]) -> Value {
    merged(criterion(key, "ATTRIBUTE", comparison, required), json!({ "attributeKey": key }))
}

const ATTRIBUTE: &str = "attribute { id key version kind status min max options { code labels { de } } }";

async fn define(admin: &Client, key: &str, more: Value) -> Value {
    let input = merged(json!({ "key": key, "labels": { "de": "Merkmal", "en": "Attribute" } }), more);
    let mut payload = admin.mutate("attributeCreate", input, ATTRIBUTE).await;
    assert_eq!(payload["errors"], json!([]), "{key}");
    payload["attribute"].take()
}

fn options(codes: &[&str]) -> Value {
    codes.iter().map(|code| json!({ "code": code, "labels": { "de": code, "en": code } })).collect()
}

/// A capture with an attribute; answers the errors.
async fn captured(client: &Client, n: usize, key: &str, value: Value) -> Value {
    let attributes = json!([{ "key": key, "value": value }]);
    Capture::new(n).with("attributes", attributes).payload(client).await["errors"].clone()
}

on_both_databases! {
    async fn criteria_are_checked_against_the_catalogue(app: TestApp) {
        let giver = app.actor("marketing.manager").await;
        let gate = json!({ "stage": "MQL", "all": [
            criterion("a", "TIMELINE_MONTHS", "AT_MOST", &["121"]),
            criterion("b", "GRADE", "AT_LEAST", &["A4"]),
            criterion("c", "COUNTRY", "AT_LEAST", &["DE"]),
            criterion("a", "COUNTRY", "ONE_OF", &["DE", "Austria"]),
            criterion("d", "GRADE", "KNOWN", &[]),
        ], "any": [{ "criteria": [] }] });
        let errors = giver.refused("agreementDraft", json!({ "key": KEY, "gates": [gate, { "stage": "LEAD" }],
            "recycleWhen": [criterion("r", "CONSENT", "EQUALS", &["true"])] })).await;
        assert_eq!(told(&errors), [("recycleWhen.0.measure".to_owned(), "CONSENT needs `consentPurpose` and `consentChannel`, ATTRIBUTE a valid `attributeKey`".to_owned())]);
        let gate = json!([gate, { "stage": "LEAD" }, { "stage": "MQL" }]);
        let errors = giver.refused("agreementDraft", json!({ "key": KEY, "gates": gate })).await;
        let expected = [
            ("gates.2.stage", "stage `MQL` has two gates"),
            ("gates.0.all.0.required", "measure TIMELINE_MONTHS takes a number from 0 to 120"),
            ("gates.0.all.1.required", "measure GRADE takes one of C3, C2, B3, C1, B2, A3, B1, A2, A1"),
            ("gates.0.all.2.comparison", "measure COUNTRY is compared by one of EQUALS, ONE_OF, NONE_OF, KNOWN"),
            ("gates.0.all.3.required", "measure COUNTRY takes a country code such as DE; `Austria` is none of these"),
            ("gates.0.all.4.comparison", "measure GRADE is compared by one of AT_LEAST, AT_MOST, EQUALS, ONE_OF, NONE_OF"),
            ("gates.0.any.0.criteria", "a group needs a criterion"),
            ("gates.0", "two criteria have the key `a`"),
            ("gates.1.stage", "`LEAD` is entered by capture, no gate stands before it"),
        ];
        assert_eq!(told(&errors), expected.map(|(field, message)| (field.to_owned(), message.to_owned())));
        let typed = json!([{ "stage": "MQL", "all": [criterion("a", "COMPANY_EMPLOYEES", "AT_LEAST", &["many"])] }]);
        let errors = giver.refused("agreementDraft", json!({ "key": KEY, "gates": typed })).await;
        let message = "measure COMPANY_EMPLOYEES takes a number from 0 to 10000000, exactly one for AT_LEAST";
        assert_eq!(told(&errors), [("gates.0.all.0.required".to_owned(), message.to_owned())]);
    }

    async fn promises_are_checked_and_shown_as_they_are_meant(app: TestApp) {
        let giver = app.actor("marketing.manager").await;
        let step = |lap: Value, at: i64, act: &str| json!({ "lap": lap, "atPercent": at, "act": act });
        let wrong = json!([
            { "kind": "ACCEPT", "promise": "4h" },
            { "kind": "ACCEPT", "promise": "business 1d" },
            { "kind": "QUALIFY", "promise": "wall 1d", "pauseMax": "P400D", "ladder": [step(json!(1), 50, "REASSIGN"), step(json!(300), 5_000, "NOTIFY_MANAGER")] },
        ]);
        let errors = giver.refused("agreementDraft", json!({ "key": KEY, "clocks": wrong, "commitments": { "acceptedPercent": 300 } })).await;
        assert_eq!(fields(&errors), ["clocks.0.promise", "clocks.1.promise", "clocks.2.ladder.1.lap", "commitments.acceptedPercent"]);
        let wrong = json!([
            { "kind": "QUALIFY", "promise": "wall 1d", "pauseMax": "P400D", "ladder": [step(json!(1), 50, "REASSIGN"), step(json!(10), 5_000, "NOTIFY_MANAGER")] },
            { "kind": "FEEDBACK", "promise": "wall 1d", "ladder": [step(Value::Null, 100, "RETURN_TO_GIVER")] },
            { "kind": "QUALIFY", "promise": "wall 2d" },
        ]);
        let input = json!({ "key": KEY, "clocks": wrong, "commitments": { "acceptedPercent": 101 },
            "scope": { "tracks": ["field", "nowhere"], "territories": ["territory_00000000000000000000000000"] },
            "rejectReasons": ["OTHER", "LAPSED"] });
        let errors = giver.refused("agreementDraft", input).await;
        assert_eq!(fields(&errors), [
            "scope.tracks.1", "scope.territories.0", "clocks.0.pauseMax", "clocks.0.ladder.0.atPercent", "clocks.0.ladder.1.atPercent",
            "clocks.0.ladder.1.lap", "clocks.1.ladder.0.act", "clocks.2.tiers", "commitments.acceptedPercent", "rejectReasons.1",
        ]);
        let clocks = json!([{ "kind": "ACCEPT", "tiers": ["HOT"], "promise": "business 90m", "pauseMax": "PT4H",
            "ladder": [step(Value::Null, 50, "NOTIFY_ASSIGNEE"), step(json!(2), 100, "RETURN_TO_GIVER")] }]);
        let commitments = json!({ "volumePerMonth": 100, "acceptedPercent": 60, "inTimePercent": 90, "feedbackPercent": null });
        let input = json!({ "key": KEY, "clocks": clocks, "commitments": commitments, "rejectReasons": ["OTHER"] });
        let shown = giver.mutate("agreementDraft", input, "agreement { rejectReasons
            clocks { kind tiers promise basis length pauseMax ladder { lap atPercent act } }
            commitments { volumePerMonth acceptedPercent inTimePercent feedbackPercent } }").await;
        assert_eq!(shown["agreement"], json!({ "rejectReasons": ["OTHER"], "commitments": commitments, "clocks": [{
            "kind": "ACCEPT", "tiers": ["HOT"], "promise": "business 1h 30m", "basis": "BUSINESS", "length": "PT1H30M", "pauseMax": "PT4H",
            "ladder": [step(Value::Null, 50, "NOTIFY_ASSIGNEE"), step(json!(2), 100, "RETURN_TO_GIVER")],
        }] }));
    }

    async fn attributes_are_defined_by_admins_and_hold_for_what_comes_in(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let [admin, giver] = app.actors(["admin", "marketing.manager"]).await;
        assert_eq!(giver.refused("attributeCreate", json!({ "key": "a", "labels": { "de": "a", "en": "a" }, "kind": "FLAG" })).await[0]["code"], "NOT_ALLOWED");
        let wrong = json!({ "key": "not a key", "labels": { "de": " ", "en": "a" }, "kind": "CODE", "min": 1, "options": options(&["a", "a"]) });
        assert_eq!(fields(&admin.refused("attributeCreate", wrong.clone()).await), ["min"]);
        let wrong = merged(wrong, json!({ "min": null }));
        assert_eq!(fields(&admin.refused("attributeCreate", wrong).await), ["key", "labels.de", "options.1.code"]);
        let bounds = json!({ "key": "seats", "labels": { "de": "a", "en": "a" }, "kind": "NUMBER", "min": 5, "max": 1 });
        assert_eq!(fields(&admin.refused("attributeCreate", bounds).await), ["max"]);

        assert!(captured(&way.marketing, 1, "plan", json!({ "text": "anything" })).await.as_array().unwrap().is_empty(), "undefined keys are free");
        let keyed = json!({ "kind": "CODE", "options": options(&["basic", "pro"]), "idempotencyKey": "plan" });
        let plan = define(&admin, "plan", keyed.clone()).await;
        assert_eq!(define(&admin, "plan", keyed).await, plan, "a retry defines nothing twice");
        let seats = define(&admin, "seats", json!({ "kind": "NUMBER", "min": 1, "max": 500 })).await;
        assert_eq!((&seats["min"], &seats["max"], &seats["status"], &seats["version"]), (&json!(1), &json!(500), &json!("ACTIVE"), &json!(1)));
        let taken = json!({ "key": "plan", "labels": { "de": "a", "en": "a" }, "kind": "FLAG" });
        assert_eq!(admin.refused("attributeCreate", taken).await[0]["code"], "TAKEN");

        for (n, key, value, message) in [
            (2, "plan", json!({ "text": "gold" }), "expected one of basic, pro"),
            (3, "plan", json!({ "flag": true }), "expected one of basic, pro"),
            (4, "seats", json!({ "number": 501 }), "expected a number from 1 to 500"),
        ] {
            let errors = captured(&way.marketing, n, key, value).await;
            assert_eq!(told(&errors), [(format!("attributes.{key}"), message.to_owned())]);
        }
        assert_eq!(captured(&way.marketing, 5, "plan", json!({ "text": "pro" })).await, json!([]));
        let lead = way.captured(6).await;
        let patch = |value: Value| json!({ "lead": lead, "attributes": [{ "key": "seats", "value": value }] });
        assert_eq!(fields(&way.marketing.refused("leadUpdate", patch(json!({ "number": 0 }))).await), ["attributes.seats"]);
        way.marketing.done("leadUpdate", patch(json!({ "number": 40 }))).await;

        // what is used only grows
        let change = |attribute: &Value, more: Value| merged(json!({ "attribute": attribute["id"] }), more);
        let fewer = admin.refused("attributeUpdate", change(&plan, json!({ "options": options(&["pro"]) }))).await;
        assert_eq!(fields(&fewer), ["options"]);
        let narrower = admin.refused("attributeUpdate", change(&seats, json!({ "max": 400 }))).await;
        assert_eq!(fields(&narrower), ["max"]);
        let wider = change(&seats, json!({ "max": 900, "expectedVersion": 1 }));
        let changed = admin.mutate("attributeUpdate", wider.clone(), ATTRIBUTE).await;
        assert_eq!((&changed["attribute"]["min"], &changed["attribute"]["max"]), (&json!(1), &json!(900)));
        assert_eq!(admin.refused("attributeUpdate", wider).await[0]["code"], "VERSION_CONFLICT");
        let kind = admin.refused("attributeUpdate", change(&seats, json!({ "options": options(&["a"]) }))).await;
        assert_eq!(fields(&kind)[0], "kind");
        let foreign = json!({ "attribute": "attribute_00000000000000000000000000" });
        assert_eq!(admin.refused("attributeUpdate", foreign).await[0]["code"], "NOT_FOUND");
        let unused = define(&admin, "size", json!({ "kind": "CODE", "options": options(&["s", "m"]) })).await;
        let fewer = admin.mutate("attributeUpdate", change(&unused, json!({ "options": options(&["m"]) })), ATTRIBUTE).await;
        assert_eq!(fewer["attribute"]["options"].as_array().unwrap().len(), 1, "what nobody uses may shrink");
    }

    async fn gates_ask_for_attributes_that_are_defined(app: TestApp) {
        let [admin, giver] = app.actors(["admin", "marketing.manager"]).await;
        let gate = |criteria: Value| json!([{ "stage": "MQL", "all": criteria }]);
        let draft = act(&giver, "agreementDraft", json!({ "key": KEY, "gates": gate(json!([of_attribute("plan", "EQUALS", &["7"])])) })).await;
        let propose = json!({ "agreement": draft["id"] });
        assert_eq!(fields(&giver.refused("agreementPropose", propose.clone()).await), ["gates.0.all.0.attributeKey"], "nobody defined it");
        let plan = define(&admin, "plan", json!({ "kind": "CODE", "options": options(&["7", "pro"]) })).await;
        let update = |criteria: Value| json!({ "agreement": draft["id"], "gates": gate(criteria) });
        let wrong = giver.refused("agreementUpdate", update(json!([of_attribute("plan", "AT_LEAST", &["gold"])]))).await;
        assert_eq!(told(&wrong), [("gates.0.all.0.comparison".to_owned(), "measure ATTRIBUTE `plan` is compared by one of EQUALS, ONE_OF, NONE_OF, KNOWN".to_owned())]);
        let wrong = giver.refused("agreementUpdate", update(json!([of_attribute("plan", "EQUALS", &["gold"])]))).await;
        assert_eq!(told(&wrong), [("gates.0.all.0.required".to_owned(), "measure ATTRIBUTE `plan` takes one of 7, pro".to_owned())]);
        let retired = json!({ "attribute": plan["id"], "status": "RETIRED" });
        admin.mutate("attributeUpdate", retired, ATTRIBUTE).await;
        act(&giver, "agreementUpdate", update(json!([of_attribute("plan", "EQUALS", &["7"])]))).await;
        assert_eq!(fields(&giver.refused("agreementPropose", propose.clone()).await), ["gates.0.all.0.attributeKey"], "it was retired");
        admin.mutate("attributeUpdate", json!({ "attribute": plan["id"], "status": "ACTIVE" }), ATTRIBUTE).await;
        let query = "{ measures { measure attributeKey type comparisons takes min codes { code labels { de } } labels { de en } } attributes { key } }";
        let catalogue = giver.query(query, Value::Null).await;
        let measures = catalogue["measures"].as_array().unwrap();
        assert_eq!(measures.iter().find(|one| one["attributeKey"] == "plan").unwrap(), &json!({
            "measure": "ATTRIBUTE", "attributeKey": "plan", "type": "CODE", "comparisons": ["EQUALS", "ONE_OF", "NONE_OF", "KNOWN"],
            "takes": "one of 7, pro", "min": null, "labels": { "de": "Merkmal", "en": "Attribute" },
            "codes": [{ "code": "7", "labels": { "de": "7" } }, { "code": "pro", "labels": { "de": "pro" } }],
        }));
        let timeline = measures.iter().find(|one| one["measure"] == "TIMELINE_MONTHS").unwrap();
        assert_eq!((&timeline["takes"], &timeline["labels"]["en"]), (&json!("a number from 0 to 120"), &json!("Months until the purchase")));
        assert_eq!(measures.len(), 25);
        let comparisons = |measure: &str| measures.iter().find(|one| one["measure"] == measure).unwrap()["comparisons"].clone();
        assert_eq!(comparisons("COMPANY_KNOWN"), json!(["EQUALS"]), "whether it is known that it is known is no question");
        assert_eq!(comparisons("FIT_POINTS"), json!(["AT_LEAST", "AT_MOST", "EQUALS"]));
        assert_eq!(comparisons("VALUE_MINOR"), json!(["AT_LEAST", "AT_MOST", "EQUALS", "KNOWN"]));
        act(&giver, "agreementPropose", propose.clone()).await;
        for who in ["marketing.manager", "inside.manager"] {
            sign(&app.actor(who).await, &text(&propose["agreement"])).await;
        }
        // what was typed as `7` is compared as the text that leads have
        let way = Waterfall::new(&app).await;
        for (n, value, passes) in [(1, "7", true), (2, "pro", false)] {
            let attributes = json!([{ "key": "plan", "value": { "text": value } }]);
            let lead = Capture::new(n).with("attributes", attributes).by(&way.marketing).await;
            let errors = way.marketing.act("leadQualify", json!({ "lead": lead, "to": "MQL" })).await["errors"].clone();
            assert_eq!(errors == json!([]), passes, "{errors}");
        }
    }

    async fn versions_are_compared_field_by_field(app: TestApp) {
        let giver = app.actor("marketing.manager").await;
        let id = in_force(&app, json!({ "gates": strict(), "rejectReasons": ["DUPLICATE"], "clocks": [{ "kind": "ACCEPT", "promise": "business 4h" }] })).await;
        let data = giver.query("query($key: String) { agreements(filter: { key: $key }, first: 1) { nodes { id version } } }", json!({ "key": KEY })).await;
        let first = &data["agreements"]["nodes"][0];
        assert_eq!(first["version"], 1);
        let query = "query($id: ID!, $with: ID!) { agreement(id: $id) { diff(with: $with) { path kind before { de en } after { de en } } } }";
        let shown = giver.query(query, json!({ "id": id, "with": first["id"] })).await;
        let told: Vec<_> = shown["agreement"]["diff"].as_array().unwrap().iter().map(|one| (text(&one["path"]), text(&one["kind"]))).collect();
        let expected = [
            ("gates.MQL.all.country-known", "REMOVED"), ("gates.MQL.all.soon", "ADDED"), ("gates.MQL.any.0.email-known", "REMOVED"),
            ("gates.MQL.any.0.phone-known", "REMOVED"), ("clocks.ACCEPT", "ADDED"), ("rejectReasons", "CHANGED"),
        ];
        assert_eq!(told, expected.map(|(path, kind)| (path.to_owned(), kind.to_owned())));
        let soon = &shown["agreement"]["diff"][1];
        assert_eq!((&soon["before"], &soon["after"]), (&Value::Null, &json!({
            "de": "Bald (Monate bis zum Kauf höchstens 6)", "en": "Soon (Months until the purchase at most 6)",
        })));
        for with in [json!("agreement_00000000000000000000000000"), json!("nonsense")] {
            let none = giver.query(query, json!({ "id": id, "with": with })).await;
            assert_eq!(none["agreement"]["diff"], Value::Null);
        }
    }
}
