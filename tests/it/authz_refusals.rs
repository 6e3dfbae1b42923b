//! Every mutation, with an input that would work for somebody who may, is tried by somebody who may not: it is refused, and nothing changes.

use fairfall_tests::client::mutation;
use fairfall_tests::factory::{Capture, Waterfall, text};
use fairfall_tests::{Client, TestApp, on_both_databases};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use crate::authz_agreements::Agreements;
use crate::authz_calendars::Calendars;
use crate::authz_clock::Clocks;
use crate::authz_coverage::root_fields;
use crate::authz_records::{Mergeable, Pairs};
use crate::authz_routing::Routing;

/// What is for everybody.
const FOR_EVERYBODY: [&str; 5] = ["consentConfirm", "consentWithdraw", "sessionCreate", "sessionEnd", "sessionRefresh"];

/// Tables with a version, and others.
const VERSIONED: [&str; 15] = [
    "calendar",
    "lead",
    "person",
    "company",
    "campaign",
    "user_account",
    "team",
    "customer",
    "opportunity",
    "territory",
    "pool",
    "member_profile",
    "notification_setting",
    "agreement",
    "custom_attribute",
];
const OTHERS: [&str; 18] = [
    "clock",
    "lead_feedback",
    "passage",
    "transition",
    "team_member",
    "journal",
    "idempotency",
    "consent_record",
    "consent_optin",
    "consent_link",
    "mail_outbox",
    "activity",
    "buying_role",
    "forecast_model",
    "legal_hold",
    "notification",
    "score_model",
    "suppression",
];

/// How much of everything there is, and which passwords and keys hold.
async fn fingerprint(app: &TestApp) -> Vec<String> {
    let connection = app.connection().await;
    let versioned = VERSIONED.map(|table| {
        format!("SELECT CAST(count(*) AS TEXT) || '/' || CAST(coalesce(sum(version), 0) AS TEXT) AS told FROM {table}")
    });
    let others = OTHERS.map(|table| format!("SELECT CAST(count(*) AS TEXT) AS told FROM {table}"));
    let secrets = [
        "SELECT max(coalesce(password_hash, '')) || min(coalesce(password_hash, '')) AS told FROM user_account".to_owned(),
        "SELECT CAST(count(*) AS TEXT) || '/' || CAST(count(revoked_at) AS TEXT) AS told FROM api_key".to_owned(),
    ];
    let mut told = Vec::new();
    for query in versioned.into_iter().chain(others).chain(secrets) {
        let statement = Statement::from_string(connection.get_database_backend(), query);
        let row = connection.query_one_raw(statement).await.unwrap().unwrap();
        told.push(row.try_get::<String>("", "told").unwrap());
    }
    told
}

/// A mutation, who tries it, its input, and the code of the refusal.
type Try = (&'static str, &'static str, Value, &'static str);

struct Leads {
    working: String,
    offered: String,
    resting: String,
    lost: String,
    closing: String,
    customer: String,
}

impl Leads {
    async fn make(app: &TestApp, way: &Waterfall) -> Self {
        let resting = way.captured(3).await;
        way.marketing.done("leadRecycle", json!({ "lead": resting, "reason": "NOT_NOW" })).await;
        let lost = way.at_closing(4).await;
        way.field.done("leadLose", json!({ "lead": lost, "reason": "PRICE" })).await;
        way.won(5).await;
        let waiting = app.actor("service").await.query("{ customersWaiting { nodes { id } } }", Value::Null).await;
        Self {
            working: way.captured(1).await,
            offered: way.offered(2).await,
            resting,
            lost,
            closing: way.at_closing(6).await,
            customer: text(&waiting["customersWaiting"]["nodes"][0]["id"]),
        }
    }

    fn tries(&self, app: &TestApp) -> Vec<Try> {
        let colleague = app.organisation().user("inside.colleague");
        vec![
            ("customerTakeOver", "field", json!({ "customer": self.customer }), "NOT_ALLOWED"),
            ("leadAccept", "marketing", json!({ "lead": self.offered }), "WRONG_DEPARTMENT"),
            ("leadDisqualify", "analyst", json!({ "lead": self.working, "reason": "SPAM" }), "NOT_FOUND"),
            ("leadHandOver", "inside", json!({ "lead": self.working }), "NOT_FOUND"),
            ("leadLose", "marketing", json!({ "lead": self.closing, "reason": "PRICE" }), "NOT_ALLOWED"),
            ("leadQualify", "inside.manager", json!({ "lead": self.working, "to": "MQL" }), "NOT_FOUND"),
            ("leadReactivate", "inside.manager", json!({ "lead": self.lost }), "NOT_ALLOWED"),
            (
                "leadReassign",
                "inside",
                json!({ "lead": self.offered, "assignee": colleague, "reason": "BALANCE" }),
                "NOT_ALLOWED",
            ),
            ("leadRecycle", "partner", json!({ "lead": self.working, "reason": "NOT_NOW" }), "NOT_FOUND"),
            ("leadReject", "inside.fr", json!({ "lead": self.offered, "reason": "OTHER" }), "NOT_FOUND"),
            ("leadReopen", "field", json!({ "lead": self.lost, "reason": "MISTAKE" }), "NOT_ALLOWED"),
            ("leadRetrack", "field", json!({ "lead": self.working, "track": "inside" }), "NOT_FOUND"),
            ("leadUpdate", "inside.manager", json!({ "lead": self.resting, "title": "t" }), "NOT_FOUND"),
            ("leadWin", "inside.manager", json!({ "lead": self.closing }), "NOT_ALLOWED"),
            ("leadWithdraw", "marketing", json!({ "lead": self.offered }), "NOT_ALLOWED"),
        ]
    }
}

#[expect(clippy::too_many_lines, reason = "one row a mutation, so that none is missing")]
async fn tries(app: &TestApp, way: &Waterfall) -> Vec<Try> {
    let admin = app.actor("admin").await;
    let leads = Leads::make(app, way).await;
    let merges = Mergeable::make(&admin).await;
    let pairs = Pairs::make(&admin).await;
    let campaign = way.marketing.mutate("campaignCreate", json!({ "key": "fair", "name": "Fair" }), "campaign { id }").await;
    let query = "query($id: ID!) { lead(by: { id: $id }) { person { id } company { id } } apiKeys { id } }";
    let data = admin.query(query, json!({ "id": leads.working })).await;
    let (person, company) = (&data["lead"]["person"]["id"], &data["lead"]["company"]["id"]);
    let (field, team) = (app.organisation().user("field"), app.organisation().team("field-dach"));
    let consent = json!({ "purpose": "MARKETING", "channel": "EMAIL", "status": "GRANTED" });
    let new_user = json!({ "email": "new@fairfall.example", "name": "New", "role": "ADMIN", "language": "de", "password": "marmalade on the window" });
    let new_team = json!({ "key": "new", "name": "New", "department": "MARKETING", "timeZone": "Europe/Berlin" });
    let soon = (app.clock().now() + chrono::TimeDelta::days(3)).to_rfc3339();
    let models = admin.query("{ scoreModels(first: 1) { nodes { id } } }", Value::Null).await;
    let model = &models["scoreModels"]["nodes"][0]["id"];
    let mut tries = vec![
        (
            "apiKeyCreate",
            "marketing.manager",
            json!({ "user": app.organisation().user("partner"), "name": "n", "scopes": ["CAPTURE"] }),
            "NOT_ALLOWED",
        ),
        ("apiKeyRevoke", "inside.manager", json!({ "apiKey": data["apiKeys"][0]["id"] }), "NOT_FOUND"),
        ("campaignCreate", "field.manager", json!({ "key": "mine", "name": "Mine" }), "NOT_ALLOWED"),
        ("campaignUpdate", "inside", json!({ "campaign": campaign["campaign"]["id"], "name": "Mine" }), "NOT_ALLOWED"),
        ("companyCreate", "analyst", json!({ "name": "Neue GmbH", "country": "DE" }), "NOT_ALLOWED"),
        ("companyMerge", "inside", json!({ "survivor": merges.companies[0], "loser": merges.companies[1] }), "NOT_ALLOWED"),
        ("duplicateDismiss", "inside", json!({ "duplicate": pairs.open }), "NOT_ALLOWED"),
        ("companyUnmerge", "field", json!({ "merge": merges.company_merge }), "NOT_ALLOWED"),
        ("companyUpdate", "analyst", json!({ "company": company, "city": "Köln" }), "NOT_FOUND"),
        (
            "consentRequest",
            "field",
            json!({ "person": person, "purpose": "MARKETING", "channels": ["EMAIL"], "text": "Ja, gern." }),
            "NOT_FOUND",
        ),
        ("leadCapture", "analyst", Capture::new(99).input(), "NOT_ALLOWED"),
        ("personConsentRecord", "field", json!({ "person": person, "consents": [consent] }), "NOT_FOUND"),
        ("personCreate", "partner", json!({ "familyName": "Neu", "email": "neu@kunde.example" }), "NOT_ALLOWED"),
        ("personMerge", "marketing", json!({ "survivor": merges.persons[0], "loser": merges.persons[1] }), "NOT_ALLOWED"),
        ("personUnmerge", "analyst", json!({ "merge": merges.person_merge }), "NOT_ALLOWED"),
        ("personUpdate", "inside.fr", json!({ "person": person, "city": "Köln" }), "NOT_FOUND"),
        (
            "qualityPolicyUpdate",
            "inside.manager",
            json!({ "checks": [{ "check": "EMAIL_FREE", "severity": "OFF" }] }),
            "NOT_ALLOWED",
        ),
        (
            "activitiesRecord",
            "analyst",
            json!({ "activities": [{ "subject": { "lead": leads.working }, "kind": "CLICK" }] }),
            "NOT_ALLOWED",
        ),
        ("activityRecord", "analyst", json!({ "subject": { "lead": leads.working }, "kind": "CLICK" }), "NOT_ALLOWED"),
        ("buyingNeedsUpdate", "inside", json!({ "usual": [] }), "NOT_ALLOWED"),
        ("buyingRolePut", "inside.fr", json!({ "company": company, "person": person, "role": "USER" }), "NOT_FOUND"),
        ("buyingRoleRemove", "analyst", json!({ "company": company, "person": person, "role": "USER" }), "NOT_FOUND"),
        ("companyEnrich", "analyst", json!({ "company": company }), "NOT_ALLOWED"),
        ("forecastRetire", "inside.manager", json!({ "model": "forecast_00000000000000000000000000" }), "NOT_ALLOWED"),
        ("forecastTrain", "inside.manager", json!({}), "NOT_ALLOWED"),
        (
            "leadScoreOverride",
            "marketing",
            json!({ "lead": leads.working, "grade": "A1", "reason": "r", "until": soon }),
            "NOT_ALLOWED",
        ),
        ("leadScoreOverrideEnd", "marketing", json!({ "lead": leads.working }), "NOT_ALLOWED"),
        ("personEnrich", "analyst", json!({ "person": person }), "NOT_ALLOWED"),
        ("personErase", "marketing.manager", json!({ "person": person }), "NOT_ALLOWED"),
        ("personExport", "marketing", json!({ "person": person }), "NOT_ALLOWED"),
        ("personHold", "marketing.manager", json!({ "person": person, "reason": "none" }), "NOT_ALLOWED"),
        ("personRelease", "inside.fr", json!({ "person": person }), "NOT_FOUND"),
        ("retentionArm", "marketing.manager", json!({ "armed": false }), "NOT_ALLOWED"),
        ("retentionPolicyUpdate", "marketing.manager", json!({ "rules": [{ "case": "LOST", "afterDays": 1 }] }), "NOT_ALLOWED"),
        ("retentionRun", "service.manager", json!({ "rehearsal": true }), "NOT_ALLOWED"),
        ("scoreModelDraft", "inside.manager", json!({ "name": "Mine" }), "NOT_ALLOWED"),
        ("scoreModelPublish", "inside.manager", json!({ "model": model }), "NOT_ALLOWED"),
        ("scoreModelRevert", "inside.manager", json!({ "model": model }), "NOT_ALLOWED"),
        ("scoreModelUpdate", "inside.manager", json!({ "model": model, "name": "Mine" }), "NOT_ALLOWED"),
        ("suppressionLift", "marketing.manager", json!({ "email": "a@b.example" }), "NOT_ALLOWED"),
        ("teamCreate", "marketing.manager", new_team, "NOT_ALLOWED"),
        ("teamPutMember", "inside.manager", json!({ "team": team, "user": field, "rank": "MANAGER" }), "NOT_ALLOWED"),
        ("teamRemoveMember", "inside.manager", json!({ "team": team, "user": field }), "NOT_ALLOWED"),
        ("teamUpdate", "inside.manager", json!({ "team": team, "name": "Mine" }), "NOT_ALLOWED"),
        ("userCreate", "field.manager", new_user, "NOT_ALLOWED"),
        ("userSetPassword", "field.manager", json!({ "user": field, "new": "marmalade on the window" }), "NOT_ALLOWED"),
        ("userUpdate", "field.manager", json!({ "user": field, "role": "ADMIN" }), "NOT_ALLOWED"),
    ];
    tries.extend(crate::authz_feedback::tries(&leads.closing));
    tries.extend(leads.tries(app));
    Clocks::promise(app).await;
    tries.extend(Clocks::of(app, &way.accepted(7).await).await.tries());
    tries.extend(Routing::make(app).await.tries());
    tries.extend(crate::authz_sla_watch::tries());
    tries.extend(Calendars::make(app).await.tries());
    tries.extend(Agreements::make(app).await.tries());
    tries.sort_by_key(|(field, ..)| *field);
    tries
}

async fn attempt(client: &Client, field: &str, input: &Value) -> (String, String) {
    let answer = client.ask(&mutation(field, "__typename"), json!({ "input": input })).await.json();
    let code = answer["data"][field]["errors"][0]["code"].as_str().or_else(|| answer["errors"][0]["extensions"]["code"].as_str());
    (code.unwrap_or("done").to_owned(), answer.to_string())
}

on_both_databases! {
    async fn who_may_not_changes_nothing(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let tries = tries(&app, &way).await;
        let mut expected = root_fields(&way.marketing, "Mutation").await;
        expected.retain(|field| !FOR_EVERYBODY.contains(&field.as_str()));
        let tried: Vec<_> = tries.iter().map(|(field, ..)| *field).collect();
        assert_eq!(tried, expected, "a mutation that nobody tried who may not: add it here");

        let before = fingerprint(&app).await;
        let mut wrong = Vec::new();
        for (field, who, input, code) in &tries {
            let client = app.actor(who).await;
            let (told, answer) = attempt(&client, field, input).await;
            if told != *code {
                wrong.push(format!("{field} by {who}: {answer}"));
            }
            let (told, answer) = attempt(&app.anonymous(), field, input).await;
            assert_eq!(told, "UNAUTHENTICATED", "{field} by nobody: {answer}");
            assert_eq!(fingerprint(&app).await, before, "{field} by {who}");
        }
        assert_eq!(wrong, [""; 0]);
    }
}
