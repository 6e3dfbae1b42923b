//! Sessions of signed-in users, and who acts in them.

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::access::Actor;
use fairfall_domain::id::{SessionId, UserId};
use fairfall_domain::user::User;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set,
};

use crate::entity::session::{ActiveModel, Column, Entity, Model};
use crate::entity::{refresh_token, user_account};
use crate::error::StoreError;
use crate::mapper::rows::read_all;
use crate::readable::Readable;
use crate::repo::team;
use crate::unit_of_work::UnitOfWork;

pub use crate::mapper::session::{EndReason, Session};

/// Most sessions that [`list`] answers.
pub const LISTED_MAX: u64 = 100;

/// A live session with its user, and what the user may do.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionView {
    /// The session.
    pub session: Session,
    /// Its user.
    pub user: User,
    /// The user with teams, as the access table wants it.
    pub actor: Actor,
}

/// Stores a new session. A client's name is cut to [`Session::CLIENT_CHARS_MAX`] characters.
///
/// # Errors
/// When the database fails.
pub async fn insert(uow: &UnitOfWork, session: &Session) -> Result<(), StoreError> {
    let row = Model::from(session).into_active_model().reset_all();
    Entity::insert(row).exec_without_returning(uow.conn()).await?;
    Ok(())
}

/// Who acts in a session: `None` when it does not exist, was ended, has run out, or its user is disabled. Two statements.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn load_actor(on: &impl Readable, id: SessionId, now: DateTime<Utc>) -> Result<Option<SessionView>, StoreError> {
    let found = Entity::find_by_id(id.uuid()).find_also_related(user_account::Entity).one(on.conn()).await?;
    let Some((session, Some(user))) = found else { return Ok(None) };
    let (session, user) = (Session::try_from(session)?, User::try_from(user)?);
    if !session.is_live(now) || !user.is_active() {
        return Ok(None);
    }
    let actor = team::actor_of(on, &user).await?;
    Ok(Some(SessionView { session, user, actor }))
}

/// The user's live sessions, the last used first, at most [`LISTED_MAX`].
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn list(on: &impl Readable, user: UserId, now: DateTime<Utc>) -> Result<Vec<Session>, StoreError> {
    let rows = Entity::find()
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::EndedAt.is_null())
        .filter(Column::IdleExpiresAt.gt(now))
        .filter(Column::AbsoluteExpiresAt.gt(now))
        .order_by_desc(Column::LastUsedAt)
        .order_by_desc(Column::Id)
        .limit(LISTED_MAX)
        .all(on.conn())
        .await?;
    read_all(rows)
}

/// A session, live or not.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find(on: &impl Readable, id: SessionId) -> Result<Option<Session>, StoreError> {
    Entity::find_by_id(id.uuid()).one(on.conn()).await?.map(Session::try_from).transpose()
}

/// Ends a session; false when it had been ended before or does not exist.
///
/// # Errors
/// When the database fails.
pub async fn end(uow: &UnitOfWork, id: SessionId, reason: EndReason, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(end_where(uow, Column::Id.eq(id.uuid()), reason, at).await? > 0)
}

/// Ends every session of a user; tells how many were not ended before.
///
/// # Errors
/// When the database fails.
pub async fn end_all_of_user(uow: &UnitOfWork, user: UserId, reason: EndReason, at: DateTime<Utc>) -> Result<u64, StoreError> {
    end_where(uow, Column::UserId.eq(user.uuid()), reason, at).await
}

async fn end_where(
    uow: &UnitOfWork,
    which: sea_orm::sea_query::SimpleExpr,
    reason: EndReason,
    at: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let ended =
        ActiveModel { ended_at: Set(Some(at)), ended_reason: Set(Some(reason.as_str().to_owned())), ..Default::default() };
    let update = Entity::update_many().set(ended).filter(which).filter(Column::EndedAt.is_null());
    Ok(update.exec(uow.conn()).await?.rows_affected)
}

/// Notes that a session was used, and moves its idle end.
///
/// # Errors
/// When the database fails.
pub async fn touch(
    uow: &UnitOfWork,
    id: SessionId,
    now: DateTime<Utc>,
    idle_expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let used = ActiveModel { last_used_at: Set(now), idle_expires_at: Set(idle_expires_at), ..Default::default() };
    Entity::update_many().set(used).filter(Column::Id.eq(id.uuid())).exec(uow.conn()).await?;
    Ok(())
}

/// How long sessions are kept after their end, so that a user can see where they were signed in.
pub const KEPT_DAYS: i64 = 90;

/// Removes sessions that ended or ran out more than [`KEPT_DAYS`] ago, with their tokens; at most `limit` at once. Tells how many.
///
/// # Errors
/// When the database fails.
pub async fn prune(uow: &UnitOfWork, now: DateTime<Utc>, limit: u64) -> Result<u64, StoreError> {
    let before = now - TimeDelta::days(KEPT_DAYS);
    let over = Condition::any()
        .add(Column::EndedAt.lt(before))
        .add(Column::IdleExpiresAt.lt(before))
        .add(Column::AbsoluteExpiresAt.lt(before));
    let ids: Vec<uuid::Uuid> =
        Entity::find().select_only().column(Column::Id).filter(over).limit(limit).into_tuple().all(uow.conn()).await?;
    if ids.is_empty() {
        return Ok(0);
    }
    refresh_token::Entity::delete_many().filter(refresh_token::Column::SessionId.is_in(ids.clone())).exec(uow.conn()).await?;
    Ok(Entity::delete_many().filter(Column::Id.is_in(ids)).exec(uow.conn()).await?.rows_affected)
}
