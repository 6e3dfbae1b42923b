//! `/graphql/ws`: the protocol `graphql-transport-ws` on a WebSocket.
//!
//! One task a socket reads; one writes from a bounded queue; one a running operation. All of them live on the worker that
//! took the connection, and all end with the socket.

use std::{sync::Arc, time::Duration};

use actix_web::{HttpRequest, HttpResponse, http::header::SEC_WEBSOCKET_PROTOCOL, rt, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseReason, ProtocolError, Session};
use async_graphql::Executor;
use serde_json::{Map, Value};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    accept::Media,
    caller::{self, Caller},
    fault::{Code, Fault},
    operation::Takes,
    params::Params,
    seam::{AuthFault, Authenticate, Authenticated},
    socket_message::{ClientMessage, Close, PROTOCOL, ack, error, pong},
    socket_operation::{Operations, Outbox},
    transport::{Transport, after},
};

/// How long a close may take to be written before the connection is dropped.
const CLOSE_PATIENCE: Duration = Duration::from_secs(1);

/// Opens a socket. Whether it may stay is told by its close code, since browsers do not show the status of a handshake.
pub async fn upgrade<E: Executor, A: Authenticate>(
    request: HttpRequest,
    body: web::Payload,
    transport: web::Data<Transport<E, A>>,
) -> HttpResponse {
    let Ok((response, session, stream)) = actix_ws::handle_with_protocols(&request, body, &[PROTOCOL]) else {
        return transport.respond(Media::Json, Fault::new(Code::BadRequest, "this address needs a WebSocket handshake"));
    };
    let bytes_max = transport.limits.websocket_message_bytes_max;
    let stream = stream.max_frame_size(bytes_max).aggregate_continuations().max_continuation_size(bytes_max);
    let refusal = if !transport.origins.admits(request.headers()) {
        Some(Close::Forbidden("this origin may not connect".to_owned()))
    } else if !response.headers().contains_key(SEC_WEBSOCKET_PROTOCOL) {
        Some(Close::Protocol)
    } else {
        None
    };
    let caller = transport.stranger(&request);
    rt::spawn(serve(transport.into_inner(), caller, session, stream, refusal));
    response
}

async fn serve<E: Executor, A: Authenticate>(
    transport: Arc<Transport<E, A>>,
    caller: Caller<A::Viewer>,
    session: Session,
    stream: AggregatedMessageStream,
    refusal: Option<Close>,
) {
    let counted = transport.metrics.socket();
    let stalled = CancellationToken::new();
    let (outbox, messages) =
        Outbox::new(transport.limits.subscriber_queue_max, transport.limits.subscriber_stall(), stalled.clone());
    let writer = rt::spawn(write(session.clone(), messages));
    let mut socket = Socket {
        silence_max: Duration::from_secs(transport.limits.websocket_ping_s.max(1).saturating_mul(2)),
        transport,
        caller,
        session: session.clone(),
        outbox,
        operations: Operations::default(),
        state: State::New,
        heard_at: Instant::now(),
    };
    let end = match refusal {
        Some(close) => close.into(),
        None => socket.talk(stream, stalled).await,
    };
    socket.operations.stop_all();
    let reason = match end {
        End::Gone => None,
        End::Answered(reason) => Some(reason),
        End::Close(close) => {
            tracing::debug!(?close, "a socket is closed");
            Some(Some(close.into()))
        }
    };
    if let Some(reason) = reason {
        timeout(CLOSE_PATIENCE, session.close(reason)).await.ok();
    }
    writer.abort();
    drop(counted);
}

/// Writes what the operations say, in order, as fast as the reader takes it.
async fn write(mut session: Session, mut messages: mpsc::Receiver<String>) {
    while let Some(message) = messages.recv().await {
        if session.text(message).await.is_err() {
            break;
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    New,
    Ready,
}

struct Socket<E, A: Authenticate> {
    transport: Arc<Transport<E, A>>,
    caller: Caller<A::Viewer>,
    session: Session,
    outbox: Outbox,
    operations: Operations,
    state: State,
    silence_max: Duration,
    heard_at: Instant,
}

impl<E: Executor, A: Authenticate> Socket<E, A> {
    /// Reads until the socket ends; answers how.
    async fn talk(&mut self, mut stream: AggregatedMessageStream, stalled: CancellationToken) -> End {
        let shutdown = self.transport.shutdown.clone();
        let init_wait = Duration::from_millis(self.transport.limits.websocket_init_ms_max);
        let mut check_at = after(init_wait);
        let mut ping_at = after(self.silence_max / 2);
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return Close::GoingAway.into(),
                () = stalled.cancelled() => return Close::TooSlow.into(),
                () = sleep_until(check_at) => match self.check().await {
                    Ok(next) => check_at = next,
                    Err(close) => return close.into(),
                },
                () = sleep_until(ping_at) => {
                    if self.heard_at.elapsed() > self.silence_max || self.session.ping(b"").await.is_err() {
                        return End::Gone;
                    }
                    ping_at = after(self.silence_max / 2);
                }
                message = stream.recv() => {
                    self.heard_at = Instant::now();
                    let was = self.state;
                    let Some(message) = message else { return End::Gone };
                    if let Err(end) = self.hear(message).await {
                        return end;
                    }
                    if was != self.state {
                        check_at = self.transport.next_check(self.caller.session.as_ref());
                    }
                }
            }
        }
    }

    /// The time for `connection_init` is over, or the session is to be checked again.
    async fn check(&mut self) -> Result<Instant, Close> {
        match self.state {
            State::New => Err(Close::InitTimeout),
            State::Ready => {
                self.transport.recheck(&mut self.caller).await.map_err(|fault| Close::Forbidden(fault.to_string()))?;
                Ok(self.transport.next_check(self.caller.session.as_ref()))
            }
        }
    }

    async fn hear(&mut self, message: Result<AggregatedMessage, ProtocolError>) -> Result<(), End> {
        match message {
            Ok(AggregatedMessage::Text(text)) => {
                let message = ClientMessage::parse(&text).ok_or(Close::BadMessage("Invalid message received"))?;
                self.act(message).await
            }
            Ok(AggregatedMessage::Binary(_)) => Err(Close::BadMessage("messages are text").into()),
            Ok(AggregatedMessage::Ping(bytes)) => self.session.pong(&bytes).await.map_err(|_| End::Gone),
            Ok(AggregatedMessage::Pong(_)) => Ok(()),
            Ok(AggregatedMessage::Close(reason)) => Err(End::Answered(reason)),
            Err(ProtocolError::Overflow) => Err(Close::BadMessage("the message is too long").into()),
            Err(_) => Err(Close::BadMessage("the frame is not valid or too long").into()),
        }
    }

    async fn act(&mut self, message: ClientMessage) -> Result<(), End> {
        match message {
            ClientMessage::ConnectionInit { payload } => self.init(payload.unwrap_or_default()).await,
            ClientMessage::Ping { payload } => self.say(pong(payload)).await,
            ClientMessage::Pong { .. } => Ok(()),
            ClientMessage::Complete { id } => {
                self.operations.stop(&id);
                Ok(())
            }
            ClientMessage::Subscribe { id, payload } => self.subscribe(id, payload).await,
        }
    }

    async fn init(&mut self, payload: Map<String, Value>) -> Result<(), End> {
        if self.state == State::Ready {
            return Err(Close::TooManyInits.into());
        }
        self.caller.session = self.authenticate(&payload).await?;
        self.state = State::Ready;
        self.say(ack()).await
    }

    /// Checks the token in the payload's `authorization`, whose name may be written in any case.
    async fn authenticate(&self, payload: &Map<String, Value>) -> Result<Option<Authenticated<A::Viewer>>, Close> {
        let value = payload.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization")).map(|(_, value)| value);
        let header = match value {
            None | Some(Value::Null) => return Ok(None),
            Some(value) => value.as_str().unwrap_or_default(),
        };
        let forbidden = |fault: AuthFault| match fault {
            AuthFault::Unavailable => Close::TryAgain,
            AuthFault::Invalid | AuthFault::Expired | AuthFault::Ended => Close::Forbidden(fault.to_string()),
        };
        let bearer = caller::bearer(header).ok_or_else(|| forbidden(AuthFault::Invalid))?;
        self.transport.auth.authenticate(bearer).await.map(Some).map_err(forbidden)
    }

    async fn subscribe(&self, id: String, payload: Map<String, Value>) -> Result<(), End> {
        if self.state == State::New {
            return Err(Close::Unauthorized.into());
        }
        if self.operations.contains(&id) {
            return Err(Close::DuplicateId(id).into());
        }
        let params = Params::from_value(Value::Object(payload))
            .map_err(|_| Close::BadMessage("the payload of `subscribe` is not valid"))?;
        match self.admit(&params) {
            Ok(admitted) => {
                self.operations.start(Arc::clone(&self.transport), self.outbox.clone(), id, admitted);
                Ok(())
            }
            Err(fault) => self.say(error(&id, &self.transport.refuse(fault).errors)).await,
        }
    }

    fn admit(&self, params: &Params) -> Result<super::operation::Admitted, Fault> {
        let operations_max = self.transport.limits.websocket_operations_max;
        if self.operations.count() >= operations_max {
            let message = format!("a socket has at most {operations_max} operations open");
            return Err(Fault::new(Code::TooManyOperations, message));
        }
        self.transport.rates.charge(&self.caller.key(), 1)?;
        self.transport.admit(&self.caller, params, Takes::All)
    }

    async fn say(&self, message: String) -> Result<(), End> {
        self.outbox.send(message).await.map_err(|_| End::Close(Close::TooSlow))
    }
}

/// How a socket ends.
enum End {
    /// The client is gone without a word.
    Gone,
    /// The client closes; it is answered with its own reason (RFC 6455, section 5.5.1).
    Answered(Option<CloseReason>),
    /// The server closes.
    Close(Close),
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}
