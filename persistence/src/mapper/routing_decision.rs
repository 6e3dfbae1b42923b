//! Accounts of routings: row to domain and back. The whole account is one JSON text; the columns beside it are what is looked for and counted.

use fairfall_domain::id::{PoolId, TeamId, TerritoryId, UserId};
use fairfall_domain::routing::{RoutingDecision, RoutingOutcome};
use sea_orm::Value;

use crate::error::StoreError;
use crate::mapper::lead::{maybe_text, text};
use crate::mapper::stored::to_json;

/// Every column that a new row has.
pub(crate) const COLUMNS: &[&str] = &[
    "id",
    "lead_id",
    "passage_id",
    "at",
    "cause",
    "department",
    "tier",
    "territory_id",
    "team_id",
    "pool_id",
    "user_id",
    "chosen_by",
    "queue_reason",
    "worth_minor",
    "counts_for",
    "detail",
];

/// The values of every column.
pub(crate) fn values(decision: &RoutingDecision) -> Result<Vec<Value>, StoreError> {
    let (user, by, reason) = match decision.outcome {
        RoutingOutcome::Assigned { user, by } => (Some(user), Some(by), None),
        RoutingOutcome::Queued { reason } => (None, None, Some(reason)),
    };
    Ok(vec![
        decision.id.uuid().into(),
        decision.lead.uuid().into(),
        decision.passage.uuid().into(),
        decision.at.into(),
        text(&decision.cause),
        text(&decision.department),
        text(&decision.tier),
        decision.territory.as_ref().map(|hit| TerritoryId::uuid(hit.territory)).into(),
        decision.team.map(TeamId::uuid).into(),
        decision.pool.map(PoolId::uuid).into(),
        user.map(UserId::uuid).into(),
        maybe_text(by.as_ref()),
        maybe_text(reason.as_ref()),
        decision.worth.into(),
        decision.counted().map(|(_, user)| user.uuid()).into(),
        to_json(decision)?.into(),
    ])
}
