//! What routing knows of a colleague: languages with their level, experience, working hours, absences.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Timelike, Utc};
use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::id::{AbsenceId, UserId};
use crate::user::{Seniority, User};
use crate::value::{LanguageTag, TimeZoneName};
use crate::violation::{ViolationCode, Violations};

codes! {
    /// How well somebody speaks a language: the levels of the Common European Framework of Reference (Council of Europe, 2001), and above them a
    /// first language.
    pub enum LanguageLevel {
        /// Beginner.
        A1 = "A1",
        /// Elementary.
        A2 = "A2",
        /// Intermediate.
        B1 = "B1",
        /// Upper intermediate: can talk business.
        B2 = "B2",
        /// Advanced: can negotiate.
        C1 = "C1",
        /// Close to a first language.
        C2 = "C2",
        /// A first language.
        Native = "NATIVE",
    }
}

codes! {
    /// A day of the week.
    pub enum Weekday {
        /// Monday.
        Monday = "MONDAY",
        /// Tuesday.
        Tuesday = "TUESDAY",
        /// Wednesday.
        Wednesday = "WEDNESDAY",
        /// Thursday.
        Thursday = "THURSDAY",
        /// Friday.
        Friday = "FRIDAY",
        /// Saturday.
        Saturday = "SATURDAY",
        /// Sunday.
        Sunday = "SUNDAY",
    }
}

/// Most languages of one colleague.
pub const LANGUAGES_MAX: usize = 20;
/// Most ranges of working hours of one colleague.
pub const HOURS_MAX: usize = 42;
/// Most absences that are kept of one colleague.
pub const ABSENCES_MAX: usize = 50;
/// Minutes of a day.
pub const DAY_MINUTES: u16 = 1_440;

/// A language somebody works in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skill {
    /// The language; region and script do not matter.
    pub language: LanguageTag,
    /// How well.
    pub level: LanguageLevel,
}

/// A range of working time on a day of each week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct HourRange {
    /// The day.
    pub day: Weekday,
    /// Minutes after midnight at which it begins.
    pub from_minute: u16,
    /// Minutes after midnight at which it ends, at most [`DAY_MINUTES`].
    pub to_minute: u16,
}

/// When somebody works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkingHours {
    /// The zone in which the hours are meant.
    pub time_zone: TimeZoneName,
    /// The ranges, several a day if need be.
    pub ranges: Vec<HourRange>,
}

/// A moment as a clock in a time zone shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WallTime {
    day: Weekday,
    minute: u32,
}

impl WallTime {
    /// What the clock shows.
    pub fn of(at: DateTime<Utc>, zone: TimeZoneName) -> Self {
        let local = at.with_timezone(&zone.tz());
        let day = match local.weekday() {
            chrono::Weekday::Mon => Weekday::Monday,
            chrono::Weekday::Tue => Weekday::Tuesday,
            chrono::Weekday::Wed => Weekday::Wednesday,
            chrono::Weekday::Thu => Weekday::Thursday,
            chrono::Weekday::Fri => Weekday::Friday,
            chrono::Weekday::Sat => Weekday::Saturday,
            chrono::Weekday::Sun => Weekday::Sunday,
        };
        Self { day, minute: local.hour().saturating_mul(60).saturating_add(local.minute()) }
    }
}

impl WorkingHours {
    /// Whether a moment falls into them.
    pub fn cover(&self, at: DateTime<Utc>) -> bool {
        self.cover_wall(WallTime::of(at, self.time_zone))
    }

    /// The same of what a clock in their zone shows.
    pub fn cover_wall(&self, shown: WallTime) -> bool {
        let within = |range: &HourRange| (u32::from(range.from_minute)..u32::from(range.to_minute)).contains(&shown.minute);
        self.ranges.iter().any(|range| range.day == shown.day && within(range))
    }

    fn check(&self, faults: &mut Violations) {
        check_ranges("workingHours.ranges", &self.ranges, HOURS_MAX, faults);
    }
}

/// Checks ranges of working time: at most `count_max`, each within its day, none over another. Faults are told of `field`.
pub fn check_ranges(field: &str, ranges: &[HourRange], count_max: usize, faults: &mut Violations) {
    if ranges.len() > count_max {
        faults.add(field, ViolationCode::TooLong, format!("at most {count_max} ranges are allowed"));
    }
    let mut sorted = ranges.to_vec();
    sorted.sort_unstable();
    for range in &sorted {
        if range.from_minute >= range.to_minute || range.to_minute > DAY_MINUTES {
            let message = "a range must begin before it ends, within its day";
            faults.add(field, ViolationCode::OutOfRange, message);
        }
    }
    let overlap = |pair: &[HourRange]| matches!(pair, [one, other] if one.day == other.day && other.from_minute < one.to_minute);
    if sorted.windows(2).any(overlap) {
        faults.add(field, ViolationCode::Conflict, "ranges of a day must not overlap");
    }
}

/// A time in which somebody gets nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Absence {
    /// Its id.
    pub id: AbsenceId,
    /// From when, UTC.
    pub from: DateTime<Utc>,
    /// Until when, UTC; until further notice when absent.
    pub until: Option<DateTime<Utc>>,
}

impl Absence {
    /// Whether a moment falls into it.
    pub fn covers(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

/// What routing knows of a colleague.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberProfile {
    /// Who.
    pub user: UserId,
    /// Counts the changes, from 1; 0 as long as nothing was ever said, and what is known is read from the account.
    pub version: u32,
    /// Languages with their level.
    pub skills: Vec<Skill>,
    /// How experienced.
    pub seniority: Seniority,
    /// When the colleague works; always when absent.
    pub hours: Option<WorkingHours>,
    /// From when the colleague gets leads, UTC.
    pub starts_at: Option<DateTime<Utc>>,
    /// Absences, planned ones too.
    pub absences: Vec<Absence>,
}

impl MemberProfile {
    /// What an account tells as long as nothing more was said: the first language as a first language, the others well enough to negotiate.
    pub fn of(user: &User) -> Self {
        let more = user.more_languages.iter().map(|language| (language, LanguageLevel::C1));
        let skills = std::iter::once((&user.language, LanguageLevel::Native)).chain(more);
        Self {
            user: user.id,
            version: 0,
            skills: skills.map(|(language, level)| Skill { language: language.clone(), level }).collect(),
            seniority: user.seniority,
            hours: None,
            starts_at: None,
            absences: Vec::new(),
        }
    }

    /// How well the colleague speaks a language; region and script do not matter.
    pub fn level(&self, language: &LanguageTag) -> Option<LanguageLevel> {
        let primary = language.primary();
        let same = |skill: &&Skill| skill.language.primary() == primary;
        self.skills.iter().filter(same).map(|skill| skill.level).max()
    }

    /// Whether the colleague has started to get leads.
    pub fn has_started(&self, at: DateTime<Utc>) -> bool {
        self.starts_at.is_none_or(|starts| starts <= at)
    }

    /// Whether the colleague is absent.
    pub fn is_absent(&self, at: DateTime<Utc>) -> bool {
        self.absences.iter().any(|absence| absence.covers(at))
    }

    /// Whether the colleague is at work: somebody without working hours always is.
    pub fn is_at_work(&self, at: DateTime<Utc>) -> bool {
        self.hours.as_ref().is_none_or(|hours| hours.cover(at))
    }

    /// Forgets absences that ended, the earliest first, as far as there are more than are kept.
    pub fn forget_past(&mut self, now: DateTime<Utc>) {
        self.absences.retain(|absence| absence.until.is_none_or(|until| until > now));
    }

    /// Checks what was typed or stored.
    ///
    /// # Errors
    /// All faults: too many languages, hours or absences; a language twice; ranges that overlap or leave their day; an absence that ends before it
    /// begins.
    pub fn check(&self) -> Result<(), Violations> {
        let mut faults = Violations::new();
        if self.skills.len() > LANGUAGES_MAX {
            faults.add("skills", ViolationCode::TooLong, format!("at most {LANGUAGES_MAX} languages are allowed"));
        }
        let mut seen = BTreeSet::new();
        if self.skills.iter().any(|skill| !seen.insert(skill.language.primary())) {
            faults.add("skills", ViolationCode::Duplicate, "a language is named twice");
        }
        if let Some(hours) = &self.hours {
            hours.check(&mut faults);
        }
        if self.absences.len() > ABSENCES_MAX {
            faults.add("absences", ViolationCode::TooLong, format!("at most {ABSENCES_MAX} absences are kept"));
        }
        if self.absences.iter().any(|absence| absence.until.is_some_and(|until| until <= absence.from)) {
            faults.add("until", ViolationCode::OutOfRange, "an absence must end after it begins");
        }
        faults.into_result()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn profile() -> MemberProfile {
        MemberProfile {
            user: UserId::from(Uuid::from_u128(1)),
            version: 1,
            skills: vec![Skill { language: LanguageTag::parse("de-AT").unwrap(), level: LanguageLevel::Native }],
            seniority: Seniority::Junior,
            hours: None,
            starts_at: None,
            absences: Vec::new(),
        }
    }

    #[test]
    fn hours_are_those_of_the_zone_across_a_change_of_clocks() {
        let hours = WorkingHours {
            time_zone: TimeZoneName::parse("Europe/Berlin").unwrap(),
            ranges: vec![
                HourRange { day: Weekday::Monday, from_minute: 540, to_minute: 720 },
                HourRange { day: Weekday::Monday, from_minute: 780, to_minute: 1_020 },
            ],
        };
        // a Monday in winter, UTC+1, and one in summer, UTC+2
        for (time, covered) in [
            ("2026-03-23T08:00:00Z", true),
            ("2026-03-23T07:59:59Z", false),
            ("2026-03-23T11:30:00Z", false),
            ("2026-03-30T07:00:00Z", true),
            ("2026-03-30T15:00:00Z", false),
            ("2026-03-31T08:00:00Z", false),
        ] {
            assert_eq!(hours.cover(at(time)), covered, "{time}");
        }
    }

    #[test]
    fn an_absence_ends_or_goes_on_until_further_notice() {
        let mut member = profile();
        let id = AbsenceId::from(Uuid::from_u128(9));
        let from = at("2026-01-05T00:00:00Z");
        member.absences = vec![Absence { id, from, until: Some(at("2026-01-12T00:00:00Z")) }];
        assert!(!member.is_absent(at("2026-01-04T23:59:59Z")) && member.is_absent(from));
        assert!(!member.is_absent(at("2026-01-12T00:00:00Z")));
        member.absences = vec![Absence { id, from, until: None }];
        assert!(member.is_absent(at("2036-01-01T00:00:00Z")));
    }

    #[test]
    fn every_fault_is_told() {
        let mut member = profile();
        member.skills.push(Skill { language: LanguageTag::parse("de").unwrap(), level: LanguageLevel::B2 });
        let range = |from_minute, to_minute| HourRange { day: Weekday::Friday, from_minute, to_minute };
        member.hours = Some(WorkingHours { time_zone: TimeZoneName::UTC, ranges: vec![range(0, 700), range(600, 2_000)] });
        let codes: Vec<ViolationCode> = member.check().unwrap_err().iter().map(|fault| fault.code).collect();
        assert_eq!(codes, [ViolationCode::Duplicate, ViolationCode::OutOfRange, ViolationCode::Conflict]);
    }
}
