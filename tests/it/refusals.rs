//! Each wrong step, wrong role and foreign object on the way is refused with a typed error, and nothing changes.

use fairfall_tests::factory::{Capture, Waterfall, text};
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

async fn version(client: &Client, lead: &str) -> Value {
    client.query("query($id: ID!) { lead(by: { id: $id }) { version } }", json!({ "id": lead })).await["lead"]["version"].clone()
}

on_both_databases! {
    async fn a_wrong_step_names_what_is_lawful(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let lead = way.captured(1).await;
        let errors = way.marketing.refused("leadWin", json!({ "lead": lead })).await;
        assert_eq!(
            errors,
            json!([{
                "__typename": "InvalidTransition", "code": "INVALID_TRANSITION", "field": null,
                "message": "`WIN` is not lawful for a lead that is `WORKING` at `LEAD`",
                "act": "WIN", "state": "WORKING", "stage": "LEAD",
                "lawful": ["QUALIFY", "REASSIGN", "RECYCLE", "DISQUALIFY", "RETRACK"],
            }])
        );
        let skipped = way.marketing.refused("leadQualify", json!({ "lead": lead, "to": "TQL" })).await;
        assert_eq!(skipped[0]["code"], "INVALID_TRANSITION");
        assert_eq!(version(&way.marketing, &lead).await, 1);
    }

    async fn a_wrong_role_is_told_apart_from_a_wrong_department(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let lead = way.accepted(1).await;
        // marketing still sees what it brought in, and is not the one to act on it
        let errors = way.marketing.refused("leadQualify", json!({ "lead": lead, "to": "TQL" })).await;
        assert_eq!((&errors[0]["__typename"], &errors[0]["action"]), (&json!("NotAllowed"), &json!("QUALIFY_LEAD")));
        let errors = way.inside.refused("leadReassign", reassign(&app, &lead)).await;
        assert_eq!((&errors[0]["__typename"], &errors[0]["action"]), (&json!("NotAllowed"), &json!("REASSIGN_LEAD")));
        // the manager of marketing may withdraw offers, but this one is not with marketing any more
        let manager = app.actor("marketing.manager").await;
        let offered = way.offered(2).await;
        let errors = manager.refused("leadReassign", reassign(&app, &offered)).await;
        assert_eq!((&errors[0]["__typename"], &errors[0]["department"]), (&json!("WrongDepartment"), &json!("INSIDE_SALES")));
    }

    async fn a_foreign_lead_does_not_exist(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let lead = way.accepted(1).await;
        let [french, analyst, partner] = app.actors(["inside.fr", "analyst", "partner"]).await;
        for foreign in [&french, &analyst, &partner, &way.field] {
            let query = "query($id: ID!) { lead(by: { id: $id }) { id } node(id: $id) { id } nodes(ids: [$id]) { id } }";
            let data = foreign.query(query, json!({ "id": lead })).await;
            assert_eq!(data, json!({ "lead": null, "node": null, "nodes": [null] }));
            let errors = foreign.refused("leadQualify", json!({ "lead": lead, "to": "TQL" })).await;
            assert_eq!((&errors[0]["__typename"], &errors[0]["field"]), (&json!("NotFound"), &json!("lead")));
            let leads = foreign.query("{ leads { totalCount nodes { id } } }", Value::Null).await;
            assert_eq!(leads["leads"], json!({ "totalCount": 0, "nodes": [] }));
        }
        let nowhere = way.inside.refused("leadAccept", json!({ "lead": "lead_00000000000000000000000000" })).await;
        assert_eq!(nowhere[0]["__typename"], "NotFound", "what does not exist looks the same");
        assert_eq!(version(&way.inside, &lead).await, 4);
    }

    async fn an_offer_waits_for_its_taker(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let lead = way.qualified(1).await;
        let [colleague, french] = app.actors(["inside.colleague", "inside.fr"]).await;
        let wrong = json!({ "lead": lead, "assignee": app.organisation().user("field") });
        let errors = way.marketing.refused("leadHandOver", wrong).await;
        assert_eq!(errors[0]["__typename"], "UnknownTaker");
        let offered = way.marketing.done("leadHandOver", json!({ "lead": lead, "team": app.organisation().team("inside-fr") })).await;
        assert_eq!(offered["state"], "OFFERED");
        let errors = colleague.refused("leadAccept", json!({ "lead": lead })).await;
        assert_eq!(errors[0]["code"], "NOT_FOUND", "{errors}");
        assert_eq!(french.done("leadAccept", json!({ "lead": lead })).await["stage"], "TAL");
    }

    async fn the_same_command_twice_is_already_done(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let lead = way.qualified(1).await;
        let twice = |client: &Client, act: &'static str, input: Value| {
            let client = client.clone();
            async move {
                let first = client.act(act, input.clone()).await;
                let second = client.act(act, input).await;
                assert_eq!((&first["alreadyDone"], &second["alreadyDone"]), (&json!(false), &json!(true)), "{act}: {first} {second}");
                assert_eq!(first["lead"], second["lead"], "{act}");
            }
        };
        twice(&way.marketing, "leadHandOver", json!({ "lead": lead })).await;
        twice(&way.inside, "leadAccept", json!({ "lead": lead })).await;
        twice(&way.inside, "leadUpdate", json!({ "lead": lead, "title": "new" })).await;
        // what rests with marketing is out of inside sales' sight: the repetition is known and shows nothing more
        let recycle = json!({ "lead": lead, "reason": "NOT_NOW" });
        assert_eq!(way.inside.act("leadRecycle", recycle.clone()).await["lead"]["stage"], "NURTURING");
        assert_eq!(way.inside.act("leadRecycle", recycle).await, json!({ "lead": null, "alreadyDone": true, "errors": [] }));
        twice(&way.marketing, "leadReactivate", json!({ "lead": lead })).await;
    }

    async fn who_read_an_old_version_is_told_the_new_one(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let lead = way.captured(1).await;
        way.marketing.done("leadUpdate", json!({ "lead": lead, "title": "first", "expectedVersion": 1 })).await;
        for (act, input) in [
            ("leadUpdate", json!({ "lead": lead, "title": "second", "expectedVersion": 1 })),
            ("leadQualify", json!({ "lead": lead, "to": "MQL", "expectedVersion": 1 })),
        ] {
            let errors = way.marketing.refused(act, input).await;
            let told = (&errors[0]["__typename"], &errors[0]["current"], &errors[0]["field"]);
            assert_eq!(told, (&json!("VersionConflict"), &json!(2), &json!("expectedVersion")), "{act}");
        }
    }

    async fn an_idempotency_key_stands_for_one_request(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let capture = Capture::new(1).with("idempotencyKey", json!("form-7"));
        let first = capture.payload(&marketing).await;
        let again = capture.payload(&marketing).await;
        assert_eq!((&first["alreadyDone"], &again["alreadyDone"]), (&json!(false), &json!(true)));
        assert_eq!(first["lead"], again["lead"]);
        let other = Capture::new(2).with("idempotencyKey", json!("form-7")).payload(&marketing).await;
        assert_eq!((&other["lead"], &other["errors"][0]["code"]), (&Value::Null, &json!("IDEMPOTENCY_CONFLICT")));
        let colleague = app.actor("marketing.manager").await;
        let own = Capture::new(2).with("idempotencyKey", json!("form-7")).payload(&colleague).await;
        assert_eq!(own["errors"], json!([]), "keys are each caller's own");
        let count = marketing.query("{ leads { totalCount } }", Value::Null).await;
        assert_eq!(count["leads"]["totalCount"], 2);
    }

    async fn a_person_has_one_open_lead_for_a_product_area(app: TestApp) {
        let [marketing, french] = app.actors(["marketing", "inside.fr"]).await;
        let lead = Capture::new(1).by(&marketing).await;
        let fed = Capture::new(1).payload(&marketing).await;
        assert_eq!((&fed["lead"]["id"], &fed["alreadyDone"]), (&json!(lead), &json!(true)), "who sees the lead feeds it");
        let unseen = Capture::new(1).payload(&french).await;
        assert_eq!((&unseen["errors"][0]["code"], &unseen["errors"][0]["existing"]), (&json!("DUPLICATE_LEAD"), &Value::Null));
        let other = Capture::new(1).with("productArea", json!("erp")).by(&marketing).await;
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Lead { person { id } company { id } } } }";
        let data = marketing.query(query, json!({ "ids": [lead, other] })).await;
        assert_eq!(data["nodes"][0], data["nodes"][1], "the same person and company, known by address and name");
        marketing.done("leadDisqualify", json!({ "lead": lead, "reason": "SPAM" })).await;
        Capture::new(1).by(&marketing).await;
    }

    async fn every_fault_of_an_input_is_told_at_once(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let person = json!({ "new": { "email": "not an address", "phone": "12", "country": "XX", "language": "?" } });
        let capture = Capture::new(1).with("person", person).with("productArea", json!("not a key")).worth(-1);
        let payload = capture.with("campaign", json!("campaign_wrong")).payload(&marketing).await;
        let fields: Vec<_> = payload["errors"].as_array().unwrap().iter().map(|error| text(&error["field"])).collect();
        // ids are read first: a text that is no id cannot name anything
        assert_eq!(fields, ["campaign"]);
        let person = json!({ "new": { "email": "not an address", "phone": "12", "country": "XX", "language": "?" } });
        let capture = Capture::new(1).with("person", person).with("productArea", json!("not a key")).worth(-1);
        let payload = capture.payload(&marketing).await;
        let mut fields: Vec<_> = payload["errors"].as_array().unwrap().iter().map(|error| text(&error["field"])).collect();
        fields.sort_unstable();
        let expected =
            ["country", "email", "familyName", "language", "phone"].map(|field| format!("person.new.{field}")).into_iter();
        let expected: Vec<_> = expected.chain(["productArea", "value.amountMinor"].map(str::to_owned)).collect();
        assert_eq!(fields, expected);
        assert!(!payload.to_string().contains("not an address"), "messages repeat no personal data");
    }
}

fn reassign(app: &TestApp, lead: &str) -> Value {
    json!({ "lead": lead, "assignee": app.organisation().user("inside.colleague"), "reason": "BALANCE" })
}
