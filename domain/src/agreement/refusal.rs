//! Why an agreement is not drafted, changed, proposed or signed.

use crate::code::codes;
use crate::department::Department;
use crate::id::AgreementId;
use crate::violation::Violations;

use super::AgreementState;

codes! {
    /// Why an act on an agreement is refused.
    pub enum AgreementRefusalKind {
        /// The act belongs to another part of its life.
        WrongState = "WRONG_STATE",
        /// Another version of the same key is being written or waits for signatures.
        OpenVersion = "OPEN_VERSION",
        /// Only managers of the giving and of the taking department sign.
        NotASigner = "NOT_A_SIGNER",
        /// Nobody signs for both sides.
        SignedTheOtherSide = "SIGNED_THE_OTHER_SIDE",
    }
}

/// Why an act on an agreement is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AgreementRefusal {
    /// The act belongs to another part of its life.
    #[error("this is for an agreement that is `{needed}`, and this version is `{state}`")]
    WrongState {
        /// The state that it is in.
        state: AgreementState,
        /// The state that it would have to be in.
        needed: AgreementState,
    },
    /// Another version of the same key is being written or waits for signatures.
    #[error("version {version} is open: it must be signed or deleted before another is begun")]
    OpenVersion {
        /// That version.
        id: AgreementId,
        /// Its number.
        version: u32,
    },
    /// Only managers of the giving and of the taking department sign.
    #[error("a manager of each of these must sign: {}", shown(missing))]
    NotASigner {
        /// The departments that have not signed.
        missing: Vec<Department>,
    },
    /// Nobody signs for both sides.
    #[error("you signed for the other side; somebody else must sign for: {}", shown(missing))]
    SignedTheOtherSide {
        /// The departments that have not signed.
        missing: Vec<Department>,
    },
}

fn shown(departments: &[Department]) -> String {
    let names: Vec<String> = departments.iter().map(|department| format!("`{department}`")).collect();
    names.join(", ")
}

impl AgreementRefusal {
    /// The kind, for programs.
    pub const fn kind(&self) -> AgreementRefusalKind {
        match self {
            Self::WrongState { .. } => AgreementRefusalKind::WrongState,
            Self::OpenVersion { .. } => AgreementRefusalKind::OpenVersion,
            Self::NotASigner { .. } => AgreementRefusalKind::NotASigner,
            Self::SignedTheOtherSide { .. } => AgreementRefusalKind::SignedTheOtherSide,
        }
    }
}

/// Why a version is not changed or proposed: it is not the time for it, or what is in it does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgreementFault {
    /// It is not the time for it.
    Refused(AgreementRefusal),
    /// What is in it does not hold.
    Invalid(Violations),
}

impl From<AgreementRefusal> for AgreementFault {
    fn from(refusal: AgreementRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Violations> for AgreementFault {
    fn from(faults: Violations) -> Self {
        Self::Invalid(faults)
    }
}
