//! A page costs a handful of statements, however many entries it has.

use fairfall_tests::agreement::promise;
use fairfall_tests::factory::{Capture, Waterfall, text};
use fairfall_tests::statements::during;
use fairfall_tests::wait::until;
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

use crate::calendars::{always, calendar, done};

/// The most that a page of 100 with five relations may send.
const STATEMENTS_MAX: usize = 8;

const PAGE: &str = "{ leads(first: 100) { nodes {
    id person { id email } company { id name } owner { id name } team { id key } transitions { id act }
} } }";

const AGREEMENTS: &str = "query($with: ID!) { agreements(first: 50) { nodes { key revision scope { territories { key } } clocks { kind promise } commitments { volumePerMonth }
    gates { all { key measure } any { criteria { key } } } recycleWhen { key } reactivateWhen { key } overlaps { key } diff(with: $with) { path kind }
    signedGiving { by { name } } } } }";

const CALENDARS: &str =
    "{ calendars(first: 100) { nodes { name team { key } due(start: \"2026-01-09T15:00:00Z\", duration: \"PT4H\")
    hours(from: \"2026-01-05T00:00:00Z\", to: \"2026-01-12T00:00:00Z\") { from to }
    elapsed(from: \"2026-01-05T00:00:00Z\", to: \"2026-01-12T00:00:00Z\") } } }";

const QUEUE: &str =
    "{ queue(scope: TEAM, first: 100) { nodes { id nextClock { kind secondsLeft agreement { key } team { key } } } } }";

/// The answer, once it came with no more statements than it may send. Whatever else the process does meanwhile only adds to the count, so that one
/// measurement within the limit proves it.
async fn within(client: &Client, query: &str, variables: Value, statements_max: usize) -> Value {
    // sessions and rules are known after the first time
    client.query(query, variables.clone()).await;
    until("an answer with few statements", || async {
        let (count, data) = during(client.query(query, variables.clone())).await;
        (1..=statements_max).contains(&count).then_some(data)
    })
    .await
}

on_both_databases! {
    settings [("LIMITS__COMPLEXITY_MAX", "20000")]
    async fn a_page_of_a_hundred_leads_with_five_relations(app: TestApp) {
        let marketing = app.actor("marketing").await;
        for n in 0..100 {
            Capture::new(n).by(&marketing).await;
        }
        let data = within(&marketing, PAGE, Value::Null, STATEMENTS_MAX).await;
        let nodes = data["leads"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), 100);
        assert!(nodes.iter().all(|lead| lead["person"]["email"].is_string() && lead["transitions"][0]["act"] == "CAPTURE"));
    }

    async fn agreements_with_their_terms_and_differences(app: TestApp) {
        let admin = app.actor("admin").await;
        let mut territories = Vec::new();
        for n in 0..8 {
            let input = json!({ "key": format!("t{n}"), "name": format!("T{n}") });
            territories.push(admin.mutate("territoryCreate", input, "territory { id }").await["territory"]["id"].take());
        }
        for n in 0..8 {
            let labels = json!({ "de": format!("Nummer {n}"), "en": format!("Number {n}") });
            let input = json!({ "key": format!("number-{n}"), "labels": labels, "giving": "MARKETING", "taking": "INSIDE_SALES", "scope": { "territories": territories } });
            let made = admin.mutate("agreementDraft", input, "agreement { id }").await;
            assert_eq!(made["errors"], json!([]));
        }
        let all = admin.query("{ agreements(first: 50) { nodes { id key } } }", Value::Null).await["agreements"]["nodes"].take();
        let first = all.as_array().unwrap().iter().find(|one| one["key"] == "marketing-to-inside-sales").unwrap();
        // the versions, the one that is compared with, the territories, who signed
        let data = within(&admin, AGREEMENTS, json!({ "with": first["id"] }), 5).await;
        let drafts: Vec<_> = data["agreements"]["nodes"].as_array().unwrap().iter().filter(|one| text(&one["key"]).starts_with("number-")).collect();
        assert_eq!(drafts.len(), 8);
        let whole = |one: &&Value| one["scope"]["territories"].as_array().unwrap().len() == 8 && one["diff"] != json!([]) && one["diff"].is_array();
        assert!(drafts.iter().all(whole), "{data}");
    }

    async fn calendars_with_their_hours(app: TestApp) {
        let admin = app.actor("admin").await;
        let teams = ["marketing-dach", "marketing-fr", "inside-dach", "inside-fr", "field-dach", "field-fr", "service-dach", "service-fr"];
        let states = ["DE-BW", "DE-BY", "DE-BE", "DE-BB", "DE-HB", "DE-HH", "DE-HE", "DE-NI"];
        for (team, state) in teams.into_iter().zip(states) {
            let mut input = calendar(json!({ "level": "TEAM", "team": app.organisation().team(team) }), always());
            input["holidays"] = json!({ "country": "DE", "subdivision": state });
            done(&admin, "calendarPut", input).await;
        }
        // the calendars, their teams, their holidays
        let data = within(&admin, CALENDARS, Value::Null, 5).await;
        let nodes = data["calendars"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), 9, "with that of the organisation");
        assert!(nodes.iter().all(|one| one["due"].is_string() && one["elapsed"].is_string() && one["hours"] != json!([])), "{data}");
    }

    async fn a_queue_with_what_is_due_next(app: TestApp) {
        promise(&app, "marketing-to-inside-sales", json!([{ "kind": "ACCEPT", "promise": { "basis": "WALL", "seconds": 14_400 } }])).await;
        let way = Waterfall::new(&app).await;
        for n in 0..12 {
            way.offered(n).await;
        }
        let manager = app.actor("inside.manager").await;
        let data = within(&manager, QUEUE, Value::Null, STATEMENTS_MAX).await;
        let nodes = data["queue"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), 12);
        assert!(nodes.iter().all(|lead| lead["nextClock"]["kind"] == "ACCEPT" && lead["nextClock"]["team"]["key"] == "inside-dach"), "{data}");
    }
}
