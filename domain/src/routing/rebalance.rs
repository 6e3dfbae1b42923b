//! Giving somebody's open leads to colleagues of the pool, because somebody is away for long or left: a plan that tells who receives what and why, made by
//! the same [`route`] that gives a lead in earnest, and worked out again when it is applied.
//!
//! Each lead is shared anew among those who may receive it. The turns of whoever gives them away stay counted: given back, they would all be owed to
//! somebody who comes back from an absence, who then got every lead until they are made up for.

use crate::code::codes;
use crate::id::{LeadId, UserId};
use crate::waterfall::reason::ReassignReason;

use chrono::{DateTime, Utc};

use super::decision::{ChosenBy, RoutingDecision, RoutingOutcome};
use super::directory::Directory;
use super::place::PlaceFault;
use super::roster::Roster;
use super::route::{Book, RoutingRequest, route};

/// Most leads of one plan.
pub const LEADS_MAX: usize = 250;

codes! {
    /// Why leads are given to colleagues.
    pub enum RebalanceReason {
        /// Whoever has them is away for long.
        Absence = "ABSENCE",
        /// Whoever has them left, or changed team.
        MemberLeft = "MEMBER_LEFT",
    }
}

impl RebalanceReason {
    /// The reason as single leads tell it.
    pub const fn of_lead(self) -> ReassignReason {
        match self {
            Self::Absence => ReassignReason::Absence,
            Self::MemberLeft => ReassignReason::MemberLeft,
        }
    }
}

/// An open lead that is to be given away. Whoever has it is excluded in the request.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    /// The request.
    pub request: RoutingRequest<'a>,
    /// The version of the lead.
    pub version: u32,
}

/// What becomes of a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The version of the lead.
    pub version: u32,
    /// The account of the routing. When nobody could take the lead it tells why, and the lead stays where it is.
    pub decision: RoutingDecision,
}

impl Step {
    /// Who receives the lead; nothing when it stays.
    pub const fn receiver(&self) -> Option<UserId> {
        match self.decision.outcome {
            RoutingOutcome::Assigned { user, .. } => Some(user),
            RoutingOutcome::Queued { .. } => None,
        }
    }
}

/// What becomes of the leads, in their order, and the book after it. A lead that nobody can take stays, and changes nothing.
///
/// # Errors
/// When a request names a team that is not the department's.
pub fn plan(
    held: &[Held<'_>],
    directory: &Directory,
    roster: &Roster,
    book: &mut Book,
    now: DateTime<Utc>,
) -> Result<Vec<Step>, PlaceFault> {
    held.iter().map(|one| step(one, directory, roster, book, now)).collect()
}

fn step(
    held: &Held<'_>,
    directory: &Directory,
    roster: &Roster,
    book: &mut Book,
    now: DateTime<Utc>,
) -> Result<Step, PlaceFault> {
    let decision = route(&held.request, directory, roster, book, now)?;
    match decision.outcome {
        RoutingOutcome::Assigned { user, by: ChosenBy::Owner | ChosenBy::Wish } => {
            let open = book.open.entry(user).or_default();
            *open = open.saturating_add(1);
        }
        // the fair draw counts what it gives
        RoutingOutcome::Assigned { by: ChosenBy::Turn, .. } | RoutingOutcome::Queued { .. } => {}
    }
    Ok(Step { version: held.version, decision })
}

/// A digest of a plan: which leads at which versions go to whom, or stay for which reason. The same on every machine: FNV-1a.
pub fn digest(steps: &[Step]) -> String {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let add = |hash: u64, bytes: &[u8]| bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME));
    let step = |hash: u64, step: &Step| {
        let hash = add(add(hash, LeadId::uuid(step.decision.lead).as_bytes()), &step.version.to_le_bytes());
        match step.decision.outcome {
            RoutingOutcome::Assigned { user, by } => add(add(hash, user.uuid().as_bytes()), by.as_str().as_bytes()),
            RoutingOutcome::Queued { reason } => add(hash, reason.as_str().as_bytes()),
        }
    };
    format!("{:016x}", steps.iter().fold(OFFSET, step))
}

#[cfg(test)]
mod tests;
