//! Who gets what from every operation of the schema: one reviewed table. An operation that is not in it fails the first test.

use std::fmt::Write as _;

use fairfall_tests::client::mutation;
use fairfall_tests::factory::{Waterfall, text};
use fairfall_tests::socket::Socket;
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

use crate::authz_agreements::Agreements;
use crate::authz_calendars::Calendars;
use crate::authz_clock::Clocks;
use crate::authz_feedback;
use crate::authz_records::{Mergeable, Pairs};
use crate::authz_routing::Routing;
use crate::authz_sla_watch;

/// Those who try, a letter each in the table's head.
const ROLES: [&str; 14] = [
    "admin",
    "marketing",
    "marketing.manager",
    "inside",
    "inside.colleague",
    "inside.manager",
    "inside.fr",
    "field",
    "field.manager",
    "service",
    "service.manager",
    "analyst",
    "partner",
    "(nobody)",
];

/// A pool that does not exist: whoever leads a team is told so, and others that they may not.
const NO_POOL: &str = "pool_00000000000000000000000000";

/// What there is to be tried on: a lead that inside sales works on, another that waits for it, and a customer that waits.
struct Things {
    lead: String,
    customer: String,
    person: String,
    company: String,
    campaign: String,
    api_key: String,
    foreign_session: String,
    track: String,
    agreement: String,
    score_model: String,
    merges: Mergeable,
    pairs: Pairs,
    routing: Routing,
    clocks: Clocks,
    calendars: Calendars,
    agreements: Agreements,
}

impl Things {
    async fn make(app: &TestApp) -> Self {
        crate::reference_data::load_one(app).await;
        Clocks::promise(app).await;
        let way = Waterfall::new(app).await;
        let [admin, service] = app.actors(["admin", "service"]).await;
        let campaign = way.marketing.mutate("campaignCreate", json!({ "key": "fair", "name": "Fair" }), "campaign { id }").await;
        let lead = way.accepted(1).await;
        way.won(2).await;
        way.offered(3).await;
        authz_feedback::owe(app).await;
        let query = "query($id: ID!) { lead(by: { id: $id }) { person { id } company { id } } tracks { id } agreements { nodes { id } } scoreModel { id } }";
        let data = admin.query(query, json!({ "id": lead })).await;
        let reason = json!({ "person": data["lead"]["person"]["id"], "reason": "whoever may erase is refused, and so tries without harm" });
        admin.mutate("personHold", reason, "hold { since }").await;
        let waiting = service.query("{ customersWaiting { nodes { id } } }", Value::Null).await;
        let key = json!({ "user": app.organisation().user("partner"), "name": "to be revoked", "scopes": ["REPORTS"] });
        let made = admin.mutate("apiKeyCreate", key, "apiKey { id }").await;
        let signed_in = app.actor("marketing.fr").await.query("{ sessions { id } }", Value::Null).await;
        let clocks = Clocks::of(app, &lead).await;
        Self {
            lead,
            customer: text(&waiting["customersWaiting"]["nodes"][0]["id"]),
            person: text(&data["lead"]["person"]["id"]),
            company: text(&data["lead"]["company"]["id"]),
            campaign: text(&campaign["campaign"]["id"]),
            api_key: text(&made["apiKey"]["id"]),
            foreign_session: text(&signed_in["sessions"][0]["id"]),
            track: text(&data["tracks"][0]["id"]),
            agreement: text(&data["agreements"]["nodes"][0]["id"]),
            score_model: text(&data["scoreModel"]["id"]),
            merges: Mergeable::make(&admin).await,
            pairs: Pairs::make(&admin).await,
            routing: Routing::make(app).await,
            clocks,
            calendars: Calendars::make(app).await,
            agreements: Agreements::make(app).await,
        }
    }

    /// Every query with what it is asked for.
    fn queries(&self, app: &TestApp) -> Vec<(&'static str, String)> {
        let user = app.organisation().user("inside");
        let team = app.organisation().team("inside-dach");
        let page = |field: &'static str| (field, format!("{field}(first: 100) {{ nodes {{ id }} }}"));
        let by_id = |field: &'static str, id: &str| (field, format!("{field}(id: \"{id}\") {{ id }}"));
        let by = |field: &'static str, id: &str| (field, format!("{field}(by: {{ id: \"{id}\" }}) {{ id }}"));
        let mut queries = vec![
            by_id("agreement", &self.agreement),
            page("agreements"),
            ("apiKeys", "apiKeys { id }".to_owned()),
            ("buyingNeeds", "buyingNeeds { version }".to_owned()),
            by("campaign", &self.campaign),
            page("campaigns"),
            page("companies"),
            by_id("company", &self.company),
            ("companyMergePreview", Mergeable::preview("companyMergePreview", &self.merges.companies)),
            by_id("customer", &self.customer),
            page("customers"),
            page("customersWaiting"),
            by_id("duplicate", &self.pairs.open),
            page("duplicates"),
            ("events", "events(first: 100) { nodes { id } }".to_owned()),
            ("forecastModel", "forecastModel { id }".to_owned()),
            page("forecastModels"),
            by("lead", &self.lead),
            page("leads"),
            ("merge", format!("merge(id: \"{}\") {{ id }}", self.merges.person_merge)),
            page("merges"),
            by_id("node", &self.lead),
            ("nodes", format!("nodes(ids: [\"{}\"]) {{ id }}", self.lead)),
            page("people"),
            by_id("person", &self.person),
            ("personMergePreview", Mergeable::preview("personMergePreview", &self.merges.persons)),
            ("poolRebalancePlan", format!("poolRebalancePlan(pool: \"{NO_POOL}\", user: \"{user}\") {{ digest }}")),
            ("priceBands", "priceBands { defaultTrack }".to_owned()),
            ("qualityPolicy", "qualityPolicy { version }".to_owned()),
            ("queue", "queue(scope: TEAM) { nodes { id } }".to_owned()),
            ("referenceSets", "referenceSets { key }".to_owned()),
            ("report", "report { funnel(from: \"2020-01-01\", to: \"2020-01-01\") { definitions { figure } } }".to_owned()),
            ("retentionPolicy", "retentionPolicy { version }".to_owned()),
            ("retentionRuns", "retentionRuns { due }".to_owned()),
            ("scoreModel", "scoreModel { id }".to_owned()),
            ("scoreModelReplay", format!("scoreModelReplay(input: {{ model: \"{}\" }}) {{ cutShort }}", self.score_model)),
            page("scoreModels"),
            ("sessions", "sessions { id }".to_owned()),
            by_id("team", &team),
            page("teams"),
            ("territoryCoverage", "territoryCoverage(department: FIELD_SALES) { decides }".to_owned()),
            by("track", &self.track),
            ("tracks", "tracks { id }".to_owned()),
            by_id("user", &user),
            page("users"),
            ("viewer", "viewer { role }".to_owned()),
        ];
        queries.extend(self.routing.queries());
        queries.extend(Clocks::queries());
        queries.extend(authz_feedback::queries());
        queries.extend(authz_sla_watch::queries());
        queries.extend(self.calendars.queries());
        queries.extend(self.agreements.queries());
        queries.sort_by_key(|(field, _)| *field);
        queries
    }

    /// Every mutation with an input that changes nothing even for those who may: the version is wrong, or a field is.
    #[expect(clippy::too_many_lines, reason = "one row a mutation, so that none is missing")]
    fn mutations(&self, app: &TestApp) -> Vec<(&'static str, Value)> {
        let user = app.organisation().user("field");
        let team = app.organisation().team("field-dach");
        let nobody = "user_00000000000000000000000000";
        let act = |more: Value| merged(json!({ "lead": self.lead, "expectedVersion": 999 }), more);
        let change = |noun: &str, id: &str| json!({ noun: id, "expectedVersion": 999 });
        let mut mutations = vec![
            ("activitiesRecord", json!({ "activities": [] })),
            ("activityRecord", json!({ "subject": { "lead": self.lead }, "kind": "NOT_A_KIND" })),
            ("apiKeyCreate", json!({ "user": nobody, "name": "n", "scopes": ["REPORTS"] })),
            ("apiKeyRevoke", json!({ "apiKey": self.api_key })),
            ("buyingNeedsUpdate", json!({ "usual": [], "expectedVersion": 999 })),
            ("buyingRolePut", json!({ "company": self.company, "person": self.person, "role": "USER" })),
            ("buyingRoleRemove", json!({ "company": self.company, "person": self.person, "role": "USER" })),
            ("campaignCreate", json!({ "key": "not a key", "name": "n" })),
            ("campaignUpdate", change("campaign", &self.campaign)),
            ("companyCreate", json!({ "name": "" })),
            ("companyEnrich", change("company", &self.company)),
            ("companyMerge", json!({ "survivor": self.company, "loser": self.company })),
            ("companyUnmerge", json!({ "merge": self.merges.person_merge })),
            ("companyUpdate", change("company", &self.company)),
            ("consentConfirm", json!({ "token": "none of ours" })),
            ("consentRequest", json!({ "person": self.person, "purpose": "MARKETING", "channels": [], "text": "" })),
            ("consentWithdraw", json!({ "token": "none of ours" })),
            ("customerTakeOver", change("customer", &self.customer)),
            ("duplicateDismiss", json!({ "duplicate": self.pairs.dismissed })),
            ("forecastRetire", json!({ "model": "forecast_00000000000000000000000000" })),
            ("forecastTrain", json!({ "idempotencyKey": "x".repeat(201) })),
            ("leadAccept", act(json!({}))),
            ("leadCapture", json!({ "person": { "new": {} }, "productArea": "not a key" })),
            ("leadDisqualify", act(json!({ "reason": "SPAM" }))),
            ("leadHandOver", act(json!({}))),
            ("leadLose", act(json!({ "reason": "PRICE" }))),
            ("leadQualify", act(json!({ "to": "TQL" }))),
            ("leadReactivate", act(json!({}))),
            ("leadReassign", act(json!({ "reason": "BALANCE", "assignee": app.organisation().user("inside.colleague") }))),
            ("leadRecycle", act(json!({ "reason": "NOT_NOW" }))),
            ("leadReject", act(json!({ "reason": "OTHER" }))),
            ("leadReopen", act(json!({ "reason": "MISTAKE" }))),
            ("leadRetrack", act(json!({ "track": "inside" }))),
            ("leadScoreOverride", act(json!({ "grade": "A1", "reason": "r", "until": "2020-01-01T00:00:00Z" }))),
            ("leadScoreOverrideEnd", act(json!({}))),
            ("leadUpdate", act(json!({ "title": "t" }))),
            ("leadWin", act(json!({}))),
            ("leadWithdraw", act(json!({}))),
            ("personConsentRecord", merged(change("person", &self.person), json!({ "consents": [] }))),
            ("personCreate", json!({ "email": "wrong" })),
            ("personEnrich", change("person", &self.person)),
            ("personErase", json!({ "person": self.person })),
            ("personExport", json!({ "person": self.person })),
            ("personHold", json!({ "person": self.person, "reason": "kept for the test" })),
            ("personMerge", json!({ "survivor": self.person, "loser": self.person })),
            ("personRelease", json!({ "person": self.person })),
            ("personUnmerge", json!({ "merge": self.merges.company_merge })),
            ("personUpdate", change("person", &self.person)),
            ("poolRebalance", json!({ "pool": NO_POOL, "user": user, "reason": "ABSENCE", "expectedPlan": "" })),
            ("qualityPolicyUpdate", json!({ "checks": [] })),
            ("retentionArm", json!({ "armed": false, "expectedVersion": 999 })),
            ("retentionPolicyUpdate", json!({ "rules": [], "expectedVersion": 999 })),
            ("retentionRun", json!({ "rehearsal": true })),
            ("scoreModelDraft", json!({ "name": "x".repeat(201) })),
            ("scoreModelPublish", change("model", &self.score_model)),
            ("scoreModelRevert", change("model", &self.score_model)),
            ("scoreModelUpdate", change("model", &self.score_model)),
            ("sessionCreate", json!({ "email": "nobody@fairfall.example", "password": "x" })),
            ("sessionEnd", json!({ "session": self.foreign_session })),
            ("sessionRefresh", json!({ "refreshToken": "x" })),
            ("suppressionLift", json!({})),
            ("teamCreate", json!({ "key": "not a key", "name": "n", "department": "MARKETING", "timeZone": "Europe/Berlin" })),
            ("teamPutMember", json!({ "team": team, "user": nobody })),
            ("teamRemoveMember", json!({ "team": team, "user": nobody })),
            ("teamUpdate", change("team", &team)),
            ("userCreate", json!({ "email": "wrong", "name": "n", "role": "ANALYST", "language": "de" })),
            ("userSetPassword", json!({ "user": user, "new": "short" })),
            ("userUpdate", change("user", &user)),
        ];
        mutations.extend(self.routing.mutations());
        mutations.extend(self.clocks.mutations());
        mutations.extend(authz_feedback::mutations(&self.lead));
        mutations.extend(authz_sla_watch::mutations());
        mutations.extend(self.calendars.mutations());
        mutations.extend(self.agreements.mutations());
        mutations.sort_by_key(|(field, _)| *field);
        mutations
    }
}

pub(crate) fn merged(mut one: Value, other: Value) -> Value {
    let Value::Object(fields) = other else { panic!("an object") };
    one.as_object_mut().unwrap().extend(fields);
    one
}

/// The names of a root type's fields.
pub(crate) async fn root_fields(client: &Client, root: &str) -> Vec<String> {
    let query = format!("{{ __type(name: \"{root}\") {{ fields {{ name }} }} }}");
    let data = client.query(&query, Value::Null).await;
    let mut names: Vec<_> = data["__type"]["fields"].as_array().unwrap().iter().map(|field| text(&field["name"])).collect();
    names.sort_unstable();
    names
}

fn names<T>(tried: &[(&'static str, T)]) -> Vec<&'static str> {
    tried.iter().map(|(name, _)| *name).collect()
}

/// What an answer shows: null, a number of entries, or something; else the code of the refusal.
fn shown(answer: &Value, field: &str) -> String {
    if let Some(code) = answer["errors"][0]["extensions"]["code"].as_str() {
        return code.to_owned();
    }
    let found = &answer["data"][field];
    let inner = if field == "report" { &found["funnel"] } else { found };
    let list = inner.as_array().or_else(|| inner["nodes"].as_array());
    match (inner, list) {
        (Value::Null, _) => "null".to_owned(),
        (_, Some(list)) if list.iter().all(Value::is_null) => "none".to_owned(),
        (_, Some(_)) => "some".to_owned(),
        (_, None) => "shown".to_owned(),
    }
}

async fn tried_mutation(client: &Client, field: &str, input: &Value) -> String {
    let selection = if field == "sessionEnd" { "session" } else { "__typename" };
    let answer = client.ask(&mutation(field, selection), json!({ "input": input })).await.json();
    if let Some(code) = answer["errors"][0]["extensions"]["code"].as_str() {
        return code.to_owned();
    }
    answer["data"][field]["errors"][0]["code"].as_str().unwrap_or("done").to_owned()
}

/// A cursor of the future: whoever may follow is told that it is wrong.
async fn tried_subscription(client: &Client, document: &str) -> String {
    let mut socket = Socket::ready(client).await;
    socket.subscribe("1", document, json!({ "after": "ZXZlbnQ6OTk5OTk5" })).await;
    let message = socket.text().await;
    let errors = if message["type"] == "error" { &message["payload"] } else { &message["payload"]["errors"] };
    text(&errors[0]["extensions"]["code"])
}

/// A row: the operation, then each outcome with those who got it.
fn row(table: &mut String, operation: &str, outcomes: &[(&str, String)]) {
    writeln!(table, "{operation}").unwrap();
    let mut kinds: Vec<&String> = outcomes.iter().map(|(_, outcome)| outcome).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for kind in kinds {
        let who: Vec<_> = outcomes.iter().filter(|(_, outcome)| outcome == kind).map(|(who, _)| *who).collect();
        writeln!(table, "    {kind:<16} {}", who.join(" ")).unwrap();
    }
}

on_both_databases! {
    async fn every_operation_is_in_the_table(app: TestApp) {
        let admin = app.actor("admin").await;
        let things = Things::make(&app).await;
        let told = "an operation without a test of who may: add it to the table of this file";
        assert_eq!(root_fields(&admin, "Query").await, names(&things.queries(&app)), "{told}");
        assert_eq!(root_fields(&admin, "Mutation").await, names(&things.mutations(&app)), "{told}");
        assert_eq!(root_fields(&admin, "Subscription").await, authz_sla_watch::SUBSCRIPTIONS.map(|(name, _)| name), "{told}");
    }

    async fn the_table_is_as_reviewed(app: TestApp) {
        let things = Things::make(&app).await;
        let mut clients = Vec::new();
        for who in ROLES {
            clients.push((who, if who == "(nobody)" { app.anonymous() } else { app.actor(who).await }));
        }
        let mut table = String::new();
        for (field, selection) in things.queries(&app) {
            let mut outcomes = Vec::new();
            for (who, client) in &clients {
                let answer = client.ask(&format!("{{ {selection} }}"), Value::Null).await.json();
                outcomes.push((*who, shown(&answer, field)));
            }
            row(&mut table, &format!("query {field}"), &outcomes);
        }
        // before the mutations, of which some end sessions
        let mut followers = Vec::new();
        for (name, document) in authz_sla_watch::SUBSCRIPTIONS {
            let mut outcomes = Vec::new();
            for (who, client) in clients.iter().filter(|(who, _)| *who != "(nobody)") {
                outcomes.push((*who, tried_subscription(client, document).await));
            }
            followers.push((name, outcomes));
        }
        for (field, input) in things.mutations(&app) {
            let mut outcomes = Vec::new();
            // the admin comes last: what only one can do, others have tried by then
            for (who, client) in clients.iter().rev() {
                let input = if field == "sessionCreate" { json!({ "email": format!("{who}@nowhere.example"), "password": "x" }) } else { input.clone() };
                outcomes.push((*who, tried_mutation(client, field, &input).await));
            }
            outcomes.reverse();
            row(&mut table, &format!("mutation {field}"), &outcomes);
        }
        for (name, outcomes) in followers {
            row(&mut table, &format!("subscription {name}"), &outcomes);
        }
        insta::assert_snapshot!("roles", table);
    }
}
