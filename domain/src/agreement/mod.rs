//! Agreements between a giving and a taking department: the gates and promises that both signed.

pub mod book;
mod check;
pub mod commitment;
pub mod diff;
pub mod lifecycle;
pub mod refusal;
pub mod replay;
pub mod scope;
pub mod shipped;
#[cfg(test)]
mod tests;
mod words;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::department::Department;
use crate::id::{AgreementId, UserId};
use crate::label::Labels;
use crate::sla::ClockRule;
use crate::value::Code;
use crate::waterfall::gate::{Criterion, Gate};
use crate::waterfall::reason::RejectReason;
use crate::waterfall::stage::OpenStage;

pub use book::AgreementBook;
pub use commitment::Commitments;
pub use lifecycle::{AgreementPatch, Signing};
pub use refusal::{AgreementFault, AgreementRefusal};
pub use scope::{AgreementScope, Matter};

codes! {
    /// The life of an agreement's version.
    pub enum AgreementState {
        /// Being written.
        Draft = "DRAFT",
        /// Waiting for signatures.
        Proposed = "PROPOSED",
        /// Signed by both heads; its day has not come. Told, never stored: see [`Agreement::state_at`].
        Signed = "SIGNED",
        /// Signed by both heads and running.
        InForce = "IN_FORCE",
        /// Followed by a newer version.
        Superseded = "SUPERSEDED",
    }
}

codes! {
    /// Who starts a hand-over.
    pub enum HandOverMode {
        /// A person of the giving department.
        Manual = "MANUAL",
        /// It happens by itself when the last gate of the giver holds.
        Automatic = "AUTOMATIC",
    }
}

/// Which version of which agreement something ran under.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AgreementRef {
    /// The id of this version.
    pub id: AgreementId,
    /// The key shared by all versions.
    pub key: Code,
    /// The version, from 1.
    pub version: u32,
}

/// A signature of a department's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Signature {
    /// Who signed; nobody for the set that ships with the product.
    pub by: Option<UserId>,
    /// When, UTC.
    pub at: DateTime<Utc>,
}

/// One version of an agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// The id of this version.
    pub id: AgreementId,
    /// The key shared by all versions.
    pub key: Code,
    /// The version, from 1.
    pub version: u32,
    /// Its name for people.
    pub labels: Labels,
    /// The department that gives.
    pub giving: Department,
    /// The department that takes.
    pub taking: Department,
    /// For which leads it holds.
    pub scope: AgreementScope,
    /// Counts the changes of this version from 1; signatures are changes.
    pub revision: u32,
    /// Its life, as far as somebody made it so; see [`Agreement::state_at`].
    pub state: AgreementState,
    /// From when it holds, UTC. As long as it is not signed by both, the date that is asked for.
    pub in_force_from: Option<DateTime<Utc>>,
    /// The giving head's signature.
    pub signed_giving: Option<Signature>,
    /// The taking head's signature.
    pub signed_taking: Option<Signature>,
    /// Who starts a hand-over.
    pub hand_over: HandOverMode,
    /// The gates.
    pub gates: Vec<Gate>,
    /// When all of these hold, a lead that the giver works on is sent to nurturing by itself; never when there are none.
    pub recycle_when: Vec<Criterion>,
    /// When all of these hold after new behaviour, a resting lead comes back by itself; never when there are none.
    pub reactivate_when: Vec<Criterion>,
    /// How fast the taker acts, and what happens when it does not.
    pub clocks: Vec<ClockRule>,
    /// The reasons for which the taker may return an offer; all when there are none.
    pub reject_reasons: Vec<RejectReason>,
    /// What both sides promise for each month.
    pub commitments: Commitments,
}

impl Agreement {
    /// The reference that hand-overs keep.
    pub fn reference(&self) -> AgreementRef {
        AgreementRef { id: self.id, key: self.key.clone(), version: self.version }
    }

    /// The gate before a stage.
    pub fn gate(&self, stage: OpenStage) -> Option<&Gate> {
        self.gates.iter().find(|gate| gate.stage == stage)
    }

    /// Whether it holds at a time: both signed, and from its date on.
    pub fn holds_at(&self, now: DateTime<Utc>) -> bool {
        let signed = self.signed_giving.is_some() && self.signed_taking.is_some();
        self.state == AgreementState::InForce && signed && self.in_force_from.is_some_and(|from| from <= now)
    }
}
