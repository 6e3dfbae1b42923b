//! Times as they stand in files: with their offset, or on the clock of a time zone.

use chrono::format::{Item, StrftimeItems};
use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use fairfall_domain::value::TimeZoneName;
use fairfall_domain::violation::{ValueError, ViolationCode};

use super::fault::MapFaults;
use super::field::{Field, Header, Row};
use super::section::Section;

/// Clocks are put forward by at most this much, in minutes; a time that a clock skipped is looked for as much later.
const SKIPPED_MINUTES: [i64; 3] = [30, 60, 120];

/// How a time is written.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Layout {
    /// RFC 3339, for example `2018-02-01T09:30:00Z`.
    Rfc3339,
    /// A pattern with an offset.
    Offset(String),
    /// A pattern with date and time on the zone's clock.
    Local(String),
    /// A pattern with a date: the day's first moment on the zone's clock.
    Day(String),
}

/// A field that holds a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app::import) struct TimeField {
    field: Field,
    layout: Layout,
    zone: TimeZoneName,
}

impl TimeField {
    /// Reads a field with `format` and `time_zone`.
    pub(super) fn read(mut section: Section, header: Header<'_>, zone: TimeZoneName, faults: &mut MapFaults) -> Option<Self> {
        let field = Field::read(&mut section, header, faults);
        let format = section.text("format", faults);
        let layout = match format.as_deref() {
            None | Some("rfc3339") => Some(Layout::Rfc3339),
            Some("date") => Some(Layout::Day("%Y-%m-%d".to_owned())),
            Some(pattern) => layout_of(pattern),
        };
        if layout.is_none() {
            faults.add(
                section.path_of("format"),
                "expected `rfc3339`, `date`, or a pattern with a whole date such as `%d.%m.%Y %H:%M`",
            );
        }
        let zone = section.parsed("time_zone", faults).unwrap_or(zone);
        section.close(faults);
        Some(Self { field: field?, layout: layout?, zone })
    }

    /// What a fault of the field is named by.
    pub(in crate::app::import) fn label(&self) -> &str {
        self.field.label()
    }

    /// The time in a row, in UTC.
    ///
    /// # Errors
    /// When it is not written as the mapping says, lies before 1970 or was skipped by the zone's clock.
    pub(in crate::app::import) fn time(&self, row: Row<'_>) -> Result<Option<DateTime<Utc>>, ValueError> {
        self.field.text(row)?.map(|text| self.parse(&text)).transpose()
    }

    fn parse(&self, text: &str) -> Result<DateTime<Utc>, ValueError> {
        let read = match &self.layout {
            Layout::Rfc3339 => DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc()),
            Layout::Offset(pattern) => DateTime::parse_from_str(text, pattern).ok().map(|time| time.to_utc()),
            Layout::Local(pattern) => NaiveDateTime::parse_from_str(text, pattern).ok().and_then(|time| self.on_clock(time)),
            Layout::Day(pattern) => {
                NaiveDate::parse_from_str(text, pattern).ok().and_then(|day| self.on_clock(day.and_time(NaiveTime::MIN)))
            }
        };
        let read =
            read.ok_or_else(|| ValueError::new(ViolationCode::Malformed, format!("expected a time like {}", self.example())))?;
        let micros = read.timestamp_micros();
        if micros < 0 {
            return Err(ValueError::new(ViolationCode::OutOfRange, "lies before 1970"));
        }
        DateTime::from_timestamp_micros(micros)
            .ok_or_else(|| ValueError::new(ViolationCode::OutOfRange, "lies too far in the future"))
    }

    /// The moment that a clock of the zone shows a time: the earlier of two, and the first after a gap.
    fn on_clock(&self, time: NaiveDateTime) -> Option<DateTime<Utc>> {
        let zone = self.zone.tz();
        match zone.from_local_datetime(&time) {
            LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => Some(moment.to_utc()),
            LocalResult::None => SKIPPED_MINUTES.into_iter().find_map(|minutes| {
                let later = time.checked_add_signed(TimeDelta::minutes(minutes))?;
                zone.from_local_datetime(&later).earliest().map(|moment| moment.to_utc())
            }),
        }
    }

    fn example(&self) -> String {
        match &self.layout {
            Layout::Rfc3339 => "`2026-03-31T09:30:00Z`".to_owned(),
            Layout::Day(pattern) if pattern == "%Y-%m-%d" => "`2026-03-31`".to_owned(),
            Layout::Offset(pattern) | Layout::Local(pattern) | Layout::Day(pattern) => format!("`{pattern}`"),
        }
    }
}

/// Finds out what a pattern holds by writing a time with it and reading it back.
fn layout_of(pattern: &str) -> Option<Layout> {
    if StrftimeItems::new(pattern).any(|item| matches!(item, Item::Error)) {
        return None;
    }
    let time = DateTime::from_timestamp(1_774_949_400, 0)?;
    let written = time.format(pattern).to_string();
    if DateTime::parse_from_str(&written, pattern).is_ok() {
        return Some(Layout::Offset(pattern.to_owned()));
    }
    if NaiveDateTime::parse_from_str(&written, pattern).is_ok() {
        return Some(Layout::Local(pattern.to_owned()));
    }
    NaiveDate::parse_from_str(&written, pattern).is_ok().then(|| Layout::Day(pattern.to_owned()))
}
