//! Territories. They are shared knowledge: a permission reaches all of them or none. Archived ones stay, because decisions name them.

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Grant, Scope};
use fairfall_domain::id::TerritoryId;
use fairfall_domain::routing::Territory;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder};

use crate::entity::territory::{Column, Entity};
use crate::error::StoreError;
use crate::mapper::rows::{read_all, read_one};
use crate::mapper::territory::to_row;
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::repo::locks;
use crate::repo::versioned::{Versioned, write_over};
use crate::unit_of_work::UnitOfWork;

const BY_KEY: Keyset = Keyset {
    name: "territory.key",
    columns: &[("territory.key", KeyKind::Text), ("territory.id", KeyKind::Id)],
    direction: Direction::Ascending,
};

/// What a permission for routing's configuration reaches.
pub(super) fn seen(grant: &Grant) -> Condition {
    match grant.scope() {
        Scope::All => Condition::all(),
        // nobody owns a part of it, so that nothing narrower holds any
        Scope::Own | Scope::Pool | Scope::Team | Scope::Department => Condition::all().add(Expr::cust("1 = 0")),
    }
}

/// One territory.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find(on: &impl Readable, grant: &Grant, id: TerritoryId) -> Result<Option<Territory>, StoreError> {
    read_one(Entity::find_by_id(id.uuid()).filter(seen(grant)).one(on.conn()).await?)
}

/// Some territories, in no order; unknown ids are left out. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_many(on: &impl Readable, grant: &Grant, ids: &[TerritoryId]) -> Result<Vec<Territory>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let of_ids = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    read_all(of_ids.filter(seen(grant)).all(on.conn()).await?)
}

/// All territories by key, archived ones too: what deciding and checking read.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn all(on: &impl Readable) -> Result<Vec<Territory>, StoreError> {
    read_all(Entity::find().order_by_asc(Column::Key).all(on.conn()).await?)
}

/// All territories for a change of one: others who want to change any wait until the unit of work ends, because two changes that are lawful alone
/// can make a circle together.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn all_for_command(uow: &UnitOfWork) -> Result<Vec<Territory>, StoreError> {
    locks::hold(uow, "territory", &["tree"]).await?;
    all(uow).await
}

/// A page of territories by key, archived ones too.
///
/// # Errors
/// [`StoreError::ForeignCursor`]; when the database fails or holds a corrupt row.
pub async fn page(on: &impl Readable, grant: &Grant, args: &PageArgs) -> Result<Page<Territory>, StoreError> {
    let rows = BY_KEY.paged(Entity::find().filter(seen(grant)), args)?.all(on.conn()).await?;
    let keyed = rows.into_iter().map(|row| (vec![Key::Text(row.key.clone()), Key::Id(row.id)], row));
    BY_KEY.page(args, keyed.collect()).try_map(Territory::try_from)
}

/// Stores a new territory.
///
/// # Errors
/// [`StoreError::Unique`] of `territory(key)`; when the parent does not exist; when the database fails.
pub async fn insert(uow: &UnitOfWork, new: &Territory, now: DateTime<Utc>) -> Result<(), StoreError> {
    let row = to_row(new, now)?.into_active_model().reset_all();
    Entity::insert(row).exec_without_returning(uow.conn()).await?;
    Ok(())
}

/// Writes a changed territory over the version it was read at.
///
/// # Errors
/// [`StoreError::VersionConflict`]; [`StoreError::Unique`] of `territory(key)`; when the database fails.
pub async fn update(uow: &UnitOfWork, changed: &Territory, expected_version: u32, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut row = to_row(changed, now)?.into_active_model().reset_all();
    row.id = NotSet;
    row.created_at = NotSet;
    let columns = Versioned { id: Column::Id, version: Column::Version };
    write_over(uow, columns, changed.id.uuid(), expected_version, row).await
}
