//! Tracks and price bands, as everybody who works with leads may read them.

use fairfall_domain::access::Action;
use fairfall_domain::id::TrackId;
use fairfall_domain::waterfall::band::PriceBands;
use fairfall_domain::waterfall::track::Track;

use super::{App, AppError, Caller};

/// All versions of all tracks, by key and version.
pub async fn all(app: &App, caller: &Caller) -> Result<Vec<Track>, AppError> {
    if caller.may(Action::ViewTrack).is_none() {
        return Ok(Vec::new());
    }
    let mut tracks = app.rules().await?.tracks.clone();
    tracks.sort_by(|a, b| a.key().cmp(b.key()).then(a.version().cmp(&b.version())));
    Ok(tracks)
}

/// Some versions, in no order.
pub async fn find_many(app: &App, caller: &Caller, ids: &[TrackId]) -> Result<Vec<Track>, AppError> {
    let all = all(app, caller).await?;
    Ok(all.into_iter().filter(|track| ids.contains(&track.id())).collect())
}

/// Which track a value takes.
pub async fn price_bands(app: &App, caller: &Caller) -> Result<Option<PriceBands>, AppError> {
    if caller.may(Action::ViewTrack).is_none() {
        return Ok(None);
    }
    Ok(Some(app.rules().await?.bands.clone()))
}
