//! Stories: which made-up leads there are, on which track, how they end, and when each act falls.

use chrono::{DateTime, Datelike, Days, NaiveTime, TimeDelta, Timelike, Utc, Weekday};
use fairfall_domain::department::Department;
use fairfall_domain::routing::place::Wish;
use fairfall_domain::waterfall::command::Command;
use fairfall_domain::waterfall::stage::OpenStage;
use fairfall_domain::waterfall::track::{Entry, Track};

use super::dice::Dice;
use super::organisation::HOME;
use super::promises::QUICK;
use super::script::{Beat, Deed, Ending, ending, endings, script};

/// How many days the stories reach back.
pub(super) const DAYS: i64 = 270;

/// Stories that still go on had their last act within so many days.
const LATELY_DAYS: i64 = 25;

/// The hours in which people act, UTC.
const OFFICE_HOURS: std::ops::Range<u32> = 7..16;

/// The key of a track, and the least and most that leads on it are worth, in euro.
type Course = (&'static str, (i64, i64));

/// How often leads run on a track, and what they are worth in euro: with the value the shipped price bands choose the same track.
const TRACKS: [(u32, Course); 6] = [
    (42, ("inside", (12_000, 95_000))),
    (24, ("field", (105_000, 800_000))),
    (12, ("self-service", (800, 9_500))),
    (8, ("two-step", (20_000, 200_000))),
    (7, ("direct", (20_000, 150_000))),
    (7, ("sales-ready", (40_000, 300_000))),
];

/// One made-up lead.
#[derive(Clone, Debug)]
pub(super) struct Story {
    /// The key of its track.
    pub(super) track: &'static str,
    /// The department that creates the demand.
    pub(super) origin: Department,
    /// The least and most it may be worth, in euro.
    pub(super) worth: (i64, i64),
    /// The country it comes from, when that is not left to chance.
    pub(super) country: Option<&'static str>,
    /// The product area, when that is not left to chance.
    pub(super) area: Option<&'static str>,
    /// What happens, with its time, the last first: it is taken from the end.
    pub(super) deeds: Vec<(DateTime<Utc>, Deed)>,
}

/// So many stories up to `now`: every ending of every track once, as far as the number reaches, then as chance has it.
pub(super) fn stories(dice: &mut Dice, tracks: &[Track], count: usize, now: DateTime<Utc>) -> Vec<Story> {
    let each = TRACKS.iter().filter_map(|(_, (key, worth))| Some((*key, *worth, newest(tracks, key)?)));
    let every = each.flat_map(|(key, worth, track)| endings(track).into_iter().map(move |ending| (key, worth, track, ending)));
    let planned: Vec<_> = every.take(count).collect();
    let left = count.saturating_sub(planned.len());
    let mut stories: Vec<Story> = planned
        .into_iter()
        .map(|(key, worth, track, ending)| Story {
            country: ending.waits().then_some(HOME),
            ..story(dice, (key, worth), (track, ending), Department::Marketing, now)
        })
        .collect();
    for _ in 0..left {
        let Some((key, worth)) = dice.weighted(&TRACKS).copied() else { continue };
        let Some(track) = newest(tracks, key) else { continue };
        let ending = ending(dice, track);
        let origin = origin(dice, track);
        stories.push(story(dice, (key, worth), (track, ending), origin, now));
    }
    stories
}

/// A lead that is offered at this moment under clocks of seconds, so that its promise can be seen to lapse.
pub(super) fn to_watch(now: DateTime<Utc>) -> Story {
    let deeds = vec![
        (now, Deed::Act(Command::HandOver { wish: Wish::default() })),
        (now - TimeDelta::hours(1), Deed::Act(Command::Qualify { to: OpenStage::Mql })),
        (now - TimeDelta::hours(2), Deed::Capture),
    ];
    let worth = (12_000, 95_000);
    Story { track: "inside", origin: Department::Marketing, worth, country: Some(HOME), area: Some(QUICK), deeds }
}

/// The newest version of a track.
pub(super) fn newest<'a>(tracks: &'a [Track], key: &str) -> Option<&'a Track> {
    tracks.iter().filter(|track| track.key().as_str() == key).max_by_key(|track| track.version())
}

/// Most demand is created by marketing; sales finds some itself, customer service hears of some.
fn origin(dice: &mut Dice, track: &Track) -> Department {
    let sales = track.steps().iter().find(|step| step.entry == Entry::Accept && step.department != Department::Marketing);
    let sales = sales.filter(|step| track.first_of(step.department).is_some_and(|first| first.stage == step.stage));
    match (dice.between(0, 99), sales) {
        (0..=9, Some(step)) => step.department,
        (10..=13, _) => Department::CustomerService,
        (_, _) => Department::Marketing,
    }
}

/// Demand that sales finds starts where sales would have accepted it.
fn from_origin(beats: Vec<Beat>, origin: Department) -> Vec<Beat> {
    match origin {
        Department::Marketing | Department::CustomerService => beats,
        Department::InsideSales | Department::FieldSales => {
            let mut beats = beats.into_iter();
            let capture = beats.next();
            let after = beats.skip_while(|beat| !matches!(beat.deed, Deed::Act(Command::Accept))).skip(1);
            capture.into_iter().chain(after).collect()
        }
    }
}

fn story(dice: &mut Dice, of: Course, course: (&Track, Ending), origin: Department, now: DateTime<Utc>) -> Story {
    let ((key, worth), (track, ending)) = (of, course);
    let beats = from_origin(script(dice, track, ending), origin);
    let length = beats.iter().fold(TimeDelta::zero(), |sum, beat| sum + beat.after);
    let end = if ending.is_open() {
        now - dice.minutes(0, LATELY_DAYS * 24 * 60)
    } else {
        now - dice.minutes(0, (TimeDelta::days(DAYS) - length).num_minutes().max(1))
    };
    let mut at = office(end - length);
    let mut deeds = Vec::with_capacity(beats.len());
    for beat in beats {
        at = office(at + beat.after);
        deeds.push((at, beat.deed));
    }
    // nights and weekends made it longer than it was planned
    while at > now {
        at -= TimeDelta::weeks(1);
        for (time, _) in &mut deeds {
            *time -= TimeDelta::weeks(1);
        }
    }
    deeds.reverse();
    Story { track: key, origin, worth, country: None, area: None, deeds }
}

/// The first time from `at` on at which people work: never earlier, so that the order stays.
fn office(at: DateTime<Utc>) -> DateTime<Utc> {
    let morning = |days: u64| {
        let day = at.date_naive().checked_add_days(Days::new(days)).unwrap_or_else(|| at.date_naive());
        // people come at any minute of their first hour
        let time = NaiveTime::from_hms_opt(OFFICE_HOURS.start, at.minute(), at.second()).unwrap_or_default();
        day.and_time(time).and_utc()
    };
    match (at.weekday(), at.hour()) {
        (Weekday::Sat, _) => morning(2),
        (Weekday::Sun, _) => morning(1),
        (Weekday::Fri, hour) if hour >= OFFICE_HOURS.end => morning(3),
        (_, hour) if hour >= OFFICE_HOURS.end => morning(1),
        (_, hour) if hour < OFFICE_HOURS.start => morning(0),
        (Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri, _) => at,
    }
}

#[cfg(test)]
mod tests {
    use fairfall_domain::waterfall::shipped;

    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000, 0).unwrap()
    }

    #[test]
    fn acts_lie_in_order_in_office_hours_and_not_in_the_future() {
        let tracks = shipped::tracks().unwrap();
        for story in stories(&mut Dice::new(1), &tracks, 400, now()) {
            let times: Vec<_> = story.deeds.iter().rev().map(|(at, _)| *at).collect();
            assert!(times.is_sorted() && times.iter().all(|at| *at <= now()), "{times:?}");
            assert!(times.iter().all(|at| OFFICE_HOURS.contains(&at.hour()) && at.weekday().num_days_from_monday() < 5));
            assert!(times[0] > now() - TimeDelta::days(DAYS + 60));
        }
    }

    #[test]
    fn so_many_stories_as_were_asked_for() {
        let tracks = shipped::tracks().unwrap();
        for count in [0, 1, 7, 400] {
            assert_eq!(stories(&mut Dice::new(1), &tracks, count, now()).len(), count);
        }
    }
}
