//! Pools. They are shared knowledge: a permission reaches all of them or none. Archived ones stay, because decisions name them.

use chrono::{DateTime, Utc};
use fairfall_domain::access::Grant;
use fairfall_domain::id::{PoolId, TeamId};
use fairfall_domain::routing::Pool;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder};

use crate::entity::pool::{Column, Entity};
use crate::error::StoreError;
use crate::mapper::pool::to_row;
use crate::mapper::rows::{read_all, read_one};
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::repo::locks;
use crate::repo::territory::seen;
use crate::repo::versioned::{Versioned, write_over};
use crate::unit_of_work::UnitOfWork;

/// Which pools a list holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolFilter {
    /// Only of this team.
    pub team: Option<TeamId>,
}

const BY_KEY: Keyset = Keyset {
    name: "pool.key",
    columns: &[("pool.key", KeyKind::Text), ("pool.id", KeyKind::Id)],
    direction: Direction::Ascending,
};

/// One pool.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find(on: &impl Readable, grant: &Grant, id: PoolId) -> Result<Option<Pool>, StoreError> {
    read_one(Entity::find_by_id(id.uuid()).filter(seen(grant)).one(on.conn()).await?)
}

/// Some pools, in no order; unknown ids are left out. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_many(on: &impl Readable, grant: &Grant, ids: &[PoolId]) -> Result<Vec<Pool>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let of_ids = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    read_all(of_ids.filter(seen(grant)).all(on.conn()).await?)
}

/// All pools by key, archived ones too: what deciding reads.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn all(on: &impl Readable) -> Result<Vec<Pool>, StoreError> {
    read_all(Entity::find().order_by_asc(Column::Key).all(on.conn()).await?)
}

/// The pools of some teams by key, archived ones too. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn of_teams(on: &impl Readable, grant: &Grant, teams: &[TeamId]) -> Result<Vec<Pool>, StoreError> {
    if teams.is_empty() {
        return Ok(Vec::new());
    }
    let of_teams = Entity::find().filter(Column::TeamId.is_in(teams.iter().map(|team| team.uuid())));
    read_all(of_teams.filter(seen(grant)).order_by_asc(Column::Key).all(on.conn()).await?)
}

/// The pools of a team for a change of one: others who want to change any of them wait until the unit of work ends, because two changes that are
/// lawful alone can take the same tier.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn of_team_for_command(uow: &UnitOfWork, team: TeamId) -> Result<Vec<Pool>, StoreError> {
    locks::hold(uow, "pool", &[&team.to_string()]).await?;
    read_all(Entity::find().filter(Column::TeamId.eq(team.uuid())).order_by_asc(Column::Key).all(uow.conn()).await?)
}

/// A page of pools by key, archived ones too.
///
/// # Errors
/// [`StoreError::ForeignCursor`]; when the database fails or holds a corrupt row.
pub async fn page(on: &impl Readable, grant: &Grant, filter: PoolFilter, args: &PageArgs) -> Result<Page<Pool>, StoreError> {
    let mut query = Entity::find().filter(seen(grant));
    if let Some(team) = filter.team {
        query = query.filter(Column::TeamId.eq(team.uuid()));
    }
    let rows = BY_KEY.paged(query, args)?.all(on.conn()).await?;
    let keyed = rows.into_iter().map(|row| (vec![Key::Text(row.key.clone()), Key::Id(row.id)], row));
    BY_KEY.page(args, keyed.collect()).try_map(Pool::try_from)
}

/// Stores a new pool.
///
/// # Errors
/// [`StoreError::Unique`] of `pool(key)`; when the team does not exist; when the database fails.
pub async fn insert(uow: &UnitOfWork, new: &Pool, now: DateTime<Utc>) -> Result<(), StoreError> {
    let row = to_row(new, now)?.into_active_model().reset_all();
    Entity::insert(row).exec_without_returning(uow.conn()).await?;
    Ok(())
}

/// Writes a changed pool over the version it was read at.
///
/// # Errors
/// [`StoreError::VersionConflict`]; [`StoreError::Unique`] of `pool(key)`; when the database fails.
pub async fn update(uow: &UnitOfWork, changed: &Pool, expected_version: u32, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut row = to_row(changed, now)?.into_active_model().reset_all();
    row.id = NotSet;
    row.created_at = NotSet;
    let columns = Versioned { id: Column::Id, version: Column::Version };
    write_over(uow, columns, changed.id.uuid(), expected_version, row).await
}
