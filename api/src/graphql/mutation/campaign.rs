//! Campaigns that bring leads.

use async_graphql::{Context, Object, Result};

use super::acted;
use super::payload::{CampaignCreatePayload, CampaignUpdatePayload};
use crate::app::campaign;
use crate::graphql::input::campaign::{CampaignCreateInput, CampaignUpdateInput};

/// Campaigns that bring leads.
#[derive(Default)]
pub struct CampaignMutation;

/// Campaigns that bring leads.
#[Object]
impl CampaignMutation {
    /// Makes a campaign. All faults of the input are reported at once.
    async fn campaign_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The campaign.")] input: CampaignCreateInput,
    ) -> Result<CampaignCreatePayload> {
        acted!(ctx, |app, caller| {
            let (draft, key) = input.read()?;
            campaign::create(app, caller, draft, key).await
        })
    }

    /// Changes a campaign.
    async fn campaign_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The campaign and what changes.")] input: CampaignUpdateInput,
    ) -> Result<CampaignUpdatePayload> {
        acted!(ctx, |app, caller| {
            let (campaign, expected, patch) = input.read()?;
            campaign::update(app, caller, campaign, expected, patch).await
        })
    }
}
