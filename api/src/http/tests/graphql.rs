//! POST and GET.

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use super::{Limits, Mode, ask, config, development, house, post, post_json};
use crate::http::TrustedDocuments;

const BOTH: &str = "application/graphql-response+json, application/json;q=0.9";

fn get(query: &str) -> TestRequest {
    let query = query.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
    TestRequest::get().uri(&format!("/graphql?query={query}")).insert_header(("fairfall-preflight", "1"))
}

#[actix_web::test]
async fn a_query_is_answered_with_its_cost_and_headers() {
    let house = house(development());
    let reply = ask(&house, post("{ hello leads(first: 2) { nodes { id } } }")).await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.json(),
        json!({"data": {"hello": "hello ", "leads": {"nodes": [{"id": 1}, {"id": 1}]}}, "extensions": {"cost": 7}})
    );
    assert_eq!(reply.header("content-type"), "application/graphql-response+json; charset=utf-8");
    assert_eq!(reply.header("ratelimit-policy"), "\"points\";q=1000000;w=60");
    let left = reply.header("ratelimit").strip_prefix("\"points\";r=").and_then(|rest| rest.strip_suffix(";t=1"));
    assert!(left.unwrap().parse::<u32>().unwrap() >= 999_993, "{left:?}");
    assert_eq!(reply.header("x-request-id").len(), 32);
    assert_eq!(reply.header("cache-control"), "no-store");
}

#[actix_web::test]
async fn only_json_is_read() {
    let house = house(development());
    for media in ["text/plain", "multipart/form-data; boundary=x", "application/graphql", "application/json; charset=latin1", ""]
    {
        let mut request = TestRequest::post().uri("/graphql").set_payload(r#"{"query":"{hello}"}"#);
        if !media.is_empty() {
            request = request.insert_header(("content-type", media));
        }
        let reply = ask(&house, request).await;
        assert_eq!((reply.status, reply.code().as_str()), (415, "UNSUPPORTED_MEDIA_TYPE"), "{media}");
    }
    let squeezed = post("{hello}").insert_header(("content-encoding", "gzip"));
    assert_eq!(ask(&house, squeezed).await.status, 415);
}

#[actix_web::test]
async fn the_status_follows_the_media_type() {
    let house = house(development());
    for (query, code) in [("{", "GRAPHQL_PARSE_FAILED"), ("{ nothing }", "GRAPHQL_VALIDATION_FAILED")] {
        for (accept, status) in [(BOTH, 400), ("application/json", 200), ("*/*", 200)] {
            let request = TestRequest::post().uri("/graphql").set_json(json!({"query": query}));
            let reply = ask(&house, request.insert_header(("accept", accept))).await;
            assert_eq!((reply.status, reply.code().as_str()), (status, code), "{query} {accept}");
            assert!(reply.json().get("data").is_none(), "{}", reply.text());
        }
    }
    let reply = ask(&house, post("{hello}").insert_header(("accept", "text/html"))).await;
    assert_eq!((reply.status, reply.code().as_str()), (406, "NOT_ACCEPTABLE"));
}

#[actix_web::test]
async fn partial_results_are_200_and_tell_nothing_of_our_insides() {
    let house = house(development());
    let reply = ask(&house, post("{ hello leaky refused }")).await;
    let answer = reply.json();
    assert_eq!(reply.status, 200);
    assert_eq!(answer["data"], json!({"hello": "hello ", "leaky": null, "refused": null}));
    assert!(!reply.text().contains("password"));
    let codes: Vec<_> = answer["errors"].as_array().unwrap().iter().map(|error| &error["extensions"]["code"]).collect();
    assert_eq!(codes, ["INTERNAL", "NOT_NOW"]);
    assert_eq!(answer["errors"][0]["extensions"]["requestId"], reply.header("x-request-id"));
}

#[actix_web::test]
async fn parameters_are_checked_before_the_document() {
    let house = house(development());
    for (body, code) in [
        (json!([{"query": "{hello}"}]), "BATCHING_UNSUPPORTED"),
        (json!({"query": 1}), "BAD_REQUEST"),
        (json!({"query": "{hello}", "variables": "x"}), "BAD_REQUEST"),
        (json!({"query": "{hello}", "operationName": "X"}), "OPERATION_NOT_FOUND"),
        (json!({"query": "query($n: String!) { hello(name: $n) }"}), "GRAPHQL_VALIDATION_FAILED"),
    ] {
        let reply = ask(&house, post_json(&body)).await;
        assert_eq!((reply.status, reply.code().as_str()), (400, code), "{body}");
    }
    let broken = TestRequest::post().uri("/graphql").insert_header(("content-type", "application/json")).set_payload("{\"a");
    assert_eq!(ask(&house, broken).await.status, 400);
}

#[actix_web::test]
async fn get_is_for_queries_and_asks_first() {
    let house = house(development());
    assert_eq!(ask(&house, get("{ hello }")).await.json()["data"]["hello"], "hello ");
    let unasked = TestRequest::get().uri("/graphql?query=%7Bhello%7D");
    assert_eq!(ask(&house, unasked).await.code(), "PREFLIGHT_REQUIRED");
    let reply = ask(&house, get("mutation { touch }")).await;
    assert_eq!((reply.status, reply.header("allow")), (405, "POST"));
    let reply = ask(&house, TestRequest::put().uri("/graphql")).await;
    assert_eq!((reply.status, reply.header("allow")), (405, "GET, POST"));
    let reply = ask(&house, post("subscription { silence }")).await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "SUBSCRIPTION_UNSUPPORTED"));
}

#[actix_web::test]
async fn tokens_are_checked_and_the_viewer_reaches_the_resolver() {
    let house = house(development());
    let with = |header: &'static str| post("{ whoami hasAddress }").insert_header(("authorization", header));
    let reply = ask(&house, with("Bearer good")).await;
    assert_eq!(reply.json()["data"], json!({"whoami": "good", "hasAddress": true}));
    assert_eq!(ask(&house, post("{ whoami }")).await.json()["data"]["whoami"], Value::Null);
    for header in ["Bearer bad", "Basic x", "Bearer"] {
        let reply = ask(&house, with(header)).await;
        assert_eq!((reply.status, reply.code().as_str()), (401, "UNAUTHENTICATED"), "{header}");
        assert!(reply.header("www-authenticate").starts_with("Bearer realm="));
    }
    let reply = ask(&house, with("Bearer down")).await;
    assert_eq!((reply.status, reply.header("retry-after")), (503, "1"));
}

#[actix_web::test]
async fn in_production_the_anonymous_see_no_schema_and_no_suggestions() {
    let house = house(config(Mode::Production, Limits::default()));
    let signed = |query| post(query).insert_header(("authorization", "Bearer good"));
    assert_eq!(ask(&house, post("{ __schema { queryType { name } } }")).await.code(), "INTROSPECTION_DISABLED");
    assert_eq!(ask(&house, signed("{ __schema { queryType { name } } }")).await.status, 200);
    assert!(!ask(&house, post("{ helo }")).await.text().contains("Did you mean"));
    assert!(ask(&house, signed("{ helo }")).await.text().contains("Did you mean"));
}

#[actix_web::test]
async fn trusted_documents_are_called_by_their_id() {
    let documents = [("d1".to_owned(), "{ hello }".to_owned())].into();
    let mut config = development();
    config.trusted_documents = TrustedDocuments::Only(documents);
    let house = house(config);
    assert_eq!(ask(&house, post_json(&json!({"documentId": "d1"}))).await.json()["data"]["hello"], "hello ");
    assert_eq!(ask(&house, post("{ hello }")).await.code(), "DOCUMENT_NOT_TRUSTED");
}

#[actix_web::test]
async fn a_bug_is_answered_and_the_server_lives_on() {
    let house = house(development());
    let reply = ask(&house, post("{ panics }")).await;
    assert_eq!((reply.status, reply.code().as_str()), (500, "INTERNAL"));
    assert_eq!(ask(&house, post("{ hello }")).await.status, 200);
}

#[actix_web::test]
async fn foreign_origins_need_to_be_on_the_list() {
    let mut config = development();
    config.allowed_origins = vec!["https://app.example".into()];
    let house = house(config);
    let preflight = |origin: &'static str| {
        TestRequest::default()
            .method(actix_web::http::Method::OPTIONS)
            .uri("/graphql")
            .insert_header(("origin", origin))
            .insert_header(("access-control-request-method", "POST"))
    };
    let reply = ask(&house, preflight("https://app.example")).await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (204, "https://app.example"));
    assert!(reply.header("access-control-allow-headers").contains("authorization"));
    let reply = ask(&house, preflight("https://evil.example")).await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (403, ""));
    let reply = ask(&house, post("{hello}").insert_header(("origin", "https://app.example"))).await;
    assert_eq!(reply.header("access-control-allow-origin"), "https://app.example");
    assert!(reply.headers.get_all("vary").any(|value| value == "Origin"));
}
