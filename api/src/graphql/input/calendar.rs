//! Calendars, as they are typed.

use async_graphql::{Enum, ID, InputObject, MaybeUndefined};
use fairfall_domain::id::CalendarId;
use fairfall_domain::sla::CalendarOwner;
use fairfall_domain::sla::calendar::CalendarLevel;
use fairfall_domain::violation::{ViolationCode, Violations};

use super::member::HourRangeInput;
use super::{change, id, optional_id, whole};
use crate::app::calendar::change::{CalendarPut, DayInput};
use crate::app::calendar::import::{CalendarImport, Existing, Rehearsal};
use crate::app::routing::member::RangeInput;
use crate::graphql::code::Coded;
use crate::graphql::scalar::Day;

/// Whose calendar it is.
#[derive(Clone, Debug, InputObject)]
pub struct CalendarOwnerInput {
    /// The level.
    pub level: Coded<CalendarLevel>,
    /// The team; for the level TEAM, and for no other.
    pub team: Option<ID>,
    /// The colleague; for the level USER, and for no other.
    pub user: Option<ID>,
}

impl CalendarOwnerInput {
    fn read(&self, faults: &mut Violations) -> Option<CalendarOwner> {
        let (team, user) =
            (optional_id(faults, "owner.team", self.team.as_ref()), optional_id(faults, "owner.user", self.user.as_ref()));
        let mut must = |field: &str, is_given: bool, is_meant: bool| {
            if is_given && !is_meant {
                faults.add(field, ViolationCode::Conflict, "does not belong to a calendar of this level");
            } else if is_meant && !is_given {
                faults.add(field, ViolationCode::Required, "must be given for a calendar of this level");
            }
        };
        let level = self.level.0;
        must("owner.team", self.team.is_some(), level == CalendarLevel::Team);
        must("owner.user", self.user.is_some(), level == CalendarLevel::User);
        match level {
            CalendarLevel::Organisation => Some(CalendarOwner::Organisation),
            CalendarLevel::Team => team.map(CalendarOwner::Team),
            CalendarLevel::User => user.map(CalendarOwner::User),
        }
    }
}

/// A range of working time of one day.
#[derive(Clone, Debug, InputObject)]
pub struct CalendarSpanInput {
    /// When it begins, such as `09:00`.
    pub from: String,
    /// When it ends, such as `12:30`; `24:00` is the end of the day.
    pub to: String,
}

/// A day unlike the others of its weekday.
#[derive(Clone, Debug, InputObject)]
pub struct CalendarDayInput {
    /// The day.
    pub date: Day,
    /// What it is.
    pub name: String,
    /// The hours worked on it, at most 6 ranges; none when it is a day off.
    pub hours: Option<Vec<CalendarSpanInput>>,
}

/// Whose public holidays are days off. They must have been loaded by whoever runs the server.
#[derive(Clone, Debug, InputObject)]
pub struct CalendarHolidaysInput {
    /// The country, such as `DE`.
    pub country: String,
    /// The state, such as `DE-BY`; the national holidays alone when absent.
    pub subdivision: Option<String>,
}

/// A calendar of an owner who has none, or a change of the one there is. Omitted fields stay.
#[derive(Clone, Debug, InputObject)]
pub struct CalendarPutInput {
    /// Whose.
    pub owner: CalendarOwnerInput,
    /// The version that the caller read, when the owner has a calendar; absent when the owner has none. When it has changed since, nothing is done.
    pub expected_version: Option<u32>,
    /// The name; must be given for a new calendar.
    pub name: MaybeUndefined<String>,
    /// The zone in which the hours are meant: a name such as `Europe/Berlin`; must be given for a new calendar.
    pub time_zone: MaybeUndefined<String>,
    /// The hours of each week, all of them, at most 42 ranges; those of a day must not overlap. Must be given for a new calendar.
    pub weekly: MaybeUndefined<Vec<HourRangeInput>>,
    /// Whose public holidays are days off; null for nobody's.
    pub holidays: MaybeUndefined<CalendarHolidaysInput>,
    /// Days unlike the others, all of them, each once; null for none. They win over holidays. More than a list takes come by `calendarImport`.
    pub special_days: MaybeUndefined<Vec<CalendarDayInput>>,
}

impl CalendarPutInput {
    /// The calendar for the use case.
    ///
    /// # Errors
    /// Every malformed id, and an owner that does not fit the level.
    pub fn read(self) -> Result<CalendarPut, Violations> {
        let mut faults = Violations::new();
        let owner = self.owner.read(&mut faults);
        let range = |range: HourRangeInput| RangeInput { day: range.day.0, from: range.from, to: range.to };
        let span = |span: CalendarSpanInput| (span.from, span.to);
        let day = |day: CalendarDayInput| DayInput {
            date: day.date.0,
            name: day.name,
            hours: day.hours.into_iter().flatten().map(span).collect(),
        };
        let read = owner.map(|owner| CalendarPut {
            owner,
            expected_version: self.expected_version,
            name: change(self.name),
            time_zone: change(self.time_zone),
            weekly: change(self.weekly).map(|ranges| ranges.into_iter().map(range).collect()),
            holidays: change(self.holidays).map(|typed| (typed.country, typed.subdivision)),
            special_days: change(self.special_days).map(|days| days.into_iter().map(day).collect()),
        });
        whole(faults, read)
    }
}

/// Removes the calendar of a team or colleague.
#[derive(Clone, Debug, InputObject)]
pub struct CalendarDeleteInput {
    /// The calendar.
    pub calendar: ID,
    /// The version that the caller read; when it has changed since, nothing is done.
    pub expected_version: u32,
}

impl CalendarDeleteInput {
    /// The calendar and the version.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self) -> Result<(CalendarId, u32), Violations> {
        let mut faults = Violations::new();
        let calendar = id(&mut faults, "calendar", &self.calendar);
        whole(faults, calendar.map(|calendar| (calendar, self.expected_version)))
    }
}

/// What happens on a day of a calendar file for which the calendar has another special day.
#[derive(Clone, Copy, Debug, Default, Enum, PartialEq, Eq)]
pub enum CalendarExisting {
    /// It stays as it is, and is told of.
    #[default]
    Keep,
    /// The file wins.
    Replace,
}

/// Takes days off out of a calendar file.
#[derive(Clone, Debug, InputObject)]
pub struct CalendarImportInput {
    /// The calendar that takes the days.
    pub calendar: ID,
    /// The version that the caller read; when it has changed since, nothing is done. A rehearsal needs none.
    pub expected_version: Option<u32>,
    /// The text of the file (iCalendar, RFC 5545), at most 200 KiB and 5,000 events. Events of whole days are taken, also of several days and such as
    /// come back each year.
    pub ics: String,
    /// The first day that is taken, at most 50 years from now; the first of this year when absent.
    pub from: Option<Day>,
    /// The last day that is taken, at most 20 years later; when absent, the last day of the fifth year after that of `from`.
    pub until: Option<Day>,
    /// What happens on days for which the calendar has another special day.
    #[graphql(default)]
    pub existing: CalendarExisting,
    /// Whether to tell only what would be done.
    #[graphql(default)]
    pub rehearse: bool,
}

impl CalendarImportInput {
    /// The import for the use case.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self) -> Result<CalendarImport, Violations> {
        let mut faults = Violations::new();
        let calendar = id(&mut faults, "calendar", &self.calendar);
        let read = calendar.map(|calendar| CalendarImport {
            calendar,
            expected_version: self.expected_version,
            ics: self.ics,
            from: self.from.map(|day| day.0),
            until: self.until.map(|day| day.0),
            existing: match self.existing {
                CalendarExisting::Keep => Existing::Keep,
                CalendarExisting::Replace => Existing::Replace,
            },
            rehearsal: if self.rehearse { Rehearsal::Rehearse } else { Rehearsal::Perform },
        });
        whole(faults, read)
    }
}
