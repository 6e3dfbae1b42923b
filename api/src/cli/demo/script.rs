//! Scripts: what happens to a made-up lead, act by act, up to where it is to stand.

use chrono::TimeDelta;
use fairfall_domain::routing::place::Wish;
use fairfall_domain::waterfall::command::Command;
use fairfall_domain::waterfall::reason::{
    DisqualifyReason, LoseReason, ReassignReason, RecycleReason, RejectReason, ReopenReason,
};
use fairfall_domain::waterfall::stage::OpenStage;
use fairfall_domain::waterfall::track::{Entry, Step, Track};

use super::dice::Dice;

/// What happens.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    /// The demand comes in.
    Capture,
    /// A talk with the contact: what it brings to light.
    Learn(Learned),
    /// An act of the waterfall.
    Act(Command),
    /// Returned to nurturing until so long after the story's last act.
    Rest(RecycleReason, Option<TimeDelta>),
    /// Given to a colleague of the same team.
    GiveOn(ReassignReason),
    /// The department that has the lead reaches the person.
    Reach,
    /// It says how good the lead was.
    Rate,
    /// Customer service takes the customer over.
    TakeOver,
}

/// How much is known after a talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Learned {
    /// The need is there, the money planned.
    Interest,
    /// The money is approved, the contact decides.
    Readiness,
}

/// Something that happens so long after what happened before.
#[derive(Clone, Debug)]
pub(super) struct Beat {
    pub(super) after: TimeDelta,
    pub(super) deed: Deed,
}

/// Where a story ends. Steps count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Worked on at a step.
    Stands(usize),
    /// Offered to the department of the step after this one.
    Offered(usize),
    /// Offered, and returned by the takers.
    Returned(usize),
    /// Comes back by itself in some weeks.
    Rests(usize),
    /// Rests until somebody brings it back.
    Sleeps(usize),
    /// Won; the customer waits for customer service.
    WonWaiting,
    /// Won, and looked after.
    WonServed,
    /// Lost.
    Lost,
    /// Lost, then kept warm.
    LostAndKept,
    /// No lead.
    Disqualified(usize),
    /// Lost, then opened again.
    Reopened,
    /// Came back from nurturing, and stands at a step of its second passage.
    Again(usize),
    /// Came back from nurturing, and was won.
    AgainWon,
}

impl Ending {
    /// Whether it still goes on, so that its last act was lately.
    pub(super) const fn is_open(self) -> bool {
        match self {
            Self::Stands(_)
            | Self::Offered(_)
            | Self::Returned(_)
            | Self::Rests(_)
            | Self::WonWaiting
            | Self::Reopened
            | Self::Again(_) => true,
            Self::Sleeps(_) | Self::WonServed | Self::Lost | Self::LostAndKept | Self::Disqualified(_) | Self::AgainWon => false,
        }
    }

    /// Whether something waits for somebody to take it.
    pub(super) const fn waits(self) -> bool {
        matches!(self, Self::Offered(_) | Self::WonWaiting)
    }
}

/// Every ending that a track has.
pub(super) fn endings(track: &Track) -> Vec<Ending> {
    use Ending::{
        Again, AgainWon, Disqualified, Lost, LostAndKept, Offered, Reopened, Rests, Returned, Sleeps, Stands, WonServed,
        WonWaiting,
    };
    let steps = track.steps();
    let last = steps.len().saturating_sub(1);
    let mut endings: Vec<Ending> = (0..steps.len()).map(Stands).collect();
    let offers = steps.windows(2).enumerate().filter(|(_, pair)| matches!(pair, [from, to] if is_offered(from, to)));
    endings.extend(offers.flat_map(|(index, _)| [Offered(index), Returned(index)]));
    endings.extend([
        WonWaiting,
        WonServed,
        Lost,
        LostAndKept,
        Reopened,
        AgainWon,
        Again(0),
        Again(last),
        Rests(last),
        Sleeps(0),
        Disqualified(0),
    ]);
    endings
}

/// One of the endings, as often as they happen.
pub(super) fn ending(dice: &mut Dice, track: &Track) -> Ending {
    let last = track.steps().len().saturating_sub(1);
    let step = dice.below(track.steps().len());
    let early = step / 2;
    let offered = endings(track).into_iter().filter(|ending| matches!(ending, Ending::Offered(_))).collect::<Vec<_>>();
    let offered = dice.pick(&offered).copied().unwrap_or(Ending::Stands(last));
    let rows = [
        (7, Ending::Stands(step)),
        (9, offered),
        (18, Ending::WonServed),
        (1, Ending::WonWaiting),
        (25, Ending::Lost),
        (4, Ending::LostAndKept),
        (4, Ending::Rests(early)),
        (10, Ending::Sleeps(early)),
        (18, Ending::Disqualified(early)),
        (1, Ending::Reopened),
        (1, Ending::Again(step)),
        (2, Ending::AgainWon),
    ];
    dice.weighted(&rows).copied().unwrap_or(Ending::Lost)
}

/// Whether the step after is reached by an offer that somebody takes.
fn is_offered(from: &Step, to: &Step) -> bool {
    from.department != to.department && to.entry == Entry::Accept
}

/// The script of a story on a track.
pub(super) fn script(dice: &mut Dice, track: &Track, ending: Ending) -> Vec<Beat> {
    let last = track.steps().len().saturating_sub(1);
    let mut script = Script { dice, beats: vec![Beat { after: TimeDelta::zero(), deed: Deed::Capture }] };
    match ending {
        Ending::Stands(step) => script.walk(track, step),
        Ending::Offered(step) => script.offer(track, step),
        Ending::Returned(step) => {
            script.offer(track, step);
            script.reject();
        }
        Ending::Rests(step) => {
            script.walk(track, step);
            let weeks = script.dice.between(4, 20);
            script.rest(RecycleReason::NotNow, Some(TimeDelta::weeks(weeks)));
        }
        Ending::Sleeps(step) => {
            script.walk(track, step);
            script.rest(RecycleReason::NoResponse, None);
        }
        Ending::WonWaiting => script.win(track, last),
        Ending::WonServed => {
            script.win(track, last);
            script.add(60, 3_000, Deed::TakeOver);
        }
        Ending::Lost => script.lose(track, last),
        Ending::LostAndKept => {
            script.lose(track, last);
            script.rest(RecycleReason::LostForNow, None);
        }
        Ending::Disqualified(step) => {
            script.walk(track, step);
            let reason = script.dice.pick(DisqualifyReason::ALL).copied().unwrap_or(DisqualifyReason::NoFit);
            script.act(60, 4_000, Command::Disqualify { reason });
        }
        Ending::Reopened => {
            script.lose(track, last);
            script.act(1_500, 12_000, Command::Reopen { reason: ReopenReason::CustomerReturned });
        }
        Ending::Again(step) => {
            script.come_back(track);
            script.walk(track, step);
        }
        Ending::AgainWon => {
            script.come_back(track);
            script.win(track, last);
        }
    }
    script.beats
}

struct Script<'a> {
    dice: &'a mut Dice,
    beats: Vec<Beat>,
}

impl Script<'_> {
    /// Adds a beat after `least` to `most` minutes.
    fn add(&mut self, least: i64, most: i64, deed: Deed) {
        let after = self.dice.minutes(least, most);
        self.beats.push(Beat { after, deed });
    }

    fn act(&mut self, least: i64, most: i64, command: Command) {
        self.add(least, most, Deed::Act(command));
    }

    /// From the first step to another one.
    fn walk(&mut self, track: &Track, to: usize) {
        for (index, (from, step)) in track.steps().iter().zip(track.steps().iter().skip(1)).take(to).enumerate() {
            if index > 0 && step.entry == Entry::Qualify {
                self.learn(from, step);
            }
            self.cross(from, step);
        }
    }

    /// From a step to the next one.
    fn cross(&mut self, from: &Step, to: &Step) {
        let crosses = from.department != to.department;
        match (crosses, to.entry) {
            (true, Entry::Accept) => {
                self.act(30, 2_000, Command::HandOver { wish: Wish::default() });
                if self.dice.chance(12) {
                    self.reject();
                    self.act(300, 4_000, Command::HandOver { wish: Wish::default() });
                }
                self.act(15, 1_800, Command::Accept);
                self.reach();
                if self.dice.chance(5) {
                    self.add(600, 3_000, Deed::GiveOn(ReassignReason::Balance));
                }
            }
            (true, Entry::Qualify | Entry::Capture) => {
                self.act(30, 2_000, Command::HandOver { wish: Wish::default() });
                self.reach();
            }
            (false, Entry::Accept) => self.act(30, 2_000, Command::Accept),
            (false, Entry::Qualify | Entry::Capture) => self.act(120, 6_000, Command::Qualify { to: to.stage }),
        }
    }

    /// Whoever gets a lead soon reaches the person, and most say what they think of it.
    fn reach(&mut self) {
        let (least, most) = if self.dice.chance(75) { (2, 240) } else { (240, 2_500) };
        self.add(least, most, Deed::Reach);
        if self.dice.chance(70) {
            self.add(100, 2_000, Deed::Rate);
        }
    }

    /// What the gate of the next step asks for is found out before.
    fn learn(&mut self, from: &Step, to: &Step) {
        let closing = to.stage == OpenStage::Sql && from.department == to.department;
        let learned = if closing { Learned::Readiness } else { Learned::Interest };
        self.add(200, 5_000, Deed::Learn(learned));
    }

    fn offer(&mut self, track: &Track, step: usize) {
        self.walk(track, step);
        self.act(30, 2_000, Command::HandOver { wish: Wish::default() });
    }

    fn reject(&mut self) {
        // the last one happens by itself
        let reasons: Vec<RejectReason> =
            RejectReason::ALL.iter().copied().filter(|reason| *reason != RejectReason::Lapsed).collect();
        let reason = self.dice.pick(&reasons).copied().unwrap_or(RejectReason::IncompleteRecord);
        self.act(60, 2_500, Command::Reject { reason });
    }

    fn rest(&mut self, reason: RecycleReason, resume_after: Option<TimeDelta>) {
        self.add(600, 8_000, Deed::Rest(reason, resume_after));
    }

    fn win(&mut self, track: &Track, last: usize) {
        self.walk(track, last);
        self.act(3_000, 40_000, Command::Win { amount: None });
    }

    fn lose(&mut self, track: &Track, last: usize) {
        self.walk(track, last);
        let reason = self.dice.pick(LoseReason::ALL).copied().unwrap_or(LoseReason::Price);
        self.act(3_000, 45_000, Command::Lose { reason });
    }

    fn come_back(&mut self, track: &Track) {
        let step = self.dice.below(track.steps().len());
        self.walk(track, step);
        self.rest(RecycleReason::NoBudgetYet, None);
        self.act(20_000, 60_000, Command::Reactivate);
    }
}
