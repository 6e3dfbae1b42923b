//! Versions of agreements between departments.

use chrono::{DateTime, Utc};
use fairfall_domain::agreement::{Agreement, AgreementBook, AgreementState};
use fairfall_domain::department::Department;
use fairfall_domain::id::AgreementId;
use fairfall_domain::value::Code;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder};

use crate::entity::agreement::{Column, Entity, Model};
use crate::error::StoreError;
use crate::mapper::agreement::to_row;
use crate::mapper::rows::{models, read_all};
use crate::mapper::stored::to_count;
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::repo::locks;
use crate::repo::versioned::{Versioned, write_over};
use crate::sql::Sql;
use crate::unit_of_work::UnitOfWork;

/// Which versions of agreements a list holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgreementFilter {
    /// Only the versions of this key.
    pub key: Option<Code>,
    /// Only those in one of these states at the time of asking; all when there are none.
    pub states: Vec<AgreementState>,
    /// Only those in which this department gives.
    pub giving: Option<Department>,
    /// Only those in which this department takes.
    pub taking: Option<Department>,
}

// a key has each version once
const BY_KEY: Keyset = Keyset {
    name: "agreement.key",
    columns: &[("agreement.key", KeyKind::Text), ("agreement.version", KeyKind::Number)],
    direction: Direction::Ascending,
};

/// Every version of every agreement, by key and version.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn all(on: &impl Readable) -> Result<Vec<Agreement>, StoreError> {
    read_all(Entity::find().order_by_asc(Column::Key).order_by_asc(Column::Version).all(on.conn()).await?)
}

/// A page of the versions of agreements that meet the filter at `now`, by key, the first version of each first.
///
/// # Errors
/// [`StoreError::ForeignCursor`]; when the database fails or holds a corrupt row.
pub async fn page(
    on: &impl Readable,
    filter: &AgreementFilter,
    now: DateTime<Utc>,
    args: &PageArgs,
) -> Result<Page<Agreement>, StoreError> {
    let mut sql = Sql::new("SELECT agreement.* FROM agreement WHERE 1 = 1");
    if let Some(key) = &filter.key {
        sql.push(" AND agreement.key = ").bind(key.as_str());
    }
    if let Some(giving) = filter.giving {
        sql.push(" AND agreement.giving = ").bind(giving.as_str());
    }
    if let Some(taking) = filter.taking {
        sql.push(" AND agreement.taking = ").bind(taking.as_str());
    }
    push_states(&mut sql, &filter.states, now);
    BY_KEY.restrict(&mut sql, args)?;
    BY_KEY.order(&mut sql, args);
    let rows = models::<Model>(&sql.all(on).await?)?.into_iter();
    let keyed = rows.map(|row| (vec![Key::Text(row.key.clone()), Key::Number(row.version.into())], row));
    BY_KEY.page(args, keyed.collect()).try_map(Agreement::try_from)
}

/// Adds a condition that holds for the versions that are in one of these states at `now`: [`Agreement::state_at`] in SQL.
fn push_states(sql: &mut Sql, states: &[AgreementState], now: DateTime<Utc>) {
    for (index, state) in states.iter().enumerate() {
        sql.push(if index > 0 { " OR " } else { " AND (" });
        match state {
            AgreementState::Draft | AgreementState::Proposed => {
                sql.push("agreement.state = ").bind(state.as_str());
            }
            AgreementState::InForce => {
                sql.push("(agreement.state = 'IN_FORCE' AND agreement.in_force_from <= ").bind(now).push(" AND NOT ");
                push_followed(sql, now);
                sql.push(")");
            }
            AgreementState::Signed => {
                sql.push("(agreement.state = 'IN_FORCE' AND agreement.in_force_from > ").bind(now).push(" AND NOT ");
                push_followed(sql, now);
                sql.push(")");
            }
            AgreementState::Superseded => {
                sql.push("agreement.state = 'SUPERSEDED' OR (agreement.state = 'IN_FORCE' AND ");
                push_followed(sql, now);
                sql.push(")");
            }
        }
    }
    if !states.is_empty() {
        sql.push(")");
    }
}

/// Adds a condition that holds for the versions of which a later one holds at `now`.
fn push_followed(sql: &mut Sql, now: DateTime<Utc>) {
    sql.push("EXISTS (SELECT 1 FROM agreement AS later WHERE later.key = agreement.key AND later.version > agreement.version ");
    sql.push("AND later.state = 'IN_FORCE' AND later.in_force_from <= ").bind(now).push(")");
}

/// The signed versions that hold, will hold from a date on, or held before: clocks and hand-overs run on under what they began under. There are few:
/// the book is kept in memory.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn signed(on: &impl Readable) -> Result<AgreementBook, StoreError> {
    let states = [AgreementState::InForce.as_str(), AgreementState::Superseded.as_str()];
    let signed = Entity::find().filter(Column::State.is_in(states));
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

/// Every version of a key, the first one first, held until the unit of work ends: whoever drafts, proposes, withdraws or signs a version of the same
/// key meanwhile waits, and then sees what was made of it. Two who sign at once both sign.
///
/// # Errors
/// [`StoreError::Timeout`] when another unit of work holds them too long; when the database fails or holds a corrupt row.
pub async fn of_key(uow: &UnitOfWork, key: &Code) -> Result<Vec<Agreement>, StoreError> {
    locks::hold(uow, "agreement", &[key.as_str()]).await?;
    read_all(Entity::find().filter(Column::Key.eq(key.as_str())).order_by_asc(Column::Version).all(uow.conn()).await?)
}

/// Writes a changed version over the revision it was read at.
///
/// # Errors
/// [`StoreError::VersionConflict`]; when the database fails.
pub async fn update(
    uow: &UnitOfWork,
    agreement: &Agreement,
    expected_revision: u32,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut row = to_row(agreement, now)?.into_active_model().reset_all();
    row.id = NotSet;
    row.created_at = NotSet;
    let columns = Versioned { id: Column::Id, version: Column::Revision };
    write_over(uow, columns, agreement.id.uuid(), expected_revision, row).await
}

/// Deletes a draft; nothing refers to a version that was never signed.
///
/// # Errors
/// [`StoreError::VersionConflict`] when it is no draft of this revision any more; when the database fails.
pub async fn delete(uow: &UnitOfWork, agreement: &Agreement) -> Result<(), StoreError> {
    let draft = Column::State.eq(AgreementState::Draft.as_str()).and(Column::Revision.eq(to_count(agreement.revision)?));
    let done = Entity::delete_many().filter(Column::Id.eq(agreement.id.uuid())).filter(draft).exec(uow.conn()).await?;
    if done.rows_affected > 0 { Ok(()) } else { Err(StoreError::VersionConflict { current: None }) }
}

/// The keys of which more than one version is in force by its row: the older ones end when the newer ones' dates come.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn with_successors(on: &impl Readable) -> Result<Vec<Code>, StoreError> {
    let running = Entity::find().filter(Column::State.eq(AgreementState::InForce.as_str()));
    let running: Vec<Agreement> = read_all(running.order_by_asc(Column::Key).all(on.conn()).await?)?;
    let mut keys: Vec<Code> = running
        .iter()
        .zip(running.iter().skip(1))
        .filter(|(one, next)| one.key == next.key)
        .map(|(one, _)| one.key.clone())
        .collect();
    keys.dedup();
    Ok(keys)
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
