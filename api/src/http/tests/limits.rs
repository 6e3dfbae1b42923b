//! The limits that are not of the document: bytes, time, numbers in flight, points.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{Limits, Mode, ask, config, development, house, post, post_json};

#[actix_web::test]
async fn a_body_over_its_limit_is_not_read() {
    let house = house(development());
    let body = |bytes: usize| json!({"query": "{hello}", "variables": {"x": "y".repeat(bytes)}});
    assert_eq!(ask(&house, post_json(&body(200_000))).await.status, 200);
    let reply = ask(&house, post_json(&body(262_144))).await;
    assert_eq!((reply.status, reply.code().as_str()), (413, "BODY_TOO_LARGE"));
}

#[actix_web::test]
async fn an_operation_that_takes_too_long_is_given_up() {
    let house = house(config(Mode::Development, Limits { execution_ms_max: 20, ..Limits::default() }));
    let reply = ask(&house, post("{ never }")).await;
    assert_eq!((reply.status, reply.code().as_str()), (504, "TIMEOUT"));
    assert_eq!(house.operations.total(), 0);
}

#[actix_web::test]
async fn places_in_flight_run_out_for_a_user_and_for_the_node() {
    let limits = Limits { operations_in_flight_per_user_max: 2, operations_in_flight_max: 3, ..Limits::default() };
    let house = house(config(Mode::Development, limits));
    let mine: Vec<_> = (0..2).map(|_| house.operations.enter("ip:192.0.2.1").unwrap()).collect();
    let reply = ask(&house, post("{ hello }")).await;
    assert_eq!((reply.status, reply.code().as_str(), reply.header("retry-after")), (503, "TOO_MANY_IN_FLIGHT", "1"));
    let signed = || post("{ hello }").insert_header(("authorization", "Bearer good"));
    assert_eq!(ask(&house, signed()).await.status, 200);
    let other = house.operations.enter("somebody").unwrap();
    let reply = ask(&house, signed()).await;
    assert_eq!((reply.status, reply.code().as_str()), (503, "OVERLOADED"));
    drop((mine, other));
    assert_eq!(ask(&house, post("{ hello }")).await.status, 200);
}

#[actix_web::test]
async fn points_run_out_with_a_time_to_come_back() {
    let house = house(config(Mode::Development, Limits { rate_points_per_minute: 10, ..Limits::default() }));
    let reply = ask(&house, post("{ leads(first: 3) { nodes { id } } }")).await;
    assert_eq!((reply.status, reply.header("ratelimit")), (200, "\"points\";r=2;t=48"));
    let reply = ask(&house, post("{ leads(first: 3) { nodes { id } } }")).await;
    assert_eq!((reply.status, reply.code().as_str()), (429, "RATE_LIMITED"));
    assert!(reply.header("retry-after").parse::<u64>().unwrap() >= 1);
    let signed = post("{ hello }").insert_header(("authorization", "Bearer good"));
    assert_eq!(ask(&house, signed).await.status, 200);
}

#[actix_web::test]
async fn whatever_is_over_a_limit_is_answered_quickly_and_briefly() {
    let house = house(development());
    ask(&house, post("{ hello }")).await;
    let wrong_fields = (0..1_900).map(|at| format!("wrong{at} ")).collect::<Vec<_>>().concat();
    let conflicts = (0..15).map(|at| format!("a{at}: hello a{at}: whoami ")).collect::<Vec<_>>().concat();
    for query in [
        format!("{{ lead {{ {wrong_fields} }} }}"),
        format!("{{ leads {{ {wrong_fields} }} }}"),
        format!("{{ {conflicts} }}"),
        format!("{{ hello(name: \"{}\"", "\\u0001".repeat(5_000)),
        format!("{{ {} }}", "x".repeat(32_000)),
        "{".repeat(30_000),
        "{ hello ".repeat(2_000),
        format!("{{ ...{} }}", "x".repeat(32_000)),
    ] {
        let started = Instant::now();
        let reply = ask(&house, post(&query)).await;
        let took = started.elapsed();
        assert_eq!(reply.status, 400);
        assert!(reply.body.len() < 4_096, "{} bytes: {}", reply.body.len(), &query[..30]);
        assert!(!reply.code().is_empty());
        // Without optimisation and beside other tests; the bound of 10 ms is measured on the release build.
        assert!(took < Duration::from_secs(2), "{took:?}: {}", &query[..30]);
    }
}
