//! Business time held against a model that asks the clock on the wall for every minute.

use chrono::{Datelike, Days, Timelike};
use proptest::prelude::*;

use super::*;

const ZONES: [Tz; 14] = [
    Tz::Europe__Berlin,
    Tz::America__New_York,
    // half an hour
    Tz::Australia__Lord_Howe,
    Tz::America__Sao_Paulo,
    Tz::Australia__Adelaide,
    Tz::Asia__Kathmandu,
    // 45 minutes, and summer time
    Tz::Pacific__Chatham,
    // left out a day in 2011
    Tz::Pacific__Apia,
    // winter time in Ramadan
    Tz::Africa__Casablanca,
    Tz::Europe__Dublin,
    Tz::America__St_Johns,
    Tz::America__Santiago,
    Tz::Africa__Cairo,
    Tz::UTC,
];

/// A calendar as the model reads it: ranges of minutes by day of the week, and by date.
#[derive(Clone, Debug)]
struct Plan {
    zone: Tz,
    week: [Vec<(u16, u16)>; 7],
    days: BTreeMap<NaiveDate, Vec<(u16, u16)>>,
}

impl Plan {
    fn time(&self) -> BusinessTime {
        let spans = |hours: &Vec<(u16, u16)>| -> Vec<Span> {
            hours.iter().map(|(from_minute, to_minute)| Span { from_minute: *from_minute, to_minute: *to_minute }).collect()
        };
        let days = self.days.iter().map(|(day, hours)| (*day, spans(hours))).collect();
        BusinessTime::new(TimeZoneName::from(self.zone), self.week.clone().map(|hours| spans(&hours)), days)
    }

    /// Whether the minute that begins at a whole minute of UTC counts. Offsets of the years that are tried are whole minutes.
    fn counts(&self, minute: DateTime<Utc>) -> bool {
        let shown = minute.with_timezone(&self.zone).naive_local();
        let weekday = usize::try_from(shown.weekday().number_from_monday() - 1).unwrap();
        let hours = self.days.get(&shown.date()).unwrap_or(&self.week[weekday]);
        let of_day = shown.hour() * 60 + shown.minute();
        hours.iter().any(|(from, to)| (u32::from(*from)..u32::from(*to)).contains(&of_day))
    }

    fn elapsed(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> TimeDelta {
        let mut sum = TimeDelta::zero();
        let mut minute = whole_minute(from);
        while minute < to {
            let next = minute + TimeDelta::minutes(1);
            if self.counts(minute) {
                sum += next.min(to) - minute.max(from);
            }
            minute = next;
        }
        sum
    }

    /// The earliest moment at which so much has passed, looked for until `end`.
    fn due(&self, start: DateTime<Utc>, length: TimeDelta, end: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut left = length;
        let mut minute = whole_minute(start);
        while minute < end {
            let next = minute + TimeDelta::minutes(1);
            let from = minute.max(start);
            if self.counts(minute) {
                if next - from >= left {
                    return Some(from + left);
                }
                left -= next - from;
            }
            minute = next;
        }
        None
    }
}

fn whole_minute(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(at.timestamp().div_euclid(60) * 60, 0).unwrap()
}

/// Up to four ranges without overlaps; some touch, some end at midnight, some last the whole day.
fn hours() -> impl Strategy<Value = Vec<(u16, u16)>> {
    let cuts = proptest::collection::btree_set(prop_oneof![0_u16..=1_440, (0_u16..=48).prop_map(|half| half * 30)], 0..=8);
    let ranges = cuts.prop_map(|cuts| {
        let cuts: Vec<u16> = cuts.into_iter().collect();
        cuts.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>()
    });
    prop_oneof![
        4 => ranges,
        2 => Just(vec![(540, 1_020)]),
        1 => Just(vec![(0, 1_440)]),
        1 => Just(vec![(0, 720), (720, 1_440)]),
        2 => Just(Vec::new()),
    ]
}

/// Moments in the years in which the zones change, many of them close to a change.
fn moments(zone: Tz) -> impl Strategy<Value = DateTime<Utc>> {
    let first = "2010-01-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap();
    let changes: Vec<DateTime<Utc>> = {
        let time = BusinessTime::new(TimeZoneName::from(zone), Default::default(), BTreeMap::new());
        let end = first + TimeDelta::days(365 * 28);
        let reaches: Vec<Reach> = time.reaches(first.naive_utc(), end.naive_utc()).collect();
        reaches.windows(2).filter(|pair| pair[0].offset != pair[1].offset).map(|pair| pair[1].from.and_utc()).collect()
    };
    let any = (0..28_i64 * 365 * 86_400).prop_map(move |second| first + TimeDelta::seconds(second));
    let whole = prop_oneof![Just(0_i64), 0..1_000_000_i64].boxed();
    let near = (proptest::sample::select(if changes.is_empty() { vec![first] } else { changes }), -400_000..200_000_i64)
        .prop_map(|(change, second)| change + TimeDelta::seconds(second));
    (prop_oneof![1 => any, 3 => near], whole).prop_map(|(at, micros)| at + TimeDelta::microseconds(micros))
}

fn cases() -> impl Strategy<Value = (Plan, DateTime<Utc>)> {
    proptest::sample::select(ZONES.to_vec()).prop_flat_map(|zone| {
        let week = proptest::array::uniform7(hours());
        let special = proptest::collection::btree_map(0_u64..20, hours(), 0..6);
        (week, special, moments(zone)).prop_map(move |(week, special, start)| {
            let first = start.date_naive() - Days::new(4);
            let days = special.into_iter().map(|(after, hours)| (first + Days::new(after), hours)).collect();
            (Plan { zone, week, days }, start)
        })
    })
}

/// Lengths in microseconds, some of whole minutes.
fn lengths(days: i64) -> impl Strategy<Value = TimeDelta> {
    prop_oneof![
        (0..days * 1_440).prop_map(TimeDelta::minutes),
        (0..days * 86_400_000_000).prop_map(TimeDelta::microseconds),
        (0..50_000_000_i64).prop_map(TimeDelta::microseconds),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn elapsed_is_what_counting_minutes_gives((plan, from) in cases(), length in lengths(15)) {
        let to = from + length;
        prop_assert_eq!(plan.time().elapsed(from, to), plan.elapsed(from, to));
    }

    #[test]
    fn due_is_the_earliest_minute_that_the_model_finds((plan, start) in cases(), length in lengths(4)) {
        prop_assume!(length > TimeDelta::zero());
        let time = plan.time();
        let end = start + TimeDelta::days(14);
        let expected = plan.due(start, length, end);
        prop_assert_eq!(time.due(start, length).filter(|due| *due <= end), expected);
    }

    #[test]
    fn due_and_elapsed_agree((plan, start) in cases(), length in lengths(400)) {
        let time = plan.time();
        let Some(due) = time.due(start, length) else {
            prop_assert!(time.elapsed(start, start + TimeDelta::days(i64::from(DAYS_MAX))) < length);
            return Ok(());
        };
        prop_assert_eq!(time.elapsed(start, due), length);
        if length > TimeDelta::zero() {
            let before = due - TimeDelta::microseconds(1);
            prop_assert_eq!(time.elapsed(start, before), length - TimeDelta::microseconds(1), "an earlier moment would do");
            prop_assert!(time.is_open(before));
        } else {
            prop_assert_eq!(due, start);
        }
        // the other way round: nothing open is lost between
        let back = time.due(start, time.elapsed(start, due)).unwrap();
        prop_assert_eq!(back, due);
    }

    #[test]
    fn both_are_monotone_and_add_up((plan, start) in cases(), one in lengths(60), more in lengths(60)) {
        let time = plan.time();
        let (middle, end) = (start + one, start + one + more);
        prop_assert_eq!(time.elapsed(start, middle) + time.elapsed(middle, end), time.elapsed(start, end));
        prop_assert!(time.elapsed(start, end) <= end - start);
        prop_assert_eq!(time.elapsed(end, start), TimeDelta::zero());
        if let (Some(first), Some(second)) = (time.due(start, one), time.due(start, one + more)) {
            prop_assert!(first <= second);
            prop_assert!(first >= start + one);
            if one > TimeDelta::zero() {
                prop_assert_eq!(time.due(first, more).unwrap().max(first), second);
            }
        }
    }

    #[test]
    fn open_hours_are_what_elapsed_measures((plan, from) in cases(), length in lengths(15)) {
        let (time, to) = (plan.time(), from + length);
        let open = time.open_hours(from, to);
        let sum = open.iter().fold(TimeDelta::zero(), |sum, one| sum + (one.to - one.from));
        prop_assert_eq!(sum, time.elapsed(from, to));
        for one in &open {
            prop_assert!(from <= one.from && one.from < one.to && one.to <= to);
            prop_assert!(time.is_open(one.from) && time.is_open(one.to - TimeDelta::microseconds(1)));
        }
        for pair in open.windows(2) {
            prop_assert!(pair[0].to < pair[1].from);
            prop_assert!(!time.is_open(pair[0].to) && !time.is_open(pair[1].from - TimeDelta::microseconds(1)));
        }
    }
}

/// The step between comparisons of offsets misses no change: every zone, held against comparisons that are much closer.
#[test]
fn no_change_of_an_offset_is_missed() {
    let moment = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let (first, last) = (moment("1939-01-01T00:00:00Z"), moment("2045-01-01T00:00:00Z"));
    let zones = ZONES.into_iter().chain([Tz::America__Recife, Tz::Africa__Freetown, Tz::Asia__Gaza, Tz::Europe__Vienna]);
    for zone in zones {
        let time = BusinessTime::new(TimeZoneName::from(zone), Default::default(), BTreeMap::new());
        let mut at = first.naive_utc();
        for reach in time.reaches(first.naive_utc(), last.naive_utc()) {
            assert_eq!(reach.from, at, "{zone}");
            while at < reach.to {
                assert_eq!(time.offset(at), reach.offset, "{zone} {at}");
                at = (at + TimeDelta::hours(6)).min(reach.to);
            }
        }
        assert_eq!(at, last.naive_utc(), "{zone}");
    }
}
