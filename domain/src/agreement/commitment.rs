//! What giver and taker promise each other for each month.

use serde::{Deserialize, Serialize};

use crate::violation::{ViolationCode, Violations};

/// Most leads a month that can be promised.
pub const VOLUME_MAX: u32 = 1_000_000;

/// Promises both ways; what is absent is not promised. Months are calendar months in the time zone of the organisation's calendar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Commitments {
    /// The giver: at least so many leads are handed over in a month.
    pub volume_per_month: Option<u32>,
    /// The giver: at least so many percent of the answered hand-overs are accepted.
    pub accepted_percent: Option<u8>,
    /// The taker: at least so many percent of the clocks are met in the promised time.
    pub in_time_percent: Option<u8>,
    /// The taker: at least so many percent of what was accepted is rated.
    pub feedback_percent: Option<u8>,
}

impl Commitments {
    /// Checks the ranges.
    pub fn check(&self, faults: &mut Violations) {
        if self.volume_per_month.is_some_and(|volume| volume == 0 || volume > VOLUME_MAX) {
            let message = format!("1 to {VOLUME_MAX} leads a month can be promised");
            faults.add("commitments.volumePerMonth", ViolationCode::OutOfRange, message);
        }
        let shares = [
            ("commitments.acceptedPercent", self.accepted_percent),
            ("commitments.inTimePercent", self.in_time_percent),
            ("commitments.feedbackPercent", self.feedback_percent),
        ];
        for (field, share) in shares {
            if share.is_some_and(|percent| percent == 0 || percent > 100) {
                faults.add(field, ViolationCode::OutOfRange, "a share is 1 to 100 percent");
            }
        }
    }
}
