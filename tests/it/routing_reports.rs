//! How fair pools are, how many leads went to the wrong one, and what territories leave open: as those who read figures see it.

use chrono::TimeDelta;
use fairfall_tests::client::Client;
use fairfall_tests::factory::{Capture, Waterfall, text};
use fairfall_tests::{TestApp, on_both_databases};
use serde_json::{Value, json};

const FAIRNESS: &str =
    "query($day: Date!) { report { fairness(from: $day, to: $day) { withheldRows morePools pools { key team { key } tiers {
    memberCount jain worstDeviation period { byTurn accepted responseMedianSeconds won wished owned takenBack }
    members { user { id } account { entitled received deviation } period { byTurn accepted responseMedianSeconds takenBack } }
} } course(step: DAY) { day jain worstDeviation } } } }";

const MISROUTING: &str = "query($day: Date!) { report { misrouting(from: $day, to: $day, department: INSIDE_SALES) { total { routed misrouted share }
    byTerritory { territory { key } figures { routed misrouted } } byChoice { chosenBy figures { routed misrouted } } withheldRows } } }";

/// A pool of the inside team that takes every tier, of members with one weight.
pub(crate) async fn pool(app: &TestApp, admin: &Client, members: &[&str]) -> String {
    let organisation = app.organisation();
    let tiers: Vec<_> = ["HOT", "WARM", "STANDARD", "WEAK"].map(|tier| json!({ "tier": tier, "prefer": null })).to_vec();
    let members: Vec<_> = members.iter().map(|who| json!({ "user": organisation.user(who), "weight": 10 })).collect();
    let input = json!({
        "key": "inside", "name": "Inside", "team": organisation.team("inside-dach"), "tiers": tiers, "members": members,
    });
    text(&admin.mutate("poolCreate", input, "pool { id }").await["pool"]["id"])
}

/// Who is offered a lead.
pub(crate) async fn assignee(admin: &Client, lead: &str) -> String {
    let query = "query($id: ID!) { lead(by: { id: $id }) { offer { assignee { id } } } }";
    text(&admin.query(query, json!({ "id": lead })).await["lead"]["offer"]["assignee"]["id"])
}

fn day(app: &TestApp) -> Value {
    json!({ "day": app.clock().now().format("%Y-%m-%d").to_string() })
}

on_both_databases! {
    async fn fairness_is_told_by_pool_tier_and_member(app: TestApp) {
        let [admin, analyst, partner, manager] = app.actors(["admin", "analyst", "partner", "inside.manager"]).await;
        pool(&app, &admin, &["inside", "inside.colleague"]).await;
        let way = Waterfall::new(&app).await;
        let mut leads = Vec::new();
        for n in 0..6 {
            leads.push(way.offered(n).await);
        }
        let [one, other] = [app.organisation().user("inside"), app.organisation().user("inside.colleague")];
        let mut of_one = Vec::new();
        for lead in &leads {
            if assignee(&admin, lead).await == one {
                of_one.push(lead.clone());
            }
        }
        assert_eq!(of_one.len(), 3, "equal weights get equally many");
        app.clock().advance(TimeDelta::minutes(10));
        way.inside.done("leadAccept", json!({ "lead": of_one[0] })).await;
        // to a team without a pool: the lead is as if it had never been shared
        let elsewhere = json!({ "lead": of_one[1], "reason": "MISROUTED", "assignee": app.organisation().user("inside.fr") });
        manager.done("leadReassign", elsewhere).await;

        let report = &admin.query(FAIRNESS, day(&app)).await["report"]["fairness"];
        assert_eq!((&report["withheldRows"], &report["morePools"], &report["pools"][0]["team"]["key"]), (&json!(0), &json!(0), &json!("inside-dach")));
        let tier = &report["pools"][0]["tiers"][0];
        assert_eq!((&tier["memberCount"], &tier["jain"], &tier["worstDeviation"]), (&json!(2), &json!(0.961_538), &json!(0.5)));
        // the test's clock runs on beside the test: the answer took ten minutes and as long as the test took over it
        let took = &tier["period"]["responseMedianSeconds"];
        assert!((600..660).contains(&took.as_i64().unwrap()), "{took}");
        let period = json!({
            "byTurn": 5, "accepted": 1, "responseMedianSeconds": took, "won": 0, "wished": 0, "owned": 0, "takenBack": 1,
        });
        assert_eq!(tier["period"], period);
        let member = |who: &str| tier["members"].as_array().unwrap().iter().find(|member| member["user"]["id"] == who).unwrap();
        assert_eq!(member(&one)["account"], json!({ "entitled": 2.5, "received": 2, "deviation": 0.5 }));
        assert_eq!(member(&other)["account"], json!({ "entitled": 2.5, "received": 3, "deviation": -0.5 }));
        let counted = json!({ "byTurn": 2, "accepted": 1, "responseMedianSeconds": took, "takenBack": 1 });
        assert_eq!(member(&one)["period"], counted);
        let course = json!([{ "day": day(&app)["day"], "jain": 0.961_538, "worstDeviation": 0.5 }]);
        assert_eq!(report["course"], course);

        // those who may not see colleagues see what is true of all
        for client in [&analyst, &partner] {
            let report = &client.query(FAIRNESS, day(&app)).await["report"]["fairness"];
            let tier = &report["pools"][0]["tiers"][0];
            assert_eq!((&tier["members"], &tier["jain"], &tier["period"]["byTurn"]), (&Value::Null, &json!(0.961_538), &json!(5)));
        }
        manager.done("leadReassign", json!({ "lead": of_one[2], "reason": "OTHER", "assignee": app.organisation().user("inside.fr") })).await;
        let report = &analyst.query(FAIRNESS, day(&app)).await["report"]["fairness"];
        assert_eq!(*report, json!({ "withheldRows": 1, "morePools": 0, "pools": [], "course": [] }), "fewer than 5 leads");
    }

    async fn a_period_has_a_bound(app: TestApp) {
        let admin = app.actor("admin").await;
        let query = "{ report { fairness(from: \"2024-01-01\", to: \"2025-01-01\") { morePools } } }";
        assert_eq!(admin.ask(query, Value::Null).await.code(), "BAD_USER_INPUT");
        let query = "{ report { fairness(from: \"2025-01-01\", to: \"2025-06-01\") { course(step: DAY) { day } } } }";
        assert_eq!(admin.ask(query, Value::Null).await.code(), "BAD_USER_INPUT");
        let query = "{ report { misrouting(from: \"2025-01-02\", to: \"2025-01-01\") { withheldRows } } }";
        assert_eq!(admin.ask(query, Value::Null).await.code(), "BAD_USER_INPUT");
    }

    async fn misrouted_leads_have_a_share(app: TestApp) {
        let [admin, analyst, manager] = app.actors(["admin", "analyst", "inside.manager"]).await;
        pool(&app, &admin, &["inside", "inside.colleague"]).await;
        let way = Waterfall::new(&app).await;
        let mut leads = Vec::new();
        for n in 0..3 {
            leads.push(way.offered(n).await);
        }
        let report = &admin.query(MISROUTING, day(&app)).await["report"]["misrouting"];
        assert_eq!(report["total"], json!({ "routed": 3, "misrouted": 0, "share": 0.0 }));
        let fr = app.organisation().user("inside.fr");
        manager.done("leadReassign", json!({ "lead": leads[0], "reason": "MISROUTED", "assignee": fr })).await;
        manager.done("leadReassign", json!({ "lead": leads[1], "reason": "ABSENCE", "assignee": fr })).await;
        let who = if assignee(&admin, &leads[2]).await == app.organisation().user("inside") { "inside" } else { "inside.colleague" };
        app.actor(who).await.done("leadReject", json!({ "lead": leads[2], "reason": "WRONG_TERRITORY" })).await;
        let report = &admin.query(MISROUTING, day(&app)).await["report"]["misrouting"];
        // three turns, of which two were wrong, and two that somebody was asked for
        assert_eq!(report["total"], json!({ "routed": 5, "misrouted": 2, "share": 0.4 }));
        assert_eq!(report["byTerritory"], json!([{ "territory": null, "figures": { "routed": 5, "misrouted": 2 } }]));
        let choices = json!([
            { "chosenBy": "WISH", "figures": { "routed": 2, "misrouted": 0 } },
            { "chosenBy": "TURN", "figures": { "routed": 3, "misrouted": 2 } },
        ]);
        assert_eq!(report["byChoice"], choices);
        let report = &analyst.query(MISROUTING, day(&app)).await["report"]["misrouting"];
        assert_eq!((&report["total"]["share"], &report["byChoice"], &report["withheldRows"]), (&json!(0.4), &json!([]), &json!(2)));
    }

    async fn coverage_tells_gaps_and_overlaps(app: TestApp) {
        let [admin, marketing, manager, member] = app.actors(["admin", "marketing", "inside.manager", "inside"]).await;
        let query = "query($department: Department!) { territoryCoverage(department: $department) { decides leads cutShort
            gaps { leads otherLeads groups { country subdivision postalPrefix leads } sample { id } }
            overlaps { leads otherLeads groups { leads territories { key } } sample { id } } } }";
        let inside = json!({ "department": "INSIDE_SALES" });
        Capture::new(1).by(&marketing).await;
        Capture::new(2).by(&marketing).await;
        let french = Capture::new(3).in_country("FR").by(&marketing).await;
        let found = admin.query(query, inside.clone()).await;
        assert_eq!((&found["territoryCoverage"]["decides"], &found["territoryCoverage"]["leads"]), (&json!(false), &json!(0)));
        let team = app.organisation().team("inside-dach");
        for key in ["a", "b"] {
            let teams = json!([{ "department": "INSIDE_SALES", "team": team }]);
            let input = json!({ "key": key, "name": key, "rules": { "countries": ["DE"] }, "teams": teams });
            admin.mutate("territoryCreate", input, "territory { id }").await;
        }
        let found = &admin.query(query, inside.clone()).await["territoryCoverage"];
        assert_eq!((&found["decides"], &found["leads"], &found["cutShort"]), (&json!(true), &json!(3), &json!(false)));
        let gaps = json!({
            "leads": 1, "otherLeads": 0, "sample": [{ "id": french }],
            "groups": [{ "country": "FR", "subdivision": null, "postalPrefix": null, "leads": 1 }],
        });
        assert_eq!(found["gaps"], gaps);
        let met = json!([{ "leads": 2, "territories": [{ "key": "a" }, { "key": "b" }] }]);
        assert_eq!((&found["overlaps"]["leads"], &found["overlaps"]["groups"]), (&json!(2), &met));
        assert_eq!(found["overlaps"]["sample"].as_array().unwrap().len(), 2);
        // the figures are the same for whoever keeps territories; leads are named as far as they may be seen
        let found = &manager.query(query, inside.clone()).await["territoryCoverage"];
        assert_eq!((&found["gaps"]["leads"], &found["gaps"]["sample"]), (&json!(1), &json!([])));
        assert_eq!(member.query(query, inside).await["territoryCoverage"], Value::Null);
        let far = admin.ask("{ territoryCoverage(days: 400, department: INSIDE_SALES) { leads } }", Value::Null).await;
        assert_eq!(far.code(), "BAD_USER_INPUT");
    }
}
