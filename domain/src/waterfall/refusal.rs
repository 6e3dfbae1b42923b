//! Refusals: why an act is not lawful now, and what is.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::agreement::AgreementRef;
use crate::code::codes;
use crate::department::Department;

use super::act::Act;
use super::gate::Unmet;
use super::reason::RejectReason;
use super::stage::{OpenStage, Stage};
use super::state::StateKind;
use crate::value::Code;

/// Why a command was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum Refusal {
    /// The act is not lawful in this state.
    #[error("`{act}` is not lawful for a lead that is `{state}` at `{stage}`")]
    InvalidTransition {
        /// What was asked.
        act: Act,
        /// The state it is in.
        state: StateKind,
        /// The stage it stands at.
        stage: Stage,
        /// What is lawful now.
        lawful: Vec<Act>,
    },
    /// The gate of the next stage does not hold.
    #[error("the criteria for `{stage}` are not met")]
    GateUnmet {
        /// What was asked.
        act: Act,
        /// The stage that would be entered.
        stage: OpenStage,
        /// The agreement that sets the criteria.
        agreement: AgreementRef,
        /// Each unmet criterion with the value found.
        criteria: Vec<Unmet>,
    },
    /// No agreement between the two departments is in force.
    #[error("no agreement from `{giving}` to `{taking}` is in force")]
    NoAgreement {
        /// What was asked.
        act: Act,
        /// The giving department.
        giving: Department,
        /// The taking department.
        taking: Department,
    },
    /// A closed lead is not changed any more.
    #[error("a lead that is `{stage}` is not changed any more")]
    Closed {
        /// The stage it stands at.
        stage: Stage,
        /// What is lawful now.
        lawful: Vec<Act>,
    },
    /// It is another department's turn.
    #[error("`{act}` is for `{department}`")]
    WrongDepartment {
        /// What was asked.
        act: Act,
        /// The department whose turn it is.
        department: Department,
    },
    /// The offer waits for somebody else.
    #[error("the offer waits for another person or team")]
    NotTheTaker {
        /// What was asked.
        act: Act,
    },
    /// The person or team asked for cannot take it.
    #[error("the person or team asked for is not an active part of `{department}`")]
    UnknownTaker {
        /// What was asked.
        act: Act,
        /// The department that would take it.
        department: Department,
    },
    /// The agreement that the offer runs under does not know the reason.
    #[error("`{reason}` is none of the reasons that both departments agreed on")]
    ReasonNotAgreed {
        /// What was asked.
        act: Act,
        /// The reason that was given.
        reason: RejectReason,
        /// Those that were agreed on.
        allowed: Vec<RejectReason>,
        /// The agreement that the offer runs under.
        agreement: AgreementRef,
    },
    /// Too much time has passed.
    #[error("`{act}` was lawful until `{until}`")]
    TooLate {
        /// What was asked.
        act: Act,
        /// Until when it was lawful.
        until: DateTime<Utc>,
    },
    /// The date lies in the past.
    #[error("the date to resume lies in the past")]
    ResumeInPast {
        /// What was asked.
        act: Act,
    },
    /// The other track does not have this stage in this department.
    #[error("track `{track}` does not have `{stage}` in this department")]
    StageNotOnTrack {
        /// What was asked.
        act: Act,
        /// The track asked for.
        track: Code,
        /// The stage the lead stands at.
        stage: OpenStage,
        /// The stages of that track in the lead's department.
        alternatives: Vec<OpenStage>,
    },
}

codes! {
    /// The stable code of a refusal.
    pub enum RefusalCode {
        /// The act is not lawful in this state.
        InvalidTransition = "INVALID_TRANSITION",
        /// The gate does not hold.
        GateUnmet = "GATE_UNMET",
        /// No agreement is in force.
        NoAgreement = "NO_AGREEMENT",
        /// A closed lead is not changed any more.
        Closed = "CLOSED",
        /// It is another department's turn.
        WrongDepartment = "WRONG_DEPARTMENT",
        /// The offer waits for somebody else.
        NotTheTaker = "NOT_THE_TAKER",
        /// The person or team asked for cannot take it.
        UnknownTaker = "UNKNOWN_TAKER",
        /// The agreement does not know the reason.
        ReasonNotAgreed = "REASON_NOT_AGREED",
        /// Too much time has passed.
        TooLate = "TOO_LATE",
        /// The date lies in the past.
        ResumeInPast = "RESUME_IN_PAST",
        /// The stage is not on the track.
        StageNotOnTrack = "STAGE_NOT_ON_TRACK",
    }
}

impl Refusal {
    /// The stable code.
    pub const fn code(&self) -> RefusalCode {
        match self {
            Self::InvalidTransition { .. } => RefusalCode::InvalidTransition,
            Self::GateUnmet { .. } => RefusalCode::GateUnmet,
            Self::NoAgreement { .. } => RefusalCode::NoAgreement,
            Self::Closed { .. } => RefusalCode::Closed,
            Self::WrongDepartment { .. } => RefusalCode::WrongDepartment,
            Self::NotTheTaker { .. } => RefusalCode::NotTheTaker,
            Self::UnknownTaker { .. } => RefusalCode::UnknownTaker,
            Self::ReasonNotAgreed { .. } => RefusalCode::ReasonNotAgreed,
            Self::TooLate { .. } => RefusalCode::TooLate,
            Self::ResumeInPast { .. } => RefusalCode::ResumeInPast,
            Self::StageNotOnTrack { .. } => RefusalCode::StageNotOnTrack,
        }
    }

    /// The act that was refused; nothing for an update.
    pub const fn act(&self) -> Option<Act> {
        match self {
            Self::Closed { .. } => None,
            Self::InvalidTransition { act, .. }
            | Self::GateUnmet { act, .. }
            | Self::NoAgreement { act, .. }
            | Self::WrongDepartment { act, .. }
            | Self::NotTheTaker { act }
            | Self::UnknownTaker { act, .. }
            | Self::ReasonNotAgreed { act, .. }
            | Self::TooLate { act, .. }
            | Self::ResumeInPast { act }
            | Self::StageNotOnTrack { act, .. } => Some(*act),
        }
    }
}
