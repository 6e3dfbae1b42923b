//! Custom attributes. There are few, and all who work here may know them.

use fairfall_domain::attribute::{AttributeUse, CustomAttribute};
use fairfall_domain::id::AttributeId;
use fairfall_domain::value::Code;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, NotSet, QueryOrder};

use crate::entity::custom_attribute::{Column, Entity, Model};
use crate::error::StoreError;
use crate::mapper::rows::{read_all, read_one};
use crate::readable::Readable;
use crate::repo::locks;
use crate::repo::versioned::{Versioned, write_over};
use crate::sql::Sql;
use crate::unit_of_work::UnitOfWork;

/// All attributes by key, retired ones too.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn all(on: &impl Readable) -> Result<Vec<CustomAttribute>, StoreError> {
    read_all(Entity::find().order_by_asc(Column::Key).all(on.conn()).await?)
}

/// All attributes for a change: others who change any wait until the unit of work ends, so that their number is kept.
///
/// # Errors
/// [`StoreError::Timeout`] when another unit of work holds them too long; when the database fails or holds a corrupt row.
pub async fn all_for_command(uow: &UnitOfWork) -> Result<Vec<CustomAttribute>, StoreError> {
    locks::hold(uow, "custom_attribute", &["all"]).await?;
    all(uow).await
}

/// One attribute.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find(on: &impl Readable, id: AttributeId) -> Result<Option<CustomAttribute>, StoreError> {
    read_one(Entity::find_by_id(id.uuid()).one(on.conn()).await?)
}

/// Whether a lead has a value of it or an agreement asks for it. Looks at every lead until one is found, which is done only when values would go.
///
/// # Errors
/// As the database tells.
pub async fn use_of(on: &impl Readable, key: &Code) -> Result<AttributeUse, StoreError> {
    // a key has no character that JSON escapes; of the pattern's own characters it may have `_`
    let quoted = format!("\"{key}\"").replace('_', "\\_");
    let mut sql = Sql::new("SELECT 1 WHERE EXISTS (SELECT 1 FROM lead WHERE attributes LIKE ");
    sql.bind(format!("%{quoted}:%")).push(" ESCAPE '\\') OR EXISTS (SELECT 1 FROM agreement WHERE definition LIKE ");
    sql.bind(format!("%\"ATTRIBUTE\",\"key\":{quoted}%")).push(" ESCAPE '\\')");
    Ok(if sql.one(on).await?.is_some() { AttributeUse::Used } else { AttributeUse::Unused })
}

/// Stores a new attribute.
///
/// # Errors
/// [`StoreError::Unique`] of `custom_attribute(key)`; when the database fails.
pub async fn insert(uow: &UnitOfWork, attribute: &CustomAttribute) -> Result<(), StoreError> {
    let row = Model::try_from(attribute)?.into_active_model().reset_all();
    Entity::insert(row).exec_without_returning(uow.conn()).await?;
    Ok(())
}

/// Writes a changed attribute over the version it was read at.
///
/// # Errors
/// [`StoreError::VersionConflict`]; when the database fails.
pub async fn update(uow: &UnitOfWork, attribute: &CustomAttribute, expected_version: u32) -> Result<(), StoreError> {
    let mut row = Model::try_from(attribute)?.into_active_model().reset_all();
    row.id = NotSet;
    row.created_at = NotSet;
    let columns = Versioned { id: Column::Id, version: Column::Version };
    write_over(uow, columns, attribute.id.uuid(), expected_version, row).await
}
