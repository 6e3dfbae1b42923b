//! Promises whose time has come, each looked at once however many nodes look.
//!
//! Clocks of which people are only told are done many at a time; those that move their lead one by one, several beside each other. A clock that
//! cannot be handled is put off for a minute and does not hold up the others.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use fairfall_domain::id::{ClockId, LeadId};
use fairfall_persistence::{Backend, repo};
use futures_util::StreamExt as _;
use futures_util::stream;

use super::batch::{BATCH_MAX, Batch, PUT_OFF, batch};
use super::single::{Single, single};
use crate::app::rules::Rules;
use crate::app::{App, AppError};
use crate::clock::new_id;

/// Leads that a node sends on beside each other, where the database lets several write.
const LANES_MAX: usize = 4;

/// When to look again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// At once: there may be more.
    AtOnce,
    /// In a moment: all that is due is held by others.
    Held,
    /// When the earliest clock is due; none is when absent.
    At(Option<DateTime<Utc>>),
}

/// What a round did.
#[derive(Debug)]
pub struct Round {
    /// Clocks that are done with; those that another node was first with may be among them.
    pub done: u32,
    /// Clocks in trouble, with why. They were put off.
    pub left: Vec<(ClockId, AppError)>,
    /// When to look again.
    pub next: Next,
}

/// Does what is due, at most a batch of it. When nothing is due this is one look into an index, however many clocks there are.
///
/// # Errors
/// When the database fails.
#[tracing::instrument(name = "app.sla.escalate_due", level = "debug", skip_all)]
pub async fn escalate_due(app: &App) -> Result<Round, AppError> {
    let next = repo::escalation::next_at(&app.reader()).await?;
    if next.is_none_or(|next| next > app.now()) {
        return Ok(Round { done: 0, left: Vec::new(), next: Next::At(next) });
    }
    let rules = app.rules().await?;
    let Batch { mut done, rest, corrupt } = match batch(app, &rules).await {
        Ok(batch) => batch,
        // one of them cannot be told of: each by itself, so that the others are
        Err(error) if is_of_the_clock(&error) => one_by_one(app).await?,
        Err(error) => return Err(error),
    };
    let mut left: Vec<(ClockId, AppError)> = corrupt.into_iter().map(|(clock, error)| (clock, error.into())).collect();
    let singles = in_lanes(app, &rules, rest).await?;
    done = done.saturating_add(singles.done);
    left.extend(singles.left);
    let next = if done > 0 || !left.is_empty() { Next::AtOnce } else { Next::Held };
    Ok(Round { done, left, next })
}

/// Everything that is due as what needs its lead.
async fn one_by_one(app: &App) -> Result<Batch, AppError> {
    let rest = repo::escalation::due_ids(&app.reader(), app.now(), BATCH_MAX).await?;
    Ok(Batch { rest, ..Batch::default() })
}

#[derive(Default)]
struct Singles {
    done: u32,
    left: Vec<(ClockId, AppError)>,
}

/// Leads that must be held, several beside each other, each node from another one on: nodes that found the same ones meet seldom.
async fn in_lanes(app: &App, rules: &Arc<Rules>, mut rest: Vec<(ClockId, LeadId)>) -> Result<Singles, AppError> {
    let mut singles = Singles::default();
    if rest.is_empty() {
        return Ok(singles);
    }
    let drawn: uuid::Uuid = new_id();
    let first = usize::try_from(drawn.as_u128() & 0xffff).unwrap_or(0).checked_rem(rest.len()).unwrap_or(0);
    rest.rotate_left(first);
    let lanes = match app.store().backend() {
        Backend::Postgres => LANES_MAX,
        Backend::Sqlite => 1,
    };
    let mut works = stream::iter(rest).map(|due| async move { (due.0, one(app, rules, due.1).await) }).buffer_unordered(lanes);
    while let Some((clock, came)) = works.next().await {
        match came {
            Ok(Single::Done) => singles.done = singles.done.saturating_add(1),
            Ok(Single::Held) | Err(AppError::Timeout | AppError::Contended(_)) => {}
            Err(error) if is_of_the_clock(&error) => {
                put_off(app, clock).await?;
                singles.left.push((clock, error));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(singles)
}

async fn one(app: &App, rules: &Arc<Rules>, lead: LeadId) -> Result<Single, AppError> {
    app.store()
        .transact(|uow| {
            let (app, rules) = (app.clone(), Arc::clone(rules));
            Box::pin(async move { single(&app, uow, &rules, lead).await })
        })
        .await
}

async fn put_off(app: &App, clock: ClockId) -> Result<(), AppError> {
    let until = app.now() + PUT_OFF;
    app.store()
        .transact(move |uow| Box::pin(async move { Ok::<_, AppError>(repo::escalation::put_off(uow, clock, until).await?) }))
        .await
}

/// Whether the fault lies in the one clock; else the database is in trouble and the round ends.
fn is_of_the_clock(error: &AppError) -> bool {
    match error {
        AppError::Rejected(_) | AppError::Internal(_) => true,
        AppError::Timeout
        | AppError::Contended(_)
        | AppError::Unauthenticated
        | AppError::CursorExpired
        | AppError::Unavailable { .. } => false,
    }
}
