//! `/graphql`: POST for queries and mutations, GET for queries (GraphQL over HTTP, draft of 2025).

use std::{sync::Arc, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{AUTHORIZATION, CONTENT_LENGTH, HeaderMap},
    web::{self, Bytes, BytesMut},
};
use async_graphql::Executor;
use futures_util::StreamExt as _;

use super::{
    accept::{Media, check_content_type, negotiate},
    answer::Answer,
    fault::{Code, Fault},
    operation::Takes,
    params::Params,
    seam::Authenticate,
    transport::{Transport, note_rate},
};
use crate::limits::Limits;

const OFFERS: [Media; 2] = [Media::Json, Media::GraphqlResponse];

/// Headers of which one must come with a GET: no browser sends them to a foreign origin without asking first.
const PREFLIGHT_HEADERS: [&str; 2] = ["fairfall-preflight", "graphql-require-preflight"];

/// Answers POST.
pub async fn post<E: Executor, A: Authenticate>(
    request: HttpRequest,
    body: web::Payload,
    transport: web::Data<Transport<E, A>>,
) -> HttpResponse {
    let transport = transport.into_inner();
    let media = match negotiate(&request, &OFFERS) {
        Ok(media) => media,
        Err(fault) => return transport.respond(Media::Json, fault),
    };
    match run_post(&transport, &request, body).await {
        Ok(answer) => answer.respond(media),
        Err(fault) => transport.respond(media, fault),
    }
}

async fn run_post<E: Executor, A: Authenticate>(
    transport: &Arc<Transport<E, A>>,
    request: &HttpRequest,
    body: web::Payload,
) -> Result<Answer, Fault> {
    check_content_type(request)?;
    let caller = transport.identify(request).await?;
    let params = Params::from_body(&read(request, body, &transport.limits).await?)?;
    let admitted = transport.admit(&caller, &params, Takes::QueriesAndMutations)?;
    note_rate(request, admitted.rate);
    Ok(transport.run(admitted).await)
}

/// Answers GET.
pub async fn get<E: Executor, A: Authenticate>(request: HttpRequest, transport: web::Data<Transport<E, A>>) -> HttpResponse {
    let media = match negotiate(&request, &OFFERS) {
        Ok(media) => media,
        Err(fault) => return transport.respond(Media::Json, fault),
    };
    match run_get(&transport, &request).await {
        Ok(answer) => answer.respond(media),
        Err(fault) => transport.respond(media, fault),
    }
}

async fn run_get<E: Executor, A: Authenticate>(transport: &Transport<E, A>, request: &HttpRequest) -> Result<Answer, Fault> {
    check_preflight(request.headers())?;
    let caller = transport.identify(request).await?;
    let params = Params::from_address(request.query_string())?;
    let admitted = transport.admit(&caller, &params, Takes::Queries)?;
    note_rate(request, admitted.rate);
    Ok(transport.run(admitted).await)
}

/// Refuses every other method.
pub async fn other<E: Executor, A: Authenticate>(transport: web::Data<Transport<E, A>>) -> HttpResponse {
    transport.respond(Media::Json, Fault::method("GET, POST", "only GET and POST are answered here"))
}

/// Refuses a GET that a browser may have sent from a foreign page without asking.
pub fn check_preflight(headers: &HeaderMap) -> Result<(), Fault> {
    let is_forced = headers.contains_key(AUTHORIZATION) || PREFLIGHT_HEADERS.iter().any(|name| headers.contains_key(*name));
    if is_forced {
        return Ok(());
    }
    Err(Fault::new(Code::PreflightRequired, "a GET needs the header `Fairfall-Preflight` or `GraphQL-Require-Preflight`"))
}

/// Reads a body up to its limit of bytes and time; what is over is not kept.
pub async fn read(request: &HttpRequest, body: web::Payload, limits: &Limits) -> Result<Bytes, Fault> {
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > limits.body_bytes_max) {
        return Err(too_large(limits));
    }
    tokio::time::timeout(Duration::from_millis(limits.body_ms_max), collect(body, limits))
        .await
        .unwrap_or_else(|_| Err(Fault::new(Code::BodyTimeout, "the body took too long to arrive")))
}

async fn collect(mut body: web::Payload, limits: &Limits) -> Result<Bytes, Fault> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| Fault::new(Code::BadRequest, "the body broke off"))?;
        if bytes.len().saturating_add(chunk.len()) > limits.body_bytes_max {
            return Err(too_large(limits));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

fn too_large(limits: &Limits) -> Fault {
    Fault::new(Code::BodyTooLarge, format!("the body has more than {} bytes", limits.body_bytes_max))
}
