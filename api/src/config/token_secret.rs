//! The secret that signs access tokens.

use std::collections::HashSet;
use std::fmt;

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use secrecy::{ExposeSecret, SecretSlice};

/// Fewest bytes: as many as the hash of HS256 gives (RFC 7518, section 3.2).
pub const TOKEN_SECRET_BYTES_MIN: usize = 32;

/// Fewest different bytes: a key of less variety was typed and not drawn.
const DIFFERENT_BYTES_MIN: usize = 8;

const ANY_PADDING: GeneralPurposeConfig = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, ANY_PADDING);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, ANY_PADDING);

/// Why a text is no token key. The text is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenSecretFault {
    /// Fewer than 32 bytes, however it is read.
    #[error("the key needs at least {TOKEN_SECRET_BYTES_MIN} bytes; make one with `openssl rand -base64 32`")]
    TooShort,
    /// Long enough, but nearly always the same byte.
    #[error("the key repeats a few characters; make one with `openssl rand -base64 32`")]
    TooPlain,
}

/// At least 32 secret bytes. `Debug` shows none of them.
#[derive(Clone)]
pub struct TokenSecret(SecretSlice<u8>);

impl fmt::Debug for TokenSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSecret")
    }
}

impl ExposeSecret<[u8]> for TokenSecret {
    fn expose_secret(&self) -> &[u8] {
        self.0.expose_secret()
    }
}

impl TokenSecret {
    /// Reads a key: hexadecimal digits (64 or more), else base64 or base64url of 32 bytes or more, else the text's own bytes, 32 or more.
    /// Spaces around it are ignored.
    ///
    /// # Errors
    /// [`TokenSecretFault`] when too little secret is in it.
    pub fn parse(text: &str) -> Result<Self, TokenSecretFault> {
        let text = text.trim();
        let enough = |bytes: &Vec<u8>| bytes.len() >= TOKEN_SECRET_BYTES_MIN;
        let bytes = hex::decode(text)
            .ok()
            .filter(enough)
            .or_else(|| STANDARD.decode(text).ok().filter(enough))
            .or_else(|| URL_SAFE.decode(text).ok().filter(enough))
            .unwrap_or_else(|| text.as_bytes().to_vec());
        if !enough(&bytes) {
            return Err(TokenSecretFault::TooShort);
        }
        if bytes.iter().collect::<HashSet<_>>().len() < DIFFERENT_BYTES_MIN {
            return Err(TokenSecretFault::TooPlain);
        }
        Ok(Self(bytes.into()))
    }

    /// A key from 32 bytes that were drawn.
    pub fn from_random(bytes: [u8; TOKEN_SECRET_BYTES_MIN]) -> Self {
        Self(bytes.to_vec().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        TokenSecret::parse(text).unwrap().expose_secret().to_vec()
    }

    #[test]
    fn reads_hex_base64_and_text() {
        let drawn: Vec<u8> = (100..132).chain(240..248).collect();
        assert_eq!(bytes(&hex::encode(&drawn)), drawn);
        assert_eq!(bytes(&hex::encode(&drawn).to_uppercase()), drawn);
        assert_eq!(bytes(&STANDARD.encode(&drawn)), drawn);
        assert_eq!(bytes(&format!(" {}\n", URL_SAFE.encode(&drawn))), drawn);
        assert_eq!(bytes(STANDARD.encode(&drawn).trim_end_matches('=')), drawn);
        // 32 letters would be 24 bytes of base64: taken as they are
        assert_eq!(bytes("abcdefghijklmnopqrstuvwxyz012345"), b"abcdefghijklmnopqrstuvwxyz012345");
        assert_eq!(bytes("a phrase of more than 32 letters!"), b"a phrase of more than 32 letters!");
    }

    #[test]
    fn refuses_little_secret() {
        for text in ["", "secret", "abcdefghijklmnopqrstuvwxyz01234", &hex::encode([7; 15])] {
            assert_eq!(TokenSecret::parse(text).unwrap_err(), TokenSecretFault::TooShort);
        }
        for text in ["0".repeat(64), "a".repeat(44), "ab ".repeat(20)] {
            assert_eq!(TokenSecret::parse(&text).unwrap_err(), TokenSecretFault::TooPlain);
        }
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", TokenSecret::from_random([9; 32])), "TokenSecret");
    }
}
