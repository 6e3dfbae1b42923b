//! Sends what waits in the outbox. Every node does; the database decides who takes which mail. A mail server that does not answer delays mails
//! and nothing else.

use std::time::Duration;

use fairfall_persistence::repo::mail::{HeldMail, Tried};
use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;

use super::pause;
use super::trouble::Trouble;
use crate::app::{App, AppError, mail};
use crate::mailer::Mailer;

/// How often it looks for mails.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often mails that nobody can send are looked through for those whose time is over.
const EXPIRE_EVERY: Duration = Duration::from_mins(10);
/// The longest wait after a fault of the database.
const FAULT_WAIT_MAX: Duration = Duration::from_secs(30);
/// Mails that are taken at once, and sent beside each other.
const BATCH: u32 = 10;

/// Sends until `stop`. Without a way to a mail server the mails wait, and only those whose time is over are taken out.
pub(super) async fn run(app: App, mailer: Option<Mailer>, stop: CancellationToken) {
    let mut trouble = Trouble::new("mail", FAULT_WAIT_MAX);
    while !stop.is_cancelled() {
        let wait = match round(&app, mailer.as_ref()).await {
            Ok(wait) => {
                trouble.over();
                wait
            }
            Err(error) => trouble.met(&error),
        };
        if !pause(&stop, wait).await {
            return;
        }
    }
}

/// One look into the outbox; answers how long to wait for the next.
async fn round(app: &App, mailer: Option<&Mailer>) -> Result<Duration, AppError> {
    let Some(mailer) = mailer else {
        mail::expire(app).await?;
        return Ok(EXPIRE_EVERY);
    };
    let taken = mail::take(app, BATCH).await?;
    let sent = join_all(taken.iter().map(|held| send(app, mailer, held))).await;
    let count = u32::try_from(taken.len()).unwrap_or(u32::MAX);
    sent.into_iter().collect::<Result<(), AppError>>()?;
    // a full batch means that more wait
    Ok(if count == BATCH { Duration::ZERO } else { LOOK_EVERY })
}

async fn send(app: &App, mailer: &Mailer, held: &HeldMail) -> Result<(), AppError> {
    let fault = mailer.send(held, app.now()).await.err();
    match mail::answer(app, held, fault).await? {
        Tried::Sent => tracing::debug!(mail = %held.id, tries = held.tries, "a mail was sent"),
        Tried::Again { fault, at } => {
            tracing::warn!(mail = %held.id, tries = held.tries, %fault, %at, "a mail was not sent and is tried again");
        }
        Tried::Dead { fault } => tracing::error!(mail = %held.id, tries = held.tries, %fault, "a mail was given up"),
    }
    Ok(())
}
