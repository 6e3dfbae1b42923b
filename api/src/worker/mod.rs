//! What a node does by itself: it gives the journal its positions, follows it for subscribers, brings nurtured leads back, looks again at scores
//! that time changes, watches promises, notes agreements that were followed, moves what is due after a calendar changed, gives records from before them their blocking keys, and forgets what is no longer needed. Every worker may run on every node at once; the database decides who does what.
//!
//! To add a worker: write it in a file of its own as an async function that ends when its token is cancelled, and name it in [`spawn`].

mod agreement;
mod forecast;
mod journal;
mod mail;
mod prune;
mod rematch;
mod rescore;
mod resume;
mod retention;
mod sla;
mod sweep;
mod trouble;

#[cfg(test)]
mod tests;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::{App, event};
use crate::mailer::Mailer;

/// Starts all workers of a node. They end when `stop` is cancelled. Without a way to a mail server, mails wait.
pub fn spawn(app: &App, mailer: Option<Mailer>, stop: &CancellationToken) -> JoinSet<()> {
    let mut workers = JoinSet::new();
    workers.spawn(journal::run(app.store().clone(), stop.clone()));
    workers.spawn(event::follow(app.clone(), stop.clone()));
    workers.spawn(forecast::run(app.clone(), stop.clone()));
    workers.spawn(mail::run(app.clone(), mailer, stop.clone()));
    workers.spawn(rematch::run(app.clone(), stop.clone()));
    workers.spawn(rescore::run(app.clone(), stop.clone()));
    workers.spawn(resume::run(app.clone(), stop.clone()));
    workers.spawn(retention::run(app.clone(), stop.clone()));
    workers.spawn(sla::run(app.clone(), stop.clone()));
    workers.spawn(agreement::run(app.clone(), stop.clone()));
    workers.spawn(prune::run(app.clone(), stop.clone()));
    workers.spawn(sweep::run(app.clone(), stop.clone()));
    workers
}

/// Waits for a time; false when the node stops meanwhile.
async fn pause(stop: &CancellationToken, time: std::time::Duration) -> bool {
    tokio::select! {
        biased;
        () = stop.cancelled() => false,
        () = tokio::time::sleep(time) => true,
    }
}
