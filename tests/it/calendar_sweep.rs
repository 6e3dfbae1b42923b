//! A change of a calendar moves what is due of open promises, and of no closed ones.

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_tests::factory::Waterfall;
use fairfall_tests::wait::until;
use fairfall_tests::{Client, TestApp, agreement, on_both_databases};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use crate::calendars::{always, calendar, done, load_holidays, organisation};

const ACCEPT: &str = "ACCEPT";

/// What is stored of a clock that matters here.
#[derive(Debug, PartialEq)]
struct Row {
    state: String,
    calendar: Option<uuid::Uuid>,
    started: DateTime<Utc>,
    due: Option<DateTime<Utc>>,
    next: Option<DateTime<Utc>>,
    ended: Option<DateTime<Utc>>,
    total_us: i64,
    /// The same of its lead, and of its place in the queue.
    lead: (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
}

async fn row(app: &TestApp, lead: &str) -> Row {
    let connection = app.connection().await;
    let lead: fairfall_domain::id::LeadId = lead.parse().unwrap();
    let query = "SELECT clock.state, clock.calendar_id, clock.started_at, clock.due_at, clock.next_at, clock.ended_at, clock.total_spent_us, \
        lead.next_due, lead.waits_due FROM clock JOIN lead ON lead.id = clock.lead_id WHERE clock.kind = $1 AND clock.lead_id = $2";
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), query, [ACCEPT.into(), lead.uuid().into()]);
    let row = connection.query_one_raw(statement).await.unwrap().expect("a clock");
    Row {
        state: row.try_get("", "state").unwrap(),
        calendar: row.try_get("", "calendar_id").unwrap(),
        started: row.try_get("", "started_at").unwrap(),
        due: row.try_get("", "due_at").unwrap(),
        next: row.try_get("", "next_at").unwrap(),
        ended: row.try_get("", "ended_at").unwrap(),
        total_us: row.try_get("", "total_spent_us").unwrap(),
        lead: (row.try_get("", "next_due").unwrap(), row.try_get("", "waits_due").unwrap()),
    }
}

async fn sweeps(app: &TestApp) -> i64 {
    let connection = app.connection().await;
    let statement = Statement::from_string(connection.get_database_backend(), "SELECT count(*) AS told FROM clock_sweep");
    connection.query_one_raw(statement).await.unwrap().unwrap().try_get("", "told").unwrap()
}

/// When four hours are over by a calendar, which tells it itself.
async fn due(client: &Client, calendar: &Value, start: DateTime<Utc>) -> DateTime<Utc> {
    let query = "query($id: ID!, $start: DateTime!) { calendar(id: $id) { due(start: $start, duration: \"PT4H\") } }";
    let found = client.query(query, json!({ "id": calendar, "start": start.to_rfc3339() })).await;
    found["calendar"]["due"].as_str().unwrap().parse().unwrap()
}

/// The shipped agreement promises an answer within four hours of business time.
async fn promised(app: &TestApp) {
    let promise = json!([{ "kind": ACCEPT, "promise": { "basis": "BUSINESS", "seconds": 14_400 } }]);
    agreement::promise(app, "marketing-to-inside-sales", promise).await;
}

on_both_databases! {
    async fn what_is_due_moves_with_the_nearest_calendar(app: TestApp) {
        promised(&app).await;
        let (way, admin) = (Waterfall::new(&app).await, app.actor("admin").await);
        let (closed, open) = (way.accepted(1).await, way.offered(2).await);
        let (met, first) = (row(&app, &closed).await, row(&app, &open).await);
        assert_eq!((met.state.as_str(), first.state.as_str()), ("MET", "RUNNING"));
        let of_all = organisation(&admin).await;
        assert_eq!(first.due, Some(due(&admin, &of_all["id"], first.started).await));
        // the organisation works around the clock
        let input = json!({ "owner": { "level": "ORGANISATION" }, "expectedVersion": 1, "weekly": always() });
        done(&admin, "calendarPut", input).await;
        let moved = row(&app, &open).await;
        let in_four_hours = Some(first.started + TimeDelta::hours(4));
        assert_eq!((moved.due, moved.next, moved.lead), (in_four_hours, in_four_hours, (in_four_hours, in_four_hours)));
        // the team works from one to two in the morning
        let weekly: Vec<Value> = ["MONDAY", "WEDNESDAY"].iter().map(|day| json!({ "day": day, "from": "01:00", "to": "02:00" })).collect();
        let owner = json!({ "level": "TEAM", "team": app.organisation().team("inside-dach") });
        let of_team = admin.mutate("calendarPut", calendar(owner, json!(weekly)), "calendar { id }").await["calendar"]["id"].clone();
        let night = row(&app, &open).await;
        let fourth = Some(due(&admin, &of_team, first.started).await);
        assert!(fourth > Some(first.started + TimeDelta::days(9)));
        assert_eq!((night.due, night.lead), (fourth, (fourth, fourth)));
        assert_ne!(night.calendar, moved.calendar);
        // days off push it further, and without the team's calendar the organisation's counts again
        let off = night.due.unwrap().date_naive();
        let ics = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:{}\nSUMMARY:Off\nEND:VEVENT\nEND:VCALENDAR\n", off.format("%Y%m%d"));
        let import = json!({ "calendar": of_team, "expectedVersion": 1, "ics": ics, "from": off, "until": off });
        done(&admin, "calendarImport", import).await;
        assert!(row(&app, &open).await.due > night.due);
        done(&admin, "calendarDelete", json!({ "calendar": of_team, "expectedVersion": 2 })).await;
        assert_eq!(row(&app, &open).await, moved);
        // no act was done on the lead, and what was closed is as it was
        assert_eq!(row(&app, &closed).await, met);
        let version = admin.query("query($id: ID!) { lead(by: { id: $id }) { version } }", json!({ "id": open })).await;
        way.inside.done("leadAccept", json!({ "lead": open, "expectedVersion": version["lead"]["version"] })).await;
        assert_eq!(row(&app, &open).await.state, "MET");
    }

    async fn what_a_node_decided_by_old_calendars_is_put_right(app: TestApp) {
        promised(&app).await;
        let (way, admin) = (Waterfall::new(&app).await, app.actor("admin").await);
        let open = way.offered(1).await;
        let input = json!({ "owner": { "level": "ORGANISATION" }, "expectedVersion": 1, "weekly": always() });
        done(&admin, "calendarPut", input).await;
        let right = row(&app, &open).await;
        assert_eq!(sweeps(&app).await, 1, "it is gone over once more, when all nodes know the calendar");
        // a node that did not know it yet passes the lead on
        let connection = app.connection().await;
        for change in ["UPDATE clock SET due_at = started_at, next_at = NULL", "UPDATE lead SET next_due = NULL"] {
            connection.execute_unprepared(change).await.unwrap();
        }
        assert_ne!(row(&app, &open).await, right);
        app.clock().advance(TimeDelta::seconds(6));
        until("the second pass is through", || async { (sweeps(&app).await == 0).then_some(()) }).await;
        assert_eq!(row(&app, &open).await, right);
    }

    async fn other_holidays_move_what_is_due(app: TestApp) {
        promised(&app).await;
        let (way, admin) = (Waterfall::new(&app).await, app.actor("admin").await);
        let input = json!({ "owner": { "level": "ORGANISATION" }, "expectedVersion": 1, "holidays": { "country": "DE" } });
        done(&admin, "calendarPut", input).await;
        let open = way.offered(1).await;
        let before = row(&app, &open).await;
        let day = before.due.unwrap().date_naive();
        load_holidays(&app, format!("country,subdivision,date,name\nDE,,{day},A holiday\n").as_bytes()).await;
        let after = row(&app, &open).await;
        assert!(after.due > before.due, "{after:?}");
        assert_eq!(after.due, Some(due(&admin, &organisation(&admin).await["id"], before.started).await));
    }
}
