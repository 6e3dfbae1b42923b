//! How long it takes to find out when a promise is due: 4 hours ahead, a year, ten years, by a calendar with holidays and several ranges a day.
//!
//! `cargo run --release -p fairfall-domain --example calendar`; ends with an error when the goal is missed.

#![expect(clippy::print_stdout, reason = "it prints figures")]

use std::{collections::BTreeMap, error::Error, hint::black_box, process::ExitCode, time::Instant};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use fairfall_domain::sla::BusinessTime;
use fairfall_domain::sla::business_time::Span;
use fairfall_domain::value::TimeZoneName;

/// What is asked of the slowest one of a hundred due times ten years ahead, in nanoseconds.
const P99_NS_MAX: u64 = 1_000_000;

/// Due times that are found of each length and zone.
const STARTS: u32 = 2_000;
const ZONES: [&str; 5] = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"];
/// Hours of a week: 7.5 on each of five days.
const WEEK_MINUTES: i64 = 5 * 450;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<ExitCode> {
    let lengths = [
        ("4 hours", TimeDelta::hours(4)),
        ("a year", TimeDelta::minutes(52 * WEEK_MINUTES)),
        ("ten years", TimeDelta::minutes(522 * WEEK_MINUTES)),
    ];
    println!("{STARTS} due times each, 13 holidays a year; nanoseconds\n");
    println!("| zone | length | due: median | p99 | elapsed back: median | p99 |");
    println!("|---|---|---|---|---|---|");
    let mut slowest = 0;
    for zone in ZONES {
        let time = calendar(zone)?;
        for (name, length) in lengths {
            let (due, back) = measure(&time, length)?;
            println!("| {zone} | {name} | {} | {} | {} | {} |", due.0, due.1, back.0, back.1);
            slowest = slowest.max(due.1).max(back.1);
        }
    }
    let is_reached = slowest <= P99_NS_MAX;
    println!("\nGoal: at most {P99_NS_MAX} ns in 99 of 100 cases: {}.", if is_reached { "reached" } else { "MISSED" });
    Ok(if is_reached { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Monday to Friday, 8:30 to 12 and 13 to 17, with holidays for thirty years.
fn calendar(zone: &str) -> Outcome<BusinessTime> {
    let hours = || vec![Span { from_minute: 510, to_minute: 720 }, Span { from_minute: 780, to_minute: 1_020 }];
    let week = std::array::from_fn(|day| if day < 5 { hours() } else { Vec::new() });
    let mut days = BTreeMap::new();
    for year in 2020..2050 {
        for (month, day) in
            [(1, 1), (1, 6), (4, 3), (4, 6), (5, 1), (5, 14), (5, 25), (6, 4), (8, 15), (10, 3), (11, 1), (12, 25), (12, 26)]
        {
            days.insert(NaiveDate::from_ymd_opt(year, month, day).ok_or("a day")?, Vec::new());
        }
    }
    Ok(BusinessTime::new(TimeZoneName::parse(zone)?, week, days))
}

/// Median and the 99th of a hundred.
type Figures = (u64, u64);

fn measure(time: &BusinessTime, length: TimeDelta) -> Outcome<(Figures, Figures)> {
    let first: DateTime<Utc> = "2026-01-01T00:00:00Z".parse()?;
    let (mut ahead, mut back) = (Vec::new(), Vec::new());
    for number in 0..STARTS {
        // all hours of the day and days of the year
        let start = first + TimeDelta::minutes(i64::from(number) * 263);
        let clock = Instant::now();
        let due = black_box(time.due(black_box(start), length)).ok_or("no due time")?;
        ahead.push(u64::try_from(clock.elapsed().as_nanos())?);
        let clock = Instant::now();
        let elapsed = black_box(time.elapsed(black_box(start), due));
        back.push(u64::try_from(clock.elapsed().as_nanos())?);
        if elapsed != length {
            return Err(format!("from {start}, {length} end at {due}, but {elapsed} lie between").into());
        }
    }
    Ok((figures(ahead), figures(back)))
}

fn figures(mut times: Vec<u64>) -> Figures {
    times.sort_unstable();
    let at = |percent: usize| times.get(times.len().saturating_mul(percent) / 100).copied().unwrap_or(0);
    (at(50), at(99))
}
