//! What the machine must allow: files, the key, the port.

use std::fs::OpenOptions;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Finding;
use crate::auth::key_file::key_path;
use crate::auth::random_bytes;
use crate::config::{Config, Database, TokenSecret};

/// How long whoever has the port may take to answer.
const ANSWER_MAX: Duration = Duration::from_secs(2);

/// Whether the embedded database is not there yet.
pub(super) fn is_missing(config: &Config) -> bool {
    match config.database_url.database() {
        Database::SqliteFile(file) => !file.exists(),
        Database::SqliteMemory | Database::Postgres => false,
    }
}

/// Whether the embedded database can be written.
pub(super) fn files(config: &Config) -> Option<Finding> {
    let file = match config.database_url.database() {
        Database::SqliteFile(file) => file,
        Database::SqliteMemory => {
            return Some(Finding::ok("disk", "none: the database is in memory and gone when the process ends"));
        }
        Database::Postgres => return None,
    };
    let folder = folder_of(file);
    if !folder.is_dir() {
        return Some(Finding::problem(
            "disk",
            format!("the folder `{}` does not exist", folder.display()),
            "make it, or name another file",
        ));
    }
    let writable = try_folder(&folder).and_then(|()| if file.exists() { try_file(file) } else { Ok(()) });
    Some(match writable {
        Ok(()) => Finding::ok("disk", format!("`{}` can be written", file.display())),
        Err(error) => {
            let to_do = "give this user the right to write the folder and the files in it";
            Finding::problem("disk", format!("`{}` cannot be written: {error}", file.display()), to_do)
        }
    })
}

fn folder_of(file: &Path) -> PathBuf {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// The write-ahead log lies beside the database: the folder must take new files. The only way to know is to make one, gone at once.
fn try_folder(folder: &Path) -> io::Result<()> {
    let probe = folder.join(format!(".fairfall-doctor-{}", hex::encode(random_bytes::<8>())));
    OpenOptions::new().write(true).create_new(true).open(&probe)?;
    std::fs::remove_file(probe)
}

fn try_file(file: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).open(file).map(drop)
}

/// Whether there is, or will be, a key to sign with. Makes none.
pub(super) fn token_key(config: &Config) -> Finding {
    let subject = "token key";
    if config.token_key.is_some() {
        return Finding::ok(subject, "configured");
    }
    let file = match config.database_url.database() {
        Database::SqliteFile(database) => key_path(database),
        Database::SqliteMemory => return Finding::ok(subject, "drawn anew at each start: everybody signs in again"),
        Database::Postgres => {
            let to_do = "set `FAIRFALL_TOKEN_KEY` to the same for all nodes; make one with `openssl rand -base64 32`";
            return Finding::problem(subject, "none; with PostgreSQL all nodes must share one", to_do);
        }
    };
    match std::fs::read_to_string(&file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Finding::ok(subject, format!("none yet; the first start makes `{}`", file.display()))
        }
        Err(error) => Finding::problem(
            subject,
            format!("`{}` cannot be read: {error}", file.display()),
            "give this user the right to read it",
        ),
        Ok(text) if TokenSecret::parse(&text).is_ok() => Finding::ok(subject, format!("in `{}`", file.display())),
        Ok(_) => {
            let to_do = "delete the file to have a new one made, which signs everybody out";
            Finding::problem(subject, format!("`{}` does not hold a key", file.display()), to_do)
        }
    }
}

/// Whether the port is free, or a Fairfall server has it.
pub(super) async fn port(config: &Config) -> Finding {
    let address = config.listen;
    match TcpListener::bind(address) {
        Ok(_free) => Finding::ok("port", format!("{address} is free")),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            if is_fairfall(address).await {
                Finding::ok("port", format!("a Fairfall server answers on {address}"))
            } else {
                Finding::problem(
                    "port",
                    format!("another program has {address}"),
                    "stop it, or take another port with `--listen`",
                )
            }
        }
        Err(error) => {
            let to_do = "name an address of this machine, and a port above 1023 unless the system allows lower ones";
            Finding::problem("port", format!("{address} cannot be taken: {error}"), to_do)
        }
    }
}

async fn is_fairfall(address: SocketAddr) -> bool {
    let asked = tokio::time::timeout(ANSWER_MAX, ask(address)).await;
    asked.is_ok_and(|answer| answer.is_ok_and(|text| text.contains("\"alive\"")))
}

async fn ask(address: SocketAddr) -> io::Result<String> {
    let reachable = if address.ip().is_unspecified() { SocketAddr::from(([127, 0, 0, 1], address.port())) } else { address };
    let mut stream = TcpStream::connect(reachable).await?;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.take(4096).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
