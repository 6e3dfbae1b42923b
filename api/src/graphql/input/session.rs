//! Signing in and out.

use async_graphql::{ID, InputObject};
use fairfall_domain::id::SessionId;
use fairfall_domain::violation::Violations;

use super::{optional_id, whole};

/// Signs in.
#[derive(InputObject)]
pub struct SessionCreateInput {
    /// E-mail address of the user.
    #[graphql(secret)]
    pub email: String,
    /// Password of the user.
    #[graphql(secret)]
    pub password: String,
}

/// Exchanges a refresh token for the next pair of tokens.
#[derive(InputObject)]
pub struct SessionRefreshInput {
    /// The refresh token that was answered last. Each one works once.
    #[graphql(secret)]
    pub refresh_token: String,
}

/// Ends a session.
#[derive(Clone, Debug, Default, InputObject)]
pub struct SessionEndInput {
    /// The session; absent for the one that the request is made in.
    pub session: Option<ID>,
}

impl SessionEndInput {
    /// The session, if one was named.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self) -> Result<Option<SessionId>, Violations> {
        let mut faults = Violations::new();
        let session = optional_id(&mut faults, "session", self.session.as_ref());
        whole(faults, Some(session))
    }
}
