//! What colleagues are told: in the application, as it happens, and by mail.

use chrono::TimeDelta;
use fairfall_tests::agreement::promise;
use fairfall_tests::factory::{Waterfall, text};
use fairfall_tests::mail_server::{self, Mood};
use fairfall_tests::socket::{Socket, end_of_journal};
use fairfall_tests::stream::EventStream;
use fairfall_tests::wait::until;
use fairfall_tests::{Client, TestApp, on_both_databases};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use crate::sla_worker::{accept_clock, advance, pool, step, told};

const SENDER: (&str, &str) = ("MAIL__FROM", "noreply@fairfall.example");
const PUBLIC: (&str, &str) = ("MAIL__PUBLIC_URL", "https://leads.fairfall.example/");

const LIST: &str = "query($unread: Boolean, $first: Int, $after: String) {
    notifications(unreadOnly: $unread, first: $first, after: $after) {
        nodes { id kind readAt lap percent promise lead { id } text(language: DE) subject }
        pageInfo { hasNextPage endCursor } unreadCount } }";

/// Offers a lead to a pool of one and lets half of the promised time pass, so that whoever has it is warned.
async fn warned(app: &TestApp, ladder: Value, leads: usize) -> Vec<String> {
    promise(app, "marketing-to-inside-sales", accept_clock(ladder)).await;
    pool(app, &["inside"]).await;
    let way = Waterfall::new(app).await;
    let mut offered = Vec::new();
    for n in 0..leads {
        offered.push(way.offered(n).await);
    }
    advance(app, 50);
    for lead in &offered {
        told(&way.marketing, lead, 1).await;
    }
    offered
}

async fn list(client: &Client, variables: Value) -> Value {
    client.query(LIST, variables).await["notifications"].clone()
}

fn ids(list: &Value) -> Vec<String> {
    list["nodes"].as_array().unwrap().iter().map(|told| text(&told["id"])).collect()
}

fn kinds(list: &Value) -> Vec<String> {
    list["nodes"].as_array().unwrap().iter().map(|told| text(&told["kind"])).collect()
}

/// What stands in a column of the outbox.
async fn outbox(app: &TestApp, column: &str) -> Vec<Option<String>> {
    let connection = app.connection().await;
    let statement = format!("SELECT CAST({column} AS text) AS found FROM mail_outbox ORDER BY created_at, id");
    let rows = connection.query_all_raw(Statement::from_string(connection.get_database_backend(), statement)).await.unwrap();
    rows.iter().map(|row| row.try_get("", "found").unwrap()).collect()
}

async fn read(client: &Client, input: Value) -> Value {
    client.mutate("notificationsRead", input, "unreadCount alreadyDone").await
}

/// The next thing that comes over a socket.
async fn next(socket: &mut Socket, field: &str) -> Value {
    let mut message = socket.text().await;
    assert_eq!(message["type"], "next", "{message}");
    assert!(message["payload"].get("errors").is_none(), "{message}");
    message["payload"]["data"][field].take()
}

on_both_databases! {
    async fn notifications_are_listed_read_and_counted(app: TestApp) {
        let leads = warned(&app, json!([step(50, "NOTIFY_ASSIGNEE")]), 3).await;
        let inside = app.actor("inside").await;
        let all = list(&inside, json!({})).await;
        assert_eq!((&all["unreadCount"], kinds(&all)), (&json!(3), vec!["PROMISE_WARNED".to_owned(); 3]));
        let node = &all["nodes"][0];
        assert_eq!((&node["lap"], &node["percent"], &node["promise"]), (&json!(1), &json!(50), &json!("ACCEPT")));
        assert!(leads.contains(&text(&node["lead"]["id"])));
        assert!(text(&node["text"]).starts_with("Annahme: 50 % der zugesagten Zeit sind vorbei."), "{node}");
        assert_eq!(node["subject"], "A promise is about to lapse");
        let first = list(&inside, json!({ "first": 2 })).await;
        assert_eq!(first["pageInfo"]["hasNextPage"], true);
        let rest = list(&inside, json!({ "first": 2, "after": first["pageInfo"]["endCursor"] })).await;
        assert_eq!([ids(&first), ids(&rest)].concat(), ids(&all));

        let ids = ids(&all);
        let done = json!({ "unreadCount": 2, "alreadyDone": false, "errors": [] });
        assert_eq!(read(&inside, json!({ "ids": [ids[0]] })).await, done);
        assert_eq!(read(&inside, json!({ "ids": [ids[0]] })).await["alreadyDone"], true);
        let unread = list(&inside, json!({ "unread": true })).await;
        assert_eq!((self::ids(&unread), &unread["unreadCount"]), (ids[1..].to_vec(), &json!(2)));
        assert_eq!(read(&inside, json!({ "upTo": ids[1] })).await["unreadCount"], 0);
        assert_eq!(list(&inside, json!({ "unread": true })).await["nodes"], json!([]));

        // what is somebody else's does not exist
        let colleague = app.actor("inside.colleague").await;
        assert_eq!(list(&colleague, json!({})).await["nodes"], json!([]));
        for (input, field) in [(json!({ "ids": [ids[0]] }), "ids"), (json!({ "upTo": ids[0] }), "upTo")] {
            let errors = read(&colleague, input).await["errors"].clone();
            assert_eq!((&errors[0]["code"], &errors[0]["field"]), (&json!("NOT_FOUND"), &json!(field)));
        }
        for input in [json!({}), json!({ "ids": [], "upTo": ids[0] }), json!({ "ids": ["x"] })] {
            assert_eq!(read(&inside, input).await["errors"][0]["code"], "INVALID_INPUT");
        }
    }

    async fn settings_are_ones_own_and_changes_are_seen(app: TestApp) {
        let inside = app.actor("inside").await;
        let query = "{ notificationSettings { version user { name } mails { kind wanted } } }";
        let before = inside.query(query, Value::Null).await["notificationSettings"].clone();
        assert_eq!((&before["version"], &before["user"]["name"]), (&json!(0), &json!("inside")));
        assert!(before["mails"].as_array().unwrap().iter().all(|mail| mail["wanted"] == true));
        let quiet = |wanted: bool, version: i32| json!({ "mails": [{ "kind": "PROMISE_WARNED", "wanted": wanted }], "expectedVersion": version });
        let selection = "notificationSettings { version mails { kind wanted } }";
        let changed = inside.mutate("notificationSettingsUpdate", quiet(false, 0), selection).await;
        assert_eq!(changed["notificationSettings"]["version"], 1);
        assert_eq!(changed["notificationSettings"]["mails"][0], json!({ "kind": "PROMISE_WARNED", "wanted": false }));
        let same = inside.mutate("notificationSettingsUpdate", quiet(false, 1), selection).await;
        assert_eq!(same["notificationSettings"]["version"], 1, "what changes nothing makes no version");
        let stale = inside.mutate("notificationSettingsUpdate", quiet(true, 0), selection).await;
        assert_eq!((&stale["notificationSettings"], &stale["errors"][0]["code"]), (&Value::Null, &json!("VERSION_CONFLICT")));
        let twice = json!({ "mails": [{ "kind": "LEAD_GIVEN", "wanted": true }, { "kind": "LEAD_GIVEN", "wanted": false }] });
        let twice = inside.mutate("notificationSettingsUpdate", twice, selection).await["errors"].clone();
        assert_eq!((&twice[0]["code"], &twice[0]["field"]), (&json!("INVALID_INPUT"), &json!("mails.1.kind")));
        let colleague = app.actor("inside.colleague").await.query(query, Value::Null).await;
        assert_eq!(colleague["notificationSettings"]["version"], 0);
        let partner = app.actor("partner").await.query("{ notificationSettings { version } }", Value::Null).await;
        assert_eq!(partner["notificationSettings"], Value::Null);
    }

    async fn notifications_and_alerts_come_as_they_happen_and_resume(app: TestApp) {
        let beginning = end_of_journal(&app.actor("admin").await).await;
        let [inside, french] = app.actors(["inside", "inside.fr"]).await;
        let mine = "subscription($after: EventCursor) { notifications(after: $after) { cursor notification { kind readAt lead { id } } } }";
        let alerts = "subscription($after: EventCursor, $filter: SlaAlertFilter) { slaAlerts(after: $after, filter: $filter) {
            cursor type lap step { act percent } lead { id } clock { kind state secondsLeft } holder { name } team { key } department } }";
        let after = json!({ "after": beginning });
        let mut told = Socket::ready(&inside).await;
        told.subscribe("1", mine, after.clone()).await;
        let mut seen = Socket::ready(&inside).await;
        seen.subscribe("1", alerts, after.clone()).await;
        let leads = warned(&app, json!([step(50, "NOTIFY_ASSIGNEE"), step(80, "NOTIFY_MANAGER")]), 1).await;
        let arrived = next(&mut told, "notifications").await;
        assert_eq!(arrived["notification"], json!({ "kind": "PROMISE_WARNED", "readAt": null, "lead": { "id": leads[0] } }));
        let alert = next(&mut seen, "slaAlerts").await;
        assert_eq!((&alert["type"], &alert["step"]), (&json!("SLA_WARNED"), &json!({ "act": "NOTIFY_ASSIGNEE", "percent": 50 })));
        assert_eq!((&alert["clock"]["kind"], &alert["clock"]["state"]), (&json!("ACCEPT"), &json!("RUNNING")));
        let left = alert["clock"]["secondsLeft"].as_i64().unwrap();
        assert!((1..=100).contains(&left), "{left}");
        assert_eq!((&alert["holder"]["name"], &alert["team"]["key"]), (&json!("inside"), &json!("inside-dach")));
        assert_eq!(alert["cursor"], arrived["cursor"], "both go by the journal");

        advance(&app, 30);
        let later = next(&mut seen, "slaAlerts").await;
        assert_eq!(later["step"]["act"], "NOTIFY_MANAGER");
        // the manager was told, and the holder was not told again
        assert_eq!(kinds(&list(&inside, json!({})).await), ["PROMISE_WARNED"]);
        let manager = app.actor("inside.manager").await;
        let query = format!("subscription {{ notifications(after: \"{beginning}\") {{ cursor notification {{ kind }} }} }}");
        let (id, first) = EventStream::open(&manager, &query, None).await.event().await;
        assert_eq!(first["data"]["notifications"]["notification"]["kind"], "PROMISE_WARNED");
        assert_eq!((id.as_str(), &first["data"]["notifications"]["cursor"]), (later["cursor"].as_str().unwrap(), &json!(id)));
        // over the event stream one comes back with the cursor seen last
        let bare = "subscription { slaAlerts(filter: { mine: true, clocks: [ACCEPT], kinds: [SLA_WARNED] }) { cursor step { act } } }";
        let (id, back) = EventStream::open(&inside, bare, alert["cursor"].as_str()).await.event().await;
        assert_eq!((id.as_str(), &back["data"]["slaAlerts"]["step"]["act"]), (later["cursor"].as_str().unwrap(), &json!("NOTIFY_MANAGER")));

        // the other team sees nothing of it, and what is filtered does not come
        let mut others = Socket::ready(&french).await;
        others.subscribe("1", alerts, after.clone()).await;
        let mut filtered = Socket::ready(&manager).await;
        let team = json!({ "team": app.organisation().team("inside-fr") });
        filtered.subscribe("1", alerts, json!({ "after": beginning, "filter": team })).await;
        let way = Waterfall::new(&app).await;
        let french_lead = fairfall_tests::factory::Capture::new(77).in_country("FR").by(&app.actor("marketing.fr").await).await;
        let fr = app.actor("marketing.fr").await;
        fr.done("leadQualify", json!({ "lead": french_lead, "to": "MQL" })).await;
        fr.done("leadHandOver", json!({ "lead": french_lead })).await;
        advance(&app, 50);
        crate::sla_worker::told(&way.marketing, &french_lead, 1).await;
        assert_eq!(next(&mut others, "slaAlerts").await["lead"]["id"], french_lead.as_str(), "the first it may see");
        assert_eq!(next(&mut filtered, "slaAlerts").await["lead"]["id"], french_lead.as_str(), "the first of the team");
        let partner = app.actor("partner").await;
        let mut refused = Socket::ready(&partner).await;
        refused.subscribe("1", mine, json!({})).await;
        let message = refused.text().await;
        assert!(message.to_string().contains("NOT_ALLOWED"), "{message}");
    }

    settings [("MAIL__SMTP_URL", mail_server::url()), SENDER, PUBLIC]
    async fn a_mail_server_that_fails_delays_no_step_and_loses_no_mail(app: TestApp) {
        mail_server::set_mood(Mood::Gone);
        let manager = app.actor("inside.manager").await;
        let quiet = json!({ "mails": [{ "kind": "PROMISE_LAPSED", "wanted": false }] });
        manager.mutate("notificationSettingsUpdate", quiet, "notificationSettings { version }").await;
        let ladder = json!([step(50, "NOTIFY_ASSIGNEE"), step(100, "NOTIFY_MANAGER"), step(100, "NOTIFY_ASSIGNEE")]);
        let leads = warned(&app, ladder, 1).await;
        until("a try", || async { (outbox(&app, "fault").await.first()?.is_some() && mail_server::tried() > 0).then_some(()) }).await;
        advance(&app, 50);
        let marketing = app.actor("marketing").await;
        assert_eq!(told(&marketing, &leads[0], 4).await.len(), 4, "the promise lapses while no mail goes out");
        assert_eq!(kinds(&list(&manager, json!({})).await), ["PROMISE_LAPSED"], "told in the application all the same");
        assert_eq!(outbox(&app, "state").await, vec![Some("WAITING".to_owned()); 2], "none to the manager, who wants none");
        mail_server::set_mood(Mood::Willing);
        app.clock().advance(TimeDelta::minutes(5));
        let mails = until("mails", || async { Some(mail_server::taken()).filter(|mails| mails.len() >= 2) }).await;
        let subjects: Vec<&str> = mails.iter().map(|mail| mail.header("Content-Language")).collect();
        assert_eq!(subjects, ["de", "de"]);
        assert!(mails.iter().all(|mail| mail.to == "inside@fairfall.example" && mail.text.contains(&leads[0])));
        assert!(mails.iter().any(|mail| mail.text.contains("Die zugesagte Zeit ist abgelaufen")), "{mails:?}");
        assert!(mails.iter().all(|mail| mail.header("List-Unsubscribe").is_empty() && !mail.text.contains("Muster")), "{mails:?}");
        until("the outbox is emptied", || async { outbox(&app, "state").await.iter().all(|state| state.as_deref() == Some("SENT")).then_some(()) }).await;
        assert_eq!(outbox(&app, "recipient").await, [None, None]);
    }

    async fn without_a_mail_server_the_outbox_stays_empty(app: TestApp) {
        warned(&app, json!([step(50, "NOTIFY_ASSIGNEE")]), 1).await;
        assert_eq!(list(&app.actor("inside").await, json!({})).await["unreadCount"], 1);
        assert_eq!(outbox(&app, "id").await, []);
    }
}
