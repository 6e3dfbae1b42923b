//! The acts beside the straight way: back, sideways, to rest and back to life.

use chrono::TimeDelta;
use fairfall_tests::factory::{Capture, Waterfall, ready_to_buy, text};
use fairfall_tests::wait::until;
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

async fn lead(client: &Client, id: &str) -> Value {
    let query = "query($id: ID!) { lead(by: { id: $id }) {
        stage state department owner { id } team { key } trackKey queueReason nurturing { reason resumeAt }
        passages { number outcome } closing { stage loseReason disqualifyReason }
    } }";
    client.query(query, json!({ "id": id })).await["lead"].clone()
}

async fn last_transition(client: &Client, id: &str) -> Value {
    let query = "query($id: ID!) { lead(by: { id: $id }) { transitions { act reason note } } }";
    let mut data = client.query(query, json!({ "id": id })).await;
    data["lead"]["transitions"].as_array_mut().unwrap().pop().unwrap()
}

on_both_databases! {
    async fn a_rejected_offer_goes_back_to_its_giver(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let id = way.offered(1).await;
        let input = json!({ "lead": id, "reason": "INCOMPLETE_RECORD", "note": "no phone" });
        let rejected = way.inside.done("leadReject", input).await;
        assert_eq!((&rejected["stage"], &rejected["state"]), (&json!("MQL"), &json!("WORKING")));
        let back = lead(&way.marketing, &id).await;
        assert_eq!(back["owner"]["id"], app.organisation().user("marketing"));
        let last = last_transition(&way.marketing, &id).await;
        assert_eq!(last, json!({ "act": "REJECT", "reason": "INCOMPLETE_RECORD", "note": "no phone" }));
        way.marketing.done("leadHandOver", json!({ "lead": id })).await;
        assert_eq!(way.inside.done("leadAccept", json!({ "lead": id })).await["stage"], "TAL");
    }

    async fn a_manager_withdraws_an_offer_before_it_is_taken(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let manager = app.actor("marketing.manager").await;
        let id = way.offered(1).await;
        let errors = way.marketing.refused("leadWithdraw", json!({ "lead": id })).await;
        assert_eq!(errors[0]["action"], "WITHDRAW_LEAD");
        let withdrawn = manager.done("leadWithdraw", json!({ "lead": id })).await;
        assert_eq!((&withdrawn["stage"], &withdrawn["state"]), (&json!("MQL"), &json!("WORKING")));
        let errors = way.inside.refused("leadAccept", json!({ "lead": id })).await;
        assert_eq!(errors[0]["code"], "NOT_FOUND", "what is not offered is not inside sales' to see");
        let taken = way.accepted(2).await;
        let errors = manager.refused("leadWithdraw", json!({ "lead": taken })).await;
        assert_eq!(errors[0]["code"], "INVALID_TRANSITION");
    }

    async fn a_manager_gives_a_lead_to_somebody_else(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let [manager, colleague] = app.actors(["inside.manager", "inside.colleague"]).await;
        let id = way.accepted(1).await;
        let input = json!({ "lead": id, "assignee": app.organisation().user("inside.colleague"), "reason": "MISROUTED" });
        manager.done("leadReassign", input).await;
        let given = lead(&colleague, &id).await;
        assert_eq!((&given["owner"]["id"], &given["stage"]), (&json!(app.organisation().user("inside.colleague")), &json!("TAL")));
        let errors = way.inside.refused("leadUpdate", json!({ "lead": id, "bant": ready_to_buy() })).await;
        assert_eq!(errors[0]["code"], "NOT_ALLOWED");
        colleague.done("leadUpdate", json!({ "lead": id, "bant": ready_to_buy() })).await;
        assert_eq!(last_transition(&manager, &id).await["reason"], "MISROUTED");

        let offered = way.offered(2).await;
        let input = json!({ "lead": offered, "assignee": app.organisation().user("inside.colleague"), "reason": "BALANCE" });
        manager.done("leadReassign", input).await;
        let mine = colleague.query("{ queue(scope: MINE) { nodes { id } } }", Value::Null).await;
        assert_eq!(mine["queue"]["nodes"], json!([{ "id": offered }]));
    }

    async fn a_recycled_lead_rests_and_comes_back_with_a_new_passage(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let id = way.accepted(1).await;
        let past = json!({ "lead": id, "reason": "NO_BUDGET_YET", "resumeAt": "2020-01-01T00:00:00Z" });
        let errors = way.inside.refused("leadRecycle", past).await;
        assert_eq!((&errors[0]["code"], &errors[0]["field"]), (&json!("RESUME_IN_PAST"), &json!("resumeAt")));
        way.inside.done("leadRecycle", json!({ "lead": id, "reason": "NO_BUDGET_YET" })).await;
        let resting = lead(&way.marketing, &id).await;
        assert_eq!((&resting["stage"], &resting["nurturing"]["reason"]), (&json!("NURTURING"), &json!("NO_BUDGET_YET")));
        way.marketing.done("leadReactivate", json!({ "lead": id })).await;
        let woken = lead(&way.marketing, &id).await;
        assert_eq!((&woken["stage"], &woken["state"], &woken["department"]), (&json!("LEAD"), &json!("WORKING"), &json!("MARKETING")));
        assert_eq!(woken["passages"], json!([{ "number": 1, "outcome": "RECYCLED" }, { "number": 2, "outcome": null }]));
    }

    async fn a_resting_lead_wakes_by_itself_at_its_time(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let id = way.captured(1).await;
        let at = (app.clock().now() + TimeDelta::days(30)).to_rfc3339();
        way.marketing.done("leadRecycle", json!({ "lead": id, "reason": "NOT_NOW", "resumeAt": at })).await;
        app.clock().advance(TimeDelta::days(31));
        let marketing = app.actor("marketing").await;
        let woken = until("the lead wakes", || async {
            let found = lead(&marketing, &id).await;
            (found["stage"] == "LEAD").then_some(found)
        })
        .await;
        assert_eq!(woken["passages"], json!([{ "number": 1, "outcome": "RECYCLED" }, { "number": 2, "outcome": null }]));
    }

    async fn a_manager_reopens_within_thirty_days(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let id = way.at_closing(1).await;
        way.field.done("leadLose", json!({ "lead": id, "reason": "PRICE" })).await;
        assert_eq!(lead(&way.field, &id).await["closing"], json!({ "stage": "LOST", "loseReason": "PRICE", "disqualifyReason": null }));
        let errors = way.field.refused("leadUpdate", json!({ "lead": id, "title": "late" })).await;
        assert_eq!(errors[0]["code"], "LEAD_CLOSED");
        let manager = app.actor("field.manager").await;
        let reopened = manager.done("leadReopen", json!({ "lead": id, "reason": "CUSTOMER_RETURNED" })).await;
        assert_eq!((&reopened["stage"], &reopened["state"]), (&json!("SQL"), &json!("WORKING")));
        let again = lead(&way.field, &id).await;
        assert_eq!(again["passages"], json!([{ "number": 1, "outcome": null }]));

        way.field.done("leadLose", json!({ "lead": id, "reason": "PRICE", "note": "again" })).await;
        app.clock().advance(TimeDelta::days(31));
        let manager = app.actor("field.manager").await;
        let errors = manager.refused("leadReopen", json!({ "lead": id, "reason": "MISTAKE" })).await;
        assert_eq!(errors[0]["code"], "TOO_LATE");
    }

    async fn no_lead_is_disqualified_and_a_lost_one_may_rest(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let spam = way.captured(1).await;
        way.marketing.done("leadDisqualify", json!({ "lead": spam, "reason": "SPAM" })).await;
        assert_eq!(lead(&way.marketing, &spam).await["closing"]["disqualifyReason"], "SPAM");
        let manager = app.actor("marketing.manager").await;
        manager.done("leadReopen", json!({ "lead": spam, "reason": "MISTAKE" })).await;
        assert_eq!(lead(&way.marketing, &spam).await["stage"], "LEAD");

        let lost = way.at_closing(2).await;
        way.field.done("leadLose", json!({ "lead": lost, "reason": "TIMING" })).await;
        way.field.done("leadRecycle", json!({ "lead": lost, "reason": "LOST_FOR_NOW" })).await;
        assert_eq!(lead(&way.marketing, &lost).await["stage"], "NURTURING");
    }

    async fn the_value_chooses_the_track_and_changes_it(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let small = Capture::new(1).worth(999_999).by(&way.marketing).await;
        let middle = Capture::new(2).worth(10_000_000).by(&way.marketing).await;
        let unknown = Capture::new(3).without("value").by(&way.marketing).await;
        let mut keys = Vec::new();
        for id in [&small, &middle, &unknown] {
            keys.push(text(&lead(&way.marketing, id).await["trackKey"]));
        }
        assert_eq!(keys, ["self-service", "inside", "inside"]);
        let larger = json!({ "lead": middle, "value": { "amountMinor": 10_000_001, "currency": "EUR" } });
        way.marketing.done("leadUpdate", larger).await;
        assert_eq!(lead(&way.marketing, &middle).await["trackKey"], "field");
        way.marketing.done("leadRetrack", json!({ "lead": middle, "track": "two-step" })).await;
        assert_eq!(lead(&way.marketing, &middle).await["trackKey"], "two-step");

        let id = way.accepted(4).await;
        let errors = way.inside.refused("leadRetrack", json!({ "lead": id, "track": "two-step" })).await;
        let told = (&errors[0]["__typename"], &errors[0]["track"], &errors[0]["alternatives"]);
        assert_eq!(told, (&json!("StageNotOnTrack"), &json!("two-step"), &json!([])));
        let smaller = json!({ "lead": id, "value": { "amountMinor": 100, "currency": "EUR" } });
        let payload = way.inside.mutate("leadUpdate", smaller, "lead { trackKey value { amountMinor } } retrack { code }").await;
        let kept = json!({ "trackKey": "field", "value": { "amountMinor": 100 } });
        assert_eq!((&payload["lead"], &payload["retrack"]["code"]), (&kept, &json!("STAGE_NOT_ON_TRACK")));
    }

    async fn the_acts_that_are_open_are_told_with_the_reasons_of_the_others(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let id = way.accepted(1).await;
        let query = "query($id: ID!) { lead(by: { id: $id }) { acts { act to blocked { __typename code } } } }";
        let told = |data: Value| -> Vec<(String, String)> {
            let acts = data["lead"]["acts"].as_array().unwrap().clone();
            acts.iter().map(|act| (text(&act["act"]), act["blocked"]["__typename"].as_str().unwrap_or("").to_owned())).collect()
        };
        let of = |acts: &[(String, String)], act: &str| acts.iter().find(|(name, _)| name == act).unwrap().1.clone();
        let inside = told(way.inside.query(query, json!({ "id": id })).await);
        let expected = [
            ("QUALIFY", "GateUnmet"),
            ("HAND_OVER", "InvalidTransition"),
            ("RECYCLE", ""),
            ("REASSIGN", "NotAllowed"),
            ("WIN", "InvalidTransition"),
            ("REOPEN", "NotAllowed"),
        ];
        for (act, blocked) in expected {
            assert_eq!(of(&inside, act), blocked, "{act}");
        }
        let marketing = told(way.marketing.query(query, json!({ "id": id })).await);
        // values that a refusal tells are only for those who may act
        assert_eq!(of(&marketing, "RECYCLE"), "NotAllowed");
    }
}
