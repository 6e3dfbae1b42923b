//! Access tokens: short-lived JSON Web Tokens of type `at+jwt` (RFC 9068), signed with HS256 by a key that only the nodes hold.
//!
//! A token says who signed in, not what they may do now: the session is looked up at each use, so that a disabled user is out at once.

use std::fmt;
use std::sync::Once;

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::id::{SessionId, UserId};
use jsonwebtoken::crypto::rust_crypto;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::config::TokenSecret;

/// Who issues our tokens (`iss`).
pub const ISSUER: &str = "fairfall";

/// Whom our tokens are for (`aud`).
pub const AUDIENCE: &str = "fairfall";

/// The header's `typ` (RFC 9068, section 2.1).
pub const TOKEN_TYPE: &str = "at+jwt";

/// How far the clocks of two nodes may be apart, in seconds.
pub const LEEWAY_SECONDS: i64 = 5;

/// Longest token that is looked at, in bytes; ours have about 450.
pub const TOKEN_BYTES_MAX: usize = 2048;

/// Why a token could not be signed: a fault of the program, never of the caller.
#[derive(Debug, thiserror::Error)]
#[error("an access token could not be signed")]
pub struct SigningFault(#[source] jsonwebtoken::errors::Error);

/// Why a token is not accepted. Clients are told `Expired` or "not valid", operators may count the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// Not a token, or one without what ours carry.
    #[error("the access token is malformed")]
    Malformed,
    /// Signed with another algorithm, of another type, issuer or audience.
    #[error("the access token is not one of this service")]
    Foreign,
    /// No current or previous key has its `kid`.
    #[error("the access token was signed with a key that is not in use")]
    UnknownKey,
    /// The signature does not fit.
    #[error("the signature of the access token does not match")]
    Signature,
    /// Its time is over; refresh the session.
    #[error("the access token has expired")]
    Expired,
    /// Its time has not come: the clocks of the nodes differ.
    #[error("the access token is not valid yet")]
    NotYetValid,
}

/// What a new token says.
#[derive(Clone, Copy, Debug)]
pub struct ClaimsInput<'a> {
    /// Who signed in (`sub`).
    pub user: UserId,
    /// The session (`sid`).
    pub session: SessionId,
    /// The role's code when the token was issued; a hint for clients, the session decides.
    pub role: &'a str,
    /// The token's own id (`jti`).
    pub jti: Uuid,
    /// The time of issue (`iat`, `nbf`).
    pub now: DateTime<Utc>,
    /// How long it is valid.
    pub ttl: TimeDelta,
}

/// What a verified token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessClaims {
    /// Who signed in.
    pub user: UserId,
    /// The session to look up.
    pub session: SessionId,
    /// The role's code when the token was issued.
    pub role: String,
    /// The token's own id.
    pub jti: Uuid,
    /// When it was issued, to the second.
    pub issued_at: DateTime<Utc>,
    /// When it stops being valid, to the second.
    pub expires_at: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    role: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: Uuid,
}

/// One secret, ready to sign and verify.
#[derive(Clone)]
pub struct SigningKey {
    kid: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

impl SigningKey {
    /// Prepares a secret. Its `kid` is derived from it, so that all nodes with the same secret use the same name for it.
    pub fn new(secret: &TokenSecret) -> Self {
        install_provider();
        let bytes = secret.expose_secret();
        let mut hasher = Sha256::new();
        hasher.update(b"fairfall token key id\0");
        hasher.update(bytes);
        let kid = hex::encode(hasher.finalize()).chars().take(16).collect();
        Self { kid, encoding: EncodingKey::from_secret(bytes), decoding: DecodingKey::from_secret(bytes) }
    }

    /// The name of the key in a token's header.
    pub fn kid(&self) -> &str {
        &self.kid
    }
}

/// The key that signs, and while keys are rotated the one that signed before: its tokens are still accepted.
#[derive(Clone, Debug)]
pub struct TokenKeys {
    current: SigningKey,
    previous: Option<SigningKey>,
}

impl TokenKeys {
    /// Keys from secrets.
    pub fn new(current: &TokenSecret, previous: Option<&TokenSecret>) -> Self {
        Self { current: SigningKey::new(current), previous: previous.map(SigningKey::new) }
    }

    /// The key that signs new tokens.
    pub const fn current(&self) -> &SigningKey {
        &self.current
    }

    /// Signs a token with the current key.
    ///
    /// # Errors
    /// [`SigningFault`] when the claims cannot be written, which is a fault of the program.
    pub fn issue(&self, input: &ClaimsInput<'_>) -> Result<String, SigningFault> {
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(TOKEN_TYPE.to_owned());
        header.kid = Some(self.current.kid.clone());
        let issued = input.now.timestamp();
        let claims = Wire {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: input.user.to_string(),
            sid: input.session.to_string(),
            role: input.role.to_owned(),
            iat: issued,
            nbf: issued,
            exp: issued.saturating_add(input.ttl.num_seconds()),
            jti: input.jti,
        };
        jsonwebtoken::encode(&header, &claims, &self.current.encoding).map_err(SigningFault)
    }

    /// Checks signature, type, issuer, audience and time (with [`LEEWAY_SECONDS`]) against `now`.
    ///
    /// # Errors
    /// [`TokenFault`] with the first thing that does not hold.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<AccessClaims, TokenFault> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(TokenFault::Malformed);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenFault::Malformed)?;
        let ours = header.typ.as_deref().is_some_and(|typ| typ.eq_ignore_ascii_case(TOKEN_TYPE));
        if !ours || header.alg != Algorithm::HS256 {
            return Err(TokenFault::Foreign);
        }
        let kid = header.kid.as_deref().ok_or(TokenFault::UnknownKey)?;
        let key = self.by_kid(kid).ok_or(TokenFault::UnknownKey)?;
        let data = jsonwebtoken::decode::<Wire>(token, &key.decoding, &validation()).map_err(|error| fault(&error))?;
        read(data.claims, now)
    }

    fn by_kid(&self, kid: &str) -> Option<&SigningKey> {
        std::iter::once(&self.current).chain(&self.previous).find(|key| key.kid == kid)
    }
}

/// The library's own checks of time are off: they read the system's clock. [`read`] does them.
fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation
}

fn fault(error: &jsonwebtoken::errors::Error) -> TokenFault {
    use jsonwebtoken::errors::ErrorKind;
    match error.kind() {
        ErrorKind::InvalidSignature => TokenFault::Signature,
        ErrorKind::InvalidIssuer | ErrorKind::InvalidAudience | ErrorKind::InvalidAlgorithm => TokenFault::Foreign,
        _ => TokenFault::Malformed,
    }
}

fn read(wire: Wire, now: DateTime<Utc>) -> Result<AccessClaims, TokenFault> {
    let seconds = now.timestamp();
    if seconds >= wire.exp.saturating_add(LEEWAY_SECONDS) {
        return Err(TokenFault::Expired);
    }
    if wire.nbf.max(wire.iat) > seconds.saturating_add(LEEWAY_SECONDS) {
        return Err(TokenFault::NotYetValid);
    }
    Ok(AccessClaims {
        user: UserId::parse(&wire.sub).map_err(|_| TokenFault::Malformed)?,
        session: SessionId::parse(&wire.sid).map_err(|_| TokenFault::Malformed)?,
        role: wire.role,
        jti: wire.jti,
        issued_at: DateTime::from_timestamp(wire.iat, 0).ok_or(TokenFault::Malformed)?,
        expires_at: DateTime::from_timestamp(wire.exp, 0).ok_or(TokenFault::Malformed)?,
    })
}

/// The library panics at its first use when no provider of cryptography was chosen.
fn install_provider() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // refused only when the process already has one: then that one serves
        let _ = rust_crypto::DEFAULT_PROVIDER.install_default();
    });
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
