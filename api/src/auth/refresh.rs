//! Refresh tokens: 256 random bits that a client exchanges once for a new pair of tokens.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::{SecretHash, is_secret, random_secret};

/// What every refresh token starts with, so that a leaked one is recognised by secret scanners.
pub const PREFIX: &str = "ffr_";

/// The text is not a refresh token: wrong prefix, length or letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a refresh token")]
pub struct MalformedRefreshToken;

/// A refresh token as its client holds it. Only [`RefreshToken::hash`] may be stored.
#[derive(Clone)]
pub struct RefreshToken(SecretString);

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken")
    }
}

impl RefreshToken {
    /// Draws a new token.
    pub fn generate() -> Self {
        Self(format!("{PREFIX}{}", random_secret()).into())
    }

    /// Reads a token that a client sent.
    ///
    /// # Errors
    /// [`MalformedRefreshToken`] when it cannot be one of ours; it need not be looked up then.
    pub fn parse(text: &str) -> Result<Self, MalformedRefreshToken> {
        let secret = text.strip_prefix(PREFIX).ok_or(MalformedRefreshToken)?;
        if !is_secret(secret) {
            return Err(MalformedRefreshToken);
        }
        Ok(Self(text.into()))
    }

    /// What is stored and looked up.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(self.0.expose_secret())
    }

    /// The token's text, for the one answer that hands it to its client.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_generated_parses_and_keeps_its_hash() {
        let token = RefreshToken::generate();
        assert_eq!(token.expose().len(), PREFIX.len() + 43);
        let read = RefreshToken::parse(token.expose()).unwrap();
        assert!(read.hash().matches(token.hash().as_bytes()));
        assert_ne!(RefreshToken::generate().hash(), token.hash());
    }

    #[test]
    fn refuses_other_texts() {
        let token = RefreshToken::generate();
        let bare = token.expose().trim_start_matches(PREFIX);
        for text in ["", "ffr_", bare, &format!("ffk_{bare}"), &format!("{}A", token.expose()), &format!(" {}", token.expose())] {
            assert_eq!(RefreshToken::parse(text).unwrap_err(), MalformedRefreshToken);
        }
    }

    #[test]
    fn debug_hides_the_secret() {
        assert_eq!(format!("{:?}", RefreshToken::generate()), "RefreshToken");
    }
}
