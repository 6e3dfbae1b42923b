//! Scores from outside: what they are made of, models that take each other's place, and what is set by hand.

use chrono::TimeDelta;
use fairfall_tests::factory::{Capture, Waterfall, ready_to_buy, text};
use fairfall_tests::wait::until;
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

use crate::authz_coverage::merged;

const SCORE: &str = "fit engagement grade tier gradeByRules at nextChangeAt model { number }
    override { grade points { fit engagement } reason until by { id } }
    rules { rule labels { en } axis points earned group evidenceCount lastAt age found }";

async fn score(client: &Client, lead: &str) -> Value {
    let query = format!("query($id: ID!) {{ lead(by: {{ id: $id }}) {{ score {{ {SCORE} }} }} }}");
    client.query(&query, json!({ "id": lead })).await["lead"]["score"].take()
}

fn part<'a>(score: &'a Value, rule: &str) -> &'a Value {
    let parts = score["rules"].as_array().unwrap();
    parts.iter().find(|part| part["rule"] == rule).unwrap_or_else(|| panic!("no part of {rule} in {score:#}"))
}

/// The numbers of the leads that are listed, by their titles.
async fn listed(client: &Client, filter: Value) -> Vec<String> {
    let query = "query($filter: LeadFilter) { leads(filter: $filter, sort: SCORE_DESC) { nodes { title } } }";
    let data = client.query(query, json!({ "filter": filter })).await;
    data["leads"]["nodes"].as_array().unwrap().iter().map(|lead| text(&lead["title"])).collect()
}

/// The rules of the model in force, as an input.
async fn rules(client: &Client) -> Value {
    let labels = "labels { de en }";
    let query = format!(
        "{{ scoreModel {{
            groups {{ key {labels} axis pointsMax }}
            fit {{ criterion {{ key {labels} measure consentPurpose consentChannel attributeKey comparison required }} points group }}
            matrix {{ key {labels} channel kind points halfLifeHours group }}
            hot {{ key {labels} trigger fitPoints engagementPoints halfLifeHours }}
            fitThresholds {{ middle high }} engagementThresholds {{ middle high }} tiers {{ grade tier }}
        }} }}"
    );
    client.query(&query, Value::Null).await["scoreModel"].take()
}

const MODEL: &str = "model { id version number state name note publishedAt retiredAt basedOn { number } }";

on_both_databases! {
    async fn a_score_explains_itself(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let lead = Capture::new(1).by(&marketing).await;
        let found = score(&marketing, &lead).await;
        // country 20, company 10, 120 employees 18, title 10, e-mail 10; the contact form 45
        assert_eq!((&found["fit"], &found["engagement"]), (&json!(68), &json!(45)), "{found:#}");
        assert_eq!((&found["grade"], &found["tier"], &found["gradeByRules"]), (&json!("B2"), &json!("STANDARD"), &json!("B2")));
        assert_eq!(found["model"]["number"], 1);
        let country = part(&found, "country-core");
        assert_eq!((&country["axis"], &country["points"], &country["found"]), (&json!("FIT"), &json!(20.0), &json!("DE")));
        let bounded = part(&found, "country-known");
        assert_eq!((&bounded["points"], &bounded["earned"], &bounded["group"]), (&json!(0.0), &json!(5.0), &json!("country")));
        let form = part(&found, "contact-form");
        assert_eq!((&form["axis"], &form["evidenceCount"], &form["labels"]["en"]), (&json!("ENGAGEMENT"), &json!(1), &json!("Came by the contact form")));
        assert!(form["lastAt"].is_string() && form["age"].is_string(), "{form:#}");

        // nothing happens, and the grade falls at the second that was told
        let falls: chrono::DateTime<chrono::Utc> = text(&found["nextChangeAt"]).parse().unwrap();
        app.clock().advance(falls - app.clock().now() - TimeDelta::minutes(30));
        let marketing = app.actor("marketing").await;
        assert_eq!(score(&marketing, &lead).await["grade"], "B2");
        app.clock().advance(TimeDelta::minutes(31));
        let marketing = app.actor("marketing").await;
        let later = score(&marketing, &lead).await;
        assert_eq!((&later["grade"], &later["engagement"], &later["nextChangeAt"]), (&json!("B3"), &json!(39), &Value::Null));
    }

    async fn what_is_learned_changes_the_score_and_the_lists(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let first = Capture::new(1).by(&marketing).await;
        Capture::new(2).with("channel", json!("DIRECT")).by(&marketing).await;
        assert_eq!(listed(&marketing, json!({ "tiers": ["STANDARD"] })).await, ["1 seats"]);
        assert_eq!(listed(&marketing, json!({ "tiers": ["WEAK"], "grades": ["B3"] })).await, ["2 seats"]);
        marketing.done("leadUpdate", json!({ "lead": first, "bant": ready_to_buy() })).await;
        let found = score(&marketing, &first).await;
        assert_eq!((&found["fit"], &found["grade"], &found["tier"]), (&json!(78), &json!("A2"), &json!("WARM")));
        assert_eq!(listed(&marketing, json!({ "grades": ["A2"] })).await, ["1 seats"]);
        assert_eq!(listed(&marketing, Value::Null).await, ["1 seats", "2 seats"]);
        let free = json!({ "lead": first, "score": { "fit": 100, "engagement": 100 } });
        let reply = marketing.ask("mutation($input: LeadUpdateInput!) { leadUpdate(input: $input) { lead { id } } }", json!({ "input": free })).await;
        assert!(reply.text.contains("score") && !reply.code().is_empty(), "nobody sets a score: {}", reply.text);
    }

    async fn a_manager_overrides_a_score_for_a_while(app: TestApp) {
        let [marketing, manager] = app.actors(["marketing", "marketing.manager"]).await;
        let lead = Capture::new(1).by(&marketing).await;
        let until_day = app.clock().now() + TimeDelta::days(7);
        let input = json!({ "lead": lead, "grade": "A1", "reason": "met at the fair", "until": until_day.to_rfc3339() });
        let errors = marketing.refused("leadScoreOverride", input.clone()).await;
        assert_eq!(errors[0]["action"], "OVERRIDE_SCORE");
        for (field, wrong) in [
            ("reason", json!({ "reason": " " })),
            ("until", json!({ "until": (app.clock().now() + TimeDelta::days(91)).to_rfc3339() })),
            ("points", json!({ "points": { "fit": 1, "engagement": 1 } })),
            ("grade", json!({ "grade": null })),
        ] {
            let errors = manager.refused("leadScoreOverride", merged(input.clone(), wrong)).await;
            assert_eq!((&errors[0]["code"], &errors[0]["field"]), (&json!("INVALID_INPUT"), &json!(field)));
        }
        let done = manager.mutate("leadScoreOverride", input.clone(), "alreadyDone lead { id }").await;
        assert_eq!((&done["errors"], &done["alreadyDone"]), (&json!([]), &json!(false)));
        assert_eq!(manager.mutate("leadScoreOverride", input, "alreadyDone").await["alreadyDone"], true);
        let found = score(&marketing, &lead).await;
        assert_eq!((&found["grade"], &found["tier"], &found["gradeByRules"], &found["fit"]), (&json!("A1"), &json!("HOT"), &json!("B2"), &json!(68)));
        assert_eq!((&found["override"]["reason"], &found["override"]["by"]["id"]), (&json!("met at the fair"), &json!(app.organisation().user("marketing.manager"))));
        assert_eq!(listed(&marketing, json!({ "tiers": ["HOT"] })).await, ["1 seats"]);

        // it ends by itself
        app.clock().advance(TimeDelta::days(8));
        let [marketing, manager] = app.actors(["marketing", "marketing.manager"]).await;
        until("the rules speak again", || async { listed(&marketing, json!({ "tiers": ["HOT"] })).await.is_empty().then_some(()) }).await;
        let found = score(&marketing, &lead).await;
        assert_eq!((&found["override"], &found["grade"]), (&Value::Null, &found["gradeByRules"]));

        // or by hand
        let points = json!({ "lead": lead, "points": { "fit": 90, "engagement": 80 }, "reason": "knows better", "until": (app.clock().now() + TimeDelta::days(1)).to_rfc3339() });
        manager.done("leadScoreOverride", points).await;
        assert_eq!(score(&marketing, &lead).await["override"]["points"], json!({ "fit": 90, "engagement": 80 }));
        manager.done("leadScoreOverrideEnd", json!({ "lead": lead })).await;
        assert_eq!(score(&marketing, &lead).await["override"], Value::Null);
        assert_eq!(manager.mutate("leadScoreOverrideEnd", json!({ "lead": lead }), "alreadyDone").await["alreadyDone"], true);
    }

    async fn a_draft_is_replayed_published_and_taken_back(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let [admin, manager] = app.actors(["admin", "marketing.manager"]).await;
        let won = way.won(1).await;
        let lost = way.at_closing(2).await;
        way.field.done("leadLose", json!({ "lead": lost, "reason": "PRICE" })).await;
        let open = way.captured(3).await;
        let resting = Capture::new(4).with("channel", json!("DIRECT")).by(&way.marketing).await;

        let mut changed = rules(&manager).await;
        changed["hot"][0]["engagementPoints"] = json!(80);
        let input = json!({ "name": "forms first", "note": "forms are hot", "rules": changed, "idempotencyKey": "k" });
        let made = manager.mutate("scoreModelDraft", input.clone(), MODEL).await;
        let draft = &made["model"];
        assert_eq!((&draft["number"], &draft["state"], &draft["basedOn"]["number"]), (&json!(2), &json!("DRAFT"), &json!(1)), "{made:#}");
        assert_eq!(manager.mutate("scoreModelDraft", input, MODEL).await["model"]["id"], draft["id"]);

        let query = "query($input: ScoreModelReplayInput!) { scoreModelReplay(input: $input) {
            cutShort total { leads gradeChanged tierChanged tierUp tierDown } byChannel { channel moves { leads tierUp } } byOrigin { origin moves { leads } }
            grades { from to leads } changes { leadId lead { id } before { grade } after { grade tier } }
            qualityBefore { closed auc precision { grade closed won wonShare } } qualityAfter { closed auc }
        } }";
        let found = manager.query(query, json!({ "input": { "model": draft["id"], "days": 30, "leadsMax": 100 } })).await;
        let found = &found["scoreModelReplay"];
        assert_eq!(found["total"], json!({ "leads": 2, "gradeChanged": 1, "tierChanged": 1, "tierUp": 1, "tierDown": 0 }), "{found:#}");
        assert_eq!((&found["changes"][0]["leadId"], &found["changes"][0]["lead"]["id"]), (&json!(open), &json!(open)));
        assert_eq!(found["changes"][0]["after"], json!({ "grade": "B1", "tier": "WARM" }));
        assert_eq!((&found["qualityBefore"]["closed"], &found["qualityBefore"]["auc"]), (&json!(2), &json!(0.5)), "{won}");
        assert_eq!((&found["qualityAfter"]["closed"], &found["cutShort"]), (&json!(2), &json!(false)));
        let short = manager.query(query, json!({ "input": { "model": draft["id"], "days": 30, "leadsMax": 1 } })).await;
        assert_eq!((&short["scoreModelReplay"]["cutShort"], &short["scoreModelReplay"]["total"]["leads"]), (&json!(true), &json!(1)));
        let reply = manager.ask(query, json!({ "input": { "model": draft["id"], "days": 731 } })).await;
        assert_eq!(reply.code(), "BAD_USER_INPUT");
        assert_eq!(score(&way.marketing, &open).await["grade"], "B2", "a replay writes nothing");

        let stale = manager.mutate("scoreModelPublish", json!({ "model": draft["id"], "expectedVersion": 9 }), MODEL).await;
        assert_eq!(stale["errors"][0]["code"], "VERSION_CONFLICT");
        let published = manager.mutate("scoreModelPublish", json!({ "model": draft["id"] }), &format!("{MODEL} retired {{ number state }}")).await;
        assert_eq!((&published["model"]["state"], &published["retired"]), (&json!("IN_FORCE"), &json!({ "number": 1, "state": "RETIRED" })));
        // open leads are scored anew in the background
        until("the list follows the new model", || async {
            (listed(&way.marketing, json!({ "tiers": ["WARM"], "states": ["WORKING"] })).await == ["3 seats"]).then_some(())
        }).await;
        let now = score(&way.marketing, &open).await;
        assert_eq!((&now["grade"], &now["model"]["number"]), (&json!("B1"), &json!(2)));
        assert_eq!(score(&way.marketing, &resting).await["grade"], "B3");
        let late = manager.mutate("scoreModelUpdate", json!({ "model": draft["id"], "name": "late" }), MODEL).await;
        assert_eq!((&late["errors"][0]["code"], &late["errors"][0]["field"]), (&json!("INVALID_INPUT"), &json!("state")));

        let models = admin.query("{ scoreModels { nodes { id number state } } scoreModel { number } }", Value::Null).await;
        let first = models["scoreModels"]["nodes"][1]["id"].clone();
        let reverted = manager.mutate("scoreModelRevert", json!({ "model": first }), MODEL).await;
        assert_eq!((&reverted["model"]["number"], &reverted["model"]["basedOn"]["number"]), (&json!(3), &json!(1)));
        until("the list follows the former model", || async {
            (listed(&way.marketing, json!({ "tiers": ["STANDARD"], "states": ["WORKING"] })).await == ["3 seats"]).then_some(())
        }).await;
        let states = admin.query("{ scoreModels { nodes { number state } } }", Value::Null).await;
        assert_eq!(states["scoreModels"]["nodes"], json!([
            { "number": 3, "state": "IN_FORCE" }, { "number": 2, "state": "RETIRED" }, { "number": 1, "state": "RETIRED" },
        ]));
    }

    async fn every_fault_of_a_model_names_its_field(app: TestApp) {
        let [manager, inside] = app.actors(["marketing.manager", "inside"]).await;
        let mut wrong = rules(&manager).await;
        wrong["fit"][0]["criterion"]["measure"] = json!("GRADE");
        wrong["fit"][1]["points"] = json!(0);
        wrong["matrix"][0]["halfLifeHours"] = json!(8_761);
        wrong["groups"][0]["pointsMax"] = json!(101);
        let told = |payload: &Value| -> Vec<String> {
            payload["errors"].as_array().unwrap().iter().map(|error| text(&error["field"])).collect()
        };
        let refused = manager.mutate("scoreModelDraft", json!({ "rules": wrong, "name": "x".repeat(201) }), MODEL).await;
        assert_eq!(told(&refused), [
            "name",
            "rules.groups.country.pointsMax",
            "rules.fit.country-core.measure",
            "rules.fit.country-core.required",
            "rules.fit.country-known.points",
            "rules.matrix.page-view.halfLifeHours",
        ]);
        let mut wrong = rules(&manager).await;
        wrong["fit"][0]["criterion"]["key"] = json!("not a key");
        wrong["fit"][1]["criterion"]["required"] = json!(["x"]);
        wrong["engagementThresholds"] = json!({ "middle": 70, "high": 40 });
        wrong["tiers"].as_array_mut().unwrap().pop();
        let refused = manager.mutate("scoreModelDraft", json!({ "rules": wrong }), MODEL).await;
        assert_eq!(told(&refused), ["rules.fit.0.key", "rules.fit.1.required", "rules.engagementThresholds", "rules.tiers.C3"]);
        let refused = inside.mutate("scoreModelDraft", json!({ "name": "mine" }), MODEL).await;
        assert_eq!(refused["errors"][0]["action"], "MANAGE_SCORE_MODEL");
    }
}
