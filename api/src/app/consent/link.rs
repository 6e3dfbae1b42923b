//! The secrets in links: what a mail carries, and what of it is stored.

use fairfall_domain::value::EmailAddress;
use sha2::{Digest, Sha256};

use crate::auth::link::LinkToken;

/// The secrets of one mail.
pub(super) struct Links {
    /// Gives consent.
    pub(super) confirm: LinkToken,
    /// Takes it back.
    pub(super) withdraw: LinkToken,
}

impl Links {
    pub(super) fn generate() -> Self {
        Self { confirm: LinkToken::to_confirm(), withdraw: LinkToken::to_withdraw() }
    }
}

/// By what an address is known again without being stored.
pub(super) fn address_digest(address: &EmailAddress) -> String {
    let mut hasher = Sha256::new();
    hasher.update(b"fairfall consent address\0");
    hasher.update(address.key());
    hex::encode(hasher.finalize())
}
