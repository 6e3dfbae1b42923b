//! A person follows the link that gives consent.

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::consent::{OptInState, Sender};
use fairfall_domain::person::Person;
use fairfall_persistence::{UnitOfWork, repo};

use super::keep::keep_by_link;
use super::link::address_digest;
use super::throttle;
use crate::app::rules::Rules;
use crate::app::session::Client;
use crate::app::{App, AppError};
use crate::auth::link::LinkToken;

/// Confirms a request by the secret of its link. Whether it confirmed anything is not told: an unknown, used or late link, and one that went to
/// an address that the person has no more, look the same to whoever sends it.
///
/// # Errors
/// `Throttled` when too many secrets that are none of ours came from the same address.
#[tracing::instrument(name = "app.consent.confirm", skip_all)]
pub async fn confirm(app: &App, client: &Client, token: &str) -> Result<(), AppError> {
    let now = app.now();
    throttle::refuse(app, client, now).await?;
    let Ok(token) = LinkToken::parse_confirm(token) else { return throttle::count(app, client, now).await };
    let (hash, of, rules) = (token.hash().to_hex(), client.clone(), app.rules().await?);
    let known = app
        .store()
        .transact(move |uow| {
            let (hash, client, rules) = (hash.clone(), of.clone(), rules.clone());
            Box::pin(async move { confirm_once(uow, &rules, &client, &hash, now).await })
        })
        .await?;
    if known { Ok(()) } else { throttle::count(app, client, now).await }
}

/// Whether there is such a link at all.
async fn confirm_once(
    uow: &UnitOfWork,
    rules: &Rules,
    client: &Client,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let Some(found) = repo::opt_in::find_by_token(uow, hash).await? else { return Ok(false) };
    // whatever speaks of a person waits for its row, so that the request is read again behind it
    let grant = Grant::system(Action::UpdatePerson);
    // whoever was merged into another is asked for under the other's name
    let living = repo::merge::living::<Person>(uow, found.person).await?;
    let Some(person) = repo::person::load_for_command(uow, &grant, living).await? else { return Ok(true) };
    let Some(opt_in) = repo::opt_in::find_by_token(uow, hash).await? else { return Ok(true) };
    let address = person.email.as_ref().map(address_digest).unwrap_or_default();
    let from = Sender::new(client.ip, client.user_agent.as_deref());
    let words = match opt_in.confirm(&address, &from, now) {
        Ok(words) => words,
        Err(fault) => {
            tracing::info!(?fault, "a link for consent was followed in vain");
            return Ok(true);
        }
    };
    repo::opt_in::close(uow, &opt_in.closed(OptInState::Confirmed, now)).await?;
    keep_by_link(uow, rules, client, &person, &words, Some(opt_in.id), now).await?;
    Ok(true)
}
