//! Signing in and out.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use secrecy::SecretString;

use super::payload::payloads;
use super::{acted, answer};
use crate::app::session::{self, Tokens};
use crate::graphql::caller::{app, client};
use crate::graphql::input::session::{SessionCreateInput, SessionEndInput, SessionRefreshInput};
use crate::graphql::object::user::UserObject;
use crate::graphql::scalar::{self, Timestamp};

/// What a client needs to act as a user. Send `Authorization: Bearer` with the access token, and keep the refresh token safe.
#[derive(Clone, SimpleObject)]
pub struct SessionTokens {
    /// The session's id, by which it can be ended.
    pub id: ID,
    /// Sent with each request; short-lived.
    pub access_token: String,
    /// Exchanged once for the next pair of tokens.
    pub refresh_token: String,
    /// When the access token expires.
    pub expires_at: Timestamp,
    /// Who signed in.
    pub user: UserObject,
}

impl std::fmt::Debug for SessionTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionTokens").field("id", &self.id).finish_non_exhaustive()
    }
}

impl From<Tokens> for SessionTokens {
    fn from(tokens: Tokens) -> Self {
        Self {
            id: scalar::id(tokens.session),
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
            expires_at: Timestamp(tokens.expires_at),
            user: tokens.user.into(),
        }
    }
}

payloads! {
    /// What `sessionCreate` answers.
    SessionCreatePayload = |done: Tokens| {
        /// The new session; absent when nobody was signed in.
        session: SessionTokens = Some(done.into()),
    }

    /// What `sessionRefresh` answers.
    SessionRefreshPayload = |done: Tokens| {
        /// The session with its next pair of tokens; absent when the refresh token was not taken.
        session: SessionTokens = Some(done.into()),
    }

    /// What `sessionEnd` answers.
    SessionEndPayload = |done: Option<ID>| {
        /// The id of the session that was ended; absent when none was.
        session: ID = done,
    }
}

/// Signing in and out.
#[derive(Default)]
pub struct SessionMutation;

/// Signing in and out.
#[Object]
impl SessionMutation {
    /// Signs in with e-mail address and password. Failed tries are slowed down, never locked out for good.
    async fn session_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who signs in.")] input: SessionCreateInput,
    ) -> Result<SessionCreatePayload> {
        let password = SecretString::from(input.password);
        answer(ctx, session::create(app(ctx), &client(ctx), &input.email, password).await)
    }

    /// Exchanges a refresh token for the next pair of tokens. A token that is used a second time ends the session: somebody has stolen it.
    async fn session_refresh(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The refresh token.")] input: SessionRefreshInput,
    ) -> Result<SessionRefreshPayload> {
        answer(ctx, session::refresh(app(ctx), &input.refresh_token).await)
    }

    /// Signs out: ends the session that the request is made in, or another one of the same user; administrators end any.
    async fn session_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session.")] input: SessionEndInput,
    ) -> Result<SessionEndPayload> {
        acted!(ctx, |app, caller| {
            let named = input.read()?;
            session::end(app, caller, named).await?;
            Ok(named.or(caller.session).map(scalar::id))
        })
    }
}
