//! What an act does to the clocks of its lead: which are met, which come to nothing, which begin.

use chrono::{DateTime, Utc};

use crate::agreement::{Agreement, AgreementRef};
use crate::department::Department;
use crate::id::{ClockId, CustomerId};
use crate::routing::Placement;
use crate::waterfall::change::Change;
use crate::waterfall::event::LeadEvent;
use crate::waterfall::facts::Facts;
use crate::waterfall::reason::RejectReason;
use crate::waterfall::state::LeadState;

use super::clock::{Clock, ClockEnd, Start};
use super::escalate::ClockStep;
use super::happened::happened;
use super::ladder::LadderStep;
use super::rule::{ClockKind, rule_for};

/// Clocks that one act may start, at most.
pub const STARTED_MAX: usize = 4;

/// The clocks of a lead while an act is carried out.
pub(crate) struct Clocks<'a> {
    facts: &'a Facts<'a>,
    now: DateTime<Utc>,
    /// Those that were open, and those that the end of the lead ended.
    known: Vec<Clock>,
    touched: Vec<ClockId>,
    ids: std::slice::Iter<'a, ClockId>,
}

/// What an act did to the clocks of its lead.
pub(crate) struct Followed {
    /// Those that began or changed.
    pub(crate) changed: Vec<Clock>,
    /// What happened to those that changed.
    pub(crate) steps: Vec<ClockStep>,
    /// All that are open after the act.
    pub(crate) open: Vec<Clock>,
}

/// Who owes something to whom, under what.
#[derive(Clone, Copy)]
struct Owed<'a> {
    agreement: &'a AgreementRef,
    giving: Department,
    department: Department,
    holder: Placement,
    customer: Option<CustomerId>,
}

impl<'a> Clocks<'a> {
    /// The clocks of the lead before the act.
    pub(crate) fn new(facts: &'a Facts<'a>, now: DateTime<Utc>) -> Self {
        Self { facts, now, known: facts.clocks.to_vec(), touched: Vec::new(), ids: facts.draws.clocks.iter() }
    }

    /// Follows one event; `before` is the state before it, `change` holds the lead after it.
    pub(crate) fn follow(&mut self, event: &LeadEvent, before: &LeadState, change: &Change) {
        match event {
            LeadEvent::HandedOver { giver, taker, placement, agreement, .. } => {
                self.leave(ClockEnd::Cancelled);
                let owed = Owed { agreement, giving: giver.department, department: *taker, holder: *placement, customer: None };
                self.start(&[ClockKind::Accept], owed, change);
            }
            LeadEvent::Transferred { place, agreement, .. } => {
                self.leave(ClockEnd::Cancelled);
                let giving = before.department();
                let owed = Owed { agreement, giving, department: place.department, holder: place.placement, customer: None };
                self.start(&WORK, owed, change);
            }
            LeadEvent::Accepted { place, .. } => {
                self.end(ClockKind::Accept, ClockEnd::Met);
                if let LeadState::Offered { giver, agreement, .. } = before {
                    let giving = giver.department;
                    let owed = Owed { agreement, giving, department: place.department, holder: place.placement, customer: None };
                    self.start(&WORK, owed, change);
                }
            }
            // to answer is what was promised; a lead that is taken away because nobody answered was not answered
            LeadEvent::Rejected { reason, .. } if *reason != RejectReason::Lapsed => self.end(ClockKind::Accept, ClockEnd::Met),
            LeadEvent::Rejected { .. } | LeadEvent::Withdrawn { .. } => self.end(ClockKind::Accept, ClockEnd::Cancelled),
            LeadEvent::Qualified { .. } => self.end(ClockKind::Qualify, ClockEnd::Met),
            LeadEvent::Reassigned { placement, .. } => self.pass_on(holding(before), *placement),
            LeadEvent::Recycled { .. } | LeadEvent::Disqualified { .. } | LeadEvent::Won { .. } | LeadEvent::Lost { .. } => {
                self.end(ClockKind::Accept, ClockEnd::Cancelled);
                self.leave(ClockEnd::Cancelled);
            }
            LeadEvent::Reopened { state, .. } => self.run_on(before, state.placement()),
            LeadEvent::CustomerHandedOver { customer, placement } => self.hand_customer(*customer, *placement, before, change),
            LeadEvent::Captured { .. }
            | LeadEvent::Updated { .. }
            | LeadEvent::Scored { .. }
            | LeadEvent::Reactivated { .. }
            | LeadEvent::Retracked { .. }
            | LeadEvent::OpportunityOpened { .. } => {}
        }
    }

    /// What came of it.
    pub(crate) fn followed(self) -> Followed {
        let Self { facts, now, known, touched, .. } = self;
        let changed: Vec<Clock> = known.iter().filter(|clock| touched.contains(&clock.id)).cloned().collect();
        let before = |clock: &Clock| facts.clocks.iter().find(|before| before.id == clock.id);
        let steps = changed.iter().filter_map(|clock| Some(happened(before(clock)?, clock, now))).flatten().collect();
        Followed { changed, steps, open: known.into_iter().filter(Clock::is_open).collect() }
    }

    /// The department decided about the lead: QUALIFY is met; a contact that was not made comes to nothing.
    fn leave(&mut self, contact: ClockEnd) {
        self.end(ClockKind::Qualify, ClockEnd::Met);
        self.end(ClockKind::FirstContact, contact);
    }

    fn end(&mut self, kind: ClockKind, how: ClockEnd) {
        for clock in self.known.iter_mut().filter(|clock| clock.kind == kind && clock.is_open()) {
            clock.end(how, self.facts.calendars, self.now, self.now);
            self.touched.push(clock.id);
        }
    }

    fn start(&mut self, kinds: &[ClockKind], owed: Owed<'_>, change: &Change) {
        let agreement = self.facts.agreements.by_id(owed.agreement.id).filter(|_| !self.facts.erased);
        let Some(agreement) = agreement else { return };
        for kind in kinds {
            let tier = change.lead.demand.score.tier();
            let Some(rule) = rule_for(&agreement.clocks, *kind, tier) else { continue };
            let Some(id) = self.ids.next() else { continue };
            let start = Start {
                id: *id,
                lead: change.lead.id,
                passage: change.opened.as_ref().map_or(change.passage.id, |passage| passage.id),
                customer: owed.customer,
                agreement: owed.agreement.clone(),
                tier,
                giving: owed.giving,
                department: owed.department,
                holder: owed.holder,
            };
            self.known.push(Clock::start(start, rule, self.facts.calendars, self.now));
            self.touched.push(*id);
        }
    }

    /// The end of the lead was taken back, and with it what it did to its promises. Whoever has the lead now has them.
    fn run_on(&mut self, closed: &LeadState, holder: Placement) {
        for clock in self.known.iter_mut().filter(|clock| is_ended_by(clock, closed)) {
            clock.run_on(holder, ladder_of(self.facts, clock), self.facts.calendars, self.now);
            self.touched.push(clock.id);
        }
    }

    fn hand_customer(&mut self, customer: CustomerId, placement: Placement, before: &LeadState, change: &Change) {
        let giving = before.department();
        let taking = Department::CustomerService;
        let Some(agreement) = self.facts.governing(&change.lead, giving, taking, self.now).map(Agreement::reference) else {
            return;
        };
        let owed = Owed { agreement: &agreement, giving, department: taking, holder: placement, customer: Some(customer) };
        self.start(&[ClockKind::ServiceAccept], owed, change);
    }

    /// Passes the clocks of the lead's present department on. What lapsed begins another lap, whether or not that is why the lead went on.
    fn pass_on(&mut self, department: Department, holder: Placement) {
        let concerned = |clock: &&mut Clock| clock.is_open() && clock.department == department;
        for clock in self.known.iter_mut().filter(concerned) {
            clock.pass_on(holder, ladder_of(self.facts, clock), self.facts.calendars, self.now);
            self.touched.push(clock.id);
        }
    }
}

/// The department whose member has the lead: the taker of an offer.
const fn holding(state: &LeadState) -> Department {
    if let LeadState::Offered { taker, .. } = state { *taker } else { state.department() }
}

/// Whether the end of a lead ended a clock of it: one that was kept or came to nothing before was not.
fn is_ended_by(clock: &Clock, closed: &LeadState) -> bool {
    let how = match clock.kind {
        ClockKind::Qualify => ClockEnd::Met,
        ClockKind::Accept | ClockKind::FirstContact => ClockEnd::Cancelled,
        ClockKind::Feedback | ClockKind::ServiceAccept => return false,
    };
    clock.end.is_some_and(|(ended, at)| ended == how && closed.revocable_since() == Some(at))
}

const WORK: [ClockKind; 3] = [ClockKind::FirstContact, ClockKind::Qualify, ClockKind::Feedback];

fn ladder_of<'a>(facts: &'a Facts<'a>, clock: &Clock) -> &'a [LadderStep] {
    facts.agreements.clock_rule(clock).map_or(&[], |rule| rule.ladder.as_slice())
}

/// When the next promise about a lead is due that whoever has it must keep: what queues are sorted by.
pub fn next_due(open: &[Clock]) -> Option<DateTime<Utc>> {
    let urgent = |clock: &&Clock| match clock.kind {
        ClockKind::Accept | ClockKind::FirstContact | ClockKind::Qualify => true,
        ClockKind::Feedback | ClockKind::ServiceAccept => false,
    };
    open.iter().filter(urgent).filter_map(|clock| clock.due_at).min()
}
