//! A server in this process with an organisation, on a database of its own.

use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use fairfall::app::App;
use fairfall::config::{Config, Sources};
use fairfall::startup::{Prepared, Running, Storage, open_store, with_clock};
use sea_orm::DatabaseConnection;

use crate::actor;
use crate::client::Client;
use crate::clock::TestClock;
use crate::database::{Kind, TestDatabase};
use crate::organisation::Organisation;

/// Signs the tokens of all servers of a test.
pub const TOKEN_KEY: &str = "b2rM0Gv7mQ1xj3yPq8kZs5uTt9wXc4nLh6aFdEiBoUg=";

/// How long a server of a test may take to stop.
const STOP_PATIENCE: Duration = Duration::from_secs(10);

/// Settings of a server beside those of every test: names of variables without `FAIRFALL_`, and values.
pub type Settings = [(&'static str, &'static str)];

/// A server that answers, and all that a test does with it.
#[derive(Clone, Debug)]
pub struct TestApp(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    database: Arc<TestDatabase>,
    organisation: Organisation,
    clock: TestClock,
    app: App,
    address: SocketAddr,
}

/// Runs a test with a server of its own, and takes the server apart whatever came of the test.
pub async fn run<F: Future<Output = ()> + Send + 'static>(kind: Kind, settings: &Settings, test: fn(TestApp) -> F) {
    let Some(database) = TestDatabase::of(kind).await else { return };
    let database = Arc::new(database);
    let clock = TestClock::default();
    let organisation = prepare(&database, &clock).await;
    let (app, running) = serve(&database, &organisation, &clock, settings).await;
    let outcome = tokio::spawn(test(app)).await;
    stop(running).await;
    if let Err(failure) = outcome {
        resume_unwind(failure.into_panic());
    }
}

/// Makes the tables, the shipped rules and the organisation.
pub async fn prepare(database: &TestDatabase, clock: &TestClock) -> Organisation {
    let store = open_store(&config(database, &[]), Storage::Migrated, &clock.clock()).await.expect("the tables can be made");
    let organisation = Organisation::seed(&store, clock.now()).await;
    store.close().await.expect("the database can be closed");
    organisation
}

async fn serve(
    database: &Arc<TestDatabase>,
    organisation: &Organisation,
    clock: &TestClock,
    settings: &Settings,
) -> (TestApp, Running) {
    let config = config(database, settings);
    let app = with_clock(&config, clock.clock()).await.expect("the server can open its database");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let prepared = Prepared::over(app, config, listener).expect("the listener has an address");
    let running = prepared.start().expect("the server starts");
    let inner = Inner {
        database: Arc::clone(database),
        organisation: organisation.clone(),
        clock: clock.clone(),
        app: running.app().clone(),
        address: running.address(),
    };
    (TestApp(Arc::new(inner)), running)
}

/// Tells a server to stop and waits for it.
async fn stop(running: Running) {
    running.stop();
    let ended = tokio::time::timeout(STOP_PATIENCE, running.join()).await;
    ended.expect("the server stops when it is told to").expect("the server did not fail");
}

/// The configuration of a test's server.
pub fn config(database: &TestDatabase, settings: &Settings) -> Config {
    let environment = environment(database.url(), settings);
    let sources = Sources { file: None, environment, ..Sources::default() };
    Config::from_sources(&sources).unwrap_or_else(|error| panic!("{error}"))
}

/// The variables of a test's server, in or out of this process.
pub fn environment(url: &str, settings: &Settings) -> Vec<(String, String)> {
    let common = [
        ("DATABASE_URL", url),
        ("TOKEN_KEY", TOKEN_KEY),
        ("LISTEN", "127.0.0.1:0"),
        ("MODE", "development"),
        ("POOL__CONNECTIONS_MAX", "8"),
        ("LOG", "warn"),
    ];
    let all = common.iter().filter(|(name, _)| !settings.iter().any(|(other, _)| other == name)).chain(settings);
    all.map(|(name, value)| (format!("FAIRFALL_{name}"), (*value).to_owned())).collect()
}

impl TestApp {
    /// A client that has not signed in.
    pub fn anonymous(&self) -> Client {
        Client::new(self.0.address)
    }

    /// A client of somebody who signed in; the partner comes with its key.
    pub async fn actor(&self, who: &str) -> Client {
        if who == "partner" {
            return self.anonymous().with_token(self.0.organisation.partner_key());
        }
        actor::sign_in(&self.anonymous(), who).await
    }

    /// Clients of several.
    pub async fn actors<const N: usize>(&self, who: [&str; N]) -> [Client; N] {
        let mut clients = Vec::with_capacity(N);
        for who in who {
            clients.push(self.actor(who).await);
        }
        clients.try_into().expect("one client for each")
    }

    /// Who and what there is.
    pub fn organisation(&self) -> &Organisation {
        &self.0.organisation
    }

    /// The server's clock.
    pub fn clock(&self) -> &TestClock {
        &self.0.clock
    }

    /// The use cases of the server.
    pub fn app(&self) -> &App {
        &self.0.app
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// The database.
    pub fn database(&self) -> &TestDatabase {
        &self.0.database
    }

    /// A connection of the test's own to the database.
    pub async fn connection(&self) -> DatabaseConnection {
        self.0.database.connect().await
    }
}
