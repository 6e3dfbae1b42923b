//! `/healthz`, `/readyz`, `/metrics`, and answers for what is not here.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, LOCATION},
    web,
};
use async_graphql::Executor;
use serde_json::json;

use super::{
    accept::Media,
    config::Graphiql,
    fault::{Code, Fault},
    seam::Authenticate,
    transport::Transport,
};

/// The process runs.
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(json!({"status": "alive"}))
}

/// The node can serve: 200, else 503 with the reasons. A node that is being stopped is not ready.
pub async fn readyz<E: Executor, A: Authenticate>(transport: web::Data<Transport<E, A>>) -> HttpResponse {
    let mut reasons = transport.readiness.reasons().await;
    if transport.shutdown.is_cancelled() {
        reasons.push("the server is stopping".to_owned());
    }
    let (mut response, status) =
        if reasons.is_empty() { (HttpResponse::Ok(), "ready") } else { (HttpResponse::ServiceUnavailable(), "not ready") };
    response.insert_header((CACHE_CONTROL, "no-store")).json(json!({"status": status, "reasons": reasons}))
}

/// The figures in the text format of `OpenMetrics`.
pub async fn metrics<E: Executor, A: Authenticate>(transport: web::Data<Transport<E, A>>) -> HttpResponse {
    match transport.metrics.print() {
        Ok(text) => HttpResponse::Ok()
            .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
            .insert_header((CACHE_CONTROL, "no-store"))
            .body(text),
        Err(_) => transport.respond(Media::Json, Fault::new(Code::Internal, "the figures cannot be written")),
    }
}

/// `/`: to `GraphiQL` where it is on, else a word of orientation.
pub async fn root<E: Executor, A: Authenticate>(transport: web::Data<Transport<E, A>>) -> HttpResponse {
    match transport.graphiql {
        Graphiql::On => HttpResponse::SeeOther().insert_header((LOCATION, "/graphiql")).finish(),
        Graphiql::Off => HttpResponse::Ok()
            .content_type("text/plain; charset=utf-8")
            .body("Fairfall. The API is at /graphql, its WebSocket at /graphql/ws, its event stream at /graphql/stream.\n"),
    }
}

/// Nothing is here.
pub async fn not_found<E: Executor, A: Authenticate>(transport: web::Data<Transport<E, A>>) -> HttpResponse {
    transport.respond(Media::Json, Fault::new(Code::NotFound, "there is nothing here"))
}
