//! What people say about being contacted: bases, proofs, histories, and who learns of it.

use fairfall_tests::factory::{Capture, text};
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

const PERSON: &str = "query($id: ID!, $purpose: ConsentPurpose!, $channel: ContactChannel!) { person(id: $id) {
    version mayContact(purpose: $purpose, channel: $channel) { allowed basis since expiresAt reason }
    consents { purpose channel status basis since expiresAt pendingUntil }
    consentHistory(first: 10) { nodes { purpose channel status basis expiresAt request recordedBy { name }
        proof { how text textVersion language givenAt address confirmedAt confirmedFrom grounds } } } } }";

pub(crate) async fn person_of(client: &Client, lead: &str) -> String {
    let query = "query($id: ID!) { lead(by: { id: $id }) { person { id } } }";
    text(&client.query(query, json!({ "id": lead })).await["lead"]["person"]["id"])
}

pub(crate) async fn known(client: &Client, person: &str, purpose: &str, channel: &str) -> Value {
    let variables = json!({ "id": person, "purpose": purpose, "channel": channel });
    client.query(PERSON, variables).await["person"].clone()
}

/// Whether contact is allowed: the basis, or why not.
pub(crate) async fn permission(client: &Client, person: &str, purpose: &str, channel: &str) -> String {
    let may = known(client, person, purpose, channel).await["mayContact"].clone();
    assert_eq!(may["allowed"] == true, may["reason"].is_null(), "{may}");
    text(if may["allowed"] == true { &may["basis"] } else { &may["reason"] })
}

async fn record(client: &Client, person: &str, consents: Value) -> Value {
    let input = json!({ "person": person, "consents": consents });
    client.mutate("personConsentRecord", input, "person { id }").await["errors"].clone()
}

fn fields(errors: &Value) -> Vec<String> {
    errors.as_array().unwrap().iter().map(|error| text(&error["field"])).collect()
}

on_both_databases! {
    async fn each_basis_carries_what_the_law_lets_it_carry(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let lead = Capture::new(1).by(&marketing).await;
        let person = person_of(&marketing, &lead).await;
        let grounds = json!({ "grounds": "asked for a quote on the fair in May" });
        let granted = |basis: &str, purpose: &str, channel: &str, proof: Value| {
            json!([{ "purpose": purpose, "channel": channel, "status": "GRANTED", "basis": basis, "proof": proof }])
        };
        for (basis, purpose, channel, proof, at) in [
            ("PRESUMED_CONSENT", "SALES_CONTACT", "PHONE", json!({}), "consents.0.proof.grounds"),
            ("PRESUMED_CONSENT", "SALES_CONTACT", "EMAIL", grounds.clone(), "consents.0.basis"),
            ("PRESUMED_CONSENT", "MARKETING", "PHONE", grounds.clone(), "consents.0.basis"),
            ("EXISTING_CUSTOMER", "MARKETING", "SMS", grounds.clone(), "consents.0.basis"),
            ("LEGITIMATE_INTEREST", "MARKETING", "EMAIL", grounds.clone(), "consents.0.basis"),
            ("CONTRACT", "MARKETING", "POST", json!({}), "consents.0.basis"),
        ] {
            let errors = record(&marketing, &person, granted(basis, purpose, channel, proof)).await;
            assert_eq!(fields(&errors), [at], "{basis} {purpose} {channel}: {errors}");
        }
        assert_eq!(known(&marketing, &person, "SALES_CONTACT", "PHONE").await["consentHistory"]["nodes"], json!([]));
        let errors = record(&marketing, &person, granted("PRESUMED_CONSENT", "SALES_CONTACT", "PHONE", grounds.clone())).await;
        assert_eq!(errors, json!([]));
        let seen = known(&marketing, &person, "SALES_CONTACT", "PHONE").await;
        assert_eq!((&seen["mayContact"]["basis"], &seen["consents"][0]["basis"]), (&json!("PRESUMED_CONSENT"), &json!("PRESUMED_CONSENT")));
        assert!(seen["consents"][0]["expiresAt"].is_string(), "{seen}");
        let record_seen = &seen["consentHistory"]["nodes"][0];
        assert_eq!(record_seen["proof"]["grounds"], grounds["grounds"]);
        assert_eq!(record_seen["recordedBy"]["name"], "marketing");
        app.clock().advance(chrono::TimeDelta::days(181));
        let marketing = app.actor("marketing").await;
        assert_eq!(permission(&marketing, &person, "SALES_CONTACT", "PHONE").await, "EXPIRED");
    }

    async fn a_withdrawal_is_only_taken_back_by_the_person(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let person = person_of(&marketing, &Capture::new(1).by(&marketing).await).await;
        let word = |status: &str, basis: Value| {
            let proof = json!({ "grounds": "order 4711" });
            json!([{ "purpose": "MARKETING", "channel": "EMAIL", "status": status, "basis": basis, "proof": proof }])
        };
        assert_eq!(permission(&marketing, &person, "MARKETING", "EMAIL").await, "NEVER_ASKED");
        assert_eq!(record(&marketing, &person, word("GRANTED", json!("EXISTING_CUSTOMER"))).await, json!([]));
        assert_eq!(permission(&marketing, &person, "MARKETING", "EMAIL").await, "EXISTING_CUSTOMER");
        assert_eq!(record(&marketing, &person, word("WITHDRAWN", Value::Null)).await, json!([]));
        assert_eq!(permission(&marketing, &person, "MARKETING", "EMAIL").await, "WITHDRAWN");
        let errors = record(&marketing, &person, word("GRANTED", json!("EXISTING_CUSTOMER"))).await;
        assert_eq!(fields(&errors), ["consents.0.basis"]);
        // a capture with the box ticked does not take it back either
        let again = Capture::new(1).with("productArea", json!("erp"));
        let ticked = json!([{ "purpose": "MARKETING", "channel": "EMAIL", "status": "GRANTED" }]);
        again.with("consents", ticked).by(&marketing).await;
        assert_eq!(permission(&marketing, &person, "MARKETING", "EMAIL").await, "WITHDRAWN");
        assert_eq!(record(&marketing, &person, word("GRANTED", json!("CONSENT"))).await, json!([]));
        assert_eq!(permission(&marketing, &person, "MARKETING", "EMAIL").await, "CONSENT");
        let history = known(&marketing, &person, "MARKETING", "EMAIL").await["consentHistory"]["nodes"].clone();
        let said: Vec<String> = history.as_array().unwrap().iter().map(|record| text(&record["status"])).collect();
        assert_eq!(said, ["GRANTED", "WITHDRAWN", "GRANTED"], "last first, and nothing is overwritten");
    }

    async fn a_capture_brings_its_proof(app: TestApp) {
        let partner = app.actor("partner").await;
        let proof = json!({
            "how": "WEB_FORM", "text": "Ja, ich möchte Neuigkeiten.", "textVersion": "2026-11", "language": "de",
            "address": "203.0.113.7", "userAgent": "Mozilla/5.0",
        });
        let word = |channel: &str| json!({ "purpose": "MARKETING", "channel": channel, "status": "GRANTED", "proof": proof });
        let lead = Capture::new(1).with("consents", json!([word("EMAIL"), word("POST")])).by(&partner).await;
        let marketing = app.actor("marketing").await;
        let person = person_of(&marketing, &lead).await;
        assert_eq!(permission(&marketing, &person, "MARKETING", "EMAIL").await, "UNCONFIRMED", "a form proves no address");
        assert_eq!(permission(&marketing, &person, "MARKETING", "POST").await, "CONSENT");
        let history = known(&marketing, &person, "MARKETING", "EMAIL").await["consentHistory"]["nodes"].clone();
        let kept = &history.as_array().unwrap().iter().find(|record| record["channel"] == "EMAIL").unwrap()["proof"];
        assert_eq!((&kept["text"], &kept["address"]), (&proof["text"], &proof["address"]));
        assert_eq!((&kept["how"], &kept["textVersion"], &kept["language"]), (&proof["how"], &proof["textVersion"], &proof["language"]));
        assert!(kept["givenAt"].is_string());
        let wrong = json!([{ "purpose": "MARKETING", "channel": "EMAIL", "status": "GRANTED", "proof": { "address": "here" } }]);
        let refused = Capture::new(2).with("consents", wrong).payload(&partner).await;
        assert_eq!(fields(&refused["errors"]), ["consents.0.proof.address"]);
    }

    async fn followers_learn_of_it_without_learning_who(app: TestApp) {
        let [marketing, inside, service] = app.actors(["marketing", "inside.fr", "service"]).await;
        let person = person_of(&marketing, &Capture::new(1).by(&marketing).await).await;
        let consents = json!([
            { "purpose": "MARKETING", "channel": "EMAIL", "status": "GRANTED", "proof": { "address": "203.0.113.7", "text": "Ja, gern." } },
            { "purpose": "MARKETING", "channel": "PHONE", "status": "WITHDRAWN" },
        ]);
        assert_eq!(record(&marketing, &person, consents).await, json!([]));
        let query = "{ events(first: 50) { nodes { type subjectVersion subject { id kind } actor { name } lead { id }
            payload { consents { purpose channel status basis } } } } }";
        let event = fairfall_tests::wait::until("the event", || async {
            let events = marketing.query(query, Value::Null).await["events"]["nodes"].clone();
            events.as_array().unwrap().iter().find(|event| event["type"] == "CONSENT_CHANGED").cloned()
        })
        .await;
        assert_eq!(event["subject"], json!({ "id": person, "kind": "PERSON" }));
        assert_eq!((&event["actor"]["name"], &event["lead"]), (&json!("marketing"), &Value::Null));
        assert_eq!(event["payload"]["consents"], json!([
            { "purpose": "MARKETING", "channel": "EMAIL", "status": "GRANTED", "basis": "CONSENT" },
            { "purpose": "MARKETING", "channel": "PHONE", "status": "WITHDRAWN", "basis": null },
        ]));
        let version = known(&marketing, &person, "MARKETING", "EMAIL").await["version"].clone();
        assert_eq!(event["subjectVersion"], version);
        for other in [inside, service] {
            let events = other.query(query, Value::Null).await["events"]["nodes"].clone();
            let of_consent = events.as_array().unwrap().iter().filter(|event| event["type"] == "CONSENT_CHANGED").count();
            assert_eq!(of_consent, 0, "who does not see the person sees nothing of it");
        }
    }

    async fn nobody_reads_or_writes_consents_of_people_they_do_not_see(app: TestApp) {
        let [marketing, inside, analyst] = app.actors(["marketing", "inside.fr", "analyst"]).await;
        let person = person_of(&marketing, &Capture::new(1).by(&marketing).await).await;
        for client in [inside, analyst] {
            assert_eq!(known(&client, &person, "MARKETING", "EMAIL").await, Value::Null);
            let consents = json!([{ "purpose": "MARKETING", "channel": "EMAIL", "status": "GRANTED" }]);
            assert_eq!(record(&client, &person, consents).await[0]["code"], "NOT_FOUND");
            let input = json!({ "person": person, "purpose": "MARKETING", "channels": ["EMAIL"], "text": "Ja." });
            let refused = client.mutate("consentRequest", input, "request { id }").await;
            assert!(matches!(refused["errors"][0]["code"].as_str(), Some("NOT_FOUND" | "NOT_ALLOWED")), "{refused}");
        }
    }

    async fn without_a_mail_server_requests_wait(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let person = person_of(&marketing, &Capture::new(1).by(&marketing).await).await;
        let input = json!({ "person": person, "purpose": "MARKETING", "channels": ["EMAIL"], "text": "Ja, gern." });
        let asked = marketing.mutate("consentRequest", input, "request { state } person { id }").await;
        assert_eq!((&asked["request"]["state"], &asked["person"]["id"]), (&json!("OPEN"), &json!(person)));
        assert_eq!(permission(&marketing, &person, "MARKETING", "EMAIL").await, "CONFIRMATION_PENDING");
        app.clock().advance(chrono::TimeDelta::hours(100));
        let marketing = app.actor("marketing").await;
        assert_eq!(permission(&marketing, &person, "MARKETING", "EMAIL").await, "CONFIRMATION_EXPIRED");
    }
}
