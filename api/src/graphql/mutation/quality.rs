//! What is done about the quality of records.

use async_graphql::{Context, Object, Result};

use super::acted;
use super::payload::payloads;
use crate::app::quality;
use crate::graphql::input::quality::QualityPolicyUpdateInput;
use crate::graphql::object::quality::QualityPolicyObject;

payloads! {
    /// What `qualityPolicyUpdate` answers.
    QualityPolicyUpdatePayload = |done: fairfall_domain::quality::QualityPolicy| {
        /// The policy after the change; absent when nothing was changed.
        quality_policy: QualityPolicyObject = Some(done.into()),
    }
}

/// What is done about the quality of records.
#[derive(Default)]
pub struct QualityMutation;

#[Object]
impl QualityMutation {
    /// Sets what is done about findings in persons and companies. It holds for what comes in and is changed from now on; stored records stay as
    /// they are.
    async fn quality_policy_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The checks that change.")] input: QualityPolicyUpdateInput,
    ) -> Result<QualityPolicyUpdatePayload> {
        acted!(ctx, |app, caller| quality::update(app, caller, input.changes(), input.expected_version).await)
    }
}
