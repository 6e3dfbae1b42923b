//! What happened to a clock while it was changed, and that nobody told when it happened.

use chrono::{DateTime, Utc};

use crate::waterfall::event::EventKind;

use super::clock::{Clock, ClockEnd};
use super::escalate::ClockStep;
use super::ladder::LAPSE_PERCENT;
use super::moment::SlaMoment;
use super::pause::Pause;

/// What the journal is told of a clock that was changed at `now`, in the order in which it happened: that it runs on because a pause was over or an end was
/// taken back, that the promise lapsed before anybody looked, that it was kept. What the worker does when a time has come it tells by itself.
pub fn happened(before: &Clock, after: &Clock, now: DateTime<Utc>) -> Vec<ClockStep> {
    [resumed(before, after, now), lapsed(before, after), met(before, after)].into_iter().flatten().collect()
}

fn resumed(before: &Clock, after: &Clock, now: DateTime<Utc>) -> Option<ClockStep> {
    let goes_on = |pause: &Pause| after.pause.is_some_and(|other| other.from == pause.from);
    let rested = || before.pause.is_some_and(|pause| !goes_on(&pause) && (after.is_open() || pause.until <= now));
    let moment = if after.is_open() && !before.is_open() {
        SlaMoment::of(after)
    } else if rested() {
        let due = after.due_at.filter(|_| after.lap == before.lap);
        SlaMoment { pause: None, due, ..SlaMoment::of(before) }
    } else {
        return None;
    };
    Some(ClockStep { event: EventKind::SlaResumed, moment })
}

fn lapsed(before: &Clock, after: &Clock) -> Option<ClockStep> {
    // another lap begins only where one lapsed
    let noticed = before.has_lapsed() || !(after.has_lapsed() || after.lap > before.lap);
    // of one that stood still it is known when it lapsed first, and of later laps nothing
    let due = before.due_at.or(after.breached_at.filter(|_| before.breached_at.is_none()));
    let moment = || SlaMoment { due, pause: None, percent: Some(LAPSE_PERCENT), ..SlaMoment::of(before) };
    (!noticed).then(|| ClockStep { event: EventKind::SlaBreached, moment: moment() })
}

fn met(before: &Clock, after: &Clock) -> Option<ClockStep> {
    let (how, at) = after.end.filter(|_| before.is_open())?;
    let moment =
        SlaMoment { due: before.due_at, kept_at: Some(at), in_time: Some(after.breached_at.is_none()), ..SlaMoment::of(after) };
    (how == ClockEnd::Met).then_some(ClockStep { event: EventKind::SlaMet, moment })
}
