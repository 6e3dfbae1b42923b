//! What a visitor's request adds to what was typed, and where each field comes from.

use std::net::Ipv4Addr;

use fairfall_tests::factory::{Capture, text};
use fairfall_tests::mmdb::country_file;
use fairfall_tests::{Client, TestApp, on_both_databases, provider};
use serde_json::{Value, json};

/// The network 192.0.2.0/24 (for documentation, RFC 5737) is in Switzerland.
const COUNTRIES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/country.mmdb");

const PERSON: &str = "query($id: ID!) { lead(by: { id: $id }) { language country attributes { key text }
    person { id version language country jobTitle origins { field source name } } } }";

async fn seen(client: &Client, lead: &str) -> Value {
    client.query(PERSON, json!({ "id": lead })).await["lead"].clone()
}

fn source(lead: &Value, field: &str) -> Value {
    let origins = lead["person"]["origins"].as_array().unwrap();
    origins.iter().find(|origin| origin["field"] == field).map_or(Value::Null, |origin| origin["source"].clone())
}

/// A form that asks for a name and an address only.
fn short_form(n: usize) -> Capture {
    let person = json!({ "new": { "familyName": format!("Favre{n}"), "email": format!("favre{n}@kunde{n}.example") } });
    Capture::new(n).with("person", person).without("company").with(
        "visitor",
        json!({
            "ipAddress": "192.0.2.77", "acceptLanguage": "fr-CH, fr;q=0.9, en;q=0.8",
            "userAgent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
        }),
    )
}

#[test]
fn the_file_of_countries_is_what_it_says() {
    assert_eq!(std::fs::read(COUNTRIES).unwrap(), country_file(Ipv4Addr::new(192, 0, 2, 0), 24, "CH"));
}

on_both_databases! {
    settings [("COUNTRIES_FILE", COUNTRIES)]
    async fn a_visitors_request_fills_gaps(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let lead = short_form(1).by(&marketing).await;
        let lead = seen(&marketing, &lead).await;
        assert_eq!((&lead["person"]["language"], &lead["person"]["country"]), (&json!("fr-CH"), &json!("CH")));
        assert_eq!((&lead["language"], &lead["country"]), (&json!("fr-CH"), &json!("CH")), "the lead goes where its person is");
        assert_eq!(source(&lead, "language"), "REQUEST");
        assert_eq!(source(&lead, "country"), "REQUEST");
        assert_eq!(source(&lead, "email"), "CAPTURE");
        assert_eq!(lead["attributes"], json!([{ "key": "visitor.device", "text": "MOBILE" }]));
        let change = json!({ "person": lead["person"]["id"], "language": "de", "jobTitle": "Einkauf" });
        marketing.mutate("personUpdate", change, "person { id }").await;
        // the same person comes back with another browser: what a colleague typed stays
        let again = short_form(1).with("productArea", json!("erp")).by(&marketing).await;
        let lead = seen(&marketing, &again).await;
        assert_eq!(lead["person"]["language"], "de");
        assert_eq!((source(&lead, "language"), source(&lead, "jobTitle")), (json!("USER"), json!("USER")));
    }

    async fn without_a_file_the_country_stays_unknown(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let lead = short_form(1).by(&marketing).await;
        let lead = seen(&marketing, &lead).await;
        assert_eq!((&lead["person"]["country"], &lead["person"]["language"]), (&Value::Null, &json!("fr-CH")));
        assert_eq!(source(&lead, "country"), Value::Null);
    }

    async fn a_request_that_is_none_is_told(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let wrong = short_form(1).with("visitor", json!({ "ipAddress": "somewhere", "userAgent": "x".repeat(1_001) }));
        let errors = marketing.refused("leadCapture", wrong.input()).await;
        let fields: Vec<_> = errors.as_array().unwrap().iter().map(|error| text(&error["field"])).collect();
        assert_eq!(fields, ["visitor.ipAddress", "visitor.userAgent"]);
    }
}

/// A company of a name and a town.
async fn company(client: &Client, name: &str) -> String {
    let made = client.mutate("companyCreate", json!({ "name": name, "city": "Neu-Ulm" }), "company { id }").await;
    text(&made["company"]["id"])
}

const ENRICHED: &str = "filled leftOut { field code } company { version industry employees city origins { field source name } }";

on_both_databases! {
    settings [
        ("ENRICHMENT__URL", provider::url()), ("ENRICHMENT__HOSTS", "127.0.0.1"), ("ENRICHMENT__TOKEN", "provider-secret"),
        ("ENRICHMENT__KEY", "firm-data"), ("ENRICHMENT__PEOPLE", "true"),
    ]
    async fn a_provider_fills_gaps_and_says_so(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let known = company(&marketing, "Kunde AG").await;
        let done = marketing.mutate("companyEnrich", json!({ "company": known, "expectedVersion": 1 }), ENRICHED).await;
        assert_eq!(done["filled"], json!(["country", "industry", "employees", "website"]));
        assert_eq!(done["leftOut"], json!([{ "field": "postalCode", "code": "INVALID_INPUT" }]), "what is malformed is left out and told");
        assert_eq!(done["company"]["city"], "Neu-Ulm", "what a colleague typed stays");
        let origins = done["company"]["origins"].as_array().unwrap();
        assert!(origins.contains(&json!({ "field": "industry", "source": "PROVIDER", "name": "firm-data" })));
        let again = marketing.mutate("companyEnrich", json!({ "company": known }), ENRICHED).await;
        assert_eq!(again["filled"], json!([]), "the same told again changes nothing");
        let person = marketing.mutate("personCreate", json!({ "familyName": "Favre" }), "person { id }").await;
        let input = json!({ "person": person["person"]["id"] });
        let done = marketing.mutate("personEnrich", input, "filled person { jobTitle city }").await;
        assert_eq!(done["filled"], json!(["city", "jobTitle"]));
    }

    settings [
        ("ENRICHMENT__URL", provider::url()), ("ENRICHMENT__HOSTS", "127.0.0.1"), ("ENRICHMENT__TOKEN", "provider-secret"),
        ("ENRICHMENT__TIMEOUT_MS", "700"),
    ]
    async fn a_provider_that_fails_changes_nothing(app: TestApp) {
        let marketing = app.actor("marketing").await;
        for (name, message) in [
            ("Slow", "the data provider did not answer in time"),
            ("Huge", "the answer of the data provider is too large"),
            ("Broken", "the answer of the data provider cannot be read"),
            ("Moved", "the data provider answered status 302"),
            ("Stranger", "the data provider answered status 404"),
        ] {
            let known = company(&marketing, name).await;
            let errors = marketing.refused("companyEnrich", json!({ "company": known })).await;
            assert_eq!((&errors[0]["__typename"], &errors[0]["message"]), (&json!("ProviderFailed"), &json!(message)), "{name}");
            let data = marketing.query("query($id: ID!) { company(id: $id) { version } }", json!({ "id": known })).await;
            assert_eq!(data["company"]["version"], 1, "{name}");
        }
        let person = marketing.mutate("personCreate", json!({ "familyName": "Favre" }), "person { id }").await;
        let errors = marketing.refused("personEnrich", json!({ "person": person["person"]["id"] })).await;
        assert_eq!(errors[0]["message"], "no data provider is configured for this", "people only where the operator allows it");
    }

    async fn without_a_provider_nothing_is_asked(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let known = company(&marketing, "Kunde AG").await;
        let errors = marketing.refused("companyEnrich", json!({ "company": known })).await;
        assert_eq!(errors[0]["code"], "PROVIDER_FAILED");
    }
}
