//! Who calls: the viewer behind a bearer token, the address, and the key under which both are counted.

use std::net::IpAddr;

use actix_web::{
    HttpMessage as _, HttpRequest,
    http::header::{AUTHORIZATION, USER_AGENT},
};

use super::{
    config::AddressRange,
    edge::RequestId,
    fault::{Code, Fault},
    seam::{AuthFault, Authenticate, Authenticated, RequestMeta},
};

/// Most bytes that are kept of a client's name for itself.
const USER_AGENT_BYTES_MAX: usize = 255;

/// The caller of a request, or of the operations of a socket.
#[derive(Clone, Debug)]
pub struct Caller<V> {
    /// The viewer and the session; none for the anonymous.
    pub session: Option<Authenticated<V>>,
    /// What is known beside.
    pub meta: RequestMeta,
}

impl<V> Caller<V> {
    /// The key under which operations are counted and rated: the user's, else the address (an IPv6 one by its network of 64
    /// bits, since a single line has as many addresses as it likes).
    pub fn key(&self) -> String {
        match (&self.session, self.meta.client_ip) {
            (Some(session), _) => format!("user:{}", session.key),
            (None, address) => address_key(address),
        }
    }
}

/// The key of an address.
pub fn address_key(address: Option<IpAddr>) -> String {
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V4(v4)) => format!("ip:{v4}"),
        Some(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("ip:{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        None => "ip:unknown".to_owned(),
    }
}

/// What is known of a request without its token.
pub fn meta(request: &HttpRequest, trusted_proxies: &[AddressRange]) -> RequestMeta {
    let user_agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    let user_agent = user_agent.map(|name| name.get(..USER_AGENT_BYTES_MAX).unwrap_or(name).to_owned());
    let request_id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    RequestMeta { request_id, client_ip: client_ip(request, trusted_proxies), user_agent }
}

/// The peer's address; behind trusted proxies the last address in `X-Forwarded-For` that is not one of them.
fn client_ip(request: &HttpRequest, trusted_proxies: &[AddressRange]) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    let is_trusted = |address: IpAddr| trusted_proxies.iter().any(|range| range.contains(address));
    let forwarded: Vec<&str> = request
        .headers()
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut client = peer;
    for hop in forwarded.iter().rev() {
        if !is_trusted(client) {
            break;
        }
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        client = address.to_canonical();
    }
    Some(client)
}

/// Checks the token of a request, if it has one.
pub async fn authenticate<A: Authenticate>(
    request: &HttpRequest,
    authenticate: &A,
) -> Result<Option<Authenticated<A::Viewer>>, Fault> {
    let Some(header) = request.headers().get(AUTHORIZATION) else { return Ok(None) };
    let bearer = header.to_str().ok().and_then(bearer);
    let Some(bearer) = bearer else {
        return Err(Fault::new(Code::Unauthenticated, "the authorization must be a bearer token"));
    };
    authenticate.authenticate(bearer).await.map(Some).map_err(refused)
}

/// The token of `Bearer <token>`.
pub fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// The refusal that tells a fault of a token.
pub fn refused(fault: AuthFault) -> Fault {
    match fault {
        AuthFault::Invalid | AuthFault::Expired | AuthFault::Ended => Fault::new(Code::Unauthenticated, fault.to_string()),
        AuthFault::Unavailable => Fault::new(Code::Unavailable, fault.to_string()).retry_after(1),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let from = |peer: &str, forwarded: &str| {
            let request = TestRequest::default()
                .peer_addr(peer.parse().unwrap())
                .insert_header(("x-forwarded-for", forwarded))
                .to_http_request();
            client_ip(&request, &trusted).unwrap().to_string()
        };
        assert_eq!(from("192.0.2.1:1", "198.51.100.7"), "192.0.2.1");
        assert_eq!(from("10.0.0.1:1", "203.0.113.9, 198.51.100.7"), "198.51.100.7");
        assert_eq!(from("10.0.0.1:1", "198.51.100.7, 10.0.0.2"), "198.51.100.7");
        assert_eq!(from("10.0.0.1:1", "nonsense"), "10.0.0.1");
    }

    #[test]
    fn an_ipv6_line_has_one_key() {
        let key = |address: &str| address_key(Some(address.parse().unwrap()));
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:192.0.2.1"), "ip:192.0.2.1");
    }

    #[test]
    fn a_bearer_token_is_told_from_other_schemes() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        assert_eq!(bearer("Basic abc"), None);
        assert_eq!(bearer("Bearer "), None);
    }
}
