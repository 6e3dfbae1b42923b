//! What routing knows of colleagues, said by themselves and by those who lead their teams; and what holds for all routing.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use fairfall_tests::factory::text;
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

const PROFILE: &str = "memberProfile { version away seniority startsAt user { name } skills { language level }
    workingHours { timeZone ranges { day from to } } absences { id from until } }";

fn faults(errors: &Value) -> Vec<(String, String)> {
    let told =
        |error: &Value| (text(&error["field"]), error["violation"].as_str().or(error["code"].as_str()).unwrap().to_owned());
    errors.as_array().unwrap().iter().map(told).collect()
}

fn fault(field: &str, violation: &str) -> (String, String) {
    (field.to_owned(), violation.to_owned())
}

fn at(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// An act on a profile that must be done.
async fn done(client: &Client, field: &str, input: Value) -> Value {
    let payload = client.mutate(field, input, PROFILE).await;
    assert_eq!(payload["errors"], json!([]), "{field}");
    payload["memberProfile"].clone()
}

async fn seen(client: &Client, user: &str) -> Value {
    client
        .query(
            &format!("query($user: ID!) {{ memberProfile(user: $user) {} }}", PROFILE.split_once(' ').unwrap().1),
            json!({ "user": user }),
        )
        .await["memberProfile"]
        .clone()
}

on_both_databases! {
    async fn what_is_known_is_what_was_said_over_the_account(app: TestApp) {
        let [inside, colleague] = app.actors(["inside", "inside.colleague"]).await;
        let user = app.organisation().user("inside");
        let known = seen(&colleague, &user).await;
        assert_eq!(known, json!({
            "version": 0, "away": false, "seniority": "SENIOR", "startsAt": null, "user": { "name": "inside" }, "workingHours": null, "absences": [],
            "skills": [{ "language": "de", "level": "NATIVE" }, { "language": "en", "level": "C1" }],
        }));
        let hours = json!({ "timeZone": "Europe/Berlin", "ranges": [
            { "day": "TUESDAY", "from": "13:00", "to": "24:00" }, { "day": "MONDAY", "from": "09:00", "to": "12:30" },
        ] });
        let change = json!({
            "user": user, "expectedVersion": 0, "skills": [{ "language": "cs", "level": "B2" }], "workingHours": hours,
            "startsAt": "2026-03-01T08:00:00+01:00",
        });
        let said = done(&inside, "memberProfileUpdate", change.clone()).await;
        assert_eq!((&said["version"], &said["skills"]), (&json!(1), &json!([{ "language": "cs", "level": "B2" }])));
        assert_eq!(said["workingHours"]["ranges"], json!([
            { "day": "MONDAY", "from": "09:00", "to": "12:30" }, { "day": "TUESDAY", "from": "13:00", "to": "24:00" },
        ]));
        assert_eq!(said["startsAt"], "2026-03-01T07:00:00.000000Z");
        assert_eq!(seen(&colleague, &user).await, said);
        let stale = inside.refused("memberProfileUpdate", change).await;
        assert_eq!((&stale[0]["__typename"], &stale[0]["current"]), (&json!("VersionConflict"), &json!(1)));
        let same = done(&inside, "memberProfileUpdate", json!({ "user": user })).await;
        assert_eq!(same["version"], 1, "what changes nothing makes no version");
        let back = done(&inside, "memberProfileUpdate", json!({ "user": user, "skills": null, "workingHours": null })).await;
        assert_eq!((&back["version"], &back["skills"], &back["workingHours"]), (&json!(2), &known["skills"], &Value::Null));
        let field = colleague.query("query($user: ID!) { user(id: $user) { memberProfile { version } } }", json!({ "user": user })).await;
        assert_eq!(field["user"]["memberProfile"]["version"], 2);
    }

    async fn all_that_is_wrong_is_told_at_once(app: TestApp) {
        let inside = app.actor("inside").await;
        let range = |day: &str, from: &str, to: &str| json!({ "day": day, "from": from, "to": to });
        let wrong = json!({
            "user": app.organisation().user("inside"),
            "skills": [{ "language": "??", "level": "C1" }, { "language": "de-AT", "level": "C1" }, { "language": "de-DE", "level": "B1" }],
            "workingHours": { "timeZone": "Atlantis", "ranges": [
                range("MONDAY", "9:00", "24:01"), range("FRIDAY", "09:00", "12:00"), range("FRIDAY", "11:00", "13:00"), range("SUNDAY", "10:00", "10:00"),
            ] },
        });
        assert_eq!(faults(&inside.refused("memberProfileUpdate", wrong).await), [
            fault("skills.0.language", "MALFORMED"),
            fault("workingHours.timeZone", "UNKNOWN_VALUE"),
            fault("workingHours.ranges.0.from", "MALFORMED"),
            fault("workingHours.ranges.0.to", "MALFORMED"),
            fault("skills", "DUPLICATE"),
            fault("workingHours.ranges", "OUT_OF_RANGE"),
            fault("workingHours.ranges", "CONFLICT"),
        ]);
    }

    async fn somebody_goes_and_comes_back(app: TestApp) {
        let inside = app.actor("inside").await;
        let user = app.organisation().user("inside");
        let now = app.clock().now();
        let away = done(&inside, "memberAway", json!({ "user": user, "idempotencyKey": "sick" })).await;
        assert_eq!((&away["away"], &away["version"]), (&json!(true), &json!(1)));
        let since = text(&away["absences"][0]["from"]);
        assert!(since >= at(now), "times in UTC sort as texts");
        assert_eq!(away["absences"][0]["until"], Value::Null);
        assert_eq!(done(&inside, "memberAway", json!({ "user": user, "idempotencyKey": "sick" })).await, away, "the same request twice");
        let (from, until) = (at(now + TimeDelta::days(7)), at(now + TimeDelta::days(21)));
        let planned = done(&inside, "memberAway", json!({ "user": user, "from": from, "until": until })).await;
        let times: Vec<_> = planned["absences"].as_array().unwrap().iter().map(|one| (&one["from"], &one["until"])).collect();
        assert_eq!(times, [(&json!(since), &Value::Null), (&json!(from), &json!(until))]);
        let back = done(&inside, "memberBack", json!({ "user": user })).await;
        assert_eq!((&back["away"], back["absences"].as_array().unwrap().len()), (&json!(false), 1));
        assert_eq!(done(&inside, "memberBack", json!({ "user": user })).await, back, "who is there stays there");
        let cancel = json!({ "user": user, "absence": back["absences"][0]["id"] });
        let cancelled = done(&inside, "absenceCancel", cancel.clone()).await;
        assert_eq!(cancelled["absences"], json!([]));
        assert_eq!(faults(&inside.refused("absenceCancel", cancel).await), [fault("absence", "NOT_FOUND")]);
        for (from, until) in [(2, 1), (-2, -1)] {
            let input = json!({ "user": user, "from": at(now + TimeDelta::days(from)), "until": at(now + TimeDelta::days(until)) });
            assert_eq!(faults(&inside.refused("memberAway", input).await), [fault("until", "OUT_OF_RANGE")]);
        }
    }

    async fn it_is_for_oneself_and_for_those_who_lead(app: TestApp) {
        let [admin, manager, colleague, other] = app.actors(["admin", "inside.manager", "inside.colleague", "field.manager"]).await;
        let [analyst, partner] = app.actors(["analyst", "partner"]).await;
        let (user, french) = (app.organisation().user("inside"), app.organisation().user("inside.fr"));
        let none = "absence_00000000000000000000000000";
        for client in [&colleague, &other] {
            for (field, input) in [
                ("memberProfileUpdate", json!({ "user": user, "startsAt": null })),
                ("memberAway", json!({ "user": user })),
                ("memberBack", json!({ "user": user })),
                ("absenceCancel", json!({ "user": user, "absence": none })),
            ] {
                let errors = client.refused(field, input).await;
                assert_eq!((&errors[0]["code"], &errors[0]["action"]), (&json!("NOT_ALLOWED"), &json!("MANAGE_MEMBER")), "{field}");
            }
        }
        assert_eq!(manager.refused("memberAway", json!({ "user": french })).await[0]["code"], "NOT_ALLOWED", "of another team");
        assert_eq!(done(&manager, "memberAway", json!({ "user": user })).await["away"], true);
        assert_eq!(done(&admin, "memberBack", json!({ "user": user })).await["away"], false);
        assert_eq!(done(&manager, "memberAway", json!({ "user": app.organisation().user("inside.manager") })).await["away"], true);
        for client in [&analyst, &partner] {
            assert_eq!(seen(client, &user).await, Value::Null);
            assert_eq!(faults(&client.refused("memberAway", json!({ "user": user })).await), [fault("user", "NOT_FOUND")]);
        }
        let nobody = admin.refused("memberAway", json!({ "user": "user_00000000000000000000000000" })).await;
        assert_eq!(faults(&nobody), [fault("user", "NOT_FOUND")]);
    }

    async fn an_admin_says_what_holds_for_all(app: TestApp) {
        let [admin, manager, member, analyst] = app.actors(["admin", "inside.manager", "inside", "analyst"]).await;
        let policy = "routingPolicy { version ownerDaysMax }";
        let query = format!("{{ {policy} }}");
        assert_eq!(member.query(&query, Value::Null).await["routingPolicy"], json!({ "version": 1, "ownerDaysMax": null }));
        assert_eq!(analyst.query(&query, Value::Null).await["routingPolicy"], Value::Null);
        let change = json!({ "ownerDaysMax": 90, "expectedVersion": 1 });
        assert_eq!(manager.refused("routingPolicyUpdate", change.clone()).await[0]["code"], "NOT_ALLOWED");
        let changed = admin.mutate("routingPolicyUpdate", change.clone(), policy).await;
        assert_eq!(changed["routingPolicy"], json!({ "version": 2, "ownerDaysMax": 90 }));
        assert_eq!(member.query(&query, Value::Null).await["routingPolicy"], changed["routingPolicy"], "seen at once");
        let stale = admin.refused("routingPolicyUpdate", change).await;
        assert_eq!((&stale[0]["__typename"], &stale[0]["current"]), (&json!("VersionConflict"), &json!(2)));
        let far = admin.refused("routingPolicyUpdate", json!({ "ownerDaysMax": 4_000 })).await;
        assert_eq!(faults(&far), [fault("ownerDaysMax", "OUT_OF_RANGE")]);
        let always = admin.mutate("routingPolicyUpdate", json!({ "ownerDaysMax": null }), policy).await;
        assert_eq!(always["routingPolicy"], json!({ "version": 3, "ownerDaysMax": null }));
    }
}
