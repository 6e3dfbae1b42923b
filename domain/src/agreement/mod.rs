//! Agreements between a giving and a taking department: the gates that both signed.

pub mod book;
pub mod shipped;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::department::Department;
use crate::id::{AgreementId, UserId};
use crate::label::Labels;
use crate::value::Code;
use crate::violation::{ViolationCode, Violations};
use crate::waterfall::gate::{Criterion, Gate};
use crate::waterfall::stage::OpenStage;

pub use book::AgreementBook;

codes! {
    /// The life of an agreement's version.
    pub enum AgreementState {
        /// Being written.
        Draft = "DRAFT",
        /// Waiting for signatures.
        Proposed = "PROPOSED",
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
    /// Its life.
    pub state: AgreementState,
    /// From when it holds, UTC.
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
}

/// Most criteria of [`Agreement::recycle_when`] and of [`Agreement::reactivate_when`].
pub const CRITERIA_MAX: usize = 50;

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

    /// Checks what is read from storage or written by a user.
    ///
    /// # Errors
    /// All faults: the same department on both sides, a stage with two gates, criteria that do not fit their measure,
    /// in force without both signatures.
    pub fn check(&self) -> Result<(), Violations> {
        let mut faults = Violations::new();
        if self.giving == self.taking {
            faults.add("taking", ViolationCode::Conflict, "giving and taking department must differ");
        }
        for (index, gate) in self.gates.iter().enumerate() {
            if self.gates.iter().take(index).any(|other| other.stage == gate.stage) {
                faults.add("gates", ViolationCode::Duplicate, format!("stage `{}` has two gates", gate.stage));
            }
            gate.check(&mut faults);
        }
        self.recycle_when.iter().chain(&self.reactivate_when).for_each(|criterion| criterion.check(&mut faults));
        if self.recycle_when.len().max(self.reactivate_when.len()) > CRITERIA_MAX {
            faults.add("recycle_when", ViolationCode::TooLong, format!("at most {CRITERIA_MAX} criteria are allowed"));
        }
        if self.state == AgreementState::InForce && (self.signed_giving.is_none() || self.signed_taking.is_none()) {
            faults.add("state", ViolationCode::Conflict, "in force needs the signatures of both heads");
        }
        faults.into_result()
    }
}
