//! What holds for all routing of the organisation: one setting.

use fairfall_domain::routing::RoutingPolicy;

use super::{locks, setting};
use crate::error::StoreError;
use crate::mapper::stored::Stored;
use crate::readable::Readable;
use crate::unit_of_work::UnitOfWork;

/// The key of the setting.
const ROUTING_POLICY: &str = "routing.policy";

/// The policy; the shipped one when none was set.
///
/// # Errors
/// When the database fails, or the setting is corrupt.
pub async fn get(on: &impl Readable) -> Result<RoutingPolicy, StoreError> {
    let policy: RoutingPolicy = setting::get(on, ROUTING_POLICY).await?.unwrap_or_default();
    policy.check().map_err(|_| Stored::new("setting", ROUTING_POLICY).corrupt("value"))?;
    Ok(policy)
}

/// The policy for a change: others who want to change it wait until the unit of work ends.
///
/// # Errors
/// When the database fails, or the setting is corrupt.
pub async fn load_for_command(uow: &UnitOfWork) -> Result<RoutingPolicy, StoreError> {
    locks::hold(uow, "setting", &[ROUTING_POLICY]).await?;
    get(uow).await
}

/// Writes the policy, over the one before.
///
/// # Errors
/// When the database fails.
pub async fn put(uow: &UnitOfWork, policy: &RoutingPolicy) -> Result<(), StoreError> {
    setting::put(uow, ROUTING_POLICY, policy).await
}
