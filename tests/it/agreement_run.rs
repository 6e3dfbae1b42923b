//! An agreement from its first word to the promises that run under it.

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_tests::agreement::promise;
use fairfall_tests::factory::{Capture, Waterfall};
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

use crate::agreements::{KEY, act};
use crate::sla_worker::{story, told};

/// Sessions that last while the test's clock goes on.
const LONG: (&str, &str) = ("SESSION__ACCESS_TOKEN_MINUTES", "60");

/// The product area that has an agreement of its own, and the key of that.
const AREA: &str = "pumps";
const OWN: &str = "pumps-to-inside-sales";

/// A promise to answer offers of these tiers, as it is typed.
fn answer(tiers: &[&str], length: &str) -> Value {
    let ladder = json!([{ "atPercent": 50, "act": "NOTIFY_ASSIGNEE" }, { "lap": 1, "atPercent": 100, "act": "NOTIFY_MANAGER" }]);
    json!({ "kind": "ACCEPT", "tiers": tiers, "promise": length, "pauseMax": "PT1H", "ladder": ladder })
}

/// Writes the agreement of the product area, each side its part, and signs it for both.
async fn signed(app: &TestApp) {
    let [giver, taker] = app.actors(["marketing.manager", "inside.manager"]).await;
    let first = json!({ "key": OWN, "labels": { "de": "Pumpen", "en": "Pumps" }, "giving": "MARKETING", "taking": "INSIDE_SALES",
        "scope": { "productAreas": [AREA] }, "clocks": [answer(&[], "wall 1h")] });
    let draft = act(&giver, "agreementDraft", first).await;
    let id = &draft["id"];
    let clocks = json!([answer(&["HOT"], "wall 10m"), answer(&[], "wall 20m")]);
    act(&taker, "agreementUpdate", json!({ "agreement": id, "clocks": clocks, "expectedVersion": 1 })).await;
    let proposal = act(&giver, "agreementPropose", json!({ "agreement": id, "expectedVersion": 2 })).await;
    for client in [&giver, &taker] {
        act(client, "agreementSign", json!({ "agreement": id, "expectedVersion": proposal["revision"] })).await;
    }
}

/// A lead of a product area.
async fn captured(way: &Waterfall, n: usize, area: &str) -> String {
    Capture::new(n).with("productArea", json!(area)).by(&way.marketing).await
}

/// The promise about an offer.
async fn clock(client: &Client, lead: &str) -> Value {
    let query = "query($id: ID!) { lead(by: { id: $id }) { clocks {
        state startedAt dueAt promise { text } agreement { key version } } } }";
    let found = client.query(query, json!({ "id": lead })).await["lead"]["clocks"].clone();
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
    found[0].clone()
}

/// A time of an answer.
fn time(value: &Value) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(value.as_str().unwrap()).unwrap().to_utc()
}

on_both_databases! {
    settings [LONG]
    async fn leads_run_under_what_was_signed_for_them(app: TestApp) {
        promise(&app, KEY, json!([{ "kind": "ACCEPT", "promise": { "basis": "WALL", "seconds": 14_400 } }])).await;
        signed(&app).await;
        let way = Waterfall::new(&app).await;
        let (own, hot, other) = (captured(&way, 1, AREA).await, captured(&way, 2, AREA).await, captured(&way, 3, "crm").await);
        let until = app.clock().now() + TimeDelta::days(1);
        let grade = json!({ "lead": hot, "grade": "A1", "reason": "asked for us by name", "until": until.to_rfc3339() });
        app.actor("marketing.manager").await.mutate("leadScoreOverride", grade, "lead { id }").await;
        for lead in [&own, &hot, &other] {
            way.marketing.done("leadQualify", json!({ "lead": lead, "to": "MQL" })).await;
            way.marketing.done("leadHandOver", json!({ "lead": lead })).await;
        }
        for (lead, key, length, minutes) in [(&own, OWN, "wall 20m", 20), (&hot, OWN, "wall 10m", 10), (&other, KEY, "wall 4h", 240)] {
            let clock = clock(&way.inside, lead).await;
            let told = (&clock["state"], &clock["agreement"], &clock["promise"]["text"]);
            assert_eq!(told, (&json!("RUNNING"), &json!({ "key": key, "version": 1 }), &json!(length)));
            assert_eq!(time(&clock["dueAt"]) - time(&clock["startedAt"]), TimeDelta::minutes(minutes), "{length}");
        }
        // so do their ladders
        app.clock().advance(TimeDelta::minutes(10));
        assert_eq!(told(&way.marketing, &hot, 2).await, ["1 SLA_BREACHED 100", "1 SLA_ESCALATED 100 NOTIFY_MANAGER"]);
        assert_eq!(told(&way.marketing, &own, 1).await, ["1 SLA_WARNED 50 NOTIFY_ASSIGNEE"]);
        assert_eq!(story(&way.marketing, &other).await, Vec::<String>::new());
        assert_eq!(clock(&way.inside, &hot).await["state"], "BREACHED");
        way.inside.done("leadAccept", json!({ "lead": own })).await;
        assert_eq!(clock(&way.inside, &own).await["state"], "MET");
    }
}
