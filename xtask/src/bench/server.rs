//! The release server: built, given users, started, watched from outside.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::process::{cargo, describe, locked, run, target_folder};

/// The limits stand as shipped but for this one: more points than one user can spend in a run.
const POINTS: (&str, &str) = ("FAIRFALL_LIMITS__RATE_POINTS_PER_MINUTE", "4000000000");

/// What the first lines of `serve` say before the address.
const ADDRESS_AFTER: &str = "http://";

/// Builds the release binary and answers where it is.
pub fn build() -> Result<PathBuf> {
    run(cargo().args(["build", "--release", "--package", "fairfall"]).args(locked()))?;
    Ok(target_folder()?.join("release").join("fairfall"))
}

/// How the commands of the server are called.
pub struct Program {
    binary: PathBuf,
    /// Working folder; no configuration file lies there.
    folder: PathBuf,
    database_url: String,
    token_key: String,
}

impl Program {
    /// For a database and a folder of its own.
    pub fn new(binary: &Path, folder: &Path, database_url: &str) -> Result<Self> {
        let mut bytes = [0_u8; 32];
        File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes)).context("/dev/urandom cannot be read")?;
        let token_key = bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        Ok(Self { binary: binary.to_owned(), folder: folder.to_owned(), database_url: database_url.to_owned(), token_key })
    }

    /// A command of the server.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(arguments).current_dir(&self.folder).env(POINTS.0, POINTS.1);
        command.env("FAIRFALL_DATABASE_URL", &self.database_url).env("FAIRFALL_TOKEN_KEY", &self.token_key);
        command
    }

    /// Makes a user who can sign in.
    pub fn create_user(&self, email: &str, role: &str, rank: &str, password: &str) -> Result<()> {
        let mut command = self.command(&[
            "user",
            "create",
            "--email",
            email,
            "--name",
            "Bench",
            "--role",
            role,
            "--rank",
            rank,
            "--password-stdin",
        ]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().context("`fairfall` could not be started")?;
        child.stdin.take().context("`user create` takes no input")?.write_all(password.as_bytes())?;
        let status = child.wait()?;
        ensure!(status.success(), "{} ended with {status}", describe(&command));
        Ok(())
    }

    /// Starts to serve on a free port and waits until it takes requests.
    pub fn serve(&self) -> Result<Server> {
        let log = File::create(self.folder.join("serve.log")).context("no log file can be made")?;
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .context("`fairfall serve` could not be started")?;
        let output = child.stdout.take().context("`serve` has no output")?;
        let mut server = Server { child, address: SocketAddr::from(([127, 0, 0, 1], 0)), output: BufReader::new(output) };
        server.address =
            server.read_address().with_context(|| fs::read_to_string(self.folder.join("serve.log")).unwrap_or_default())?;
        Ok(server)
    }
}

/// A running server; dropping it ends it.
pub struct Server {
    child: Child,
    address: SocketAddr,
    /// Kept open: a server that writes into a closed pipe would fail.
    output: BufReader<std::process::ChildStdout>,
}

/// Sizes in KiB.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    /// What is resident now.
    pub resident: u64,
    /// The most that was since the peak was forgotten.
    pub peak: u64,
}

impl Server {
    /// Where it serves.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    fn read_address(&mut self) -> Result<SocketAddr> {
        let mut line = String::new();
        while self.output.read_line(&mut line)? > 0 {
            if let Some((_, rest)) = line.split_once(ADDRESS_AFTER) {
                let address = rest.split('/').next().unwrap_or_default();
                return address.trim().parse().with_context(|| format!("`serve` printed the address `{address}`"));
            }
            line.clear();
        }
        bail!("`serve` ended without telling its address")
    }

    /// How much memory it uses.
    pub fn memory(&self) -> Result<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .context("the memory of a process is read from /proc")?;
        let read = |name: &str| -> Option<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().ok()
        };
        let sizes = read("VmRSS").zip(read("VmHWM")).map(|(resident, peak)| Memory { resident, peak });
        sizes.context("/proc tells no sizes")
    }

    /// How long its threads have been running on a core, all together.
    pub fn busy(&self) -> Result<Duration> {
        let stat =
            fs::read_to_string(format!("/proc/{}/stat", self.child.id())).context("the time of a process is read from /proc")?;
        // behind the name, which may hold anything, the 12th and 13th figures are clock ticks in user and kernel mode, 100 a second
        let (_, figures) = stat.rsplit_once(") ").context("/proc tells no times")?;
        let ticks: u64 = figures.split(' ').skip(11).take(2).filter_map(|figure| figure.parse::<u64>().ok()).sum();
        Ok(Duration::from_millis(ticks * 10))
    }

    /// Lets the peak start again from what is resident now.
    pub fn forget_peak(&self) -> Result<()> {
        fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").context("the peak of a process cannot be reset")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait().map(|_| ())) {
            println!("warning: `fairfall serve` may still run: {error}");
        }
    }
}
