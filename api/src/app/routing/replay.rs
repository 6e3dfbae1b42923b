//! How the leads of a period would have been routed under another configuration. Nothing is written and nothing is locked.
//!
//! It is read in chunks, and between them others get their turn: when the connection closes or the request's time is over, it ends there.

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::routing::RoutingDraft;
use fairfall_domain::routing::draft::Changed;
use fairfall_domain::routing::replay::{Replay, ReplayFigures};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::repo::routing_replay::{Behind, CHUNK_MAX, CompaniesSeen, ReplayPeriod, chunk};

use super::tried::{Trial, Tried, trial};
use crate::app::{App, AppError, Caller};

/// Most days of a replay's period.
pub const REPLAY_DAYS_MAX: u32 = 366;
/// Most routings that a replay looks at.
pub const REPLAY_ROUTINGS_MAX: u32 = 20_000;

/// What is replayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayInput {
    /// What is tried.
    pub tried: Tried,
    /// From when, UTC.
    pub from: DateTime<Utc>,
    /// Until when, UTC, not included; now when absent.
    pub to: Option<DateTime<Utc>>,
    /// At most so many routings, the first of the period, 1 to [`REPLAY_ROUTINGS_MAX`].
    pub routings_max: u32,
}

/// What a replay answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Replayed {
    /// From when, UTC.
    pub from: DateTime<Utc>,
    /// Until when, UTC, not included.
    pub to: DateTime<Utc>,
    /// The figures.
    pub figures: ReplayFigures,
    /// Whether the period had more routings than were looked at.
    pub cut_short: bool,
    /// The draft that was tried.
    pub draft: Option<RoutingDraft>,
    /// What was changed since the draft was made.
    pub changed: Vec<Changed>,
}

impl ReplayInput {
    fn check(&self, to: DateTime<Utc>) -> Result<(), Violations> {
        let mut faults = Violations::new();
        if self.from >= to {
            faults.add("to", ViolationCode::OutOfRange, "a period must begin before it ends");
        } else if to - self.from > TimeDelta::days(REPLAY_DAYS_MAX.into()) {
            faults.add("from", ViolationCode::OutOfRange, format!("at most {REPLAY_DAYS_MAX} days are allowed"));
        }
        if !(1..=REPLAY_ROUTINGS_MAX).contains(&self.routings_max) {
            faults.add("routingsMax", ViolationCode::OutOfRange, format!("1 to {REPLAY_ROUTINGS_MAX} are allowed"));
        }
        faults.into_result()
    }
}

/// Compares what was decided in a period with what would be: for managers what came to their department.
///
/// # Errors
/// Bounds out of range; all faults of changes; `NotFound`.
#[tracing::instrument(name = "app.routing.replay", skip_all)]
pub async fn replay(app: &App, caller: &Caller, input: ReplayInput) -> Result<Replayed, AppError> {
    let grant = caller.must(Action::SimulateRouting)?;
    let to = input.to.unwrap_or_else(|| app.now());
    input.check(to)?;
    let rules = app.rules().await?;
    let Trial { directory, draft, changed } = trial(app, caller, &rules, &input.tried).await?;
    let seen = match directory.policy.owner_days_max {
        None | Some(0) => CompaniesSeen::NotAsked,
        Some(_) => CompaniesSeen::Asked,
    };
    let period = ReplayPeriod { from: input.from, to, seen };
    let reader = app.reader();
    let (mut replay, mut left) = (Replay::new(), input.routings_max);
    let mut behind: Option<Behind> = None;
    let cut_short = loop {
        let limit = left.min(CHUNK_MAX);
        let found = chunk(&reader, &grant, &period, behind, limit.max(1)).await?;
        if limit == 0 || found.is_empty() {
            break !found.is_empty();
        }
        left = left.saturating_sub(u32::try_from(found.len()).unwrap_or(u32::MAX));
        behind = found.last().map(|last| (last.decided.at, last.decided.id));
        for occasion in found {
            replay.add(occasion, &directory, &rules.roster);
        }
        tokio::task::yield_now().await;
    };
    Ok(Replayed { from: input.from, to, figures: replay.finished(), cut_short, draft, changed })
}
