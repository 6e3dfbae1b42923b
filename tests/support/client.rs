//! A client of the GraphQL API over HTTP.

use std::net::SocketAddr;

use reqwest::header::{AUTHORIZATION, HeaderMap};
use serde_json::{Value, json};

use crate::wait::within;

/// What is asked of every error of a payload. Fields of the same name and different types have aliases.
pub const ERRORS: &str = "errors { __typename message code field
    ... on InvalidInput { violation }
    ... on InvalidTransition { act state stage lawful }
    ... on GateUnmet { gate: stage criteria { criterion { key required } found alternatives } }
    ... on WrongDepartment { act department }
    ... on NotAllowed { action }
    ... on VersionConflict { current }
    ... on MergeRefused { refusal: reason side into merge }
    ... on DuplicateLead { existing { id } }
    ... on StageNotOnTrack { track alternatives }
    ... on AgreementRefused { why: reason signers open needed }
    ... on ReasonNotAgreed { given allowed }
    ... on TooLate { until }
    ... on Throttled { wait: until }
}";

/// What is asked of the lead in the payload of an act.
pub const ACTED: &str = "lead { id version stage state } alreadyDone";

/// Sends operations as somebody.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    address: SocketAddr,
    token: Option<String>,
}

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

impl Reply {
    /// Reads an answer.
    pub async fn read(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("the body is text");
        Self { status, headers, text }
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("not JSON ({error}): {} {}", self.status, self.text))
    }

    /// The code of the first error of the request.
    pub fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Status and code: how refusals are told apart.
    pub fn refusal(&self) -> (u16, String) {
        (self.status, self.code())
    }

    /// A header.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("headers are text"))
    }
}

impl Client {
    /// A client that has not signed in.
    pub fn new(address: SocketAddr) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().expect("a client can be made");
        Self { http, address, token: None }
    }

    /// The same with a bearer token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same at another server.
    #[must_use]
    pub fn at(&self, address: SocketAddr) -> Self {
        Self { address, ..self.clone() }
    }

    /// The bearer token.
    pub fn token(&self) -> &str {
        self.token.as_deref().expect("somebody signed in")
    }

    /// The server.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// An address of the server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A request to be made complete by the caller; it carries the token.
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = method.parse().expect("a method");
        let request = self.http.request(method, self.url(path));
        match &self.token {
            Some(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        }
    }

    /// Sends a request.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        within("a request", async { Reply::read(request.send().await.expect("the server answers")).await }).await
    }

    /// GET of a path.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request("GET", path)).await
    }

    /// POST of parameters to `/graphql`.
    pub fn post(&self, parameters: &Value) -> reqwest::RequestBuilder {
        let request = self.request("POST", "/graphql").json(parameters);
        request.header("accept", "application/graphql-response+json")
    }

    /// Sends a document, and answers whatever came.
    pub async fn ask(&self, query: &str, variables: Value) -> Reply {
        self.send(self.post(&json!({ "query": query, "variables": variables }))).await
    }

    /// Sends a document, and answers whatever came; nothing when the connection broke.
    pub async fn try_ask(&self, query: &str, variables: Value) -> Option<Value> {
        let response = self.post(&json!({ "query": query, "variables": variables })).send().await.ok()?;
        response.json().await.ok()
    }

    /// Sends a document that must succeed, and answers its data.
    pub async fn query(&self, query: &str, variables: Value) -> Value {
        let reply = self.ask(query, variables).await;
        let mut answer = reply.json();
        assert!(reply.status == 200 && answer.get("errors").is_none(), "{query}\n{} {answer:#}", reply.status);
        answer["data"].take()
    }

    /// Sends a mutation with its one input, and answers its payload with the errors in it.
    pub async fn mutate(&self, field: &str, input: Value, selection: &str) -> Value {
        let mut data = self.query(&mutation(field, selection), json!({ "input": input })).await;
        data[field].take()
    }

    /// An act on a lead.
    pub async fn act(&self, field: &str, input: Value) -> Value {
        self.mutate(field, input, ACTED).await
    }

    /// An act on a lead that must be done; answers the lead.
    pub async fn done(&self, field: &str, input: Value) -> Value {
        let mut payload = self.act(field, input).await;
        assert_eq!(payload["errors"], json!([]), "{field}");
        payload["lead"].take()
    }

    /// A mutation that must be refused; answers the errors.
    pub async fn refused(&self, field: &str, input: Value) -> Value {
        let is_act = field.starts_with("lead") && !field.starts_with("leadScore");
        let mut payload = self.mutate(field, input, if is_act { ACTED } else { "__typename" }).await;
        assert_eq!(payload["lead"], Value::Null, "{field}: {payload:#}");
        payload["errors"].take()
    }
}

/// The document of a mutation.
pub fn mutation(field: &str, selection: &str) -> String {
    let (first, rest) = field.split_at(1);
    let kind = format!("{}{rest}Input", first.to_uppercase());
    format!("mutation($input: {kind}!) {{ {field}(input: $input) {{ {selection} {ERRORS} }} }}")
}
