//! Where the transport meets the rest: who calls, whether the node is ready, and where a stream resumes.

use std::{
    future::Future,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

/// Turns a bearer token into a viewer.
pub trait Authenticate: Clone + Send + Sync + 'static {
    /// What resolvers find as `Option<Viewer>` in their context.
    type Viewer: Clone + Send + Sync + 'static;

    /// Checks a token as it came, without the word `Bearer`.
    fn authenticate(&self, bearer: &str) -> impl Future<Output = Result<Authenticated<Self::Viewer>, AuthFault>> + Send;

    /// Checks again the session behind a connection that stays open.
    ///
    /// The answer replaces the viewer for the operations that follow; subscriptions that already run keep theirs. Answer
    /// [`AuthFault::Ended`] when that must not be, for example after a change of role: the client then connects anew.
    fn recheck(
        &self,
        session: &Authenticated<Self::Viewer>,
    ) -> impl Future<Output = Result<Authenticated<Self::Viewer>, AuthFault>> + Send;
}

/// A caller whose token holds.
#[derive(Clone, Debug)]
pub struct Authenticated<V> {
    /// Who it is, for the resolvers.
    pub viewer: V,
    /// The key under which operations are counted and rated; the same for all sessions of a user.
    pub key: String,
    /// When the token ends; long-lived connections are closed then.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Why a token was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthFault {
    /// It is not a token of ours, or was tampered with.
    #[error("the access token is not valid")]
    Invalid,
    /// Its time is over.
    #[error("the access token has expired")]
    Expired,
    /// Its session was ended, or its user disabled.
    #[error("the session has ended")]
    Ended,
    /// It could not be checked now, for example because the database does not answer.
    #[error("sessions cannot be checked at the moment")]
    Unavailable,
}

/// What is known of a request beside its document; resolvers find it in their context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestMeta {
    /// The id that the answer carries as `X-Request-Id`, and that logs should carry; on a socket that of its handshake.
    pub request_id: String,
    /// The client's address; behind a trusted proxy the one that the proxy tells.
    pub client_ip: Option<IpAddr>,
    /// The client's name for itself, cut to 255 bytes.
    pub user_agent: Option<String>,
}

/// The cursor of `Last-Event-ID`, if the client sent one; a subscription reads it when its argument `after` is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResumeFrom(pub Option<String>);

/// The cursor of the event that is about to be sent: a subscription sets it before it yields, the event stream takes it as `id:`.
#[derive(Clone, Debug, Default)]
pub struct CursorSlot(Arc<Mutex<Option<String>>>);

impl CursorSlot {
    /// Notes the cursor of the next event.
    pub fn set(&self, cursor: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(cursor);
    }

    /// Takes the cursor that was noted last.
    pub fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Asks whether this node can serve: the database answers, migrations are up to date.
#[derive(Clone)]
pub struct Readiness(Arc<dyn Fn() -> BoxFuture<'static, Vec<String>> + Send + Sync>);

impl std::fmt::Debug for Readiness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Readiness")
    }
}

impl Readiness {
    /// `check` answers the reasons why the node is not ready; none means it is.
    pub fn new<F, Fut>(check: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Vec<String>> + Send + 'static,
    {
        Self(Arc::new(move || Box::pin(check())))
    }

    /// The reasons why the node is not ready.
    pub async fn reasons(&self) -> Vec<String> {
        (self.0)().await
    }
}

/// A link of a mail as somebody follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowedLink {
    /// The secret in it.
    pub token: String,
    /// Whether it is meant for everything, and not only for what the mail was about.
    pub everything: bool,
    /// Where it was followed from.
    pub meta: RequestMeta,
}

/// What is told to whoever followed a link. Whether the link was good is never told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkAnswer {
    /// It was looked at.
    Received,
    /// Too many links that are none of ours came from there; not before so many seconds.
    TooMany {
        /// When to come back, in seconds.
        retry_after_s: u64,
    },
    /// It could not be looked at now.
    Unavailable,
}

type FollowLink = Arc<dyn Fn(FollowedLink) -> BoxFuture<'static, LinkAnswer> + Send + Sync>;

/// Where the links of mails lead.
#[derive(Clone)]
pub struct ConsentLinks {
    confirm: FollowLink,
    withdraw: FollowLink,
}

impl std::fmt::Debug for ConsentLinks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ConsentLinks")
    }
}

impl ConsentLinks {
    /// `confirm` gives consent, `withdraw` takes it back.
    pub fn new<F, Fut, G, Gut>(confirm: F, withdraw: G) -> Self
    where
        F: Fn(FollowedLink) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = LinkAnswer> + Send + 'static,
        G: Fn(FollowedLink) -> Gut + Send + Sync + 'static,
        Gut: Future<Output = LinkAnswer> + Send + 'static,
    {
        Self { confirm: Arc::new(move |link| Box::pin(confirm(link))), withdraw: Arc::new(move |link| Box::pin(withdraw(link))) }
    }

    /// Gives consent.
    pub async fn confirm(&self, link: FollowedLink) -> LinkAnswer {
        (self.confirm)(link).await
    }

    /// Takes consent back.
    pub async fn withdraw(&self, link: FollowedLink) -> LinkAnswer {
        (self.withdraw)(link).await
    }
}
