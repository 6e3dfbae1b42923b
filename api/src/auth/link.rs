//! The secrets in links that are mailed to people: who holds one has read the mail.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::{SecretHash, is_secret, random_secret};

/// What a secret that gives consent starts with.
const CONFIRM: &str = "ffc_";
/// What a secret that takes consent back starts with.
const WITHDRAW: &str = "ffw_";

/// The text is no secret of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the secret of a link")]
pub struct MalformedLinkToken;

/// A secret of 256 bits in a link. Only [`LinkToken::hash`] may be stored beyond the mail itself.
#[derive(Clone)]
pub struct LinkToken(SecretString);

impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken")
    }
}

impl LinkToken {
    /// Draws one that gives consent.
    pub fn to_confirm() -> Self {
        Self(format!("{CONFIRM}{}", random_secret()).into())
    }

    /// Draws one that takes consent back.
    pub fn to_withdraw() -> Self {
        Self(format!("{WITHDRAW}{}", random_secret()).into())
    }

    /// Reads one that gives consent.
    ///
    /// # Errors
    /// [`MalformedLinkToken`] when it cannot be one of ours; it need not be looked up then.
    pub fn parse_confirm(text: &str) -> Result<Self, MalformedLinkToken> {
        Self::parse(text, CONFIRM)
    }

    /// Reads one that takes consent back.
    ///
    /// # Errors
    /// As [`LinkToken::parse_confirm`].
    pub fn parse_withdraw(text: &str) -> Result<Self, MalformedLinkToken> {
        Self::parse(text, WITHDRAW)
    }

    fn parse(text: &str, prefix: &str) -> Result<Self, MalformedLinkToken> {
        let text = text.trim();
        let secret = text.strip_prefix(prefix).ok_or(MalformedLinkToken)?;
        if !is_secret(secret) {
            return Err(MalformedLinkToken);
        }
        Ok(Self(text.into()))
    }

    /// What is stored and looked up.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(self.0.expose_secret())
    }

    /// The text, for the one mail that carries it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_read_as_itself_only() {
        let (confirm, withdraw) = (LinkToken::to_confirm(), LinkToken::to_withdraw());
        assert_eq!(LinkToken::parse_confirm(&format!(" {} ", confirm.expose())).unwrap().hash(), confirm.hash());
        assert_eq!(LinkToken::parse_withdraw(withdraw.expose()).unwrap().hash(), withdraw.hash());
        for text in ["", "ffc_", withdraw.expose(), &confirm.expose()[..40], "ffc_'\"><script>"] {
            assert_eq!(LinkToken::parse_confirm(text).unwrap_err(), MalformedLinkToken);
        }
        assert_eq!(LinkToken::parse_withdraw(confirm.expose()).unwrap_err(), MalformedLinkToken);
        assert_eq!(format!("{confirm:?}"), "LinkToken");
    }
}
