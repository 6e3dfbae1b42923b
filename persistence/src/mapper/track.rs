//! Tracks and price bands: row to domain and back.

use chrono::{DateTime, Utc};
use fairfall_domain::id::TrackId;
use fairfall_domain::waterfall::track::Track;

use crate::entity::track::Model;
use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_count, to_json};

impl TryFrom<Model> for Track {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let id = TrackId::from(row.id);
        let stored = Stored::new("track", id);
        let key = stored.text("key", &row.key)?;
        let version = stored.count("version", row.version)?;
        let labels = stored.json("labels", &row.labels)?;
        let steps = stored.json("steps", &row.steps)?;
        let closing = stored.text("closing", &row.closing)?;
        Self::try_new(id, key, version, labels, steps, closing).map_err(|_| stored.corrupt("steps"))
    }
}

/// The row of a track that is published at `now`.
pub(crate) fn to_row(track: &Track, now: DateTime<Utc>) -> Result<Model, StoreError> {
    Ok(Model {
        id: track.id().uuid(),
        key: track.key().to_string(),
        version: to_count(track.version())?,
        labels: to_json(track.labels())?,
        steps: to_json(&track.steps())?,
        closing: track.closing().to_string(),
        created_at: now,
    })
}
