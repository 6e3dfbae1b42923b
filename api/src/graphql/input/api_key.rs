//! Keys of partners' machines.

use async_graphql::{ID, InputObject};
use fairfall_domain::access::PartnerScope;
use fairfall_domain::id::{ApiKeyId, UserId};
use fairfall_domain::violation::Violations;

use super::{id, whole};
use crate::graphql::code::Coded;

/// A new key for a partner's machine. It takes no idempotency key, since a secret is shown only once: when the answer is lost, revoke the key
/// and make another.
#[derive(Clone, Debug, InputObject)]
pub struct ApiKeyCreateInput {
    /// The user with the role PARTNER that acts with it.
    pub user: ID,
    /// A name by which people know it, such as the machine's; at most 200 characters.
    pub name: String,
    /// What it may be used for; at least one.
    pub scopes: Vec<Coded<PartnerScope>>,
}

impl ApiKeyCreateInput {
    /// The user, the name and the scopes, each once.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self) -> Result<(UserId, String, Vec<PartnerScope>), Violations> {
        let mut faults = Violations::new();
        let user = id(&mut faults, "user", &self.user);
        let mut scopes: Vec<PartnerScope> = self.scopes.into_iter().map(|code| code.0).collect();
        scopes.sort_unstable();
        scopes.dedup();
        whole(faults, user.map(|user| (user, self.name, scopes)))
    }
}

/// Revokes a key: it works no more.
#[derive(Clone, Debug, InputObject)]
pub struct ApiKeyRevokeInput {
    /// The key.
    pub api_key: ID,
}

impl ApiKeyRevokeInput {
    /// The key.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self) -> Result<ApiKeyId, Violations> {
        let mut faults = Violations::new();
        let key = id(&mut faults, "apiKey", &self.api_key);
        whole(faults, key)
    }
}
