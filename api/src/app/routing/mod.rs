//! The configuration of routing: territories, the pools of teams, what is known of their members, and what holds for all of it.

pub mod coverage;
pub mod decision;
pub mod draft;
pub mod draft_changes;
pub mod hours;
pub mod member;
pub mod policy;
pub mod pool;
pub mod pool_draft;
pub mod publish;
pub mod rebalance;
pub mod replay;
pub mod rules;
pub mod simulate;
pub mod territory;
pub mod tried;

use fairfall_domain::access::{Action, Grant, Subject};
use fairfall_domain::id::TeamId;

use super::{AppError, Rejection};

/// Whether a permission reaches a team: everybody's who may do it anywhere, else only those that the caller leads.
fn leads(grant: &Grant, team: TeamId) -> bool {
    grant.covers(&Subject { team: Some(team), ..Subject::default() })
}

/// Whether a permission holds whatever the team.
fn is_everywhere(grant: &Grant) -> bool {
    grant.covers(&Subject::default())
}

fn not_allowed(action: Action) -> AppError {
    Rejection::NotAllowed { action }.into()
}

/// The version that is written over: the one that the caller read, if it is the one that there is.
fn expected(typed: Option<u32>, current: u32) -> Result<u32, AppError> {
    match typed {
        Some(typed) if typed != current => Err(Rejection::VersionConflict { current: Some(current) }.into()),
        Some(_) | None => Ok(current),
    }
}
