//! The configuration of routing among what is tried: territories, pools, and what is known of colleagues.

use fairfall_tests::TestApp;
use fairfall_tests::factory::text;
use serde_json::{Value, json};

use crate::authz_coverage::merged;

/// A territory and a pool of inside sales, and somebody of it.
pub(crate) struct Routing {
    territory: String,
    pool: String,
    draft: String,
    decision: String,
    user: String,
    team: String,
}

impl Routing {
    /// Makes them. Nothing should be routed afterwards: they would take part.
    pub(crate) async fn make(app: &TestApp) -> Self {
        let admin = app.actor("admin").await;
        let (user, team) = (app.organisation().user("inside"), app.organisation().team("inside-dach"));
        let served = json!([{ "department": "INSIDE_SALES", "team": team }]);
        let input = json!({ "key": "iceland", "name": "Iceland", "rules": { "countries": ["IS"] }, "teams": served });
        let territory = admin.mutate("territoryCreate", input, "territory { id }").await;
        let input = json!({ "key": "hot", "name": "Hot", "team": team, "tiers": [{ "tier": "HOT" }] });
        let pool = admin.mutate("poolCreate", input, "pool { id }").await;
        let draft = json!({ "name": "other weights", "changes": {} });
        let draft = admin.mutate("routingDraftCreate", draft, "draft { id }").await;
        // how a lead that is on its way was routed
        let leads = admin.query("{ leads(first: 50) { nodes { decisions { id } } } }", Value::Null).await;
        let decided = leads["leads"]["nodes"].as_array().unwrap().iter().find_map(|lead| lead["decisions"][0]["id"].as_str());
        let decision = decided.expect("a lead was routed").to_owned();
        let (territory, pool, draft) = (&territory["territory"]["id"], &pool["pool"]["id"], &draft["draft"]["id"]);
        Self { territory: text(territory), pool: text(pool), draft: text(draft), decision, user, team }
    }

    /// Every query with what it is asked for.
    pub(crate) fn queries(&self) -> Vec<(&'static str, String)> {
        let page = |field: &'static str| (field, format!("{field}(first: 100) {{ nodes {{ id }} }}"));
        vec![
            ("memberProfile", format!("memberProfile(user: \"{}\") {{ version }}", self.user)),
            ("pool", format!("pool(id: \"{}\") {{ id }}", self.pool)),
            page("pools"),
            ("routingDecision", format!("routingDecision(id: \"{}\") {{ id }}", self.decision)),
            ("routingDraft", format!("routingDraft(id: \"{}\") {{ id }}", self.draft)),
            page("routingDrafts"),
            ("routingPolicy", "routingPolicy { version }".to_owned()),
            (
                "routingReplay",
                "routingReplay(input: { from: \"2020-01-01T00:00:00Z\", to: \"2020-01-02T00:00:00Z\" }) { routings }".to_owned(),
            ),
            (
                "routingSimulate",
                "routingSimulate(input: { department: INSIDE_SALES, tier: HOT, productArea: \"crm\" }) { changedSince }"
                    .to_owned(),
            ),
            page("territories"),
            ("territory", format!("territory(id: \"{}\") {{ id }}", self.territory)),
        ]
    }

    fn served(&self) -> Value {
        json!([{ "department": "INSIDE_SALES", "team": self.team }])
    }

    /// Every mutation with an input that changes nothing even for those who may.
    pub(crate) fn mutations(&self) -> Vec<(&'static str, Value)> {
        let change = |noun: &str, id: &str| json!({ noun: id, "expectedVersion": 999 });
        vec![
            ("absenceCancel", json!({ "user": self.user, "absence": "absence_00000000000000000000000000" })),
            ("memberAway", json!({ "user": self.user, "until": "2020-01-01T00:00:00Z" })),
            ("memberBack", json!({ "user": self.user })),
            ("memberProfileUpdate", change("user", &self.user)),
            ("poolArchive", change("pool", &self.pool)),
            ("poolCreate", json!({ "key": "not a key", "name": "n", "team": self.team, "tiers": [] })),
            ("poolUpdate", change("pool", &self.pool)),
            ("routingDraftCreate", json!({ "name": "", "changes": {} })),
            ("routingDraftDiscard", change("draft", &self.draft)),
            ("routingDraftPublish", change("draft", &self.draft)),
            ("routingDraftUpdate", change("draft", &self.draft)),
            ("routingPolicyUpdate", json!({ "expectedVersion": 999 })),
            ("territoryArchive", change("territory", &self.territory)),
            ("territoryCreate", json!({ "key": "not a key", "name": "n", "teams": self.served() })),
            ("territoryUpdate", change("territory", &self.territory)),
        ]
    }

    /// Every mutation with an input that would work for somebody who may, by somebody who may not, and the code of the refusal.
    pub(crate) fn tries(&self) -> Vec<(&'static str, &'static str, Value, &'static str)> {
        let of_user = |more: Value| merged(json!({ "user": self.user }), more);
        let pool = json!({ "key": "mine", "name": "Mine", "team": self.team, "tiers": [{ "tier": "WARM" }] });
        let territory = json!({ "key": "mine", "name": "Mine", "teams": self.served() });
        vec![
            (
                "absenceCancel",
                "inside.colleague",
                of_user(json!({ "absence": "absence_00000000000000000000000000" })),
                "NOT_ALLOWED",
            ),
            ("memberAway", "inside.colleague", of_user(json!({})), "NOT_ALLOWED"),
            ("memberBack", "field.manager", of_user(json!({})), "NOT_ALLOWED"),
            ("memberProfileUpdate", "analyst", of_user(json!({ "startsAt": null, "skills": [] })), "NOT_FOUND"),
            ("poolArchive", "field.manager", json!({ "pool": self.pool }), "NOT_ALLOWED"),
            ("poolCreate", "inside", pool, "NOT_ALLOWED"),
            (
                "poolRebalance",
                "field.manager",
                of_user(json!({ "pool": self.pool, "reason": "ABSENCE", "expectedPlan": "" })),
                "NOT_ALLOWED",
            ),
            ("poolUpdate", "analyst", json!({ "pool": self.pool, "name": "Mine" }), "NOT_FOUND"),
            ("routingDraftCreate", "inside", json!({ "name": "mine", "changes": {} }), "NOT_ALLOWED"),
            ("routingDraftDiscard", "analyst", json!({ "draft": self.draft }), "NOT_ALLOWED"),
            ("routingDraftPublish", "inside.manager", json!({ "draft": self.draft }), "NOT_ALLOWED"),
            ("routingDraftUpdate", "field", json!({ "draft": self.draft, "name": "mine" }), "NOT_ALLOWED"),
            ("routingPolicyUpdate", "inside.manager", json!({ "ownerDaysMax": 0 }), "NOT_ALLOWED"),
            ("territoryArchive", "partner", json!({ "territory": self.territory }), "NOT_FOUND"),
            ("territoryCreate", "field.manager", territory, "NOT_ALLOWED"),
            ("territoryUpdate", "marketing.manager", json!({ "territory": self.territory, "name": "Mine" }), "NOT_ALLOWED"),
        ]
    }
}
