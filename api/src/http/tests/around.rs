//! What stands around the API: health, figures, the editor.

use actix_web::{test::TestRequest, web};

use super::{Limits, Mode, ask, config, development, house, post, schema};
use crate::http::{Readiness, tests::Door, transport::Transport};

fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
}

#[actix_web::test]
async fn readiness_tells_its_reasons() {
    let house = house(development());
    assert_eq!(ask(&house, get("/healthz")).await.status, 200);
    assert_eq!(ask(&house, get("/readyz")).await.status, 200);
    assert_eq!(ask(&house, get("/readyz").method(actix_web::http::Method::HEAD)).await.status, 200);
    house.shutdown.cancel();
    assert_eq!(ask(&house, get("/readyz")).await.status, 503);
    let waiting = Readiness::new(|| async { vec!["2 migrations are pending".to_owned()] });
    let house = web::Data::new(Transport::new(development(), schema(), Door, waiting));
    let reply = ask(&house, get("/readyz")).await;
    assert_eq!((reply.status, reply.json()["reasons"][0].as_str()), (503, Some("2 migrations are pending")));
}

#[actix_web::test]
async fn figures_name_operations_and_refusals() {
    let house = house(development());
    ask(&house, post("query Greeting { hello }")).await;
    ask(&house, post("{")).await;
    let reply = ask(&house, get("/metrics")).await;
    for line in [
        r#"fairfall_operation_seconds_count{operation="Greeting"} 1"#,
        r#"fairfall_refused_total{code="GRAPHQL_PARSE_FAILED"} 1"#,
        "fairfall_operations_in_flight 0",
        "fairfall_sockets_open 0",
    ] {
        assert!(reply.text().contains(line), "{line}\n{}", reply.text());
    }
}

#[actix_web::test]
async fn the_editor_is_whole_in_development_and_absent_in_production() {
    let open = house(development());
    let page = ask(&open, get("/graphiql")).await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-security-policy").contains("script-src 'self';"));
    assert!(!page.text().contains("https://"), "nothing is fetched from elsewhere");
    for link in page.text().split('"').filter(|part| part.starts_with("/graphiql/")) {
        assert_eq!(ask(&open, get(link)).await.status, 200, "{link}");
    }
    assert_eq!(ask(&open, get("/graphiql/LICENSES.txt")).await.status, 200);
    assert_eq!(ask(&open, get("/graphiql/../secret")).await.status, 404);
    let root = ask(&open, get("/")).await;
    assert_eq!((root.status, root.header("location")), (303, "/graphiql"));

    let closed = house(config(Mode::Production, Limits::default()));
    assert_eq!(ask(&closed, get("/graphiql")).await.status, 404);
    assert_eq!(ask(&closed, get("/graphiql/app.js")).await.status, 404);
    assert_eq!(ask(&closed, get("/")).await.status, 200);
    let lost = ask(&closed, get("/nothing")).await;
    assert_eq!((lost.status, lost.code().as_str()), (404, "NOT_FOUND"));
    assert!(!lost.header("x-request-id").is_empty());
}
