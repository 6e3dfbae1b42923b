//! Promises among what is tried.

use fairfall_tests::TestApp;
use fairfall_tests::factory::text;
use serde_json::{Value, json};

/// A promise about a lead that inside sales works on.
pub(crate) struct Clocks {
    clock: String,
}

impl Clocks {
    /// What is promised for every lead that marketing hands over. To be said before any is.
    pub(crate) async fn promise(app: &TestApp) {
        let promised = json!([
            { "kind": "ACCEPT", "promise": { "basis": "WALL", "seconds": 36_000 } },
            { "kind": "FIRST_CONTACT", "promise": { "basis": "WALL", "seconds": 36_000 }, "pause_seconds_max": 3_600 },
            { "kind": "FEEDBACK", "promise": { "basis": "WALL", "seconds": 36_000 } },
        ]);
        fairfall_tests::agreement::promise(app, "marketing-to-inside-sales", promised).await;
    }

    /// The first contact that was promised for a lead that was accepted.
    pub(crate) async fn of(app: &TestApp, lead: &str) -> Self {
        let admin = app.actor("admin").await;
        let query = "query($id: ID!) { lead(by: { id: $id }) { clocks { id kind } } }";
        let data = admin.query(query, json!({ "id": lead })).await;
        let clocks = data["lead"]["clocks"].as_array().unwrap();
        let contact = clocks.iter().find(|clock| clock["kind"] == "FIRST_CONTACT").expect("a contact is promised");
        Self { clock: text(&contact["id"]) }
    }

    /// Every query with what it is asked for.
    pub(crate) fn queries() -> Vec<(&'static str, String)> {
        vec![("clocks", "clocks(first: 100) { nodes { id } }".to_owned())]
    }

    /// Every mutation with an input that changes nothing even for those who may.
    pub(crate) fn mutations(&self) -> Vec<(&'static str, Value)> {
        let long_ago = json!({ "clock": self.clock, "reason": "CONTACT_AWAY", "until": "2020-01-01T00:00:00Z" });
        vec![("clockPause", long_ago), ("clockResume", json!({ "clock": self.clock }))]
    }

    /// Every mutation with an input that would work for somebody who may, by somebody who may not, and the code of the refusal.
    pub(crate) fn tries(&self) -> Vec<(&'static str, &'static str, Value, &'static str)> {
        vec![
            ("clockPause", "inside.colleague", json!({ "clock": self.clock, "reason": "CONTACT_AWAY" }), "NOT_ALLOWED"),
            ("clockResume", "analyst", json!({ "clock": self.clock }), "NOT_FOUND"),
        ]
    }
}
