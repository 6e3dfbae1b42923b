//! Origins of browser applications that may call the API (RFC 6454).

use std::fmt;
use std::net::Ipv6Addr;

/// Why a text is no origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AllowedOriginFault {
    /// A wildcard: any page could use a visitor's network position.
    #[error("`*` is not taken: name each origin, such as `https://app.example.com`")]
    Wildcard,
    /// Not scheme, host and at most a port.
    #[error("`{0}` is not an origin such as `https://app.example.com` or `http://localhost:5173` (no path, no slash at the end)")]
    Malformed(String),
}

/// One origin in the form that browsers send: lower case, without the scheme's own port.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AllowedOrigin(String);

impl AllowedOrigin {
    /// Reads scheme, host and port.
    ///
    /// # Errors
    /// [`AllowedOriginFault`] for a wildcard and for anything that no browser would send.
    pub fn parse(text: &str) -> Result<Self, AllowedOriginFault> {
        if text == "*" {
            return Err(AllowedOriginFault::Wildcard);
        }
        let lower = text.to_ascii_lowercase();
        read(&lower).map(Self).ok_or_else(|| AllowedOriginFault::Malformed(text.to_owned()))
    }

    /// The origin as browsers send it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the value of an `Origin` header is this origin.
    pub fn matches(&self, header: &str) -> bool {
        self.0.eq_ignore_ascii_case(header)
    }
}

impl fmt::Display for AllowedOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn read(lower: &str) -> Option<String> {
    let (scheme, authority) = lower.split_once("://")?;
    let own_port = match scheme {
        "http" => 80,
        "https" => 443,
        _ => return None,
    };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port.parse::<u16>().ok()?)),
        Some(_) | None => (authority, None),
    };
    if !is_host(host) {
        return None;
    }
    Some(match port.filter(|port| *port != own_port) {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    host.split('.')
        .all(|label| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_browsers_send() {
        for (typed, origin) in [
            ("https://app.example.com", "https://app.example.com"),
            ("HTTPS://App.Example.com:443", "https://app.example.com"),
            ("http://localhost:5173", "http://localhost:5173"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
            ("http://[::1]", "http://[::1]"),
        ] {
            assert_eq!(AllowedOrigin::parse(typed).unwrap().as_str(), origin);
        }
        assert!(AllowedOrigin::parse("https://app.example.com").unwrap().matches("https://app.example.com"));
        assert!(!AllowedOrigin::parse("https://app.example.com").unwrap().matches("https://app.example.com.evil.example"));
    }

    #[test]
    fn refuses_the_rest() {
        assert_eq!(AllowedOrigin::parse("*"), Err(AllowedOriginFault::Wildcard));
        for text in [
            "",
            "null",
            "app.example.com",
            "https://",
            "https://app.example.com/",
            "https://app.example.com/path",
            "https://u@app.example.com",
            "https://*.example.com",
            "ftp://app.example.com",
            "https://app.example.com:99999",
            "https://a..b",
            "https://app example.com",
            "http://[::1",
            "http://::1",
        ] {
            assert_eq!(AllowedOrigin::parse(text), Err(AllowedOriginFault::Malformed(text.to_owned())), "{text}");
        }
    }
}
