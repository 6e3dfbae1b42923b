//! The WebSocket: the protocol, its close codes, its limits.

use std::net::SocketAddr;

use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{
    Limits, Mode,
    client::{Frame, Socket},
    config, development, start, within,
};

/// What `/metrics` tells.
async fn figures(address: SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

fn start_with(limits: Limits) -> SocketAddr {
    start(config(Mode::Development, limits))
}

#[actix_web::test]
async fn queries_mutations_and_subscriptions_run_on_one_socket() {
    let mut socket = Socket::ready(start(development()), "good").await;
    assert!(socket.handshake.contains("graphql-transport-ws"));
    socket.subscribe("q", "{ whoami }").await;
    let next = json!({"id": "q", "type": "next", "payload": {"data": {"whoami": "good"}, "extensions": {"cost": 1}}});
    assert_eq!(socket.text().await, next);
    assert_eq!(socket.text().await, json!({"id": "q", "type": "complete"}));
    socket.subscribe("q", "mutation { touch(note: \"x\") }").await;
    assert_eq!(socket.text().await["payload"]["data"]["touch"], "x");
    assert_eq!(socket.text().await["type"], "complete");
    socket.subscribe("s", "subscription { ticks(until: 3) }").await;
    for tick in 1..=3 {
        assert_eq!(socket.text().await["payload"]["data"]["ticks"], tick);
    }
    assert_eq!(socket.text().await, json!({"id": "s", "type": "complete"}));
}

#[actix_web::test]
async fn faults_of_an_operation_are_errors_and_the_socket_stays() {
    let mut socket = Socket::ready(start(development()), "good").await;
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { expired }", "CURSOR_EXPIRED"),
        ("{ leads(first: 101) { nodes { id } } }", "PAGE_TOO_LARGE"),
    ] {
        socket.subscribe("1", query).await;
        let message = socket.text().await;
        assert_eq!((&message["type"], &message["payload"][0]["extensions"]["code"]), (&json!("error"), &json!(code)), "{query}");
    }
    socket.subscribe("1", "{ hello }").await;
    assert_eq!(socket.text().await["type"], "next");
}

#[actix_web::test]
async fn pings_are_answered_before_and_after_the_acknowledgement() {
    let mut socket = Socket::protocol(start(development())).await;
    socket.say(&json!({"type": "ping", "payload": {"n": 1}})).await;
    assert_eq!(socket.text().await, json!({"type": "pong", "payload": {"n": 1}}));
    socket.say(&json!({"type": "pong"})).await;
    socket.send(9, b"x").await;
    assert_eq!(socket.hear().await, Frame::Pong);
}

#[actix_web::test]
async fn a_client_may_stop_an_operation_and_use_its_id_again() {
    let mut socket = Socket::ready(start(development()), "good").await;
    socket.subscribe("1", "subscription { silence }").await;
    socket.say(&json!({"id": "1", "type": "complete"})).await;
    socket.say(&json!({"id": "unknown", "type": "complete"})).await;
    socket.subscribe("1", "{ hello }").await;
    assert_eq!(socket.text().await["type"], "next");
}

#[actix_web::test]
async fn faults_of_the_protocol_close_with_their_codes() {
    let address = start(development());
    let mut socket = Socket::open(address, "").await;
    assert_eq!(socket.closed().await, 4406);
    let mut socket = Socket::open(address, "sec-websocket-protocol: graphql-ws\r\n").await;
    assert_eq!(socket.closed().await, 4406);

    let mut socket = Socket::protocol(address).await;
    socket.subscribe("1", "{ hello }").await;
    assert_eq!(socket.closed().await, 4401);

    let mut socket = Socket::ready(address, "good").await;
    socket.say(&json!({"type": "connection_init"})).await;
    assert_eq!(socket.closed().await, 4429);

    let mut socket = Socket::ready(address, "good").await;
    socket.subscribe("1", "subscription { silence }").await;
    socket.subscribe("1", "subscription { silence }").await;
    assert_eq!(socket.hear().await, Frame::Close(4409, "Subscriber for 1 already exists".into()));

    for bad in [json!({"type": "start"}), json!([]), json!({"id": "1", "type": "subscribe", "payload": {"query": 1}})] {
        let mut socket = Socket::ready(address, "good").await;
        socket.say(&bad).await;
        assert_eq!(socket.closed().await, 4400, "{bad}");
    }
    let mut socket = Socket::protocol(address).await;
    socket.send(2, b"binary").await;
    assert_eq!(socket.closed().await, 4400);
}

#[actix_web::test]
async fn messages_may_be_as_long_as_the_limit() {
    let address = start(development());
    let message = |bytes: usize| {
        let empty = json!({"type": "ping", "payload": {"x": ""}}).to_string().len();
        json!({"type": "ping", "payload": {"x": "y".repeat(bytes - empty)}})
    };
    let mut socket = Socket::protocol(address).await;
    socket.say(&message(65_536)).await;
    assert_eq!(socket.text().await["type"], "pong");
    socket.say(&message(65_537)).await;
    assert_eq!(socket.closed().await, 4400);
}

#[actix_web::test]
async fn tokens_that_do_not_hold_close_the_socket() {
    let address = start(development());
    for authorization in [json!("Bearer bad"), json!("bad"), json!(7)] {
        let mut socket = Socket::protocol(address).await;
        socket.say(&json!({"type": "connection_init", "payload": {"authorization": authorization}})).await;
        assert_eq!(socket.closed().await, 4403, "{authorization}");
    }
    let mut socket = Socket::protocol(address).await;
    socket.say(&json!({"type": "connection_init", "payload": {"Authorization": "Bearer down"}})).await;
    assert_eq!(socket.closed().await, 1013);
}

#[actix_web::test]
async fn a_socket_ends_with_its_token_or_session() {
    let address = start_with(Limits { websocket_recheck_s: 1, ..Limits::default() });
    let mut short = Socket::ready(address, "short").await;
    let mut revoked = Socket::ready(address, "revoked").await;
    let mut good = Socket::ready(address, "good").await;
    assert_eq!(short.hear().await, Frame::Close(4403, "Forbidden: the access token has expired".into()));
    assert_eq!(revoked.hear().await, Frame::Close(4403, "Forbidden: the session has ended".into()));
    good.subscribe("1", "{ hello }").await;
    assert_eq!(good.text().await["type"], "next");
}

#[actix_web::test]
async fn the_first_word_must_come_in_time() {
    let address = start_with(Limits { websocket_init_ms_max: 50, ..Limits::default() });
    assert_eq!(Socket::protocol(address).await.closed().await, 4408);
}

#[actix_web::test]
async fn foreign_origins_are_closed_and_the_own_is_not() {
    let mut config = development();
    config.allowed_origins = vec!["https://app.example".into()];
    let address = start(config);
    let open = |origin: String| {
        let lines = format!("sec-websocket-protocol: graphql-transport-ws\r\norigin: {origin}\r\n");
        async move { Socket::open(address, &lines).await }
    };
    assert_eq!(open("https://evil.example".into()).await.closed().await, 4403);
    assert_eq!(open("null".into()).await.closed().await, 4403);
    for origin in ["https://app.example".to_owned(), format!("http://{address}")] {
        let mut socket = open(origin).await;
        socket.say(&json!({"type": "connection_init"})).await;
        assert_eq!(socket.text().await["type"], "connection_ack");
    }
}

#[actix_web::test]
async fn a_socket_has_so_many_operations_and_no_more() {
    let mut socket = Socket::ready(start(development()), "good").await;
    for id in 0..50 {
        socket.subscribe(&id.to_string(), "subscription { silence }").await;
    }
    socket.subscribe("more", "{ hello }").await;
    let message = socket.text().await;
    assert_eq!((&message["id"], &message["type"]), (&json!("more"), &json!("error")));
    assert_eq!(message["payload"][0]["extensions"]["code"], "TOO_MANY_OPERATIONS");
    socket.say(&json!({"id": "7", "type": "complete"})).await;
    socket.subscribe("more", "{ hello }").await;
    assert_eq!(socket.text().await["type"], "next");
}

#[actix_web::test]
async fn a_reader_that_is_too_slow_is_closed() {
    let config = config(Mode::Development, Limits { subscriber_queue_max: 4, subscriber_stall_ms_max: 100, ..Limits::default() });
    let address = start(config);
    let mut socket = Socket::ready(address, "good").await;
    socket.subscribe("1", "subscription { flood }").await;
    let closed = async {
        while !figures(address).await.contains("fairfall_sockets_open 0") {
            tokio::task::yield_now().await;
        }
    };
    within(closed).await;
    let code = socket.closed().await;
    assert!(code == 1013 || code == 0, "{code}");
}

#[actix_web::test]
async fn open_sockets_hear_of_the_end_of_the_server() {
    let config = development();
    let shutdown = config.shutdown.clone();
    let mut socket = Socket::ready(start(config), "good").await;
    shutdown.cancel();
    assert_eq!(socket.hear().await, Frame::Close(1001, "the server stops".into()));
}

#[actix_web::test]
async fn a_close_of_the_client_is_answered() {
    let mut socket = Socket::ready(start(development()), "good").await;
    socket.subscribe("1", "subscription { silence }").await;
    socket.send(8, &[0x03, 0xE8, b'b', b'y', b'e']).await;
    assert_eq!(socket.hear().await, Frame::Close(1000, "bye".into()));
}
