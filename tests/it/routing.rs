//! Leads go to whose turn it is: on real acts, with the ledger put right when somebody decides otherwise.

use fairfall_tests::factory::{Capture, Waterfall, text};
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

const PLACED: &str = "query($id: ID!) { lead(by: { id: $id }) {
    state queueReason owner { id } offer { assignee { id } }
    decisions { id cause tier chosenBy fairRule queueReason countsFor { id } misroutedAt pool { key } team { key }
        candidates { user { id } rule weight share deviation }
        explanation german: explanation(language: DE)
    }
} }";

/// Every tier, so that no score stands in the way.
fn every_tier() -> Value {
    json!([
        { "tier": "HOT", "prefer": null }, { "tier": "WARM" }, { "tier": "STANDARD", "prefer": null }, { "tier": "WEAK" },
    ])
}

/// A pool of the inside team, with more fields.
async fn pool(app: &TestApp, more: Value) -> String {
    let admin = app.actor("admin").await;
    let members: Vec<Value> =
        ["inside", "inside.colleague"].iter().map(|who| json!({ "user": app.organisation().user(who), "weight": 10 })).collect();
    let mut input = json!({
        "key": "inside-pool", "name": "Inside", "team": app.organisation().team("inside-dach"), "tiers": every_tier(),
        "members": members,
    });
    for (field, value) in more.as_object().unwrap() {
        input[field] = value.clone();
    }
    text(&acted(&admin, "poolCreate", input).await["id"])
}

/// Changes a pool, which must succeed; answers it.
async fn acted(admin: &Client, field: &str, input: Value) -> Value {
    let payload = admin.mutate(field, input, "pool { id version } errors { code field message }").await;
    assert_eq!(payload["errors"], json!([]));
    payload["pool"].clone()
}

async fn placed(client: &Client, lead: &str) -> Value {
    client.query(PLACED, json!({ "id": lead })).await["lead"].clone()
}

/// How many of some leads were offered to a user.
async fn offered_to(client: &Client, leads: &[String], user: &str) -> usize {
    let mut count = 0;
    for lead in leads {
        count += usize::from(placed(client, lead).await["offer"]["assignee"]["id"] == user);
    }
    count
}

on_both_databases! {
    async fn hand_overs_take_turns_and_say_why(app: TestApp) {
        pool(&app, json!({})).await;
        let waterfall = Waterfall::new(&app).await;
        let mut leads = Vec::new();
        for n in 0..6 {
            leads.push(waterfall.offered(n).await);
        }
        let (inside, colleague) = (app.organisation().user("inside"), app.organisation().user("inside.colleague"));
        assert_eq!(offered_to(&waterfall.marketing, &leads, &inside).await, 3);
        assert_eq!(offered_to(&waterfall.marketing, &leads, &colleague).await, 3);

        let lead = placed(&waterfall.marketing, &leads[1]).await;
        let decision = &lead["decisions"][0];
        assert_eq!(decision["cause"], "HAND_OVER");
        assert_eq!((&decision["chosenBy"], &decision["pool"]["key"]), (&json!("TURN"), &json!("inside-pool")));
        assert_eq!(decision["countsFor"]["id"], lead["offer"]["assignee"]["id"]);
        let rules: Vec<&str> =
            decision["candidates"].as_array().unwrap().iter().map(|candidate| candidate["rule"].as_str().unwrap()).collect();
        assert_eq!(rules.iter().filter(|rule| **rule == "CHOSEN").count(), 1);
        assert_eq!(rules.iter().filter(|rule| **rule == "ELIGIBLE").count(), 1);
        let told = |field: &str| decision[field].as_array().unwrap().iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ");
        let name = |who: &str| format!("{who}@fairfall.example");
        assert!(told("explanation").contains("Inside") && told("german").contains("Inside"), "{decision:#}");
        assert_ne!(told("explanation"), told("german"));
        assert!(!told("explanation").contains(&name("inside")), "names, not addresses");
        // whoever is offered it finds it in the own queue
        let mine = waterfall.inside.query("{ queue(scope: MINE) { nodes { id } } }", Value::Null).await;
        assert_eq!(mine["queue"]["nodes"].as_array().unwrap().len(), 3);
        // who may not see the lead does not see how it was routed
        let french = app.actor("inside.fr").await;
        assert_eq!(placed(&french, &leads[1]).await, Value::Null);
    }

    async fn a_misrouted_lead_is_given_back(app: TestApp) {
        pool(&app, json!({})).await;
        let waterfall = Waterfall::new(&app).await;
        let manager = app.actor("inside.manager").await;
        let first = waterfall.offered(0).await;
        let had = text(&placed(&manager, &first).await["offer"]["assignee"]["id"]);
        let (inside, colleague) = (app.organisation().user("inside"), app.organisation().user("inside.colleague"));
        let other = if had == inside { colleague } else { inside };
        let reassign = json!({ "lead": first, "assignee": other, "reason": "MISROUTED" });
        manager.done("leadReassign", reassign).await;
        let lead = placed(&manager, &first).await;
        let [given, turn] = [&lead["decisions"][0], &lead["decisions"][1]];
        assert_eq!((&given["cause"], &given["chosenBy"]), (&json!("REASSIGNMENT"), &json!("WISH")));
        assert_eq!(turn["countsFor"]["id"], other.as_str(), "it counts for who has it");
        assert_ne!(turn["misroutedAt"], Value::Null);
        // so the next is the turn of who gave it back
        let next = waterfall.offered(1).await;
        assert_eq!(placed(&manager, &next).await["offer"]["assignee"]["id"], had.as_str());
    }

    async fn an_offer_that_is_taken_back_is_nobodys_turn(app: TestApp) {
        pool(&app, json!({})).await;
        let waterfall = Waterfall::new(&app).await;
        let [manager, inside_manager] = app.actors(["marketing.manager", "inside.manager"]).await;
        let first = waterfall.offered(0).await;
        let had = text(&placed(&manager, &first).await["offer"]["assignee"]["id"]);
        manager.done("leadWithdraw", json!({ "lead": first })).await;
        let second = waterfall.offered(1).await;
        assert_eq!(placed(&manager, &second).await["offer"]["assignee"]["id"], had.as_str(), "as if the first had never been shared");
        let rejected = json!({ "lead": second, "reason": "WRONG_TERRITORY" });
        inside_manager.done("leadReject", rejected).await;
        let lead = placed(&manager, &second).await;
        assert_eq!((&lead["decisions"][0]["countsFor"], lead["decisions"][0]["misroutedAt"].is_null()), (&Value::Null, false));
    }

    async fn a_colleague_who_takes_an_offer_has_had_a_turn(app: TestApp) {
        pool(&app, json!({})).await;
        let waterfall = Waterfall::new(&app).await;
        let [inside, colleague] = app.actors(["inside", "inside.colleague"]).await;
        let first = waterfall.offered(0).await;
        let had = text(&placed(&waterfall.marketing, &first).await["offer"]["assignee"]["id"]);
        let had_it = had == app.organisation().user("inside");
        let taker = if had_it { &colleague } else { &inside };
        taker.done("leadAccept", json!({ "lead": first })).await;
        let next = waterfall.offered(1).await;
        assert_eq!(placed(&waterfall.marketing, &next).await["offer"]["assignee"]["id"], had.as_str());
    }

    async fn what_cannot_be_routed_waits_with_its_reason(app: TestApp) {
        let pool = pool(&app, json!({ "channels": ["PHONE"], "caps": { "memberDayMax": 1 } })).await;
        let waterfall = Waterfall::new(&app).await;
        let admin = app.actor("admin").await;
        let reason = async |n: usize| {
            let lead = waterfall.offered(n).await;
            placed(&admin, &lead).await["decisions"][0]["queueReason"].clone()
        };
        assert_eq!(reason(0).await, "NO_CONSENT");
        acted(&admin, "poolUpdate", json!({ "pool": pool, "channels": [] })).await;
        let tier = placed(&admin, &waterfall.captured(50).await).await["decisions"][0]["tier"].clone();
        // hot leads pass the cap of the day
        let capped = if tier == "HOT" { Value::Null } else { json!("ALL_AT_CAP") };
        assert_eq!([reason(1).await, reason(2).await], [Value::Null, Value::Null]);
        assert_eq!(reason(3).await, capped);
        let others = json!([{ "tier": if tier == "WARM" { "HOT" } else { "WARM" } }]);
        acted(&admin, "poolUpdate", json!({ "pool": pool, "tiers": others, "caps": null })).await;
        assert_eq!(reason(4).await, if tier == "WEAK" { "FILTERED_WEAK" } else { "NO_POOL" });
        acted(&admin, "poolUpdate", json!({ "pool": pool, "tiers": every_tier() })).await;
        for who in ["inside", "inside.colleague"] {
            admin.mutate("memberAway", json!({ "user": app.organisation().user(who) }), "errors { code }").await;
        }
        assert_eq!(reason(5).await, "ALL_ABSENT");
        acted(&admin, "poolArchive", json!({ "pool": pool })).await;
        assert_eq!(reason(6).await, "AWAITING_PICK_UP");
    }

    async fn captures_and_returns_are_routed_at_once(app: TestApp) {
        let admin = app.actor("admin").await;
        let user = app.organisation().user("marketing");
        let pool = json!({
            "key": "marketing-pool", "name": "Marketing", "team": app.organisation().team("marketing-dach"), "tiers": every_tier(),
            "members": [{ "user": user }],
        });
        acted(&admin, "poolCreate", pool).await;
        let partner = fairfall_tests::Client::new(app.address()).with_token(app.organisation().partner_key());
        let lead = Capture::new(1).without("company").by(&partner).await;
        let found = placed(&admin, &lead).await;
        assert_eq!((&found["owner"]["id"], &found["decisions"][0]["cause"]), (&json!(user), &json!("CAPTURE")));
        let marketing = app.actor("marketing").await;
        marketing.done("leadRecycle", json!({ "lead": lead, "reason": "NOT_NOW" })).await;
        marketing.done("leadReactivate", json!({ "lead": lead })).await;
        let back = placed(&admin, &lead).await;
        assert_eq!((&back["owner"]["id"], &back["decisions"][0]["cause"]), (&json!(user), &json!("REACTIVATION")));
    }
}
