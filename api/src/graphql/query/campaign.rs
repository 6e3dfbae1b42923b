//! Campaigns.

use async_graphql::{Context, ID, Object, OneofObject, Result};
use fairfall_domain::campaign::Channel;
use fairfall_domain::id::CampaignId;
use fairfall_persistence::repo::campaign::CampaignFilter;

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::code::Coded;
use crate::graphql::error::OrFault;
use crate::graphql::loader::load;
use crate::graphql::object::campaign::CampaignObject;
use crate::graphql::page::Asked;

use super::connection::CampaignConnection;

/// Which campaign is meant.
#[derive(Debug, OneofObject)]
pub enum CampaignBy {
    /// By its id.
    Id(ID),
    /// By its key.
    Key(String),
}

/// Campaigns.
#[derive(Default)]
pub struct CampaignQuery;

#[Object]
impl CampaignQuery {
    /// A campaign; absent when it does not exist for the viewer.
    async fn campaign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: CampaignBy,
    ) -> Option<Result<CampaignObject>> {
        match by {
            CampaignBy::Id(id) => load(ctx, CampaignId::parse(&id).ok()).await.transpose(),
            CampaignBy::Key(key) => keyed(ctx, &key).await.transpose(),
        }
    }

    /// Campaigns, changed last first.
    async fn campaigns(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The way by which their leads come; absent for all.")] channel: Option<Coded<Channel>>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<CampaignConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        let filter = CampaignFilter { channel: channel.map(|channel| channel.0) };
        Ok(app::campaign::page(app(ctx), caller(ctx)?, filter, &args).await.or_fault(ctx)?.into())
    }
}

async fn keyed(ctx: &Context<'_>, key: &str) -> Result<Option<CampaignObject>> {
    Ok(app::campaign::find_by_key(app(ctx), caller(ctx)?, key).await.or_fault(ctx)?.map(CampaignObject))
}
