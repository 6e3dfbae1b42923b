//! What people do changes scores at once, the same in whatever order it is told, and agreements let leads go on by it.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use fairfall::clock::new_id;
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::agreement::{Agreement, HandOverMode};
use fairfall_domain::department::Department;
use fairfall_domain::id::LeadId;
use fairfall_domain::label::Labels;
use fairfall_domain::waterfall::gate::{Comparison, Criterion, Gate, Required};
use fairfall_domain::waterfall::measure::Measure;
use fairfall_domain::waterfall::stage::OpenStage;
use fairfall_persistence::repo;
use fairfall_tests::factory::{Capture, Waterfall, text};
use fairfall_tests::wait::until;
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};
use tokio::task::JoinSet;

const RESULTS: &str = "stored known rejected results { outcome activity errors { code field message } }";

/// Demand that nobody asked for by a form: nothing counts for its engagement yet.
fn quiet(n: usize) -> Capture {
    Capture::new(n).with("channel", json!("OTHER"))
}

fn email(n: usize) -> String {
    format!("erika{n}@kunde{n}.example")
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

async fn bulk(client: &Client, activities: Vec<Value>) -> Value {
    client.mutate("activitiesRecord", json!({ "activities": activities }), RESULTS).await
}

/// Demos that were asked for: enough for the highest engagement.
fn demos(subject: &Value, count: usize) -> Vec<Value> {
    (0..count).map(|_| json!({ "subject": subject, "kind": "DEMO_REQUEST", "channel": "CONTACT_FORM" })).collect()
}

async fn lead(client: &Client, id: &str) -> Value {
    let query = "query($id: ID!) { lead(by: { id: $id }) { version stage state nurturing { reason } person { id }
        score { fit engagement grade tier } } }";
    client.query(query, json!({ "id": id })).await["lead"].clone()
}

/// What is counted of a lead, as it is stored.
async fn tally(app: &TestApp, id: &str) -> Value {
    let lead: LeadId = id.parse().unwrap();
    let all = Grant::system(Action::ViewLead);
    let found = repo::lead_score::find_many(&app.app().store().reader(), &all, &[lead]).await.unwrap();
    serde_json::to_value(&found[&lead].tally).unwrap()
}

async fn scored_events(client: &Client, id: &str) -> Vec<Value> {
    let query = "{ events(first: 100) { nodes { type actor { id } lead { id } subjectVersion
        payload { gradeBefore gradeAfter tierAfter fit engagement } } } }";
    let mut data = client.query(query, Value::Null).await;
    let events = data["events"]["nodes"].as_array_mut().unwrap();
    events.drain(..).filter(|event| event["type"] == "LEAD_SCORED" && event["lead"]["id"] == id).collect()
}

/// An agreement from marketing to inside sales by which leads go on, rest and wake by themselves.
async fn let_go_by_itself(app: &TestApp) {
    let criterion = |key: &str, comparison, points| Criterion {
        key: key.parse().unwrap(),
        labels: Labels::new(key, key),
        measure: Measure::EngagementPoints,
        comparison,
        required: Required::Number(points),
    };
    let store = app.app().store();
    let shipped = repo::agreement::all(&store.reader()).await.unwrap();
    let between = |one: &&Agreement| one.giving == Department::Marketing && one.taking == Department::InsideSales;
    let before = shipped.iter().find(between).unwrap();
    let agreement = Agreement {
        id: new_id(),
        version: before.version + 1,
        in_force_from: Some(app.clock().now()),
        hand_over: HandOverMode::Automatic,
        gates: vec![Gate { stage: OpenStage::Mql, all: vec![criterion("warm", Comparison::AtLeast, 50)], any: vec![] }],
        recycle_when: vec![criterion("cold", Comparison::AtMost, 20)],
        reactivate_when: vec![criterion("awake", Comparison::AtLeast, 30)],
        ..before.clone()
    };
    let uow = store.begin().await.unwrap();
    repo::agreement::insert(&uow, &agreement, app.clock().now()).await.unwrap();
    uow.commit().await.unwrap();
    // rules are kept for two seconds
    app.clock().advance(TimeDelta::seconds(5));
}

on_both_databases! {
    async fn order_and_bundling_never_matter(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let mut leads = Vec::new();
        for n in 1..=4 {
            leads.push(quiet(n).by(&marketing).await);
        }
        let now = app.clock().now();
        let done = |n: usize, number: usize| {
            let (kind, channel) = [("CLICK", "EMAIL"), ("PRICING_VIEW", "DIRECT"), ("CONTENT_DOWNLOAD", "CONTENT"), ("EMAIL_OPEN", "EMAIL")][number % 4];
            // ten at a time happen within the same second
            let at = now - TimeDelta::hours(i64::try_from(number / 10).unwrap() * 7);
            json!({ "subject": { "email": email(n) }, "kind": kind, "channel": channel, "occurredAt": moment(at) })
        };
        let numbers: Vec<usize> = (0..40).collect();
        for number in &numbers {
            let payload = marketing.mutate("activityRecord", done(1, *number), "activity { kind } alreadyDone").await;
            assert_eq!(payload["errors"], json!([]));
        }
        bulk(&marketing, numbers.iter().map(|number| done(2, *number)).collect()).await;
        for batch in numbers.chunks(7).rev() {
            bulk(&marketing, batch.iter().rev().map(|number| done(3, *number)).collect()).await;
        }
        // 17 has no divisor in common with 40: every number comes once
        for batch in numbers.chunks(13) {
            bulk(&marketing, batch.iter().map(|number| done(4, number * 17 % 40)).collect()).await;
        }
        let (first, counted) = (lead(&marketing, &leads[0]).await["score"].clone(), tally(&app, &leads[0]).await);
        assert!(first["engagement"].as_i64().unwrap() > 0, "{first}");
        for other in &leads[1..] {
            assert_eq!(tally(&app, other).await, counted);
            assert_eq!(lead(&marketing, other).await["score"], first);
        }
    }

    async fn many_senders_at_once_lose_and_double_nothing(app: TestApp) {
        const LEADS: usize = 30;
        const BATCHES: usize = 8;
        let marketing = app.actor("marketing").await;
        let mut leads = Vec::new();
        for n in 0..LEADS {
            leads.push(quiet(n).by(&marketing).await);
        }
        let activity = |number: usize| {
            let n = number * 7 % LEADS;
            let subject = if number.is_multiple_of(2) { json!({ "email": email(n) }) } else { json!({ "lead": leads[n] }) };
            json!({ "subject": subject, "kind": "CLICK", "channel": "EMAIL", "source": "mailer", "externalId": format!("{number}") })
        };
        // each activity is sent by two senders, in another order and with other neighbours
        let mut senders = JoinSet::new();
        for sender in 0..4 {
            let batches: Vec<Vec<Value>> = (0..BATCHES)
                .map(|batch| (0..100).map(|place| activity((sender / 2 * BATCHES + batch) * 100 + if sender % 2 == 0 { place } else { 99 - place })).collect())
                .collect();
            let client = marketing.clone();
            senders.spawn(async move {
                let mut stored = 0;
                for batch in batches {
                    let payload = bulk(&client, batch).await;
                    assert_eq!((&payload["errors"], &payload["rejected"]), (&json!([]), &json!(0)), "{payload}");
                    stored += payload["stored"].as_u64().unwrap();
                }
                stored
            });
        }
        let stored: u64 = senders.join_all().await.into_iter().sum();
        assert_eq!(stored, 1_600);
        let mut counted = 0;
        for lead in &leads {
            let tally = tally(&app, lead).await;
            counted += tally["EMAIL"]["CLICK"]["hours"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum::<u64>();
        }
        assert_eq!(counted, stored);
    }

    async fn what_is_told_twice_counts_once(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let id = quiet(1).by(&marketing).await;
        let click = |name: &str| json!({ "subject": { "lead": id }, "kind": "CLICK", "source": "mailer", "externalId": name });
        let first = bulk(&marketing, vec![click("a"), click("b"), click("a")]).await;
        assert_eq!((&first["stored"], &first["known"]), (&json!(2), &json!(1)));
        assert_eq!(first["results"][2], json!({ "outcome": "KNOWN", "activity": first["results"][0]["activity"], "errors": [] }));
        let (score, counted) = (lead(&marketing, &id).await, tally(&app, &id).await);
        let again = bulk(&marketing, vec![click("b"), click("a")]).await;
        assert_eq!((&again["known"], &again["results"][1]["activity"]), (&json!(2), &first["results"][0]["activity"]));
        let single = marketing.mutate("activityRecord", click("a"), "activity { id } alreadyDone").await;
        assert_eq!(single, json!({ "activity": { "id": first["results"][0]["activity"] }, "alreadyDone": true, "errors": [] }));
        assert_eq!((lead(&marketing, &id).await, tally(&app, &id).await), (score, counted));

        let keyed = json!({ "activities": demos(&json!({ "lead": id }), 2), "idempotencyKey": "today" });
        let once = marketing.mutate("activitiesRecord", keyed.clone(), RESULTS).await;
        assert_eq!(marketing.mutate("activitiesRecord", keyed, RESULTS).await, once);
        let other = json!({ "activities": demos(&json!({ "lead": id }), 3), "idempotencyKey": "today" });
        let errors = marketing.mutate("activitiesRecord", other, RESULTS).await;
        assert_eq!(errors["errors"][0]["code"], "IDEMPOTENCY_CONFLICT");
    }

    async fn faults_are_told_one_by_one_and_hold_up_nothing(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let id = quiet(1).by(&marketing).await;
        let now = app.clock().now();
        let good = json!({ "subject": { "lead": id }, "kind": "CLICK" });
        let with = |field: &str, value: Value| {
            let mut wrong = good.clone();
            wrong[field] = value;
            wrong
        };
        let wrong = vec![
            (with("kind", json!("WINK")), "kind"),
            (with("channel", json!("PIGEON")), "channel"),
            (with("occurredAt", json!(moment(now + TimeDelta::minutes(6)))), "occurredAt"),
            (with("occurredAt", json!(moment(now - TimeDelta::days(5 * 366 + 1)))), "occurredAt"),
            (with("source", json!("mailer")), "externalId"),
            (with("campaign", json!("campaign_00000000000000000000000000")), "campaign"),
            (with("subject", json!({ "lead": "lead_1" })), "subject.lead"),
            (with("subject", json!({ "person": "person_00000000000000000000000000" })), "subject.person"),
            (with("subject", json!({ "email": "nobody@nowhere.example" })), "subject.email"),
            (with("subject", json!({ "external": { "source": "shop", "id": "7" } })), "subject.external"),
        ];
        let mut activities = vec![good.clone()];
        activities.extend(wrong.iter().map(|(activity, _)| activity.clone()));
        activities.push(good.clone());
        let payload = bulk(&marketing, activities).await;
        assert_eq!((&payload["stored"], &payload["rejected"], &payload["errors"]), (&json!(2), &json!(10), &json!([])));
        for (place, (_, field)) in (1..).zip(&wrong) {
            let result: &Value = &payload["results"][place];
            assert_eq!((&result["outcome"], &result["errors"][0]["field"]), (&json!("REJECTED"), &json!(field)), "{result}");
        }
        for (activity, field) in wrong {
            let payload = marketing.mutate("activityRecord", activity, "activity { id }").await;
            assert_eq!((&payload["activity"], &payload["errors"][0]["field"]), (&Value::Null, &json!(field)));
        }
        let payload = bulk(&marketing, vec![]).await;
        assert_eq!(payload["errors"][0]["field"], "activities");
    }

    async fn a_grade_that_changes_is_told_once_for_each_batch(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let id = quiet(1).by(&marketing).await;
        let before = lead(&marketing, &id).await;
        bulk(&marketing, demos(&json!({ "lead": id }), 3)).await;
        let after = lead(&marketing, &id).await;
        assert_ne!(before["score"]["grade"], after["score"]["grade"]);
        let events = until("the event is there", || async { Some(scored_events(&marketing, &id).await).filter(|events| !events.is_empty()) }).await;
        assert_eq!(events.len(), 1, "{events:?}");
        assert_eq!(events[0]["actor"]["id"], app.organisation().user("marketing"));
        assert_eq!(events[0]["subjectVersion"], after["version"]);
        let told = &events[0]["payload"];
        assert_eq!((&told["gradeBefore"], &told["gradeAfter"]), (&before["score"]["grade"], &after["score"]["grade"]));
        assert_eq!((&told["tierAfter"], &told["engagement"]), (&after["score"]["tier"], &after["score"]["engagement"]));
        bulk(&marketing, vec![json!({ "subject": { "lead": id }, "kind": "PAGE_VIEW" })]).await;
        let same = lead(&marketing, &id).await;
        assert_eq!((&same["version"], &same["score"]["grade"]), (&after["version"], &after["score"]["grade"]));
    }

    async fn leads_go_on_rest_and_wake_as_the_agreement_says(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let_go_by_itself(&app).await;
        let id = quiet(1).by(&way.marketing).await;
        let subject = json!({ "email": email(1) });
        bulk(&way.marketing, demos(&subject, 3)).await;
        let offered = lead(&way.marketing, &id).await;
        assert_eq!((&offered["stage"], &offered["state"]), (&json!("MQL"), &json!("OFFERED")), "{offered}");
        let query = "query($id: ID!) { lead(by: { id: $id }) { transitions { act actor { id } } } }";
        let transitions = way.marketing.query(query, json!({ "id": id })).await;
        let by_itself = |act: &str| json!({ "act": act, "actor": null });
        assert_eq!(transitions["lead"]["transitions"].as_array().unwrap()[1..], [by_itself("QUALIFY"), by_itself("HAND_OVER")]);

        // what the taker returns is not offered again by the next click
        way.inside.done("leadReject", json!({ "lead": id, "reason": "NO_CAPACITY" })).await;
        bulk(&way.marketing, vec![json!({ "subject": subject, "kind": "PAGE_VIEW" })]).await;
        assert_eq!(lead(&way.marketing, &id).await["state"], "WORKING");

        // interest fades: the lead goes to rest by itself, with a reason
        app.clock().advance(TimeDelta::days(150));
        let marketing = app.actor("marketing").await;
        let resting = until("the lead goes to rest", || async {
            Some(lead(&marketing, &id).await).filter(|lead| lead["state"] == "NURTURING")
        }).await;
        assert_eq!(resting["nurturing"]["reason"], "COOLED_DOWN");

        // new behaviour wakes it, and takes it as far as the agreement says
        bulk(&marketing, vec![json!({ "subject": subject, "kind": "EMAIL_OPEN", "channel": "EMAIL" })]).await;
        assert_eq!(lead(&marketing, &id).await["state"], "NURTURING");
        bulk(&marketing, demos(&subject, 3)).await;
        let awake = lead(&marketing, &id).await;
        assert_eq!((&awake["stage"], &awake["state"]), (&json!("MQL"), &json!("OFFERED")));
    }

    async fn decay_lowers_a_grade_by_itself(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let id = quiet(1).by(&marketing).await;
        bulk(&marketing, demos(&json!({ "lead": id }), 3)).await;
        let warm = lead(&marketing, &id).await;
        app.clock().advance(TimeDelta::days(120));
        let marketing = app.actor("marketing").await;
        let cold = until("the grade falls", || async {
            Some(lead(&marketing, &id).await).filter(|lead| lead["score"]["grade"] != warm["score"]["grade"])
        }).await;
        assert!(cold["score"]["engagement"].as_i64().unwrap() < warm["score"]["engagement"].as_i64().unwrap());
        assert_eq!(cold["score"]["fit"], warm["score"]["fit"]);
        let events = until("the fall is told", || async { Some(scored_events(&marketing, &id).await).filter(|events| events.len() > 1) }).await;
        assert_eq!(events.last().unwrap()["actor"], Value::Null, "time is nobody");
    }

    async fn what_somebody_did_before_counts_for_a_new_lead(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let first = quiet(1).by(&marketing).await;
        bulk(&marketing, demos(&json!({ "email": email(1) }), 2)).await;
        bulk(&marketing, demos(&json!({ "lead": first }), 1)).await;
        let second = quiet(1).with("productArea", json!("erp")).by(&marketing).await;
        let (of_first, of_second) = (lead(&marketing, &first).await, lead(&marketing, &second).await);
        assert!(of_second["score"]["engagement"].as_i64().unwrap() > 0, "{of_second}");
        assert!(of_second["score"]["engagement"].as_i64() <= of_first["score"]["engagement"].as_i64());
        // from now on what the person does counts for both
        bulk(&marketing, vec![json!({ "subject": { "email": email(1) }, "kind": "CLICK", "channel": "EMAIL" })]).await;
        let pages = "query($first: ID!, $second: ID!) {
            first: lead(by: { id: $first }) { activities(first: 2) { nodes { kind lead { id } } pageInfo { hasNextPage endCursor } } }
            second: lead(by: { id: $second }) { person { activities { nodes { kind } } } activities { nodes { kind } } } }";
        let data = marketing.query(pages, json!({ "first": first, "second": second })).await;
        let counts = |list: &Value| list["nodes"].as_array().unwrap().len();
        assert_eq!(data["first"]["activities"]["nodes"][0], json!({ "kind": "CLICK", "lead": null }));
        assert_eq!(data["first"]["activities"]["pageInfo"]["hasNextPage"], true);
        assert_eq!(counts(&data["second"]["activities"]), 3, "what was about the other lead alone is the other's");
        assert_eq!(counts(&data["second"]["person"]["activities"]), 4);
        let next = "query($id: ID!, $after: String) { lead(by: { id: $id }) { activities(first: 9, after: $after) { nodes { kind } } } }";
        let after = &data["first"]["activities"]["pageInfo"]["endCursor"];
        let rest = marketing.query(next, json!({ "id": first, "after": after })).await;
        assert_eq!(counts(&rest["lead"]["activities"]), 2);
    }

    async fn what_becomes_known_changes_the_fit(app: TestApp) {
        let [marketing, admin] = app.actors(["marketing", "admin"]).await;
        let id = quiet(1).by(&marketing).await;
        let before = lead(&marketing, &id).await;
        assert!(before["score"]["fit"].as_i64().unwrap() > 0, "a title and a company are known: {before}");
        let person = text(&before["person"]["id"]);
        let payload = admin.mutate("personUpdate", json!({ "person": person, "jobTitle": null, "phone": null }), "person { id }").await;
        assert_eq!(payload["errors"], json!([]));
        let after = lead(&marketing, &id).await;
        assert_ne!(after["score"]["fit"], before["score"]["fit"]);
        let company = marketing.query("query($id: ID!) { lead(by: { id: $id }) { company { id } } }", json!({ "id": id })).await;
        let company = text(&company["lead"]["company"]["id"]);
        let payload = admin.mutate("companyUpdate", json!({ "company": company, "employees": 2 }), "company { id }").await;
        assert_eq!(payload["errors"], json!([]));
        assert_ne!(lead(&marketing, &id).await["score"]["fit"], after["score"]["fit"]);
    }

    async fn partners_record_for_what_they_captured(app: TestApp) {
        let [marketing, partner, analyst] = app.actors(["marketing", "partner", "analyst"]).await;
        let external = json!({ "source": "shop", "id": "42" });
        let mine = quiet(1).with("external", external.clone()).by(&partner).await;
        let foreign = quiet(2).by(&marketing).await;
        let click = |subject: Value| json!({ "subject": subject, "kind": "CLICK" });
        let payload = bulk(&partner, vec![
            click(json!({ "external": external })),
            click(json!({ "lead": mine })),
            click(json!({ "email": email(1) })),
            click(json!({ "lead": foreign })),
            click(json!({ "email": email(2) })),
        ]).await;
        let outcomes: Vec<&Value> = payload["results"].as_array().unwrap().iter().map(|result| &result["outcome"]).collect();
        assert_eq!(outcomes, ["STORED", "STORED", "STORED", "REJECTED", "REJECTED"], "{payload:#}");
        assert_eq!(payload["results"][3]["errors"][0]["field"], "subject.lead");
        bulk(&marketing, vec![click(json!({ "email": email(1) }))]).await;
        let query = "query($id: ID!) { lead(by: { id: $id }) { activities { nodes { id } } } }";
        let seen = |data: Value| data["lead"]["activities"]["nodes"].as_array().unwrap().len();
        assert_eq!(seen(partner.query(query, json!({ "id": mine })).await), 3, "a partner sees what it recorded");
        let data = marketing.query(query, json!({ "id": mine })).await;
        assert_eq!(seen(data), 4);
        let errors = bulk(&analyst, vec![click(json!({ "lead": mine }))]).await;
        assert_eq!((&errors["errors"][0]["code"], &errors["errors"][0]["action"]), (&json!("NOT_ALLOWED"), &json!("RECORD_ACTIVITY")));
    }
}
