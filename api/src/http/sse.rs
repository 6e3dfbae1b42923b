//! `/graphql/stream`: GraphQL over server-sent events, one operation a connection ("distinct connections mode").
//!
//! `id:` is the cursor that the subscription noted for the event; a client that comes back with `Last-Event-ID` goes on there.

use std::{sync::Arc, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, HeaderMap},
    web::{self, Bytes},
};
use async_graphql::{Executor, parser::types::OperationType};
use futures_util::{FutureExt as _, Stream, StreamExt as _};
use tokio::time::{interval_at, sleep_until};

use super::{
    accept::{Media, check_content_type, negotiate},
    answer::Answer,
    caller::Caller,
    fault::{Code, Fault},
    graphql::{check_preflight, read},
    operation::{Admitted, Takes},
    params::Params,
    seam::{Authenticate, CursorSlot, ResumeFrom},
    transport::{Transport, after, note_rate},
};

/// Longest cursor that is taken from `Last-Event-ID`, in bytes.
const CURSOR_BYTES_MAX: usize = 512;

/// Answers POST with any operation.
pub async fn post<E: Executor, A: Authenticate>(
    request: HttpRequest,
    body: web::Payload,
    transport: web::Data<Transport<E, A>>,
) -> HttpResponse {
    let transport = transport.into_inner();
    let opened = async {
        negotiate(&request, &[Media::EventStream])?;
        check_content_type(&request)?;
        let caller = transport.identify(&request).await?;
        let params = Params::from_body(&read(&request, body, &transport.limits).await?)?;
        open(&transport, &request, caller, &params, Takes::All).await
    };
    opened.await.unwrap_or_else(|fault| transport.respond(Media::GraphqlResponse, fault))
}

/// Answers GET with queries and subscriptions.
pub async fn get<E: Executor, A: Authenticate>(request: HttpRequest, transport: web::Data<Transport<E, A>>) -> HttpResponse {
    let transport = transport.into_inner();
    let opened = async {
        negotiate(&request, &[Media::EventStream])?;
        check_preflight(request.headers())?;
        let caller = transport.identify(&request).await?;
        let params = Params::from_address(request.query_string())?;
        open(&transport, &request, caller, &params, Takes::QueriesAndSubscriptions).await
    };
    opened.await.unwrap_or_else(|fault| transport.respond(Media::GraphqlResponse, fault))
}

async fn open<E: Executor, A: Authenticate>(
    transport: &Arc<Transport<E, A>>,
    request: &HttpRequest,
    caller: Caller<A::Viewer>,
    params: &Params,
    takes: Takes,
) -> Result<HttpResponse, Fault> {
    let mut admitted = transport.admit(&caller, params, takes)?;
    note_rate(request, admitted.rate);
    let cursor = CursorSlot::default();
    admitted.request = admitted.request.data(resume_from(request.headers())?).data(cursor.clone());
    match admitted.kind {
        OperationType::Query | OperationType::Mutation => Ok(single(&transport.run(admitted).await)),
        OperationType::Subscription => Ok(subscription(transport, caller, admitted, cursor)),
    }
}

fn resume_from(headers: &HeaderMap) -> Result<ResumeFrom, Fault> {
    let Some(header) = headers.get("last-event-id") else { return Ok(ResumeFrom(None)) };
    let cursor = header.to_str().ok().filter(|cursor| cursor.len() <= CURSOR_BYTES_MAX);
    let cursor = cursor.ok_or_else(|| Fault::new(Code::BadRequest, "`Last-Event-ID` is not a cursor"))?;
    Ok(ResumeFrom((!cursor.is_empty()).then(|| cursor.to_owned())))
}

fn single(answer: &Answer) -> HttpResponse {
    if answer.data.is_none() {
        return answer.respond(Media::GraphqlResponse);
    }
    event_stream().body(format!("{}{COMPLETE}", next(None, answer)))
}

fn subscription<E: Executor, A: Authenticate>(
    transport: &Arc<Transport<E, A>>,
    caller: Caller<A::Viewer>,
    admitted: Admitted,
    cursor: CursorSlot,
) -> HttpResponse {
    let mut answers = Box::pin(transport.subscribe(admitted));
    // A refusal by the executor is there at once; it is told by its status and not inside a stream.
    let first = answers.next().now_or_never().flatten();
    if let Some(answer) = first.as_ref().filter(|answer| answer.data.is_none()) {
        return answer.respond(Media::GraphqlResponse);
    }
    let first = first.map(|answer| next(cursor.take(), &answer));
    event_stream().streaming(events(Arc::clone(transport), caller, answers, first, cursor))
}

enum Step {
    Event(Option<String>),
    Heartbeat,
    Recheck,
    Stop,
}

fn events<E: Executor, A: Authenticate>(
    transport: Arc<Transport<E, A>>,
    mut caller: Caller<A::Viewer>,
    mut answers: impl Stream<Item = Answer> + Unpin,
    first: Option<String>,
    cursor: CursorSlot,
) -> impl Stream<Item = Result<Bytes, actix_web::Error>> {
    async_stream::stream! {
        let counted = transport.metrics.stream();
        yield Ok(Bytes::from(first.unwrap_or_else(|| HEARTBEAT.to_owned())));
        let heartbeat = Duration::from_secs(transport.limits.sse_heartbeat_s.max(1));
        let mut heartbeats = interval_at(after(heartbeat), heartbeat);
        let mut check_at = transport.next_check(caller.session.as_ref());
        loop {
            let step = tokio::select! {
                answer = answers.next() => Step::Event(answer.map(|answer| next(cursor.take(), &answer))),
                _ = heartbeats.tick() => Step::Heartbeat,
                () = sleep_until(check_at) => Step::Recheck,
                () = transport.shutdown.cancelled() => Step::Stop,
            };
            match step {
                Step::Event(Some(event)) => yield Ok(Bytes::from(event)),
                Step::Event(None) => {
                    yield Ok(Bytes::from_static(COMPLETE.as_bytes()));
                    break;
                }
                Step::Heartbeat => yield Ok(Bytes::from_static(HEARTBEAT.as_bytes())),
                // Ended without `complete`: the client comes back with its cursor, and with a new token if it has one.
                Step::Recheck if transport.recheck(&mut caller).await.is_err() => break,
                Step::Recheck => check_at = transport.next_check(caller.session.as_ref()),
                Step::Stop => break,
            }
        }
        drop(counted);
    }
}

const HEARTBEAT: &str = ":\n\n";
const COMPLETE: &str = "event: complete\ndata: \n\n";

fn next(cursor: Option<String>, answer: &Answer) -> String {
    let id = cursor.filter(|cursor| !cursor.contains(['\n', '\r', '\0']));
    let id = id.map(|cursor| format!("id: {cursor}\n")).unwrap_or_default();
    format!("{id}event: next\ndata: {}\n\n", answer.to_json())
}

fn event_stream() -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response
        .content_type(Media::EventStream.content_type())
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no"));
    response
}
