//! The chance to win: who is asked while little is known, what is learned from closed passages, and how it is put in force and taken back.

use std::fmt::Write as _;

use chrono::{NaiveDate, TimeDelta};
use csv::ReaderBuilder;
use fairfall::app::App;
use fairfall::app::import::mapping::Mapping;
use fairfall::app::import::{ImportActor, ImportOrder, Mode, Observer, Progress, fingerprint, run};
use fairfall::clock::new_id;
use fairfall_domain::forecast::training::Training;
use fairfall_domain::violation::Violations;
use fairfall_persistence::repo;
use fairfall_tests::factory::{Capture, text};
use fairfall_tests::statements::during;
use fairfall_tests::wait::until;
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

const MAP: &str = r#"
source = "old-crm"

[lead]
external_id = { column = "id" }
captured_at = { column = "created", format = "date" }
product_area = { value = "crm" }
channel = { column = "source", map = { search = "ORGANIC_SEARCH", fair = "EVENT" } }

[lead.attributes]
landing_page = { column = "page", known = "at_capture" }
segment = { column = "segment" }

[person]
family_name = { template = "Lead {external_id}" }

[won]
at = { column = "won", format = "date" }

[lost]
at = { column = "lost", format = "date" }
reason = { value = "OTHER" }
"#;

/// Leads of some days of the past, one a day. Of those of the page `pricing` half are won, of the others a tenth; the segment is known of those
/// alone that were won, as it is where whoever closes a deal fills it in.
fn history(days: i64) -> String {
    let mut file = "id,created,source,page,segment,won,lost\n".to_owned();
    let first = NaiveDate::from_ymd_opt(2023, 1, 1).unwrap();
    for number in 0..days {
        let pricing = number % 3 == 0;
        let won = (number / 3 * 37) % 100 < if pricing { 50 } else { 10 };
        let (created, closed) = (first + TimeDelta::days(number), first + TimeDelta::days(number + 9));
        let (page, source) = (if pricing { "pricing" } else { "blog" }, if number % 2 == 0 { "search" } else { "fair" });
        let end = if won { format!("pets,{closed},") } else { format!(",,{closed}") };
        writeln!(file, "{number},{created},{source},{page},{end}").unwrap();
    }
    file
}

#[derive(Debug)]
struct Silent;

impl Observer for Silent {
    fn resumed(&mut self, _: u64) -> std::io::Result<u64> {
        Ok(0)
    }

    fn started(&mut self) -> std::io::Result<()> {
        Ok(())
    }

    fn rejected(&mut self, _: &csv::ByteRecord, reasons: &Violations) -> std::io::Result<()> {
        panic!("{reasons}")
    }

    fn advanced(&mut self, _: &Progress) -> std::io::Result<()> {
        Ok(())
    }
}

async fn import(app: &App, file: &str) {
    let columns: Vec<String> = file.lines().next().unwrap().split(',').map(str::to_owned).collect();
    let mapping = Mapping::read(MAP, &columns).unwrap_or_else(|faults| panic!("{faults}"));
    let fingerprint = fingerprint(file.as_bytes(), MAP).unwrap();
    let order = ImportOrder { source: "old-crm".to_owned(), fingerprint, mapping, mode: Mode::Write };
    let rows = || Ok(ReaderBuilder::new().from_reader(file.as_bytes()).into_byte_records());
    run(app, ImportActor::default(), order, rows, &mut Silent).await.unwrap();
}

const MODEL: &str = "model { id state reason progress learner passages won startedBy { name }
    evaluation { passages auc brier logLoss logLossOfShare calibrationError liftOfTenth bins { passages predicted won } } running { auc }
    candidates { learner slope evaluation { auc } } judged { passages } contributions { field values meanLogOdds } refusedFields { field reason } }";

/// Asks for a training and waits for its end.
async fn trained(admin: &Client) -> Value {
    let asked = admin.mutate("forecastTrain", json!({}), &format!("{MODEL} alreadyDone")).await;
    let id = text(&asked["model"]["id"]);
    until("the end of a training", || async {
        let query = format!("query($id: ID!) {{ {} }}", MODEL.replacen("model", "model: forecastModel(id: $id)", 1));
        let mut data = admin.query(&query, json!({ "id": id })).await;
        (data["model"]["state"] != "RUNNING").then(|| data["model"].take())
    })
    .await
}

const CHANCE: &str = "value { amountMinor } expectedValue { amountMinor currency }
    probability { value source reason baseLogOdds contributions { field value logOdds } model { id state } }";

async fn chance(client: &Client, lead: &str) -> Value {
    let query = format!("query($id: ID!) {{ lead(by: {{ id: $id }}) {{ {CHANCE} }} }}");
    client.query(&query, json!({ "id": lead })).await["lead"].take()
}

fn with_page(n: usize, page: &str) -> Capture {
    let attributes = json!([{ "key": "landing_page", "value": { "text": page } }]);
    Capture::new(n).with("channel", json!("EVENT")).with("attributes", attributes)
}

fn figure(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("no number: {value}"))
}

on_both_databases! {
    async fn rules_are_in_charge_while_little_is_known(app: TestApp) {
        let [admin, marketing] = app.actors(["admin", "marketing"]).await;
        let lead = Capture::new(1).by(&marketing).await;
        let found = chance(&marketing, &lead).await;
        let probability = &found["probability"];
        assert_eq!((&probability["source"], &probability["reason"]), (&json!("NONE"), &json!("TOO_LITTLE_HISTORY")));
        assert_eq!((&probability["value"], &found["expectedValue"]), (&Value::Null, &Value::Null));
        let ended = trained(&admin).await;
        assert_eq!((&ended["state"], &ended["reason"], &ended["progress"]), (&json!("REJECTED"), &json!("TOO_FEW_WON"), &json!(100)));
        assert_eq!(ended["evaluation"], Value::Null);
        let none = admin.query("{ forecastModel { id } }", Value::Null).await;
        assert_eq!(none["forecastModel"], Value::Null);
    }

    async fn what_closed_passages_teach(app: TestApp) {
        import(app.app(), &history(600)).await;
        let [admin, marketing] = app.actors(["admin", "marketing"]).await;
        let early = with_page(1, "pricing").by(&marketing).await;
        let before = chance(&marketing, &early).await;
        assert_eq!((&before["probability"]["source"], &before["probability"]["reason"]), (&json!("GRADE_HISTORY"), &json!("NO_MODEL_IN_FORCE")));
        let share = figure(&before["probability"]["value"]);
        assert!((0.2..0.27).contains(&share), "{before:#}");
        let expected = figure(&before["expectedValue"]["amountMinor"]);
        assert!((expected - share * 12_000_000.0).abs() < 1.0, "{before:#}");

        let model = trained(&admin).await;
        assert_eq!((&model["state"], &model["reason"]), (&json!("IN_FORCE"), &json!("BETTER_THAN_SHARE")), "{model:#}");
        assert_eq!((&model["passages"], &model["judged"]["passages"], &model["running"]), (&json!(600), &json!(120), &Value::Null));
        let evaluation = &model["evaluation"];
        assert!(figure(&evaluation["auc"]) > 0.68 && figure(&evaluation["calibrationError"]) < 0.15, "{evaluation:#}");
        assert!(figure(&evaluation["logLoss"]) < figure(&evaluation["logLossOfShare"]));
        assert_eq!((evaluation["bins"].as_array().unwrap().len(), model["candidates"].as_array().unwrap().len()), (10, 2));
        let contributions = model["contributions"].as_array().unwrap();
        assert_eq!(contributions[0]["field"], "attribute.landing_page", "{contributions:#?}");
        assert!(contributions.iter().all(|one| one["field"] != "attribute.segment"), "known after the outcome");

        let (good, bad) = (with_page(2, "pricing").by(&marketing).await, with_page(3, "blog").by(&marketing).await);
        let (good, bad) = (chance(&marketing, &good).await, chance(&marketing, &bad).await);
        let probability = &good["probability"];
        assert_eq!((&probability["source"], &probability["reason"]), (&json!("LEARNED"), &json!("MODEL_IN_FORCE")));
        assert_eq!((&probability["model"]["id"], &probability["model"]["state"]), (&model["id"], &json!("IN_FORCE")));
        assert!(figure(&probability["value"]) > 0.35 && figure(&bad["probability"]["value"]) < 0.2, "{good:#} {bad:#}");
        let strongest = &probability["contributions"][0];
        assert_eq!((&strongest["field"], &strongest["value"]), (&json!("attribute.landing_page"), &json!("pricing")));
        let told = probability["contributions"].as_array().unwrap().iter().map(|one| figure(&one["logOdds"]));
        let log_odds = told.fold(figure(&probability["baseLogOdds"]), |sum, one| sum + one);
        assert!((1.0 / (1.0 + (-log_odds).exp()) - figure(&probability["value"])).abs() < 1e-9, "the parts make the whole");
        let expected = figure(&probability["value"]) * figure(&good["value"]["amountMinor"]);
        assert!((figure(&good["expectedValue"]["amountMinor"]) - expected).abs() < 1.0);
        assert_eq!(chance(&marketing, &early).await["probability"]["source"], "LEARNED", "its opening was kept before there was a model");

        let again = trained(&admin).await;
        assert_eq!((&again["state"], &again["reason"]), (&json!("REJECTED"), &json!("NOT_BETTER_THAN_RUNNING")));
        let listed = admin.query("{ forecastModel { id } forecastModels(first: 1) { nodes { id } pageInfo { hasNextPage } } }", Value::Null).await;
        assert_eq!((&listed["forecastModel"]["id"], &listed["forecastModels"]["nodes"][0]["id"]), (&model["id"], &again["id"]));
        assert_eq!(listed["forecastModels"]["pageInfo"]["hasNextPage"], true);

        let retire = json!({ "model": model["id"] });
        let retired = admin.mutate("forecastRetire", retire.clone(), "model { state } alreadyDone").await;
        assert_eq!(retired["model"]["state"], "RETIRED");
        assert_eq!(admin.mutate("forecastRetire", retire, "model { state } alreadyDone").await["alreadyDone"], true);
        assert_eq!(chance(&marketing, &early).await["probability"]["source"], "GRADE_HISTORY");
        let rejected = admin.mutate("forecastRetire", json!({ "model": again["id"] }), "model { id }").await;
        assert_eq!(rejected["errors"][0]["code"], "NOT_FOUND", "it left no model");
    }

    settings [("LIMITS__COMPLEXITY_MAX", "20000")]
    async fn a_page_of_chances_costs_one_statement_more(app: TestApp) {
        import(app.app(), &history(600)).await;
        let [admin, marketing] = app.actors(["admin", "marketing"]).await;
        assert_eq!(trained(&admin).await["state"], "IN_FORCE");
        for n in 0..40 {
            with_page(n, "pricing").by(&marketing).await;
        }
        let page = |more: &str| format!("{{ leads(first: 40, sort: CREATED_DESC) {{ nodes {{ id {more} }} }} }}");
        let (plain, full) = (page(""), page("expectedValue { amountMinor } probability { value source contributions { field } }"));
        until("a page with few statements", || async {
            marketing.query(&full, Value::Null).await;
            let (without, _) = during(marketing.query(&plain, Value::Null)).await;
            let (with, data) = during(marketing.query(&full, Value::Null)).await;
            let nodes = data["leads"]["nodes"].as_array().unwrap();
            assert!(nodes.iter().all(|lead| lead["probability"]["source"] == "LEARNED" && lead["expectedValue"]["amountMinor"].is_number()));
            // what other work of the process sends only adds to a count
            (with <= without + 1).then_some(())
        })
        .await;
    }

    async fn who_may_train_and_who_may_see(app: TestApp) {
        let [admin, manager, marketing, analyst, partner] =
            app.actors(["admin", "marketing.manager", "marketing", "analyst", "partner"]).await;
        for refused in [&marketing, &analyst, &partner] {
            let answer = refused.mutate("forecastTrain", json!({}), "model { id }").await;
            assert_eq!((&answer["model"], &answer["errors"][0]["code"]), (&Value::Null, &json!("NOT_ALLOWED")));
        }
        let asked = manager.mutate("forecastTrain", json!({ "idempotencyKey": "monday" }), "model { id }").await;
        let again = manager.mutate("forecastTrain", json!({ "idempotencyKey": "monday" }), "model { id } alreadyDone").await;
        assert_eq!((&asked["model"]["id"], &again["alreadyDone"]), (&again["model"]["id"], &json!(true)));
        trained(&admin).await;
        let list = "{ forecastModels { nodes { id } } }";
        assert!(!analyst.query(list, Value::Null).await["forecastModels"]["nodes"].as_array().unwrap().is_empty());
        assert_eq!(partner.query(list, Value::Null).await["forecastModels"]["nodes"], json!([]));
    }

    async fn a_training_whose_node_died_is_given_up(app: TestApp) {
        // a node that took a training up and was killed leaves such a row
        let uow = app.app().store().begin().await.unwrap();
        let left = Training::begun(new_id(), None, app.app().now());
        repo::forecast_model::begin(&uow, left.clone()).await.unwrap();
        repo::forecast_model::claim(&uow, app.app().now()).await.unwrap();
        uow.commit().await.unwrap();
        let admin = app.actor("admin").await;
        let asked = admin.mutate("forecastTrain", json!({}), "model { id state } alreadyDone").await;
        assert_eq!((&asked["alreadyDone"], &asked["model"]["id"]), (&json!(true), &json!(left.id.to_string())));
        app.clock().advance(TimeDelta::seconds(61));
        let admin = app.actor("admin").await;
        let query = "query($id: ID!) { forecastModel(id: $id) { state reason } }";
        let given_up = until("the training to be given up", || async {
            let mut data = admin.query(query, json!({ "id": left.id.to_string() })).await;
            (data["forecastModel"]["state"] != "RUNNING").then(|| data["forecastModel"].take())
        })
        .await;
        assert_eq!(given_up, json!({ "state": "FAILED", "reason": "ABANDONED" }));
        assert_eq!(trained(&admin).await["reason"], "TOO_FEW_WON", "the next one runs");
    }
}
