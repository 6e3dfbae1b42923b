//! What is to be done about a clock whose time has come: the rungs of its ladder, each once in a lap.
//!
//! - The ladder is climbed from the lowest rung that was not climbed. 100 % is a rung of every ladder: the promise has lapsed.
//! - A warning that comes due together with the lapse, because nobody looked in between, is dropped: whoever is told that the promise has
//!   lapsed need not be told that it is about to.
//! - Telling people does not touch the lead. Giving it to somebody else or returning it does: that ends the lap, and what stands higher on the
//!   ladder of that lap is not done any more. Of two such steps on one rung the return counts.
//! - In the last lap ([`LAPS_MAX`]) nobody gets the lead any more: the managers are told instead.
//! - A clock whose pause is over runs on; what is due after that is looked at by itself.
//! - INVARIANT: after a look nothing of the clock is due before a second has passed. An escalation does not chase itself.

use chrono::{DateTime, TimeDelta, Utc};

use crate::routing::Placement;
use crate::waterfall::event::EventKind;

use super::book::CalendarBook;
use super::clock::Clock;
use super::ladder::{EscalationAct, LAPS_MAX, LAPSE_PERCENT, LadderStep};
use super::moment::SlaMoment;

/// A rung of the ladder that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// After how many percent of the promise.
    pub percent: u16,
    /// What is done, in order: people are told first.
    pub acts: Vec<EscalationAct>,
}

/// What is due of a clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// Nothing: somebody else looked first, or it was put off.
    Nothing,
    /// Its pause is over.
    Resume,
    /// These rungs, lowest first.
    Climb(Vec<Rung>),
}

/// Something that happened to a clock and that the journal keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockStep {
    /// What happened.
    pub event: EventKind,
    /// To which clock, how.
    pub moment: SlaMoment,
}

impl ClockStep {
    /// Whether it tells that a promise was kept: the journal has that after what kept it, and all else that an act found before the act.
    pub fn is_kept(&self) -> bool {
        self.event == EventKind::SlaMet
    }
}

/// A step of the ladder that moves the lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moving {
    /// What is done: a return counts more than another owner.
    pub act: EscalationAct,
    /// On which rung.
    pub percent: u16,
}

const fn moves(act: EscalationAct) -> bool {
    match act {
        EscalationAct::NotifyAssignee | EscalationAct::NotifyManager => false,
        EscalationAct::Reassign | EscalationAct::ReturnToGiver => true,
    }
}

/// What is due of a clock now.
pub fn due(clock: &Clock, ladder: &[LadderStep], calendars: &CalendarBook, now: DateTime<Utc>) -> Due {
    if !clock.is_open() {
        return Due::Nothing;
    }
    if let Some(pause) = clock.pause {
        return if pause.until <= now { Due::Resume } else { Due::Nothing };
    }
    let percents = clock.due_percents(ladder, calendars, now);
    let lapsed = percents.iter().any(|percent| *percent >= LAPSE_PERCENT);
    let mut rungs = Vec::new();
    for percent in percents.into_iter().filter(|percent| !lapsed || *percent >= LAPSE_PERCENT) {
        let rung = Rung { percent, acts: acts(clock, ladder, percent) };
        let ends = rung.acts.iter().any(|act| moves(*act));
        rungs.push(rung);
        if ends {
            break;
        }
    }
    if rungs.is_empty() { Due::Nothing } else { Due::Climb(rungs) }
}

/// What a rung does: people are told first, then the lead moves at most once.
fn acts(clock: &Clock, ladder: &[LadderStep], percent: u16) -> Vec<EscalationAct> {
    let of_rung = ladder.iter().filter(|step| step.is_of(clock.lap) && step.at_percent == percent);
    let mut acts: Vec<EscalationAct> = of_rung
        .map(|step| match step.act {
            EscalationAct::Reassign if clock.lap >= LAPS_MAX => EscalationAct::NotifyManager,
            EscalationAct::NotifyAssignee
            | EscalationAct::NotifyManager
            | EscalationAct::Reassign
            | EscalationAct::ReturnToGiver => step.act,
        })
        .collect();
    acts.sort_unstable();
    acts.dedup();
    if acts.contains(&EscalationAct::ReturnToGiver) {
        acts.retain(|act| *act != EscalationAct::Reassign);
    }
    acts
}

impl Due {
    /// The step that moves the lead, if one is due.
    pub fn moving(&self) -> Option<Moving> {
        match self {
            Self::Nothing | Self::Resume => None,
            Self::Climb(rungs) => {
                let rung = rungs.last()?;
                let act = rung.acts.iter().copied().find(|act| moves(*act))?;
                Some(Moving { act, percent: rung.percent })
            }
        }
    }

    /// Whether more than the clock is looked at or changed: its lead must be held first.
    pub fn needs_lead(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Resume => true,
            Self::Climb(_) => self.moving().is_some(),
        }
    }
}

/// Does what is due, but for the step that moves the lead; tells what happened, in order. Works out when to look next, also when nothing was due.
pub fn climb(
    clock: &mut Clock,
    due: &Due,
    ladder: &[LadderStep],
    calendars: &CalendarBook,
    now: DateTime<Utc>,
) -> Vec<ClockStep> {
    let mut steps = Vec::new();
    match due {
        Due::Nothing => {}
        Due::Resume => {
            clock.resume(ladder, calendars, now);
            steps.push(step(clock, EventKind::SlaResumed, None, None));
        }
        Due::Climb(rungs) => {
            for rung in rungs {
                clock.climb(rung.percent, now);
                if rung.percent == LAPSE_PERCENT {
                    steps.push(step(clock, EventKind::SlaBreached, Some(rung.percent), None));
                }
                let told = rung.acts.iter().filter(|act| !moves(**act));
                steps.extend(told.map(|act| step(clock, told_as(rung.percent), Some(rung.percent), Some(*act))));
            }
        }
    }
    look_next(clock, ladder, calendars, now);
    steps
}

const fn told_as(percent: u16) -> EventKind {
    if percent < LAPSE_PERCENT { EventKind::SlaWarned } else { EventKind::SlaEscalated }
}

fn step(clock: &Clock, event: EventKind, percent: Option<u16>, act: Option<EscalationAct>) -> ClockStep {
    ClockStep { event, moment: SlaMoment { percent, act, ..SlaMoment::of(clock) } }
}

/// When to look at the clock next; what would be due at once waits a second.
fn look_next(clock: &mut Clock, ladder: &[LadderStep], calendars: &CalendarBook, now: DateTime<Utc>) {
    match (clock.pause, clock.is_open()) {
        (_, false) => clock.next_at = None,
        (Some(pause), true) => clock.next_at = Some(pause.until),
        (None, true) => clock.derive(ladder, calendars),
    }
    clock.next_at = clock.next_at.map(|next| if next > now { next } else { now + TimeDelta::seconds(1) });
}

/// What the journal keeps of a step that moved the lead; `before` is the clock as it was climbed, before the lead moved.
pub fn moved(before: &Clock, moving: Moving, to: Placement) -> ClockStep {
    let escalated = step(before, EventKind::SlaEscalated, Some(moving.percent), Some(moving.act));
    ClockStep { moment: SlaMoment { to: Some(to), ..escalated.moment }, ..escalated }
}

/// What the journal keeps of a step that could not be done: the managers are told instead.
pub fn refused(before: &Clock, moving: Moving) -> ClockStep {
    let told = step(before, EventKind::SlaEscalated, Some(moving.percent), Some(EscalationAct::NotifyManager));
    ClockStep { moment: SlaMoment { instead_of: Some(moving.act), ..told.moment }, ..told }
}

#[cfg(test)]
mod tests;
