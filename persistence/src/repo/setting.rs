//! Facts of the installation, such as its id and when it was made: one JSON value a key.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::entity::setting::{Column, Entity, Model};
use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_json};
use crate::readable::Readable;
use crate::unit_of_work::UnitOfWork;

/// Reads a setting.
///
/// # Errors
/// When the database fails, or the value is none of the wanted type.
pub async fn get<T: DeserializeOwned>(on: &impl Readable, key: &str) -> Result<Option<T>, StoreError> {
    let row = Entity::find_by_id(key).one(on.conn()).await?;
    row.map(|row| Stored::new("setting", &row.key).json("value", &row.value)).transpose()
}

/// Writes a setting, over what was there.
///
/// # Errors
/// When the database fails, or the value has no JSON form.
pub async fn put<T: Serialize>(uow: &UnitOfWork, key: &str, value: &T) -> Result<(), StoreError> {
    let row = Model { key: key.to_owned(), value: to_json(value)? };
    Entity::insert(row.into_active_model().reset_all())
        .on_conflict(OnConflict::column(Column::Key).update_column(Column::Value).to_owned())
        .exec_without_returning(uow.conn())
        .await?;
    Ok(())
}
