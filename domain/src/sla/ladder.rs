//! The escalation ladder of a promise: warnings before it lapses, and what happens when it has.

use serde::{Deserialize, Serialize};

use crate::code::codes;

codes! {
    /// What a step of the ladder does.
    pub enum EscalationAct {
        /// Tell whoever has the lead; the team's managers when nobody has it.
        NotifyAssignee = "NOTIFY_ASSIGNEE",
        /// Tell the managers of the team, or of the department when no team has it.
        NotifyManager = "NOTIFY_MANAGER",
        /// Give the lead to somebody else of the pool, without those who let it lapse. The total clock goes on.
        Reassign = "REASSIGN",
        /// Return an offer to the giver.
        ReturnToGiver = "RETURN_TO_GIVER",
    }
}

/// A step of the ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LadderStep {
    /// In which lap, from 1: each reassignment by the ladder begins another. In every lap when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lap: Option<u8>,
    /// After how many percent of the promise; 100 is when it lapses.
    pub at_percent: u16,
    /// What is done.
    pub act: EscalationAct,
}

/// When a promise lapses, in percent of it.
pub const LAPSE_PERCENT: u16 = 100;
/// The latest step.
pub const PERCENT_MAX: u16 = 1_000;
/// Most steps of a ladder.
pub const STEPS_MAX: usize = 20;
/// The last lap: a lead is not passed on for ever.
pub const LAPS_MAX: u8 = 9;

impl LadderStep {
    /// Whether it belongs to a lap.
    pub fn is_of(&self, lap: u8) -> bool {
        self.lap.is_none_or(|own| own == lap)
    }
}
