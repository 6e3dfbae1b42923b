//! Clocks that stand still for a reason, at most as long as the agreement allows.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::code::codes;

use super::book::CalendarBook;
use super::clock::Clock;
use super::ladder::LadderStep;
use super::rule::ClockRule;

codes! {
    /// Why a clock stands still.
    pub enum PauseReason {
        /// The contact asked for a later date.
        ContactAskedLater = "CONTACT_ASKED_LATER",
        /// The contact is away.
        ContactAway = "CONTACT_AWAY",
        /// Something is waited for that the contact or another company must deliver.
        WaitingForOthers = "WAITING_FOR_OTHERS",
        /// A fault of systems keeps people from working.
        SystemFault = "SYSTEM_FAULT",
    }
}

/// A pause that lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pause {
    /// Why.
    pub reason: PauseReason,
    /// Since when, UTC.
    pub from: DateTime<Utc>,
    /// When it ends by itself, UTC.
    pub until: DateTime<Utc>,
}

/// Why a clock cannot be paused or resumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PauseRefusal {
    /// It has ended.
    Ended,
    /// The promised time is over: nothing is left that a pause could save. The next lap can be paused.
    Lapsed,
    /// The agreement allows no pause.
    NotAllowed,
    /// It has stood still as long as the agreement allows.
    UsedUp,
    /// The end asked for is not after now.
    EndsInPast,
}

impl Clock {
    /// Lets it stand still until `until`, at most as long as the rule still allows.
    ///
    /// # Errors
    /// [`PauseRefusal`]. A clock that stands still already keeps its pause with the new reason and end.
    pub fn pause(
        &mut self,
        reason: PauseReason,
        until: Option<DateTime<Utc>>,
        rule: &ClockRule,
        calendars: &CalendarBook,
        now: DateTime<Utc>,
    ) -> Result<(), PauseRefusal> {
        if !self.is_open() {
            return Err(PauseRefusal::Ended);
        }
        self.settle(calendars, now);
        if self.has_lapsed() {
            return Err(PauseRefusal::Lapsed);
        }
        let max = rule.pause_seconds_max.map(|seconds| TimeDelta::seconds(i64::from(seconds))).ok_or(PauseRefusal::NotAllowed)?;
        let from = self.pause.map_or(now, |pause| pause.from);
        let latest = from + (max - self.paused);
        if latest <= now {
            return Err(PauseRefusal::UsedUp);
        }
        let until = until.unwrap_or(latest);
        if until <= now {
            return Err(PauseRefusal::EndsInPast);
        }
        self.close_segment(calendars, now);
        let until = until.min(latest);
        self.pause = Some(Pause { reason, from, until });
        self.next_at = Some(until);
        Ok(())
    }

    /// Lets it run on; nothing when it does not stand still.
    pub fn resume(&mut self, ladder: &[LadderStep], calendars: &CalendarBook, now: DateTime<Utc>) {
        let Some(pause) = self.pause.filter(|_| self.is_open()) else { return };
        // a node that comes late does not lengthen the pause
        let at = pause.until.min(now);
        self.end_pause(at);
        self.segment_from = Some(at);
        self.derive(ladder, calendars);
    }

    pub(super) fn end_pause(&mut self, at: DateTime<Utc>) {
        if let Some(pause) = self.pause.take() {
            self.paused += (pause.until.min(at) - pause.from).max(TimeDelta::zero());
        }
    }
}
