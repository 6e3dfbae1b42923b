//! Events that come back each year: `RRULE:FREQ=YEARLY` of RFC 5545, section 3.3.10, as far as holidays use it.

use chrono::{Datelike, NaiveDate, Weekday};

/// A weekday, the nth of its month, from the end when negative; each one without a number.
type DayOfWeek = (Option<i8>, Weekday);

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Yearly {
    interval: u16,
    count: Option<u32>,
    until: Option<NaiveDate>,
    months: Vec<u32>,
    month_days: Vec<i8>,
    week_days: Vec<DayOfWeek>,
}

impl Yearly {
    /// Reads a rule; nothing when it is none, or another than those that are known.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut rule =
            Self { interval: 1, count: None, until: None, months: Vec::new(), month_days: Vec::new(), week_days: Vec::new() };
        let mut is_yearly = false;
        for part in text.trim().split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=')?;
            match name.to_ascii_uppercase().as_str() {
                "FREQ" => is_yearly = value.eq_ignore_ascii_case("YEARLY"),
                "INTERVAL" => rule.interval = value.parse().ok().filter(|years| *years > 0)?,
                "COUNT" => rule.count = Some(value.parse().ok().filter(|count| *count > 0)?),
                "UNTIL" => rule.until = Some(super::event::day_of(value.get(..8)?)?),
                "BYMONTH" => rule.months = list(value, |month| month.parse().ok().filter(|month| (1..=12).contains(month)))?,
                "BYMONTHDAY" => rule.month_days = list(value, month_day)?,
                "BYDAY" => rule.week_days = list(value, day_of_week)?,
                // says where a week begins, which matters to no rule that is known here
                "WKST" => {}
                _ => return None,
            }
        }
        // the nth weekday of a year is not known, nor is one that must also be a certain day of the month
        let is_plain = rule.week_days.is_empty() || (!rule.months.is_empty() && rule.month_days.is_empty());
        (is_yearly && is_plain).then_some(rule)
    }

    /// The days on which the event begins, from its first one up to and with `last`.
    pub(super) fn days(&self, first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
        let last = self.until.map_or(last, |until| until.min(last));
        // the first day always counts as one
        let mut days = vec![first];
        for year in (first.year()..=last.year()).step_by(usize::from(self.interval)) {
            let mut of_year: Vec<NaiveDate> = self.months_of(first).flat_map(|month| self.of_month(year, month, first)).collect();
            of_year.sort_unstable();
            of_year.dedup();
            days.extend(of_year.into_iter().filter(|day| *day > first && *day <= last));
        }
        let count = self.count.and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX);
        days.truncate(count);
        days
    }

    /// The months that are looked at: those that are named, else that of the first day; days of the month without a month are those of every month.
    fn months_of(&self, first: NaiveDate) -> impl Iterator<Item = u32> {
        let months = match (self.months.is_empty(), self.month_days.is_empty()) {
            (false, _) => self.months.clone(),
            (true, false) => (1..=12).collect(),
            (true, true) => vec![first.month()],
        };
        months.into_iter()
    }

    fn of_month(&self, year: i32, month: u32, first: NaiveDate) -> Vec<NaiveDate> {
        let days = (1..=31).filter_map(|day| NaiveDate::from_ymd_opt(year, month, day));
        if !self.week_days.is_empty() {
            return days.filter(|day| self.week_days.iter().any(|wanted| is_weekday(*day, *wanted))).collect();
        }
        if !self.month_days.is_empty() {
            return days.filter(|day| self.month_days.iter().any(|wanted| is_month_day(*day, *wanted))).collect();
        }
        // a 29 February comes back in leap years alone
        days.filter(|day| day.day() == first.day()).collect()
    }
}

/// The values of a list, each once: a file may say the same a thousand times, and each would be looked at for each day.
fn list<T: PartialEq>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let mut values = Vec::new();
    for part in text.split(',') {
        let value = read(part.trim())?;
        if !values.contains(&value) {
            values.push(value);
        }
    }
    Some(values)
}

fn month_day(text: &str) -> Option<i8> {
    text.parse().ok().filter(|day: &i8| *day != 0 && (-31..=31).contains(day))
}

fn day_of_week(text: &str) -> Option<DayOfWeek> {
    let split = text.len().checked_sub(2)?;
    let (number, name) = (text.get(..split)?, text.get(split..)?);
    let weekday = match name.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    };
    let number = if number.is_empty() {
        None
    } else {
        Some(number.parse().ok().filter(|number: &i8| *number != 0 && (-5..=5).contains(number))?)
    };
    Some((number, weekday))
}

fn length_of_month(day: NaiveDate) -> u32 {
    (28..=31).rev().find(|last| day.with_day(*last).is_some()).unwrap_or(28)
}

fn is_month_day(day: NaiveDate, wanted: i8) -> bool {
    let from_start = i64::from(day.day());
    let from_end = from_start - i64::from(length_of_month(day)) - 1;
    i64::from(wanted) == from_start || i64::from(wanted) == from_end
}

fn is_weekday(day: NaiveDate, (number, weekday): DayOfWeek) -> bool {
    let from_start = i64::from(day.day0() / 7) + 1;
    let from_end = -(i64::from((length_of_month(day) - day.day()) / 7) + 1);
    let is_nth = number.is_none_or(|number| i64::from(number) == from_start || i64::from(number) == from_end);
    day.weekday() == weekday && is_nth
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(rule: &str, first: &str, last: &str) -> Vec<String> {
        let rule = Yearly::parse(rule).unwrap();
        rule.days(first.parse().unwrap(), last.parse().unwrap()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_day_comes_back_each_year() {
        assert_eq!(days("FREQ=YEARLY", "2024-12-24", "2026-12-31"), ["2024-12-24", "2025-12-24", "2026-12-24"]);
        assert_eq!(days("FREQ=YEARLY;INTERVAL=2", "2024-12-24", "2028-12-23"), ["2024-12-24", "2026-12-24"]);
        assert_eq!(days("FREQ=YEARLY;COUNT=2", "2024-12-24", "2030-01-01"), ["2024-12-24", "2025-12-24"]);
        assert_eq!(days("FREQ=YEARLY;UNTIL=20251224T000000Z", "2024-12-24", "2030-01-01"), ["2024-12-24", "2025-12-24"]);
        assert_eq!(days("FREQ=YEARLY", "2024-02-29", "2029-01-01"), ["2024-02-29", "2028-02-29"]);
    }

    #[test]
    fn weekdays_are_counted_from_both_ends_of_the_month() {
        // Thanksgiving and Memorial Day of the United States
        assert_eq!(
            days("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "2024-11-28", "2026-12-31"),
            ["2024-11-28", "2025-11-27", "2026-11-26"]
        );
        assert_eq!(
            days("FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;WKST=SU", "2024-05-27", "2026-12-31"),
            ["2024-05-27", "2025-05-26", "2026-05-25"]
        );
        assert_eq!(
            days("FREQ=YEARLY;BYMONTH=2,12;BYMONTHDAY=-1", "2024-02-29", "2025-06-01"),
            ["2024-02-29", "2024-12-31", "2025-02-28"]
        );
    }

    #[test]
    fn a_day_of_the_month_without_a_month_is_one_of_every_month() {
        assert_eq!(
            days("FREQ=YEARLY;BYMONTHDAY=15", "2025-10-15", "2026-02-28"),
            ["2025-10-15", "2025-11-15", "2025-12-15", "2026-01-15", "2026-02-15"]
        );
        // months without such a day are left out
        assert_eq!(
            days("FREQ=YEARLY;BYMONTHDAY=31;COUNT=4", "2025-01-31", "2026-12-31"),
            ["2025-01-31", "2025-03-31", "2025-05-31", "2025-07-31"]
        );
        assert_eq!(
            days("FREQ=YEARLY;INTERVAL=2;BYMONTHDAY=-1", "2025-11-30", "2027-01-31"),
            ["2025-11-30", "2025-12-31", "2027-01-31"]
        );
    }

    #[test]
    fn other_rules_are_not_known() {
        for text in [
            "FREQ=WEEKLY",
            "",
            "FREQ=YEARLY;BYDAY=20MO",
            "FREQ=YEARLY;BYDAY=1MO",
            "FREQ=YEARLY;BYYEARDAY=100",
            "FREQ=YEARLY;INTERVAL=0",
            "FREQ=YEARLY;BYMONTH=13",
            "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=13;BYDAY=FR",
            "FREQ=YEARLY;COUNT=x",
            "FREQ=YEARLY;UNTIL=2025",
        ] {
            assert_eq!(Yearly::parse(text), None, "{text}");
        }
    }
}
