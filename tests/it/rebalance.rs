//! What somebody has goes to colleagues of the pool: a plan, and the plan applied.

use fairfall_tests::client::Client;
use fairfall_tests::factory::{Waterfall, text};
use fairfall_tests::{TestApp, on_both_databases};
use serde_json::{Value, json};

use crate::routing_reports::{assignee, pool};

const PLAN: &str = "digest moving staying hasMore pool { key } giver { id } steps { tier chosenBy rule staysBecause lead { id } receiver { id } }";

async fn plan(client: &Client, pool: &str, user: &str) -> Value {
    let query = format!("query($pool: ID!, $user: ID!) {{ poolRebalancePlan(pool: $pool, user: $user) {{ {PLAN} }} }}");
    client.query(&query, json!({ "pool": pool, "user": user })).await["poolRebalancePlan"].take()
}

fn input(pool: &str, user: &str, reason: &str, plan: &Value) -> Value {
    json!({ "pool": pool, "user": user, "reason": reason, "expectedPlan": plan["digest"] })
}

async fn apply(client: &Client, input: Value) -> Value {
    client.mutate("poolRebalance", input, &format!("plan {{ {PLAN} }} errors {{ code ... on PlanChanged {{ digest }} }}")).await
}

/// Leads with whom they are offered to.
async fn offered(app: &TestApp, admin: &Client, leads: usize) -> Vec<(String, String)> {
    let way = Waterfall::new(app).await;
    let mut offered = Vec::new();
    for n in 0..leads {
        let lead = way.offered(n).await;
        let who = assignee(admin, &lead).await;
        offered.push((lead, who));
    }
    offered
}

on_both_databases! {
    async fn a_plan_is_shown_and_applied_in_one_act(app: TestApp) {
        let [admin, manager] = app.actors(["admin", "inside.manager"]).await;
        let pool = pool(&app, &admin, &["inside", "inside.colleague", "inside.manager"]).await;
        let [giver, colleague, lead_of_team] =
            ["inside", "inside.colleague", "inside.manager"].map(|who| app.organisation().user(who));
        let leads = offered(&app, &admin, 6).await;
        // one of them is being worked on already
        let held: Vec<&String> = leads.iter().filter(|(_, who)| *who == giver).map(|(lead, _)| lead).collect();
        assert_eq!(held.len(), 2);
        app.actor("inside").await.done("leadAccept", json!({ "lead": held[0] })).await;

        let planned = plan(&manager, &pool, &giver).await;
        assert_eq!((&planned["moving"], &planned["staying"], &planned["hasMore"]), (&json!(2), &json!(0), &json!(false)));
        assert_eq!((&planned["pool"]["key"], &planned["giver"]["id"]), (&json!("inside"), &json!(giver)));
        let steps = planned["steps"].as_array().unwrap();
        let mut receivers: Vec<String> = steps.iter().map(|step| text(&step["receiver"]["id"])).collect();
        receivers.sort_unstable();
        let mut expected = vec![colleague.clone(), lead_of_team.clone()];
        expected.sort_unstable();
        assert_eq!(receivers, expected, "each colleague gets one");
        assert!(steps.iter().all(|step| step["chosenBy"] == "TURN" && step["staysBecause"].is_null()));
        assert_eq!(plan(&manager, &pool, &giver).await["digest"], planned["digest"], "looking changes nothing");

        let applied = apply(&manager, input(&pool, &giver, "MEMBER_LEFT", &planned)).await;
        assert_eq!((&applied["errors"], &applied["plan"]["moving"]), (&json!([]), &json!(2)));
        for step in steps {
            let query = "query($id: ID!) { lead(by: { id: $id }) { state owner { id } offer { assignee { id } } transitions { act reason actor { id } } } }";
            let lead = &admin.query(query, json!({ "id": step["lead"]["id"] })).await["lead"];
            let has = if lead["state"] == "OFFERED" { &lead["offer"]["assignee"] } else { &lead["owner"] };
            assert_eq!(has["id"], step["receiver"]["id"]);
            let last = lead["transitions"].as_array().unwrap().last().unwrap();
            let by = json!({ "act": "REASSIGN", "reason": "MEMBER_LEFT", "actor": { "id": app.organisation().user("inside.manager") } });
            assert_eq!(*last, by);
        }
        let empty = plan(&manager, &pool, &giver).await;
        assert_eq!(empty["steps"], json!([]));

        // the turns of who gave stay counted, and nobody is a lead away from what is due
        let query = "query($day: Date!) { report { fairness(from: $day, to: $day) { pools { tiers { worstDeviation members { user { id } account { received } } } } } } }";
        let day = app.clock().now().format("%Y-%m-%d").to_string();
        let report = admin.query(query, json!({ "day": day })).await;
        let tier = &report["report"]["fairness"]["pools"][0]["tiers"][0];
        let received = |who: &str| {
            let members = tier["members"].as_array().unwrap();
            members.iter().find(|member| member["user"]["id"] == who).map(|member| member["account"]["received"].clone()).unwrap()
        };
        assert_eq!((received(&giver), received(&colleague), received(&lead_of_team)), (json!(2), json!(3), json!(3)));
        assert!(tier["worstDeviation"].as_f64().unwrap() < 1.0, "{tier}");
    }

    async fn somebody_else_leaves_as_well(app: TestApp) {
        let [admin, manager] = app.actors(["admin", "inside.manager"]).await;
        let pool = pool(&app, &admin, &["inside", "inside.colleague", "inside.manager"]).await;
        let [first, second] = ["inside", "inside.colleague"].map(|who| app.organisation().user(who));
        offered(&app, &admin, 6).await;
        for (giver, moving) in [(&first, 2), (&second, 3)] {
            // nobody is given what a colleague left who is away
            let away = json!({ "user": giver });
            let errors = admin.mutate("memberAway", away, "errors { code }").await;
            assert_eq!(errors["errors"], json!([]));
            let planned = plan(&manager, &pool, giver).await;
            assert_eq!((&planned["moving"], &planned["staying"]), (&json!(moving), &json!(0)));
            // the same words by the same person about a lead that came by them
            let applied = apply(&manager, input(&pool, giver, "ABSENCE", &planned)).await;
            assert_eq!((&applied["errors"], &applied["plan"]["moving"]), (&json!([]), &json!(moving)));
        }
        // the last one cannot give: there is nobody else
        let planned = plan(&manager, &pool, &app.organisation().user("inside.manager")).await;
        assert_eq!((&planned["moving"], &planned["staying"]), (&json!(0), &json!(6)));
        assert!(planned["steps"].as_array().unwrap().iter().all(|step| step["staysBecause"] == "NOBODY_ELSE" && step["receiver"].is_null()));
    }

    async fn a_plan_that_changed_is_not_applied(app: TestApp) {
        let [admin, manager] = app.actors(["admin", "inside.manager"]).await;
        let pool = pool(&app, &admin, &["inside", "inside.colleague", "inside.manager"]).await;
        let giver = app.organisation().user("inside");
        let leads = offered(&app, &admin, 6).await;
        let before = plan(&manager, &pool, &giver).await;
        let (held, _) = leads.iter().find(|(_, who)| *who == giver).unwrap();
        app.actor("inside").await.done("leadAccept", json!({ "lead": held })).await;
        let refused = apply(&manager, input(&pool, &giver, "ABSENCE", &before)).await;
        let now = plan(&manager, &pool, &giver).await;
        let [error] = refused["errors"].as_array().unwrap().as_slice() else { panic!("one reason: {refused}") };
        assert_eq!((&refused["plan"], &error["code"], &error["digest"]), (&Value::Null, &json!("PLAN_CHANGED"), &now["digest"]));
        assert_ne!(now["digest"], before["digest"]);
        assert_eq!(now["moving"], 2, "nothing was done");
    }

    async fn only_who_leads_the_team_may(app: TestApp) {
        let admin = app.actor("admin").await;
        let pool = pool(&app, &admin, &["inside", "inside.colleague"]).await;
        let giver = app.organisation().user("inside");
        let query = format!("{{ poolRebalancePlan(pool: \"{pool}\", user: \"{giver}\") {{ digest }} }}");
        for who in ["inside", "field.manager", "analyst", "partner"] {
            let client = app.actor(who).await;
            assert_eq!(client.ask(&query, Value::Null).await.code(), "NOT_ALLOWED", "{who}");
            let refused = client.mutate("poolRebalance", input(&pool, &giver, "ABSENCE", &json!({ "digest": "" })), "errors { code }").await;
            assert_eq!(refused["errors"][0]["code"], "NOT_ALLOWED", "{who}");
        }
        let nobody = query.replace(&giver, "user_00000000000000000000000000");
        assert_eq!(admin.ask(&nobody, Value::Null).await.code(), "BAD_USER_INPUT");
    }
}
