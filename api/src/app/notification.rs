//! What one is told: everybody reads their own, says what was read, and how they want to be told.

use std::collections::{BTreeMap, BTreeSet};

use async_stream::try_stream;
use fairfall_domain::access::Action;
use fairfall_domain::id::{EventId, NotificationId, UserId};
use fairfall_domain::notification::{Notification, NotificationKind, NotificationSettings};
use fairfall_persistence::repo;
use fairfall_persistence::repo::notification::{ReadWhat, Which};
use fairfall_persistence::{Page, PageArgs};
use futures_util::{Stream, StreamExt as _, pin_mut};

use super::event::{Fresh, batches};
use super::{App, AppError, Caller, Rejection};

/// What came of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadNow {
    /// How many are still unread, counted to 10,000.
    pub unread: u32,
    /// Whether all of them had been read before.
    pub already_done: bool,
}

/// A notification with its place in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// The position of its event.
    pub position: u64,
    /// The notification.
    pub notification: Notification,
}

fn user(caller: &Caller) -> Result<UserId, AppError> {
    caller.must(Action::ViewNotification)?;
    Ok(caller.actor.user)
}

/// A page of what the caller was told, the newest first; empty for those who are told nothing.
///
/// # Errors
/// A cursor of another list.
#[tracing::instrument(name = "app.notification.page", skip_all)]
pub async fn page(app: &App, caller: &Caller, which: Which, args: &PageArgs) -> Result<Page<Notification>, AppError> {
    let Ok(user) = user(caller) else { return Ok(Page { items: Vec::new(), has_next: false, has_previous: false }) };
    Ok(repo::notification::page(&app.reader(), user, which, args).await?)
}

/// How many notifications the caller has not read, counted to 10,000.
///
/// # Errors
/// When the database fails.
pub async fn unread(app: &App, caller: &Caller) -> Result<u32, AppError> {
    let Ok(user) = user(caller) else { return Ok(0) };
    Ok(repo::notification::unread(&app.reader(), user).await?)
}

/// Notes what the caller has read. Reading again changes nothing.
///
/// # Errors
/// `NotAllowed` for those who are told nothing; `NotFound` for what is not the caller's.
#[tracing::instrument(name = "app.notification.read", skip_all)]
pub async fn read(app: &App, caller: &Caller, what: ReadWhat) -> Result<ReadNow, AppError> {
    let (user, now) = (user(caller)?, app.now());
    app.store()
        .transact(move |uow| {
            let what = what.clone();
            Box::pin(async move {
                let (field, ids): (&str, BTreeSet<NotificationId>) = match &what {
                    ReadWhat::These(ids) => ("ids", ids.iter().copied().collect()),
                    ReadWhat::UpTo(id) => ("upTo", BTreeSet::from([*id])),
                };
                let found = repo::notification::find_many(uow, user, &ids.iter().copied().collect::<Vec<_>>()).await?;
                if found.len() < ids.len() {
                    return Err(AppError::not_found(field));
                }
                let changed = repo::notification::mark_read(uow, user, &what, now).await?;
                let unread = repo::notification::unread(uow, user).await?;
                Ok(ReadNow { unread, already_done: changed == 0 })
            })
        })
        .await
}

/// How the caller wants to be told; nothing for those who are told nothing.
///
/// # Errors
/// When the database fails.
pub async fn settings(app: &App, caller: &Caller) -> Result<Option<NotificationSettings>, AppError> {
    let Ok(user) = user(caller) else { return Ok(None) };
    Ok(Some(repo::notification::settings(&app.reader(), user).await?))
}

/// Changes how the caller wants to be told: of each kind that is named, whether a mail is sent. What changes nothing makes no version.
///
/// # Errors
/// `NotAllowed` for those who are told nothing; `VersionConflict`.
#[tracing::instrument(name = "app.notification.update_settings", skip_all)]
pub async fn update_settings(
    app: &App,
    caller: &Caller,
    mails: BTreeMap<NotificationKind, bool>,
    expected_version: Option<u32>,
) -> Result<NotificationSettings, AppError> {
    let (user, now, caller) = (user(caller)?, app.now(), caller.clone());
    app.store()
        .transact(move |uow| {
            let (caller, mails) = (caller.clone(), mails.clone());
            Box::pin(async move {
                let before = repo::notification::settings(uow, user).await?;
                if expected_version.is_some_and(|expected| expected != before.version) {
                    return Err(Rejection::VersionConflict { current: Some(before.version) }.into());
                }
                let mut changed = before.clone();
                for (kind, wanted) in mails {
                    let _changes = if wanted { changed.no_mail.remove(&kind) } else { changed.no_mail.insert(kind) };
                }
                if changed == before {
                    return Ok(before);
                }
                changed.version = before.version.saturating_add(1);
                repo::notification::put_settings(uow, &changed, before.version, now).await?;
                caller.audit(uow, Action::ViewNotification, "notification_setting", user.uuid(), now).await?;
                Ok(changed)
            })
        })
        .await
}

/// What the caller is told from now on, or after a position of the journal; each once, in order.
///
/// # Errors
/// As [`super::event::subscribe`].
pub async fn subscribe(
    app: &App,
    caller: &Caller,
    after: Option<u64>,
) -> Result<impl Stream<Item = Result<Arrived, AppError>> + Send + use<>, AppError> {
    caller.must(Action::ViewNotification)?;
    let (app, batches) = (app.clone(), batches(app, caller, after).await?);
    Ok(try_stream! {
        pin_mut!(batches);
        while let Some(fresh) = batches.next().await {
            for arrived in told(&app, fresh?).await? {
                yield arrived;
            }
        }
    })
}

/// What of a batch of events the caller was told of.
async fn told(app: &App, fresh: Fresh) -> Result<Vec<Arrived>, AppError> {
    let user = user(&fresh.caller)?;
    let positions: BTreeMap<EventId, u64> =
        fresh.entries.iter().filter(|seen| seen.was_told(user)).map(|seen| (seen.entry.event, seen.entry.position)).collect();
    let events: Vec<EventId> = positions.keys().copied().collect();
    let found = repo::notification::of_events(&app.reader(), user, &events).await?;
    let placed = found
        .into_iter()
        .filter_map(|notification| Some(Arrived { position: positions.get(&notification.event).copied()?, notification }));
    let mut placed: Vec<Arrived> = placed.collect();
    placed.sort_by_key(|arrived| arrived.position);
    Ok(placed)
}
