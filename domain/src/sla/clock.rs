//! A running promise.
//!
//! A clock measures in segments: one ends and the next begins when it is paused or resumed, when the lead goes to somebody with another calendar, and
//! when a lap begins. `lap_spent` and `total_spent` hold what the ended segments measured. A lap is one holder's turn at the whole promise; the total
//! goes on over all of them.
//!
//! INVARIANT: whatever ends a clock, passes it on or lets it stand still first settles it: a pause that is over has ended and a promise that is over has
//! lapsed, whether or not anybody looked in between. The worker alone goes step by step, so that no rung of a ladder is passed over.

use chrono::{DateTime, TimeDelta, Utc};

use crate::agreement::AgreementRef;
use crate::code::codes;
use crate::department::Department;
use crate::id::{CalendarId, ClockId, CustomerId, LeadId, PassageId, UserId};
use crate::routing::Placement;
use crate::scoring::Tier;

use super::book::CalendarBook;
use super::ladder::{LAPSE_PERCENT, LadderStep};
use super::pause::Pause;
use super::promise::Promise;
use super::rule::{ClockKind, ClockRule};

codes! {
    /// Where a clock stands.
    pub enum ClockState {
        /// It runs and nothing has lapsed.
        Running = "RUNNING",
        /// It stands still for a reason.
        Paused = "PAUSED",
        /// The promised time is over and the promise is still open: it goes on measuring.
        Breached = "BREACHED",
        /// The promise was kept in time.
        Met = "MET",
        /// The promise was kept too late.
        MetLate = "MET_LATE",
        /// The promise came to nothing: the offer was taken back, the lead closed.
        Cancelled = "CANCELLED",
    }
}

codes! {
    /// How a clock ended.
    pub enum ClockEnd {
        /// The promise was kept, in time or not.
        Met = "MET",
        /// It came to nothing.
        Cancelled = "CANCELLED",
    }
}

/// A clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Its id.
    pub id: ClockId,
    /// The lead.
    pub lead: LeadId,
    /// The passage in which it was started.
    pub passage: PassageId,
    /// The customer, for [`ClockKind::ServiceAccept`].
    pub customer: Option<CustomerId>,
    /// What is promised.
    pub kind: ClockKind,
    /// Under which version of which agreement.
    pub agreement: AgreementRef,
    /// The tier of the lead when it was started.
    pub tier: Tier,
    /// How long it may take.
    pub promise: Promise,
    /// The department that gave.
    pub giving: Department,
    /// The department that must keep it.
    pub department: Department,
    /// Team and person that must keep it now.
    pub holder: Placement,
    /// Whose hours count now; nobody's for a promise in wall time.
    pub calendar: Option<CalendarId>,
    /// When it was started, UTC.
    pub started_at: DateTime<Utc>,
    /// The lap, from 1.
    pub lap: u8,
    /// Who let it lapse, in order.
    pub lapsed: Vec<UserId>,
    /// The percent up to which the ladder was climbed in this lap.
    pub climbed_percent: u16,
    /// Since when the running segment measures; absent while it stands still and once it has ended.
    pub segment_from: Option<DateTime<Utc>>,
    /// What the ended segments of this lap measured.
    pub lap_spent: TimeDelta,
    /// What the ended segments of all laps measured.
    pub total_spent: TimeDelta,
    /// When this lap's promise is over; absent while it stands still and once it has ended.
    pub due_at: Option<DateTime<Utc>>,
    /// When the worker must look at it next: the next step of the ladder, or the end of the pause.
    pub next_at: Option<DateTime<Utc>>,
    /// When the promise lapsed for the first time.
    pub breached_at: Option<DateTime<Utc>>,
    /// Team and person that had to keep it then, if any had: whoever gets the lead afterwards did not let it lapse.
    pub breached_by: Option<Placement>,
    /// The pause that lasts.
    pub pause: Option<Pause>,
    /// How long ended pauses lasted, in wall time.
    pub paused: TimeDelta,
    /// How and when it ended, UTC.
    pub end: Option<(ClockEnd, DateTime<Utc>)>,
}

/// What a clock is started with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// Its id.
    pub id: ClockId,
    /// The lead.
    pub lead: LeadId,
    /// The passage.
    pub passage: PassageId,
    /// The customer.
    pub customer: Option<CustomerId>,
    /// The agreement.
    pub agreement: AgreementRef,
    /// The lead's tier.
    pub tier: Tier,
    /// The department that gave.
    pub giving: Department,
    /// The department that must keep it.
    pub department: Department,
    /// Team and person that must keep it.
    pub holder: Placement,
}

impl Clock {
    /// Starts a clock by a rule.
    pub fn start(start: Start, rule: &ClockRule, calendars: &CalendarBook, now: DateTime<Utc>) -> Self {
        let Start { id, lead, passage, customer, agreement, tier, giving, department, holder } = start;
        let mut clock = Self {
            id,
            lead,
            passage,
            customer,
            kind: rule.kind,
            agreement,
            tier,
            promise: rule.promise,
            giving,
            department,
            holder,
            calendar: calendars.of(holder),
            started_at: now,
            lap: 1,
            lapsed: Vec::new(),
            climbed_percent: 0,
            segment_from: Some(now),
            lap_spent: TimeDelta::zero(),
            total_spent: TimeDelta::zero(),
            due_at: None,
            next_at: None,
            breached_at: None,
            breached_by: None,
            pause: None,
            paused: TimeDelta::zero(),
            end: None,
        };
        clock.derive(&rule.ladder, calendars);
        clock
    }

    /// Where it stands.
    pub const fn state(&self) -> ClockState {
        match (self.end, self.breached_at, self.pause) {
            (Some((ClockEnd::Cancelled, _)), _, _) => ClockState::Cancelled,
            (Some((ClockEnd::Met, _)), None, _) => ClockState::Met,
            (Some((ClockEnd::Met, _)), Some(_), _) => ClockState::MetLate,
            (None, _, Some(_)) => ClockState::Paused,
            (None, Some(_), None) => ClockState::Breached,
            (None, None, None) => ClockState::Running,
        }
    }

    /// Whether the promise is still open.
    pub const fn is_open(&self) -> bool {
        self.end.is_none()
    }

    /// Works out anew when this lap is over and when the ladder's next step is due, with the calendar of whoever holds it now.
    ///
    /// The running segment is measured anew as a whole: a holiday that becomes known moves the due times of all that runs. A lap that has lapsed was
    /// due when it was due, and a clock that stands still or has ended is left as it is.
    pub fn derive(&mut self, ladder: &[LadderStep], calendars: &CalendarBook) {
        let Some(from) = self.segment_from.filter(|_| self.is_open()) else { return };
        self.calendar = calendars.of(self.holder);
        self.due_at = self.due_at.filter(|_| self.has_lapsed()).or_else(|| Some(self.at_percent(LAPSE_PERCENT, from, calendars)));
        let of_lap = ladder.iter().filter(|step| step.is_of(self.lap)).map(|step| step.at_percent);
        let next = of_lap.chain([LAPSE_PERCENT]).filter(|percent| *percent > self.climbed_percent).min();
        self.next_at = next.map(|percent| self.at_percent(percent, from, calendars));
    }

    fn at_percent(&self, percent: u16, from: DateTime<Utc>, calendars: &CalendarBook) -> DateTime<Utc> {
        let left = self.promise.at_percent(percent) - self.lap_spent;
        calendars.due(self.promise.basis(), self.calendar, from, left.max(TimeDelta::zero()))
    }

    /// The percents of the ladder that are due now in this lap and were not climbed, lowest first; 100 is always one of them.
    pub fn due_percents(&self, ladder: &[LadderStep], calendars: &CalendarBook, now: DateTime<Utc>) -> Vec<u16> {
        let Some(from) = self.segment_from.filter(|_| self.is_open()) else { return Vec::new() };
        let of_lap = ladder.iter().filter(|step| step.is_of(self.lap)).map(|step| step.at_percent);
        let mut due: Vec<u16> = of_lap
            .chain([LAPSE_PERCENT])
            .filter(|percent| *percent > self.climbed_percent && self.at_percent(*percent, from, calendars) <= now)
            .collect();
        due.sort_unstable();
        due.dedup();
        due
    }

    /// Notes that the ladder was climbed up to a percent; at 100 the lap has lapsed.
    pub fn climb(&mut self, percent: u16, now: DateTime<Utc>) {
        self.climbed_percent = self.climbed_percent.max(percent);
        if self.has_lapsed() && self.breached_at.is_none() {
            // the moment of the promise, not the moment at which somebody noticed
            self.breached_at = Some(self.due_at.map_or(now, |due| due.min(now)));
            let by = Placement { queue_reason: None, ..self.holder };
            self.breached_by = (by.team.is_some() || by.person.is_some()).then_some(by);
        }
    }

    /// Whether the running lap has lapsed.
    pub const fn has_lapsed(&self) -> bool {
        self.climbed_percent >= LAPSE_PERCENT
    }

    /// How much of the promise was measured until `now`, over all laps.
    pub fn total(&self, calendars: &CalendarBook, now: DateTime<Utc>) -> TimeDelta {
        self.total_spent + self.running(calendars, now)
    }

    /// What the running segment has measured.
    fn running(&self, calendars: &CalendarBook, now: DateTime<Utc>) -> TimeDelta {
        // a calendar that was removed measures nothing more: the next one of whoever has the lead does
        let known = |id| calendars.time(id).map_or_else(|| calendars.of(self.holder), |_| Some(id));
        let calendar = self.calendar.and_then(known);
        self.segment_from.map_or_else(TimeDelta::zero, |from| calendars.elapsed(self.promise.basis(), calendar, from, now))
    }

    /// Brings it to where it stands at `now` although nobody looked: a pause that is over ended at its end, and a promise that is over has lapsed. At the
    /// very moment at which it is due a promise can still be kept.
    pub(super) fn settle(&mut self, calendars: &CalendarBook, now: DateTime<Utc>) {
        if self.pause.is_some_and(|pause| pause.until <= now) {
            self.resume(&[], calendars, now);
        }
        if self.is_open() && !self.has_lapsed() && self.due_at.is_some_and(|due| due < now) {
            self.climb(LAPSE_PERCENT, now);
        }
    }

    /// Ends the running segment.
    pub(super) fn close_segment(&mut self, calendars: &CalendarBook, now: DateTime<Utc>) {
        let measured = self.running(calendars, now);
        self.lap_spent += measured;
        self.total_spent += measured;
        self.segment_from = None;
        self.due_at = None;
        self.next_at = None;
    }

    /// Gives the clock to another holder. What was measured stays measured by the calendar of who had it; the rest is measured by the new one. Where
    /// nothing is left, because the promise has lapsed, the new holder gets the whole of it: see [`Clock::begin_lap`].
    pub fn pass_on(&mut self, holder: Placement, ladder: &[LadderStep], calendars: &CalendarBook, now: DateTime<Utc>) {
        self.settle(calendars, now);
        if self.has_lapsed() {
            return self.begin_lap(holder, ladder, calendars, now);
        }
        if self.segment_from.is_some() && self.is_open() {
            self.close_segment(calendars, now);
            self.segment_from = Some(now);
        }
        self.holder = holder;
        self.derive(ladder, calendars);
    }

    /// Begins another lap for a new holder because the last one let it lapse.
    pub fn begin_lap(&mut self, holder: Placement, ladder: &[LadderStep], calendars: &CalendarBook, now: DateTime<Utc>) {
        self.settle(calendars, now);
        self.lapsed.extend(self.holder.person);
        self.close_segment(calendars, now);
        self.lap = self.lap.saturating_add(1);
        self.lap_spent = TimeDelta::zero();
        self.climbed_percent = 0;
        self.end_pause(now);
        self.segment_from = Some(now);
        self.holder = holder;
        self.derive(ladder, calendars);
    }

    /// Ends the clock with what happened at `at` and became known at `now`, which is not earlier. A promise that was over by then counts as breached,
    /// whatever is told of the time before.
    pub fn end(&mut self, how: ClockEnd, calendars: &CalendarBook, at: DateTime<Utc>, now: DateTime<Utc>) {
        if !self.is_open() {
            return;
        }
        self.settle(calendars, now);
        self.end_pause(at);
        self.close_segment(calendars, at);
        self.end = Some((how, at));
    }

    /// Lets an ended clock run on from where it stood, for whoever has the lead now: what ended it was taken back. The time in between is not measured,
    /// and what had lapsed begins anew as with [`Clock::pass_on`].
    pub fn run_on(&mut self, holder: Placement, ladder: &[LadderStep], calendars: &CalendarBook, now: DateTime<Utc>) {
        if self.end.take().is_some() {
            self.segment_from = Some(now);
            self.pass_on(holder, ladder, calendars, now);
        }
    }
}
