//! What is typed of a calendar.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use fairfall_domain::change::Change;
use fairfall_domain::routing::member::HourRange;
use fairfall_domain::sla::WorkCalendar;
use fairfall_domain::sla::business_time::Span;
use fairfall_domain::sla::calendar::{HolidayRegion, SpecialDay};
use fairfall_domain::value::{ShortText, TimeZoneName};
use fairfall_domain::violation::{ValueError, ViolationCode, Violations};

use super::change::{CalendarPut, DayInput};
use super::region;
use crate::app::routing::hours;
use crate::app::routing::member::RangeInput;

/// The calendar as it is to be: what was typed over what was there.
pub(super) fn merged(before: &WorkCalendar, is_new: Newness, put: &CalendarPut) -> Result<WorkCalendar, Violations> {
    let mut faults = Violations::new();
    if is_new == Newness::New {
        for (field, is_there) in [
            ("name", put.name != Change::Keep),
            ("timeZone", put.time_zone != Change::Keep),
            ("weekly", put.weekly != Change::Keep),
        ] {
            if !is_there {
                faults.add(field, ViolationCode::Required, "must be given for a new calendar");
            }
        }
    }
    let calendar = WorkCalendar {
        name: text(&mut faults, "name", &put.name, before.name.clone(), ShortText::parse),
        time_zone: text(&mut faults, "timeZone", &put.time_zone, before.time_zone, TimeZoneName::parse),
        weekly: match &put.weekly {
            Change::Keep => before.weekly.clone(),
            Change::Clear => Vec::new(),
            Change::Set(typed) => weekly(&mut faults, typed),
        },
        holidays: match &put.holidays {
            Change::Keep => before.holidays,
            Change::Clear => None,
            Change::Set(typed) => holidays(&mut faults, &typed.0, typed.1.as_deref()),
        },
        special_days: match &put.special_days {
            Change::Keep => before.special_days.clone(),
            Change::Clear => BTreeMap::new(),
            Change::Set(typed) => special_days(&mut faults, typed),
        },
        ..before.clone()
    };
    if faults.is_empty()
        && let Err(more) = calendar.check()
    {
        faults.append(more);
    }
    faults.into_result()?;
    Ok(calendar)
}

/// Whether a calendar is made or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Newness {
    New,
    Known,
}

fn text<T>(
    faults: &mut Violations,
    field: &str,
    typed: &Change<String>,
    before: T,
    parse: impl FnOnce(&str) -> Result<T, ValueError>,
) -> T {
    let read = match typed {
        Change::Keep => return before,
        Change::Clear => faults.check(field, Err(ValueError::required())),
        Change::Set(text) => faults.check(field, parse(text)),
    };
    read.unwrap_or(before)
}

fn holidays(faults: &mut Violations, country: &str, subdivision: Option<&str>) -> Option<HolidayRegion> {
    region(faults, ("holidays.country", country), ("holidays.subdivision", subdivision))
}

fn weekly(faults: &mut Violations, typed: &[RangeInput]) -> Vec<HourRange> {
    let mut ranges = Vec::new();
    for (place, range) in typed.iter().enumerate() {
        if let Some(span) = span(faults, &format!("weekly.{place}"), &range.from, &range.to) {
            ranges.push(HourRange { day: range.day, from_minute: span.from_minute, to_minute: span.to_minute });
        }
    }
    ranges.sort_unstable();
    ranges
}

fn special_days(faults: &mut Violations, typed: &[DayInput]) -> BTreeMap<NaiveDate, SpecialDay> {
    let mut days = BTreeMap::new();
    for (place, day) in typed.iter().enumerate() {
        let name = faults.check_required(&format!("specialDays.{place}.name"), Some(&day.name), ShortText::parse);
        let spans = day.hours.iter().enumerate();
        let read =
            |(nth, (from, to)): (usize, &(String, String))| span(faults, &format!("specialDays.{place}.hours.{nth}"), from, to);
        let mut hours: Vec<Span> = spans.filter_map(read).collect();
        hours.sort_unstable();
        let Some(name) = name else { continue };
        if days.insert(day.date, SpecialDay { name, hours }).is_some() {
            faults.add(format!("specialDays.{place}.date"), ViolationCode::Duplicate, "the day is named twice");
        }
    }
    days
}

fn span(faults: &mut Violations, field: &str, from: &str, to: &str) -> Option<Span> {
    let from = faults.check(format!("{field}.from"), hours::parse(from));
    let to = faults.check(format!("{field}.to"), hours::parse(to));
    let (from_minute, to_minute) = from.zip(to)?;
    Some(Span { from_minute, to_minute })
}
