//! A throwaway `PostgreSQL`: one cluster in a temporary folder, on a free port of 127.0.0.1, gone when its owner is gone.

mod account;
mod guardian;
mod programs;

use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use self::account::Account;
use self::guardian::Guardian;
use self::programs::Programs;
use crate::process::capture;

/// How often another port is tried when someone took the free one first.
const PORT_ATTEMPTS_MAX: usize = 4;

/// Durable, because tests kill servers and look for what was acknowledged; small, because the machine has other work.
const DEFAULT_SETTINGS: &[(&str, &str)] = &[
    ("listen_addresses", "127.0.0.1"),
    ("unix_socket_directories", ""),
    ("max_connections", "200"),
    ("shared_buffers", "64MB"),
    ("max_wal_size", "512MB"),
    ("fsync", "on"),
    ("synchronous_commit", "on"),
    ("full_page_writes", "on"),
];

/// A client program of the newest server on this machine, such as `psql`.
pub fn client(name: &str) -> Result<PathBuf> {
    Programs::find_or_install()?.client(name)
}

/// One line of postgresql.conf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    name: String,
    value: String,
}

impl Setting {
    /// Reads `name=value`.
    pub fn parse(text: &str) -> Result<Self> {
        match text.split_once('=') {
            Some((name, value)) if !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.".contains(c)) => {
                Ok(Self { name: name.to_owned(), value: value.to_owned() })
            }
            Some(_) | None => bail!("`{text}` is not of the form name=value"),
        }
    }
}

/// A running cluster. Dropping it stops the server and removes its folder; so does the death of this process.
pub struct Cluster {
    url: String,
    /// The last field that does anything: its drop ends the cluster.
    _guardian: Guardian,
}

impl Cluster {
    /// Makes and starts a cluster; `settings` come after the default ones and win over them.
    pub fn start(settings: &[Setting]) -> Result<Self> {
        guardian::remove_leftovers();
        let programs = Programs::find_or_install()?;
        let account = Account::for_server()?;
        let folder = guardian::new_folder()?;
        let guardian = Guardian::watch(&folder)?;
        let password = random_password()?;
        let data = create(&programs, &account, &folder, &password)?;
        for attempt in 1..=PORT_ATTEMPTS_MAX {
            let port = free_port()?;
            write_settings(&data, port, settings)?;
            let log = folder.join("server").join("log");
            match launch(&programs, &account, &data, &log) {
                Ok(()) => {
                    let url = format!("postgres://fairfall:{password}@127.0.0.1:{port}/postgres");
                    return Ok(Self { url, _guardian: guardian });
                }
                Err(_) if attempt < PORT_ATTEMPTS_MAX && tail(&log).contains("could not bind") => {}
                Err(error) => return Err(error.context(format!("PostgreSQL did not start; its log ends:\n{}", tail(&log)))),
            }
        }
        bail!("no free port was found for PostgreSQL in {PORT_ATTEMPTS_MAX} attempts")
    }

    /// Where a superuser reaches the maintenance database; tests make their own databases from there.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// Keeps a cluster until this process is ended.
pub fn foreground(settings: &[Setting]) -> Result<()> {
    let cluster = Cluster::start(settings)?;
    println!("{}", cluster.url());
    println!("Ctrl-C stops it and removes its data");
    loop {
        std::thread::park();
    }
}

fn create(programs: &Programs, account: &Account, folder: &Path, password: &str) -> Result<PathBuf> {
    let home = folder.join("server");
    fs::create_dir(&home).with_context(|| format!("`{}` cannot be made", home.display()))?;
    fs::set_permissions(&home, fs::Permissions::from_mode(0o700))?;
    let password_file = home.join("password");
    fs::write(&password_file, password)?;
    account.give(&home)?;
    account.give(&password_file)?;
    let data = home.join("data");
    let mut initdb = account.command(&programs.initdb, &home);
    initdb.arg("--pgdata").arg(&data).arg("--pwfile").arg(&password_file);
    // a plain password over the loopback: the hashing of scram costs an unoptimised client 100 ms a connection
    initdb.args(["--username=fairfall", "--auth=password", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]);
    capture(&mut initdb)?;
    fs::remove_file(&password_file)?;
    Ok(data)
}

fn write_settings(data: &Path, port: u16, settings: &[Setting]) -> Result<()> {
    let path = data.join("postgresql.auto.conf");
    let mut text = format!("port = {port}\n");
    for (name, value) in DEFAULT_SETTINGS {
        writeln!(text, "{name} = '{value}'")?;
    }
    for Setting { name, value } in settings {
        writeln!(text, "{name} = '{}'", value.replace('\'', "''"))?;
    }
    // the file belongs to the server's account already: it is written into, not replaced
    fs::write(&path, text).with_context(|| format!("`{}` cannot be written", path.display()))
}

fn launch(programs: &Programs, account: &Account, data: &Path, log: &Path) -> Result<()> {
    let mut start = account.command(&programs.pg_ctl, data);
    start.arg("--pgdata").arg(data).arg("--log").arg(log).args(["--wait", "--timeout=60", "--silent", "start"]);
    // not `capture`: the server would keep the pipe open for as long as it lives
    start.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    crate::process::run(&mut start)
}

/// The system picks a port that is free now.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no port of 127.0.0.1 can be bound")?;
    Ok(listener.local_addr()?.port())
}

fn random_password() -> Result<String> {
    let mut bytes = [0_u8; 16];
    fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes)).context("/dev/urandom cannot be read")?;
    Ok(bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}")))
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_else(|error| format!("(no log: {error})"));
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(20)..).unwrap_or_default().join("\n")
}

#[cfg(test)]
mod tests {
    use super::Setting;

    #[test]
    fn a_setting_is_a_name_and_a_value() {
        assert_eq!(
            Setting::parse("shared_buffers=512MB").unwrap(),
            Setting { name: "shared_buffers".to_owned(), value: "512MB".to_owned() }
        );
        assert!(Setting::parse("pg_stat_statements.max=1000").is_ok());
        for wrong in ["", "=1", "fsync", "fsync off=1", "a'b=1"] {
            assert!(Setting::parse(wrong).is_err(), "{wrong}");
        }
    }
}
