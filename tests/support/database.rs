//! A database of one test, gone with it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection};
use tempfile::TempDir;

use crate::environment;

static MADE: AtomicU32 = AtomicU32::new(0);

/// The databases that the product runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Embedded, in one file.
    Sqlite,
    /// A server.
    Postgres,
}

/// An empty database in a folder of its own (`PostgreSQL` only uses the folder for files beside it).
#[derive(Debug)]
pub struct TestDatabase {
    kind: Kind,
    url: String,
    folder: TempDir,
    made_in: Option<(String, String)>,
}

impl TestDatabase {
    /// A database of this kind; none, and a note about it, when there is no server to make it in.
    pub async fn of(kind: Kind) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        match kind {
            Kind::Sqlite => {
                let url = format!("sqlite://{}?mode=rwc", folder.path().join("fairfall.db").display());
                Some(Self { kind, url, folder, made_in: None })
            }
            Kind::Postgres => {
                let Some(server) = environment::postgres_url() else {
                    environment::note("FAIRFALL_TEST_POSTGRES_URL is not set: nothing was tested on PostgreSQL");
                    return None;
                };
                let name = format!("fairfall_t_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
                execute(&server, &[format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}")])
                    .await;
                let (before, _) = server.rsplit_once('/').expect("the server's URL ends with a database");
                Some(Self { kind, url: format!("{before}/{name}"), folder, made_in: Some((server, name)) })
            }
        }
    }

    /// Which kind it is.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A folder for files of the test.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file in that folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A connection beside those of the server.
    pub async fn connect(&self) -> DatabaseConnection {
        open(&self.url).await
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some((server, name)) = self.made_in.take() else { return };
        // a destructor cannot wait, and a test that fails must leave nothing behind either
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
            runtime.block_on(execute(&server, &[format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")]));
        });
        if dropping.join().is_err() {
            environment::tell("a test database was left behind");
        }
    }
}

async fn open(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.expect("the test's database can be reached")
}

async fn execute(url: &str, statements: &[String]) {
    let connection = open(url).await;
    for statement in statements {
        connection.execute_unprepared(statement).await.expect("databases can be made and dropped");
    }
    connection.close().await.expect("a connection can be closed");
}
