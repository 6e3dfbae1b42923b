//! A client of `graphql-transport-ws`.

use std::net::SocketAddr;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::client::Client;
use crate::wait::within;

/// What a subscriber of leads usually asks for.
pub const LEAD_EVENTS: &str = "subscription($filter: EventFilter, $after: EventCursor) {
    leadEvents(filter: $filter, after: $after) { id cursor type subjectVersion subject { id kind } }
}";

/// An open socket.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The protocol that the server chose.
    pub protocol: Option<String>,
}

/// What comes.
#[derive(Debug, PartialEq)]
pub enum Frame {
    /// A message of the protocol.
    Text(Value),
    /// The server closes.
    Close(u16, String),
    /// The connection ended without a word.
    End,
}

impl Socket {
    /// Opens a socket with further headers.
    pub async fn open(address: SocketAddr, headers: &[(&str, &str)]) -> Self {
        let mut request = format!("ws://{address}/graphql/ws").into_client_request().expect("an address");
        for (name, value) in headers {
            let name: reqwest::header::HeaderName = name.parse().expect("a name");
            request.headers_mut().insert(name, value.parse().expect("a value"));
        }
        let (stream, response) = within("a handshake", connect_async(request)).await.expect("the socket opens");
        let protocol = response.headers().get("sec-websocket-protocol").map(|name| name.to_str().expect("text").to_owned());
        Self { stream, protocol }
    }

    /// Opens a socket for the protocol.
    pub async fn protocol(address: SocketAddr) -> Self {
        Self::open(address, &[("sec-websocket-protocol", "graphql-transport-ws")]).await
    }

    /// Opens a socket, and is acknowledged with the client's token.
    pub async fn ready(client: &Client) -> Self {
        let mut socket = Self::protocol(client.address()).await;
        let payload = json!({ "authorization": format!("Bearer {}", client.token()) });
        socket.say(&json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.hear().await, Frame::Text(json!({ "type": "connection_ack" })));
        socket
    }

    /// Sends a message of the protocol.
    pub async fn say(&mut self, message: &Value) {
        self.send(Message::text(message.to_string())).await;
    }

    /// Sends a frame; a socket that the server has closed does not take it, which shows in what is heard.
    pub async fn send(&mut self, message: Message) {
        within("sending", self.stream.send(message)).await.ok();
    }

    /// Starts an operation.
    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(&json!({ "id": id, "type": "subscribe", "payload": payload })).await;
    }

    /// What comes next, pings left out.
    pub async fn hear(&mut self) -> Frame {
        within("a message", self.next_frame()).await
    }

    async fn next_frame(&mut self) -> Frame {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => {
                    return Frame::Text(serde_json::from_str(text.as_str()).expect("messages are JSON"));
                }
                Some(Ok(Message::Close(Some(frame)))) => return Frame::Close(frame.code.into(), frame.reason.to_string()),
                Some(Ok(Message::Close(None)) | Err(Error::ConnectionClosed | Error::AlreadyClosed | Error::Io(_))) | None => {
                    return Frame::End;
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(other) => panic!("{other:?}"),
            }
        }
    }

    /// The next message.
    pub async fn text(&mut self) -> Value {
        match self.hear().await {
            Frame::Text(message) => message,
            other => panic!("expected a message, got {other:?}"),
        }
    }

    /// The code with which the server closes, after whatever still came before.
    pub async fn closed(&mut self) -> u16 {
        loop {
            match self.hear().await {
                Frame::Close(code, _) => return code,
                Frame::End => return 0,
                Frame::Text(_) => {}
            }
        }
    }
}

/// The place up to which the journal is now, as far as the client may read it.
pub async fn end_of_journal(client: &Client) -> String {
    let mut after = Value::Null;
    loop {
        let query = "query($after: EventCursor) { events(after: $after, first: 100) { endCursor hasNextPage } }";
        let data = client.query(query, json!({ "after": after })).await;
        after = data["events"]["endCursor"].clone();
        if data["events"]["hasNextPage"] == false {
            return after.as_str().expect("a cursor is a text").to_owned();
        }
    }
}

/// Somebody who follows the events of leads.
#[derive(Debug)]
pub struct Follower(Socket);

impl Follower {
    /// Follows from a cursor on.
    pub async fn new(client: &Client, after: &str) -> Self {
        Self::with(client, json!({ "after": after })).await
    }

    /// Follows with these variables of [`LEAD_EVENTS`].
    pub async fn with(client: &Client, variables: Value) -> Self {
        let mut socket = Socket::ready(client).await;
        socket.subscribe("events", LEAD_EVENTS, variables).await;
        Self(socket)
    }

    /// The next event.
    pub async fn event(&mut self) -> Value {
        let mut message = self.0.text().await;
        assert_eq!(message["type"], "next", "{message}");
        let payload = &mut message["payload"];
        assert!(payload.get("errors").is_none(), "{payload}");
        payload["data"]["leadEvents"].take()
    }

    /// The next n events.
    pub async fn events(&mut self, n: usize) -> Vec<Value> {
        let mut events = Vec::with_capacity(n);
        while events.len() < n {
            events.push(self.event().await);
        }
        events
    }

    /// The socket beneath.
    pub fn socket(&mut self) -> &mut Socket {
        &mut self.0
    }
}

/// The kinds of events.
pub fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["type"].as_str().expect("an event has a kind")).collect()
}
