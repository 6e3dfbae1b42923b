//! A creating request sent twice with the same key makes one thing. The key's row is written in the transaction of its effect.

use std::future::Future;

use chrono::{DateTime, Utc};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::idempotency::{self, Claim, Request};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::{AppError, Caller, Rejection};

/// The longest key, in characters.
pub const KEY_CHARS_MAX: usize = 200;
/// When to ask again while the same request is being worked on, in seconds.
const RETRY_AFTER_S: u32 = 1;

/// A checked key with the digest of its request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyed {
    key: String,
    fingerprint: String,
}

impl Keyed {
    /// Reads the key of a request; nothing when none was sent.
    pub fn read(key: Option<&str>, request: &impl std::fmt::Debug) -> Result<Option<Self>, Violations> {
        let Some(key) = key else { return Ok(None) };
        if key.trim().is_empty() || key.chars().count() > KEY_CHARS_MAX {
            let message = format!("1 to {KEY_CHARS_MAX} characters are allowed");
            return Err(Violations::one("idempotencyKey", ViolationCode::OutOfRange, message));
        }
        let fingerprint = hex::encode(Sha256::digest(format!("{request:?}").as_bytes()));
        Ok(Some(Self { key: key.to_owned(), fingerprint }))
    }
}

/// Does `work` once per key. `Err(result)` of the inner answer is the id that an earlier request made.
pub(super) async fn once<Id, T, Fut>(
    uow: &UnitOfWork,
    caller: &Caller,
    operation: &str,
    keyed: Option<&Keyed>,
    now: DateTime<Utc>,
    work: impl FnOnce() -> Fut,
) -> Result<Once<Id, T>, AppError>
where
    Id: Serialize + DeserializeOwned,
    Fut: Future<Output = Result<(Id, T), AppError>>,
{
    let Some(keyed) = keyed else { return Ok(Once::New(work().await?.1)) };
    let request = Request { actor: caller.actor.user, key: &keyed.key, operation, fingerprint: &keyed.fingerprint };
    match idempotency::claim(uow, request, now).await? {
        Claim::New => {
            let (id, made) = work().await?;
            let result = serde_json::to_value(&id).map_err(AppError::internal)?;
            idempotency::complete(uow, request, &result).await?;
            Ok(Once::New(made))
        }
        Claim::Done(result) => Ok(Once::Before(serde_json::from_value(result).map_err(AppError::internal)?)),
        Claim::DifferentRequest => Err(Rejection::IdempotencyKeyReused.into()),
        Claim::InProgress => Err(Rejection::IdempotencyInProgress { retry_after_s: RETRY_AFTER_S }.into()),
    }
}

/// What came of a keyed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Once<Id, T> {
    /// It was done now.
    New(T),
    /// It was done before and made this.
    Before(Id),
}
