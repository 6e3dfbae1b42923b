//! A WebSocket client of few lines (RFC 6455): masks what it sends, reads what comes.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::within;

pub struct Socket {
    stream: TcpStream,
    pub handshake: String,
}

#[derive(Debug, PartialEq)]
pub enum Frame {
    Text(Value),
    Pong,
    Close(u16, String),
    /// The connection ended without a close.
    End,
}

impl Socket {
    /// Opens a socket with further header lines.
    pub async fn open(address: SocketAddr, lines: &str) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "GET /graphql/ws HTTP/1.1\r\nhost: {address}\r\nupgrade: websocket\r\nconnection: upgrade\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{lines}\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut handshake = Vec::new();
        while !handshake.ends_with(b"\r\n\r\n") {
            handshake.push(within(stream.read_u8()).await.unwrap());
        }
        Self { stream, handshake: String::from_utf8(handshake).unwrap() }
    }

    /// Opens a socket for the protocol.
    pub async fn protocol(address: SocketAddr) -> Self {
        Self::open(address, "sec-websocket-protocol: graphql-transport-ws\r\n").await
    }

    /// Opens a socket and is acknowledged.
    pub async fn ready(address: SocketAddr, token: &str) -> Self {
        let mut socket = Self::protocol(address).await;
        let payload = serde_json::json!({"authorization": format!("Bearer {token}")});
        socket.say(&serde_json::json!({"type": "connection_init", "payload": payload})).await;
        assert_eq!(socket.hear().await, Frame::Text(serde_json::json!({"type": "connection_ack"})));
        socket
    }

    pub async fn say(&mut self, message: &Value) {
        self.send(1, message.to_string().as_bytes()).await;
    }

    pub async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(&serde_json::json!({"id": id, "type": "subscribe", "payload": {"query": query}})).await;
    }

    pub async fn send(&mut self, opcode: u8, payload: &[u8]) {
        let mut frame = vec![0x80 | opcode];
        match payload.len() {
            length @ 0..=125 => frame.push(0x80 | u8::try_from(length).unwrap()),
            length @ 126..=65_535 => {
                frame.push(0x80 | 0x7E);
                frame.extend(u16::try_from(length).unwrap().to_be_bytes());
            }
            length => {
                frame.push(0x80 | 0x7F);
                frame.extend(u64::try_from(length).unwrap().to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(payload);
        self.stream.write_all(&frame).await.ok();
    }

    /// The next frame that is not a ping.
    pub async fn hear(&mut self) -> Frame {
        loop {
            let Ok((opcode, payload)) = within(self.frame()).await else { return Frame::End };
            match opcode {
                1 => return Frame::Text(serde_json::from_slice(&payload).unwrap()),
                8 => {
                    let code = u16::from_be_bytes([payload[0], payload[1]]);
                    return Frame::Close(code, String::from_utf8(payload[2..].to_vec()).unwrap());
                }
                9 => {}
                10 => return Frame::Pong,
                other => panic!("opcode {other}"),
            }
        }
    }

    pub async fn text(&mut self) -> Value {
        match self.hear().await {
            Frame::Text(value) => value,
            other => panic!("expected a message, got {other:?}"),
        }
    }

    /// The code with which the socket is closed, after whatever still came before.
    pub async fn closed(&mut self) -> u16 {
        loop {
            match self.hear().await {
                Frame::Close(code, _) => return code,
                Frame::End => return 0,
                Frame::Text(_) | Frame::Pong => {}
            }
        }
    }

    async fn frame(&mut self) -> std::io::Result<(u8, Vec<u8>)> {
        let first = self.stream.read_u8().await?;
        let length = match self.stream.read_u8().await? {
            126 => usize::from(self.stream.read_u16().await?),
            127 => usize::try_from(self.stream.read_u64().await?).unwrap(),
            short => usize::from(short),
        };
        let mut payload = vec![0; length];
        self.stream.read_exact(&mut payload).await?;
        Ok((first & 0x0F, payload))
    }
}
