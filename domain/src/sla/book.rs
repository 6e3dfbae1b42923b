//! All calendars: whose hours count for whom.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::id::CalendarId;
use crate::routing::Placement;

use super::business_time::BusinessTime;
use super::calendar::{CalendarOwner, WorkCalendar};
use super::promise::Basis;

/// Calendars by whose they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CalendarBook {
    by_owner: BTreeMap<CalendarOwner, CalendarId>,
    times: BTreeMap<CalendarId, Arc<BusinessTime>>,
}

impl CalendarBook {
    /// A book of calendars with the hours worked out.
    pub fn new(calendars: impl IntoIterator<Item = (WorkCalendar, BusinessTime)>) -> Self {
        let mut book = Self::default();
        for (calendar, time) in calendars {
            book.by_owner.insert(calendar.owner, calendar.id);
            book.times.insert(calendar.id, Arc::new(time));
        }
        book
    }

    /// The calendar that counts for whoever has a lead: the colleague's own, else the team's, else the organisation's.
    pub fn of(&self, holder: Placement) -> Option<CalendarId> {
        let user = holder.person.map(CalendarOwner::User);
        let team = holder.team.map(CalendarOwner::Team);
        let mut owners = user.into_iter().chain(team).chain([CalendarOwner::Organisation]);
        owners.find_map(|owner| self.by_owner.get(&owner)).copied()
    }

    /// The hours of a calendar.
    pub fn time(&self, id: CalendarId) -> Option<&BusinessTime> {
        self.times.get(&id).map(Arc::as_ref)
    }

    /// The zone of the organisation's calendar, in which its days and months are meant; UTC while it has none.
    pub fn zone(&self) -> Tz {
        let whole = self.by_owner.get(&CalendarOwner::Organisation).and_then(|id| self.time(*id));
        whole.map_or(Tz::UTC, BusinessTime::zone)
    }

    /// When `length` of a basis is over. Without a calendar, or with one that has no hours, every second counts: a promise always has an end.
    pub fn due(&self, basis: Basis, calendar: Option<CalendarId>, start: DateTime<Utc>, length: TimeDelta) -> DateTime<Utc> {
        let wall = || start.checked_add_signed(length).unwrap_or(DateTime::<Utc>::MAX_UTC);
        match (basis, calendar.and_then(|id| self.time(id))) {
            (Basis::Business, Some(time)) => time.due(start, length).unwrap_or_else(wall),
            (Basis::Business, None) | (Basis::Wall, _) => wall(),
        }
    }

    /// How much time of a basis lies between two moments.
    pub fn elapsed(&self, basis: Basis, calendar: Option<CalendarId>, from: DateTime<Utc>, to: DateTime<Utc>) -> TimeDelta {
        match (basis, calendar.and_then(|id| self.time(id))) {
            (Basis::Business, Some(time)) => time.elapsed(from, to),
            (Basis::Business, None) | (Basis::Wall, _) => (to - from).max(TimeDelta::zero()),
        }
    }
}
