//! Writing over a row only at the version that was read: two writers cannot both make the same next version.

use sea_orm::sea_query::ExprTrait;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PrimaryKeyTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::stored::to_count;
use crate::unit_of_work::UnitOfWork;

/// The columns of a row's identity and version.
pub(crate) struct Versioned<C> {
    pub(crate) id: C,
    pub(crate) version: C,
}

/// Writes the set fields of `row` over the row `id` if that is at version `expected`.
pub(crate) async fn write_over<E, A>(
    uow: &UnitOfWork,
    columns: Versioned<E::Column>,
    id: Uuid,
    expected: u32,
    row: A,
) -> Result<(), StoreError>
where
    E: EntityTrait,
    E::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
    A: ActiveModelTrait<Entity = E>,
{
    let at_version = columns.id.eq(id).and(columns.version.eq(to_count(expected)?));
    let done = E::update_many().set(row).filter(at_version).exec(uow.conn()).await?;
    if done.rows_affected > 0 {
        return Ok(());
    }
    let found = E::find_by_id(id).select_only().column(columns.version);
    let current: Option<i32> = found.into_tuple().one(uow.conn()).await?;
    Err(StoreError::VersionConflict { current: current.and_then(|version| u32::try_from(version).ok()) })
}
