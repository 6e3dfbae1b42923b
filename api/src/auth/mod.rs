//! Who someone is: passwords, access tokens, refresh tokens, partner keys, and the slowing down of guessers.
//!
//! Nothing here reads the clock or the database: time, ids and what was stored are arguments. Secrets are drawn from [`random_bytes`] alone.

pub mod api_key;
pub mod key_file;
pub mod link;
pub mod password;
pub mod password_policy;
pub mod refresh;
pub mod session;
pub mod throttle;
pub mod token;

pub use session::{SessionAuthenticator, Viewer};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Bytes of every secret drawn here: 256 bits.
pub const SECRET_BYTES: usize = 32;

/// Draws `N` bytes from the process's cryptographically secure generator (seeded and reseeded by the system).
///
/// The one place where secrets are drawn; ids come from the clock module.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// The SHA-256 of a secret of 256 random bits: all that is stored of refresh tokens and partner keys.
///
/// A plain hash is enough for such secrets, since they cannot be guessed; passwords need [`password`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// Hashes the secret's text as the client holds it.
    fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    /// The 32 bytes to store and to look up by.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The hash in 64 lower-case hexadecimal digits.
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }

    /// Whether `stored` is the same hash, compared in constant time. A stored hash of another length never matches.
    pub fn matches(&self, stored: &[u8]) -> bool {
        self.0.as_slice().ct_eq(stored).into()
    }
}

/// 256 fresh random bits as 43 letters of base64url.
fn random_secret() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<SECRET_BYTES>())
}

/// Whether `text` is what [`random_secret`] writes.
fn is_secret(text: &str) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == SECRET_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_differ() {
        assert_ne!(random_bytes::<32>(), random_bytes::<32>());
        assert!(is_secret(&random_secret()));
        assert!(!is_secret("c2hvcnQ"));
        assert!(!is_secret("not base64!"));
    }

    #[test]
    fn hash_is_sha_256_and_compares_whole() {
        let hash = SecretHash::of("abc");
        // FIPS 180-2, appendix B.1
        assert_eq!(hash.to_hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(hash.matches(hash.as_bytes()));
        assert!(!hash.matches(&hash.as_bytes()[..31]));
        assert!(!hash.matches(SecretHash::of("abd").as_bytes()));
    }
}
