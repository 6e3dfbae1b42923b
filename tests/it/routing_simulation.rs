//! Routing is tried before it is in force: one lead, a period, and a draft that is published from what was tried.

use chrono::TimeDelta;
use fairfall_tests::factory::{Waterfall, text};
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

use crate::authz_coverage::merged;

const SIMULATE: &str = "query($input: RoutingSimulateInput!) { routingSimulate(input: $input) {
    changedSince draft { id }
    decision {
        id cause department tier worthMinor chosenBy fairRule queueReason language languageMissed settled misroutedAt
        lead { id } user { id } countsFor { id } wishedPerson { id } team { key } pool { key } poolId territory { key } territoryId
        candidates { user { id } rule weight seniority languageLevel isAtWork today open deviation shortfallMinor share worthMinor }
    }
} }";

const REPLAY: &str = "query($input: RoutingReplayInput!) { routingReplay(input: $input) {
    routings cutShort ownersDiffer wishesLost loadCutShort changedSince draft { id }
    differences { leadId lead { id } decisionId before { userId queueReason } after { userId chosenBy queueReason } }
    before { assigned { chosenBy count } queued { reason count } dayCapHits openCapHits poolCapHits }
    after { assigned { chosenBy count } queued { reason count } dayCapHits openCapHits poolCapHits }
    pools { poolId pool { key } tier before { counted jain worst worstEver } after { counted jain worst worstEver }
        members { userId before { received entitled } after { received entitled receivedWorthMinor } } }
    load { userId user { id } days { day before after } }
} }";

const DRAFT: &str = "draft { id version name state publishedAt createdBy { id }
    pools { pool { key } draftedOver weights { user { id } weight } members { user { id } weight } status }
    newPools { id key } territories { territory { key } draftedOver rank } newTerritories { id key } }";

/// A pool of both members of inside sales, with the same weight, for every tier.
struct Pool {
    id: String,
    inside: String,
    colleague: String,
}

impl Pool {
    async fn make(app: &TestApp) -> Self {
        let [inside, colleague] = ["inside", "inside.colleague"].map(|who| app.organisation().user(who));
        let input = json!({
            "key": "inside-pool", "name": "Inside", "team": app.organisation().team("inside-dach"),
            "tiers": [{ "tier": "HOT", "prefer": null }, { "tier": "WARM" }, { "tier": "STANDARD", "prefer": null }, { "tier": "WEAK" }],
            "members": [{ "user": inside, "weight": 10 }, { "user": colleague, "weight": 10 }],
        });
        let made = app.actor("admin").await.mutate("poolCreate", input, "pool { id }").await;
        Self { id: text(&made["pool"]["id"]), inside, colleague }
    }

    /// Three leads of four for one of the two.
    fn three_to_one(&self) -> Value {
        json!({ "weights": [{ "pool": self.id, "user": self.inside, "weight": 30 }] })
    }

    async fn weights(&self, client: &Client) -> Value {
        let query = "query($id: ID!) { pool(id: $id) { version members { weight user { id } } } }";
        client.query(query, json!({ "id": self.id })).await["pool"].take()
    }

    fn member<'a>(&self, pool: &'a Value, user: &str) -> &'a Value {
        let members = pool["members"].as_array().unwrap();
        let is_meant = |member: &&Value| member["userId"] == user || member["user"]["id"] == user;
        members.iter().find(is_meant).unwrap_or_else(|| panic!("no {user} in {pool:#} of {}", self.id))
    }
}

fn warm(more: Value) -> Value {
    merged(
        json!({ "department": "INSIDE_SALES", "tier": "WARM", "productArea": "crm", "country": "DE", "worthMinor": 1_000 }),
        more,
    )
}

async fn simulated(client: &Client, input: Value) -> Value {
    client.query(SIMULATE, json!({ "input": input })).await["routingSimulate"].take()
}

async fn replayed(client: &Client, input: Value) -> Value {
    client.query(REPLAY, json!({ "input": input })).await["routingReplay"].take()
}

/// The code and the field of the fault of a query.
async fn fault(client: &Client, query: &str, input: Value) -> (String, Value) {
    let reply = client.ask(query, json!({ "input": input })).await;
    (reply.code(), reply.json()["errors"][0]["extensions"]["errors"][0]["field"].take())
}

/// Leads that are handed over to inside sales, a minute after each other.
async fn handed_over(app: &TestApp, count: usize) -> Vec<String> {
    let way = Waterfall::new(app).await;
    let mut leads = Vec::new();
    for n in 0..count {
        app.clock().advance(TimeDelta::minutes(1));
        leads.push(way.offered(n).await);
    }
    leads
}

on_both_databases! {
    async fn one_lead_is_tried_and_nothing_is_stored(app: TestApp) {
        let pool = Pool::make(&app).await;
        let manager = app.actor("inside.manager").await;
        let first = simulated(&manager, warm(json!({}))).await;
        let decision = &first["decision"];
        assert_eq!((&decision["id"], &decision["lead"], &first["draft"]), (&Value::Null, &Value::Null, &Value::Null), "{first:#}");
        assert_eq!((&decision["chosenBy"], &decision["pool"]["key"], &decision["team"]["key"]), (&json!("TURN"), &json!("inside-pool"), &json!("inside-dach")));
        let shares: Vec<_> = decision["candidates"].as_array().unwrap().iter().map(|one| (one["share"].clone(), one["worthMinor"].clone())).collect();
        assert_eq!(shares, [(json!(0.5), json!(500)), (json!(0.5), json!(500))]);
        for _ in 0..3 {
            let again = simulated(&manager, warm(json!({}))).await;
            assert_eq!(again["decision"]["user"], decision["user"], "the ledger stands where it stood");
        }

        let changed = simulated(&manager, warm(json!({ "changes": pool.three_to_one() }))).await;
        let candidate = changed["decision"]["candidates"].as_array().unwrap().iter().find(|one| one["user"]["id"] == pool.inside.as_str()).unwrap();
        assert_eq!((&candidate["weight"], &candidate["share"], &candidate["rule"]), (&json!(30), &json!(0.75), &json!("CHOSEN")));
        assert_eq!(pool.weights(&manager).await["version"], 1, "nothing was written");

        // what somebody else did counts: it is the colleague's turn
        let lead = handed_over(&app, 1).await.remove(0);
        let query = "query($id: ID!) { lead(by: { id: $id }) { score { tier } offer { assignee { id } } } }";
        let had = manager.query(query, json!({ "id": lead })).await["lead"].take();
        let next = simulated(&manager, warm(json!({ "tier": had["score"]["tier"] }))).await;
        assert_ne!(next["decision"]["user"]["id"], had["offer"]["assignee"]["id"]);
        let french = simulated(&manager, warm(json!({ "country": "FR" }))).await;
        assert_eq!((&french["decision"]["queueReason"], &french["decision"]["candidates"]), (&json!("AWAITING_PICK_UP"), &json!([])));
        let wished = simulated(&manager, warm(json!({ "person": pool.colleague }))).await;
        assert_eq!((&wished["decision"]["chosenBy"], &wished["decision"]["wishedPerson"]["id"]), (&json!("WISH"), &json!(pool.colleague)));
        let owned = simulated(&manager, warm(json!({ "companyOwner": pool.colleague }))).await;
        assert_eq!((&owned["decision"]["chosenBy"], &owned["decision"]["user"]["id"]), (&json!("OWNER"), &json!(pool.colleague)));
        let nobody = simulated(&manager, warm(json!({ "excluded": [pool.inside, pool.colleague] }))).await;
        assert_eq!(nobody["decision"]["queueReason"], "NOBODY_ELSE");
        let asked = json!({ "pools": [{ "pool": pool.id, "channels": ["PHONE"] }] });
        let silent = simulated(&manager, warm(json!({ "channels": ["EMAIL"], "changes": asked }))).await;
        assert_eq!(silent["decision"]["queueReason"], "NO_CONSENT");
    }

    async fn faults_of_what_is_tried_have_fields(app: TestApp) {
        let pool = Pool::make(&app).await;
        let [manager, field] = app.actors(["inside.manager", "field"]).await;
        let weight = |user: &str, weight: u32| json!({ "weights": [{ "pool": pool.id, "user": user, "weight": weight }] });
        let stranger = app.organisation().user("field");
        for (more, at) in [
            (json!({ "productArea": "not a key" }), "productArea"),
            (json!({ "country": "Germany" }), "country"),
            (json!({ "worthMinor": -1 }), "worthMinor"),
            (json!({ "person": stranger }), "person"),
            (json!({ "draft": "no id" }), "draft"),
            (json!({ "draft": "draft_00000000000000000000000000", "changes": {} }), "changes"),
            (json!({ "changes": weight(&pool.inside, 101) }), "changes.weights.0.weight"),
            (json!({ "changes": weight(&stranger, 5) }), "changes.weights.0.user"),
            (json!({ "changes": { "pools": [{ "pool": pool.id, "members": [{ "user": stranger }] }] } }), "changes.pools.0.members.0.user"),
            (json!({ "changes": { "pools": [{ "pool": pool.id, "tiers": [] }] } }), "changes.pools.0.tiers"),
            (json!({ "changes": { "archivedTerritories": ["territory_00000000000000000000000000"] } }), "changes.archivedTerritories.0"),
        ] {
            assert_eq!(fault(&manager, SIMULATE, warm(more.clone())).await, ("BAD_USER_INPUT".to_owned(), json!(at)), "{more}");
        }
        let late = json!({ "pools": [{ "pool": pool.id, "balancesWorth": true, "expectedVersion": 9 }] });
        let reply = manager.ask(SIMULATE, json!({ "input": warm(json!({ "changes": late })) })).await;
        assert!(reply.text.contains("VERSION_CONFLICT"), "{}", reply.text);
        let (from, to) = (app.clock().now() - TimeDelta::days(1), app.clock().now());
        for (input, at) in [
            (json!({ "from": to, "to": from }), "to"),
            (json!({ "from": from - TimeDelta::days(366), "to": to }), "from"),
            (json!({ "from": from, "routingsMax": 20_001 }), "routingsMax"),
            (json!({ "from": from, "routingsMax": 0 }), "routingsMax"),
        ] {
            assert_eq!(fault(&manager, REPLAY, input.clone()).await, ("BAD_USER_INPUT".to_owned(), json!(at)), "{input}");
        }
        assert_eq!(field.ask(SIMULATE, json!({ "input": warm(json!({})) })).await.code(), "NOT_ALLOWED");
        assert_eq!(field.ask(REPLAY, json!({ "input": { "from": from } })).await.code(), "NOT_ALLOWED");
        let nobody = app.anonymous().ask(SIMULATE, json!({ "input": warm(json!({})) })).await;
        assert_eq!(nobody.code(), "UNAUTHENTICATED");
    }

    async fn a_period_is_replayed_under_another_weight(app: TestApp) {
        let pool = Pool::make(&app).await;
        let from = app.clock().now();
        let leads = handed_over(&app, 8).await;
        app.clock().advance(TimeDelta::minutes(1));
        let [admin, manager, field] = app.actors(["admin", "inside.manager", "field.manager"]).await;
        let same = replayed(&manager, json!({ "from": from })).await;
        assert_eq!((&same["routings"], &same["ownersDiffer"], &same["cutShort"]), (&json!(8), &json!(0), &json!(false)), "{same:#}");
        assert_eq!(same["before"], same["after"]);
        let counted = same["pools"].as_array().unwrap();
        assert_eq!(counted.iter().map(|pool| pool["after"]["counted"].as_i64().unwrap()).sum::<i64>(), 8);
        assert!(counted.iter().all(|pool| pool["before"] == pool["after"] && pool["after"]["worstEver"].as_f64().unwrap() < 1.0), "{same:#}");

        let other = replayed(&manager, json!({ "from": from, "changes": pool.three_to_one() })).await;
        let [only] = other["pools"].as_array().unwrap().as_slice() else { panic!("one tier: {other:#}") };
        let received = |user: &str| {
            let member = pool.member(only, user);
            (member["before"]["received"].as_i64().unwrap(), member["after"]["received"].as_i64().unwrap())
        };
        assert_eq!((received(&pool.inside), received(&pool.colleague)), ((4, 6), (4, 2)));
        assert_eq!((&only["after"]["jain"], &only["pool"]["key"]), (&json!(1.0), &json!("inside-pool")));
        let differing = usize::try_from(other["ownersDiffer"].as_i64().unwrap()).unwrap();
        let differences = other["differences"].as_array().unwrap();
        assert!(differing >= 2 && differences.len() == differing, "{other:#}");
        assert!(differences.iter().all(|one| leads.contains(&text(&one["leadId"])) && one["lead"]["id"] == one["leadId"]));
        let load = other["load"].as_array().unwrap().iter().find(|load| load["userId"] == pool.inside.as_str()).unwrap();
        let sum = |side: &str| load["days"].as_array().unwrap().iter().map(|day| day[side].as_i64().unwrap()).sum::<i64>();
        assert_eq!((sum("before"), sum("after")), (4, 6));

        let capped = json!({ "pools": [{ "pool": pool.id, "caps": { "memberOpenMax": 1 } }] });
        let capped = replayed(&manager, json!({ "from": from, "changes": capped })).await;
        assert_eq!(capped["after"]["queued"], json!([{ "reason": "ALL_AT_CAP", "count": 6 }]), "{capped:#}");
        assert_eq!((&capped["before"]["openCapHits"], capped["after"]["openCapHits"].as_i64() >= Some(12)), (&json!(0), true));
        let short = replayed(&manager, json!({ "from": from, "routingsMax": 3 })).await;
        assert_eq!((&short["routings"], &short["cutShort"]), (&json!(3), &json!(true)));
        // an admin sees all, others what came to their department
        let marketing = app.actor("marketing.manager").await;
        let mut seen = Vec::new();
        for who in [&admin, &marketing, &manager, &field] {
            seen.push(replayed(who, json!({ "from": from })).await["routings"].as_i64().unwrap());
        }
        assert_eq!((seen[0], seen[2], seen[3]), (seen[1] + 8, 8, 0), "{seen:?}");
        assert_eq!(pool.weights(&manager).await["version"], 1, "nothing was written");
    }

    async fn a_draft_is_published_from_what_was_tried(app: TestApp) {
        let pool = Pool::make(&app).await;
        let [admin, manager, inside] = app.actors(["admin", "inside.manager", "inside"]).await;
        let input = json!({ "name": "three to one", "changes": pool.three_to_one(), "idempotencyKey": "k" });
        let made = manager.mutate("routingDraftCreate", input.clone(), DRAFT).await;
        let draft = &made["draft"];
        assert_eq!((&draft["state"], &draft["version"], &draft["pools"][0]["draftedOver"]), (&json!("DRAFT"), &json!(1), &json!(1)), "{made:#}");
        assert_eq!(draft["pools"][0]["weights"], json!([{ "user": { "id": pool.inside }, "weight": 30 }]));
        assert_eq!(draft["createdBy"]["id"], app.organisation().user("inside.manager"));
        assert_eq!(manager.mutate("routingDraftCreate", input, DRAFT).await["draft"]["id"], draft["id"]);
        let found = admin.query("{ routingDrafts(state: DRAFT) { nodes { id name } } }", Value::Null).await;
        assert_eq!(found["routingDrafts"]["nodes"], json!([{ "id": draft["id"], "name": "three to one" }]));
        let unseen = format!("{{ routingDraft(id: {}) {{ id }} routingDrafts {{ nodes {{ id }} }} }}", draft["id"]);
        assert_eq!(inside.query(&unseen, Value::Null).await, json!({ "routingDraft": null, "routingDrafts": { "nodes": [] } }));

        let tried = simulated(&manager, warm(json!({ "draft": draft["id"] }))).await;
        assert_eq!((&tried["draft"]["id"], &tried["changedSince"]), (&draft["id"], &json!([])));
        let publish = json!({ "draft": draft["id"], "expectedVersion": 1 });
        let refused = manager.mutate("routingDraftPublish", publish.clone(), DRAFT).await;
        assert_eq!((&refused["errors"][0]["code"], &refused["errors"][0]["action"]), (&json!("NOT_ALLOWED"), &json!("MANAGE_ROUTING")));
        let stale = json!({ "draft": draft["id"], "expectedVersion": 9 });
        assert_eq!(admin.mutate("routingDraftPublish", stale, DRAFT).await["errors"][0]["code"], "VERSION_CONFLICT");

        let done = admin.mutate("routingDraftPublish", publish, &format!("{DRAFT} pools {{ id version }} territories {{ id }}")).await;
        assert_eq!((&done["draft"]["state"], &done["pools"]), (&json!("PUBLISHED"), &json!([{ "id": pool.id, "version": 2 }])), "{done:#}");
        let now = pool.weights(&manager).await;
        assert_eq!((&now["version"], &pool.member(&now, &pool.inside)["weight"]), (&json!(2), &json!(30)));
        let decision = simulated(&manager, warm(json!({}))).await["decision"].take();
        assert!(decision["candidates"].as_array().unwrap().iter().any(|one| one["share"] == 0.75), "it is in force at once: {decision:#}");
        for (field, more) in [("routingDraftUpdate", json!({ "name": "late" })), ("routingDraftDiscard", json!({})), ("routingDraftPublish", json!({}))] {
            let late = admin.mutate(field, merged(json!({ "draft": draft["id"] }), more), "draft { id }").await;
            assert_eq!((&late["errors"][0]["code"], &late["errors"][0]["field"]), (&json!("INVALID_INPUT"), &json!("state")), "{field}");
        }
        assert_eq!(fault(&manager, SIMULATE, warm(json!({ "draft": draft["id"] }))).await, ("BAD_USER_INPUT".to_owned(), json!("draft")));
    }

    async fn what_others_changed_is_not_overwritten(app: TestApp) {
        let pool = Pool::make(&app).await;
        let [admin, manager] = app.actors(["admin", "inside.manager"]).await;
        let input = json!({ "name": "three to one", "changes": pool.three_to_one() });
        let draft = manager.mutate("routingDraftCreate", input, DRAFT).await["draft"].take();
        let other = json!({ "pool": pool.id, "caps": { "memberDayMax": 9 } });
        admin.mutate("poolUpdate", other, "pool { id }").await;
        let tried = simulated(&manager, warm(json!({ "draft": draft["id"] }))).await;
        assert_eq!(tried["changedSince"], json!([pool.id]));
        let refused = admin.mutate("routingDraftPublish", json!({ "draft": draft["id"] }), DRAFT).await;
        assert_eq!((&refused["draft"], &refused["errors"][0]["code"]), (&Value::Null, &json!("VERSION_CONFLICT")));
        assert_eq!(pool.weights(&admin).await["version"], 2, "all of it or nothing");

        // drafted anew over what is there now
        let again = json!({ "draft": draft["id"], "changes": pool.three_to_one(), "expectedVersion": 1 });
        let revised = manager.mutate("routingDraftUpdate", again.clone(), DRAFT).await;
        assert_eq!((&revised["draft"]["version"], &revised["draft"]["pools"][0]["draftedOver"]), (&json!(2), &json!(2)));
        assert_eq!(manager.mutate("routingDraftUpdate", again, DRAFT).await["errors"][0]["code"], "VERSION_CONFLICT");
        let done = admin.mutate("routingDraftPublish", json!({ "draft": draft["id"] }), "draft { state }").await;
        assert_eq!(done["draft"]["state"], "PUBLISHED");

        let input = json!({ "name": "no good", "changes": { "archivedPools": [pool.id] } });
        let draft = manager.mutate("routingDraftCreate", input, DRAFT).await["draft"].take();
        assert_eq!(draft["pools"][0]["status"], "ARCHIVED");
        let given_up = manager.mutate("routingDraftDiscard", json!({ "draft": draft["id"] }), DRAFT).await;
        assert_eq!(given_up["draft"]["state"], "DISCARDED");
    }

    async fn a_draft_can_make_everything_new(app: TestApp) {
        let pool = Pool::make(&app).await;
        let [admin, manager] = app.actors(["admin", "inside.manager"]).await;
        let teams = ["inside-dach", "inside-fr"].map(|team| json!([{ "department": "INSIDE_SALES", "team": app.organisation().team(team) }]));
        let changes = json!({
            "archivedPools": [pool.id],
            "newPools": [{
                "key": "warm-only", "name": "Warm only", "team": app.organisation().team("inside-dach"), "tiers": [{ "tier": "WARM" }],
                "members": [{ "user": pool.colleague }],
            }],
            "newTerritories": [
                { "key": "alps", "name": "Alps", "teams": teams[0] },
                { "key": "west", "name": "West", "rules": { "countries": ["FR"] }, "teams": teams[1] },
            ],
        });
        let made = manager.mutate("routingDraftCreate", json!({ "name": "anew", "changes": changes }), DRAFT).await;
        let draft = &made["draft"];
        let (alps, warm_only) = (text(&draft["newTerritories"][0]["id"]), text(&draft["newPools"][0]["id"]));
        // a new territory belongs to another new one
        let mut deeper = changes.clone();
        let austria = json!({ "key": "austria", "name": "Austria", "parent": alps, "rules": { "countries": ["AT"] } });
        deeper["newTerritories"].as_array_mut().unwrap().insert(0, austria);
        let revised = manager.mutate("routingDraftUpdate", json!({ "draft": draft["id"], "changes": deeper }), DRAFT).await;
        let territories = revised["draft"]["newTerritories"].as_array().unwrap();
        assert_eq!((territories.len(), &territories[1]["id"]), (3, &json!(alps)), "{revised:#}");

        let tried = simulated(&manager, warm(json!({ "country": "AT", "draft": draft["id"] }))).await["decision"].take();
        assert_eq!((&tried["poolId"], &tried["pool"], &tried["territoryId"]), (&json!(warm_only), &Value::Null, &territories[0]["id"]));
        assert_eq!((&tried["user"]["id"], &tried["fairRule"]), (&json!(pool.colleague), &json!("ALONE")));
        let tried = simulated(&manager, warm(json!({ "draft": draft["id"] }))).await["decision"].take();
        assert_eq!(tried["queueReason"], "NO_TERRITORY");

        let done = admin.mutate("routingDraftPublish", json!({ "draft": draft["id"] }), "draft { state } pools { key status } territories { key }").await;
        assert_eq!(done["draft"]["state"], "PUBLISHED", "{done:#}");
        assert_eq!(done["territories"].as_array().unwrap().len(), 3);
        let now = simulated(&manager, warm(json!({ "country": "AT" }))).await["decision"].take();
        assert_eq!((&now["pool"]["key"], &now["territory"]["key"], &now["user"]["id"]), (&json!("warm-only"), &json!("austria"), &json!(pool.colleague)));
    }
}
