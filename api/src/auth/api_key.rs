//! Keys of partners: `ffk_`, the key's id, and 256 random bits. Shown once, stored as a hash, found by the id.

use std::fmt;

use fairfall_domain::id::ApiKeyId;
use secrecy::{ExposeSecret, SecretString};

use super::{SecretHash, is_secret, random_secret};

/// What every partner key starts with, so that a leaked one is recognised by secret scanners.
pub const PREFIX: &str = "ffk_";

/// The text is not a partner key: wrong prefix, id, length or letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a partner key")]
pub struct MalformedApiKey;

/// A partner key as the partner's machine holds it. Only [`ApiKey::hash`] may be stored.
#[derive(Clone)]
pub struct ApiKey {
    id: ApiKeyId,
    text: SecretString,
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl ApiKey {
    /// Draws a new secret for the key with this id.
    pub fn generate(id: ApiKeyId) -> Self {
        let typed = id.to_string();
        let (_, letters) = typed.rsplit_once('_').unwrap_or(("", &typed));
        Self { id, text: format!("{PREFIX}{letters}_{}", random_secret()).into() }
    }

    /// Reads a key that a partner's machine sent.
    ///
    /// # Errors
    /// [`MalformedApiKey`] when it cannot be one of ours; it need not be looked up then.
    pub fn parse(text: &str) -> Result<Self, MalformedApiKey> {
        let rest = text.strip_prefix(PREFIX).ok_or(MalformedApiKey)?;
        // the id's letters hold no underscore, the secret's may
        let (letters, secret) = rest.split_once('_').ok_or(MalformedApiKey)?;
        let id = ApiKeyId::parse(&format!("{}_{letters}", ApiKeyId::PREFIX)).map_err(|_| MalformedApiKey)?;
        if !is_secret(secret) {
            return Err(MalformedApiKey);
        }
        Ok(Self { id, text: text.into() })
    }

    /// The id to look the key up by. Nothing is proven until [`SecretHash::matches`] says so.
    pub const fn id(&self) -> ApiKeyId {
        self.id
    }

    /// What is stored beside the id and compared with [`SecretHash::matches`].
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(self.text.expose_secret())
    }

    /// The key's text, for the one answer that shows it.
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn what_is_generated_parses_with_its_id() {
        for bits in [0, 7, u128::MAX] {
            let key = ApiKey::generate(ApiKeyId::from(Uuid::from_u128(bits)));
            let read = ApiKey::parse(key.expose()).unwrap();
            assert_eq!(read.id(), key.id());
            assert!(read.hash().matches(key.hash().as_bytes()));
        }
    }

    #[test]
    fn the_same_id_with_another_secret_does_not_match() {
        let id = ApiKeyId::from(Uuid::from_u128(7));
        assert!(!ApiKey::generate(id).hash().matches(ApiKey::generate(id).hash().as_bytes()));
    }

    #[test]
    fn refuses_other_texts() {
        let key = ApiKey::generate(ApiKeyId::from(Uuid::from_u128(7)));
        let cut = &key.expose()[..key.expose().len() - 1];
        for text in ["", "ffk_", "ffk_x_y", cut, &key.expose().replace("ffk_", "ffr_"), &key.expose().to_uppercase()] {
            assert_eq!(ApiKey::parse(text).unwrap_err(), MalformedApiKey);
        }
    }

    #[test]
    fn debug_hides_the_secret() {
        let key = ApiKey::generate(ApiKeyId::from(Uuid::from_u128(7)));
        // The secret's own letters may be underscores: it is what follows the second one.
        let secret = key.expose().splitn(3, '_').nth(2).unwrap();
        assert!(secret.len() > 20);
        assert!(!format!("{key:?}").contains(secret));
    }
}
