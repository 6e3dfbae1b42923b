//! Versions of tracks. A version is never changed: passages go on running on it.

use chrono::{DateTime, Utc};
use fairfall_domain::id::TrackId;
use fairfall_domain::waterfall::track::Track;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use crate::entity::track::{Column, Entity};
use crate::error::StoreError;
use crate::mapper::rows::{read_all, read_one};
use crate::mapper::track::to_row;
use crate::readable::Readable;
use crate::unit_of_work::UnitOfWork;

/// Every version of every track, by key and version. There are few: they are kept in memory.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn all(on: &impl Readable) -> Result<Vec<Track>, StoreError> {
    read_all(Entity::find().order_by_asc(Column::Key).order_by_asc(Column::Version).all(on.conn()).await?)
}

/// One version of a track.
///
/// # Errors
/// When the database fails or the row is corrupt.
pub async fn find(on: &impl Readable, id: TrackId) -> Result<Option<Track>, StoreError> {
    read_one(Entity::find_by_id(id.uuid()).one(on.conn()).await?)
}

/// Some versions of tracks, in no order; unknown ids are left out. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_many(on: &impl Readable, ids: &[TrackId]) -> Result<Vec<Track>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    read_all(Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid()))).all(on.conn()).await?)
}

/// Publishes a version of a track.
///
/// # Errors
/// When the database fails, or the key has this version already.
pub async fn insert_version(uow: &UnitOfWork, track: &Track, now: DateTime<Utc>) -> Result<(), StoreError> {
    let row = to_row(track, now)?.into_active_model().reset_all();
    Entity::insert(row).exec_without_returning(uow.conn()).await?;
    Ok(())
}
