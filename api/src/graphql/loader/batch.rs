//! When a batch is closed: as soon as every field that could be asked for now has been asked.

use std::time::Duration;

use async_graphql::runtime::Timer;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::task::{FutureObj, Spawn, SpawnError};
use tokio::runtime::{Handle, RuntimeFlavor};

/// Runs batches beside the request that waits for them.
pub(super) struct OnTokio;

impl Spawn for OnTokio {
    fn spawn_obj(&self, future: FutureObj<'static, ()>) -> Result<(), SpawnError> {
        let runtime = Handle::try_current().map_err(|_| SpawnError::shutdown())?;
        runtime.spawn(future);
        Ok(())
    }
}

/// Waits until the request has come to a halt. A thread that runs one task at a time polls all fields of a level before it comes back here, so
/// that no time is lost; with several threads only time tells.
pub(super) struct NextTurn;

impl Timer for NextTurn {
    fn delay(&self, duration: Duration) -> BoxFuture<'static, ()> {
        async move {
            match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
                Ok(RuntimeFlavor::CurrentThread) => tokio::task::yield_now().await,
                Ok(_) | Err(_) => tokio::time::sleep(duration).await,
            }
        }
        .boxed()
    }
}
