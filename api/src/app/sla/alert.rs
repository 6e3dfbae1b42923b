//! Promises that are about to lapse, have lapsed or were acted on, as they happen, for those who may see their leads.

use std::collections::BTreeMap;

use async_stream::try_stream;
use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::id::{ClockId, TeamId, UserId};
use fairfall_domain::sla::{Clock, ClockKind, SlaMoment};
use fairfall_domain::waterfall::event::EventKind;
use fairfall_persistence::journal::JournalEntry;
use fairfall_persistence::repo;
use futures_util::{Stream, StreamExt as _, pin_mut};

use crate::app::event::{Fresh, batches};
use crate::app::{App, AppError, Caller};

/// Which alerts a caller wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlertFilter {
    /// Kinds of events; all of promises when empty.
    pub kinds: Vec<EventKind>,
    /// Kinds of promises; all when empty.
    pub clocks: Vec<ClockKind>,
    /// Whose.
    pub whose: Whose,
    /// Of which team.
    pub team: Option<TeamId>,
}

/// Whose alerts are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's that the caller may see.
    #[default]
    All,
    /// Those of what the caller has, had or gets.
    Mine,
}

/// An event of a clock, with the clock as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// The event.
    pub entry: JournalEntry,
    /// What it says.
    pub moment: SlaMoment,
    /// The clock now.
    pub clock: Option<Clock>,
    /// When that was, UTC.
    pub now: DateTime<Utc>,
}

/// Whether an event is about a clock.
const fn is_of_clock(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::SlaWarned
            | EventKind::SlaBreached
            | EventKind::SlaEscalated
            | EventKind::SlaPaused
            | EventKind::SlaResumed
            | EventKind::SlaMet
    )
}

impl AlertFilter {
    fn wants(&self, entry: &JournalEntry, moment: &SlaMoment, user: UserId) -> bool {
        let places = [Some(moment.holder), moment.to];
        let of = |wanted: &dyn Fn(&fairfall_domain::routing::Placement) -> bool| places.iter().flatten().any(wanted);
        let kind = self.kinds.is_empty() || self.kinds.contains(&entry.kind);
        let clock = self.clocks.is_empty() || self.clocks.contains(&moment.kind);
        let mine = self.whose == Whose::All || of(&|place| place.person == Some(user));
        let team = self.team.is_none_or(|team| of(&|place| place.team == Some(team)));
        kind && clock && mine && team
    }
}

/// Alerts about leads that the caller may see at that moment, after a position of the journal or from now on; each once, in order.
///
/// # Errors
/// As [`crate::app::event::subscribe`].
pub async fn subscribe(
    app: &App,
    caller: &Caller,
    filter: AlertFilter,
    after: Option<u64>,
) -> Result<impl Stream<Item = Result<Alert, AppError>> + Send + use<>, AppError> {
    caller.must(Action::FollowEvents)?;
    let (app, batches) = (app.clone(), batches(app, caller, after).await?);
    Ok(try_stream! {
        pin_mut!(batches);
        while let Some(fresh) = batches.next().await {
            for alert in alerts(&app, &filter, &fresh?).await? {
                yield alert;
            }
        }
    })
}

async fn alerts(app: &App, filter: &AlertFilter, fresh: &Fresh) -> Result<Vec<Alert>, AppError> {
    let user = fresh.caller.actor.user;
    let of_clocks = fresh.entries.iter().filter(|seen| is_of_clock(seen.entry.kind) && seen.is_visible_to(&fresh.caller));
    let wanted: Vec<(&JournalEntry, SlaMoment)> = of_clocks
        .filter_map(|seen| Some((&seen.entry, serde_json::from_value::<SlaMoment>(seen.entry.payload.clone()).ok()?)))
        .filter(|(entry, moment)| filter.wants(entry, moment, user))
        .collect();
    let ids: Vec<ClockId> = wanted.iter().map(|(_, moment)| moment.clock).collect();
    let found = repo::clock::find_some(&app.reader(), &ids).await?;
    let clocks: BTreeMap<ClockId, Clock> = found.into_iter().map(|clock| (clock.id, clock)).collect();
    let now = app.now();
    let alert = |(entry, moment): (&JournalEntry, SlaMoment)| {
        let clock = clocks.get(&moment.clock).cloned();
        Alert { entry: entry.clone(), moment, clock, now }
    };
    Ok(wanted.into_iter().map(alert).collect())
}
