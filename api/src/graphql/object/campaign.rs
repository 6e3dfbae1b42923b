//! Campaigns.

use async_graphql::{ID, Object};
use fairfall_domain::campaign::{Campaign, Channel, Targeting};

use crate::graphql::code::Coded;
use crate::graphql::scalar::{Day, Timestamp, id, int};

use super::money::MoneyObject;
use super::shows;

/// A campaign.
#[derive(Clone, Debug)]
pub struct CampaignObject(pub Campaign);

shows!(CampaignObject(Campaign));

/// What was done to bring leads, what it should bring, and what it cost.
#[Object(name = "Campaign")]
impl CampaignObject {
    /// Its id.
    pub async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// Counts the changes from 1; send it as `expectedVersion` so that nobody's change is overwritten unseen.
    async fn version(&self) -> i32 {
        int(self.0.version)
    }

    /// The key by which forms, imports and partners name the campaign.
    async fn key(&self) -> &str {
        self.0.key.as_str()
    }

    /// The name.
    async fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// The way by which its leads come.
    async fn channel(&self) -> Coded<Channel> {
        Coded(self.0.channel)
    }

    /// Whom it is meant for.
    async fn targeting(&self) -> Coded<Targeting> {
        Coded(self.0.targeting)
    }

    /// The first day.
    async fn starts_on(&self) -> Option<Day> {
        self.0.starts_on.map(Day)
    }

    /// The last day.
    async fn ends_on(&self) -> Option<Day> {
        self.0.ends_on.map(Day)
    }

    /// How many marketing leads (MQL) it should bring.
    async fn goal_marketing_leads(&self) -> i32 {
        int(self.0.goal_marketing_leads)
    }

    /// How many sales leads (accepted by sales) it should bring.
    async fn goal_sales_leads(&self) -> i32 {
        int(self.0.goal_sales_leads)
    }

    /// What it cost.
    async fn cost(&self) -> Option<MoneyObject> {
        self.0.cost.map(Into::into)
    }

    /// When it was made.
    async fn created_at(&self) -> Timestamp {
        Timestamp(self.0.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> Timestamp {
        Timestamp(self.0.updated_at)
    }
}
