//! Days off out of a calendar file (iCalendar, RFC 5545): events of whole days, some of several days, some that come back each year.
//!
//! Written here because what was found elsewhere gives up on the first fault and knows no lines: whoever imports a file must be told of each event
//! that was not taken, and why. What is read is strict where it matters (days, rules that come back) and forgiving where producers differ.

mod event;
mod line;
mod yearly;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use chrono::NaiveDate;

use crate::code::codes;
use crate::value::ShortText;
use crate::violation::{ValueError, ViolationCode};

use event::Event;
use line::lines;

/// Most bytes of a file.
pub const ICS_BYTES_MAX: usize = 200 * 1_024;
/// Most events of a file.
pub const ICS_EVENTS_MAX: usize = 5_000;
/// Most days of one event.
pub const EVENT_DAYS_MAX: usize = 366;

codes! {
    /// Why an event of a calendar file was not taken.
    pub enum IcsReason {
        /// A line is none of the format.
        MalformedLine = "MALFORMED_LINE",
        /// Its start, end or length is none of the format, or it ends before it begins.
        Malformed = "MALFORMED",
        /// It does not say when it begins.
        NoStart = "NO_START",
        /// It has no name, or one that is too long.
        NoName = "NO_NAME",
        /// It begins or ends at a time of day: an appointment, no day off.
        HasTime = "HAS_TIME",
        /// It lasts more days than are taken.
        TooLong = "TOO_LONG",
        /// It comes back by a rule other than those that are known.
        Recurrence = "RECURRENCE",
        /// It was cancelled.
        Cancelled = "CANCELLED",
        /// None of its days lies in the years that were asked for.
        OutsideYears = "OUTSIDE_YEARS",
        /// An event before it in the file takes the day.
        DuplicateDay = "DUPLICATE_DAY",
        /// The calendar has another special day there, which was to be kept.
        KeptDay = "KEPT_DAY",
        /// It is a task or a note, no event.
        NoEvent = "NO_EVENT",
    }
}

/// A day off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IcsDay {
    /// The line at which its event begins.
    pub line: u32,
    /// What it is.
    pub name: ShortText,
}

/// What was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IcsSkipped {
    /// The line at which it begins.
    pub line: u32,
    /// What the event is called, cut to what is shown.
    pub name: Option<String>,
    /// The day, when it is one day of an event whose others may have been taken.
    pub day: Option<NaiveDate>,
    /// Why.
    pub reason: IcsReason,
}

/// A file that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IcsReading {
    /// The days off.
    pub days: BTreeMap<NaiveDate, IcsDay>,
    /// What was not taken, in the order of the file.
    pub skipped: Vec<IcsSkipped>,
}

/// Characters that are shown of a name that was not taken.
const SHOWN_CHARS_MAX: usize = 200;

impl IcsSkipped {
    fn of(event: &Event, day: Option<NaiveDate>, reason: IcsReason) -> Self {
        let name = event.name().map(|name| name.chars().take(SHOWN_CHARS_MAX).collect());
        Self { line: event.line, name, day, reason }
    }
}

/// Reads the days off from a first to a last day, both included.
///
/// # Errors
/// A text that is no calendar file, or is cut off; too long a text, too many events. Faults of single events are no error: they are told of.
pub fn read(text: &str, years: (NaiveDate, NaiveDate)) -> Result<IcsReading, ValueError> {
    if text.len() > ICS_BYTES_MAX {
        return Err(ValueError::new(ViolationCode::TooLong, format!("at most {ICS_BYTES_MAX} bytes are read")));
    }
    let mut reader = Reader { years, ..Reader::default() };
    for line in lines(text) {
        match line {
            Ok(line) => reader.take(line)?,
            Err(line) => {
                reader.reading.skipped.push(IcsSkipped { line, name: None, day: None, reason: IcsReason::MalformedLine });
            }
        }
    }
    if !reader.open.is_empty() || reader.calendars == 0 {
        return Err(malformed("expected an iCalendar file (RFC 5545), from `BEGIN:VCALENDAR` to `END:VCALENDAR`"));
    }
    reader.reading.skipped.sort_by_key(|skipped| (skipped.line, skipped.day));
    Ok(reader.reading)
}

fn malformed(message: &str) -> ValueError {
    ValueError::new(ViolationCode::Malformed, message)
}

/// What was read so far.
#[derive(Debug, Default)]
struct Reader {
    years: (NaiveDate, NaiveDate),
    /// The components that were begun and not ended, outermost first.
    open: Vec<String>,
    calendars: u32,
    events: usize,
    event: Option<Event>,
    reading: IcsReading,
}

impl Reader {
    fn take(&mut self, line: line::ContentLine) -> Result<(), ValueError> {
        match line.name.as_str() {
            "BEGIN" => self.begin(line.line, line.value.trim().to_ascii_uppercase()),
            "END" => self.end(line.line, &line.value.trim().to_ascii_uppercase()),
            _ => {
                // what stands in an alarm within the event is not said of the event
                if self.open.last().is_some_and(|component| component == "VEVENT")
                    && let Some(event) = &mut self.event
                {
                    event.add(line);
                }
                Ok(())
            }
        }
    }

    fn begin(&mut self, line: u32, component: String) -> Result<(), ValueError> {
        match (component.as_str(), self.open.len()) {
            ("VCALENDAR", 0) => self.calendars = self.calendars.saturating_add(1),
            (_, 0) => return Err(malformed(&format!("line {line}: expected `BEGIN:VCALENDAR`"))),
            ("VEVENT", 1) => {
                self.events += 1;
                self.event = Some(Event::new(line));
            }
            ("VTODO" | "VJOURNAL" | "VFREEBUSY", 1) => {
                self.reading.skipped.push(IcsSkipped { line, name: None, day: None, reason: IcsReason::NoEvent });
            }
            (_, _) => {}
        }
        if self.events > ICS_EVENTS_MAX {
            return Err(ValueError::new(ViolationCode::TooLong, format!("at most {ICS_EVENTS_MAX} events are read")));
        }
        self.open.push(component);
        Ok(())
    }

    fn end(&mut self, line: u32, component: &str) -> Result<(), ValueError> {
        if self.open.pop().as_deref() != Some(component) {
            return Err(malformed(&format!("line {line}: `END:{component}` without its beginning")));
        }
        if component == "VEVENT"
            && self.open.len() == 1
            && let Some(event) = self.event.take()
        {
            self.close(&event);
        }
        Ok(())
    }

    fn close(&mut self, event: &Event) {
        let (name, days) = match event.days(self.years) {
            Ok(taken) => taken,
            Err(reason) => {
                self.reading.skipped.push(IcsSkipped::of(event, None, reason));
                return;
            }
        };
        for day in days {
            match self.reading.days.entry(day) {
                Entry::Occupied(_) => {
                    self.reading.skipped.push(IcsSkipped::of(event, Some(day), IcsReason::DuplicateDay));
                }
                Entry::Vacant(free) => {
                    free.insert(IcsDay { line: event.line, name: name.clone() });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
