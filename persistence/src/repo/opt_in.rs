//! Requests for consent, and the links by which people withdraw. Tokens are known here by their hashes only (SHA-256, 64 hexadecimal digits).
//!
//! No permission is asked for: whoever holds a token has proven enough, and what is read here is not shown to anybody.

use chrono::{DateTime, Utc};
use fairfall_domain::consent::{OptIn, OptInState, Purpose};
use fairfall_domain::id::{OptInId, PersonId};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::entity::consent_optin::{ActiveModel, Column, Entity};
use crate::error::StoreError;
use crate::mapper::consent::to_row;
use crate::mapper::rows::{read_all, read_one};
use crate::mapper::stored::Stored;
use crate::readable::Readable;
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;

/// Most requests that [`asked_since`] answers.
const ASKED_LISTED_MAX: u64 = 100;

/// Stores a new request with the hash of its link's token.
///
/// # Errors
/// [`StoreError::Unique`] of `consent_optin(person_id, purpose)` when one is open already; when the database fails.
pub async fn insert(uow: &UnitOfWork, opt_in: &OptIn, token_hash: &str) -> Result<(), StoreError> {
    let row = to_row(opt_in, token_hash)?.into_active_model().reset_all();
    Entity::insert(row).exec_without_returning(uow.conn()).await?;
    Ok(())
}

/// A request.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find(on: &impl Readable, id: OptInId) -> Result<Option<OptIn>, StoreError> {
    read_one(Entity::find_by_id(id.uuid()).one(on.conn()).await?)
}

/// The request whose link has a token.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_by_token(on: &impl Readable, token_hash: &str) -> Result<Option<OptIn>, StoreError> {
    read_one(Entity::find().filter(Column::TokenHash.eq(token_hash)).one(on.conn()).await?)
}

/// The requests of a person that are open; those whose time is over are among them until something takes their place.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn open_of(on: &impl Readable, person: PersonId) -> Result<Vec<OptIn>, StoreError> {
    let open = Entity::find().filter(Column::PersonId.eq(person.uuid())).filter(Column::State.eq(OptInState::Open.as_str()));
    read_all(open.order_by_asc(Column::RequestedAt).all(on.conn()).await?)
}

/// When a person was asked since a moment, the newest first, at most 100.
///
/// # Errors
/// When the database fails.
pub async fn asked_since(on: &impl Readable, person: PersonId, since: DateTime<Utc>) -> Result<Vec<DateTime<Utc>>, StoreError> {
    let asked = Entity::find().filter(Column::PersonId.eq(person.uuid())).filter(Column::RequestedAt.gt(since));
    let newest = asked.order_by_desc(Column::RequestedAt).limit(ASKED_LISTED_MAX);
    Ok(newest.all(on.conn()).await?.into_iter().map(|row| row.requested_at).collect())
}

/// Writes what became of a request; false when something became of it before.
///
/// # Errors
/// When the database fails.
pub async fn close(uow: &UnitOfWork, closed: &OptIn) -> Result<bool, StoreError> {
    let change = ActiveModel { state: Set(closed.state.to_string()), closed_at: Set(closed.closed_at), ..Default::default() };
    let update = Entity::update_many().set(change).filter(Column::Id.eq(closed.id.uuid()));
    let open = update.filter(Column::State.eq(OptInState::Open.as_str()));
    Ok(open.exec(uow.conn()).await?.rows_affected > 0)
}

/// Stores a link by which a person withdraws from a purpose. Links never end.
///
/// # Errors
/// When the database fails.
pub async fn insert_link(
    uow: &UnitOfWork,
    token_hash: &str,
    person: PersonId,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut sql = Sql::new("INSERT INTO consent_link (token_hash, person_id, purpose, created_at) VALUES (");
    sql.bind(token_hash).push(", ").bind(person.uuid()).push(", ").bind(purpose.as_str()).push(", ").bind(now).push(")");
    sql.run(uow).await?;
    Ok(())
}

/// Whose link has a token, and for which purpose.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_link(on: &impl Readable, token_hash: &str) -> Result<Option<(PersonId, Purpose)>, StoreError> {
    let mut sql = Sql::new("SELECT person_id, purpose FROM consent_link WHERE token_hash = ");
    sql.bind(token_hash);
    let Some(row) = sql.one(on).await? else { return Ok(None) };
    let mut columns = Columns::of(&row);
    let person = PersonId::from(columns.next::<uuid::Uuid>()?);
    let purpose: String = columns.next()?;
    Ok(Some((person, Stored::new("consent_link", person).text("purpose", &purpose)?)))
}
