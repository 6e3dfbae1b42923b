//! Opportunities. Whoever may see a lead may see its opportunities.

use fairfall_domain::access::{Grant, Scope};
use fairfall_domain::id::{OpportunityId, PassageId};
use fairfall_domain::opportunity::{Opportunity, OpportunityStatus};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, Value};

use crate::entity::opportunity::{Column, Entity, Model};
use crate::error::StoreError;
use crate::mapper::rows::{models, read_all, read_one};
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::repo::scope::{self, Looking};
use crate::repo::versioned::{Versioned, write_over};
use crate::sql::Sql;
use crate::unit_of_work::UnitOfWork;

/// Which opportunities a list holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpportunityFilter {
    /// Only with this status.
    pub status: Option<OpportunityStatus>,
}

const BY_OPENED: Keyset = Keyset {
    name: "opportunity.opened",
    columns: &[("opportunity.opened_at", KeyKind::Time), ("opportunity.id", KeyKind::Id)],
    direction: Direction::Descending,
};

/// Adds what a permission reaches as one more condition.
fn push_seen(sql: &mut Sql, grant: &Grant, looking: Looking) {
    match grant.scope() {
        Scope::All => {}
        Scope::Own | Scope::Pool | Scope::Team | Scope::Department => {
            sql.push(" AND ");
            scope::push_tied(sql, grant, "lead.id", "opportunity.lead_id", looking);
        }
    }
}

/// One opportunity, if the permission reaches it.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find(on: &impl Readable, grant: &Grant, id: OpportunityId) -> Result<Option<Opportunity>, StoreError> {
    Ok(find_many(on, grant, &[id]).await?.pop())
}

/// Some opportunities, in no order; those that do not exist or are out of reach are left out. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_many(on: &impl Readable, grant: &Grant, ids: &[OpportunityId]) -> Result<Vec<Opportunity>, StoreError> {
    find_in(on, grant, "opportunity.id", ids.iter().map(|id| id.uuid().into()).collect()).await
}

/// The opportunities that were opened on some passages, in no order; at most one each. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_many_of_passages(
    on: &impl Readable,
    grant: &Grant,
    passages: &[PassageId],
) -> Result<Vec<Opportunity>, StoreError> {
    find_in(on, grant, "opportunity.passage_id", passages.iter().map(|id| id.uuid().into()).collect()).await
}

async fn find_in(on: &impl Readable, grant: &Grant, column: &str, ids: Vec<Value>) -> Result<Vec<Opportunity>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT opportunity.* FROM opportunity WHERE ");
    sql.push(column).push(" IN (").bind_list(ids).push(")");
    push_seen(&mut sql, grant, Looking::ByKey);
    read_all(models::<Model>(&sql.all(on).await?)?)
}

/// A page of the opportunities that the permission reaches, the last opened first.
///
/// # Errors
/// [`StoreError::ForeignCursor`]; when the database fails or holds a corrupt row.
pub async fn page(
    on: &impl Readable,
    grant: &Grant,
    filter: OpportunityFilter,
    args: &PageArgs,
) -> Result<Page<Opportunity>, StoreError> {
    let mut sql = Sql::new("SELECT opportunity.* FROM opportunity WHERE 1 = 1");
    if let Some(status) = filter.status {
        sql.push(" AND opportunity.state = ").bind(status.as_str());
    }
    push_seen(&mut sql, grant, Looking::Through);
    BY_OPENED.restrict(&mut sql, args)?;
    BY_OPENED.order(&mut sql, args);
    let rows = models::<Model>(&sql.all(on).await?)?;
    let keyed = rows.into_iter().map(|row| (vec![Key::Time(row.opened_at), Key::Id(row.id)], row));
    BY_OPENED.page(args, keyed.collect()).try_map(Opportunity::try_from)
}

/// The opportunity of a passage, for an act on its lead; the lead was authorised and locked before.
///
/// # Errors
/// When the database fails or the row is corrupt.
pub async fn find_of_passage(uow: &UnitOfWork, passage: PassageId) -> Result<Option<Opportunity>, StoreError> {
    read_one(Entity::find().filter(Column::PassageId.eq(passage.uuid())).one(uow.conn()).await?)
}

/// Stores a new opportunity.
///
/// # Errors
/// [`StoreError::Unique`] of `opportunity(passage_id)`; when the database fails.
pub async fn insert(uow: &UnitOfWork, opportunity: &Opportunity) -> Result<(), StoreError> {
    let row = Model::try_from(opportunity)?.into_active_model().reset_all();
    Entity::insert(row).exec_without_returning(uow.conn()).await?;
    Ok(())
}

/// Writes a changed opportunity over the version it was read at.
///
/// # Errors
/// [`StoreError::VersionConflict`]; when the database fails.
pub async fn update(uow: &UnitOfWork, opportunity: &Opportunity, expected_version: u32) -> Result<(), StoreError> {
    let mut row = Model::try_from(opportunity)?.into_active_model().reset_all();
    row.id = NotSet;
    let columns = Versioned { id: Column::Id, version: Column::Version };
    write_over(uow, columns, opportunity.id.uuid(), expected_version, row).await
}
