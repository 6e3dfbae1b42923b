//! A person follows the link that takes consent back.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::consent::{OptInState, Purpose, Sender, withdraw as words_of};
use fairfall_domain::person::Person;
use fairfall_persistence::{UnitOfWork, repo};

use super::keep::keep_by_link;
use super::throttle;
use crate::app::rules::Rules;
use crate::app::session::Client;
use crate::app::{App, AppError};
use crate::auth::link::LinkToken;

/// Withdraws a person from the purpose of the link, or from the purposes that are named, over every channel. Requests for them that still wait are
/// taken back. The link stays good, and using it again changes nothing. Whether the link was known is not told.
///
/// # Errors
/// `Throttled` when too many secrets that are none of ours came from the same address.
#[tracing::instrument(name = "app.consent.withdraw", skip_all)]
pub async fn withdraw(app: &App, client: &Client, token: &str, purposes: Vec<Purpose>) -> Result<(), AppError> {
    let now = app.now();
    throttle::refuse(app, client, now).await?;
    let Ok(token) = LinkToken::parse_withdraw(token) else { return throttle::count(app, client, now).await };
    let (hash, of, purposes) = (token.hash().to_hex(), client.clone(), Arc::new(purposes));
    let rules = app.rules().await?;
    let known = app
        .store()
        .transact(move |uow| {
            let (hash, client, purposes, rules) = (hash.clone(), of.clone(), purposes.clone(), rules.clone());
            Box::pin(async move { withdraw_once(uow, &rules, &client, (&hash, &purposes), now).await })
        })
        .await?;
    if known { Ok(()) } else { throttle::count(app, client, now).await }
}

/// Whether there is such a link at all.
async fn withdraw_once(
    uow: &UnitOfWork,
    rules: &Rules,
    client: &Client,
    asked: (&str, &[Purpose]),
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let (hash, purposes) = asked;
    let Some((id, of_link)) = repo::opt_in::find_link(uow, hash).await? else { return Ok(false) };
    let grant = Grant::system(Action::UpdatePerson);
    // a link that went to whoever was merged into another speaks for the other
    let id = repo::merge::living::<Person>(uow, id).await?;
    let Some(person) = repo::person::load_for_command(uow, &grant, id).await? else { return Ok(true) };
    let own = [of_link];
    let purposes = if purposes.is_empty() { own.as_slice() } else { purposes };
    for open in repo::opt_in::open_of(uow, person.id).await?.iter().filter(|open| purposes.contains(&open.purpose)) {
        repo::opt_in::close(uow, &open.closed(OptInState::Cancelled, now)).await?;
        repo::mail::cancel(uow, open.id, now).await?;
    }
    let from = Sender::new(client.ip, client.user_agent.as_deref());
    let words = words_of(&person.consents, purposes, &from, now);
    keep_by_link(uow, rules, client, &person, &words, None, now).await?;
    Ok(true)
}
