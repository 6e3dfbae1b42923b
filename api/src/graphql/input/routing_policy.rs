//! Changes of what holds for all routing, as they are typed.

use async_graphql::{InputObject, MaybeUndefined};

/// A change of what holds for all routing. Omitted fields stay.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct RoutingPolicyUpdateInput {
    /// A company's owner gets its leads when the company had another lead within so many days, 0 to 3650; null for always, 0 for never.
    pub owner_days_max: MaybeUndefined<u32>,
    /// The version that the caller read; when it has changed since, nothing is done. Absent to change whatever it is now.
    pub expected_version: Option<u32>,
}
