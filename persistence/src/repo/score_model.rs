//! Score models. They are shared knowledge: a permission reaches all of them or none.

use fairfall_domain::access::{Grant, Scope};
use fairfall_domain::id::ScoreModelId;
use fairfall_domain::scoring::{ModelState, ScoreModel};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QuerySelect};

use crate::entity::score_model::{Column, Entity, Model};
use crate::error::StoreError;
use crate::mapper::rows::{read_all, read_one};
use crate::mapper::stored::Stored;
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::repo::locks;
use crate::repo::versioned::{Versioned, write_over};
use crate::unit_of_work::UnitOfWork;

/// Which models a list holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScoreModelFilter {
    /// Only in this state.
    pub state: Option<ModelState>,
}

const BY_NUMBER: Keyset =
    Keyset { name: "score_model.number", columns: &[("score_model.number", KeyKind::Number)], direction: Direction::Descending };

/// What a permission for models reaches.
fn seen(grant: &Grant) -> Condition {
    match grant.scope() {
        Scope::All => Condition::all(),
        // nobody owns a model, so that nothing narrower holds any
        Scope::Own | Scope::Pool | Scope::Team | Scope::Department => Condition::all().add(Expr::cust("1 = 0")),
    }
}

/// One model.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find(on: &impl Readable, grant: &Grant, id: ScoreModelId) -> Result<Option<ScoreModel>, StoreError> {
    read_one(Entity::find_by_id(id.uuid()).filter(seen(grant)).one(on.conn()).await?)
}

/// Some models, in no order; unknown ids are left out. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_many(on: &impl Readable, grant: &Grant, ids: &[ScoreModelId]) -> Result<Vec<ScoreModel>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let of_ids = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    read_all(of_ids.filter(seen(grant)).all(on.conn()).await?)
}

/// The model in force, by which every lead is scored whoever may see it.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn in_force(on: &impl Readable) -> Result<Option<ScoreModel>, StoreError> {
    read_one(Entity::find().filter(Column::State.eq(ModelState::InForce.as_str())).one(on.conn()).await?)
}

/// A page of models, the newest number first.
///
/// # Errors
/// [`StoreError::ForeignCursor`]; when the database fails or holds a corrupt row.
pub async fn page(
    on: &impl Readable,
    grant: &Grant,
    filter: ScoreModelFilter,
    args: &PageArgs,
) -> Result<Page<ScoreModel>, StoreError> {
    let mut query = Entity::find().filter(seen(grant));
    if let Some(state) = filter.state {
        query = query.filter(Column::State.eq(state.as_str()));
    }
    let rows = BY_NUMBER.paged(query, args)?.all(on.conn()).await?;
    let keyed = rows.into_iter().map(|row| (vec![Key::Number(row.number.into())], row));
    BY_NUMBER.page(args, keyed.collect()).try_map(ScoreModel::try_from)
}

/// Holds the models until the unit of work ends, so that numbers and the change of the model in force follow one another, and answers the next
/// free number.
///
/// # Errors
/// [`StoreError::Timeout`] when another unit of work holds them too long; when the database fails.
pub async fn hold_numbers(uow: &UnitOfWork) -> Result<u32, StoreError> {
    locks::hold(uow, "score_model", &["all"]).await?;
    let highest = Entity::find().select_only().column_as(Column::Number.max(), "highest");
    let highest: Option<Option<i32>> = highest.into_tuple().one(uow.conn()).await?;
    let highest = Stored::new("score_model", "number").count("number", highest.flatten().unwrap_or(0))?;
    Ok(highest.saturating_add(1))
}

/// Stores a new model.
///
/// # Errors
/// [`StoreError::Unique`] of `score_model(number)`, or of `score_model(state)` when another is in force; when the database fails.
pub async fn insert(uow: &UnitOfWork, model: &ScoreModel) -> Result<(), StoreError> {
    let row = Model::try_from(model)?.into_active_model().reset_all();
    Entity::insert(row).exec_without_returning(uow.conn()).await?;
    Ok(())
}

/// Writes a changed model over the version it was read at.
///
/// # Errors
/// [`StoreError::VersionConflict`]; [`StoreError::Unique`] of `score_model(state)` when another is in force; when the database fails.
pub async fn update(uow: &UnitOfWork, model: &ScoreModel, expected_version: u32) -> Result<(), StoreError> {
    let mut row = Model::try_from(model)?.into_active_model().reset_all();
    row.id = NotSet;
    row.created_at = NotSet;
    row.created_by = NotSet;
    let columns = Versioned { id: Column::Id, version: Column::Version };
    write_over(uow, columns, model.id.uuid(), expected_version, row).await
}
