//! Calendars: kept by admins and by those who lead, the nearest one counts, filled from files, exact where clocks are changed.

use fairfall::app::install::install;
use fairfall::app::reference::{load, read, recognise};
use fairfall_tests::environment::{note, real_places};
use fairfall_tests::factory::text;
use fairfall_tests::wait::until;
use fairfall_tests::{Client, TestApp, on_both_databases};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

const CALENDAR: &str = "calendar { id version name level team { key } user { name } timeZone weekly { day from to }
    holidays { country subdivision } specialDays { date name hours { from to } } } alreadyDone";

/// Every day, the whole day.
pub(crate) fn always() -> Value {
    let days = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];
    json!(days.map(|day| json!({ "day": day, "from": "00:00", "to": "24:00" })))
}

/// A calendar of an owner.
#[expect(clippy::needless_pass_by_value, reason = "values are written where they are used")]
pub(crate) fn calendar(owner: Value, weekly: Value) -> Value {
    json!({ "owner": owner, "name": "Hours", "timeZone": "Europe/Berlin", "weekly": weekly })
}

/// An act on a calendar that must be done; answers the calendar.
pub(crate) async fn done(client: &Client, field: &str, input: Value) -> Value {
    let answer = client.mutate(field, input, "calendar { id version }").await;
    assert_eq!(answer["errors"], json!([]), "{field}");
    answer["calendar"].clone()
}

/// The calendar of the organisation.
pub(crate) async fn organisation(client: &Client) -> Value {
    client.query("{ calendarFor { id version name level } }", Value::Null).await["calendarFor"].clone()
}

fn with(mut input: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("an object") };
    input.as_object_mut().unwrap().extend(more);
    input
}

fn codes(errors: &Value) -> Vec<(String, String)> {
    let told = |error: &Value| {
        let field = error["field"].as_str().unwrap_or_default().to_owned();
        (field, error["violation"].as_str().or(error["code"].as_str()).unwrap().to_owned())
    };
    errors.as_array().unwrap().iter().map(told).collect()
}

fn code(field: &str, code: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), code.to_owned())]
}

pub(crate) async fn load_holidays(app: &TestApp, file: &[u8]) -> (usize, usize) {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let shape = recognise(&columns).expect("a file that is known");
    let reading = read(&shape, None, reader.byte_records()).unwrap();
    let counts = (reading.rows.len(), reading.rejected.len());
    load(app.app(), reading.rows, shape.provenance(None).unwrap()).await.unwrap();
    counts
}

/// The days off of a place in a year.
async fn days(client: &Client, country: &str, state: Option<&str>) -> Vec<String> {
    let query =
        "query($country: String!, $state: String) { holidays(country: $country, subdivision: $state, year: 2026) { date name } }";
    let found = client.query(query, json!({ "country": country, "state": state })).await;
    found["holidays"].as_array().unwrap().iter().map(|day| format!("{} {}", text(&day["date"]), text(&day["name"]))).collect()
}

/// Rows of the real file, and those of them that are not taken.
const REAL_ROWS: usize = 10_289;
const REAL_REJECTED: usize = 551;

const HOLIDAYS: &str = "country,subdivision,date,name\nDE,,2026-10-03,German Unity Day\nDE,BY,2026-06-04,Corpus Christi\n\
    DE,BE,2026-03-08,Women's Day\nUS,,2026-10-12,Columbus Day\nUS,AR,2026-10-12,-NOT OBSERVED: Columbus Day\n";

on_both_databases! {
    async fn a_calendar_is_made_changed_and_removed(app: TestApp) {
        let manager = app.actor("inside.manager").await;
        let team = app.organisation().team("inside-dach");
        let owner = json!({ "level": "TEAM", "team": team });
        let monday = json!([{ "day": "MONDAY", "from": "13:00", "to": "24:00" }, { "day": "MONDAY", "from": "08:00", "to": "12:00" }]);
        let input = with(calendar(owner.clone(), monday), json!({
            "holidays": { "country": "DE", "subdivision": "by" },
            "specialDays": [{ "date": "2026-12-24", "name": "Heiligabend", "hours": [{ "from": "08:00", "to": "12:00" }] }, { "date": "2026-12-31", "name": "Silvester" }],
        }));
        let made = manager.mutate("calendarPut", input.clone(), CALENDAR).await;
        let calendar = made["calendar"].clone();
        assert_eq!(calendar, json!({
            "id": calendar["id"], "version": 1, "name": "Hours", "level": "TEAM", "team": { "key": "inside-dach" }, "user": null, "timeZone": "Europe/Berlin",
            "weekly": [{ "day": "MONDAY", "from": "08:00", "to": "12:00" }, { "day": "MONDAY", "from": "13:00", "to": "24:00" }],
            "holidays": { "country": "DE", "subdivision": "DE-BY" },
            "specialDays": [{ "date": "2026-12-24", "name": "Heiligabend", "hours": [{ "from": "08:00", "to": "12:00" }] }, { "date": "2026-12-31", "name": "Silvester", "hours": [] }],
        }));
        // the same again, as after an answer that was lost
        let again = manager.mutate("calendarPut", input, CALENDAR).await;
        assert_eq!((&again["alreadyDone"], &again["calendar"]), (&json!(true), &calendar));
        // omitted stays, null goes
        let change = json!({ "owner": owner, "expectedVersion": 1, "name": "Innendienst", "holidays": null });
        let changed = manager.mutate("calendarPut", change, CALENDAR).await["calendar"].clone();
        assert_eq!((&changed["version"], &changed["name"], &changed["holidays"]), (&json!(2), &json!("Innendienst"), &Value::Null));
        assert_eq!((&changed["weekly"], &changed["specialDays"]), (&calendar["weekly"], &calendar["specialDays"]));
        for stale in [json!({ "owner": owner, "expectedVersion": 1, "name": "x" }), json!({ "owner": owner, "name": "x" })] {
            let errors = manager.refused("calendarPut", stale).await;
            assert_eq!((&errors[0]["__typename"], &errors[0]["current"]), (&json!("VersionConflict"), &json!(2)));
        }
        let remove = |version: u32| json!({ "calendar": calendar["id"], "expectedVersion": version });
        assert_eq!(codes(&manager.refused("calendarDelete", remove(1)).await), code("expectedVersion", "VERSION_CONFLICT"));
        let gone = manager.mutate("calendarDelete", remove(2), "calendar { name }").await;
        assert_eq!((&gone["calendar"]["name"], &gone["errors"]), (&json!("Innendienst"), &json!([])));
        assert_eq!(codes(&manager.refused("calendarDelete", remove(2)).await), code("calendar", "NOT_FOUND"));
        let query = "query($id: ID!) { calendar(id: $id) { id } node(id: $id) { id } }";
        assert_eq!(manager.query(query, json!({ "id": calendar["id"] })).await, json!({ "calendar": null, "node": null }));
    }

    async fn an_organisation_of_before_there_were_calendars_gets_one(app: TestApp) {
        let admin = app.actor("admin").await;
        assert_eq!(organisation(&admin).await["name"], "Organisation");
        app.connection().await.execute_unprepared("DELETE FROM calendar").await.unwrap();
        assert_eq!(organisation(&admin).await, Value::Null);
        // as at each start
        for _ in 0..2 {
            install(app.app().store(), app.app().now()).await.unwrap();
        }
        let query = "{ calendars { nodes { level timeZone weekly { day from to } } } }";
        let found = admin.query(query, Value::Null).await["calendars"]["nodes"].clone();
        let weekly = json!(["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"].map(|day| json!({ "day": day, "from": "09:00", "to": "17:00" })));
        assert_eq!(found, json!([{ "level": "ORGANISATION", "timeZone": "UTC", "weekly": weekly }]));
    }

    async fn every_fault_of_a_calendar_is_told(app: TestApp) {
        let admin = app.actor("admin").await;
        let user = app.organisation().user("inside");
        let owner = json!({ "level": "USER", "user": user });
        let bad = json!({
            "owner": owner, "timeZone": "Europe/Nowhere", "weekly": [{ "day": "MONDAY", "from": "8", "to": "25:00" }],
            "holidays": { "country": "DE", "subdivision": "AT-9" },
            "specialDays": [{ "date": "2026-12-24", "name": "" }, { "date": "2026-12-25", "name": "a" }, { "date": "2026-12-25", "name": "b" }],
        });
        let expected = [
            ("name", "REQUIRED"), ("timeZone", "UNKNOWN_VALUE"), ("weekly.0.from", "MALFORMED"), ("weekly.0.to", "MALFORMED"),
            ("holidays.subdivision", "CONFLICT"), ("specialDays.0.name", "REQUIRED"), ("specialDays.2.date", "DUPLICATE"),
        ];
        let expected: Vec<_> = expected.iter().flat_map(|(field, violation)| code(field, violation)).collect();
        assert_eq!(codes(&admin.refused("calendarPut", bad).await), expected);
        let overlap = json!([{ "day": "MONDAY", "from": "08:00", "to": "12:00" }, { "day": "MONDAY", "from": "11:59", "to": "13:00" }]);
        assert_eq!(codes(&admin.refused("calendarPut", calendar(owner.clone(), overlap)).await), code("weekly", "CONFLICT"));
        assert_eq!(codes(&admin.refused("calendarPut", calendar(owner, json!([]))).await), code("weekly", "REQUIRED"));
        for (owner, field, violation) in [
            (json!({ "level": "TEAM" }), "owner.team", "REQUIRED"),
            (json!({ "level": "ORGANISATION", "user": user }), "owner.user", "CONFLICT"),
            (json!({ "level": "USER", "user": "user_00000000000000000000000000" }), "owner.user", "NOT_FOUND"),
        ] {
            assert_eq!(codes(&admin.refused("calendarPut", calendar(owner, always())).await), code(field, violation));
        }
        let organisation = organisation(&admin).await;
        let refused = admin.refused("calendarDelete", json!({ "calendar": organisation["id"], "expectedVersion": 1 })).await;
        assert_eq!(codes(&refused), code("calendar", "NOT_ACCEPTED"));
    }

    async fn managers_reach_their_teams_and_the_members_of_these(app: TestApp) {
        let [admin, manager, other] = app.actors(["admin", "inside.manager", "field.manager"]).await;
        let of = app.organisation();
        let (team, user) = (json!({ "level": "TEAM", "team": of.team("inside-dach") }), json!({ "level": "USER", "user": of.user("inside") }));
        let all = json!({ "level": "ORGANISATION" });
        for owner in [&team, &user, &all] {
            assert_eq!(codes(&other.refused("calendarPut", calendar(owner.clone(), always())).await), code("", "NOT_ALLOWED"));
        }
        assert_eq!(codes(&manager.refused("calendarPut", calendar(all.clone(), always())).await), code("", "NOT_ALLOWED"));
        let french = json!({ "level": "USER", "user": of.user("inside.fr") });
        assert_eq!(codes(&manager.refused("calendarPut", calendar(french, always())).await), code("", "NOT_ALLOWED"));
        for owner in [&team, &user] {
            done(&manager, "calendarPut", calendar(owner.clone(), always())).await;
        }
        done(&admin, "calendarPut", with(calendar(all, always()), json!({ "expectedVersion": 1 }))).await;
    }

    async fn the_nearest_calendar_counts_and_the_others_are_known_to_those_who_may(app: TestApp) {
        let [admin, member, analyst, partner] = app.actors(["admin", "marketing", "analyst", "partner"]).await;
        let of = app.organisation();
        let (team, user) = (of.team("inside-dach"), of.user("inside"));
        let query = "query($user: ID, $team: ID) { calendarFor(user: $user, team: $team) { level } }";
        let level = async |client: &Client, variables: Value| client.query(query, variables).await["calendarFor"]["level"].clone();
        assert_eq!(level(&member, json!({ "user": user, "team": team })).await, "ORGANISATION");
        let put = async |owner: Value| admin.mutate("calendarPut", calendar(owner, always()), "calendar { id }").await["calendar"]["id"].clone();
        let of_team = put(json!({ "level": "TEAM", "team": team })).await;
        assert_eq!(level(&member, json!({ "user": user })).await, "TEAM", "the user is in one team only");
        assert_eq!(level(&member, json!({ "user": of.user("inside.fr") })).await, "ORGANISATION");
        let of_user = put(json!({ "level": "USER", "user": user })).await;
        assert_eq!(level(&member, json!({ "user": user, "team": team })).await, "USER");
        assert_eq!(level(&member, json!({ "team": team })).await, "TEAM");
        done(&admin, "calendarDelete", json!({ "calendar": of_user, "expectedVersion": 1 })).await;
        assert_eq!(level(&member, json!({ "user": user, "team": team })).await, "TEAM", "the next level counts again");
        let of_user = put(json!({ "level": "USER", "user": user })).await;
        // figures and structure, but nobody's own hours; a partner sees none
        let seen = async |client: &Client| {
            let found = client.query("{ calendars { nodes { id } } own: calendars(level: USER) { nodes { id } } }", Value::Null).await;
            (found["calendars"]["nodes"].as_array().unwrap().len(), found["own"]["nodes"].as_array().unwrap().len())
        };
        assert_eq!((seen(&member).await, seen(&analyst).await, seen(&partner).await), ((3, 1), (2, 0), (0, 0)));
        let one = "query($id: ID!) { calendar(id: $id) { id } }";
        assert_eq!(analyst.query(one, json!({ "id": of_user })).await["calendar"], Value::Null);
        assert_eq!(analyst.query(one, json!({ "id": of_team })).await["calendar"]["id"], of_team);
        assert_eq!(level(&partner, json!({ "team": team })).await, Value::Null);
        // everybody who follows is told, with whose it is
        let events = until("the changes are told", || async {
            let found = member.query("{ events(first: 100) { nodes { type subject { id kind } payload { calendarLevel team { key } } } } }", Value::Null).await;
            let nodes = found["events"]["nodes"].as_array().unwrap().clone();
            let told: Vec<Value> = nodes.into_iter().filter(|event| event["type"] == "CALENDAR_CHANGED").collect();
            Some(told).filter(|told| told.len() == 4)
        }).await;
        assert_eq!((&events[0]["subject"], &events[0]["payload"]), (&json!({ "id": of_team, "kind": "CALENDAR" }), &json!({ "calendarLevel": "TEAM", "team": { "key": "inside-dach" } })));
        let found = partner.query("{ events(first: 100) { nodes { type } } }", Value::Null).await;
        assert!(found["events"]["nodes"].as_array().unwrap().iter().all(|event| event["type"] != "CALENDAR_CHANGED"));
    }

    async fn a_weekend_of_changed_clocks_is_exact(app: TestApp) {
        let admin = app.actor("admin").await;
        let all = json!({ "level": "ORGANISATION" });
        let night = json!(["SATURDAY", "SUNDAY"].map(|day| json!({ "day": day, "from": "01:00", "to": "04:00" })));
        done(&admin, "calendarPut", with(calendar(all, night), json!({ "expectedVersion": 1 }))).await;
        let query = "{ calendarFor {
            autumn: hours(from: \"2026-10-23T22:00:00Z\", to: \"2026-10-26T00:00:00Z\") { from to }
            spring: hours(from: \"2027-03-27T23:00:00Z\", to: \"2027-03-29T00:00:00Z\") { from to }
            twice: elapsed(from: \"2026-10-25T00:00:00+02:00\", to: \"2026-10-26T00:00:00+01:00\")
            gap: elapsed(from: \"2027-03-28T00:00:00+01:00\", to: \"2027-03-29T00:00:00+02:00\")
            late: due(start: \"2026-10-24T22:00:00Z\", duration: \"PT2H30M\") over: due(start: \"2027-03-27T23:00:00Z\", duration: \"PT2H1S\")
        } }";
        let found = admin.query(query, Value::Null).await["calendarFor"].clone();
        let stretch = |from: &str, to: &str| json!({ "from": format!("{from}:00.000000Z"), "to": format!("{to}:00.000000Z") });
        // Saturday three hours, Sunday four: from two to three it is twice
        assert_eq!(found["autumn"], json!([stretch("2026-10-23T23:00", "2026-10-24T02:00"), stretch("2026-10-24T23:00", "2026-10-25T03:00")]));
        assert_eq!(found["spring"], json!([stretch("2027-03-28T00:00", "2027-03-28T02:00")]));
        assert_eq!((&found["twice"], &found["gap"]), (&json!("PT4H"), &json!("PT2H")));
        assert_eq!(found["late"], "2026-10-25T01:30:00.000000Z");
        // two hours are there on that Sunday, the next second comes on Saturday
        assert_eq!(found["over"], "2027-04-02T23:00:01.000000Z");
        for (field, arguments) in [("hours", "from: \"2026-01-01T00:00:00Z\", to: \"2026-04-04T00:00:01Z\""), ("elapsed", "from: \"2026-01-02T00:00:00Z\", to: \"2026-01-01T00:00:00Z\"")] {
            let selection = if field == "hours" { "{ from }" } else { "" };
            let reply = admin.ask(&format!("{{ calendarFor {{ {field}({arguments}) {selection} }} }}"), Value::Null).await;
            assert_eq!(reply.code(), "BAD_USER_INPUT", "{field}");
        }
    }

    async fn days_off_are_taken_out_of_a_file(app: TestApp) {
        let [admin, manager] = app.actors(["admin", "inside.manager"]).await;
        let calendar = organisation(&admin).await;
        let ics = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20101224\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Heilig\r\n abend\\, halb\r\nEND:VEVENT\r\n\
            BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260803\r\nDTEND;VALUE=DATE:20260805\r\nSUMMARY:Betriebsausflug\r\nEND:VEVENT\r\n\
            BEGIN:VEVENT\r\nDTSTART:20260901T090000Z\r\nSUMMARY:Meeting\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let input = json!({ "calendar": calendar["id"], "ics": ics, "from": "2026-01-01", "until": "2027-12-31" });
        let report = "calendar { version specialDays { date name } } taken { date name line takenAs } skipped { line name date reason }";
        let skipped = json!([{ "line": 14, "name": "Meeting", "date": null, "reason": "HAS_TIME" }]);
        let taken = |taken_as: &str| json!([("2026-08-03", "Betriebsausflug", 9), ("2026-08-04", "Betriebsausflug", 9), ("2026-12-24", "Heiligabend, halb", 3), ("2027-12-24", "Heiligabend, halb", 3)]
            .map(|(date, name, line)| json!({ "date": date, "name": name, "line": line, "takenAs": taken_as })));
        let rehearsed = admin.mutate("calendarImport", with(input.clone(), json!({ "rehearse": true })), report).await;
        assert_eq!((&rehearsed["taken"], &rehearsed["skipped"], &rehearsed["errors"]), (&taken("NEW"), &skipped, &json!([])));
        assert_eq!(rehearsed["calendar"], json!({ "version": 1, "specialDays": [] }), "nothing was written");
        assert_eq!(codes(&admin.refused("calendarImport", input.clone()).await), code("expectedVersion", "VERSION_CONFLICT"));
        assert_eq!(codes(&manager.refused("calendarImport", with(input.clone(), json!({ "expectedVersion": 1 }))).await), code("", "NOT_ALLOWED"));
        let performed = admin.mutate("calendarImport", with(input.clone(), json!({ "expectedVersion": 1 })), report).await;
        assert_eq!((&performed["taken"], &performed["calendar"]["version"]), (&taken("NEW"), &json!(2)));
        assert_eq!(performed["calendar"]["specialDays"].as_array().unwrap().len(), 4);
        // the same again finds everything there
        let again = admin.mutate("calendarImport", input.clone(), report).await;
        assert_eq!((&again["taken"], &again["calendar"]["version"]), (&taken("KNOWN"), &json!(2)));
        // what somebody typed stays, unless the file is to win
        let typed = json!({ "owner": { "level": "ORGANISATION" }, "expectedVersion": 2, "specialDays": [{ "date": "2026-12-24", "name": "Halb", "hours": [{ "from": "09:00", "to": "12:00" }] }] });
        done(&admin, "calendarPut", typed).await;
        let kept = admin.mutate("calendarImport", with(input.clone(), json!({ "expectedVersion": 3 })), report).await;
        assert_eq!(kept["skipped"], json!([{ "line": 3, "name": "Heiligabend, halb", "date": "2026-12-24", "reason": "KEPT_DAY" }, skipped[0]]));
        let won = admin.mutate("calendarImport", with(input, json!({ "expectedVersion": 4, "existing": "REPLACE" })), report).await;
        assert_eq!(won["taken"][2]["takenAs"], "REPLACED");
        assert_eq!(won["calendar"]["version"], 5);
        let errors = admin.refused("calendarImport", json!({ "calendar": calendar["id"], "ics": "<html></html>", "from": "2026-01-01", "until": "2046-01-01" })).await;
        assert_eq!(codes(&errors), [code("until", "OUT_OF_RANGE"), code("ics", "MALFORMED")].concat());
        let far = json!({ "calendar": calendar["id"], "ics": "<html></html>", "from": "2226-01-01" });
        assert_eq!(codes(&admin.refused("calendarImport", far).await), [code("from", "OUT_OF_RANGE"), code("ics", "MALFORMED")].concat());
    }

    async fn holidays_are_those_of_the_state(app: TestApp) {
        let [admin, partner] = app.actors(["admin", "partner"]).await;
        assert_eq!(days(&admin, "DE", None).await, [""; 0]);
        assert_eq!(load_holidays(&app, HOLIDAYS.as_bytes()).await, (5, 0));
        assert_eq!(days(&admin, "DE", None).await, ["2026-10-03 German Unity Day"]);
        assert_eq!(days(&admin, "DE", Some("DE-BY")).await, ["2026-06-04 Corpus Christi", "2026-10-03 German Unity Day"]);
        assert_eq!(days(&admin, "US", Some("AR")).await, [""; 0], "the state does not keep it");
        assert_eq!(days(&partner, "DE", None).await, [""; 0]);
        let reply = admin.ask("{ holidays(country: \"DE\", subdivision: \"DE-XX\", year: 2026) { name } }", Value::Null).await;
        assert_eq!(reply.code(), "BAD_USER_INPUT");
        // Corpus Christi, a Thursday
        let open = async |state: &str, version: u32| {
            let input = json!({ "owner": { "level": "ORGANISATION" }, "expectedVersion": version, "holidays": { "country": "DE", "subdivision": state } });
            let hours = "calendar { hours(from: \"2026-06-04T00:00:00Z\", to: \"2026-06-05T00:00:00Z\") { from } }";
            admin.mutate("calendarPut", input, hours).await["calendar"]["hours"].as_array().unwrap().len()
        };
        assert_eq!((open("DE-BY", 1).await, open("DE-BE", 2).await), (0, 1));
        let sets = admin.query("{ referenceSets { key licence notice rows } }", Value::Null).await["referenceSets"].clone();
        assert_eq!((&sets[0]["key"], &sets[0]["licence"], &sets[0]["rows"]), (&json!("public-holidays"), &json!("MIT"), &json!(5)));
        assert!(text(&sets[0]["notice"]).contains("MIT License"));
        let Some(folder) = real_places() else { return };
        let Ok(real) = std::fs::read(folder.join("holidays/public_holidays_2024_2030.csv")) else {
            note("the real public holidays are not there: only made ones were loaded");
            return;
        };
        // the others are of cities and territories that have no code of ISO 3166-2
        assert_eq!(load_holidays(&app, &real).await, (REAL_ROWS, REAL_REJECTED));
        let (bavaria, berlin) = (days(&admin, "DE", Some("DE-BY")).await, days(&admin, "DE", Some("DE-BE")).await);
        assert!(bavaria.contains(&"2026-06-04 Corpus Christi".to_owned()) && !berlin.contains(&"2026-06-04 Corpus Christi".to_owned()));
        assert_eq!((bavaria.len(), berlin.len(), days(&admin, "DE", None).await.len()), (12, 10, 9));
    }
}
