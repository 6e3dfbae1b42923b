//! Events: the journal as callers may follow it. A subscriber that was away comes back with the position it saw last, replays, then goes live,
//! and sees each event once, in order.

mod hub;
mod sight;

use std::sync::Arc;

use async_stream::try_stream;
use fairfall_domain::access::Action;
use fairfall_domain::id::LeadId;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_domain::waterfall::event::EventKind;
use fairfall_persistence::journal::{self, JournalEntry};
use futures_util::{Stream, StreamExt as _, pin_mut};
use tokio::sync::broadcast::error::RecvError;

use super::{App, AppError, Caller, Rejection, session};

pub(super) use hub::Hub;
pub use hub::follow;
use sight::{Seen, look};

/// How many events one read of the journal takes.
const REPLAY_BATCH: u32 = 500;
/// How many batches one page reads at the most.
const PAGE_BATCHES_MAX: u32 = 20;

/// Which events a caller wants; an empty list wants all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Kinds.
    pub kinds: Vec<EventKind>,
    /// Leads.
    pub leads: Vec<LeadId>,
}

impl EventFilter {
    fn wants(&self, entry: &JournalEntry) -> bool {
        let kind = self.kinds.is_empty() || self.kinds.contains(&entry.kind);
        let lead = self.leads.is_empty() || entry.lead.is_some_and(|lead| self.leads.contains(&lead));
        kind && lead
    }
}

/// A page of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventPage {
    /// The events, oldest first.
    pub entries: Vec<JournalEntry>,
    /// The position that was read up to; the next page starts there.
    pub position: u64,
    /// Whether there may be more after it.
    pub more: bool,
}

/// The events after a position that the caller may see, at most `limit`; from the oldest that is kept without a position. A page may be short or
/// empty although there is more: one call reads a bounded part of the journal.
///
/// # Errors
/// `CursorExpired` when events after the position are not kept any more; a fault when the position lies in the future.
pub async fn page_after(
    app: &App,
    caller: &Caller,
    filter: &EventFilter,
    after: Option<u64>,
    limit: u32,
) -> Result<EventPage, AppError> {
    let mut position = match after {
        Some(after) => after,
        None => journal::oldest(&app.reader()).await?.map_or(0, |oldest| oldest.saturating_sub(1)),
    };
    if caller.may(Action::FollowEvents).is_none() {
        return Ok(EventPage { entries: Vec::new(), position, more: false });
    }
    check_position(app, position).await?;
    let mut found = Vec::new();
    for _ in 0..PAGE_BATCHES_MAX {
        let entries = journal::read_after(&app.reader(), position, REPLAY_BATCH).await?;
        let full = u32::try_from(entries.len()).is_ok_and(|count| count == REPLAY_BATCH);
        for seen in look(app, entries).await? {
            position = seen.entry.position;
            if filter.wants(&seen.entry) && seen.is_visible_to(caller) {
                found.push(seen.entry);
            }
            if u32::try_from(found.len()).is_ok_and(|count| count >= limit) {
                return Ok(EventPage { entries: found, position, more: true });
            }
        }
        if !full {
            return Ok(EventPage { entries: found, position, more: false });
        }
    }
    Ok(EventPage { entries: found, position, more: true })
}

async fn check_position(app: &App, after: u64) -> Result<(), AppError> {
    let reader = app.reader();
    let head = journal::head(&reader).await?;
    if after > head {
        return Err(Violations::one("after", ViolationCode::OutOfRange, "the cursor is of another journal").into());
    }
    let oldest = journal::oldest(&reader).await?;
    if oldest.is_some_and(|oldest| after.saturating_add(1) < oldest) {
        return Err(AppError::CursorExpired);
    }
    Ok(())
}

/// The newest position.
pub async fn head(app: &App) -> Result<u64, AppError> {
    Ok(journal::head(&app.reader()).await?)
}

/// The events after a position, replayed and then live. Without a position only what happens from now on. What the caller may see is asked for
/// each batch afresh, and the stream ends when its session does.
///
/// # Errors
/// As [`page_after`]; `NotAllowed` for roles that do not follow events.
pub async fn subscribe(
    app: &App,
    caller: &Caller,
    filter: EventFilter,
    after: Option<u64>,
) -> Result<impl Stream<Item = Result<Arc<Seen>, AppError>> + Send + use<>, AppError> {
    caller.must(Action::FollowEvents)?;
    let batches = batches(app, caller, after).await?;
    Ok(try_stream! {
        pin_mut!(batches);
        while let Some(fresh) = batches.next().await {
            let Fresh { caller, entries } = fresh?;
            for seen in entries.into_iter().filter(|seen| filter.wants(&seen.entry) && seen.is_visible_to(&caller)) {
                yield seen;
            }
        }
    })
}

/// Events that are new to a subscriber.
#[derive(Clone, Debug)]
pub(super) struct Fresh {
    /// The subscriber, with the role and teams of this moment.
    pub(super) caller: Caller,
    /// The events, in order, whether the subscriber may see them or not.
    pub(super) entries: Vec<Arc<Seen>>,
}

/// All events after a position, replayed and then live, batch by batch. Who may see which is for whoever shows them to ask.
///
/// # Errors
/// As [`page_after`].
pub(super) async fn batches(
    app: &App,
    caller: &Caller,
    after: Option<u64>,
) -> Result<impl Stream<Item = Result<Fresh, AppError>> + Send + use<>, AppError> {
    let position = match after {
        Some(after) => {
            check_position(app, after).await?;
            after
        }
        None => head(app).await?,
    };
    Ok(Follower { app: app.clone(), caller: caller.clone(), position }.run())
}

struct Follower {
    app: App,
    caller: Caller,
    position: u64,
}

impl Follower {
    fn run(mut self) -> impl Stream<Item = Result<Fresh, AppError>> + Send {
        try_stream! {
            // joined before the replay, so that nothing falls between the two
            let mut live = self.app.hub().join();
            loop {
                // replay until the journal has nothing newer
                loop {
                    let entries = journal::read_after(&self.app.reader(), self.position, REPLAY_BATCH).await?;
                    if entries.is_empty() {
                        break;
                    }
                    let batch: Vec<Arc<Seen>> = look(&self.app, entries).await?.into_iter().map(Arc::new).collect();
                    yield self.take(&batch).await?;
                }
                // live until this subscriber lags behind what the hub remembers
                loop {
                    match live.recv().await {
                        Ok(batch) if batch.after <= self.position => {
                            yield self.take(&batch.entries).await?;
                        }
                        Ok(_) | Err(RecvError::Lagged(_)) => break,
                        Err(RecvError::Closed) => return,
                    }
                }
            }
        }
    }

    /// What of a batch is new; moves on past the whole batch.
    async fn take(&mut self, batch: &[Arc<Seen>]) -> Result<Fresh, AppError> {
        self.refresh_caller().await?;
        let after = self.position;
        if let Some(last) = batch.last() {
            self.position = self.position.max(last.entry.position);
        }
        let entries = batch.iter().filter(|seen| seen.entry.position > after).cloned().collect();
        Ok(Fresh { caller: self.caller.clone(), entries })
    }

    /// The caller's role and teams may have changed since it subscribed.
    async fn refresh_caller(&mut self) -> Result<(), AppError> {
        let Some(session) = self.caller.session else { return Ok(()) };
        let view = session::current(&self.app, session).await?.ok_or(Rejection::SessionExpired)?;
        self.caller.actor = view.actor.clone();
        Ok(())
    }
}
