//! Records that come in are reviewed as the policy says, and what is flagged stays visible.

use std::io;

use csv::{ByteRecord, ReaderBuilder};
use fairfall::app::App;
use fairfall::app::import::mapping::Mapping;
use fairfall::app::import::{ImportActor, ImportOrder, Mode, Observer, Progress, QualityCounts, Summary, fingerprint, run};
use fairfall_domain::violation::Violations;
use fairfall_tests::factory::{Capture, text};
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

const FINDINGS: &str = "findings { check severity field was now }";
const QUALITY: &str = "query($id: ID!) { person(id: $id) { fullName email quality { findings { check severity field was now } }
    title { function seniority confidence matched source } } }";

async fn person(client: &Client, id: &str) -> Value {
    client.query(QUALITY, json!({ "id": id })).await["person"].clone()
}

#[expect(clippy::needless_pass_by_value, reason = "written as a literal where it is called")]
fn finding(check: &str, severity: &str, field: &str, was: &str, now: Value) -> Value {
    json!({ "check": check, "severity": severity, "field": field, "was": was, "now": now })
}

async fn set(admin: &Client, checks: Value) -> Value {
    let input = json!({ "checks": checks });
    admin.mutate("qualityPolicyUpdate", input, "qualityPolicy { version checks { check severity lawful shipped } }").await
}

/// The errors of a mutation: type, field and kind of violation.
fn told(payload: &Value) -> Vec<(String, String, String)> {
    let errors = payload["errors"].as_array().unwrap().iter();
    let of = |error: &Value, key: &str| error[key].as_str().unwrap_or_default().to_owned();
    errors.map(|error| (of(error, "__typename"), of(error, "field"), of(error, "violation"))).collect()
}

fn invalid(field: &str, violation: &str) -> (String, String, String) {
    ("InvalidInput".to_owned(), field.to_owned(), violation.to_owned())
}

/// Keeps what a run rejects.
#[derive(Debug, Default)]
struct Ear(Vec<String>);

impl Observer for Ear {
    fn resumed(&mut self, _: u64) -> io::Result<u64> {
        Ok(0)
    }

    fn started(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn rejected(&mut self, _: &ByteRecord, reasons: &Violations) -> io::Result<()> {
        self.0.push(reasons.to_string());
        Ok(())
    }

    fn advanced(&mut self, _: &Progress) -> io::Result<()> {
        Ok(())
    }
}

const MAP: &str = r#"
source = "list"
[lead]
external_id = { column = "id" }
captured_at = { column = "at", format = "date" }
product_area = { value = "crm" }
[person]
given_name = { column = "given" }
family_name = { column = "family" }
email = { column = "email" }
phone = { column = "phone" }
country = { value = "DE" }
[company]
name = { column = "company" }
website = { column = "web" }
"#;

const ROWS: &str = "id,at,given,family,email,phone,company,web
1,2026-01-02,ANNA,HUBER,anna.huber@huber.example,089 12345678,Huber GmbH,www.huber.example
2,2026-01-02,Ben,Berg,ben@mailinator.com,,Berg AG,
3,2026-01-02,Cara,Cohn,info@cohn.example,,GmbH,
";

async fn import(app: &App, ear: &mut Ear) -> Summary {
    let columns: Vec<String> = ROWS.lines().next().unwrap().split(',').map(str::to_owned).collect();
    let mapping = Mapping::read(MAP, &columns).unwrap_or_else(|faults| panic!("{faults}"));
    let fingerprint = fingerprint(ROWS.as_bytes(), MAP).unwrap();
    let order = ImportOrder { source: "list".to_owned(), fingerprint, mapping, mode: Mode::Write };
    let rows = || Ok(ReaderBuilder::new().from_reader(ROWS.as_bytes()).into_byte_records());
    run(app, ImportActor::default(), order, rows, ear).await.unwrap()
}

on_both_databases! {
    async fn what_is_wrong_is_put_right_or_stays_visible(app: TestApp) {
        let inside = app.actor("inside").await;
        let input = json!({
            "givenName": "ERIKA", "familyName": "van der Berg", "email": "info@gmial.com", "country": "DE",
            "jobTitle": "Assistentin der Geschäftsführung",
        });
        let made = inside.mutate("personCreate", input, &format!("person {{ id }} {FINDINGS}")).await;
        let fixed = finding("NAME_CASE", "FIX", "givenName", "ERIKA", json!("Erika"));
        let typo = finding("EMAIL_TYPO", "FLAG", "email", "info@gmial.com", json!("info@gmail.com"));
        let role = finding("EMAIL_ROLE", "FLAG", "email", "info@gmial.com", Value::Null);
        assert_eq!(made["findings"], json!([fixed, typo, role]));
        let id = text(&made["person"]["id"]);
        let seen = person(&inside, &id).await;
        assert_eq!((&seen["fullName"], &seen["email"]), (&json!("Erika van der Berg"), &json!("info@gmial.com")));
        assert_eq!(seen["quality"]["findings"], json!([typo, role]), "what was put right is not to be looked at any more");
        let title = json!({
            "function": "ASSISTANCE", "seniority": "ASSISTANT", "confidence": 0.95, "matched": "Assistentin", "source": "RULE",
        });
        assert_eq!(seen["title"], title);

        let change = json!({ "person": id, "email": "erika@berg.example", "jobTitle": "Leiterin Einkauf" });
        let changed = inside.mutate("personUpdate", change, FINDINGS).await;
        assert_eq!(changed["findings"], json!([]));
        let seen = person(&inside, &id).await;
        assert_eq!(seen["quality"]["findings"], json!([]));
        assert_eq!((&seen["title"]["function"], &seen["title"]["seniority"]), (&json!("PROCUREMENT"), &json!("DIRECTOR")));
    }

    async fn companies_show_their_legal_form(app: TestApp) {
        let inside = app.actor("inside").await;
        let input = json!({ "name": "Müller & Söhne GmbH & Co. KG", "website": "www.mueller.example" });
        let selection = format!("company {{ website quality {{ legalForm normalName {FINDINGS} }} }} {FINDINGS}");
        let made = inside.mutate("companyCreate", input, &selection).await;
        assert_eq!(made["findings"], json!([finding("URL", "FIX", "website", "www.mueller.example", json!("https://www.mueller.example/"))]));
        assert_eq!(made["company"]["website"], "https://www.mueller.example/");
        assert_eq!(
            made["company"]["quality"],
            json!({ "legalForm": "GmbH & Co. KG", "normalName": "mueller soehne", "findings": [] })
        );
        let nameless = inside.mutate("companyCreate", json!({ "name": "n/a" }), &selection).await;
        assert_eq!(nameless["findings"], json!([finding("COMPANY_NAME", "FLAG", "name", "n/a", Value::Null)]));
        assert_eq!(nameless["company"]["quality"]["findings"], nameless["findings"]);
    }

    async fn an_admin_says_what_is_done(app: TestApp) {
        let [admin, manager, marketing] = app.actors(["admin", "marketing.manager", "marketing"]).await;
        let shipped = marketing.query("{ qualityPolicy { version checks { check severity } } }", Value::Null).await;
        assert_eq!(shipped["qualityPolicy"]["version"], 1);
        assert_eq!(shipped["qualityPolicy"]["checks"].as_array().unwrap().len(), 12);
        let strict = json!([{ "check": "EMAIL_THROWAWAY", "severity": "REJECT" }, { "check": "PHONE_INVALID", "severity": "FIX" }]);
        let refused = manager.mutate("qualityPolicyUpdate", json!({ "checks": strict }), "qualityPolicy { version }").await;
        assert_eq!(told(&refused)[0].0, "NotAllowed");
        let unlawful = set(&admin, json!([{ "check": "EMAIL_SYNTAX", "severity": "OFF" }, { "check": "NAME_CASE", "severity": "REJECT" }])).await;
        assert_eq!(told(&unlawful), [invalid("checks.0.severity", "CONFLICT"), invalid("checks.1.severity", "CONFLICT")]);
        assert_eq!(told(&set(&admin, json!([])).await), [invalid("checks", "REQUIRED")]);
        assert_eq!(set(&admin, strict.clone()).await["qualityPolicy"]["version"], 2);
        let stale = json!({ "checks": strict, "expectedVersion": 1 });
        let stale = admin.mutate("qualityPolicyUpdate", stale, "qualityPolicy { version }").await;
        assert_eq!((&stale["errors"][0]["__typename"], &stale["errors"][0]["current"]), (&json!("VersionConflict"), &json!(2)));

        let capture = |email: &str, phone: &str| {
            let person = json!({ "givenName": "Max", "familyName": "Muster", "email": email, "phone": phone, "country": "DE" });
            Capture::new(1).with("person", json!({ "new": person })).input()
        };
        let selection = format!("lead {{ id person {{ phone }} }} {FINDINGS}");
        let refused = marketing.mutate("leadCapture", capture("max@mailinator.com", "089 12345678"), &selection).await;
        assert_eq!((told(&refused), &refused["findings"]), (vec![invalid("person.new.email", "NOT_ACCEPTED")], &json!([])));
        let captured = marketing.mutate("leadCapture", capture("max@kunde.example", "call me"), &selection).await;
        assert_eq!(captured["findings"], json!([finding("PHONE_INVALID", "FIX", "person.new.phone", "call me", Value::Null)]));
        assert_eq!(captured["lead"]["person"]["phone"], Value::Null);
    }

    async fn a_stored_record_is_judged_by_the_policy_of_today(app: TestApp) {
        let [admin, inside] = app.actors(["admin", "inside"]).await;
        let input = json!({ "familyName": "Muster", "email": "muster@gmx.de" });
        let made = inside.mutate("personCreate", input, "person { id }").await;
        let id = text(&made["person"]["id"]);
        let free = |severity: &str| json!([finding("EMAIL_FREE", severity, "email", "muster@gmx.de", Value::Null)]);
        assert_eq!(person(&inside, &id).await["quality"]["findings"], free("FLAG"));
        set(&admin, json!([{ "check": "EMAIL_FREE", "severity": "REJECT" }])).await;
        assert_eq!(person(&inside, &id).await["quality"]["findings"], free("REJECT"));
        let untouched = inside.mutate("personUpdate", json!({ "person": id, "city": "Ulm" }), "person { city }").await;
        assert_eq!(untouched["person"]["city"], "Ulm", "a change is judged only in what it changes");
        set(&admin, json!([{ "check": "EMAIL_FREE", "severity": "OFF" }])).await;
        assert_eq!(person(&inside, &id).await["quality"]["findings"], json!([]));
    }

    async fn an_import_rejects_and_counts(app: TestApp) {
        let admin = app.actor("admin").await;
        set(&admin, json!([{ "check": "EMAIL_THROWAWAY", "severity": "REJECT" }])).await;
        let mut ear = Ear::default();
        let summary = import(app.app(), &mut ear).await;
        assert_eq!((summary.rows, summary.imported, summary.rejected), (3, 2, 1));
        assert_eq!(ear.0, ["`email`: is of a provider of throw-away addresses"]);
        // put right: both names and the web address; flagged: the role and the company without a name
        assert_eq!(summary.quality, QualityCounts { fixed: 3, flagged: 2 });
        let found = admin.query("{ people(first: 5) { nodes { fullName phone } } }", Value::Null).await;
        let people = found["people"]["nodes"].as_array().unwrap();
        assert!(people.contains(&json!({ "fullName": "Anna Huber", "phone": "+498912345678" })), "{people:?}");
    }
}
