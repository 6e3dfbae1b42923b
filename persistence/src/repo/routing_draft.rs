//! Drafts of another routing. They are shared among those who simulate: a permission reaches all of them or none.

use fairfall_domain::access::{Grant, Scope};
use fairfall_domain::id::RoutingDraftId;
use fairfall_domain::routing::{DraftState, RoutingDraft};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, NotSet, QueryFilter};

use crate::entity::routing_draft::{Column, Entity, Model};
use crate::error::StoreError;
use crate::mapper::rows::{read_all, read_one};
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::repo::versioned::{Versioned, write_over};
use crate::unit_of_work::UnitOfWork;

/// Which drafts a list holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoutingDraftFilter {
    /// Only in this state.
    pub state: Option<DraftState>,
}

const BY_CREATED: Keyset = Keyset {
    name: "routing_draft.created",
    columns: &[("routing_draft.created_at", KeyKind::Time), ("routing_draft.id", KeyKind::Id)],
    direction: Direction::Descending,
};

/// What a permission to simulate reaches.
fn seen(grant: &Grant) -> Condition {
    match grant.scope() {
        // whoever tries routings for a department sees what others tried: a draft is of several departments
        Scope::All | Scope::Department => Condition::all(),
        Scope::Own | Scope::Pool | Scope::Team => Condition::all().add(Expr::cust("1 = 0")),
    }
}

/// One draft.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find(on: &impl Readable, grant: &Grant, id: RoutingDraftId) -> Result<Option<RoutingDraft>, StoreError> {
    read_one(Entity::find_by_id(id.uuid()).filter(seen(grant)).one(on.conn()).await?)
}

/// Some drafts, in no order; unknown ids are left out. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_many(on: &impl Readable, grant: &Grant, ids: &[RoutingDraftId]) -> Result<Vec<RoutingDraft>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let of_ids = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    read_all(of_ids.filter(seen(grant)).all(on.conn()).await?)
}

/// A page of drafts, the newest first.
///
/// # Errors
/// [`StoreError::ForeignCursor`]; when the database fails or holds a corrupt row.
pub async fn page(
    on: &impl Readable,
    grant: &Grant,
    filter: RoutingDraftFilter,
    args: &PageArgs,
) -> Result<Page<RoutingDraft>, StoreError> {
    let mut query = Entity::find().filter(seen(grant));
    if let Some(state) = filter.state {
        query = query.filter(Column::State.eq(state.as_str()));
    }
    let rows = BY_CREATED.paged(query, args)?.all(on.conn()).await?;
    let keyed = rows.into_iter().map(|row| (vec![Key::Time(row.created_at), Key::Id(row.id)], row));
    BY_CREATED.page(args, keyed.collect()).try_map(RoutingDraft::try_from)
}

/// Stores a new draft.
///
/// # Errors
/// When the database fails.
pub async fn insert(uow: &UnitOfWork, draft: &RoutingDraft) -> Result<(), StoreError> {
    let row = Model::try_from(draft)?.into_active_model().reset_all();
    Entity::insert(row).exec_without_returning(uow.conn()).await?;
    Ok(())
}

/// Writes a changed draft over the version it was read at.
///
/// # Errors
/// [`StoreError::VersionConflict`]; when the database fails.
pub async fn update(uow: &UnitOfWork, draft: &RoutingDraft, expected_version: u32) -> Result<(), StoreError> {
    let mut row = Model::try_from(draft)?.into_active_model().reset_all();
    row.id = NotSet;
    row.created_at = NotSet;
    row.created_by = NotSet;
    let columns = Versioned { id: Column::Id, version: Column::Version };
    write_over(uow, columns, draft.id.uuid(), expected_version, row).await
}
