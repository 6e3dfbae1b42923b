//! Transitions: the account of each act, kept for the life of the lead.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::agreement::AgreementRef;
use crate::department::Department;
use crate::id::{LeadId, PassageId, TransitionId, UserId};
use crate::routing::Placement;
use crate::value::LongText;

use super::act::Act;
use super::stage::Stage;

/// One act that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transition {
    /// Its id.
    pub id: TransitionId,
    /// The lead.
    pub lead: LeadId,
    /// The passage it belongs to.
    pub passage: PassageId,
    /// The lead's version that it made; with `step` it orders the transitions of a lead.
    pub lead_version: u32,
    /// 0 for the act itself, 1 for what followed by itself.
    pub step: u8,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// What was done.
    pub act: Act,
    /// The stage before; nothing for a capture.
    pub from_stage: Option<Stage>,
    /// The stage after.
    pub to_stage: Stage,
    /// The department before.
    pub from_department: Option<Department>,
    /// The department after; the taker of an offer.
    pub to_department: Department,
    /// Who did it; nobody when it happened by itself or was imported without a name.
    pub actor: Option<UserId>,
    /// Who has it after; for an offer, whom it waits for.
    pub placement: Placement,
    /// The reason's code.
    pub reason: Option<String>,
    /// Free words.
    pub note: Option<LongText>,
    /// The agreement it ran under.
    pub agreement: Option<AgreementRef>,
}
