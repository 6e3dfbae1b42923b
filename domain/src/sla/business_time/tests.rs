//! The corner cases by name.

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn span(from_minute: u16, to_minute: u16) -> Span {
    Span { from_minute, to_minute }
}

/// The same hours every day.
fn daily(zone: &str, hours: &[Span]) -> BusinessTime {
    let week = std::array::from_fn(|_| hours.to_vec());
    BusinessTime::new(TimeZoneName::parse(zone).unwrap(), week, BTreeMap::new())
}

/// Monday to Friday, 9 to 17.
fn office(zone: &str, days: BTreeMap<NaiveDate, Vec<Span>>) -> BusinessTime {
    let week = std::array::from_fn(|index| if index < 5 { vec![span(540, 1_020)] } else { Vec::new() });
    BusinessTime::new(TimeZoneName::parse(zone).unwrap(), week, days)
}

#[test]
fn four_hours_go_over_the_weekend() {
    let time = office("Europe/Berlin", BTreeMap::new());
    // Friday 16:00 in winter, and Monday 12:00
    assert_eq!(time.due(at("2026-01-09T15:00:00Z"), TimeDelta::hours(4)), Some(at("2026-01-12T11:00:00Z")));
    assert_eq!(time.elapsed(at("2026-01-09T15:00:00Z"), at("2026-01-12T11:00:00Z")), TimeDelta::hours(4));
    // the end of the last hour, not the beginning of the next day
    assert_eq!(time.due(at("2026-01-09T15:00:00Z"), TimeDelta::hours(1)), Some(at("2026-01-09T16:00:00Z")));
    // whoever starts while it is closed has lost nothing
    assert_eq!(time.due(at("2026-01-10T12:34:56Z"), TimeDelta::seconds(1)), Some(at("2026-01-12T08:00:01Z")));
}

#[test]
fn an_hour_that_is_shown_twice_counts_twice() {
    let time = daily("Europe/Berlin", &[span(120, 180)]);
    // 25 October 2026, 02:00 to 03:00, twice: 00:00 to 02:00 UTC
    assert_eq!(time.elapsed(at("2026-10-24T22:00:00Z"), at("2026-10-25T22:00:00Z")), TimeDelta::hours(2));
    assert_eq!(time.due(at("2026-10-24T22:00:00Z"), TimeDelta::minutes(90)), Some(at("2026-10-25T01:30:00Z")));
    let half = daily("Australia/Lord_Howe", &[span(90, 120)]);
    // 5 April 2026: half an hour is shown twice
    assert_eq!(half.elapsed(at("2026-04-04T12:00:00Z"), at("2026-04-05T12:00:00Z")), TimeDelta::hours(1));
}

#[test]
fn an_hour_that_is_left_out_does_not_count() {
    let time = daily("Europe/Berlin", &[span(120, 180)]);
    // 29 March 2026, 02:00 to 03:00 is not there
    assert_eq!(time.elapsed(at("2026-03-28T22:00:00Z"), at("2026-03-29T22:00:00Z")), TimeDelta::zero());
    assert_eq!(time.due(at("2026-03-28T22:00:00Z"), TimeDelta::minutes(1)), Some(at("2026-03-30T00:01:00Z")));
}

#[test]
fn a_range_over_the_gap_is_shorter_by_it() {
    let time = daily("Europe/Berlin", &[span(60, 240)]);
    // 01:00 to 04:00, without the hour from 2 to 3: two hours, in one stretch
    let (from, to) = (at("2026-03-28T23:00:00Z"), at("2026-03-29T22:00:00Z"));
    assert_eq!(time.elapsed(from, to), TimeDelta::hours(2));
    assert_eq!(time.open_hours(from, to), [OpenHours { from: at("2026-03-29T00:00:00Z"), to: at("2026-03-29T02:00:00Z") }]);
    assert_eq!(time.due(from, TimeDelta::minutes(61)), Some(at("2026-03-29T01:01:00Z")));
    // a range that begins within the gap begins where it ends
    let inside = daily("Europe/Berlin", &[span(150, 240)]);
    assert_eq!(inside.elapsed(from, to), TimeDelta::hours(1));
}

#[test]
fn a_range_until_midnight_goes_on_in_the_next_day() {
    let time = daily("America/New_York", &[span(0, 60), span(1_320, 1_440)]);
    let (from, to) = (at("2026-01-06T12:00:00Z"), at("2026-01-07T12:00:00Z"));
    assert_eq!(time.open_hours(from, to), [OpenHours { from: at("2026-01-07T03:00:00Z"), to: at("2026-01-07T06:00:00Z") }]);
    assert_eq!(time.due(from, TimeDelta::hours(2)), Some(at("2026-01-07T05:00:00Z")));
    assert!(time.is_open(at("2026-01-07T05:00:00Z")) && !time.is_open(at("2026-01-07T06:00:00Z")));
}

#[test]
fn ranges_that_overlap_count_once() {
    let time = daily("UTC", &[span(540, 720), span(600, 780), span(700, 650)]);
    assert_eq!(time.elapsed(at("2026-01-06T00:00:00Z"), at("2026-01-07T00:00:00Z")), TimeDelta::hours(4));
}

#[test]
fn a_calendar_without_hours_has_no_due_time() {
    let never = daily("Europe/Berlin", &[]);
    assert_eq!(never.due(at("2026-01-06T00:00:00Z"), TimeDelta::seconds(1)), None);
    assert_eq!(never.due(at("2026-01-06T00:00:00Z"), TimeDelta::zero()), Some(at("2026-01-06T00:00:00Z")));
    assert_eq!(never.elapsed(at("2026-01-06T00:00:00Z"), at("2036-01-06T00:00:00Z")), TimeDelta::zero());
    // hours on one day only are soon used up
    let week = std::array::from_fn(|_| Vec::new());
    let once = BusinessTime::new(TimeZoneName::UTC, week, BTreeMap::from([(day("2026-03-02"), vec![span(0, 60)])]));
    assert_eq!(once.due(at("2026-01-06T00:00:00Z"), TimeDelta::hours(1)), Some(at("2026-03-02T01:00:00Z")));
    assert_eq!(once.due(at("2026-01-06T00:00:00Z"), TimeDelta::minutes(61)), None);
}

#[test]
fn the_day_that_apia_left_out_does_not_count() {
    // from 29 to 31 December 2011 the islands went over the date line; the 30th, a Friday, never was
    let time = office("Pacific/Apia", BTreeMap::new());
    let (from, to) = (at("2011-12-28T10:00:00Z"), at("2012-01-03T10:00:00Z"));
    let open = time.open_hours(from, to);
    let days: Vec<String> =
        open.iter().map(|one| one.from.with_timezone(&Tz::Pacific__Apia).format("%a %d %H").to_string()).collect();
    assert_eq!(days, ["Wed 28 09", "Thu 29 09", "Mon 02 09", "Tue 03 09"]);
    assert_eq!(time.elapsed(from, to), TimeDelta::hours(8 * 4));
}

#[test]
fn special_days_win_over_the_week() {
    let days = BTreeMap::from([
        (day("2026-01-06"), Vec::new()),
        // a Saturday on which they work
        (day("2026-01-10"), vec![span(600, 660), span(720, 780)]),
    ]);
    let time = office("UTC", days);
    let week = (at("2026-01-05T00:00:00Z"), at("2026-01-12T00:00:00Z"));
    assert_eq!(time.elapsed(week.0, week.1), TimeDelta::hours(4 * 8 + 2));
    assert_eq!(time.due(at("2026-01-05T16:00:00Z"), TimeDelta::hours(2)), Some(at("2026-01-07T10:00:00Z")));
    // long before and long after, weeks are as they always are
    assert_eq!(time.elapsed(at("2020-01-06T00:00:00Z"), at("2020-01-13T00:00:00Z")), TimeDelta::hours(40));
    assert_eq!(time.elapsed(at("2030-01-07T00:00:00Z"), at("2030-01-14T00:00:00Z")), TimeDelta::hours(40));
}

#[test]
fn ten_years_are_as_exact_as_a_day() {
    let time = office("Europe/Berlin", BTreeMap::new());
    let start = at("2026-01-05T08:00:00Z");
    // 521 weeks and two days, of 40 hours
    let due = time.due(start, TimeDelta::hours(521 * 40 + 16)).unwrap();
    assert_eq!(due, at("2035-12-31T16:00:00Z") + TimeDelta::days(1));
    assert_eq!(time.elapsed(start, due), TimeDelta::hours(521 * 40 + 16));
}
