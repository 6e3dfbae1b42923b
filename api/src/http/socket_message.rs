//! The messages of `graphql-transport-ws` and the codes with which a socket is closed.

use actix_ws::{CloseCode, CloseReason};
use async_graphql::ServerError;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::answer::Answer;

/// The name of the protocol in the handshake.
pub const PROTOCOL: &str = "graphql-transport-ws";

/// Longest id of an operation, in bytes.
const ID_BYTES_MAX: usize = 128;

/// What a client may say.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientMessage {
    /// The first word; the payload may hold `authorization`.
    ConnectionInit {
        /// An object, or nothing.
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    /// Are you there?
    Ping {
        /// Sent back as it came.
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    /// I am here.
    Pong {
        /// Not read.
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    /// Start an operation.
    Subscribe {
        /// Chosen by the client.
        id: String,
        /// The parameters of the operation.
        payload: Map<String, Value>,
    },
    /// Stop an operation.
    Complete {
        /// The id it was started with.
        id: String,
    },
}

impl ClientMessage {
    /// Reads a message; none when it is not one of the protocol.
    pub fn parse(text: &str) -> Option<Self> {
        let message = serde_json::from_str(text).ok()?;
        match &message {
            Self::Subscribe { id, .. } if id.is_empty() || id.len() > ID_BYTES_MAX => None,
            Self::ConnectionInit { .. }
            | Self::Ping { .. }
            | Self::Pong { .. }
            | Self::Subscribe { .. }
            | Self::Complete { .. } => Some(message),
        }
    }
}

/// `connection_ack`.
pub fn ack() -> String {
    json!({"type": "connection_ack"}).to_string()
}

/// `pong`, with the payload of the ping.
pub fn pong(payload: Option<Map<String, Value>>) -> String {
    match payload {
        Some(payload) => json!({"type": "pong", "payload": payload}).to_string(),
        None => json!({"type": "pong"}).to_string(),
    }
}

/// `next`.
pub fn next(id: &str, answer: &Answer) -> String {
    format!(r#"{{"id":{},"type":"next","payload":{}}}"#, Value::from(id), answer.to_json())
}

/// `error`, which ends the operation.
pub fn error(id: &str, errors: &[ServerError]) -> String {
    json!({"id": id, "type": "error", "payload": errors}).to_string()
}

/// `complete`, which ends the operation.
pub fn complete(id: &str) -> String {
    json!({"id": id, "type": "complete"}).to_string()
}

/// Why the server closes a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Close {
    /// 1001: the server stops; connect to another node.
    GoingAway,
    /// 1013: the reader is slower than what it asked for; come back and resume.
    TooSlow,
    /// 1013: tokens cannot be checked at the moment.
    TryAgain,
    /// 4400: not a message of the protocol, or one that is too long.
    BadMessage(&'static str),
    /// 4401: an operation before the connection was acknowledged.
    Unauthorized,
    /// 4403: a foreign origin, a token that does not hold, or one whose time is over.
    Forbidden(String),
    /// 4406: another protocol.
    Protocol,
    /// 4408: `connection_init` did not come in time.
    InitTimeout,
    /// 4409: the id is in use.
    DuplicateId(String),
    /// 4429: `connection_init` came twice.
    TooManyInits,
}

impl From<Close> for CloseReason {
    fn from(close: Close) -> Self {
        let (code, description) = match close {
            Close::GoingAway => (1001, "the server stops".to_owned()),
            Close::TooSlow => (1013, "the reader is too slow: connect again and resume from the last cursor".to_owned()),
            Close::TryAgain => (1013, "sessions cannot be checked at the moment".to_owned()),
            Close::BadMessage(what) => (4400, what.to_owned()),
            Close::Unauthorized => (4401, "Unauthorized".to_owned()),
            Close::Forbidden(why) => (4403, format!("Forbidden: {why}")),
            Close::Protocol => (4406, "Subprotocol not acceptable".to_owned()),
            Close::InitTimeout => (4408, "Connection initialisation timeout".to_owned()),
            Close::DuplicateId(id) => (4409, format!("Subscriber for {id} already exists")),
            Close::TooManyInits => (4429, "Too many initialisation requests".to_owned()),
        };
        Self { code: CloseCode::from(code), description: Some(description) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_outside_the_protocol_are_told_from_those_inside() {
        for text in [
            r#"{"type":"connection_init"}"#,
            r#"{"type":"connection_init","payload":null}"#,
            r#"{"type":"ping","payload":{"a":1}}"#,
            r#"{"type":"pong"}"#,
            r#"{"id":"1","type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"id":"1","type":"complete"}"#,
        ] {
            assert!(ClientMessage::parse(text).is_some(), "{text}");
        }
        for text in [
            "",
            "[]",
            r#"{"type":"start"}"#,
            r#"{"type":"connection_init","payload":[]}"#,
            r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"id":"","type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"id":1,"type":"complete"}"#,
        ] {
            assert!(ClientMessage::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn close_codes_are_those_of_the_protocol() {
        let code = |close| u16::from(CloseReason::from(close).code);
        assert_eq!(code(Close::BadMessage("x")), 4400);
        assert_eq!(code(Close::Unauthorized), 4401);
        assert_eq!(code(Close::Forbidden(String::new())), 4403);
        assert_eq!(code(Close::Protocol), 4406);
        assert_eq!(code(Close::InitTimeout), 4408);
        assert_eq!(code(Close::DuplicateId(String::new())), 4409);
        assert_eq!(code(Close::TooManyInits), 4429);
        assert_eq!(code(Close::GoingAway), 1001);
    }
}
