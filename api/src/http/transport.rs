//! What all handlers share: one value a server, used by every worker.

use std::{net::IpAddr, sync::Arc, time::Duration};

use actix_web::{HttpMessage as _, HttpRequest};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    accept::Media,
    admission::{RateState, Rates, Room},
    answer::Answer,
    caller::{self, Caller, address_key},
    config::{AddressRange, Graphiql, Mode, TransportConfig, TrustedDocuments},
    edge::Origins,
    fault::Fault,
    hygiene::Suggestions,
    metrics::Metrics,
    precheck::Introspection,
    seam::{AuthFault, Authenticate, Authenticated, ConsentLinks, Readiness},
};
use crate::{clock::Clock, limits::Limits};

/// The transport around an executor `E` and a check of tokens `A`.
pub struct Transport<E, A> {
    /// Runs operations.
    pub executor: E,
    /// Checks tokens.
    pub auth: A,
    /// Tells whether the node can serve.
    pub readiness: Readiness,
    /// The numbers.
    pub limits: Limits,
    /// Whether `/graphiql` is served.
    pub graphiql: Graphiql,
    /// Documents that were reviewed beforehand.
    pub trusted_documents: TrustedDocuments,
    /// Origins of browser applications that may call.
    pub origins: Origins,
    /// Cancelled when the server stops.
    pub shutdown: CancellationToken,
    /// Where the links of mails lead.
    pub consent: Option<ConsentLinks>,
    /// Where `now` comes from.
    pub clock: Clock,
    /// The figures.
    pub metrics: Metrics,
    /// Queries and mutations in flight.
    pub operations: Arc<Room>,
    /// Open subscriptions.
    pub subscriptions: Arc<Room>,
    /// Points a minute.
    pub rates: Rates,
    mode: Mode,
    trusted_proxies: Vec<AddressRange>,
}

impl<E, A> std::fmt::Debug for Transport<E, A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transport").field("mode", &self.mode).finish_non_exhaustive()
    }
}

impl<E, A: Authenticate> Transport<E, A> {
    /// Builds it from what the server is told at its start.
    pub fn new(config: TransportConfig, executor: E, auth: A, readiness: Readiness) -> Self {
        let limits = config.limits;
        Self {
            executor,
            auth,
            readiness,
            graphiql: config.graphiql,
            trusted_documents: config.trusted_documents,
            origins: Origins::new(config.allowed_origins),
            shutdown: config.shutdown,
            consent: config.consent,
            clock: config.clock,
            metrics: Metrics::new(config.registry, limits.metric_names_max),
            operations: Room::new(limits.operations_in_flight_per_user_max, limits.operations_in_flight_max),
            subscriptions: Room::new(limits.subscriptions_per_user_max, limits.subscriptions_max),
            rates: Rates::new(limits.rate_points_per_minute),
            mode: config.mode,
            trusted_proxies: config.trusted_proxies,
            limits,
        }
    }

    /// The caller of a request without its token.
    pub fn stranger(&self, request: &HttpRequest) -> Caller<A::Viewer> {
        Caller { session: None, meta: caller::meta(request, &self.trusted_proxies) }
    }

    /// Finds out who calls and takes one point; the answer tells what is left.
    ///
    /// A token that does not hold is charged to the address it came from.
    pub async fn identify(&self, request: &HttpRequest) -> Result<Caller<A::Viewer>, Fault> {
        let mut caller = self.stranger(request);
        match caller::authenticate(request, &self.auth).await {
            Ok(session) => caller.session = session,
            Err(fault) => {
                self.charge_address(request, caller.meta.client_ip)?;
                return Err(fault);
            }
        }
        self.charge(request, &caller.key(), 1)?;
        Ok(caller)
    }

    /// Takes one point of the address that a request without a session comes from.
    pub fn charge_stranger(&self, request: &HttpRequest) -> Result<(), Fault> {
        self.charge_address(request, caller::meta(request, &self.trusted_proxies).client_ip)
    }

    fn charge_address(&self, request: &HttpRequest, address: Option<IpAddr>) -> Result<(), Fault> {
        self.charge(request, &address_key(address), 1)
    }

    fn charge(&self, request: &HttpRequest, key: &String, points: u64) -> Result<(), Fault> {
        match self.rates.charge(key, points) {
            Ok(state) => {
                note_rate(request, state);
                Ok(())
            }
            Err(fault) => {
                note_rate(request, self.rates.exhausted());
                Err(fault)
            }
        }
    }

    /// Whether a caller may read the schema.
    pub fn introspection(&self, caller: &Caller<A::Viewer>) -> Introspection {
        match (self.mode, &caller.session) {
            (Mode::Production, None) => Introspection::Refused,
            (Mode::Production, Some(_)) | (Mode::Development, _) => Introspection::Allowed,
        }
    }

    /// Whether a caller is told what could have been meant.
    pub fn suggestions(&self, caller: &Caller<A::Viewer>) -> Suggestions {
        match self.introspection(caller) {
            Introspection::Allowed => Suggestions::Kept,
            Introspection::Refused => Suggestions::Stripped,
        }
    }

    /// Counts a refusal and writes its answer.
    pub fn refuse(&self, fault: Fault) -> Answer {
        self.metrics.refuse(fault.code.as_str());
        Answer::refusal(fault)
    }

    /// Counts a refusal and answers it over HTTP.
    pub fn respond(&self, media: Media, fault: Fault) -> actix_web::HttpResponse {
        self.refuse(fault).respond(media)
    }
}

/// The longest that a timer waits; longer settings mean the same to a connection and must not overflow the clock.
const WAIT_MAX: Duration = Duration::from_hours(24);

/// The instant after a wait.
pub fn after(wait: Duration) -> Instant {
    Instant::now() + wait.min(WAIT_MAX)
}

/// Lets the edge tell what is left of the caller's points.
pub fn note_rate(request: &HttpRequest, state: Option<RateState>) {
    if let Some(state) = state {
        request.extensions_mut().insert(state);
    }
}

impl<E, A: Authenticate> Transport<E, A> {
    /// When the session behind a long-lived connection is to be checked next: after the usual time, or at the token's end.
    pub fn next_check(&self, session: Option<&Authenticated<A::Viewer>>) -> Instant {
        let expires_at = session.and_then(|session| session.expires_at);
        let left = expires_at.map(|at| (at - self.clock.now()).to_std().unwrap_or_default());
        let recheck = self.limits.recheck().max(Duration::from_millis(1));
        after(left.map_or(recheck, |left| left.min(recheck)))
    }

    /// Checks the session behind a long-lived connection again. What cannot be checked now stays until the token's end.
    pub async fn recheck(&self, caller: &mut Caller<A::Viewer>) -> Result<(), AuthFault> {
        let Some(session) = &caller.session else { return Ok(()) };
        if session.expires_at.is_some_and(|at| at <= self.clock.now()) {
            return Err(AuthFault::Expired);
        }
        match self.auth.recheck(session).await {
            Ok(session) => caller.session = Some(session),
            Err(AuthFault::Unavailable) => tracing::warn!("a session could not be checked again"),
            Err(fault) => return Err(fault),
        }
        Ok(())
    }
}
