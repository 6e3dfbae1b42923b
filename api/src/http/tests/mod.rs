//! The transport around a tiny schema of its own.

mod around;
mod client;
mod consent;
mod events;
mod graphql;
mod limits;
mod precheck;
mod socket;

use std::{net::SocketAddr, time::Duration};

use actix_web::{
    App,
    http::header::HeaderMap,
    middleware::from_fn,
    test::{self, TestRequest},
    web::{self, Bytes},
};
use async_graphql::{Context, ErrorExtensions as _, Object, Schema, Subscription};
use chrono::TimeDelta;
use futures_util::{Stream, StreamExt as _, stream};
use serde_json::Value;

use super::{
    edge::edge,
    seam::{AuthFault, Authenticate, Authenticated, CursorSlot, Readiness, RequestMeta, ResumeFrom},
    server::{build, routes},
    transport::Transport,
    {Mode, TransportConfig},
};
use crate::{clock::Clock, limits::Limits};

pub struct Query;

#[Object]
impl Query {
    async fn hello(&self, name: Option<String>) -> String {
        format!("hello {}", name.unwrap_or_default())
    }

    async fn whoami(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.data::<Option<String>>().unwrap().clone()
    }

    async fn has_address(&self, ctx: &Context<'_>) -> bool {
        ctx.data::<RequestMeta>().unwrap().client_ip.is_some()
    }

    async fn leads(&self, first: Option<u64>, ids: Option<Vec<String>>) -> Leads {
        Leads { count: first.unwrap_or_default() + u64::from(ids.is_some()) }
    }

    async fn leaky(&self) -> Option<async_graphql::Result<String>> {
        Some(Err("password of the database is x".into()))
    }

    async fn refused(&self) -> Option<async_graphql::Result<String>> {
        Some(Err(async_graphql::Error::new("not now").extend_with(|_, extensions| extensions.set("code", "NOT_NOW"))))
    }

    async fn panics(&self, hold: Option<bool>) -> bool {
        hold.expect("a bug")
    }

    async fn never(&self) -> bool {
        std::future::pending().await
    }
}

pub struct Leads {
    count: u64,
}

#[Object]
impl Leads {
    async fn nodes(&self) -> Vec<Lead> {
        (0..self.count).map(|_| Lead).collect()
    }

    async fn total_count(&self) -> u64 {
        self.count
    }
}

pub struct Lead;

#[Object]
impl Lead {
    async fn id(&self) -> u32 {
        1
    }

    async fn parent(&self) -> Option<Self> {
        None
    }

    async fn leads(&self, first: Option<u64>) -> Leads {
        Leads { count: first.unwrap_or_default() }
    }
}

pub struct Mutation;

#[Object]
impl Mutation {
    async fn touch(&self, note: Option<String>) -> String {
        note.unwrap_or_default()
    }
}

pub struct Ticker;

#[Subscription]
impl Ticker {
    /// Counts from the cursor on; each event has its number as cursor.
    async fn ticks(&self, ctx: &Context<'_>, until: u32, after: Option<String>) -> impl Stream<Item = u32> {
        let resume = ctx.data_opt::<ResumeFrom>().and_then(|resume| resume.0.clone());
        let slot = ctx.data_opt::<CursorSlot>().cloned().unwrap_or_default();
        let start: u32 = after.or(resume).and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
        stream::iter(start + 1..=until).inspect(move |tick| slot.set(tick.to_string()))
    }

    /// Never says anything.
    async fn silence(&self) -> impl Stream<Item = u32> {
        stream::pending()
    }

    /// Never stops, and each event is large.
    async fn flood(&self) -> impl Stream<Item = String> {
        stream::repeat_with(|| "x".repeat(100_000)).then(|text| async move {
            tokio::task::yield_now().await;
            text
        })
    }

    /// Cannot be opened.
    async fn expired(&self) -> async_graphql::Result<stream::Empty<u32>> {
        tokio::task::yield_now().await;
        Err(async_graphql::Error::new("too old").extend_with(|_, extensions| extensions.set("code", "CURSOR_EXPIRED")))
    }
}

pub type TinySchema = Schema<Query, Mutation, Ticker>;

pub fn schema() -> TinySchema {
    Schema::build(Query, Mutation, Ticker).finish()
}

/// Knows the tokens `good`, `short` (ends soon) and `revoked` (fails when checked again).
#[derive(Clone)]
pub struct Door;

impl Authenticate for Door {
    type Viewer = String;

    async fn authenticate(&self, bearer: &str) -> Result<Authenticated<String>, AuthFault> {
        let now = Clock::system().now();
        let expires_at = match bearer {
            "good" | "revoked" => now + TimeDelta::minutes(10),
            "short" => now + TimeDelta::milliseconds(150),
            "down" => return Err(AuthFault::Unavailable),
            _ => return Err(AuthFault::Invalid),
        };
        Ok(Authenticated { viewer: bearer.to_owned(), key: bearer.to_owned(), expires_at: Some(expires_at) })
    }

    async fn recheck(&self, session: &Authenticated<String>) -> Result<Authenticated<String>, AuthFault> {
        if session.viewer == "revoked" { Err(AuthFault::Ended) } else { Ok(session.clone()) }
    }
}

pub fn config(mode: Mode, limits: Limits) -> TransportConfig {
    TransportConfig::new(mode, limits, Clock::system())
}

pub fn development() -> TransportConfig {
    config(Mode::Development, Limits::default())
}

pub fn ready() -> Readiness {
    Readiness::new(|| async { Vec::new() })
}

pub type House = Transport<TinySchema, Door>;

pub fn house(config: TransportConfig) -> web::Data<House> {
    web::Data::new(Transport::new(config, schema(), Door, ready()))
}

/// An answer, read to its end.
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn code(&self) -> String {
        code(&self.json()).to_owned()
    }
}

/// Sends one request to the whole application, without a network.
pub async fn ask(house: &web::Data<House>, request: TestRequest) -> Reply {
    let house = house.clone();
    let app = App::new().configure(move |services| routes(services, house)).wrap(from_fn(edge));
    let app = test::init_service(app).await;
    let request = request.peer_addr("192.0.2.1:5000".parse().unwrap()).to_request();
    let response = within(test::call_service(&app, request)).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Reply { status, headers, body: within(test::read_body(response)).await }
}

/// A POST of a document.
pub fn post(query: &str) -> TestRequest {
    post_json(&serde_json::json!({ "query": query }))
}

/// A POST of parameters.
pub fn post_json(body: &Value) -> TestRequest {
    TestRequest::post().uri("/graphql").set_json(body).insert_header(("accept", "application/graphql-response+json"))
}

/// Starts a server on a free port; it ends with the runtime of the test.
pub fn start(config: TransportConfig) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let config = TransportConfig { workers: std::num::NonZeroUsize::new(1), shutdown_grace_s: 1, ..config };
    actix_web::rt::spawn(build(listener, config, schema(), Door, ready()).unwrap());
    address
}

pub async fn within<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(Duration::from_secs(20), future).await.expect("the server must answer in time")
}

pub fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}
