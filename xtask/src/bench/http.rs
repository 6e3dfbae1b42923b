//! The smallest HTTP/1.1 client that keeps its connection: one request after the other, answers with a length.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

/// How long an answer may take.
const WAIT: Duration = Duration::from_secs(30);

const READ_BYTES: usize = 65_536;

/// A connection to the GraphQL endpoint, signed in or not.
pub struct Connection {
    stream: TcpStream,
    /// What every request starts with.
    head: String,
    request: Vec<u8>,
    answer: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub fn open(address: SocketAddr, access_token: Option<&str>) -> Result<Self> {
        let stream = TcpStream::connect_timeout(&address, WAIT).context("the server takes no connection")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(WAIT))?;
        let authorization = access_token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
        let head = format!(
            "POST /graphql HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
             accept: application/graphql-response+json\r\n{authorization}content-length: "
        );
        Ok(Self { stream, head, request: Vec::new(), answer: Vec::with_capacity(READ_BYTES) })
    }

    /// Sends a body and answers the body that came back with status 200.
    pub fn post(&mut self, body: &[u8]) -> Result<&[u8]> {
        self.request.clear();
        self.request.extend_from_slice(self.head.as_bytes());
        write!(self.request, "{}\r\n\r\n", body.len())?;
        self.request.extend_from_slice(body);
        self.stream.write_all(&self.request).context("the server closed the connection")?;
        self.answer.clear();
        let body_from = self.read_head()?;
        let head = std::str::from_utf8(self.answer.get(..body_from).unwrap_or_default()).context("a head that is not UTF-8")?;
        let is_good = head.starts_with("HTTP/1.1 200 ");
        let status = head.lines().next().unwrap_or_default().to_owned();
        let length = content_length(head)?;
        while self.answer.len() < body_from + length {
            self.read_more()?;
        }
        let body = self.answer.get(body_from..).unwrap_or_default();
        ensure!(is_good, "{status}: {}", String::from_utf8_lossy(body.get(..body.len().min(500)).unwrap_or_default()));
        Ok(body)
    }

    /// Reads until the empty line; answers where the body starts.
    fn read_head(&mut self) -> Result<usize> {
        loop {
            if let Some(place) = self.answer.windows(4).position(|window| window == b"\r\n\r\n") {
                return Ok(place + 4);
            }
            self.read_more()?;
        }
    }

    fn read_more(&mut self) -> Result<()> {
        let filled = self.answer.len();
        self.answer.resize(filled + READ_BYTES, 0);
        let count = self.stream.read(self.answer.get_mut(filled..).unwrap_or_default());
        self.answer.truncate(filled + *count.as_ref().unwrap_or(&0));
        if count.context("no answer came")? == 0 {
            bail!("the server closed the connection before its answer was whole");
        }
        Ok(())
    }
}

fn content_length(head: &str) -> Result<usize> {
    let fields = head.lines().filter_map(|line| line.split_once(':'));
    let length = fields.filter(|(name, _)| name.eq_ignore_ascii_case("content-length")).map(|(_, value)| value.trim()).next();
    length.context("an answer without its length")?.parse().context("a length that is no number")
}
