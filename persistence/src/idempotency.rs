//! A request sent twice has its effect once, and the same answer both times.
//!
//! The claim is a row of the transaction that does the work: if the work is undone, so is the claim.

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::id::UserId;

use crate::error::{StoreError, Wait};
use crate::mapper::stored::Stored;
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;

/// How long a key is remembered, in hours.
pub const KEPT_HOURS: i64 = 24;

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Nothing: the work is to be done, then [`complete`]d.
    New,
    /// It was done; this was the answer.
    Done(serde_json::Value),
    /// The key was used for another request.
    DifferentRequest,
    /// The same request is being worked on; the transaction is of no more use and must be rolled back.
    InProgress,
}

/// A request that names a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// Who sent it; keys of different users never meet.
    pub actor: UserId,
    /// The key, at most 200 characters.
    pub key: &'a str,
    /// The operation's name, at most 64 characters.
    pub operation: &'a str,
    /// SHA-256 of the request in hexadecimal.
    pub fingerprint: &'a str,
}

fn oldest_kept(now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::hours(KEPT_HOURS)
}

/// Claims a key. A claim of the same key in another transaction is waited for until that ends.
///
/// # Errors
/// As the database tells, or [`StoreError::Corrupt`].
pub async fn claim(uow: &UnitOfWork, request: Request<'_>, now: DateTime<Utc>) -> Result<Claim, StoreError> {
    let mut sql = Sql::new("INSERT INTO idempotency (actor_id, key, operation, fingerprint, result, created_at) VALUES (");
    sql.bind(request.actor.uuid()).push(", ").bind(request.key).push(", ").bind(request.operation).push(", ");
    sql.bind(request.fingerprint).push(", NULL, ").bind(now);
    // a key that is too old to be remembered is free again
    sql.push(
        ") ON CONFLICT (actor_id, key) DO UPDATE SET operation = excluded.operation, fingerprint = excluded.fingerprint, \
         result = NULL, created_at = excluded.created_at WHERE idempotency.created_at < ",
    );
    sql.bind(oldest_kept(now));
    match sql.run(uow).await {
        Ok(0) => found(uow, request).await,
        Ok(_) => Ok(Claim::New),
        Err(StoreError::Timeout(Wait::Lock)) => Ok(Claim::InProgress),
        Err(error) => Err(error),
    }
}

async fn found(uow: &UnitOfWork, request: Request<'_>) -> Result<Claim, StoreError> {
    let mut sql = Sql::new("SELECT operation, fingerprint, result FROM idempotency WHERE actor_id = ");
    sql.bind(request.actor.uuid()).push(" AND key = ").bind(request.key);
    let Some(row) = sql.one(uow).await? else { return Ok(Claim::InProgress) };
    let mut row = Columns::of(&row);
    let (operation, fingerprint, result): (String, String, Option<String>) = (row.next()?, row.next()?, row.next()?);
    if operation != request.operation || fingerprint != request.fingerprint {
        return Ok(Claim::DifferentRequest);
    }
    match result {
        Some(json) => Ok(Claim::Done(Stored::new("idempotency", request.actor).json("result", &json)?)),
        None => Ok(Claim::InProgress),
    }
}

/// Keeps the answer of a request that [`claim`] called new.
///
/// # Errors
/// As the database tells.
pub async fn complete(uow: &UnitOfWork, request: Request<'_>, result: &serde_json::Value) -> Result<(), StoreError> {
    let mut sql = Sql::new("UPDATE idempotency SET result = ");
    sql.bind(result.to_string()).push(" WHERE actor_id = ").bind(request.actor.uuid()).push(" AND key = ").bind(request.key);
    sql.run(uow).await?;
    Ok(())
}

/// Forgets keys that are too old, at most `limit`. Tells how many.
///
/// # Errors
/// As the database tells.
pub async fn prune(uow: &UnitOfWork, now: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
    let mut sql =
        Sql::new("DELETE FROM idempotency WHERE (actor_id, key) IN (SELECT actor_id, key FROM idempotency WHERE created_at < ");
    sql.bind(oldest_kept(now)).push(" LIMIT ").push(&limit.to_string()).push(")");
    sql.run(uow).await
}
