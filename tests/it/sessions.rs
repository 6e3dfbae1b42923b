//! Signing in and out, and what ends a session.

use chrono::TimeDelta;
use fairfall_tests::actor::{TOKENS, create_session, pair, tokens};
use fairfall_tests::factory::{Capture, text};
use fairfall_tests::organisation::{PASSWORD, email};
use fairfall_tests::socket::{Frame, Socket};
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

const VIEWER: &str = "{ viewer { role rank department user { name email } teams { key } managedTeams { key } } }";

async fn refresh(client: &Client, token: &str) -> Value {
    client.mutate("sessionRefresh", json!({ "refreshToken": token }), TOKENS).await
}

/// Whether the token is still taken.
async fn holds(client: &Client) -> bool {
    let reply = client.ask(VIEWER, Value::Null).await;
    assert!(matches!(reply.refusal().0, 200 | 401), "{} {}", reply.status, reply.text);
    reply.status == 200
}

async fn update_user(admin: &Client, input: Value) {
    let payload = admin.mutate("userUpdate", input, "user { id }").await;
    assert_eq!(payload["errors"], json!([]));
}

on_both_databases! {
    async fn who_signed_in_is_known(app: TestApp) {
        let manager = app.actor("inside.manager").await;
        let data = manager.query(VIEWER, Value::Null).await;
        let teams = json!([{ "key": "inside-dach" }]);
        let user = json!({ "name": "inside.manager", "email": "inside.manager@fairfall.example" });
        let viewer = json!({
            "role": "INSIDE_SALES", "rank": "MANAGER", "department": "INSIDE_SALES", "user": user, "teams": teams, "managedTeams": teams,
        });
        assert_eq!(data["viewer"], viewer);
        let nobody = app.anonymous().query("{ viewer { role } }", Value::Null).await;
        assert_eq!(nobody["viewer"], Value::Null);
        let reply = app.anonymous().ask("{ leads { nodes { id } } }", Value::Null).await;
        assert_eq!(reply.code(), "UNAUTHENTICATED");
        let mutation = "mutation { leadAccept(input: { lead: \"x\" }) { errors { code } } }";
        assert_eq!(app.anonymous().ask(mutation, Value::Null).await.code(), "UNAUTHENTICATED");
    }

    async fn an_unknown_user_and_a_wrong_password_look_the_same(app: TestApp) {
        let admin = app.actor("admin").await;
        update_user(&admin, json!({ "user": app.organisation().user("field.fr"), "status": "DISABLED" })).await;
        let mut answers = Vec::new();
        for (email, password) in [
            ("nobody@fairfall.example", PASSWORD),
            ("inside@fairfall.example", "wrong password here"),
            ("field.fr@fairfall.example", PASSWORD),
            ("not an address", ""),
        ] {
            answers.push(create_session(&app.anonymous(), email, password).await);
        }
        let expected = json!({ "session": null, "errors": [{
            "__typename": "BadCredentials", "code": "BAD_CREDENTIALS", "field": null, "message": "unknown address or wrong password",
        }] });
        assert_eq!(answers, vec![expected; 4]);
    }

    async fn a_refresh_token_is_used_once(app: TestApp) {
        let client = app.anonymous();
        let (_, first) = tokens(&client, "marketing").await;
        let (access, second) = pair(&refresh(&client, &first).await);
        assert_ne!(first, second);
        // a client that lost the answer, or asked twice at once
        pair(&refresh(&client, &first).await);
        assert!(holds(&client.with_token(&access)).await);
        app.clock().advance(TimeDelta::seconds(11));
        let stolen = refresh(&client, &first).await;
        assert_eq!((&stolen["session"], &stolen["errors"][0]["code"]), (&Value::Null, &json!("SESSION_EXPIRED")));
        assert_eq!(refresh(&client, &second).await["errors"][0]["code"], "SESSION_EXPIRED", "the whole family is revoked");
        assert!(!holds(&client.with_token(&access)).await);
        assert_eq!(refresh(&client, "no token at all").await["errors"][0]["code"], "SESSION_EXPIRED");
    }

    async fn a_session_ends_unused_or_too_old(app: TestApp) {
        let client = app.anonymous();
        let (access, idle) = tokens(&client, "marketing").await;
        let (_, mut used) = tokens(&client, "inside").await;
        app.clock().advance(TimeDelta::minutes(11));
        assert!(!holds(&client.with_token(&access)).await, "an access token lives for ten minutes");
        for _ in 0..5 {
            app.clock().advance(TimeDelta::days(11));
            (_, used) = pair(&refresh(&client, &used).await);
        }
        assert_eq!(refresh(&client, &idle).await["errors"][0]["code"], "SESSION_EXPIRED", "14 days unused");
        app.clock().advance(TimeDelta::days(6));
        assert_eq!(refresh(&client, &used).await["errors"][0]["code"], "SESSION_EXPIRED", "60 days old");
    }

    async fn guessers_are_slowed_down_and_never_locked_out(app: TestApp) {
        let client = app.anonymous();
        let code = |payload: Value| text(&payload["errors"][0]["code"]);
        for _ in 0..3 {
            assert_eq!(code(create_session(&client, &email("inside"), "guess").await), "BAD_CREDENTIALS");
        }
        let throttled = create_session(&client, &email(" INSIDE"), PASSWORD).await;
        assert_eq!(code(throttled.clone()), "THROTTLED");
        assert!(throttled["errors"][0]["wait"].is_string());
        tokens(&client, "field").await;
        for wait_s in [2, 4, 8] {
            app.clock().advance(TimeDelta::seconds(wait_s));
            assert_eq!(code(create_session(&client, &email("inside"), "guess").await), "BAD_CREDENTIALS", "after {wait_s} s");
            assert_eq!(code(create_session(&client, &email("inside"), PASSWORD).await), "THROTTLED", "after {wait_s} s");
        }
        app.clock().advance(TimeDelta::seconds(16));
        tokens(&client, "inside").await;
        assert_eq!(code(create_session(&client, &email("inside"), "guess").await), "BAD_CREDENTIALS", "success forgives");
    }

    settings [("LIMITS__WEBSOCKET_RECHECK_S", "1")]
    async fn a_disabled_user_is_out_and_a_role_change_acts_at_once(app: TestApp) {
        let [admin, marketing, field] = app.actors(["admin", "marketing", "field"]).await;
        let mut socket = Socket::ready(&field).await;
        update_user(&admin, json!({ "user": app.organisation().user("field"), "status": "DISABLED" })).await;
        assert!(!holds(&field).await);
        assert_eq!(socket.hear().await, Frame::Close(4403, "Forbidden: the session has ended".into()));

        Capture::new(1).by(&marketing).await;
        update_user(&admin, json!({ "user": app.organisation().user("marketing"), "role": "ANALYST" })).await;
        let data = marketing.query("{ viewer { role } leads { nodes { id } } }", Value::Null).await;
        assert_eq!(data, json!({ "viewer": { "role": "ANALYST" }, "leads": { "nodes": [] } }));
        assert_eq!(Capture::new(2).payload(&marketing).await["errors"][0]["code"], "NOT_ALLOWED");
    }

    async fn sessions_are_listed_and_ended(app: TestApp) {
        let [phone, desk, foreign] = app.actors(["inside", "inside", "field"]).await;
        let list = |data: Value| data["sessions"].as_array().unwrap().clone();
        let query = "{ sessions { id current } }";
        let sessions = list(desk.query(query, Value::Null).await);
        assert_eq!(sessions.len(), 2);
        let other = sessions.iter().find(|session| session["current"] == false).unwrap();
        let input = json!({ "session": other["id"] });
        let refused = foreign.mutate("sessionEnd", input.clone(), "session").await;
        assert_eq!((&refused["session"], &refused["errors"][0]["code"]), (&Value::Null, &json!("NOT_FOUND")));
        assert!(holds(&phone).await);
        assert_eq!(desk.mutate("sessionEnd", input, "session").await, json!({ "session": other["id"], "errors": [] }));
        assert!(!holds(&phone).await);
        assert_eq!(list(desk.query(query, Value::Null).await).len(), 1);
        desk.mutate("sessionEnd", json!({}), "session").await;
        assert!(!holds(&desk).await);
    }

    async fn a_new_password_ends_all_sessions(app: TestApp) {
        let [inside, admin] = app.actors(["inside", "admin"]).await;
        let set = |input: Value| {
            let inside = inside.clone();
            async move { inside.mutate("userSetPassword", input, "user").await["errors"].clone() }
        };
        let wrong = set(json!({ "new": "marmalade on the window", "current": "wrong" })).await;
        assert_eq!(wrong[0]["code"], "BAD_CREDENTIALS", "{wrong}");
        for weak in ["short", "password1234", "aaaaaaaaaaaaaa"] {
            let refused = set(json!({ "new": weak, "current": PASSWORD })).await;
            assert_eq!(refused[0]["code"], "INVALID_INPUT", "{weak}: {refused}");
        }
        let foreign = json!({ "user": app.organisation().user("field"), "new": "marmalade on the window" });
        assert_eq!(set(foreign.clone()).await[0]["code"], "NOT_ALLOWED");
        assert_eq!(set(json!({ "new": "marmalade on the window", "current": PASSWORD })).await, json!([]));
        assert!(!holds(&inside).await);
        let payload = create_session(&app.anonymous(), &email("inside"), "marmalade on the window").await;
        pair(&payload);
        let payload = admin.mutate("userSetPassword", foreign, "user").await;
        assert_eq!(payload["errors"], json!([]));
    }

    async fn a_partners_key_reaches_what_it_brought(app: TestApp) {
        let [admin, partner, marketing] = app.actors(["admin", "partner", "marketing"]).await;
        let own = Capture::new(1).by(&partner).await;
        Capture::new(2).by(&marketing).await;
        let data = partner.query("{ leads { nodes { id person { id } stage } } }", Value::Null).await;
        assert_eq!(data["leads"]["nodes"], json!([{ "id": own, "person": null, "stage": "LEAD" }]));
        let input = json!({ "user": app.organisation().user("partner"), "name": "reader", "scopes": ["REPORTS"] });
        let made = admin.mutate("apiKeyCreate", input, "secret apiKey { id name }").await;
        let reader = app.anonymous().with_token(made["secret"].as_str().unwrap());
        assert_eq!(reader.query("{ leads { nodes { id } } }", Value::Null).await["leads"]["nodes"], json!([]));
        assert_eq!(Capture::new(3).payload(&reader).await["errors"][0]["code"], "NOT_ALLOWED");
        let keys = admin.query("{ apiKeys { name } }", Value::Null).await.to_string();
        assert!(keys.contains("reader") && !keys.contains(made["secret"].as_str().unwrap()));
        for already_done in [false, true] {
            let input = json!({ "apiKey": made["apiKey"]["id"] });
            let revoked = admin.mutate("apiKeyRevoke", input, "apiKey alreadyDone").await;
            assert_eq!(revoked["alreadyDone"], already_done);
        }
        assert!(!holds(&reader).await);
    }
}
