//! The WebSocket: its protocol, its limits and its ends.

use chrono::TimeDelta;
use fairfall_tests::factory::{Capture, text};
use fairfall_tests::node;
use fairfall_tests::socket::{Follower, Frame, LEAD_EVENTS, Socket, end_of_journal, kinds};
use fairfall_tests::wait::until;
use fairfall_tests::{TestApp, on_both_databases};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

const EVENTS: &str = "subscription { leadEvents { id } }";

on_both_databases! {
    async fn faults_of_the_protocol_close_with_their_codes(app: TestApp) {
        let inside = app.actor("inside").await;
        let mut socket = Socket::protocol(app.address()).await;
        assert_eq!(socket.protocol.as_deref(), Some("graphql-transport-ws"));
        socket.subscribe("1", EVENTS, Value::Null).await;
        assert_eq!(socket.closed().await, 4401);
        let mut socket = Socket::ready(&inside).await;
        socket.say(&json!({ "type": "connection_init" })).await;
        assert_eq!(socket.closed().await, 4429);
        let mut socket = Socket::ready(&inside).await;
        socket.subscribe("1", EVENTS, Value::Null).await;
        socket.subscribe("1", EVENTS, Value::Null).await;
        assert_eq!(socket.hear().await, Frame::Close(4409, "Subscriber for 1 already exists".into()));
        for wrong in [Message::text("not json"), Message::text("[]"), Message::binary(vec![0, 1]), Message::text("{\"type\":\"start\"}")] {
            let mut socket = Socket::ready(&inside).await;
            socket.send(wrong.clone()).await;
            assert_eq!(socket.closed().await, 4400, "{wrong:?}");
        }
        let mut socket = Socket::protocol(app.address()).await;
        socket.say(&json!({ "type": "connection_init", "payload": { "authorization": "Bearer a.b.c" } })).await;
        assert_eq!(socket.closed().await, 4403);
    }

    settings [("LIMITS__WEBSOCKET_INIT_MS_MAX", "300")]
    async fn the_public_client_hears_every_code_as_well(app: TestApp) {
        if !node::is_there() {
            return;
        }
        let inside = app.actor("inside").await;
        let url = format!("ws://{}/graphql/ws", app.address());
        let arguments = [&url, "--token", inside.token(), "--query", EVENTS, "--origin", "https://evil.example"];
        let said = node::run("protocol.mjs", &arguments).await;
        assert!(said.well, "{said:?}");
        let codes: Vec<(String, Value)> = said.json().as_object().unwrap().iter().map(|(name, end)| (name.clone(), end["code"].clone())).collect();
        let mut expected = vec![
            ("wrongSubprotocol", 4406), ("noSubprotocol", 4406), ("noInit", 4408), ("doubleInit", 4429), ("notJson", 4400),
            ("notAnObject", 4400), ("binaryMessage", 4400), ("unknownType", 4400), ("subscribeWithoutId", 4400),
            ("subscribeWithoutQuery", 4400), ("subscribeBeforeInit", 4401), ("badToken", 4403), ("duplicateId", 4409),
            ("foreignOrigin", 4403),
        ];
        expected.sort_unstable();
        let expected: Vec<_> = expected.into_iter().map(|(name, code)| (name.to_owned(), json!(code))).collect();
        let mut codes = codes;
        codes.sort_by(|(one, _), (other, _)| one.cmp(other));
        assert_eq!(codes, expected);
    }

    settings [("ALLOWED_ORIGINS", "https://app.example")]
    async fn a_foreign_origin_is_closed_and_a_listed_one_is_not(app: TestApp) {
        let own = format!("http://{}", app.address());
        for (origin, is_let_in) in [("https://evil.example", false), ("null", false), ("https://app.example", true), (&own, true)] {
            let headers = [("sec-websocket-protocol", "graphql-transport-ws"), ("origin", origin)];
            let mut socket = Socket::open(app.address(), &headers).await;
            socket.say(&json!({ "type": "connection_init" })).await;
            match socket.hear().await {
                Frame::Text(message) => assert!(is_let_in && message["type"] == "connection_ack", "{origin}: {message}"),
                Frame::Close(code, _) => assert!(!is_let_in && code == 4403, "{origin}: {code}"),
                Frame::End => panic!("{origin}: no word"),
            }
        }
    }

    async fn messages_and_operations_have_their_numbers(app: TestApp) {
        let inside = app.actor("inside").await;
        let mut socket = Socket::ready(&inside).await;
        for id in 0..50 {
            socket.subscribe(&id.to_string(), EVENTS, Value::Null).await;
        }
        socket.subscribe("more", "{ __typename }", Value::Null).await;
        let message = socket.text().await;
        assert_eq!((&message["id"], &message["type"]), (&json!("more"), &json!("error")));
        assert_eq!(message["payload"][0]["extensions"]["code"], "TOO_MANY_OPERATIONS");
        socket.say(&json!({ "id": "7", "type": "complete" })).await;
        socket.subscribe("more", "{ __typename }", Value::Null).await;
        assert_eq!(socket.text().await["payload"]["data"], json!({ "__typename": "Query" }));
        assert_eq!(socket.text().await, json!({ "id": "more", "type": "complete" }));

        let ping = |bytes: usize| {
            let empty = json!({ "type": "ping", "payload": { "x": "" } }).to_string().len();
            json!({ "type": "ping", "payload": { "x": "y".repeat(bytes - empty) } })
        };
        socket.say(&ping(65_536)).await;
        assert_eq!(socket.text().await["type"], "pong");
        socket.say(&ping(65_537)).await;
        assert_eq!(socket.closed().await, 4400);
    }

    async fn queries_and_mutations_run_over_it_and_refusals_are_errors(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let mut socket = Socket::ready(&marketing).await;
        let capture = "mutation($input: LeadCaptureInput!) { leadCapture(input: $input) { lead { stage } } }";
        socket.subscribe("1", capture, json!({ "input": Capture::new(1).input() })).await;
        assert_eq!(socket.text().await["payload"]["data"]["leadCapture"]["lead"]["stage"], "LEAD");
        assert_eq!(socket.text().await["type"], "complete");
        socket.subscribe("2", "{ nothing }", Value::Null).await;
        let refused = socket.text().await;
        assert_eq!((&refused["type"], &refused["payload"][0]["extensions"]["code"]), (&json!("error"), &json!("GRAPHQL_VALIDATION_FAILED")));
    }

    async fn who_may_not_follow_or_comes_from_elsewhere_is_told(app: TestApp) {
        let [inside, analyst] = app.actors(["inside", "analyst"]).await;
        for (client, after, code) in [
            (&analyst, Value::Null, "NOT_ALLOWED"),
            (&inside, json!("bm90IGEgY3Vyc29y"), "BAD_CURSOR"),
            (&inside, json!("ZXZlbnQ6OTk5OTk5"), "BAD_CURSOR"),
        ] {
            let mut socket = Socket::ready(client).await;
            socket.subscribe("1", LEAD_EVENTS, json!({ "after": after })).await;
            let message = socket.text().await;
            let errors = if message["type"] == "error" { &message["payload"] } else { &message["payload"]["errors"] };
            assert_eq!(errors[0]["extensions"]["code"], code, "{message}");
        }
    }

    async fn a_subscriber_sees_what_it_may_see_and_asked_for(app: TestApp) {
        let [marketing, french, manager] = app.actors(["marketing", "inside.fr", "inside.manager"]).await;
        let beginning = end_of_journal(&marketing).await;
        let mut of_france = Follower::new(&french, &beginning).await;
        let mut of_inside = Follower::with(&manager, json!({ "after": beginning, "filter": { "kinds": ["LEAD_HANDED_OVER"] } })).await;
        let german = Capture::new(1).by(&marketing).await;
        let other = Capture::new(2).in_country("FR").by(&marketing).await;
        for lead in [&german, &other] {
            marketing.done("leadQualify", json!({ "lead": lead, "to": "MQL" })).await;
            marketing.done("leadHandOver", json!({ "lead": lead })).await;
        }
        french.done("leadAccept", json!({ "lead": other })).await;
        // of what happened before the offer it sees as much as may be seen when it is looked at: all or nothing of it
        let mut seen = Vec::new();
        while kinds(&seen).last() != Some(&"LEAD_ACCEPTED") {
            seen.push(of_france.event().await);
        }
        assert!(["LEAD_CAPTURED", "LEAD_QUALIFIED", "LEAD_HANDED_OVER", "LEAD_ACCEPTED"].ends_with(&kinds(&seen)), "{seen:#?}");
        assert!(seen.iter().all(|event| event["subject"]["id"] == other.as_str()), "{seen:#?}");
        let mut again = Follower::new(&french, &beginning).await;
        assert_eq!(kinds(&again.events(4).await), ["LEAD_CAPTURED", "LEAD_QUALIFIED", "LEAD_HANDED_OVER", "LEAD_ACCEPTED"]);
        let offers: Vec<_> = of_inside.events(2).await.iter().map(|event| text(&event["subject"]["id"])).collect();
        assert_eq!(offers, [german, other]);
    }

    async fn without_a_cursor_one_follows_from_now_on(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let before = Capture::new(0).by(&marketing).await;
        let journal = end_of_journal(&marketing);
        assert!(!journal.await.is_empty());
        let mut socket = Socket::ready(&marketing).await;
        socket.subscribe("events", "subscription { leadEvents { subject { id } } }", Value::Null).await;
        // when the subscription begins is for the server to say: leads are captured until one is seen
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let capturing = tokio::spawn(async move {
            let mut n = 1;
            while !*stopped.borrow() {
                Capture::new(n).by(&marketing).await;
                n += 1;
            }
        });
        let message = socket.text().await;
        stop.send_replace(true);
        capturing.await.unwrap();
        assert_eq!(message["type"], "next", "{message}");
        assert_ne!(message["payload"]["data"]["leadEvents"]["subject"]["id"], before.as_str());
    }

    settings [("LIMITS__WEBSOCKET_RECHECK_S", "1")]
    async fn a_socket_is_closed_when_its_token_expires(app: TestApp) {
        let inside = app.actor("inside").await;
        let mut socket = Socket::ready(&inside).await;
        app.clock().advance(TimeDelta::minutes(11));
        assert_eq!(socket.hear().await, Frame::Close(4403, "Forbidden: the access token has expired".into()));
    }

    settings [("LIMITS__SUBSCRIBER_QUEUE_MAX", "2"), ("LIMITS__SUBSCRIBER_STALL_MS_MAX", "200")]
    async fn a_reader_that_is_too_slow_is_closed(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let mut socket = Socket::ready(&marketing).await;
        let fields: Vec<_> = (0..18).map(|at| format!("x{at}: __type(name: \"Lead\") {{ fields {{ name description }} }}")).collect();
        let fields = fields.join(" ");
        // far more than the buffers of a connection take, and none of it is read
        for id in 0..300 {
            socket.subscribe(&id.to_string(), &format!("{{ {fields} }}"), Value::Null).await;
        }
        until("the socket is closed", || async {
            let figures = marketing.get("/metrics").await.text;
            figures.lines().any(|line| line == "fairfall_sockets_open 0").then_some(())
        })
        .await;
    }
}
