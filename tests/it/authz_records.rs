//! Records that may be the same one, and merges that were made, among what is tried.

use fairfall_tests::Client;
use fairfall_tests::factory::text;
use serde_json::{Value, json};

/// Records that may be the same one.
pub(crate) struct Pairs {
    pub(crate) open: String,
    pub(crate) dismissed: String,
}

impl Pairs {
    pub(crate) async fn make(admin: &Client) -> Self {
        for family in ["Meyer", "Maier", "Mayr"] {
            let input = json!({ "givenName": "Zoë", "familyName": family, "phone": "+49 89 12345678" });
            admin.mutate("personCreate", input, "person { id }").await;
        }
        let data = admin.query("{ duplicates { nodes { id } } }", Value::Null).await;
        let [open, dismissed] = [0, 1].map(|index| text(&data["duplicates"]["nodes"][index]["id"]));
        admin.mutate("duplicateDismiss", json!({ "duplicate": dismissed }), "duplicate { id }").await;
        Self { open, dismissed }
    }
}

/// Records that can be merged, and merges that were made.
pub(crate) struct Mergeable {
    pub(crate) persons: [String; 2],
    pub(crate) companies: [String; 2],
    pub(crate) person_merge: String,
    pub(crate) company_merge: String,
}

impl Mergeable {
    pub(crate) async fn make(admin: &Client) -> Self {
        let mut persons = Vec::new();
        let mut companies = Vec::new();
        for n in 0..4 {
            let input = json!({ "familyName": format!("Doppel{n}"), "email": format!("doppel{n}@kunde.example") });
            persons.push(text(&admin.mutate("personCreate", input, "person { id }").await["person"]["id"]));
            let input = json!({ "name": format!("Doppel {n} GmbH") });
            companies.push(text(&admin.mutate("companyCreate", input, "company { id }").await["company"]["id"]));
        }
        let [one, two, three, four] = persons.try_into().unwrap();
        let merged = admin.mutate("personMerge", json!({ "survivor": one, "loser": two }), "merge { id }").await;
        let (persons, person_merge) = ([three, four], text(&merged["merge"]["id"]));
        let [one, two, three, four] = companies.try_into().unwrap();
        let merged = admin.mutate("companyMerge", json!({ "survivor": one, "loser": two }), "merge { id }").await;
        let (companies, company_merge) = ([three, four], text(&merged["merge"]["id"]));
        Self { persons, companies, person_merge, company_merge }
    }

    pub(crate) fn preview(field: &str, [survivor, loser]: &[String; 2]) -> String {
        format!("{field}(survivor: \"{survivor}\", loser: \"{loser}\") {{ survivorVersion }}")
    }
}
