//! A mail server on this machine: it takes every mail, or refuses as it is told, and shows what it took.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{LazyLock, Mutex, PoisonError};

/// A mail as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// To whom.
    pub to: String,
    /// The header lines, each as one line.
    pub headers: Vec<String>,
    /// The text, decoded.
    pub text: String,
}

/// What the server does with mails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    /// Takes them.
    #[default]
    Willing,
    /// Hangs up before it says a word.
    Gone,
    /// Asks to try again later (450).
    Busy,
    /// Greets with a refusal of everybody (554).
    Shut,
    /// Refuses every recipient for good (550).
    Unwilling,
}

struct Server {
    url: &'static str,
    taken: Mutex<Vec<Mail>>,
    mood: Mutex<Mood>,
    tried: Mutex<usize>,
}

static SERVER: LazyLock<Server> = LazyLock::new(|| {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("a bound listener has an address");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || converse(stream));
        }
    });
    Server {
        url: Box::leak(format!("smtp://{address}").into_boxed_str()),
        taken: Mutex::default(),
        mood: Mutex::default(),
        tried: Mutex::default(),
    }
});

/// Where it listens; started when first asked for, for the one test of a process.
pub fn url() -> &'static str {
    SERVER.url
}

/// Changes what it does from now on.
pub fn set_mood(mood: Mood) {
    *SERVER.mood.lock().unwrap_or_else(PoisonError::into_inner) = mood;
}

/// Every mail that it took, in the order of arrival.
pub fn taken() -> Vec<Mail> {
    SERVER.taken.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// How often somebody tried to hand it a mail.
pub fn tried() -> usize {
    *SERVER.tried.lock().unwrap_or_else(PoisonError::into_inner)
}

fn mood() -> Mood {
    *SERVER.mood.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One conversation (RFC 5321), as far as a well-behaved sender goes.
fn converse(mut stream: TcpStream) -> Option<()> {
    *SERVER.tried.lock().unwrap_or_else(PoisonError::into_inner) += 1;
    if mood() == Mood::Gone {
        return None;
    }
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut to = String::new();
    if mood() == Mood::Shut {
        stream.write_all(b"554 5.3.2 no service here\r\n").ok()?;
        return None;
    }
    stream.write_all(b"220 test\r\n").ok()?;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return Some(());
        }
        let word = line.trim().to_ascii_uppercase();
        let reply = if word.starts_with("RCPT TO:") {
            to = line.trim().split(['<', '>']).nth(1).unwrap_or_default().to_owned();
            match mood() {
                Mood::Busy => "450 4.2.0 try again later",
                Mood::Unwilling => "550 5.1.1 no such mailbox",
                Mood::Willing | Mood::Gone | Mood::Shut => "250 ok",
            }
        } else if word == "DATA" {
            stream.write_all(b"354 go on\r\n").ok()?;
            let mail = read_mail(&mut reader, &to)?;
            SERVER.taken.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
            "250 taken"
        } else if word.starts_with("QUIT") {
            stream.write_all(b"221 bye\r\n").ok()?;
            return Some(());
        } else {
            "250 ok"
        };
        stream.write_all(format!("{reply}\r\n").as_bytes()).ok()?;
    }
}

fn read_mail(reader: &mut BufReader<TcpStream>, to: &str) -> Option<Mail> {
    let (mut headers, mut body, mut in_body) = (Vec::<String>::new(), Vec::new(), false);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim_end_matches(['\r', '\n']);
        if line == "." {
            break;
        }
        let line = line.strip_prefix('.').unwrap_or(line);
        if in_body {
            body.push(line.to_owned());
        } else if line.is_empty() {
            in_body = true;
        } else if line.starts_with([' ', '\t'])
            && let Some(last) = headers.last_mut()
        {
            last.push_str(line);
        } else {
            headers.push(line.to_owned());
        }
    }
    let quoted = headers.iter().any(|header| header.eq_ignore_ascii_case("Content-Transfer-Encoding: quoted-printable"));
    let text = if quoted { from_quoted_printable(&body) } else { body.join("\n") };
    Some(Mail { to: to.to_owned(), headers, text })
}

/// Reads quoted-printable (RFC 2045, 6.7).
fn from_quoted_printable(lines: &[String]) -> String {
    let mut bytes = Vec::new();
    for line in lines {
        let (line, ends) = line.strip_suffix('=').map_or((line.as_str(), true), |line| (line, false));
        let mut letters = line.bytes();
        while let Some(letter) = letters.next() {
            if letter == b'=' {
                let digits: Vec<u8> = letters.by_ref().take(2).collect();
                let digits = std::str::from_utf8(&digits).expect("two digits");
                bytes.push(u8::from_str_radix(digits, 16).expect("hexadecimal digits"));
            } else {
                bytes.push(letter);
            }
        }
        if ends {
            bytes.push(b'\n');
        }
    }
    String::from_utf8(bytes).expect("the text is UTF-8")
}

impl Mail {
    /// The value of a header.
    pub fn header(&self, name: &str) -> &str {
        let of = |line: &&String| line.split_once(':').is_some_and(|(found, _)| found.eq_ignore_ascii_case(name));
        self.headers.iter().find(of).and_then(|line| line.split_once(':')).map_or("", |(_, value)| value.trim())
    }

    /// The link of the text that leads to a path: path, question mark and all.
    pub fn link(&self, path: &str) -> String {
        let found = self.text.split_whitespace().find_map(|word| word.find(path).map(|at| word[at..].to_owned()));
        found.unwrap_or_else(|| panic!("no link to {path} in {}", self.text))
    }

    /// The secret in the link to a path.
    pub fn token(&self, path: &str) -> String {
        let link = self.link(path);
        let (_, after) = link.split_once("token=").expect("the link holds a secret");
        after.split('&').next().unwrap_or_default().to_owned()
    }
}
