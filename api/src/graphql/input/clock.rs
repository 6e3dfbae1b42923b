//! Acts on clocks.

use async_graphql::{ID, InputObject};
use chrono::{DateTime, Utc};
use fairfall_domain::id::ClockId;
use fairfall_domain::sla::pause::PauseReason;
use fairfall_domain::violation::Violations;

use crate::graphql::code::Coded;
use crate::graphql::scalar::Timestamp;

use super::{id, whole};

/// Lets a clock stand still.
#[derive(Clone, Debug, InputObject)]
pub struct ClockPauseInput {
    /// The clock.
    pub clock: ID,
    /// Why.
    pub reason: Coded<PauseReason>,
    /// When it runs on by itself; cut to what the agreement still allows, and as long as that when absent.
    pub until: Option<Timestamp>,
}

/// Lets a clock run on before its pause is over.
#[derive(Clone, Debug, InputObject)]
pub struct ClockResumeInput {
    /// The clock.
    pub clock: ID,
}

impl ClockPauseInput {
    /// The clock, the reason and the end.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self) -> Result<(ClockId, PauseReason, Option<DateTime<Utc>>), Violations> {
        let mut faults = Violations::new();
        let clock = id(&mut faults, "clock", &self.clock);
        whole(faults, clock.map(|clock| (clock, self.reason.0, self.until.map(|until| until.0))))
    }
}

impl ClockResumeInput {
    /// The clock.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self) -> Result<ClockId, Violations> {
        let mut faults = Violations::new();
        let clock = id(&mut faults, "clock", &self.clock);
        whole(faults, clock)
    }
}
