//! `/consent/confirm` and `/consent/withdraw`: where the links of mails lead.
//!
//! Opening a link shows a page with a button and does nothing else, because mail scanners open links too; pressing the button is a POST. Mail
//! programs that know RFC 8058 send that POST themselves to withdraw. A page never tells whether its link was good.

mod page;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{
            ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderValue,
            REFERRER_POLICY, RETRY_AFTER,
        },
    },
    web,
};
use async_graphql::Executor;
use serde::Deserialize;

use super::{
    accept::Media,
    fault::{Code, Fault},
    seam::{Authenticate, ConsentLinks, FollowedLink, LinkAnswer},
    transport::Transport,
};
use page::{Act, Tongue, Word};

/// Most bytes of a pressed button.
pub const BODY_BYTES_MAX: usize = 4_096;

/// Nothing but the page's own style and its one form; nobody learns the address with its secret.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What stands behind the question mark, or in a pressed button.
#[derive(Debug, Default, Deserialize)]
struct Sent {
    token: Option<String>,
    lang: Option<String>,
    everything: Option<String>,
}

impl Sent {
    /// The secret, if it has the letters of one: nothing else is written into a page.
    fn token(&self) -> &str {
        let token = self.token.as_deref().unwrap_or_default().trim();
        let plain = token.len() <= 64 && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        if plain { token } else { "" }
    }

    fn read(text: &str) -> Self {
        web::Query::<Self>::from_query(text).map(web::Query::into_inner).unwrap_or_default()
    }
}

/// The page that asks whether to give consent.
pub async fn confirm_page<E: Executor, A: Authenticate>(
    request: HttpRequest,
    transport: web::Data<Transport<E, A>>,
) -> HttpResponse {
    ask(&transport, &request, Act::Confirm)
}

/// The page that asks whether to take consent back.
pub async fn withdraw_page<E: Executor, A: Authenticate>(
    request: HttpRequest,
    transport: web::Data<Transport<E, A>>,
) -> HttpResponse {
    ask(&transport, &request, Act::Withdraw)
}

/// The button that gives consent.
pub async fn confirm<E: Executor, A: Authenticate>(
    request: HttpRequest,
    body: web::Bytes,
    transport: web::Data<Transport<E, A>>,
) -> HttpResponse {
    press(&transport, &request, &body, Act::Confirm).await
}

/// The button that takes consent back, and the one click of a mail program.
pub async fn withdraw<E: Executor, A: Authenticate>(
    request: HttpRequest,
    body: web::Bytes,
    transport: web::Data<Transport<E, A>>,
) -> HttpResponse {
    press(&transport, &request, &body, Act::Withdraw).await
}

/// Any other method.
pub async fn other<E: Executor, A: Authenticate>(transport: web::Data<Transport<E, A>>) -> HttpResponse {
    transport.respond(Media::Json, Fault::method("GET, HEAD, POST", "use GET or POST here"))
}

fn ask<E: Executor, A: Authenticate>(transport: &Transport<E, A>, request: &HttpRequest, act: Act) -> HttpResponse {
    if transport.consent.is_none() {
        return absent(transport);
    }
    let sent = Sent::read(request.query_string());
    let tongue = tongue(&sent, request.headers());
    answer(StatusCode::OK, tongue, page::question(act, tongue, sent.token()))
}

async fn press<E: Executor, A: Authenticate>(
    transport: &Transport<E, A>,
    request: &HttpRequest,
    body: &[u8],
    act: Act,
) -> HttpResponse {
    let Some(links) = &transport.consent else { return absent(transport) };
    let query = Sent::read(request.query_string());
    // a mail program may send its one click in any form: what it needs stands in the address
    let form = std::str::from_utf8(body).map(Sent::read).unwrap_or_default();
    let tongue = tongue(if form.lang.is_some() { &form } else { &query }, request.headers());
    // whoever presses pays for it like any other caller without a session
    if let Err(fault) = transport.charge_stranger(request) {
        return told(tongue, LinkAnswer::TooMany { retry_after_s: fault.retry_after_s.unwrap_or(60) }, act);
    }
    let token = if form.token().is_empty() { query.token() } else { form.token() };
    let everything = form.everything.is_some() || query.everything.is_some();
    let link = FollowedLink { token: token.to_owned(), everything, meta: transport.stranger(request).meta };
    told(tongue, follow(links, link, act).await, act)
}

async fn follow(links: &ConsentLinks, link: FollowedLink, act: Act) -> LinkAnswer {
    match act {
        Act::Confirm => links.confirm(link).await,
        Act::Withdraw => links.withdraw(link).await,
    }
}

fn told(tongue: Tongue, outcome: LinkAnswer, act: Act) -> HttpResponse {
    match outcome {
        LinkAnswer::Received => answer(StatusCode::OK, tongue, page::word(tongue, Word::Received(act))),
        LinkAnswer::TooMany { retry_after_s } => {
            let mut response = answer(StatusCode::TOO_MANY_REQUESTS, tongue, page::word(tongue, Word::Later));
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(retry_after_s));
            response
        }
        LinkAnswer::Unavailable => answer(StatusCode::SERVICE_UNAVAILABLE, tongue, page::word(tongue, Word::Later)),
    }
}

fn answer(status: StatusCode, tongue: Tongue, page: String) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_LANGUAGE, tongue.code()))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("x-robots-tag", "noindex"))
        .body(page)
}

fn absent<E: Executor, A: Authenticate>(transport: &Transport<E, A>) -> HttpResponse {
    transport.respond(Media::Json, Fault::new(Code::NotFound, "there is nothing here"))
}

/// The language of the link, else the browser's first.
fn tongue(sent: &Sent, headers: &HeaderMap) -> Tongue {
    let browser = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let wanted = sent.lang.as_deref().or(browser).unwrap_or_default();
    if wanted.trim().to_ascii_lowercase().starts_with("de") { Tongue::German } else { Tongue::English }
}
