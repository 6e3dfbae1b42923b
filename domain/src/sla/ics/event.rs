//! An event of a calendar file, and the days it takes.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use crate::value::ShortText;

use super::line::ContentLine;
use super::yearly::Yearly;
use super::{EVENT_DAYS_MAX, IcsReason};

/// The earliest year of an event: who counts from before that, counts wrong.
const YEAR_MIN: i32 = 1900;

/// The properties of an event that matter.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// Where it begins.
    pub(super) line: u32,
    properties: Vec<ContentLine>,
}

impl Event {
    pub(super) const fn new(line: u32) -> Self {
        Self { line, properties: Vec::new() }
    }

    pub(super) fn add(&mut self, property: ContentLine) {
        self.properties.push(property);
    }

    fn property(&self, name: &str) -> Option<&ContentLine> {
        self.properties.iter().find(|property| property.name == name)
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a ContentLine> {
        self.properties.iter().filter(move |property| property.name == name)
    }

    /// What it is called, as far as it fits.
    pub(super) fn name(&self) -> Option<String> {
        self.property("SUMMARY").map(ContentLine::text).filter(|text| !text.is_empty())
    }

    /// Its name and the days that it takes from `first` to `last`, in order.
    pub(super) fn days(&self, (first, last): (NaiveDate, NaiveDate)) -> Result<(ShortText, Vec<NaiveDate>), IcsReason> {
        if self.property("STATUS").is_some_and(|status| status.value.trim().eq_ignore_ascii_case("CANCELLED")) {
            return Err(IcsReason::Cancelled);
        }
        let start = whole_day(self.property("DTSTART").ok_or(IcsReason::NoStart)?)?;
        let length = self.length(start)?;
        let name = ShortText::parse(&self.name().ok_or(IcsReason::NoName)?).map_err(|_| IcsReason::NoName)?;
        let days = taken(self.starts(start, last)?, length, (first, last));
        if days.is_empty() { Err(IcsReason::OutsideYears) } else { Ok((name, days)) }
    }

    /// How many days it lasts: up to the day before its end, which is not in it; one when nothing is said.
    fn length(&self, start: NaiveDate) -> Result<usize, IcsReason> {
        let days = match (self.property("DTEND"), self.property("DURATION")) {
            (Some(end), _) => (whole_day(end)? - start).num_days(),
            (None, Some(length)) => days_of(length.value.trim()).ok_or(IcsReason::Malformed)?,
            (None, None) => 1,
        };
        // an end on the day of the start is written by some for one day
        match usize::try_from(days) {
            Ok(0) => Ok(1),
            Ok(days) if days <= EVENT_DAYS_MAX => Ok(days),
            Ok(_) => Err(IcsReason::TooLong),
            Err(_) => Err(IcsReason::Malformed),
        }
    }

    /// The days on which it begins.
    fn starts(&self, start: NaiveDate, last: NaiveDate) -> Result<Vec<NaiveDate>, IcsReason> {
        if self.property("RECURRENCE-ID").is_some() || self.property("EXRULE").is_some() || self.all("RRULE").count() > 1 {
            return Err(IcsReason::Recurrence);
        }
        let mut starts = match self.property("RRULE") {
            Some(rule) => Yearly::parse(&rule.value).ok_or(IcsReason::Recurrence)?.days(start, last),
            None => vec![start],
        };
        for more in self.all("RDATE") {
            starts.extend(whole_days(more)?);
        }
        let mut without = BTreeSet::new();
        for except in self.all("EXDATE") {
            without.extend(whole_days(except)?);
        }
        starts.retain(|day| !without.contains(day));
        Ok(starts)
    }
}

/// The days from `first` to `last` that occurrences take, in order; each is walked once, however much they overlap.
fn taken(mut starts: Vec<NaiveDate>, length: usize, (first, last): (NaiveDate, NaiveDate)) -> Vec<NaiveDate> {
    starts.sort_unstable();
    let (mut days, mut free) = (Vec::new(), first);
    for start in starts.into_iter().take_while(|start| *start <= last) {
        let over = start.checked_add_days(Days::new(u64::try_from(length).unwrap_or(0))).unwrap_or(NaiveDate::MAX);
        days.extend(start.max(free).iter_days().take_while(|day| *day < over && *day <= last));
        free = free.max(over);
    }
    days
}

/// A day as the format writes it, such as `20261224`.
pub(super) fn day_of(text: &str) -> Option<NaiveDate> {
    let part = |from: usize, to: usize| text.get(from..to).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if text.len() != 8 {
        return None;
    }
    let year = part(0, 4)?.parse().ok().filter(|year| *year >= YEAR_MIN)?;
    NaiveDate::from_ymd_opt(year, part(4, 6)?.parse().ok()?, part(6, 8)?.parse().ok()?)
}

fn whole_day(property: &ContentLine) -> Result<NaiveDate, IcsReason> {
    match whole_days(property)?.as_slice() {
        [day] => Ok(*day),
        _ => Err(IcsReason::Malformed),
    }
}

/// Days without a time of day. Some leave out that the value is a date; it is one when it looks like one.
fn whole_days(property: &ContentLine) -> Result<Vec<NaiveDate>, IcsReason> {
    let is_date =
        |text: &str| property.parameter("VALUE").is_some_and(|kind| kind.eq_ignore_ascii_case("DATE")) || text.len() == 8;
    let read = |text: &str| {
        let text = text.trim();
        if is_date(text) { day_of(text).ok_or(IcsReason::Malformed) } else { Err(IcsReason::HasTime) }
    };
    property.value.split(',').map(read).collect()
}

/// A duration of whole days or weeks, such as `P2D` or `P1W`.
fn days_of(text: &str) -> Option<i64> {
    let body = text.trim_start_matches('+').strip_prefix('P')?;
    let (count, unit) = match (body.strip_suffix('D'), body.strip_suffix('W')) {
        (Some(days), _) => (days, 1),
        (None, Some(weeks)) => (weeks, 7),
        (None, None) => return None,
    };
    count.parse::<u16>().ok().map(|count| i64::from(count) * unit)
}
