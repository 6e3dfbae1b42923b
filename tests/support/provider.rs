//! A data provider on this machine that answers by the name of the company it is asked about.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::LazyLock;
use std::time::Duration;

use serde_json::{Value, json};

/// Where it listens; started when first asked for, for all tests of a process.
pub fn url() -> &'static str {
    static URL: LazyLock<&'static str> = LazyLock::new(|| {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("a bound listener has an address");
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // whoever hangs up early, as one does who waits no longer, is no concern of the provider
                std::thread::spawn(move || answer(stream));
            }
        });
        Box::leak(format!("http://{address}/enrich").into_boxed_str())
    });
    *URL
}

fn answer(mut stream: TcpStream) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let (mut length, mut token) = (0, String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().ok()?,
                "authorization" => value.trim().clone_into(&mut token),
                _ => {}
            }
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let question: Value = serde_json::from_slice(&body).ok()?;
    let (status, body) = told(&question, &token);
    let more = if status.starts_with("302") { "Location: https://elsewhere.example/\r\n" } else { "" };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{more}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body.as_bytes()).ok()
}

fn told(question: &Value, token: &str) -> (&'static str, String) {
    let ok = |body: Value| ("200 OK", body.to_string());
    if token != "Bearer provider-secret" {
        return ("401 Unauthorized", String::new());
    }
    if question["kind"] == "person" {
        return ok(json!({ "jobTitle": "Head of Procurement", "city": "Bern", "shoeSize": 43 }));
    }
    match question["name"].as_str().unwrap_or_default() {
        "Slow" => {
            std::thread::sleep(Duration::from_secs(3));
            ok(json!({}))
        }
        "Huge" => ok(json!({ "city": "x".repeat(200_000) })),
        "Broken" => ("200 OK", "no object".to_owned()),
        "Moved" => ("302 Found", String::new()),
        "Stranger" => ("404 Not Found", String::new()),
        _ => ok(
            json!({ "industry": "machinery", "employees": 420, "city": "Ulm", "country": "DE", "postalCode": "not a code", "website": "https://kunde.example/" }),
        ),
    }
}
