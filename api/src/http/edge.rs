//! The outermost layer: a request id on every answer, CORS, and what is left of the caller's points.

use actix_web::{
    Error, HttpMessage as _, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{
            ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
            ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HOST, HeaderMap, HeaderName,
            HeaderValue, ORIGIN, VARY, X_CONTENT_TYPE_OPTIONS,
        },
    },
    middleware::Next,
    web,
};
use uuid::Uuid;

use super::admission::RateState;
use crate::clock::new_id;

/// The id of a request, drawn here and told in `X-Request-Id`.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Headers that a browser application may send.
const ALLOWED_HEADERS: &str = "accept, authorization, content-type, fairfall-preflight, graphql-require-preflight, last-event-id";
/// Headers that a browser application may read.
const EXPOSED_HEADERS: &str = "ratelimit, ratelimit-policy, retry-after, x-request-id";
/// How long a browser may remember the answer to its preflight, in seconds.
const PREFLIGHT_AGE_S: u64 = 600;

/// Origins that may call beside the server's own.
#[derive(Clone, Debug, Default)]
pub struct Origins(Vec<String>);

impl Origins {
    /// `*` allows every origin.
    pub fn new(origins: Vec<String>) -> Self {
        Self(origins.into_iter().map(|origin| origin.trim_end_matches('/').to_ascii_lowercase()).collect())
    }

    /// The origin of a request, if it is on the list.
    fn listed<'a>(&self, headers: &'a HeaderMap) -> Option<&'a HeaderValue> {
        let origin = headers.get(ORIGIN)?;
        let text = origin.to_str().ok()?.to_ascii_lowercase();
        self.0.iter().any(|allowed| *allowed == text || allowed == "*").then_some(origin)
    }

    /// Whether a socket may be opened: from the list, from the server's own origin, or from something that is no browser.
    pub fn admits(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(ORIGIN) else { return true };
        self.listed(headers).is_some() || is_own(origin, headers)
    }
}

/// Whether an origin names the host that was called; the scheme is not known behind a proxy.
fn is_own(origin: &HeaderValue, headers: &HeaderMap) -> bool {
    let authority = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, authority)| authority);
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    match (authority, host) {
        (Some(authority), Some(host)) => authority.eq_ignore_ascii_case(host),
        _ => false,
    }
}

/// Wraps every request, those that lead nowhere too.
pub async fn edge<B: MessageBody + 'static>(
    origins: web::Data<Origins>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let id = new_id::<Uuid>().simple().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    let allowed = origins.listed(request.headers()).cloned();
    let is_preflight = request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if is_preflight {
        let answer = preflight(allowed.is_some());
        request.into_response(answer)
    } else {
        next.call(request).await?.map_into_boxed_body()
    };
    let rate = response.request().extensions().get::<RateState>().copied();
    let headers = response.headers_mut();
    set(headers, HeaderName::from_static("x-request-id"), &id);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.append(VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = allowed {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED_HEADERS));
    }
    if let Some(rate) = rate {
        tell_rate(headers, rate);
    }
    Ok(response)
}

fn preflight(is_allowed: bool) -> HttpResponse {
    if !is_allowed {
        return HttpResponse::Forbidden().finish();
    }
    HttpResponse::NoContent()
        .insert_header((ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"))
        .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS))
        .insert_header((ACCESS_CONTROL_MAX_AGE, PREFLIGHT_AGE_S))
        .finish()
}

/// Writes the `RateLimit` fields (draft-ietf-httpapi-ratelimit-headers-10).
fn tell_rate(headers: &mut HeaderMap, rate: RateState) {
    let RateState { limit, remaining, reset_s } = rate;
    set(headers, HeaderName::from_static("ratelimit-policy"), &format!("\"points\";q={limit};w=60"));
    set(headers, HeaderName::from_static("ratelimit"), &format!("\"points\";r={remaining};t={reset_s}"));
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
