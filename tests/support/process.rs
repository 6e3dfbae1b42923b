//! A server in a process of its own, that can be killed.

use std::net::SocketAddr;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::app::{Settings, environment};
use crate::client::Client;
use crate::database::TestDatabase;
use crate::environment as outside;
use crate::wait::within;

/// A process that serves; killed with this value.
#[derive(Debug)]
pub struct ServerProcess {
    child: Child,
    address: SocketAddr,
    lines: Vec<String>,
}

impl ServerProcess {
    /// `fairfall serve` on a database whose tables are there.
    pub async fn serve(database: &TestDatabase, settings: &Settings) -> Self {
        Self::spawn(database, &["serve"], environment(database.url(), settings)).await
    }

    /// Any command that serves, in the folder of the database.
    pub async fn spawn(database: &TestDatabase, arguments: &[&str], variables: Vec<(String, String)>) -> Self {
        let mut command = command(database, arguments, variables);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the binary is built before the tests run");
        let output = child.stdout.take().expect("its output is a pipe");
        let mut reading = BufReader::new(output).lines();
        let mut lines = Vec::new();
        let address = within("the server's start", async {
            while let Some(line) = reading.next_line().await.expect("its output is text") {
                let address = address_in(&line);
                lines.push(line);
                if let Some(address) = address {
                    return address;
                }
            }
            panic!("it ended without serving:\n{}", lines.join("\n"))
        })
        .await;
        // what it says later is read, so that it never waits for a reader
        tokio::spawn(async move { while let Ok(Some(_)) = reading.next_line().await {} });
        let server = Self { child, address, lines };
        server.wait_until_it_answers().await;
        server
    }

    async fn wait_until_it_answers(&self) {
        let client = self.client();
        crate::wait::until("the server's first answer", || async {
            let response = client.request("GET", "/readyz").send().await.ok()?;
            response.status().is_success().then_some(())
        })
        .await;
    }

    /// A client that has not signed in.
    pub fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it said until it served.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Kills it at once (SIGKILL): nothing of it runs any more.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("a process can be killed");
    }
}

/// The binary with only these variables in its environment.
pub(crate) fn command(database: &TestDatabase, arguments: &[&str], variables: Vec<(String, String)>) -> Command {
    let mut command = Command::new(outside::binary());
    command.args(arguments).current_dir(database.folder()).env_clear().env("PATH", outside::path()).envs(variables);
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// The address in the line that tells where the API is.
fn address_in(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("http://")?;
    rest.split_once("/graphql")?.0.parse().ok()
}
