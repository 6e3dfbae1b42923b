//! What the transport takes and how it answers, asked from outside.

use fairfall_tests::factory::Capture;
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

const BOTH: &str = "application/graphql-response+json, application/json;q=0.9";
const ALIVE: &str = "{ __typename }";

/// A GET with a document; the header that makes browsers ask first comes from the caller.
fn get(client: &Client, path: &str, query: &str) -> reqwest::RequestBuilder {
    let encoded: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
    client.request("GET", &format!("{path}?query={encoded}"))
}

on_both_databases! {
    async fn only_json_is_read(app: TestApp) {
        let client = app.anonymous();
        let body = json!({ "query": ALIVE }).to_string();
        for media in ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/graphql"] {
            let request = client.request("POST", "/graphql").header("content-type", media).body(body.clone());
            assert_eq!(client.send(request).await.refusal(), (415, "UNSUPPORTED_MEDIA_TYPE".to_owned()), "{media}");
        }
        let none = client.request("POST", "/graphql").body(body.clone());
        assert_eq!(client.send(none).await.status, 415);
        let squeezed = client.request("POST", "/graphql").header("content-type", "application/json");
        assert_eq!(client.send(squeezed.header("content-encoding", "gzip").body(body)).await.status, 415);
    }

    async fn get_is_for_queries_that_a_browser_asked_for(app: TestApp) {
        let client = app.anonymous();
        let reply = client.send(get(&client, "/graphql", ALIVE).header("fairfall-preflight", "1")).await;
        assert_eq!((reply.status, &reply.json()["data"]), (200, &json!({ "__typename": "Query" })));
        let unasked = client.send(get(&client, "/graphql", ALIVE)).await;
        assert_eq!(unasked.refusal(), (400, "PREFLIGHT_REQUIRED".to_owned()));
        let mutation = "mutation { sessionEnd(input: {}) { session } }";
        let reply = client.send(get(&client, "/graphql", mutation).header("fairfall-preflight", "1")).await;
        assert_eq!((reply.refusal(), reply.header("allow")), ((405, "METHOD_NOT_ALLOWED".to_owned()), "POST"));
        for method in ["PUT", "DELETE", "PATCH"] {
            let reply = client.send(client.request(method, "/graphql")).await;
            assert_eq!((reply.status, reply.header("allow")), (405, "GET, POST"), "{method}");
        }
        assert_eq!(client.get("/nowhere").await.refusal(), (404, "NOT_FOUND".to_owned()));
    }

    async fn the_answer_is_negotiated(app: TestApp) {
        let client = app.anonymous();
        let ask = |accept: &'static str, query: &'static str| {
            let client = client.clone();
            async move { client.send(client.request("POST", "/graphql").header("accept", accept).json(&json!({ "query": query }))).await }
        };
        for (accept, media) in [(BOTH, "application/graphql-response+json"), ("application/json", "application/json"), ("*/*", "application/json")] {
            let reply = ask(accept, ALIVE).await;
            assert_eq!((reply.status, reply.header("content-type")), (200, format!("{media}; charset=utf-8").as_str()), "{accept}");
        }
        assert_eq!(ask("text/html", ALIVE).await.refusal(), (406, "NOT_ACCEPTABLE".to_owned()));
        for (query, code) in [("{", "GRAPHQL_PARSE_FAILED"), ("{ nothing }", "GRAPHQL_VALIDATION_FAILED")] {
            for (accept, status) in [(BOTH, 400), ("application/json", 200)] {
                let reply = ask(accept, query).await;
                assert_eq!(reply.refusal(), (status, code.to_owned()), "{accept}");
                assert!(reply.json().get("data").is_none(), "no data key: {}", reply.text);
            }
        }
    }

    async fn a_partial_result_is_a_result(app: TestApp) {
        let analyst = app.actor("analyst").await;
        let query = "{ report { funnel(from: \"2026-05-01\", to: \"2020-01-01\") { rows { leads } } } viewer { role } }";
        let reply = analyst.ask(query, Value::Null).await;
        assert_eq!((reply.status, reply.code().as_str()), (200, "BAD_USER_INPUT"));
        assert_eq!(reply.json()["data"], json!({ "report": { "funnel": null }, "viewer": { "role": "ANALYST" } }));
    }

    async fn parameters_are_checked(app: TestApp) {
        let client = app.anonymous();
        for (body, code) in [
            (json!([{ "query": ALIVE }]), "BATCHING_UNSUPPORTED"),
            (json!([]), "BATCHING_UNSUPPORTED"),
            (json!({ "query": 1 }), "BAD_REQUEST"),
            (json!({}), "BAD_REQUEST"),
            (json!({ "query": ALIVE, "variables": "x" }), "BAD_REQUEST"),
            (json!({ "query": ALIVE, "operationName": "Other" }), "OPERATION_NOT_FOUND"),
            (json!({ "query": "query A { __typename } query B { __typename }" }), "OPERATION_NOT_FOUND"),
            (json!({ "query": "query($id: ID!) { node(id: $id) { id } }" }), "GRAPHQL_VALIDATION_FAILED"),
            (json!({ "query": "subscription { leadEvents { id } }" }), "SUBSCRIPTION_UNSUPPORTED"),
            (json!({ "documentId": "d1" }), "DOCUMENT_NOT_FOUND"),
        ] {
            let reply = client.send(client.post(&body)).await;
            assert_eq!(reply.refusal(), (400, code.to_owned()), "{body}");
            assert!(reply.json().get("data").is_none(), "{}", reply.text);
        }
        let request = client.request("POST", "/graphql").header("content-type", "application/json").body("{\"query\":");
        assert_eq!(client.send(request).await.status, 400);
    }

    async fn a_body_has_a_largest_size(app: TestApp) {
        let client = app.anonymous();
        let body = |bytes: usize| {
            let empty = json!({ "query": ALIVE, "variables": { "x": "" } }).to_string().len();
            json!({ "query": ALIVE, "variables": { "x": "y".repeat(bytes - empty) } })
        };
        assert_eq!(client.send(client.post(&body(262_144))).await.status, 200);
        let reply = client.send(client.post(&body(262_145))).await;
        assert_eq!(reply.refusal(), (413, "BODY_TOO_LARGE".to_owned()));
    }

    async fn a_bad_token_is_401_and_no_token_is_nobody(app: TestApp) {
        let client = app.anonymous();
        assert_eq!(client.ask(ALIVE, Value::Null).await.status, 200);
        let (header, rest) = app.actor("inside").await.token().split_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        let (payload, signature) = rest.split_once('.').unwrap();
        let forged: String = signature.chars().rev().collect();
        for token in ["x", "a.b.c", &format!("{header}.{payload}."), &format!("{header}.{payload}.{forged}"), "ffk_nothing"] {
            let reply = client.with_token(token).ask(ALIVE, Value::Null).await;
            assert_eq!(reply.refusal(), (401, "UNAUTHENTICATED".to_owned()), "{token}");
            assert!(reply.header("www-authenticate").starts_with("Bearer"), "{token}");
        }
        let basic = client.post(&json!({ "query": ALIVE })).header("authorization", "Basic eDp5");
        assert_eq!(client.send(basic).await.status, 401);
    }

    async fn every_answer_tells_its_cost_and_what_is_left(app: TestApp) {
        let marketing = app.actor("marketing").await;
        Capture::new(1).by(&marketing).await;
        let reply = marketing.ask("{ leads(first: 10) { nodes { id } } }", Value::Null).await;
        assert_eq!(reply.json()["extensions"], json!({ "cost": 22 }));
        assert_eq!(reply.header("ratelimit-policy"), "\"points\";q=1000000;w=60");
        assert!(reply.header("ratelimit").starts_with("\"points\";r=9"), "{}", reply.header("ratelimit"));
        assert!(!reply.header("x-request-id").is_empty());
    }

    settings [("ALLOWED_ORIGINS", "https://app.example")]
    async fn only_listed_origins_may_read_answers(app: TestApp) {
        let client = app.anonymous();
        let preflight = |origin: &'static str| {
            let request = client.request("OPTIONS", "/graphql").header("origin", origin);
            client.send(request.header("access-control-request-method", "POST"))
        };
        let listed = preflight("https://app.example").await;
        assert_eq!((listed.status, listed.header("access-control-allow-origin")), (204, "https://app.example"));
        let foreign = preflight("https://evil.example").await;
        assert_eq!((foreign.status, foreign.header("access-control-allow-origin")), (403, ""));
        let answered = client.send(client.post(&json!({ "query": ALIVE })).header("origin", "https://evil.example")).await;
        assert_eq!(answered.header("access-control-allow-origin"), "");
    }

    settings [("MODE", "production")]
    async fn in_production_strangers_learn_nothing_of_the_schema(app: TestApp) {
        let (nobody, inside) = (app.anonymous(), app.actor("inside").await);
        for query in ["{ __schema { queryType { name } } }", "{ __type(name: \"Lead\") { name } }"] {
            assert_eq!(nobody.ask(query, Value::Null).await.refusal(), (400, "INTROSPECTION_DISABLED".to_owned()), "{query}");
            assert_eq!(inside.ask(query, Value::Null).await.status, 200, "{query}");
        }
        assert!(!nobody.ask("{ lead2 }", Value::Null).await.text.contains("Did you mean"));
        assert!(inside.ask("{ viewr }", Value::Null).await.text.contains("Did you mean"));
        assert_eq!(nobody.get("/graphiql").await.status, 404);
    }

    async fn in_development_the_schema_and_graphiql_are_there(app: TestApp) {
        let nobody = app.anonymous();
        assert_eq!(nobody.ask("{ __schema { queryType { name } } }", Value::Null).await.status, 200);
        let page = nobody.get("/graphiql").await;
        assert_eq!(page.status, 200);
        let mut assets = 0;
        for part in page.text.split('"').filter(|part| [".js", ".css"].iter().any(|ending| part.ends_with(ending))) {
            assert!(!part.contains("//"), "{part} comes from elsewhere");
            let path = if part.starts_with('/') { part.to_owned() } else { format!("/graphiql/{part}") };
            assert_eq!(nobody.get(&path).await.status, 200, "{path}");
            assets += 1;
        }
        assert!(assets > 3, "{}", page.text);
    }

    async fn operators_see_health_and_figures(app: TestApp) {
        let client = app.anonymous();
        assert_eq!(client.get("/healthz").await.json(), json!({ "status": "alive" }));
        assert_eq!(client.get("/readyz").await.json(), json!({ "status": "ready", "reasons": [] }));
        let named = json!({ "query": "query Operator { __typename }" });
        client.send(client.post(&named)).await;
        client.ask("{", Value::Null).await;
        let figures = client.get("/metrics").await.text;
        for line in ["fairfall_operation_seconds_count{operation=\"Operator\"} 1", "fairfall_refused_total{code=\"GRAPHQL_PARSE_FAILED\"} 1"] {
            assert!(figures.contains(line), "{line} is not in {figures}");
        }
    }

    async fn an_internal_error_tells_its_request_and_nothing_else(app: TestApp) {
        use fairfall_tests::database::Kind;
        use sea_orm::ConnectionTrait as _;
        let marketing = app.actor("marketing").await;
        let id = Capture::new(1).by(&marketing).await;
        let damage = match app.database().kind() {
            Kind::Sqlite => "PRAGMA foreign_keys = OFF; UPDATE person SET email = 'not an address'",
            Kind::Postgres => "UPDATE person SET email = 'not an address'",
        };
        app.connection().await.execute_unprepared(damage).await.unwrap();
        let query = "query($id: ID!) { lead(by: { id: $id }) { stage person { email } } }";
        let reply = marketing.ask(query, json!({ "id": id })).await;
        assert_eq!((reply.status, reply.code().as_str()), (200, "INTERNAL"));
        let error = &reply.json()["errors"][0];
        let extensions = json!({ "code": "INTERNAL", "requestId": reply.header("x-request-id") });
        assert_eq!((&error["message"], &error["extensions"]), (&json!("internal error"), &extensions));
        assert_eq!(reply.json()["data"]["lead"], json!({ "stage": "LEAD", "person": null }));
        let told: Vec<&String> = error.as_object().unwrap().keys().collect();
        assert_eq!(told, ["extensions", "locations", "message", "path"]);
        assert!(!reply.text.contains("not an address") && !reply.text.contains("corrupt"), "{}", reply.text);
    }
}
