//! What a draft would have done to the leads of the last days: counted by hand.

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_tests::factory::{Capture, Waterfall, text};
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

use crate::agreements::{KEY, act, sign, strict};

async fn replayed(client: &Client, id: &Value, days: u32) -> Value {
    let query = "query($id: ID!, $days: Int!) { agreementReplay(input: { agreement: $id, days: $days }) {
        leads inScope cutShort resting { leads wouldRest }
        gates { stage total { leads passed wouldPass gained lost }
            bySource { channel campaign { key } passing { leads passed wouldPass gained lost } } } } }";
    client.query(query, json!({ "id": id, "days": days })).await["agreementReplay"].clone()
}

fn passing(leads: i64, passed: i64, would_pass: i64, gained: i64, lost: i64) -> Value {
    json!({ "leads": leads, "passed": passed, "wouldPass": would_pass, "gained": gained, "lost": lost })
}

on_both_databases! {
    async fn the_figures_are_those_of_counting_by_hand(app: TestApp) {
        let way = Waterfall::new(&app).await;
        way.captured(1).await;
        app.clock().advance(TimeDelta::days(40));
        let way = Waterfall::new(&app).await;
        let fair = way.marketing.mutate("campaignCreate", json!({ "key": "fair", "name": "Fair", "channel": "EVENT" }), "campaign { id }").await;
        let soon = |n: usize, months: i64| Capture::new(n).with("bant", json!({ "timelineMonths": months }));
        let at_fair = |capture: Capture| capture.with("channel", json!("EVENT")).with("campaign", fair["campaign"]["id"].clone());
        // waits at LEAD and would pass; waits and would not
        soon(2, 3).by(&way.marketing).await;
        soon(3, 9).by(&way.marketing).await;
        // passed and would again; passed and would not; passed, was offered, would not
        let again = at_fair(soon(4, 6)).by(&way.marketing).await;
        let [late, offered] = [at_fair(soon(5, 24)).by(&way.marketing).await, Capture::new(6).by(&way.marketing).await];
        for lead in [&again, &late, &offered] {
            way.marketing.done("leadQualify", json!({ "lead": lead, "to": "MQL" })).await;
        }
        way.marketing.done("leadHandOver", json!({ "lead": offered })).await;
        let giver = app.actor("marketing.manager").await;
        let rest = json!([{ "key": "late", "labels": { "de": "Spät", "en": "Late" }, "measure": "TIMELINE_MONTHS", "comparison": "AT_LEAST", "required": ["9"] }]);
        let draft = act(&giver, "agreementDraft", json!({ "key": KEY, "gates": strict(), "recycleWhen": rest })).await;
        let told = replayed(&giver, &draft["id"], 30).await;
        assert_eq!((&told["leads"], &told["inScope"], &told["cutShort"]), (&json!(5), &json!(5), &json!(false)));
        // at LEAD: 2 and 3; at MQL: 4 and 5; offered ones are not rested
        assert_eq!(told["resting"], json!({ "leads": 4, "wouldRest": 2 }));
        assert_eq!(told["gates"], json!([
            { "stage": "MQL", "total": passing(5, 3, 2, 1, 2), "bySource": [
                { "channel": "EVENT", "campaign": { "key": "fair" }, "passing": passing(2, 2, 1, 0, 1) },
                { "channel": "CONTACT_FORM", "campaign": null, "passing": passing(3, 1, 1, 1, 1) },
            ] },
            // no gate before TAL: all three that reached MQL would be offered
            { "stage": "TAL", "total": passing(3, 1, 3, 2, 0), "bySource": [
                { "channel": "EVENT", "campaign": { "key": "fair" }, "passing": passing(2, 0, 2, 2, 0) },
                { "channel": "CONTACT_FORM", "campaign": null, "passing": passing(1, 1, 1, 0, 0) },
            ] },
        ]));
        assert_eq!(replayed(&giver, &draft["id"], 90).await["leads"], 6, "the older one too");
        // a narrower scope
        act(&giver, "agreementUpdate", json!({ "agreement": draft["id"], "scope": { "productAreas": ["erp"] } })).await;
        let told = replayed(&giver, &draft["id"], 30).await;
        assert_eq!((&told["leads"], &told["inScope"], &told["gates"]), (&json!(5), &json!(0), &json!([])));
    }

    async fn points_are_those_of_now(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let lead = way.captured(1).await;
        let giver = app.actor("marketing.manager").await;
        let lively = json!([{ "stage": "MQL", "all": [{
            "key": "lively", "labels": { "de": "Rege", "en": "Lively" },
            "measure": "ENGAGEMENT_POINTS", "comparison": "AT_LEAST", "required": ["43"],
        }] }]);
        let draft = act(&giver, "agreementDraft", json!({ "key": KEY, "gates": lively })).await;
        let would = |passed: i64| json!([{ "stage": "MQL", "total": passing(1, 0, passed, passed, 0), "bySource": [
            { "channel": "CONTACT_FORM", "campaign": null, "passing": passing(1, 0, passed, passed, 0) },
        ] }]);
        // the contact form gives 45
        assert_eq!(replayed(&giver, &draft["id"], 30).await["gates"], would(1));
        let query = "query($id: ID!) { lead(by: { id: $id }) { score { grade engagement nextChangeAt } } }";
        let score = giver.query(query, json!({ "id": lead })).await["lead"]["score"].clone();
        let falls: DateTime<Utc> = text(&score["nextChangeAt"]).parse().unwrap();
        // the grade is the same until it reaches 40, so that nothing was stored since
        app.clock().advance(falls - app.clock().now() - TimeDelta::minutes(30));
        let giver = app.actor("marketing.manager").await;
        let later = giver.query(query, json!({ "id": lead })).await["lead"]["score"].clone();
        assert_eq!(later["grade"], score["grade"]);
        assert!(later["engagement"].as_i64().unwrap() < 43, "{later}");
        assert_eq!(replayed(&giver, &draft["id"], 30).await["gates"], would(0));
        // and so says the gate itself
        let named = json!({ "agreement": draft["id"] });
        act(&giver, "agreementPropose", named.clone()).await;
        for who in ["marketing.manager", "inside.manager"] {
            sign(&app.actor(who).await, &text(&draft["id"])).await;
        }
        let errors = app.actor("marketing").await.refused("leadQualify", json!({ "lead": lead, "to": "MQL" })).await;
        assert_eq!((&errors[0]["code"], &errors[0]["criteria"][0]["criterion"]["key"]), (&json!("GATE_UNMET"), &json!("lively")));
    }

    async fn it_is_for_those_who_write_the_agreement(app: TestApp) {
        let [giver, stranger] = app.actors(["marketing.manager", "field.manager"]).await;
        let partner = app.actor("partner").await;
        let id = text(&act(&giver, "agreementDraft", json!({ "key": KEY })).await["id"]);
        let query = "query($id: ID!, $days: Int) { agreementReplay(input: { agreement: $id, days: $days }) { leads } }";
        for (client, id, days, code) in [
            (&stranger, id.as_str(), 90, "NOT_ALLOWED"),
            (&partner, id.as_str(), 90, "BAD_USER_INPUT"),
            (&giver, "agreement_00000000000000000000000000", 90, "BAD_USER_INPUT"),
            (&giver, id.as_str(), 91, "BAD_USER_INPUT"),
            (&giver, id.as_str(), 0, "BAD_USER_INPUT"),
        ] {
            let reply = client.ask(query, json!({ "id": id, "days": days })).await;
            assert_eq!(reply.code(), code, "{}", reply.text);
        }
    }
}
