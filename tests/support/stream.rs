//! A client of the event stream (server-sent events).

use std::pin::Pin;

use futures_util::{Stream, StreamExt as _};
use serde_json::Value;

use crate::client::Client;
use crate::wait::within;

/// A part of the stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// `id:`
    pub id: Option<String>,
    /// `event:`; a heartbeat has none.
    pub event: Option<String>,
    /// `data:`
    pub data: String,
}

type Bytes = Pin<Box<dyn Stream<Item = Vec<u8>> + Send>>;

/// An open stream.
pub struct EventStream {
    bytes: Bytes,
    unread: String,
}

impl EventStream {
    /// Opens a stream with a document by POST, where the last one ended.
    pub async fn open(client: &Client, query: &str, last_event_id: Option<&str>) -> Self {
        let request = client.request("POST", "/graphql/stream").json(&serde_json::json!({ "query": query }));
        let request = request.header("accept", "text/event-stream");
        let request = match last_event_id {
            Some(id) => request.header("last-event-id", id),
            None => request,
        };
        let response = within("a stream", request.send()).await.expect("the server answers");
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let bytes = response.bytes_stream().map(|chunk| chunk.expect("the stream goes on").to_vec());
        Self { bytes: Box::pin(bytes), unread: String::new() }
    }

    /// The next part, heartbeats included; nothing at the end.
    pub async fn part(&mut self) -> Option<Part> {
        loop {
            if let Some((text, rest)) = self.unread.split_once("\n\n") {
                let part = parse(text);
                let rest = rest.len();
                self.unread.drain(..self.unread.len() - rest);
                return Some(part);
            }
            let chunk = within("a part of the stream", self.bytes.next()).await?;
            self.unread.push_str(std::str::from_utf8(&chunk).expect("the stream is text"));
        }
    }

    /// The next event with its id, heartbeats left out.
    pub async fn event(&mut self) -> (String, Value) {
        loop {
            let part = self.part().await.expect("the stream goes on");
            if part.event.as_deref() == Some("next") {
                let data = serde_json::from_str(&part.data).expect("data is JSON");
                return (part.id.expect("an event has its cursor"), data);
            }
            assert_eq!(part, Part::default(), "only heartbeats come between");
        }
    }
}

fn parse(text: &str) -> Part {
    let mut part = Part::default();
    for line in text.lines() {
        match line.split_once(": ").unwrap_or((line, "")) {
            ("id", value) => part.id = Some(value.to_owned()),
            ("event", value) => part.event = Some(value.to_owned()),
            ("data", value) => value.clone_into(&mut part.data),
            (":" | "data:", _) => {}
            (other, _) => panic!("an unknown line: {other}"),
        }
    }
    part
}
