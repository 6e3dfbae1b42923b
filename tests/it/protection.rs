//! Subject access, erasure, legal holds and retention, and that nothing is left of an erased person anywhere.

use std::fmt::Write as _;

use chrono::TimeDelta;
use fairfall_tests::app::environment;
use fairfall_tests::cli::run;
use fairfall_tests::factory::{Capture, Waterfall, text};
use fairfall_tests::{Client, TestApp, on_both_databases};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};
use serde_json::{Value, json};

/// What tells who somebody is: none of it may be found anywhere once they are erased. Words that nothing else in a database has.
const TRACES: [&str; 7] =
    ["Quirinia", "Zwetschgenmayr", "zwetschgen", "15799988877", "94234", "Zwieslerwaldhaus", "Kellnerschwester"];

/// Traces up to this length may be a part of what has nothing to do with them.
const SHORT: usize = 5;

fn somebody() -> Value {
    json!({ "new": {
        "givenName": "Quirinia", "familyName": "Zwetschgenmayr", "email": "quirinia@zwetschgen.example", "phone": "+4915799988877",
        "language": "de", "country": "DE", "postalCode": "94234", "city": "Zwieslerwaldhaus", "jobTitle": "Kellnerschwester", "buyingRole": "DECIDER",
    } })
}

/// A lead of hers with all that may be written beside it.
async fn her_lead(way: &Waterfall, n: usize) -> (String, String) {
    let attributes = json!([{ "key": "nickname", "value": { "text": "Quirinia privat" } }]);
    let lead = Capture::new(n)
        .with("person", somebody())
        .with("title", json!("Frau Zwetschgenmayr fragt an"))
        .with("attributes", attributes)
        .with("external", json!({ "source": "forms", "id": format!("zwetschgen-{n}") }))
        .with("consents", json!([{ "purpose": "MARKETING", "channel": "EMAIL", "status": "GRANTED" }]))
        .by(&way.marketing)
        .await;
    let data = way.marketing.query("query($id: ID!) { lead(by: { id: $id }) { person { id } } }", json!({ "id": lead })).await;
    (lead, text(&data["lead"]["person"]["id"]))
}

/// Puts her into every other table that may tell of her: activities, a buying role, a mail on its way, a possible duplicate, a merge.
async fn spread(way: &Waterfall, admin: &Client, person: &str, lead: &str) {
    let activity = json!({ "subject": { "lead": lead }, "kind": "CLICK", "source": "mailer", "externalId": "click-of-quirinia@zwetschgen.example" });
    let recorded = way.marketing.mutate("activityRecord", activity, "activity { id }").await;
    assert_eq!(recorded["errors"], json!([]));
    let company = admin.query("query($id: ID!) { lead(by: { id: $id }) { company { id } } }", json!({ "id": lead })).await;
    let role = json!({ "company": company["lead"]["company"]["id"], "person": person, "role": "BUYER" });
    admin.mutate("buyingRolePut", role, "alreadyDone").await;
    let asked = json!({ "person": person, "purpose": "SALES_CONTACT", "channels": ["EMAIL"], "text": "Frau Zwetschgenmayr, dürfen wir?" });
    let asked = admin.mutate("consentRequest", asked, "request { state }").await;
    assert_eq!(asked["request"]["state"], "OPEN", "{asked}");
    let twin = json!({ "givenName": "Quirinia", "familyName": "Zwetschgenmaier", "email": "q.zwetschgenmayr@zwetschgen.example", "country": "DE",
        "postalCode": "94234", "city": "Zwieslerwaldhaus" });
    let twin = admin.mutate("personCreate", twin, "person { id }").await;
    let merge = json!({ "survivor": person, "loser": twin["person"]["id"] });
    let merged = admin.mutate("personMerge", merge, "merge { id }").await;
    assert_eq!(merged["errors"], json!([]));
}

async fn erase(admin: &Client, person: &str) -> Value {
    admin.mutate("personErase", json!({ "person": person }), "person erasedAt alreadyDone").await
}

/// Every row of every table as text.
async fn dump(database: &DatabaseConnection) -> String {
    let tables = match database.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
        }
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1",
    };
    let backend = database.get_database_backend();
    let tables = database.query_all_raw(Statement::from_string(backend, tables)).await.unwrap();
    let mut dump = String::new();
    for table in tables {
        let table: String = table.try_get("", "name").unwrap();
        let question = match backend {
            DbBackend::Postgres => format!("SELECT row_to_json(one)::text AS row FROM \"{table}\" AS one"),
            _ => sqlite_rows(database, &table).await,
        };
        for row in database.query_all_raw(Statement::from_string(backend, question)).await.unwrap() {
            let row: String = row.try_get("", "row").unwrap();
            writeln!(dump, "{table}: {row}").unwrap();
        }
    }
    dump
}

/// A question for all columns of a table as one text.
async fn sqlite_rows(database: &DatabaseConnection, table: &str) -> String {
    let columns = format!("SELECT name FROM pragma_table_info('{table}')");
    let columns = database.query_all_raw(Statement::from_string(DbBackend::Sqlite, columns)).await.unwrap();
    let columns: Vec<String> = columns.iter().map(|row| row.try_get("", "name").unwrap()).collect();
    let quoted: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
    format!("SELECT {} AS row FROM \"{table}\"", quoted.join(" || '|' || "))
}

/// The bytes of the embedded database's files; nothing on `PostgreSQL`.
fn files(app: &TestApp) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(app.database().folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().contains(".db")) {
            bytes.extend(std::fs::read(path).unwrap());
        }
    }
    bytes
}

/// Whether `text` holds `trace` as a word of its own: five digits alone are found in many an id, hash or time.
fn has_word(text: &str, trace: &str) -> bool {
    let within = |sign: char| sign.is_alphanumeric() || sign == '.';
    text.match_indices(trace).any(|(at, found)| !text[..at].ends_with(within) && !text[at + found.len()..].starts_with(within))
}

/// The traces that are found in the database, in its rows or its files.
async fn traces(app: &TestApp) -> Vec<String> {
    let dump = dump(&app.database().connect().await).await.to_lowercase();
    let files = files(app);
    let is_there = |trace: &&str| {
        // a file puts values side by side: what is not found as a word in it is found by the other traces of its row
        if trace.len() <= SHORT {
            return has_word(&dump, &trace.to_lowercase());
        }
        dump.contains(&trace.to_lowercase())
            || files.windows(trace.len()).any(|window| window.eq_ignore_ascii_case(trace.as_bytes()))
    };
    TRACES.iter().copied().filter(is_there).map(str::to_owned).collect()
}

const FUNNEL: &str = "{ report { funnel(from: \"2026-01-01\", to: \"2030-12-01\") { rows { leads } } } }";

on_both_databases! {
    async fn nothing_is_left_of_whom_was_erased(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let admin = app.actor("admin").await;
        let (lead, person) = her_lead(&way, 1).await;
        way.marketing.done("leadQualify", json!({ "lead": lead, "to": "MQL", "note": "rief Quirinia an" })).await;
        way.marketing.done("leadHandOver", json!({ "lead": lead })).await;
        way.inside.done("leadAccept", json!({ "lead": lead })).await;
        let rating = json!({ "lead": lead, "rating": "POOR", "note": "Quirinia nimmt nicht ab" });
        way.inside.mutate("leadRate", rating, "feedback { id }").await;
        way.inside.done("leadDisqualify", json!({ "lead": lead, "reason": "SPAM", "note": "Zwetschgenmayr ist niemand" })).await;
        spread(&way, &admin, &person, &lead).await;
        // other people's leads, so that pages are shared and indexes are deep
        for n in 2..40 {
            way.captured(n).await;
        }
        assert_eq!(traces(&app).await.len(), TRACES.len(), "all of it was there");
        let before = way.marketing.query(FUNNEL, Value::Null).await;
        let done = erase(&admin, &person).await;
        assert_eq!((&done["person"], &done["alreadyDone"]), (&json!(person), &json!(false)));
        assert_eq!(traces(&app).await, Vec::<String>::new());
        assert_eq!(way.marketing.query(FUNNEL, Value::Null).await, before, "figures go on counting");
        assert_eq!(erase(&admin, &person).await["alreadyDone"], true);
        let query = "query($id: ID!) { person(id: $id) { email erasedAt leads(first: 5) { nodes { title stage } } } }";
        let seen = admin.query(query, json!({ "id": person })).await;
        assert!(seen["person"]["erasedAt"].is_string() && seen["person"]["email"].is_null(), "{seen}");
        assert_eq!(seen["person"]["leads"]["nodes"], json!([{ "title": null, "stage": "DISQUALIFIED" }]));
        let people = admin.query("{ people(search: \"zwetschgenmayr\") { nodes { id } } }", Value::Null).await;
        assert_eq!(people["people"]["nodes"], json!([]));
        let more = Capture::new(1).with("person", json!({ "id": person })).with("productArea", json!("erp"));
        assert_eq!(admin.refused("leadCapture", more.input()).await[0]["field"], "person.id");
        let done = json!({ "subject": { "person": person }, "kind": "CLICK", "source": "mailer", "externalId": "Quirinia" });
        assert_eq!(admin.refused("activityRecord", done).await[0]["field"], "subject.person");
        let change = json!({ "person": person, "city": "Zwieslerwaldhaus" });
        assert_eq!(admin.refused("personUpdate", change).await[0]["__typename"], "NotFound", "the erased are not filled again");
    }

    async fn the_erased_do_not_come_back_by_a_list(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let admin = app.actor("admin").await;
        let (_, person) = her_lead(&way, 1).await;
        erase(&admin, &person).await;
        let again = Capture::new(1).with("person", somebody());
        let errors = way.marketing.refused("leadCapture", again.input()).await;
        assert_eq!((&errors[0]["field"], &errors[0]["violation"]), (&json!("person.new.email"), &json!("SUPPRESSED")));
        let made = json!({ "familyName": "Other", "phone": "+4915799988877" });
        let errors = way.marketing.refused("personCreate", made).await;
        assert_eq!((&errors[0]["field"], &errors[0]["violation"]), (&json!("phone"), &json!("SUPPRESSED")));
        import_is_suppressed(&app).await;
        assert_eq!(traces(&app).await, Vec::<String>::new(), "what was refused leaves no trace either");
        // her own word, younger than the erasure, opens the door again
        app.clock().advance(TimeDelta::hours(2));
        let given_at = (app.clock().now() - TimeDelta::minutes(1)).to_rfc3339();
        let word = json!([{ "purpose": "SALES_CONTACT", "channel": "EMAIL", "status": "GRANTED",
            "proof": { "how": "WEB_FORM", "text": "Ja, rufen Sie mich an.", "givenAt": given_at } }]);
        let back = Capture::new(1).with("person", somebody()).with("consents", word).by(&app.actor("marketing").await).await;
        assert!(back.starts_with("lead_"));
    }

    async fn an_administrator_lifts_a_suppression(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let admin = app.actor("admin").await;
        let (_, person) = her_lead(&way, 1).await;
        erase(&admin, &person).await;
        let email = json!({ "email": "Quirinia@ZWETSCHGEN.example" });
        assert_eq!(way.marketing.refused("suppressionLift", email.clone()).await[0]["__typename"], "NotAllowed");
        assert_eq!(admin.mutate("suppressionLift", email.clone(), "lifted").await["lifted"], true);
        assert_eq!(admin.mutate("suppressionLift", email, "lifted").await["lifted"], false);
        admin.mutate("suppressionLift", json!({ "phone": "+49 157 99988877" }), "lifted").await;
        Capture::new(2).with("person", somebody()).by(&way.marketing).await;
    }

    async fn a_legal_hold_keeps_the_data(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let admin = app.actor("admin").await;
        let (_, person) = her_lead(&way, 1).await;
        let hold = json!({ "person": person, "reason": "lawsuit 4 O 12/26" });
        assert_eq!(way.marketing.refused("personHold", hold.clone()).await[0]["__typename"], "NotAllowed");
        admin.mutate("personHold", hold, "hold { reason }").await;
        let errors = admin.refused("personErase", json!({ "person": person })).await;
        assert_eq!((&errors[0]["__typename"], &errors[0]["code"]), (&json!("OnHold"), &json!("ON_HOLD")));
        let query = "query($id: ID!) { person(id: $id) { legalHold { reason } } }";
        assert_eq!(admin.query(query, json!({ "id": person })).await["person"]["legalHold"]["reason"], "lawsuit 4 O 12/26");
        let seen = way.marketing.query(query, json!({ "id": person })).await;
        assert_eq!(seen["person"]["legalHold"], Value::Null, "why somebody is held is for administrators");
        admin.mutate("personRelease", json!({ "person": person }), "alreadyDone").await;
        assert_eq!(erase(&admin, &person).await["alreadyDone"], false);
    }

    async fn people_get_all_that_is_known_of_them(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let (lead, person) = her_lead(&way, 1).await;
        way.marketing.done("leadQualify", json!({ "lead": lead, "to": "MQL", "note": "fragt nach <b>Preisen</b>" })).await;
        way.marketing.done("leadHandOver", json!({ "lead": lead })).await;
        way.inside.done("leadAccept", json!({ "lead": lead })).await;
        way.inside.mutate("leadRate", json!({ "lead": lead, "rating": "GOOD", "note": "kennt uns" }), "feedback { id }").await;
        let asked = json!({ "person": person, "language": "DE" });
        assert_eq!(way.marketing.refused("personExport", asked.clone()).await[0]["__typename"], "NotAllowed");
        let manager = app.actor("marketing.manager").await;
        let done = manager.mutate("personExport", asked, "export { json page }").await;
        let known: Value = serde_json::from_str(done["export"]["json"].as_str().unwrap()).unwrap();
        assert_eq!(known["id"], json!(person));
        assert_eq!((&known["person"][0]["email"], &known["person"][0]["city"]), (&json!("quirinia@zwetschgen.example"), &json!("Zwieslerwaldhaus")));
        assert_eq!((&known["leads"][0]["title"], &known["transitions"][1]["note"]), (&json!("Frau Zwetschgenmayr fragt an"), &json!("fragt nach <b>Preisen</b>")));
        assert_eq!((&known["feedback"][0]["rating"], &known["feedback"][0]["note"]), (&json!(4), &json!("kennt uns")));
        assert_eq!(known["consents"][0]["status"], "GRANTED");
        assert_eq!(known["namesElsewhere"][0]["external_id"], "zwetschgen-1");
        let page = done["export"]["page"].as_str().unwrap();
        assert!(page.starts_with("<!doctype html><html lang=\"de\">") && page.contains("Was über Sie gespeichert ist"));
        assert!(page.contains("&lt;b&gt;Preisen&lt;/b&gt;") && !page.contains("<b>Preisen"), "what people typed stays text");
    }

    async fn retention_runs_dry_first(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let admin = app.actor("admin").await;
        let (lead, person) = her_lead(&way, 1).await;
        way.marketing.done("leadDisqualify", json!({ "lead": lead, "reason": "SPAM" })).await;
        let open = way.captured(2).await;
        let rules = json!({ "rules": [{ "case": "DISQUALIFIED", "afterDays": 30 }, { "case": "NO_LEAD", "afterDays": 0 }], "expectedVersion": 1 });
        assert_eq!(admin.refused("retentionPolicyUpdate", rules).await[0]["field"], "rules.1.afterDays");
        let rules = json!({ "rules": [{ "case": "DISQUALIFIED", "afterDays": 30 }], "expectedVersion": 1 });
        assert_eq!(way.marketing.refused("retentionPolicyUpdate", rules.clone()).await[0]["__typename"], "NotAllowed");
        admin.mutate("retentionPolicyUpdate", rules, "policy { version rehearsedAt }").await;
        assert_eq!(admin.refused("retentionRun", json!({ "rehearsal": false })).await[0]["field"], "armed", "not before a rehearsal");
        assert_eq!(admin.refused("retentionArm", json!({ "armed": true })).await[0]["field"], "armed");
        let figures = "run { rehearsal due erased held sample }";
        let early = admin.mutate("retentionRun", json!({ "rehearsal": true }), figures).await;
        assert_eq!(early["run"], json!({ "rehearsal": true, "due": 0, "erased": 0, "held": 0, "sample": [] }), "nobody's time is over");
        app.clock().advance(TimeDelta::days(31));
        let admin = app.actor("admin").await;
        let found = admin.mutate("retentionRun", json!({ "rehearsal": true }), figures).await;
        assert_eq!(found["run"], json!({ "rehearsal": true, "due": 1, "erased": 0, "held": 0, "sample": [person] }));
        assert_eq!(traces(&app).await.len(), TRACES.len(), "a rehearsal changes nothing");
        admin.mutate("personHold", json!({ "person": person, "reason": "audit" }), "hold { reason }").await;
        let held = admin.mutate("retentionRun", json!({ "rehearsal": false }), figures).await;
        assert_eq!(held["run"], json!({ "rehearsal": false, "due": 1, "erased": 0, "held": 1, "sample": [] }));
        admin.mutate("personRelease", json!({ "person": person }), "alreadyDone").await;
        admin.mutate("retentionArm", json!({ "armed": true }), "policy { armed }").await;
        let done = admin.mutate("retentionRun", json!({ "rehearsal": false }), figures).await;
        assert_eq!((&done["run"]["due"], &done["run"]["erased"]), (&json!(1), &json!(1)));
        assert_eq!(traces(&app).await, Vec::<String>::new());
        let runs = admin.query("{ retentionRuns { rehearsal erased } retentionPolicy { armed version } }", Value::Null).await;
        assert_eq!(runs["retentionRuns"].as_array().unwrap().len(), 4);
        assert_eq!(runs["retentionPolicy"], json!({ "armed": true, "version": 2 }));
        let way = Waterfall::new(&app).await;
        let kept = way.marketing.query("query($id: ID!) { lead(by: { id: $id }) { person { email } } }", json!({ "id": open })).await;
        assert!(kept["lead"]["person"]["email"].is_string(), "open leads keep their people");
    }
}

/// A file that brings her again is read, and her row is rejected with the reason.
async fn import_is_suppressed(app: &TestApp) {
    let database = app.database();
    let (file, map) = (database.file("list.csv"), database.file("list.toml"));
    std::fs::write(
        &file,
        "id,day,name,mail\n1,2026-01-05,Zwetschgenmayr,QUIRINIA@zwetschgen.example\n2,2026-01-05,Huber,huber@kunde.example\n",
    )
    .unwrap();
    let mapping = r#"
source = "list"

[lead]
external_id = { column = "id" }
captured_at = { column = "day", format = "date" }
product_area = { value = "crm" }
channel = { value = "EVENT" }
country = { value = "DE" }

[person]
family_name = { column = "name" }
email = { column = "mail" }
"#;
    std::fs::write(&map, mapping).unwrap();
    let variables = environment(database.url(), &[]);
    let variables: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let outcome = run(database, &["import", file.to_str().unwrap(), "--map", map.to_str().unwrap()], &variables).await;
    let rejected = std::fs::read_to_string(database.file("list.rejected.csv")).unwrap_or_else(|_| panic!("{outcome:?}"));
    assert!(rejected.contains("`mail`: the person behind this address was erased"), "{rejected}");
    assert_eq!(rejected.lines().count(), 2, "{rejected}");
    for file in ["list.csv", "list.rejected.csv"] {
        std::fs::remove_file(database.file(file)).unwrap();
    }
}
