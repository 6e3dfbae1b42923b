//! What the journeys stand on: databases of one test each, servers in and out of this process, clients of every kind the API has, and an
//! organisation with somebody in every role.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "support of tests: what fails here fails the test that called it"
)]

pub mod actor;
pub mod agreement;
pub mod app;
pub mod cli;
pub mod client;
pub mod clock;
pub mod database;
pub mod environment;
pub mod factory;
pub mod mail_server;
pub mod mmdb;
pub mod node;
pub mod organisation;
pub mod process;
pub mod provider;
pub mod proxy;
pub mod redact;
pub mod socket;
pub mod statements;
pub mod stream;
pub mod wait;

pub use app::TestApp;
pub use client::{Client, Reply};
pub use database::{Kind, TestDatabase};

/// Makes two tests of an `async fn name(app: TestApp)`: `name::sqlite` and `name::postgres`. Settings of the server may come before it.
#[macro_export]
macro_rules! on_both_databases {
    ($( $(#[doc = $doc:literal])* $(settings $settings:tt)? async fn $name:ident($app:ident: $kind:ty) $body:block )+) => { $(
        mod $name {
            #[allow(unused_imports, clippy::allow_attributes, reason = "whatever the test's own file brought in")]
            use super::*;

            $(#[doc = $doc])*
            async fn run($app: $kind) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $crate::app::run($crate::Kind::Sqlite, $crate::settings!($($settings)?), run).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::app::run($crate::Kind::Postgres, $crate::settings!($($settings)?), run).await;
            }
        }
    )+ };
}

/// The settings of a server: `settings!([("LIMITS__DEPTH_MAX", "3")])`, or none.
#[macro_export]
macro_rules! settings {
    () => {
        &[]
    };
    ($settings:tt) => {
        &$settings
    };
}
