//! One operation from its parameters to its answer, the same on every transport.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Instant};

use async_graphql::{Executor, Request, Response, ServerError, Value, parser::types::OperationType};
use futures_util::{FutureExt as _, Stream, StreamExt as _};

use super::{
    admission::{Full, Permit, RateState},
    answer::Answer,
    caller::Caller,
    fault::{Code, Fault},
    hygiene::{Hygiene, Suggestions, is_refused},
    metrics::Outcome,
    params::Params,
    precheck::{Prechecked, precheck},
    seam::Authenticate,
    transport::Transport,
};

/// The kinds of operation that a transport takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// GET.
    Queries,
    /// POST.
    QueriesAndMutations,
    /// GET of the event stream.
    QueriesAndSubscriptions,
    /// WebSocket, and POST of the event stream.
    All,
}

impl Takes {
    fn check(self, kind: OperationType) -> Result<(), Fault> {
        match (kind, self) {
            (OperationType::Mutation, Self::Queries | Self::QueriesAndSubscriptions) => {
                Err(Fault::method("POST", "a mutation needs POST"))
            }
            (OperationType::Subscription, Self::Queries | Self::QueriesAndMutations) => {
                Err(Fault::new(Code::SubscriptionUnsupported, "a subscription needs the WebSocket or the event stream"))
            }
            (OperationType::Query | OperationType::Mutation | OperationType::Subscription, _) => Ok(()),
        }
    }
}

/// An operation that was let in.
#[derive(Debug)]
pub struct Admitted {
    /// The request for the executor, parsed.
    pub request: Request,
    /// The kind of the operation.
    pub kind: OperationType,
    /// What is left of the caller's points.
    pub rate: Option<RateState>,
    name: Option<String>,
    cost: u64,
    permit: Permit,
    request_id: String,
    suggestions: Suggestions,
}

impl<E: Executor, A: Authenticate> Transport<E, A> {
    /// Checks the document, takes its points, takes a place in flight, and builds the request.
    pub fn admit(&self, caller: &Caller<A::Viewer>, params: &Params, takes: Takes) -> Result<Admitted, Fault> {
        let document = params.document(&self.trusted_documents)?;
        let (name, introspection) = (params.operation_name.as_deref(), self.introspection(caller));
        let checked = precheck(document, name, &params.variables, &self.limits, introspection)?;
        takes.check(checked.kind)?;
        let key = caller.key();
        let rate = self.rates.charge(&key, checked.cost.saturating_sub(1))?;
        let permit = self.enter(checked.kind, &key)?;
        Ok(self.admitted(caller, params, document, checked, rate, permit))
    }

    fn enter(&self, kind: OperationType, key: &str) -> Result<Permit, Fault> {
        let (room, code) = match kind {
            OperationType::Query | OperationType::Mutation => (&self.operations, Code::TooManyInFlight),
            OperationType::Subscription => (&self.subscriptions, Code::TooManySubscriptions),
        };
        room.enter(key).map_err(|full| {
            let fault = match full {
                Full::ForKey => Fault::new(code, "too many operations of this caller are open"),
                Full::ForNode => Fault::new(Code::Overloaded, "the server is busy"),
            };
            fault.retry_after(1)
        })
    }

    fn admitted(
        &self,
        caller: &Caller<A::Viewer>,
        params: &Params,
        document: &str,
        checked: Prechecked,
        rate: Option<RateState>,
        permit: Permit,
    ) -> Admitted {
        let viewer: Option<A::Viewer> = caller.session.as_ref().map(|session| session.viewer.clone());
        let mut request = Request::new(document).variables(params.variables.clone());
        request.operation_name.clone_from(&checked.operation_name);
        request = request.data(viewer).data(caller.meta.clone());
        request.set_parsed_query(checked.document);
        Admitted {
            request,
            kind: checked.kind,
            rate,
            name: checked.operation_name,
            cost: checked.cost,
            permit,
            request_id: caller.meta.request_id.clone(),
            suggestions: self.suggestions(caller),
        }
    }

    /// Runs a query or mutation to its end, or to the limit of time.
    pub async fn run(&self, admitted: Admitted) -> Answer {
        let Admitted { request, name, cost, permit, request_id, suggestions, .. } = admitted;
        let hygiene = Hygiene { request_id: &request_id, suggestions, limits: &self.limits };
        let (started, counted) = (Instant::now(), self.metrics.operation());
        let execution = AssertUnwindSafe(self.executor.execute(request)).catch_unwind();
        let answer = match tokio::time::timeout(self.limits.execution(), execution).await {
            Ok(Ok(response)) => self.answer(response, cost, hygiene),
            Ok(Err(_)) => self.panicked(hygiene),
            Err(_) => self.refuse(Fault::new(Code::Timeout, "the operation took too long and was given up")),
        };
        drop((counted, permit));
        let outcome = if answer.fault.is_none() { Outcome::Executed } else { Outcome::Refused };
        self.metrics.observe(name.as_deref(), outcome, started.elapsed());
        answer
    }

    /// Starts a subscription. Its place is free again when the stream is dropped.
    pub fn subscribe(self: &Arc<Self>, admitted: Admitted) -> impl Stream<Item = Answer> + use<E, A> {
        let Admitted { request, cost, permit, request_id, suggestions, .. } = admitted;
        let transport = Arc::clone(self);
        let responses = AssertUnwindSafe(self.executor.execute_stream(request, None)).catch_unwind();
        responses.map(move |response| {
            let _held = &permit;
            let hygiene = Hygiene { request_id: &request_id, suggestions, limits: &transport.limits };
            match response {
                Ok(response) => transport.answer(response, cost, hygiene),
                Err(_) => transport.panicked(hygiene),
            }
        })
    }

    fn answer(&self, response: Response, cost: u64, hygiene: Hygiene<'_>) -> Answer {
        if is_refused(&response) {
            self.metrics.refuse(Code::ValidationFailed.as_str());
            let fault = Fault::new(Code::ValidationFailed, "the document does not fit the schema");
            let errors = hygiene.refused(response.errors);
            return Answer { errors, data: None, extensions: serde_json::Map::new(), fault: Some(fault) };
        }
        let mut extensions = serde_json::Map::new();
        for (name, value) in response.extensions {
            extensions.insert(name, value.into_json().unwrap_or_default());
        }
        extensions.insert("cost".to_owned(), cost.into());
        Answer { errors: hygiene.executed(response.errors), data: Some(response.data), extensions, fault: None }
    }

    fn panicked(&self, hygiene: Hygiene<'_>) -> Answer {
        tracing::error!(request_id = hygiene.request_id, "an operation panicked");
        self.metrics.refuse(Code::Internal.as_str());
        let fault = Fault::new(Code::Internal, "internal error");
        let errors = hygiene.refused(vec![ServerError { extensions: fault.to_error().extensions, ..fault.to_error() }]);
        Answer { errors, data: None, extensions: serde_json::Map::new(), fault: Some(fault) }
    }
}

impl Answer {
    /// Whether it tells that nothing was executed, or that the source of a subscription could not be opened.
    pub fn is_failure(&self) -> bool {
        !self.errors.is_empty() && self.data.as_ref().is_none_or(|data| *data == Value::Null)
    }
}
