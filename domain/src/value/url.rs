//! Addresses in the web.

use crate::value::text_value;
use crate::violation::{ValueError, ViolationCode};

/// An absolute `http` or `https` address without user name and password, in its normal form.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HttpUrl(String);

impl HttpUrl {
    /// Most characters it may have.
    pub const CHARS_MAX: usize = 2048;

    /// Reads an address.
    ///
    /// # Errors
    /// Empty, too long, another scheme, or with credentials in it.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ValueError::required());
        }
        if text.len() > Self::CHARS_MAX {
            return Err(ValueError::too_long(Self::CHARS_MAX));
        }
        let malformed =
            || ValueError::new(ViolationCode::Malformed, "expected an address that starts with `https://` or `http://`");
        let parsed = ::url::Url::parse(text).map_err(|_| malformed())?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(malformed());
        }
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err(ValueError::new(ViolationCode::Malformed, "a user name or password in the address is not allowed"));
        }
        // escaping can make it longer than it was typed
        if parsed.as_str().len() > Self::CHARS_MAX {
            return Err(ValueError::too_long(Self::CHARS_MAX));
        }
        Ok(Self(parsed.into()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host, lower case; empty when there is none.
    pub fn host(&self) -> String {
        ::url::Url::parse(&self.0).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }
}

text_value!(HttpUrl, |text| Self::parse(text));

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_web_addresses_only() {
        assert_eq!(HttpUrl::parse(" HTTPS://Example.com/a b ").unwrap().as_str(), "https://example.com/a%20b");
        assert_eq!(HttpUrl::parse("https://WWW.Example.com:8080/a").unwrap().host(), "www.example.com");
        for text in ["example.com", "ftp://example.com", "javascript:alert(1)", "https://", "https://a:b@example.com"] {
            assert_eq!(HttpUrl::parse(text).unwrap_err().code, ViolationCode::Malformed, "{text}");
        }
        let long = format!("https://example.com/{}", "ü".repeat(600));
        assert_eq!(HttpUrl::parse(&long).unwrap_err().code, ViolationCode::TooLong);
    }

    proptest! {
        #[test]
        fn never_panics_and_round_trips(text in any::<String>(), path in "\\PC{0,20}") {
            let _ = HttpUrl::parse(&text);
            if let Ok(url) = HttpUrl::parse(&format!("https://example.com/{path}")) {
                prop_assert_eq!(HttpUrl::parse(url.as_str()).unwrap(), url);
            }
        }
    }
}
