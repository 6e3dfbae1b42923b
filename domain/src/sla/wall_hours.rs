//! Working hours as a clock on the wall shows them, before any zone comes into it.
//!
//! How much lies before a moment is looked up, not walked: whole weeks by their sum, days unlike the others by the sum of what they differ.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use crate::routing::member::DAY_MINUTES;

use super::business_time::Span;

const WEEK_DAYS: i32 = 7;

/// Hours of each week, with days unlike the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WallHours {
    /// From Monday.
    week: [Day; 7],
    week_minutes: i64,
    /// By day.
    special: Vec<SpecialDay>,
}

/// A day of the week.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Day {
    hours: Vec<Span>,
    /// What the days before it in its week have.
    minutes_before: i64,
}

/// A day unlike the others.
#[derive(Clone, Debug, PartialEq, Eq)]
struct SpecialDay {
    number: i32,
    hours: Vec<Span>,
    /// By how many minutes all such days up to and with this one differ from their weekdays.
    differ_minutes: i64,
}

impl WallHours {
    pub(super) fn new(week: [Vec<Span>; 7], days: BTreeMap<NaiveDate, Vec<Span>>) -> Self {
        let mut week_minutes = 0;
        let week = week.map(|hours| {
            let day = Day { hours: tidy(hours), minutes_before: week_minutes };
            week_minutes += minutes(&day.hours);
            day
        });
        let mut hours = Self { week, week_minutes, special: Vec::with_capacity(days.len()) };
        let mut differ_minutes = 0;
        for (date, spans) in days {
            let (number, spans) = (number(date), tidy(spans));
            differ_minutes += minutes(&spans) - minutes(&hours.weekday(number).hours);
            hours.special.push(SpecialDay { number, hours: spans, differ_minutes });
        }
        hours
    }

    /// Whether there is an hour in any week or on any special day.
    pub(super) fn has_any(&self) -> bool {
        self.week_minutes > 0 || self.special.iter().any(|day| !day.hours.is_empty())
    }

    /// The hours of a day.
    pub(super) fn of(&self, date: NaiveDate) -> &[Span] {
        self.of_number(number(date))
    }

    /// How much lies before a moment, counted from the same day for all of them.
    pub(super) fn before(&self, at: NaiveDateTime) -> TimeDelta {
        let number = number(at.date());
        let time = at.time().signed_duration_since(NaiveTime::MIN);
        let of_day = self.of_number(number).iter().map(|span| (time - from(*span)).clamp(TimeDelta::zero(), length(*span)));
        of_day.fold(self.before_day(number), |sum, part| sum + part)
    }

    /// The earliest moment from `start` before which `left` more lies than before `start`; nothing when it is not there at `end`.
    pub(super) fn reach(&self, start: NaiveDateTime, left: TimeDelta, end: NaiveDateTime) -> Option<NaiveDateTime> {
        let goal = self.before(start) + left;
        // the first day at whose end enough is there
        let (mut first, mut last) = (number(start.date()), number(end.date()));
        while first < last {
            let middle = first + (last - first) / 2;
            if self.before_day(middle + 1) < goal {
                first = middle + 1;
            } else {
                last = middle;
            }
        }
        let date = NaiveDate::from_num_days_from_ce_opt(first + 1)?;
        let mut missing = goal - self.before_day(first);
        for span in self.of(date) {
            if missing <= length(*span) {
                return date.and_time(NaiveTime::MIN).checked_add_signed(from(*span) + missing).filter(|found| *found <= end);
            }
            missing -= length(*span);
        }
        None
    }

    /// How much lies before a day.
    fn before_day(&self, number: i32) -> TimeDelta {
        let (weeks, _) = week_and_day(number);
        let special = self.special.get(..self.special_before(number)).and_then(<[_]>::last);
        let differ = special.map_or(0, |day| day.differ_minutes);
        TimeDelta::minutes(i64::from(weeks) * self.week_minutes + self.weekday(number).minutes_before + differ)
    }

    fn of_number(&self, number: i32) -> &[Span] {
        let special = self.special.get(self.special_before(number)).filter(|day| day.number == number);
        special.map_or(&self.weekday(number).hours, |day| &day.hours)
    }

    fn special_before(&self, number: i32) -> usize {
        self.special.partition_point(|day| day.number < number)
    }

    fn weekday(&self, number: i32) -> &Day {
        let (_, day) = week_and_day(number);
        let [monday, ..] = &self.week;
        self.week.get(day).unwrap_or(monday)
    }
}

/// Sorts ranges and joins those that overlap or touch, so that no minute is there twice.
fn tidy(mut hours: Vec<Span>) -> Vec<Span> {
    hours.sort_unstable();
    let mut tidied: Vec<Span> = Vec::with_capacity(hours.len());
    for span in hours.into_iter().map(|span| Span { to_minute: span.to_minute.min(DAY_MINUTES), ..span }) {
        match tidied.last_mut() {
            _ if span.from_minute >= span.to_minute => {}
            Some(last) if span.from_minute <= last.to_minute => last.to_minute = last.to_minute.max(span.to_minute),
            Some(_) | None => tidied.push(span),
        }
    }
    tidied
}

fn minutes(hours: &[Span]) -> i64 {
    hours.iter().map(|span| i64::from(span.to_minute) - i64::from(span.from_minute)).sum()
}

fn from(span: Span) -> TimeDelta {
    TimeDelta::minutes(i64::from(span.from_minute))
}

fn length(span: Span) -> TimeDelta {
    TimeDelta::minutes(i64::from(span.to_minute) - i64::from(span.from_minute))
}

/// Days since a Monday.
fn number(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - 1
}

fn week_and_day(number: i32) -> (i32, usize) {
    (number.div_euclid(WEEK_DAYS), usize::try_from(number.rem_euclid(WEEK_DAYS)).unwrap_or(0))
}
