//! Campaigns: row to domain and back.

use fairfall_domain::campaign::Campaign;
use fairfall_domain::id::CampaignId;
use fairfall_domain::value::Money;

use crate::entity::campaign::Model;
use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_count};

impl TryFrom<Model> for Campaign {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let id = CampaignId::from(row.id);
        let stored = Stored::new("campaign", id);
        Ok(Self {
            id,
            version: stored.count("version", row.version)?,
            key: stored.text("key", &row.key)?,
            name: stored.text("name", &row.name)?,
            channel: stored.text("channel", &row.channel)?,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            goal_marketing_leads: stored.count("goal_marketing_leads", row.goal_marketing_leads)?,
            goal_sales_leads: stored.count("goal_sales_leads", row.goal_sales_leads)?,
            cost: stored.money("cost_minor", row.cost_minor, row.cost_currency.as_deref())?,
            targeting: stored.text("targeting", &row.targeting)?,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

impl TryFrom<&Campaign> for Model {
    type Error = StoreError;

    fn try_from(campaign: &Campaign) -> Result<Self, StoreError> {
        Ok(Self {
            id: campaign.id.uuid(),
            version: to_count(campaign.version)?,
            key: campaign.key.to_string(),
            name: campaign.name.to_string(),
            channel: campaign.channel.to_string(),
            targeting: campaign.targeting.to_string(),
            starts_on: campaign.starts_on,
            ends_on: campaign.ends_on,
            goal_marketing_leads: to_count(campaign.goal_marketing_leads)?,
            goal_sales_leads: to_count(campaign.goal_sales_leads)?,
            cost_minor: campaign.cost.map(Money::amount_minor),
            cost_currency: campaign.cost.map(|cost| cost.currency().to_string()),
            created_at: campaign.created_at,
            updated_at: campaign.updated_at,
        })
    }
}
