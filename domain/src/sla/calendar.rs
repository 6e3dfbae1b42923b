//! Calendars: when an organisation, a team or a colleague works.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::id::{CalendarId, TeamId, UserId};
use crate::routing::member::{HOURS_MAX, HourRange, Weekday, check_ranges};
use crate::value::{CountryCode, ShortText, SubdivisionCode, TimeZoneName};
use crate::violation::{ViolationCode, Violations};

use super::business_time::{BusinessTime, Span};

codes! {
    /// Whose calendar it is. The nearest one counts: a colleague's own, else the team's, else the organisation's.
    pub enum CalendarLevel {
        /// The whole organisation's.
        Organisation = "ORGANISATION",
        /// A team's.
        Team = "TEAM",
        /// A colleague's own.
        User = "USER",
    }
}

/// Whose calendar it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CalendarOwner {
    /// The whole organisation's.
    Organisation,
    /// A team's.
    Team(TeamId),
    /// A colleague's own.
    User(UserId),
}

impl CalendarOwner {
    /// The level.
    pub const fn level(self) -> CalendarLevel {
        match self {
            Self::Organisation => CalendarLevel::Organisation,
            Self::Team(_) => CalendarLevel::Team,
            Self::User(_) => CalendarLevel::User,
        }
    }
}

/// Most days of a calendar that are unlike the others: five and a half years of them.
pub const SPECIAL_DAYS_MAX: usize = 2_000;
/// Most ranges of working time of one such day.
pub const DAY_RANGES_MAX: usize = 6;

/// The country, and the state of it, whose public holidays are days off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolidayRegion {
    /// The country.
    pub country: CountryCode,
    /// The state; the national holidays alone when absent.
    pub subdivision: Option<SubdivisionCode>,
}

/// A day that is unlike the others of its weekday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecialDay {
    /// What it is.
    pub name: ShortText,
    /// The hours worked on it, as minutes after midnight; none when it is a day off.
    pub hours: Vec<Span>,
}

/// A calendar as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkCalendar {
    /// Its id.
    pub id: CalendarId,
    /// Counts the changes, from 1.
    pub version: u32,
    /// Its name for people.
    pub name: ShortText,
    /// Whose it is.
    pub owner: CalendarOwner,
    /// The zone in which its hours are meant.
    pub time_zone: TimeZoneName,
    /// The hours of each week; several ranges a day if need be.
    pub weekly: Vec<HourRange>,
    /// Whose public holidays are days off.
    pub holidays: Option<HolidayRegion>,
    /// Days unlike the others; they win over holidays.
    pub special_days: BTreeMap<NaiveDate, SpecialDay>,
    /// When it last changed, UTC.
    pub updated_at: DateTime<Utc>,
}

impl WorkCalendar {
    /// The calendar ready to calculate with; `holidays` are the days off of its region.
    pub fn business_time(&self, holidays: impl IntoIterator<Item = NaiveDate>) -> BusinessTime {
        let mut days: BTreeMap<NaiveDate, Vec<Span>> = holidays.into_iter().map(|day| (day, Vec::new())).collect();
        days.extend(self.special_days.iter().map(|(day, special)| (*day, special.hours.clone())));
        let hours = |day: Weekday| -> Vec<Span> {
            let of_day = self.weekly.iter().filter(|range| range.day == day);
            of_day.map(|range| Span { from_minute: range.from_minute, to_minute: range.to_minute }).collect()
        };
        let week = [
            Weekday::Monday,
            Weekday::Tuesday,
            Weekday::Wednesday,
            Weekday::Thursday,
            Weekday::Friday,
            Weekday::Saturday,
            Weekday::Sunday,
        ];
        BusinessTime::new(self.time_zone, week.map(hours), days)
    }

    /// Checks what was typed or stored.
    ///
    /// # Errors
    /// All faults: ranges that overlap or leave their day, too many of them, no hour in any week, too many special days, a state of another country.
    pub fn check(&self) -> Result<(), Violations> {
        let mut faults = Violations::new();
        check_ranges("weekly", &self.weekly, HOURS_MAX, &mut faults);
        if self.weekly.is_empty() {
            faults.add("weekly", ViolationCode::Required, "a week must have a working hour");
        }
        if self.special_days.len() > SPECIAL_DAYS_MAX {
            faults.add("specialDays", ViolationCode::TooLong, format!("at most {SPECIAL_DAYS_MAX} special days are allowed"));
        }
        for (date, day) in &self.special_days {
            let ranges = day.hours.iter().map(|span| HourRange {
                // one and the same day, whichever
                day: Weekday::Monday,
                from_minute: span.from_minute,
                to_minute: span.to_minute,
            });
            check_ranges(&format!("specialDays.{date}.hours"), &ranges.collect::<Vec<_>>(), DAY_RANGES_MAX, &mut faults);
        }
        let region = self.holidays.as_ref().and_then(|region| Some((region.country, region.subdivision?)));
        if region.is_some_and(|(country, state)| state.country() != country) {
            faults.add("holidays.subdivision", ViolationCode::Conflict, "the state must be one of the country");
        }
        faults.into_result()
    }

    /// The calendar that every organisation has from the beginning: Monday to Friday, 9 to 17, in UTC until somebody says where it works.
    pub fn shipped(id: CalendarId, name: ShortText, now: DateTime<Utc>) -> Self {
        let days = [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];
        Self {
            id,
            version: 1,
            name,
            owner: CalendarOwner::Organisation,
            time_zone: TimeZoneName::UTC,
            weekly: days.map(|day| HourRange { day, from_minute: 540, to_minute: 1_020 }).to_vec(),
            holidays: None,
            special_days: BTreeMap::new(),
            updated_at: now,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn calendar() -> WorkCalendar {
        let name = ShortText::parse("Organisation").unwrap();
        WorkCalendar::shipped(CalendarId::from(Uuid::from_u128(1)), name, "2026-01-05T00:00:00Z".parse().unwrap())
    }

    fn faults(calendar: &WorkCalendar) -> Vec<(String, ViolationCode)> {
        calendar.check().unwrap_err().iter().map(|fault| (fault.field.clone(), fault.code)).collect()
    }

    fn special(hours: &[(u16, u16)]) -> SpecialDay {
        let hours = hours.iter().map(|(from_minute, to_minute)| Span { from_minute: *from_minute, to_minute: *to_minute });
        SpecialDay { name: ShortText::parse("Special").unwrap(), hours: hours.collect() }
    }

    #[test]
    fn what_is_shipped_is_in_order() {
        assert_eq!(calendar().check(), Ok(()));
        let time = calendar().business_time([]);
        assert!(time.is_open("2026-01-05T09:00:00Z".parse().unwrap()) && !time.is_open("2026-01-05T17:00:00Z".parse().unwrap()));
    }

    #[test]
    fn every_fault_is_told_with_its_field() {
        let day: NaiveDate = "2026-12-24".parse().unwrap();
        let range = |from_minute, to_minute| HourRange { day: Weekday::Friday, from_minute, to_minute };
        let mut bad = calendar();
        bad.weekly = vec![range(540, 720), range(700, 800), range(900, 900), range(1_000, 1_441)];
        bad.special_days = BTreeMap::from([(day, special(&[(0, 60), (30, 90)])), (day.succ_opt().unwrap(), special(&[]))]);
        bad.holidays = Some(HolidayRegion {
            country: CountryCode::parse("DE").unwrap(),
            subdivision: Some(SubdivisionCode::parse("AT-9").unwrap()),
        });
        let expected = [
            ("weekly", ViolationCode::OutOfRange),
            ("weekly", ViolationCode::OutOfRange),
            ("weekly", ViolationCode::Conflict),
            ("specialDays.2026-12-24.hours", ViolationCode::Conflict),
            ("holidays.subdivision", ViolationCode::Conflict),
        ];
        assert_eq!(faults(&bad), expected.map(|(field, code)| (field.to_owned(), code)));
    }

    #[test]
    fn a_week_without_hours_and_too_many_days_are_refused() {
        let mut bad = calendar();
        bad.weekly.clear();
        let first: NaiveDate = "2026-01-01".parse().unwrap();
        bad.special_days = first.iter_days().take(SPECIAL_DAYS_MAX).map(|day| (day, special(&[]))).collect();
        assert_eq!(faults(&bad), [("weekly".to_owned(), ViolationCode::Required)]);
        bad.special_days.insert("2040-01-01".parse().unwrap(), special(&[]));
        assert_eq!(faults(&bad).last().unwrap(), &("specialDays".to_owned(), ViolationCode::TooLong));
    }

    #[test]
    fn ranges_that_touch_and_end_at_midnight_are_in_order() {
        let mut good = calendar();
        let range = |from_minute, to_minute| HourRange { day: Weekday::Friday, from_minute, to_minute };
        good.weekly = vec![range(720, 1_440), range(0, 720)];
        assert_eq!(good.check(), Ok(()));
    }

    #[test]
    fn special_days_win_over_holidays() {
        let day: NaiveDate = "2026-01-06".parse().unwrap();
        let mut calendar = calendar();
        calendar.special_days.insert(day, special(&[(600, 660)]));
        let time = calendar.business_time([day, day.succ_opt().unwrap()]);
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert!(time.is_open(at("2026-01-06T10:30:00Z")) && !time.is_open(at("2026-01-06T09:30:00Z")));
        assert!(!time.is_open(at("2026-01-07T10:30:00Z")));
    }
}
