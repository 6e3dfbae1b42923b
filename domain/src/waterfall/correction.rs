//! What becomes of a turn when people take a lead from where routing brought it: the ledger is put right, and what was misrouted is told.

use crate::id::UserId;
use crate::routing::{Book, Directory, RoutingDecision};

use super::command::Command;
use super::lead::Lead;
use super::reason::{ReassignReason, RejectReason};
use super::state::LeadState;

/// Whose turn a corrected decision counts as from now on; nobody's when the lead left the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corrected {
    /// The colleague of the pool who has the lead now.
    pub counts_for: Option<UserId>,
}

/// Who has a lead, or is offered it.
pub fn holder(lead: &Lead) -> Option<UserId> {
    lead.state.offer().unwrap_or_else(|| lead.state.placement()).person
}

/// Whether a command by somebody takes a lead by hand from where routing brought it, so that earlier decisions must be looked at.
pub fn takes_away(lead: &Lead, command: &Command, actor: Option<UserId>) -> bool {
    match command {
        Command::Reassign { .. } | Command::Withdraw => true,
        Command::Reject { reason } => *reason == RejectReason::WrongTerritory,
        Command::Accept => holder(lead).is_some() && holder(lead) != actor,
        Command::Qualify { .. }
        | Command::HandOver { .. }
        | Command::Recycle { .. }
        | Command::Reactivate
        | Command::Disqualify { .. }
        | Command::Win { .. }
        | Command::Lose { .. }
        | Command::Reopen { .. }
        | Command::Retrack { .. } => false,
    }
}

/// Whether a command says that the lead was misrouted.
pub const fn is_misrouted(command: &Command) -> bool {
    matches!(
        command,
        Command::Reassign { reason: ReassignReason::Misrouted, .. } | Command::Reject { reason: RejectReason::WrongTerritory }
    )
}

/// Whether a decision that counts as somebody's turn is given back by a command that takes the lead away: it must be the turn of who has the lead
/// now, in the department that has it. What lapsed stays counted: letting leads lapse must not pay. So does what is given to others while somebody
/// is away or after somebody left: nobody is flooded on coming back.
pub fn gives_back(lead: &Lead, command: &Command, decision: &RoutingDecision, counts_for: UserId) -> bool {
    let stays = match command {
        Command::Reassign { reason, .. } => {
            matches!(reason, ReassignReason::Absence | ReassignReason::MemberLeft | ReassignReason::Escalation)
        }
        Command::Accept
        | Command::Reject { .. }
        | Command::Withdraw
        | Command::Qualify { .. }
        | Command::HandOver { .. }
        | Command::Recycle { .. }
        | Command::Reactivate
        | Command::Disqualify { .. }
        | Command::Win { .. }
        | Command::Lose { .. }
        | Command::Reopen { .. }
        | Command::Retrack { .. } => false,
    };
    let department = if let LeadState::Offered { taker, .. } = &lead.state { *taker } else { lead.state.department() };
    !stays && holder(lead) == Some(counts_for) && decision.department == department
}

/// Puts the ledger right: a lead that goes to a colleague of the pool counts for the colleague, one that leaves the pool counts for nobody, and
/// whoever had it is given back the turn. Nothing when the lead stays with whom it counts for, or the pool's ledger is not in the book.
pub fn correct(
    book: &mut Book,
    directory: &Directory,
    (decision, counts_for): (&RoutingDecision, UserId),
    command: &Command,
    actor: Option<UserId>,
) -> Option<Corrected> {
    let pool = decision.pool?;
    let to = match command {
        Command::Reassign { wish, .. } => wish.person,
        Command::Accept => actor,
        Command::Reject { .. }
        | Command::Withdraw
        | Command::Qualify { .. }
        | Command::HandOver { .. }
        | Command::Recycle { .. }
        | Command::Reactivate
        | Command::Disqualify { .. }
        | Command::Win { .. }
        | Command::Lose { .. }
        | Command::Reopen { .. }
        | Command::Retrack { .. } => None,
    };
    let ledger = book.pools.get_mut(&pool)?.tiers.get_mut(&decision.tier)?;
    let worth = decision.worth.unwrap_or(0);
    let colleague = to.filter(|to| directory.pool_by_id(pool).is_some_and(|pool| pool.member(*to).is_some()));
    match colleague {
        Some(to) if to == counts_for => return None,
        Some(to) => ledger.give_on(counts_for, to, worth),
        None => ledger.undo(counts_for, worth, decision.shares()),
    }
    Some(Corrected { counts_for: colleague })
}
