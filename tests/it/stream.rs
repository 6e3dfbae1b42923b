//! The event stream: cursors, coming back, heartbeats.

use fairfall_tests::factory::{Capture, text};
use fairfall_tests::stream::{EventStream, Part};
use fairfall_tests::{TestApp, on_both_databases};
use serde_json::{Value, json};

const EVENTS: &str = "subscription { leadEvents { cursor type subject { id } } }";

/// From the first event of the journal on.
const ALL: &str = "subscription { leadEvents(after: \"ZXZlbnQ6MA\") { cursor type subject { id } } }";

on_both_databases! {
    async fn the_id_of_an_event_is_its_cursor_and_resumes(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let lead = Capture::new(1).by(&marketing).await;
        let mut stream = EventStream::open(&marketing, ALL, None).await;
        marketing.done("leadQualify", json!({ "lead": lead, "to": "MQL" })).await;
        let mut seen = Vec::new();
        for kind in ["LEAD_CAPTURED", "LEAD_QUALIFIED"] {
            let (id, data) = stream.event().await;
            let event = &data["data"]["leadEvents"];
            assert_eq!((&event["cursor"], &event["type"]), (&json!(id), &json!(kind)));
            assert_eq!(event["subject"]["id"], lead.as_str());
            seen.push(id);
        }
        drop(stream);
        marketing.done("leadHandOver", json!({ "lead": lead })).await;
        let mut back = EventStream::open(&marketing, EVENTS, Some(&seen[0])).await;
        let mut kinds = Vec::new();
        for _ in 0..2 {
            kinds.push(text(&back.event().await.1["data"]["leadEvents"]["type"]));
        }
        assert_eq!(kinds, ["LEAD_QUALIFIED", "LEAD_HANDED_OVER"]);
    }

    settings [("LIMITS__SSE_HEARTBEAT_S", "1")]
    async fn a_silent_stream_shows_that_it_lives(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let mut stream = EventStream::open(&marketing, EVENTS, None).await;
        for _ in 0..3 {
            assert_eq!(stream.part().await, Some(Part::default()));
        }
    }

    async fn queries_are_one_event_and_refusals_have_a_status(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let mut stream = EventStream::open(&marketing, "{ viewer { role } }", None).await;
        let part = stream.part().await.unwrap();
        let data: Value = serde_json::from_str(&part.data).unwrap();
        assert_eq!((part.event.as_deref(), &data["data"]), (Some("next"), &json!({ "viewer": { "role": "MARKETING" } })));
        assert_eq!(stream.part().await.unwrap().event.as_deref(), Some("complete"));
        assert_eq!(stream.part().await, None);
        for (query, accept, refusal) in [
            ("{ nothing }", "text/event-stream", (400, "GRAPHQL_VALIDATION_FAILED")),
            ("{ viewer { role } }", "application/json", (406, "NOT_ACCEPTABLE")),
        ] {
            let request = marketing.request("POST", "/graphql/stream").header("accept", accept).json(&json!({ "query": query }));
            let (status, code) = refusal;
            assert_eq!(marketing.send(request).await.refusal(), (status, code.to_owned()));
        }
        let long = "x".repeat(600);
        let request = marketing.request("POST", "/graphql/stream").header("accept", "text/event-stream");
        let reply = marketing.send(request.header("last-event-id", long).json(&json!({ "query": EVENTS }))).await;
        assert_eq!(reply.refusal(), (400, "BAD_REQUEST".to_owned()));
    }

    async fn a_get_must_be_asked_for(app: TestApp) {
        let client = app.anonymous();
        let get = |header: &str| {
            let request = client.request("GET", "/graphql/stream?query=%7B__typename%7D").header("accept", "text/event-stream");
            client.send(request.header(header, "1"))
        };
        assert_eq!(get("x-other").await.refusal(), (400, "PREFLIGHT_REQUIRED".to_owned()));
        assert!(get("graphql-require-preflight").await.text.contains("\"__typename\":\"Query\""));
    }
}
