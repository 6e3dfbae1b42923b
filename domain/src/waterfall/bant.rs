//! BANT: budget, authority, need, timeline (IBM's opportunity identification criteria), as ordered codes that gates can compare.

use serde::{Deserialize, Serialize};

use crate::code::codes;

codes! {
    /// What is known of the money.
    pub enum Budget {
        /// There is none.
        None = "NONE",
        /// It is planned, not yet approved.
        Planned = "PLANNED",
        /// It is approved.
        Approved = "APPROVED",
    }
}

codes! {
    /// What the contact can decide.
    pub enum Authority {
        /// Nothing.
        None = "NONE",
        /// Advises those who decide.
        Influencer = "INFLUENCER",
        /// Decides.
        Decider = "DECIDER",
    }
}

codes! {
    /// How strongly the need is felt.
    pub enum Need {
        /// There is none.
        None = "NONE",
        /// There is one, the contact does not see it yet.
        Latent = "LATENT",
        /// The contact sees it.
        Recognised = "RECOGNISED",
        /// It must be met soon.
        Urgent = "URGENT",
    }
}

/// What sales learned by asking. Nothing known is `None`, which meets no criterion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bant {
    /// The money.
    pub budget: Option<Budget>,
    /// The power to decide.
    pub authority: Option<Authority>,
    /// The need.
    pub need: Option<Need>,
    /// Months until the purchase, 0 to 120.
    pub timeline_months: Option<u16>,
}

/// The longest timeline that is accepted, in months.
pub const TIMELINE_MONTHS_MAX: u16 = 120;
