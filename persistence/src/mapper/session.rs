//! Sessions: what is known of them, and row to type.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use fairfall_domain::id::{SessionId, UserId};

use crate::entity::session::Model;
use crate::error::StoreError;
use crate::mapper::stored::Stored;

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndReason {
    /// The user signed out.
    SignedOut,
    /// The user or an administrator ended it from elsewhere.
    Revoked,
    /// A refresh token was used a second time: somebody else may hold it.
    TokenReused,
    /// The user was disabled.
    UserDisabled,
    /// The password was changed.
    PasswordChanged,
}

impl EndReason {
    /// Every reason.
    pub const ALL: &'static [Self] =
        &[Self::SignedOut, Self::Revoked, Self::TokenReused, Self::UserDisabled, Self::PasswordChanged];

    /// The stable code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "SIGNED_OUT",
            Self::Revoked => "REVOKED",
            Self::TokenReused => "TOKEN_REUSED",
            Self::UserDisabled => "USER_DISABLED",
            Self::PasswordChanged => "PASSWORD_CHANGED",
        }
    }
}

impl FromStr for EndReason {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|reason| reason.as_str() == code).ok_or(())
    }
}

/// A session of a signed-in user. Its refresh tokens are its family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Stable identity.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// When the user signed in, UTC.
    pub created_at: DateTime<Utc>,
    /// When it was last refreshed, UTC.
    pub last_used_at: DateTime<Utc>,
    /// When it ends unless it is refreshed before, UTC.
    pub idle_expires_at: DateTime<Utc>,
    /// When it ends in any case, UTC.
    pub absolute_expires_at: DateTime<Utc>,
    /// When and why it was ended.
    pub ended: Option<(DateTime<Utc>, EndReason)>,
    /// What the client calls itself, at most 200 characters.
    pub client: Option<String>,
}

impl Session {
    /// Most characters of a client's name that are kept.
    pub const CLIENT_CHARS_MAX: usize = 200;

    /// Whether it has neither been ended nor run out.
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.ended.is_none() && now < self.idle_expires_at && now < self.absolute_expires_at
    }
}

impl TryFrom<Model> for Session {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let id = SessionId::from(row.id);
        let stored = Stored::new("session", id);
        let reason = stored.maybe("ended_reason", row.ended_reason.as_deref())?;
        let ended = match (row.ended_at, reason) {
            (None, None) => None,
            (Some(at), Some(reason)) => Some((at, reason)),
            (Some(_), None) | (None, Some(_)) => return Err(stored.corrupt("ended_reason")),
        };
        Ok(Self {
            id,
            user: UserId::from(row.user_id),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            idle_expires_at: row.idle_expires_at,
            absolute_expires_at: row.absolute_expires_at,
            ended,
            client: row.client,
        })
    }
}

impl From<&Session> for Model {
    fn from(session: &Session) -> Self {
        Self {
            id: session.id.uuid(),
            user_id: session.user.uuid(),
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            idle_expires_at: session.idle_expires_at,
            absolute_expires_at: session.absolute_expires_at,
            ended_at: session.ended.map(|(at, _)| at),
            ended_reason: session.ended.map(|(_, reason)| reason.as_str().to_owned()),
            client: session.client.as_ref().map(|client| client.chars().take(Session::CLIENT_CHARS_MAX).collect()),
        }
    }
}
