//! Sessions: sign in, refresh, end, and who acts in one.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::id::{SessionId, UserId};
use fairfall_domain::user::User;
use fairfall_persistence::repo;
use fairfall_persistence::repo::refresh_token::{Exchange, Rotation};
use fairfall_persistence::repo::session::{EndReason, Session, SessionView};
use secrecy::SecretString;

use crate::auth::refresh::RefreshToken;
use crate::auth::throttle;
use crate::auth::token::{AccessClaims, ClaimsInput};
use crate::clock::new_id;

use super::{App, AppError, Caller, Rejection};

/// For how long the state of a session is believed, in seconds: a disabled user is out within this time.
pub const SESSION_CACHE_S: u64 = 15;
/// The most sessions kept in memory.
const SESSION_CACHE_MAX: u64 = 10_000;
/// How long a used refresh token may be sent again, by a client that lost the answer, in seconds.
const REFRESH_GRACE_S: i64 = 10;
/// Failures of one address count this much less than those of one account: many people share an address.
const ADDRESS_SHARE: u32 = 10;
/// The longest name of a client that is kept, in characters.
const CLIENT_CHARS_MAX: usize = 200;

/// Sessions that were looked up lately.
#[derive(Debug)]
pub(super) struct SessionCache(moka::future::Cache<SessionId, Arc<SessionView>>);

impl Default for SessionCache {
    fn default() -> Self {
        let live = Duration::from_secs(SESSION_CACHE_S);
        Self(moka::future::Cache::builder().max_capacity(SESSION_CACHE_MAX).time_to_live(live).build())
    }
}

/// Where a request without a session comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its address.
    pub ip: Option<IpAddr>,
    /// Its name for itself.
    pub user_agent: Option<String>,
    /// The id of the request.
    pub request_id: String,
}

/// What a client gets when it signs in or refreshes.
#[derive(Clone)]
pub struct Tokens {
    /// The session.
    pub session: SessionId,
    /// Sent with each request.
    pub access_token: String,
    /// Exchanged once for the next pair.
    pub refresh_token: String,
    /// When the access token expires, UTC.
    pub expires_at: DateTime<Utc>,
    /// Who signed in.
    pub user: User,
}

/// Signs in.
///
/// # Errors
/// `BadCredentials` for an unknown address, a wrong password and a disabled user alike; `Throttled` after failed tries.
#[tracing::instrument(name = "app.session.create", skip_all)]
pub async fn create(app: &App, client: &Client, email: &str, password: SecretString) -> Result<Tokens, AppError> {
    let account = throttle::account_key(email);
    let address = client.ip.map(throttle::address_key);
    let now = app.now();
    refuse_throttled(app, &account, address.as_deref(), now).await?;
    // counted before the password is looked at, so that a burst cannot outrun the count; cleared when it was right
    count_failure(app, account.clone(), now).await?;
    let Some(user) = check_password(app, email, &password).await? else {
        if let Some(address) = address {
            count_failure(app, address, now).await?;
        }
        return Err(Rejection::BadCredentials.into());
    };
    open(app, client, user, account).await
}

pub(super) async fn count_failure(app: &App, key: String, now: DateTime<Utc>) -> Result<(), AppError> {
    app.store()
        .transact(move |uow| {
            let key = key.clone();
            Box::pin(async move {
                let before = repo::login_throttle::get(uow, &[&key]).await?;
                if before.iter().any(|failure| throttle::is_forgotten(failure.last_at, now)) {
                    repo::login_throttle::clear(uow, &key).await?;
                }
                Ok::<_, AppError>(repo::login_throttle::fail(uow, &[&key], now).await?)
            })
        })
        .await
}

async fn refuse_throttled(app: &App, account: &str, address: Option<&str>, now: DateTime<Utc>) -> Result<(), AppError> {
    let keys: Vec<&str> = std::iter::once(account).chain(address).collect();
    let failures = repo::login_throttle::get(&app.reader(), &keys).await?;
    let until = failures.iter().filter_map(|failure| {
        let counted = if failure.key == account { failure.count } else { failure.count / ADDRESS_SHARE };
        throttle::blocked_until(counted, failure.last_at).filter(|until| *until > now)
    });
    match until.max() {
        Some(until) => Err(Rejection::Throttled { until }.into()),
        None => Ok(()),
    }
}

/// The user whose password it is. Unknown, disabled and wrong take the same work.
async fn check_password(app: &App, email: &str, password: &SecretString) -> Result<Option<User>, AppError> {
    let key = email.trim().to_lowercase();
    let found = repo::user::find_by_email_key(&app.reader(), &key).await?;
    let stored = found.and_then(|found| Some((found.user, found.password_hash?)));
    let Some((user, hash)) = stored.filter(|(user, _)| user.is_active()) else {
        app.0.passwords.verify_nobody(password).await.map_err(AppError::internal)?;
        return Ok(None);
    };
    let verified = app.0.passwords.verify_and_upgrade(password, &hash).await.map_err(AppError::internal)?;
    if !verified.matches {
        return Ok(None);
    }
    if let Some(rehash) = verified.rehash {
        let (id, now) = (user.id, app.now());
        app.store()
            .transact(move |uow| {
                let (rehash, hash) = (rehash.clone(), hash.clone());
                Box::pin(async move {
                    // a password that was set meanwhile is not taken back
                    let stored = repo::user::find_credentials(uow, id).await?.and_then(|stored| stored.password_hash);
                    if stored.as_deref() == Some(hash.as_str()) {
                        repo::user::set_password_hash(uow, id, &rehash, now).await?;
                    }
                    Ok::<_, AppError>(())
                })
            })
            .await?;
    }
    Ok(Some(user))
}

async fn open(app: &App, client: &Client, user: User, account: String) -> Result<Tokens, AppError> {
    let now = app.now();
    let times = app.0.times;
    let session = Session {
        id: new_id(),
        user: user.id,
        created_at: now,
        last_used_at: now,
        idle_expires_at: now + times.refresh_idle,
        absolute_expires_at: now + times.refresh_absolute,
        ended: None,
        client: client.user_agent.as_ref().map(|name| name.chars().take(CLIENT_CHARS_MAX).collect()),
    };
    let refresh = RefreshToken::generate();
    let (stored, hash) = (session.clone(), refresh.hash().to_hex());
    app.store()
        .transact(move |uow| {
            let (session, hash, account) = (stored.clone(), hash.clone(), account.clone());
            Box::pin(async move {
                repo::login_throttle::clear(uow, &account).await?;
                repo::session::insert(uow, &session).await?;
                repo::refresh_token::insert(uow, session.id, &hash, now).await?;
                Ok::<_, AppError>(())
            })
        })
        .await?;
    tokens(app, session.id, user, &refresh)
}

fn tokens(app: &App, session: SessionId, user: User, refresh: &RefreshToken) -> Result<Tokens, AppError> {
    let (now, ttl) = (app.now(), app.0.times.access_token);
    let claims = ClaimsInput { user: user.id, session, role: user.role.as_str(), jti: new_id(), now, ttl };
    let access_token = app.0.tokens.issue(&claims).map_err(AppError::internal)?;
    Ok(Tokens { session, access_token, refresh_token: refresh.expose().to_owned(), expires_at: now + ttl, user })
}

/// Exchanges a refresh token for the next pair. A token that was used before ends the whole session: it was stolen, or is being tried.
///
/// # Errors
/// `SessionExpired` for tokens that are unknown, used, expired or of an ended session.
#[tracing::instrument(name = "app.session.refresh", skip_all)]
pub async fn refresh(app: &App, presented: &str) -> Result<Tokens, AppError> {
    let expired = || AppError::from(Rejection::SessionExpired);
    let presented_hash = RefreshToken::parse(presented).map_err(|_| expired())?.hash().to_hex();
    let successor = RefreshToken::generate();
    let successor_hash = successor.hash().to_hex();
    let (now, idle) = (app.now(), app.0.times.refresh_idle);
    let rotation = app
        .store()
        .transact(move |uow| {
            let (presented_hash, successor_hash) = (presented_hash.clone(), successor_hash.clone());
            Box::pin(async move {
                let grace = TimeDelta::seconds(REFRESH_GRACE_S);
                let exchange = Exchange { presented_hash: &presented_hash, successor_hash: &successor_hash, now, grace, idle };
                Ok::<_, AppError>(repo::refresh_token::rotate(uow, exchange).await?)
            })
        })
        .await?;
    match rotation {
        Rotation::Rotated { session } | Rotation::Grace { session } => {
            let view = repo::session::load_actor(&app.reader(), session.id, now).await?.ok_or_else(expired)?;
            tokens(app, session.id, view.user, &successor)
        }
        Rotation::Reused { session } => {
            app.0.sessions.0.invalidate(&session.id).await;
            tracing::warn!(session = %session.id, "a used refresh token was sent again; the session is ended");
            Err(expired())
        }
        Rotation::Expired { .. } | Rotation::Unknown => Err(expired()),
    }
}

/// Who acts in the session of an access token; nothing when the session has ended. At most [`SESSION_CACHE_S`] old.
pub async fn authenticate(app: &App, claims: &AccessClaims) -> Result<Option<Arc<SessionView>>, AppError> {
    if let Some(known) = app.0.sessions.0.get(&claims.session).await {
        return Ok(Some(known).filter(|view| view.user.id == claims.user));
    }
    recheck(app, claims.session).await.map(|found| found.filter(|view| view.user.id == claims.user))
}

/// Who acts in a session, at most [`SESSION_CACHE_S`] old; nothing when it has ended.
pub async fn current(app: &App, session: SessionId) -> Result<Option<Arc<SessionView>>, AppError> {
    match app.0.sessions.0.get(&session).await {
        Some(known) => Ok(Some(known)),
        None => recheck(app, session).await,
    }
}

/// Who acts in a session now, read afresh.
pub async fn recheck(app: &App, session: SessionId) -> Result<Option<Arc<SessionView>>, AppError> {
    let found = repo::session::load_actor(&app.reader(), session, app.now()).await?;
    let Some(view) = found.map(Arc::new) else {
        app.0.sessions.0.invalidate(&session).await;
        return Ok(None);
    };
    app.0.sessions.0.insert(session, Arc::clone(&view)).await;
    Ok(Some(view))
}

impl App {
    /// Forgets what is known of all sessions, after a change of users, roles or teams.
    pub(super) fn forget_sessions(&self) {
        self.0.sessions.0.invalidate_all();
    }

    /// The keys that sign access tokens.
    pub fn tokens(&self) -> &crate::auth::token::TokenKeys {
        &self.0.tokens
    }
}

/// Ends a session: the caller's own, or another of the caller's, or anybody's for those who manage sessions of all.
///
/// # Errors
/// `NotFound` for sessions that are not the caller's to end.
#[tracing::instrument(name = "app.session.end", skip_all)]
pub async fn end(app: &App, caller: &Caller, session: Option<SessionId>) -> Result<(), AppError> {
    let target = session.or(caller.session).ok_or_else(|| AppError::not_found("session"))?;
    let grant = caller.must(Action::ManageSession)?;
    let found = repo::session::find(&app.reader(), target).await?.ok_or_else(|| AppError::not_found("session"))?;
    let reach = fairfall_domain::access::Subject { owner: Some(found.user), ..fairfall_domain::access::Subject::default() };
    if !grant.covers(&reach) {
        return Err(AppError::not_found("session"));
    }
    let reason = if found.user == caller.actor.user { EndReason::SignedOut } else { EndReason::Revoked };
    let now = app.now();
    let caller = caller.clone();
    app.store()
        .transact(move |uow| {
            let caller = caller.clone();
            Box::pin(async move {
                repo::session::end(uow, target, reason, now).await?;
                caller.audit(uow, Action::ManageSession, "session", target.uuid(), now).await
            })
        })
        .await?;
    app.0.sessions.0.invalidate(&target).await;
    Ok(())
}

/// The caller's live sessions, last used first.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Session>, AppError> {
    list_of(app, caller.actor.user).await
}

async fn list_of(app: &App, user: UserId) -> Result<Vec<Session>, AppError> {
    Ok(repo::session::list(&app.reader(), user, app.now()).await?)
}
