//! The price bands of the organisation: one row.

use fairfall_domain::waterfall::band::PriceBands;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use crate::entity::price_band::{Column, Entity, Model};
use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_json};
use crate::readable::Readable;
use crate::unit_of_work::UnitOfWork;

/// The id of the one row.
const ONLY: i16 = 1;

/// The bands; `None` before the installation was set up.
///
/// # Errors
/// When the database fails or the row is corrupt.
pub async fn get(on: &impl Readable) -> Result<Option<PriceBands>, StoreError> {
    let Some(row) = Entity::find_by_id(ONLY).one(on.conn()).await? else { return Ok(None) };
    let stored = Stored::new("price_band", row.id);
    let read: PriceBands = stored.json("definition", &row.definition)?;
    let checked = PriceBands::try_new(read.currency(), read.bands().to_vec(), read.default_track().clone());
    checked.map(Some).map_err(|_| stored.corrupt("definition"))
}

/// Writes the bands, over those before.
///
/// # Errors
/// When the database fails.
pub async fn put(uow: &UnitOfWork, bands: &PriceBands) -> Result<(), StoreError> {
    let row = Model { id: ONLY, definition: to_json(bands)? };
    Entity::insert(row.into_active_model().reset_all())
        .on_conflict(OnConflict::column(Column::Id).update_column(Column::Definition).to_owned())
        .exec_without_returning(uow.conn())
        .await?;
    Ok(())
}
