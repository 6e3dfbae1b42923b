//! Refresh tokens: used once, only their hashes stored. All tokens of a session are one family: a token that is used again after its grace
//! ends the session (RFC 9700, section 4.14.2).

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::id::SessionId;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};

use crate::entity::refresh_token::{ActiveModel, Column, Entity, Model};
use crate::entity::session as session_entity;
use crate::error::StoreError;
use crate::mapper::session::EndReason;
use crate::repo::session::{self, Session};
use crate::unit_of_work::UnitOfWork;

/// A refresh token that is handed in, and what follows it.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// SHA-256 of the token that was handed in, 64 hexadecimal digits.
    pub presented_hash: &'a str,
    /// SHA-256 of the token that the client gets instead.
    pub successor_hash: &'a str,
    /// Now, UTC.
    pub now: DateTime<Utc>,
    /// How long a used token may be handed in again by a client that lost the answer or asked twice at once.
    pub grace: TimeDelta,
    /// How long the session lives from now without being refreshed; never beyond its absolute end.
    pub idle: TimeDelta,
}

/// What came of handing in a refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// The token was good: it is used up, the successor holds.
    Rotated {
        /// The session, refreshed.
        session: Session,
    },
    /// The token was used up within the grace: the successor holds beside the first one.
    Grace {
        /// The session, refreshed.
        session: Session,
    },
    /// The token was used up longer ago. The session is ended with it: commit the unit of work.
    Reused {
        /// The session as it was.
        session: Session,
    },
    /// The session was ended before, or has run out.
    Expired {
        /// The session.
        session: Session,
    },
    /// No such token.
    Unknown,
}

/// Stores the first token of a session.
///
/// # Errors
/// When the database fails.
pub async fn insert(uow: &UnitOfWork, session: SessionId, hash: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let row = Model { hash: hash.to_owned(), session_id: session.uuid(), issued_at: now, used_at: None, successor_hash: None };
    Entity::insert(row.into_active_model().reset_all()).exec_without_returning(uow.conn()).await?;
    Ok(())
}

/// Uses a token up and stores its successor; ends the session when the token was used before and its grace is over.
///
/// The token's row is locked, so that of two requests with one token only one finds it unused.
///
/// # Errors
/// When the database fails.
pub async fn rotate(uow: &UnitOfWork, exchange: Exchange<'_>) -> Result<Rotation, StoreError> {
    let found = Entity::find_by_id(exchange.presented_hash).lock_exclusive().one(uow.conn()).await?;
    let Some(token) = found else { return Ok(Rotation::Unknown) };
    let row = session_entity::Entity::find_by_id(token.session_id).one(uow.conn()).await?;
    let Some(session) = row.map(Session::try_from).transpose()? else { return Ok(Rotation::Unknown) };
    if !session.is_live(exchange.now) {
        return Ok(Rotation::Expired { session });
    }
    match token.used_at {
        None => {
            use_up(uow, exchange).await?;
            let session = renew(uow, session, exchange).await?;
            Ok(Rotation::Rotated { session })
        }
        Some(used_at) if exchange.now - used_at <= exchange.grace => {
            let session = renew(uow, session, exchange).await?;
            Ok(Rotation::Grace { session })
        }
        Some(_) => {
            session::end(uow, session.id, EndReason::TokenReused, exchange.now).await?;
            Ok(Rotation::Reused { session })
        }
    }
}

async fn use_up(uow: &UnitOfWork, exchange: Exchange<'_>) -> Result<(), StoreError> {
    let used = ActiveModel {
        used_at: Set(Some(exchange.now)),
        successor_hash: Set(Some(exchange.successor_hash.to_owned())),
        ..Default::default()
    };
    Entity::update_many().set(used).filter(Column::Hash.eq(exchange.presented_hash)).exec(uow.conn()).await?;
    Ok(())
}

async fn renew(uow: &UnitOfWork, session: Session, exchange: Exchange<'_>) -> Result<Session, StoreError> {
    insert(uow, session.id, exchange.successor_hash, exchange.now).await?;
    let idle_expires_at = (exchange.now + exchange.idle).min(session.absolute_expires_at);
    session::touch(uow, session.id, exchange.now, idle_expires_at).await?;
    Ok(Session { last_used_at: exchange.now, idle_expires_at, ..session })
}
