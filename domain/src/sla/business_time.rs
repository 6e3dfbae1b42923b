//! Business time: what is left of time when only working hours count.
//!
//! An instant counts when the clock on the wall shows a time within the working hours of its day. An hour that a clock shows twice counts twice,
//! one that it leaves out does not count: exact across every change of the zone's offset. Time is walked in reaches without such a change, each of
//! which costs a few look-ups, never day by day or second by second.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::value::TimeZoneName;

use super::wall_hours::WallHours;

/// Working hours of a day, as minutes after midnight; the end is not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Where it begins.
    pub from_minute: u16,
    /// Where it ends, at most 1440.
    pub to_minute: u16,
}

/// A stretch of time that counts; the end is not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpenHours {
    /// Where it begins, UTC.
    pub from: DateTime<Utc>,
    /// Where it ends, UTC.
    pub to: DateTime<Utc>,
}

/// How far ahead a due time is looked for. A calendar without an hour in so many days has none.
pub const DAYS_MAX: u32 = 366 * 30;

/// How far apart offsets are compared. A change and its undoing must never fit between two comparisons: of all zones, ever, the shortest time between
/// them is just under four days (Freetown, 1939), and just under seven since 1970 (Recife, 2000; Gaza, 2040).
const STEP: TimeDelta = TimeDelta::days(3);

/// Most steps of one reach: half a year.
const STEPS_MAX: u32 = 64;

/// A calendar ready to calculate with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusinessTime {
    zone: Tz,
    hours: WallHours,
}

/// A reach of time within which the zone's offset does not change.
#[derive(Clone, Copy)]
struct Reach {
    from: NaiveDateTime,
    to: NaiveDateTime,
    offset: TimeDelta,
}

impl Reach {
    /// What a clock on the wall shows where it begins and ends.
    fn shown(self) -> Option<(NaiveDateTime, NaiveDateTime)> {
        Some((self.from.checked_add_signed(self.offset)?, self.to.checked_add_signed(self.offset)?))
    }
}

impl BusinessTime {
    /// A calendar of a zone with these hours from Monday to Sunday, and other hours on some days.
    pub fn new(zone: TimeZoneName, week: [Vec<Span>; 7], days: BTreeMap<NaiveDate, Vec<Span>>) -> Self {
        Self { zone: zone.tz(), hours: WallHours::new(week, days) }
    }

    /// The zone in which its hours are meant.
    pub const fn zone(&self) -> Tz {
        self.zone
    }

    /// When `length` of business time is over that begins at `start`: the earliest moment with `elapsed(start, it) == length`. Nothing when the
    /// calendar has not so much within [`DAYS_MAX`].
    pub fn due(&self, start: DateTime<Utc>, length: TimeDelta) -> Option<DateTime<Utc>> {
        if length <= TimeDelta::zero() {
            return Some(start);
        }
        if !self.hours.has_any() {
            return None;
        }
        let end = start.naive_utc().checked_add_signed(TimeDelta::days(i64::from(DAYS_MAX)))?;
        let mut left = length;
        for reach in self.reaches(start.naive_utc(), end) {
            let (from, to) = reach.shown()?;
            let counts = self.hours.before(to) - self.hours.before(from);
            if counts >= left {
                return Some((self.hours.reach(from, left, to)? - reach.offset).and_utc());
            }
            left -= counts;
        }
        None
    }

    /// How much business time lies between two moments; none when the second is not after the first.
    pub fn elapsed(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> TimeDelta {
        let shown = self.reaches(from.naive_utc(), to.naive_utc()).filter_map(Reach::shown);
        shown.fold(TimeDelta::zero(), |sum, (from, to)| sum + (self.hours.before(to) - self.hours.before(from)))
    }

    /// What counts between two moments, in the order of time; stretches that touch are one.
    pub fn open_hours(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<OpenHours> {
        let mut found: Vec<OpenHours> = Vec::new();
        for reach in self.reaches(from.naive_utc(), to.naive_utc()) {
            let Some((first, last)) = reach.shown() else { break };
            for day in first.date().iter_days().take_while(|day| *day <= last.date()) {
                for span in self.hours.of(day) {
                    let at = |minute: u16| day.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(minute));
                    let (from, to) =
                        (at(span.from_minute).max(first) - reach.offset, at(span.to_minute).min(last) - reach.offset);
                    add(&mut found, OpenHours { from: from.and_utc(), to: to.and_utc() });
                }
            }
        }
        found
    }

    /// Whether a moment counts.
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        let Some(shown) = at.naive_utc().checked_add_signed(self.offset(at.naive_utc())) else { return false };
        let second = shown.time().signed_duration_since(NaiveTime::MIN).num_seconds();
        let covers = |span: &Span| (i64::from(span.from_minute) * 60..i64::from(span.to_minute) * 60).contains(&second);
        self.hours.of(shown.date()).iter().any(covers)
    }

    /// The reaches between two moments of UTC, in order and without gaps. They grow while the offset stays: what is near is found in a few looks, and
    /// what is far in not many more.
    fn reaches(&self, from: NaiveDateTime, to: NaiveDateTime) -> impl Iterator<Item = Reach> {
        let mut next = (from, self.offset(from));
        let mut steps = 1;
        std::iter::from_fn(move || {
            let (from, offset) = next;
            if from >= to {
                return None;
            }
            let (end, after) = self.same(from, to, offset, steps);
            steps = (steps * 2).min(STEPS_MAX);
            next = (end, after);
            Some(Reach { from, to: end, offset })
        })
    }

    /// How far an offset reaches, looking so many steps ahead at most; and the offset there.
    fn same(&self, from: NaiveDateTime, to: NaiveDateTime, offset: TimeDelta, steps: u32) -> (NaiveDateTime, TimeDelta) {
        let mut end = from;
        for _ in 0..steps {
            let far = end.checked_add_signed(STEP).map_or(to, |far| far.min(to));
            if self.offset(far) != offset {
                end = self.change(end, far, offset);
                return (end, self.offset(end));
            }
            end = far;
        }
        (end, offset)
    }

    /// The offset from UTC at a moment of UTC.
    fn offset(&self, utc: NaiveDateTime) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()))
    }

    /// The second at which the offset stops being `before`; it still is at `early` and no longer at `late`.
    fn change(&self, early: NaiveDateTime, late: NaiveDateTime, before: TimeDelta) -> NaiveDateTime {
        // offsets change at whole seconds
        let whole = |at: NaiveDateTime| at - TimeDelta::nanoseconds(i64::from(at.and_utc().timestamp_subsec_nanos()));
        let (mut early, mut late) = (whole(early), whole(late));
        while late - early > TimeDelta::seconds(1) {
            let middle = early + TimeDelta::seconds((late - early).num_seconds() / 2);
            if self.offset(middle) == before {
                early = middle;
            } else {
                late = middle;
            }
        }
        late
    }
}

fn add(found: &mut Vec<OpenHours>, one: OpenHours) {
    if one.from >= one.to {
        return;
    }
    match found.last_mut() {
        Some(last) if last.to == one.from => last.to = one.to,
        Some(_) | None => found.push(one),
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
