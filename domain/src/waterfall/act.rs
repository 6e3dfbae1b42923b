//! The acts of the waterfall by name.

use crate::access::Action;
use crate::code::codes;

codes! {
    /// What can be done with a lead. Nobody sets a stage; there are only acts.
    pub enum Act {
        /// Opens a lead and its first passage.
        Capture = "CAPTURE",
        /// Moves to the next step of the same department when its gate holds.
        Qualify = "QUALIFY",
        /// Offers the lead to the next department.
        HandOver = "HAND_OVER",
        /// Takes an offered lead.
        Accept = "ACCEPT",
        /// Returns an offered lead with a reason.
        Reject = "REJECT",
        /// Takes back an offer.
        Withdraw = "WITHDRAW",
        /// Gives the lead to another person or team.
        Reassign = "REASSIGN",
        /// Sends the lead to nurturing.
        Recycle = "RECYCLE",
        /// Brings a nurtured lead back with a new passage.
        Reactivate = "REACTIVATE",
        /// Closes what is no lead.
        Disqualify = "DISQUALIFY",
        /// Closes as won.
        Win = "WIN",
        /// Closes as lost.
        Lose = "LOSE",
        /// Takes back a loss or disqualification.
        Reopen = "REOPEN",
        /// Moves to the track of another price band.
        Retrack = "RETRACK",
    }
}

impl Act {
    /// The action of the access table that this act needs.
    pub const fn action(self) -> Action {
        match self {
            Self::Capture => Action::CaptureLead,
            Self::Qualify => Action::QualifyLead,
            Self::HandOver => Action::HandOverLead,
            Self::Accept => Action::AcceptLead,
            Self::Reject => Action::RejectLead,
            Self::Withdraw => Action::WithdrawLead,
            Self::Reassign => Action::ReassignLead,
            Self::Recycle => Action::RecycleLead,
            Self::Reactivate => Action::ReactivateLead,
            Self::Disqualify => Action::DisqualifyLead,
            Self::Win => Action::WinLead,
            Self::Lose => Action::LoseLead,
            Self::Reopen => Action::ReopenLead,
            Self::Retrack => Action::RetrackLead,
        }
    }
}
