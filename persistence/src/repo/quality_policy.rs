//! What the organisation does about findings in records: one setting.

use fairfall_domain::quality::QualityPolicy;

use super::{locks, setting};
use crate::error::StoreError;
use crate::readable::Readable;
use crate::unit_of_work::UnitOfWork;

/// The key of the setting.
const QUALITY_POLICY: &str = "quality_policy";

/// The policy; the shipped one when none was set.
///
/// # Errors
/// When the database fails, or the setting is corrupt.
pub async fn get(on: &impl Readable) -> Result<QualityPolicy, StoreError> {
    Ok(setting::get(on, QUALITY_POLICY).await?.unwrap_or_default())
}

/// The policy for a change: others who want to change it wait until the unit of work ends.
///
/// # Errors
/// When the database fails, or the setting is corrupt.
pub async fn load_for_command(uow: &UnitOfWork) -> Result<QualityPolicy, StoreError> {
    locks::hold(uow, "setting", &[QUALITY_POLICY]).await?;
    get(uow).await
}

/// Writes the policy, over the one before.
///
/// # Errors
/// When the database fails.
pub async fn put(uow: &UnitOfWork, policy: &QualityPolicy) -> Result<(), StoreError> {
    setting::put(uow, QUALITY_POLICY, policy).await
}
