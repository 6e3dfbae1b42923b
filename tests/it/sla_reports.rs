//! Figures of promises from outside: how they were kept, how fast leads were contacted, how good hand-overs were, and what was promised for months.

use chrono::{Days, TimeDelta};
use fairfall_tests::agreement::{commit, promise};
use fairfall_tests::client::Client;
use fairfall_tests::factory::{Waterfall, ready_to_buy};
use fairfall_tests::{TestApp, on_both_databases};
use serde_json::{Value, json};

use crate::feedback::lapse;

const SLA: &str = "query($from: Date!, $to: Date!, $by: [SlaReportGroup!], $filter: SlaReportFilter) { report { sla(from: $from, to: $to, by: $by, filter: $filter) {
    withheldRows moreRows rows { clockKind agreementKey agreementVersion agreement { key } team { key } member { id } tier started attained breached running
    cancelled attainedShare taken { basis durations { kept } } wall { kept medianSeconds p90Seconds } } definitions { figure } } } }";
const SPEED: &str = "query($from: Date!, $to: Date!, $filter: SpeedToLeadFilter) { report { speedToLead(from: $from, to: $to, filter: $filter) { withheldRows
    total { leads contacted contactedShare qualified won } bands { band share figures { leads contacted qualified won } } definitions { figure } } } }";
const SINCE: &str = "query($from: Date!, $to: Date!, $since: SpeedStart!) { report { speedToLead(from: $from, to: $to, since: $since) { total { leads }
    bands { band figures { leads } } } } }";
const QUALITY: &str = "query($from: Date!, $to: Date!, $filter: HandOverQualityFilter) { report { handOverQuality(from: $from, to: $to, filter: $filter) {
    withheldRows moreRows rows { giving taking agreementKey agreementVersion agreement { key } offered transferred accepted rejected
    reasons { reason count } lapsed withdrawn open acceptRate mqlAccepted mqlProven mqlUndecided mqlPrecision ratings { rating count } ratingAverage
    feedbackDue feedbackGiven feedbackShare } definitions { figure } } } }";
const COMMITMENTS: &str = "query($from: Date!, $to: Date!, $agreement: String) { report { commitments(from: $from, to: $to, agreement: $agreement) {
    withheldCommitments rows { agreementKey agreementVersion agreement { key } giving taking month commitments { kind promised count of share status } }
    definitions { figure } } } }";

/// Half an hour to answer, half an hour to reach the person, half an hour to rate.
async fn promised(app: &TestApp) {
    let within = |kind: &str| json!({ "kind": kind, "promise": { "basis": "WALL", "seconds": 1_800 } });
    promise(app, "marketing-to-inside-sales", json!([within("ACCEPT"), within("FIRST_CONTACT"), within("FEEDBACK")])).await;
}

/// Yesterday to tomorrow, with more arguments: a test may run over midnight.
fn around(app: &TestApp, more: &Value) -> Value {
    let today = app.clock().now().date_naive();
    let mut arguments = json!({ "from": today - Days::new(1), "to": today + Days::new(1) });
    arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    arguments
}

async fn report(client: &Client, query: &str, arguments: Value) -> Value {
    let mut data = client.query(query, arguments).await;
    data["report"].as_object_mut().unwrap().values_mut().next().unwrap().take()
}

async fn call(client: &Client, lead: &str, outcome: &str) {
    let input = json!({ "subject": { "lead": lead }, "kind": "CALL", "outcome": outcome });
    assert_eq!(client.mutate("activityRecord", input, "activity { id }").await["errors"], json!([]));
}

/// Only some of the fields of an object.
fn only(object: &Value, fields: &[&str]) -> Value {
    fields.iter().map(|field| ((*field).to_owned(), object[*field].clone())).collect::<serde_json::Map<_, _>>().into()
}

const FATES: [&str; 6] = ["started", "attained", "breached", "running", "cancelled", "attainedShare"];

on_both_databases! {
    settings [("SESSION__ACCESS_TOKEN_MINUTES", "60")]
    async fn promises_are_counted_by_how_they_went(app: TestApp) {
        promised(&app).await;
        let [admin, manager, analyst, partner] = app.actors(["admin", "marketing.manager", "analyst", "partner"]).await;
        let way = Waterfall::new(&app).await;
        way.accepted(1).await;
        let late = way.offered(2).await;
        way.offered(3).await;
        let withdrawn = way.offered(4).await;
        manager.done("leadWithdraw", json!({ "lead": withdrawn })).await;
        app.clock().advance(TimeDelta::minutes(40));
        way.inside.done("leadAccept", json!({ "lead": late })).await;
        lapse(&app).await;
        way.offered(5).await;
        let by = json!({ "by": ["CLOCK_KIND", "TEAM"] });
        let told = report(&admin, SLA, around(&app, &by)).await;
        assert_eq!((&told["withheldRows"], &told["moreRows"], told["definitions"].as_array().unwrap().len()), (&json!(0), &json!(0), 9));
        let of_kind = |told: &Value, kind: &str| told["rows"].as_array().unwrap().iter().find(|row| row["clockKind"] == kind).cloned();
        let accept = of_kind(&told, "ACCEPT").unwrap();
        // accepted at once; accepted late, and open too long; open still; taken back
        let fates = json!({ "started": 5, "attained": 1, "breached": 2, "running": 1, "cancelled": 1, "attainedShare": 0.333_333 });
        assert_eq!(only(&accept, &FATES), fates);
        assert_eq!((&accept["team"]["key"], &accept["taken"]), (&json!("inside-dach"), &json!([{ "basis": "WALL", "durations": { "kept": 2 } }])));
        let p90 = accept["wall"]["p90Seconds"].as_i64().unwrap();
        assert!((40 * 60..45 * 60).contains(&p90), "{p90}");
        assert!(accept["wall"]["medianSeconds"].as_i64().unwrap() < 300);
        let contact = of_kind(&told, "FIRST_CONTACT").unwrap();
        assert_eq!((&contact["started"], &contact["breached"], &contact["running"], &contact["wall"]), (&json!(2), &json!(1), &json!(1), &Value::Null));
        let by = json!({ "by": ["AGREEMENT_VERSION", "TIER"], "filter": { "clockKind": "ACCEPT", "agreement": "marketing-to-inside-sales" } });
        let version = &report(&admin, SLA, around(&app, &by)).await["rows"][0];
        assert_eq!((&version["agreementKey"], &version["agreementVersion"], &version["clockKind"]), (&json!("marketing-to-inside-sales"), &json!(1), &Value::Null));
        assert_eq!((&version["agreement"]["key"], version["tier"].is_string(), &version["started"]), (&json!("marketing-to-inside-sales"), true, &json!(5)));
        let mine = json!({ "by": ["MEMBER"], "filter": { "clockKind": "FIRST_CONTACT" } });
        let told = report(&way.inside, SLA, around(&app, &mine)).await;
        assert_eq!((&told["rows"][0]["member"]["id"], &told["rows"][0]["started"]), (&json!(app.organisation().user("inside")), &json!(2)));
        // figures for those who see no persons: nothing of few, and nothing of single colleagues
        for client in [&analyst, &partner] {
            let told = report(client, SLA, around(&app, &json!({ "by": ["CLOCK_KIND"] }))).await;
            assert_eq!((&told["withheldRows"], told["rows"].as_array().unwrap().len(), &told["rows"][0]["started"]), (&json!(2), 1, &json!(5)));
            for members in [json!({ "by": ["MEMBER"] }), json!({ "filter": { "member": app.organisation().user("inside") } })] {
                let told = report(client, SLA, around(&app, &members)).await;
                assert_eq!((&told["rows"], told["withheldRows"].as_i64().unwrap() > 0), (&json!([]), true));
            }
        }
        assert_eq!(app.anonymous().ask(SLA, around(&app, &json!({}))).await.code(), "UNAUTHENTICATED");
    }

    settings [("SESSION__ACCESS_TOKEN_MINUTES", "60")]
    async fn speed_has_bands_with_what_came_of_them(app: TestApp) {
        promised(&app).await;
        let [admin, analyst] = app.actors(["admin", "analyst"]).await;
        let way = Waterfall::new(&app).await;
        let fast = way.accepted(1).await;
        call(&way.inside, &fast, "NOT_REACHED").await;
        call(&way.inside, &fast, "REACHED").await;
        way.inside.done("leadUpdate", json!({ "lead": fast, "bant": ready_to_buy() })).await;
        way.inside.done("leadQualify", json!({ "lead": fast, "to": "TQL" })).await;
        let [slow, never] = [way.accepted(2).await, way.accepted(3).await];
        app.clock().advance(TimeDelta::minutes(20));
        call(&way.inside, &slow, "REACHED").await;
        way.inside.done("leadDisqualify", json!({ "lead": never, "reason": "NO_FIT" })).await;
        way.accepted(4).await;
        let told = report(&admin, SPEED, around(&app, &json!({}))).await;
        assert_eq!(told["total"], json!({ "leads": 4, "contacted": 2, "contactedShare": 0.5, "qualified": 1, "won": 0 }));
        let band = |band: &str, share: f64, [leads, contacted, qualified]: [i32; 3]| {
            json!({ "band": band, "share": share, "figures": { "leads": leads, "contacted": contacted, "qualified": qualified, "won": 0 } })
        };
        let bands = json!([
            band("FIVE_MINUTES", 0.25, [1, 1, 1]), band("HOUR", 0.25, [1, 1, 0]), band("DAY", 0.0, [0, 0, 0]), band("LONGER", 0.0, [0, 0, 0]),
            band("NEVER", 0.25, [1, 0, 0]), band("NOT_YET", 0.25, [1, 0, 0]),
        ]);
        assert_eq!(told["bands"], bands);
        let cut = json!({ "filter": { "taking": "FIELD_SALES", "channel": "CONTACT_FORM" } });
        assert_eq!(report(&admin, SPEED, around(&app, &cut)).await["total"]["leads"], 0);
        let told = report(&analyst, SPEED, around(&app, &json!({}))).await;
        assert_eq!((&told["total"], &told["withheldRows"], told["bands"].as_array().unwrap().len()), (&Value::Null, &json!(5), 2), "{told}");
    }

    settings [("SESSION__ACCESS_TOKEN_MINUTES", "60")]
    async fn a_lead_is_told_once_and_from_the_chosen_moment(app: TestApp) {
        promised(&app).await;
        let contact = json!([{ "kind": "FIRST_CONTACT", "promise": { "basis": "WALL", "seconds": 1_800 } }]);
        promise(&app, "inside-sales-to-field-sales", contact).await;
        let lead = Waterfall::new(&app).await.qualified(1).await;
        app.clock().advance(TimeDelta::minutes(70));
        let way = Waterfall::new(&app).await;
        way.marketing.done("leadHandOver", json!({ "lead": lead })).await;
        app.clock().advance(TimeDelta::minutes(20));
        way.inside.done("leadAccept", json!({ "lead": lead })).await;
        call(&way.inside, &lead, "REACHED").await;
        way.inside.done("leadUpdate", json!({ "lead": lead, "bant": ready_to_buy() })).await;
        way.inside.done("leadQualify", json!({ "lead": lead, "to": "TQL" })).await;
        way.inside.done("leadHandOver", json!({ "lead": lead })).await;
        way.field.done("leadAccept", json!({ "lead": lead })).await;
        call(&way.field, &lead, "REACHED").await;
        way.field.done("leadQualify", json!({ "lead": lead, "to": "SQL" })).await;
        way.field.done("leadWin", json!({ "lead": lead })).await;
        let admin = app.actor("admin").await;
        let bands = |told: &Value| -> Vec<Value> {
            let filled = |band: &&Value| band["figures"]["leads"] != 0;
            told["bands"].as_array().unwrap().iter().filter(filled).map(|band| band["band"].clone()).collect()
        };
        for (since, band) in [("ACCEPTANCE", "FIVE_MINUTES"), ("OFFER", "HOUR"), ("INQUIRY", "DAY")] {
            let told = report(&admin, SINCE, around(&app, &json!({ "since": since }))).await;
            assert_eq!((&told["total"]["leads"], bands(&told)), (&json!(1), vec![json!(band)]), "{since}");
        }
        // from the offer when nothing is said; and the win counts once, though two departments reached the person
        let told = report(&admin, SPEED, around(&app, &json!({}))).await;
        assert_eq!(told["total"], json!({ "leads": 1, "contacted": 1, "contactedShare": 1.0, "qualified": 1, "won": 1 }));
        assert_eq!(bands(&told), [json!("HOUR")]);
        let field = json!({ "filter": { "taking": "FIELD_SALES" } });
        assert_eq!(bands(&report(&admin, SPEED, around(&app, &field)).await), [json!("FIVE_MINUTES")]);
    }

    async fn hand_overs_are_judged_by_what_came_of_them(app: TestApp) {
        promised(&app).await;
        let [admin, analyst, manager] = app.actors(["admin", "analyst", "marketing.manager"]).await;
        let way = Waterfall::new(&app).await;
        way.offered(1).await;
        let back = way.offered(2).await;
        way.inside.done("leadReject", json!({ "lead": back, "reason": "INCOMPLETE_RECORD" })).await;
        let withdrawn = way.offered(3).await;
        manager.done("leadWithdraw", json!({ "lead": withdrawn })).await;
        let closed = way.accepted(4).await;
        way.inside.done("leadDisqualify", json!({ "lead": closed, "reason": "NO_FIT" })).await;
        way.inside.mutate("leadRate", json!({ "lead": closed, "rating": "UNUSABLE", "reasons": ["WRONG_COMPANY"] }), "feedback { id }").await;
        let told = report(&analyst, QUALITY, around(&app, &json!({}))).await;
        assert_eq!((&told["rows"], &told["withheldRows"]), (&json!([]), &json!(1)), "fewer than 5 hand-overs");
        let won = way.won(5).await;
        way.inside.mutate("leadRate", json!({ "lead": won, "rating": "GOOD" }), "feedback { id }").await;
        way.accepted(6).await;
        let told = report(&admin, QUALITY, around(&app, &json!({ "filter": { "giving": "MARKETING", "taking": "INSIDE_SALES" } }))).await;
        let rating = |rating: &str, count: i32| json!({ "rating": rating, "count": count });
        let row = json!({
            "giving": "MARKETING", "taking": "INSIDE_SALES", "agreementKey": "marketing-to-inside-sales", "agreementVersion": 1,
            "agreement": { "key": "marketing-to-inside-sales" }, "offered": 6, "transferred": 0, "accepted": 3, "rejected": 1,
            "reasons": [{ "reason": "INCOMPLETE_RECORD", "count": 1 }], "lapsed": 0, "withdrawn": 1, "open": 1, "acceptRate": 0.75,
            "mqlAccepted": 3, "mqlProven": 1, "mqlUndecided": 1, "mqlPrecision": 0.333_333,
            "ratings": [rating("UNUSABLE", 1), rating("POOR", 0), rating("FAIR", 0), rating("GOOD", 1), rating("EXCELLENT", 0)],
            "ratingAverage": 2.5, "feedbackDue": 2, "feedbackGiven": 2, "feedbackShare": 1.0,
        });
        assert_eq!(told["rows"], json!([row]));
        let all = report(&admin, QUALITY, around(&app, &json!({}))).await;
        let pairs: Vec<_> = all["rows"].as_array().unwrap().iter().map(|row| (&row["giving"], &row["taking"], &row["offered"])).collect();
        assert_eq!(pairs, [(&json!("MARKETING"), &json!("INSIDE_SALES"), &json!(6)), (&json!("INSIDE_SALES"), &json!("FIELD_SALES"), &json!(1))]);
        let told = report(&analyst, QUALITY, around(&app, &json!({}))).await;
        assert_eq!((&told["rows"][0]["offered"], &told["withheldRows"]), (&json!(6), &json!(1)), "figures only, and none of one lead");
    }

    settings [("SESSION__ACCESS_TOKEN_MINUTES", "60")]
    async fn promises_for_months_are_kept_or_missed(app: TestApp) {
        promised(&app).await;
        let promised = json!({ "volume_per_month": 5, "accepted_percent": 50, "in_time_percent": 90, "feedback_percent": 60 });
        commit(&app, "marketing-to-inside-sales", promised).await;
        let admin = app.actor("admin").await;
        let way = Waterfall::new(&app).await;
        let today = json!({ "from": app.clock().now().date_naive(), "to": app.clock().now().date_naive() });
        let mut accepted = Vec::new();
        for n in 1..=2 {
            accepted.push(way.accepted(n).await);
        }
        for (n, reason) in [(3, "DUPLICATE"), (4, "NO_CAPACITY")] {
            let lead = way.offered(n).await;
            way.inside.done("leadReject", json!({ "lead": lead, "reason": reason })).await;
        }
        way.inside.mutate("leadRate", json!({ "lead": accepted[0], "rating": "FAIR" }), "feedback { id }").await;
        let figures = |kind: &str, promised: i32, count: i32, of: Value, share: Value, status: &str| {
            json!({ "kind": kind, "promised": promised, "count": count, "of": of, "share": share, "status": status })
        };
        let told = report(&admin, COMMITMENTS, today.clone()).await;
        let row = &told["rows"][0];
        assert_eq!((&row["agreementKey"], &row["agreementVersion"], &row["giving"], &row["taking"]), (&json!("marketing-to-inside-sales"), &json!(1), &json!("MARKETING"), &json!("INSIDE_SALES")));
        // four answered offers, and a rating
        let running = json!([
            figures("VOLUME", 5, 4, Value::Null, Value::Null, "RUNNING"), figures("ACCEPTED_SHARE", 50, 2, json!(4), json!(0.5), "RUNNING"),
            figures("IN_TIME_SHARE", 90, 5, json!(5), json!(1.0), "RUNNING"), figures("FEEDBACK_SHARE", 60, 1, json!(1), json!(1.0), "RUNNING"),
        ]);
        assert_eq!(row["commitments"], running);
        // the month is over, the second rating never came, and two contacts were never made
        app.clock().advance(TimeDelta::days(40));
        lapse(&app).await;
        let [admin, analyst] = app.actors(["admin", "analyst"]).await;
        let told = report(&admin, COMMITMENTS, today.clone()).await;
        let over = json!([
            figures("VOLUME", 5, 4, Value::Null, Value::Null, "MISSED"), figures("ACCEPTED_SHARE", 50, 2, json!(4), json!(0.5), "KEPT"),
            figures("IN_TIME_SHARE", 90, 5, json!(8), json!(0.625), "MISSED"), figures("FEEDBACK_SHARE", 60, 1, json!(2), json!(0.5), "MISSED"),
        ]);
        assert_eq!(told["rows"][0]["commitments"], over);
        let told = report(&analyst, COMMITMENTS, today.clone()).await;
        assert_eq!(told["withheldCommitments"], 3, "{told}");
        assert_eq!(told["rows"][0]["commitments"].as_array().unwrap().iter().map(|one| &one["kind"]).collect::<Vec<_>>(), ["IN_TIME_SHARE"]);
        let mut other = today;
        other["agreement"] = json!("inside-sales-to-field-sales");
        assert_eq!(report(&admin, COMMITMENTS, other).await["rows"], json!([]), "it promises nothing for months");
    }

    async fn a_promised_volume_is_of_leads(app: TestApp) {
        promised(&app).await;
        for key in ["marketing-to-inside-sales", "inside-sales-to-field-sales"] {
            commit(&app, key, json!({ "volume_per_month": 2 })).await;
        }
        let [admin, manager] = app.actors(["admin", "marketing.manager"]).await;
        let way = Waterfall::new(&app).await;
        let back = way.offered(1).await;
        way.inside.done("leadReject", json!({ "lead": back, "reason": "INCOMPLETE_RECORD" })).await;
        way.marketing.done("leadHandOver", json!({ "lead": back })).await;
        let withdrawn = way.offered(2).await;
        manager.done("leadWithdraw", json!({ "lead": withdrawn })).await;
        way.with_field(3).await;
        let today = app.clock().now().date_naive();
        let told = report(&admin, COMMITMENTS, json!({ "from": today, "to": today })).await;
        let rows: Vec<_> = told["rows"].as_array().unwrap().iter().map(|row| (&row["agreementKey"], &row["commitments"][0]["count"])).collect();
        // handed over again, and handed on: once for each agreement; taken back: for none
        assert_eq!(rows, [(&json!("inside-sales-to-field-sales"), &json!(1)), (&json!("marketing-to-inside-sales"), &json!(2))]);
        let told = report(&admin, QUALITY, around(&app, &json!({ "filter": { "giving": "MARKETING" } }))).await;
        assert_eq!(told["rows"][0]["offered"], 4, "each hand-over");
    }

    async fn reports_of_promises_have_bounds(app: TestApp) {
        let admin = app.actor("admin").await;
        for field in ["sla", "speedToLead", "handOverQuality"] {
            for (from, to) in [("2024-01-01", "2025-01-02"), ("2025-01-02", "2025-01-01")] {
                let query = format!("{{ report {{ {field}(from: \"{from}\", to: \"{to}\") {{ withheldRows }} }} }}");
                assert_eq!(admin.ask(&query, Value::Null).await.code(), "BAD_USER_INPUT", "{field}");
            }
        }
        for (from, to) in [("2024-01-01", "2026-01-01"), ("2025-02-01", "2025-01-01"), ("0001-01-01", "9999-01-01")] {
            let query = format!("{{ report {{ commitments(from: \"{from}\", to: \"{to}\") {{ withheldCommitments }} }} }}");
            assert_eq!(admin.ask(&query, Value::Null).await.code(), "BAD_USER_INPUT");
        }
        let malformed = json!({ "from": "2025-01-01", "to": "2025-01-01", "filter": { "team": "nobody" } });
        assert_eq!(admin.ask(SLA, malformed).await.code(), "BAD_USER_INPUT");
    }
}
