//! Agreements and custom attributes among what is tried.

use fairfall_tests::TestApp;
use fairfall_tests::factory::text;
use serde_json::{Value, json};

/// A draft between field sales and customer service, and an attribute.
pub(crate) struct Agreements {
    draft: String,
    attribute: String,
}

impl Agreements {
    /// Makes them.
    pub(crate) async fn make(app: &TestApp) -> Self {
        let admin = app.actor("admin").await;
        let input = json!({ "key": "inside-sales-to-field-sales" });
        let draft = admin.mutate("agreementDraft", input, "agreement { id }").await;
        let input = json!({ "key": "pets", "labels": { "de": "Haustiere", "en": "Pets" }, "kind": "FLAG" });
        let attribute = admin.mutate("attributeCreate", input, "attribute { id }").await;
        Self { draft: text(&draft["agreement"]["id"]), attribute: text(&attribute["attribute"]["id"]) }
    }

    /// Every query with what it is asked for.
    pub(crate) fn queries(&self) -> Vec<(&'static str, String)> {
        let replay = format!("agreementReplay(input: {{ agreement: \"{}\", days: 1 }}) {{ leads }}", self.draft);
        vec![
            ("agreementReplay", replay),
            ("attributes", "attributes { id }".to_owned()),
            ("measures", "measures { measure }".to_owned()),
        ]
    }

    /// Every mutation with an input that changes nothing even for those who may.
    pub(crate) fn mutations(&self) -> Vec<(&'static str, Value)> {
        let change = json!({ "agreement": self.draft, "expectedVersion": 999 });
        vec![
            ("agreementDelete", change.clone()),
            ("agreementDraft", json!({ "key": "not a key" })),
            ("agreementPropose", change.clone()),
            ("agreementSign", change.clone()),
            ("agreementUpdate", change.clone()),
            ("agreementWithdraw", change),
            ("attributeCreate", json!({ "key": "not a key", "labels": { "de": "a", "en": "a" }, "kind": "FLAG" })),
            ("attributeUpdate", json!({ "attribute": self.attribute, "expectedVersion": 999 })),
        ]
    }

    /// Every mutation with an input that would work for somebody who may, by somebody who may not, and the code of the refusal.
    pub(crate) fn tries(&self) -> Vec<(&'static str, &'static str, Value, &'static str)> {
        let of_draft = json!({ "agreement": self.draft });
        let labels = json!({ "de": "a", "en": "a" });
        vec![
            ("agreementDelete", "marketing.manager", of_draft.clone(), "NOT_ALLOWED"),
            ("agreementDraft", "field.manager", json!({ "key": "marketing-to-inside-sales" }), "NOT_ALLOWED"),
            ("agreementPropose", "inside", of_draft.clone(), "NOT_ALLOWED"),
            ("agreementSign", "partner", json!({ "agreement": self.draft, "expectedVersion": 1 }), "NOT_FOUND"),
            ("agreementUpdate", "analyst", json!({ "agreement": self.draft, "gates": [] }), "NOT_ALLOWED"),
            ("agreementWithdraw", "service.manager", of_draft, "NOT_ALLOWED"),
            ("attributeCreate", "marketing.manager", json!({ "key": "a", "labels": labels, "kind": "FLAG" }), "NOT_ALLOWED"),
            ("attributeUpdate", "partner", json!({ "attribute": self.attribute, "status": "RETIRED" }), "NOT_FOUND"),
        ]
    }
}
