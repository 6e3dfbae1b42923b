//! Tracks and price bands.

use async_graphql::{Context, ID, Object, OneofObject, Result};
use fairfall_domain::id::TrackId;
use fairfall_domain::waterfall::track::Track;

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::loader::load;
use crate::graphql::object::track::{PriceBandsObject, TrackObject};

/// Which track is meant.
#[derive(Debug, OneofObject)]
pub enum TrackBy {
    /// A version by its id.
    Id(ID),
    /// The newest version by its key.
    Key(String),
}

/// Tracks and price bands.
#[derive(Default)]
pub struct TrackQuery;

#[Object]
impl TrackQuery {
    /// Every version of every track.
    async fn tracks(&self, ctx: &Context<'_>) -> Result<Vec<TrackObject>> {
        let tracks = app::track::all(app(ctx), caller(ctx)?).await.or_fault(ctx)?;
        Ok(tracks.into_iter().map(TrackObject).collect())
    }

    /// A track; absent when it does not exist for the viewer.
    async fn track(&self, ctx: &Context<'_>, #[graphql(desc = "Which one.")] by: TrackBy) -> Option<Result<TrackObject>> {
        match by {
            TrackBy::Id(id) => load(ctx, TrackId::parse(&id).ok()).await.transpose(),
            TrackBy::Key(key) => newest(ctx, &key).await.transpose(),
        }
    }

    /// Which track a lead takes by its expected value; absent when the viewer may not see tracks.
    async fn price_bands(&self, ctx: &Context<'_>) -> Option<Result<PriceBandsObject>> {
        price_bands(ctx).await.transpose()
    }
}

async fn newest(ctx: &Context<'_>, key: &str) -> Result<Option<TrackObject>> {
    let tracks = app::track::all(app(ctx), caller(ctx)?).await.or_fault(ctx)?;
    let versions = tracks.into_iter().filter(|track| track.key().as_str() == key);
    Ok(versions.max_by_key(Track::version).map(TrackObject))
}

async fn price_bands(ctx: &Context<'_>) -> Result<Option<PriceBandsObject>> {
    Ok(app::track::price_bands(app(ctx), caller(ctx)?).await.or_fault(ctx)?.map(Into::into))
}
