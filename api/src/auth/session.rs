//! Who calls: a bearer token turned into a viewer. Access tokens lead to a session, partners' keys to their user; both are looked up, never
//! believed by themselves.

use std::error::Error;
use std::future::Future;

use fairfall_domain::access::Actor;
use fairfall_domain::id::SessionId;
use fairfall_persistence::repo::session::SessionView;
use secrecy::{ExposeSecret, SecretString};

use super::api_key;
use super::token::TokenFault;
use crate::app::{self, App, AppError, Caller};
use crate::seam::{AuthFault, Authenticate, Authenticated};

/// How a viewer showed who it is.
#[derive(Clone, Debug)]
enum Credential {
    /// With an access token of this session.
    Session(SessionId),
    /// With a partner's key, kept to ask again whether it holds.
    Key(SecretString),
}

/// Who calls, as resolvers find it: `Option<Viewer>` in the data of a request, none for the anonymous.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// The user with role and teams, as the access table wants it.
    pub actor: Actor,
    credential: Credential,
}

impl Viewer {
    /// The session it acts in; none for a partner's key.
    pub const fn session(&self) -> Option<SessionId> {
        match &self.credential {
            Credential::Session(session) => Some(*session),
            Credential::Key(_) => None,
        }
    }

    /// The role's code.
    pub const fn role(&self) -> &'static str {
        self.actor.role.as_str()
    }

    /// The caller of a use case, in the request with this id.
    pub fn caller(&self, request_id: impl Into<String>) -> Caller {
        Caller { actor: self.actor.clone(), session: self.session(), request_id: request_id.into() }
    }
}

/// Checks bearer tokens against the sessions and keys of an app.
#[derive(Clone, Debug)]
pub struct SessionAuthenticator {
    app: App,
}

impl SessionAuthenticator {
    /// An authenticator for this app.
    pub const fn new(app: App) -> Self {
        Self { app }
    }

    async fn by_token(&self, bearer: &str) -> Result<Authenticated<Viewer>, AuthFault> {
        let claims = self.app.tokens().verify(bearer, self.app.now()).map_err(refused)?;
        let found = app::session::authenticate(&self.app, &claims).await.map_err(|error| unavailable(&error))?;
        let view = found.ok_or(AuthFault::Ended)?;
        Ok(Authenticated {
            viewer: in_session(&view, claims.session),
            key: claims.user.to_string(),
            expires_at: Some(claims.expires_at),
        })
    }

    async fn by_key(&self, text: &str) -> Result<Authenticated<Viewer>, AuthFault> {
        let found = app::api_key::authenticate(&self.app, text).await.map_err(|error| unavailable(&error))?;
        let view = found.ok_or(AuthFault::Invalid)?;
        let viewer = Viewer { actor: view.actor.clone(), credential: Credential::Key(text.into()) };
        Ok(Authenticated { key: viewer.actor.user.to_string(), viewer, expires_at: None })
    }

    async fn again(&self, known: &Authenticated<Viewer>) -> Result<Authenticated<Viewer>, AuthFault> {
        let found = match &known.viewer.credential {
            Credential::Key(text) => self.by_key(text.expose_secret()).await.map_err(ended_when_invalid)?,
            Credential::Session(session) => {
                let view = app::session::recheck(&self.app, *session).await.map_err(|error| unavailable(&error))?;
                let viewer = in_session(view.as_deref().ok_or(AuthFault::Ended)?, *session);
                Authenticated { viewer, key: known.key.clone(), expires_at: known.expires_at }
            }
        };
        // subscriptions that run keep their viewer: with another role, or other scopes, the client has to come anew
        let same = found.viewer.actor.role == known.viewer.actor.role
            && found.viewer.actor.partner_scopes == known.viewer.actor.partner_scopes;
        if same { Ok(found) } else { Err(AuthFault::Ended) }
    }
}

impl Authenticate for SessionAuthenticator {
    type Viewer = Viewer;

    async fn authenticate(&self, bearer: &str) -> Result<Authenticated<Viewer>, AuthFault> {
        if bearer.starts_with(api_key::PREFIX) { self.by_key(bearer).await } else { self.by_token(bearer).await }
    }

    fn recheck(&self, session: &Authenticated<Viewer>) -> impl Future<Output = Result<Authenticated<Viewer>, AuthFault>> + Send {
        self.again(session)
    }
}

fn in_session(view: &SessionView, session: SessionId) -> Viewer {
    Viewer { actor: view.actor.clone(), credential: Credential::Session(session) }
}

const fn refused(fault: TokenFault) -> AuthFault {
    match fault {
        TokenFault::Expired => AuthFault::Expired,
        TokenFault::Malformed
        | TokenFault::Foreign
        | TokenFault::UnknownKey
        | TokenFault::Signature
        | TokenFault::NotYetValid => AuthFault::Invalid,
    }
}

/// A key that held before and no longer does was revoked, or its user disabled.
const fn ended_when_invalid(fault: AuthFault) -> AuthFault {
    match fault {
        AuthFault::Invalid => AuthFault::Ended,
        AuthFault::Expired | AuthFault::Ended | AuthFault::Unavailable => fault,
    }
}

fn unavailable(error: &AppError) -> AuthFault {
    let error: &(dyn Error + 'static) = error;
    tracing::warn!(error, "a bearer token cannot be checked");
    AuthFault::Unavailable
}
