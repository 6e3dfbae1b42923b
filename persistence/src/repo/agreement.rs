//! Versions of agreements between departments.

use chrono::{DateTime, Utc};
use fairfall_domain::agreement::{Agreement, AgreementBook, AgreementState};
use fairfall_domain::id::AgreementId;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use crate::entity::agreement::{Column, Entity};
use crate::error::StoreError;
use crate::mapper::agreement::to_row;
use crate::mapper::rows::read_all;
use crate::readable::Readable;
use crate::unit_of_work::UnitOfWork;

/// Every version of every agreement, by key and version.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn all(on: &impl Readable) -> Result<Vec<Agreement>, StoreError> {
    read_all(Entity::find().order_by_asc(Column::Key).order_by_asc(Column::Version).all(on.conn()).await?)
}

/// The signed versions that hold or will hold from a date on. There are few: the book is kept in memory.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn in_force(on: &impl Readable) -> Result<AgreementBook, StoreError> {
    let signed = Entity::find().filter(Column::State.eq(AgreementState::InForce.as_str()));
    let rows = signed.order_by_asc(Column::Key).order_by_asc(Column::Version).all(on.conn()).await?;
    read_all(rows).map(AgreementBook::new)
}

/// Some versions of agreements, in no order; unknown ids are left out. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_many(on: &impl Readable, ids: &[AgreementId]) -> Result<Vec<Agreement>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    read_all(Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid()))).all(on.conn()).await?)
}

/// Stores a version of an agreement.
///
/// # Errors
/// When the database fails, or the key has this version already.
pub async fn insert(uow: &UnitOfWork, agreement: &Agreement, now: DateTime<Utc>) -> Result<(), StoreError> {
    let row = to_row(agreement, now)?.into_active_model().reset_all();
    Entity::insert(row).exec_without_returning(uow.conn()).await?;
    Ok(())
}
