//! Partners' keys: what is known of them, and row to type and back.

use chrono::{DateTime, Utc};
use fairfall_domain::access::PartnerScope;
use fairfall_domain::id::{ApiKeyId, UserId};
use fairfall_domain::value::ShortText;

use crate::entity::api_key::Model;
use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_json};

/// A partner's key without its secret, which only its holder knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Stable identity.
    pub id: ApiKeyId,
    /// The partner's user that acts with it.
    pub user: UserId,
    /// What people call it.
    pub name: ShortText,
    /// What it may be used for.
    pub scopes: Vec<PartnerScope>,
    /// When it was made, UTC.
    pub created_at: DateTime<Utc>,
    /// When it was revoked, UTC; it is good for nothing from then on.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was last used, UTC, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl TryFrom<Model> for ApiKey {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let id = ApiKeyId::from(row.id);
        let stored = Stored::new("api_key", id);
        Ok(Self {
            id,
            user: UserId::from(row.user_id),
            name: stored.text("name", &row.name)?,
            scopes: stored.json("scopes", &row.scopes)?,
            created_at: row.created_at,
            revoked_at: row.revoked_at,
            last_used_at: row.last_used_at,
        })
    }
}

/// The row of a key, with the hash of its secret.
pub(crate) fn to_row(key: &ApiKey, secret_hash: &str) -> Result<Model, StoreError> {
    Ok(Model {
        id: key.id.uuid(),
        user_id: key.user.uuid(),
        name: key.name.to_string(),
        secret_hash: secret_hash.to_owned(),
        scopes: to_json(&key.scopes)?,
        created_at: key.created_at,
        revoked_at: key.revoked_at,
        last_used_at: key.last_used_at,
    })
}
