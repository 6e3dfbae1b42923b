//! Use cases. Each is: authorise, load, tell the domain, save, commit. No GraphQL, HTTP server or ORM here; GraphQL, workers and the command
//! line all come through these functions, so that rules and permissions cannot differ between them.

pub mod activity;
pub mod agreement;
pub mod api_key;
pub mod attribute;
pub mod buying_center;
pub mod calendar;
pub mod campaign;
pub mod company;
pub mod consent;
pub mod customer;
pub mod draft;
pub mod duplicate;
pub mod enrichment;
pub mod error;
pub mod event;
pub mod feedback;
pub mod forecast;
pub mod idempotency;
pub mod import;
pub mod install;
pub mod lead;
pub mod mail;
pub mod merge;
pub mod node;
pub mod notification;
pub mod person;
pub mod protection;
pub mod quality;
pub mod reference;
pub mod report;
pub mod routing;
pub mod rules;
pub mod score;
pub mod score_explain;
pub mod score_model;
pub mod score_override;
pub mod session;
pub mod sla;
pub mod team;
pub mod track;
pub mod user;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::access::{Action, Actor, Grant, grant};
use fairfall_domain::department::Department;
use fairfall_domain::id::{PersonId, SessionId, UserId};
use fairfall_domain::waterfall::facts::ActingParty;
use fairfall_persistence::audit::{self, AuditOutcome, AuditRow};
use fairfall_persistence::repo::lead::Stamp;
use fairfall_persistence::{Reader, Store, UnitOfWork};
use uuid::Uuid;

use crate::auth::password::PasswordHasherPool;
use crate::auth::token::TokenKeys;
use crate::clock::{Clock, new_id};

pub use error::{AppError, Rejection};

/// How long sessions and their tokens live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTimes {
    /// Life of an access token.
    pub access_token: TimeDelta,
    /// A session unused for this long ends.
    pub refresh_idle: TimeDelta,
    /// A session ends after this long whatever happens.
    pub refresh_absolute: TimeDelta,
}

/// Everything a use case may need. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    clock: Clock,
    rules: rules::RulesCache,
    forecast: forecast::ForecastCache,
    reference: reference::ReferenceCache,
    sessions: session::SessionCache,
    hub: event::Hub,
    passwords: PasswordHasherPool,
    tokens: TokenKeys,
    times: SessionTimes,
    geo: Option<enrichment::GeoDatabase>,
    provider: Option<enrichment::DataProvider>,
    mails: Mails,
}

/// Whether somebody sends what is written into the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mails {
    /// A mail server is configured.
    Sent,
    /// None is: mails that nobody asked for are not written.
    NotSent,
}

/// What an [`App`] is made from.
#[derive(Debug)]
pub struct AppParts {
    /// The database.
    pub store: Store,
    /// The clock.
    pub clock: Clock,
    /// Hashes passwords.
    pub passwords: PasswordHasherPool,
    /// Signs access tokens.
    pub tokens: TokenKeys,
    /// How long sessions live.
    pub times: SessionTimes,
    /// Countries by address, when the operator gave a file.
    pub geo: Option<enrichment::GeoDatabase>,
    /// The data provider, when one is configured.
    pub provider: Option<enrichment::DataProvider>,
    /// Whether mails are sent.
    pub mails: Mails,
}

impl App {
    /// An app over these parts.
    pub fn new(parts: AppParts) -> Self {
        let AppParts { store, clock, passwords, tokens, times, geo, provider, mails } = parts;
        let (rules, sessions, hub) = (rules::RulesCache::default(), session::SessionCache::default(), event::Hub::default());
        Self(Arc::new(Inner {
            store,
            clock,
            rules,
            forecast: forecast::ForecastCache::default(),
            reference: reference::ReferenceCache::default(),
            sessions,
            hub,
            passwords,
            tokens,
            times,
            geo,
            provider,
            mails,
        }))
    }

    /// The store, for workers and the command line.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The time now.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// Countries by address, when the operator gave a file.
    fn geo(&self) -> Option<&enrichment::GeoDatabase> {
        self.0.geo.as_ref()
    }

    /// The data provider, when one is configured.
    fn provider(&self) -> Option<&enrichment::DataProvider> {
        self.0.provider.as_ref()
    }

    /// Whether a mail server is configured.
    fn sends_mails(&self) -> bool {
        self.0.mails == Mails::Sent
    }

    /// The model in force, kept in memory.
    pub(crate) fn forecast_cache(&self) -> &forecast::ForecastCache {
        &self.0.forecast
    }

    fn hub(&self) -> &event::Hub {
        &self.0.hub
    }

    fn reader(&self) -> Reader {
        self.0.store.reader()
    }
}

/// Who calls a use case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The user with its role and teams.
    pub actor: Actor,
    /// The session it acts in; none for the command line.
    pub session: Option<SessionId>,
    /// The id of the request, for the audit and the log.
    pub request_id: String,
}

impl Caller {
    /// The permission for an action, or nothing.
    fn may(&self, action: Action) -> Option<Grant> {
        grant(&self.actor, action).ok()
    }

    /// The permission for an action.
    fn must(&self, action: Action) -> Result<Grant, AppError> {
        self.may(action).ok_or_else(|| Rejection::NotAllowed { action }.into())
    }

    /// The caller as the domain sees who acts.
    fn party(&self) -> ActingParty {
        ActingParty { user: Some(self.actor.user), department: self.department() }
    }

    /// The caller's department; none for admins, analysts and partners.
    pub fn department(&self) -> Option<Department> {
        self.actor.role.department()
    }

    /// The stamp of what this caller does now, with ids for its events.
    fn stamp(&self, action: Action, at: DateTime<Utc>, events: usize) -> Stamp {
        Stamp {
            actor: Some(self.actor.user),
            at,
            request_id: Some(self.request_id.clone()),
            event_ids: (0..events).map(|_| new_id()).collect(),
            audit_id: new_id(),
            action,
        }
    }

    /// The audit row of what this caller does now.
    fn audit_row(&self, action: Action, kind: &str, subject: Uuid, at: DateTime<Utc>) -> AuditRow {
        done_row((Some(self.actor.user), Some(self.request_id.clone())), action, kind, Some(subject), at)
    }

    /// Writes that row.
    async fn audit(
        &self,
        uow: &UnitOfWork,
        action: Action,
        kind: &str,
        subject: Uuid,
        at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        Ok(audit::append(uow, &self.audit_row(action, kind, subject, at)).await?)
    }

    /// Writes the audit row of what this caller does now to something without an id.
    async fn audit_plain(&self, uow: &UnitOfWork, action: Action, kind: &str, at: DateTime<Utc>) -> Result<(), AppError> {
        let row = done_row((Some(self.actor.user), Some(self.request_id.clone())), action, kind, None, at);
        Ok(audit::append(uow, &row).await?)
    }

    /// Writes the audit row of what the system does by itself now.
    async fn audit_itself(
        uow: &UnitOfWork,
        action: Action,
        kind: &str,
        subject: Uuid,
        at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        Ok(audit::append(uow, &done_row((None, None), action, kind, Some(subject), at)).await?)
    }
}

/// The audit row of something that was done; `who` is the user and the request.
fn done_row(
    who: (Option<UserId>, Option<String>),
    action: Action,
    kind: &str,
    subject: Option<Uuid>,
    at: DateTime<Utc>,
) -> AuditRow {
    AuditRow {
        id: new_id(),
        at,
        actor: who.0,
        action,
        subject_kind: kind.to_owned(),
        subject,
        request_id: who.1,
        outcome: AuditOutcome::Done,
        detail: None,
    }
}

/// Writes the audit row of what a person did by the link of a mail.
async fn link_audit(uow: &UnitOfWork, client: &session::Client, person: PersonId, at: DateTime<Utc>) -> Result<(), AppError> {
    let who = (None, Some(client.request_id.clone()));
    Ok(audit::append(uow, &done_row(who, Action::UpdatePerson, "person", Some(person.uuid()), at)).await?)
}
