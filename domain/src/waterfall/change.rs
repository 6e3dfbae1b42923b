//! What an act changes: everything that is stored in one transaction.

use crate::customer::Customer;
use crate::opportunity::Opportunity;
use crate::routing::RoutingDecision;
use crate::sla::Clock;
use crate::sla::escalate::ClockStep;

use super::event::LeadEvent;
use super::lead::Lead;
use super::passage::Passage;
use super::transition::Transition;

/// The answer to a lawful command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The same command was done before; nothing changes.
    AlreadyDone,
    /// This changes.
    Done(Box<Change>),
}

/// All that changes with an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The lead after it, one version on.
    pub lead: Lead,
    /// The passage that the act belongs to, after it.
    pub passage: Passage,
    /// A passage that it opened.
    pub opened: Option<Passage>,
    /// The opportunity, opened or closed.
    pub opportunity: Option<Opportunity>,
    /// A customer handed to customer service.
    pub customer: Option<Customer>,
    /// The account of it, one or two.
    pub transitions: Vec<Transition>,
    /// What the journal keeps, in order.
    pub events: Vec<LeadEvent>,
    /// The account of how it was routed, when it was.
    pub routing: Option<Box<RoutingDecision>>,
    /// The clocks that began or changed.
    pub clocks: Vec<Clock>,
    /// What the journal keeps of them besides.
    pub clock_steps: Vec<ClockStep>,
}

impl Change {
    /// How many entries the journal keeps of it.
    pub const fn entries(&self) -> usize {
        self.events.len().saturating_add(self.clock_steps.len())
    }
}
