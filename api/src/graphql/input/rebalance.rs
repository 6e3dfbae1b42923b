//! Input about giving somebody's open leads to colleagues.

use async_graphql::{ID, InputObject};
use fairfall_domain::id::{PoolId, UserId};
use fairfall_domain::routing::rebalance::RebalanceReason;
use fairfall_domain::violation::Violations;

use super::{id, whole};
use crate::app::routing::rebalance::RebalanceInput;
use crate::graphql::code::Coded;

/// Gives a colleague's open leads to others of the pool, as a plan says.
#[derive(Clone, Debug, InputObject)]
pub struct PoolRebalanceInput {
    /// The pool.
    pub pool: ID,
    /// Who gives: a member who is away for long, or somebody who left.
    pub user: ID,
    /// Why; told with each lead.
    pub reason: Coded<RebalanceReason>,
    /// The `digest` of the plan that was looked at; when it would come out otherwise now, nothing is done.
    pub expected_plan: String,
    /// Free words, kept with each lead; at most 2,000 characters.
    pub note: Option<String>,
}

impl PoolRebalanceInput {
    /// What is to be applied.
    ///
    /// # Errors
    /// Malformed ids.
    pub fn read(self) -> Result<RebalanceInput, Violations> {
        let (pool, user) = named(&self.pool, &self.user)?;
        let Self { reason, expected_plan, note, .. } = self;
        Ok(RebalanceInput { pool, user, reason: reason.0, expected_plan, note })
    }
}

/// The pool and the user.
///
/// # Errors
/// Malformed ids.
pub fn named(pool: &ID, user: &ID) -> Result<(PoolId, UserId), Violations> {
    let mut faults = Violations::new();
    let named = id(&mut faults, "pool", pool).zip(id(&mut faults, "user", user));
    whole(faults, named)
}
