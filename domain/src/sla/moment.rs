//! What the journal keeps of a clock: ids, codes and figures, never personal data.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::agreement::AgreementRef;
use crate::department::Department;
use crate::id::ClockId;
use crate::routing::Placement;

use super::clock::Clock;
use super::ladder::EscalationAct;
use super::pause::Pause;
use super::rule::ClockKind;

/// A moment in the life of a clock: the payload of the events `SLA_...`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlaMoment {
    /// The clock.
    pub clock: ClockId,
    /// What is promised.
    pub kind: ClockKind,
    /// Under which version of which agreement.
    pub agreement: AgreementRef,
    /// The department that must keep it.
    pub department: Department,
    /// Who had to keep it at that moment.
    pub holder: Placement,
    /// The lap.
    pub lap: u8,
    /// When the promise of this lap is over; absent while the clock stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<DateTime<Utc>>,
    /// The rung of the ladder, in percent of the promise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u16>,
    /// What the ladder's step did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<EscalationAct>,
    /// The step that could not be done, so that the managers were told instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<EscalationAct>,
    /// The pause that begins, when the clock stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause: Option<Pause>,
    /// Who has the lead after the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Placement>,
    /// When the promise was kept, once it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_at: Option<DateTime<Utc>>,
    /// Whether it was kept in time, by everybody who had to, once it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_time: Option<bool>,
}

impl SlaMoment {
    /// The clock as it stands.
    pub fn of(clock: &Clock) -> Self {
        Self {
            clock: clock.id,
            kind: clock.kind,
            agreement: clock.agreement.clone(),
            department: clock.department,
            holder: clock.holder,
            lap: clock.lap,
            due: clock.due_at,
            percent: None,
            act: None,
            instead_of: None,
            pause: clock.pause,
            to: None,
            kept_at: None,
            in_time: None,
        }
    }
}
