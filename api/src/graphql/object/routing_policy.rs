//! What holds for all routing of the organisation.

use async_graphql::SimpleObject;
use fairfall_domain::routing::RoutingPolicy;

use crate::graphql::scalar::int;

/// What holds for all routing of the organisation.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "RoutingPolicy")]
pub struct RoutingPolicyObject {
    /// Counts the changes from 1; send it as `expectedVersion` so that nobody's change is overwritten unseen.
    pub version: i32,
    /// A company's owner gets its leads when the company had another lead within so many days; always when absent, never when 0.
    pub owner_days_max: Option<i32>,
}

impl From<RoutingPolicy> for RoutingPolicyObject {
    fn from(policy: RoutingPolicy) -> Self {
        Self { version: int(policy.version), owner_days_max: policy.owner_days_max.map(int) }
    }
}
