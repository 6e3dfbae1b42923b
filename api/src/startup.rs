//! Puts a process together: database, rules, keys, schema, listener, workers; and takes it apart again.
//!
//! The command line and the tests start a server the same way: [`start`] on a listener that is already bound.

mod opening;
mod transport;

use std::error::Error;
use std::io;
use std::net::{SocketAddr, TcpListener};

use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::auth::SessionAuthenticator;
use crate::config::Config;
use crate::graphql::schema;
use crate::http::{self, Readiness, until_signal};
use crate::mailer::Mailer;
use crate::worker;

pub use opening::{StartupError, Storage, database_config, open_app, open_store, with_clock};

/// All that a server needs, with nothing running yet.
#[derive(Debug)]
pub struct Prepared {
    app: App,
    config: Config,
    listener: TcpListener,
    address: SocketAddr,
}

impl Prepared {
    /// Opens the database, brings an embedded one up to date, and takes the address.
    ///
    /// # Errors
    /// [`StartupError`], each with what to do.
    pub async fn new(config: Config) -> Result<Self, StartupError> {
        let app = open_app(&config).await?;
        let listener = bind(config.listen)?;
        Self::over(app, config, listener)
    }

    /// A server of this app on this listener.
    ///
    /// # Errors
    /// When the listener does not tell its address.
    pub fn over(app: App, config: Config, listener: TcpListener) -> Result<Self, StartupError> {
        let address = listener.local_addr().map_err(|source| StartupError::Listen { address: config.listen, source })?;
        Ok(Self { app, config, listener, address })
    }

    /// Where it will serve; the port that was taken when 0 was asked for.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The use cases.
    pub const fn app(&self) -> &App {
        &self.app
    }

    /// Starts to serve. Ends when the answer is told to stop.
    ///
    /// # Errors
    /// When the documents cannot be read or the server cannot start.
    pub fn start(self) -> Result<Running, StartupError> {
        let Self { app, config, listener, address } = self;
        let stop = CancellationToken::new();
        let mailer = config.mail.as_ref().map(Mailer::new).transpose()?;
        let transport = transport::transport_config(&config, &app, stop.clone())?;
        let api = schema::Api::new(app.clone(), config.limits.clone());
        let authenticate = SessionAuthenticator::new(app.clone());
        let listening = |source| StartupError::Listen { address, source };
        listener.set_nonblocking(true).map_err(listening)?;
        let server = http::build(listener, transport, api, authenticate, readiness(&app)).map_err(listening)?;
        let workers = worker::spawn(&app, mailer, &stop);
        let join = tokio::spawn(supervise(server, workers, app.clone(), stop.clone()));
        Ok(Running { address, app, stop, join })
    }

    /// Serves until SIGINT or SIGTERM, and then until what is running has ended.
    ///
    /// # Errors
    /// [`StartupError`] when it cannot start or fails while it runs.
    pub async fn run(self) -> Result<(), StartupError> {
        let running = self.start()?;
        let signal = tokio::spawn(until_signal(running.stop.clone()));
        let ended = running.join.await;
        signal.abort();
        ended.unwrap_or_else(|panic| Err(io::Error::other(panic))).map_err(StartupError::Served)
    }
}

/// A server that runs.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    app: App,
    stop: CancellationToken,
    join: JoinHandle<io::Result<()>>,
}

impl Running {
    /// Where it serves.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The use cases it serves.
    pub const fn app(&self) -> &App {
        &self.app
    }

    /// Tells it to stop: sockets are closed, what runs may end.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Waits until it has stopped.
    ///
    /// # Errors
    /// When it failed while it ran.
    pub async fn join(self) -> io::Result<()> {
        self.join.await.unwrap_or_else(|panic| Err(io::Error::other(panic)))
    }
}

/// Starts a server on a listener that is already bound; port 0 serves tests.
///
/// # Errors
/// [`StartupError`], each with what to do.
pub async fn start(config: Config, listener: TcpListener) -> Result<Running, StartupError> {
    let app = open_app(&config).await?;
    Prepared::over(app, config, listener)?.start()
}

fn bind(address: SocketAddr) -> Result<TcpListener, StartupError> {
    TcpListener::bind(address).map_err(|source| StartupError::Listen { address, source })
}

/// Waits for the server, then for the workers, then closes the database: what is written last is written whole.
async fn supervise(server: actix_web::dev::Server, workers: JoinSet<()>, app: App, stop: CancellationToken) -> io::Result<()> {
    let outcome = server.await;
    // a server that failed takes its workers with it
    stop.cancel();
    let _ended = workers.join_all().await;
    if let Err(error) = app.store().close().await {
        let error: &(dyn Error + 'static) = &error;
        tracing::warn!(error, "the database was not closed in order");
    }
    outcome
}

/// Ready means: the database answers and has every migration that this version knows.
fn readiness(app: &App) -> Readiness {
    let store = app.store().clone();
    Readiness::new(move || {
        let store = store.clone();
        async move {
            match store.migration_status().await {
                Err(_) => vec!["the database does not answer".to_owned()],
                Ok(steps) => {
                    let missing = steps.iter().filter(|step| !step.applied).count();
                    if missing == 0 {
                        Vec::new()
                    } else {
                        vec![format!("{missing} migrations are pending: run `fairfall migrate up`")]
                    }
                }
            }
        }
    })
}
