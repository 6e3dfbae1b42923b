//! Commands: what somebody wants done with a lead.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::routing::place::Wish;
use crate::value::{Code, LongText, Money};

use super::act::Act;
use super::reason::{DisqualifyReason, LoseReason, ReassignReason, RecycleReason, RejectReason, ReopenReason};
use super::stage::OpenStage;

/// A command on an existing lead. Capture, which makes a lead, is [`super::capture::capture`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Command {
    /// Move to the next step of the same department. Naming the stage makes a double click harmless.
    Qualify {
        /// The stage to reach.
        to: OpenStage,
    },
    /// Offer to the next department.
    HandOver {
        /// Whom to offer it to, if anybody in particular.
        wish: Wish,
    },
    /// Take an offer.
    Accept,
    /// Return an offer.
    Reject {
        /// Why.
        reason: RejectReason,
    },
    /// Take back an offer.
    Withdraw,
    /// Give to another person or team.
    Reassign {
        /// To whom.
        wish: Wish,
        /// Why.
        reason: ReassignReason,
    },
    /// Send to nurturing.
    Recycle {
        /// Why.
        reason: RecycleReason,
        /// When it comes back by itself; never before `now`.
        resume_at: Option<DateTime<Utc>>,
    },
    /// Bring back from nurturing.
    Reactivate,
    /// Close as no lead.
    Disqualify {
        /// Why.
        reason: DisqualifyReason,
    },
    /// Close as won.
    Win {
        /// The amount won, when it differs from the expected value.
        amount: Option<Money>,
    },
    /// Close as lost.
    Lose {
        /// Why.
        reason: LoseReason,
    },
    /// Take back a loss or disqualification.
    Reopen {
        /// Why.
        reason: ReopenReason,
    },
    /// Move to another track; `Facts::other_track` is its newest version.
    Retrack {
        /// The key of the track.
        track: Code,
    },
}

/// A command with what accompanies it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The command.
    pub command: Command,
    /// Free words; kept with the transition, never in the journal.
    pub note: Option<LongText>,
}

impl Command {
    /// The act of this command.
    pub const fn act(&self) -> Act {
        match self {
            Self::Qualify { .. } => Act::Qualify,
            Self::HandOver { .. } => Act::HandOver,
            Self::Accept => Act::Accept,
            Self::Reject { .. } => Act::Reject,
            Self::Withdraw => Act::Withdraw,
            Self::Reassign { .. } => Act::Reassign,
            Self::Recycle { .. } => Act::Recycle,
            Self::Reactivate => Act::Reactivate,
            Self::Disqualify { .. } => Act::Disqualify,
            Self::Win { .. } => Act::Win,
            Self::Lose { .. } => Act::Lose,
            Self::Reopen { .. } => Act::Reopen,
            Self::Retrack { .. } => Act::Retrack,
        }
    }

    /// A digest of the arguments, the same on every machine: FNV-1a over the JSON form.
    pub fn digest(&self) -> u64 {
        const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
        const PRIME: u64 = 0x0100_0000_01b3;
        let json = serde_json::to_vec(self).unwrap_or_default();
        json.iter().fold(OFFSET, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME))
    }
}
