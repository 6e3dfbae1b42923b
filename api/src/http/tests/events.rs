//! The event stream.

use actix_web::test::TestRequest;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{Limits, Mode, ask, config, development, house, start, within};

fn post(query: &str) -> TestRequest {
    let request = TestRequest::post().uri("/graphql/stream").set_json(json!({"query": query}));
    request.insert_header(("accept", "text/event-stream"))
}

#[actix_web::test]
async fn events_carry_their_cursor_and_an_end() {
    let house = house(development());
    let reply = ask(&house, post("subscription { ticks(until: 2) }")).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "text/event-stream"));
    assert_eq!(
        reply.text(),
        "id: 1\nevent: next\ndata: {\"data\":{\"ticks\":1},\"extensions\":{\"cost\":1}}\n\n\
         id: 2\nevent: next\ndata: {\"data\":{\"ticks\":2},\"extensions\":{\"cost\":1}}\n\n\
         event: complete\ndata: \n\n"
    );
    assert_eq!(house.subscriptions.total(), 0);
}

#[actix_web::test]
async fn a_client_that_comes_back_goes_on_where_it_was() {
    let house = house(development());
    let reply = ask(&house, post("subscription { ticks(until: 3) }").insert_header(("last-event-id", "2"))).await;
    assert_eq!(reply.text().matches("event: next").count(), 1);
    assert!(reply.text().starts_with("id: 3\n"));
    let request = TestRequest::get()
        .uri("/graphql/stream?query=subscription%7Bticks(until%3A3)%7D")
        .insert_header(("graphql-require-preflight", "1"))
        .insert_header(("last-event-id", "1"));
    assert!(ask(&house, request).await.text().starts_with("id: 2\n"));
}

#[actix_web::test]
async fn refusals_have_a_status_and_queries_one_event() {
    let house = house(development());
    for query in ["{", "subscription { nothing }", "{ nothing }"] {
        let reply = ask(&house, post(query)).await;
        assert_eq!(reply.status, 400, "{query}");
        assert!(reply.header("content-type").starts_with("application/graphql-response+json"));
    }
    let reply = ask(&house, post("{ hello }")).await;
    assert!(reply.text().starts_with("event: next\ndata: {\"data\":{\"hello\""), "{}", reply.text());
    assert!(reply.text().ends_with("event: complete\ndata: \n\n"));
    let unasked = TestRequest::get().uri("/graphql/stream?query=%7Bhello%7D");
    assert_eq!(ask(&house, unasked).await.code(), "PREFLIGHT_REQUIRED");
    let html = post("{hello}").insert_header(("accept", "text/html"));
    assert_eq!(ask(&house, html).await.status, 406);
}

#[actix_web::test]
async fn a_silent_stream_beats_and_ends_with_its_token() {
    let limits = Limits { sse_heartbeat_s: 1, ..Limits::default() };
    let config = config(Mode::Development, limits);
    let shutdown = config.shutdown.clone();
    let address = start(config);
    let body = r#"{"query":"subscription{silence}"}"#;
    let request = |token: &str| {
        format!(
            "POST /graphql/stream HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
             authorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let mut short = tokio::net::TcpStream::connect(address).await.unwrap();
    short.write_all(request("short").as_bytes()).await.unwrap();
    let mut text = String::new();
    let mut bytes = [0; 4_096];
    while !text.ends_with("0\r\n\r\n") {
        let count = within(short.read(&mut bytes)).await.unwrap();
        assert!(count > 0, "{text}");
        text.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
    }
    assert!(!text.contains("event: complete"), "the client must come back with a new token: {text}");

    let mut good = tokio::net::TcpStream::connect(address).await.unwrap();
    good.write_all(request("good").as_bytes()).await.unwrap();
    let mut text = String::new();
    while text.matches(":\n\n").count() < 2 {
        let count = within(good.read(&mut bytes)).await.unwrap();
        text.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
    }
    shutdown.cancel();
    within(async { while good.read(&mut bytes).await.unwrap_or(0) > 0 {} }).await;
}
