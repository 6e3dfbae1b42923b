//! E-mail addresses (RFC 5321, RFC 6531).

use crate::value::text_value;
use crate::violation::{ValueError, ViolationCode};

/// An address as it was typed: a local part of at most 64 bytes, quoted or not, and a host name with a top level, also one of an
/// internationalised domain (RFC 5321, 4.5.3.1 and 4.1.2; RFC 6531).
///
/// Equality is of the typed form; compare people by [`EmailAddress::key`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Most bytes it may have (RFC 5321, 4.5.3.1.3, without the angle brackets).
    pub const BYTES_MAX: usize = 254;

    /// Reads a bare address, without a display name; surrounding space is dropped.
    ///
    /// # Errors
    /// Empty, too long, or not an address.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ValueError::required());
        }
        if text.len() > Self::BYTES_MAX {
            return Err(ValueError::new(ViolationCode::TooLong, format!("at most {} bytes are allowed", Self::BYTES_MAX)));
        }
        let options = email_address::Options::default().with_required_tld().without_domain_literal().without_display_text();
        match email_address::EmailAddress::parse_with_options(text, options) {
            Ok(_) if !text.chars().any(char::is_control) && has_host(text) => Ok(Self(text.to_owned())),
            Ok(_) | Err(_) => {
                Err(ValueError::new(ViolationCode::Malformed, "expected an e-mail address such as `name@example.com`"))
            }
        }
    }

    /// The address as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form for comparison: all lower case. RFC 5321 lets the part before the `@` differ by case; no provider does.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// The part after the `@`, lower case.
    pub fn domain(&self) -> String {
        self.0.rsplit_once('@').map_or_else(String::new, |(_, domain)| domain.to_lowercase())
    }
}

/// Whether the part after the `@` is a name of a host in letters, digits and hyphens (RFC 5321, 2.3.5), after international letters were encoded
/// (RFC 5890), with a top level that is no number (RFC 3696, 2).
fn has_host(address: &str) -> bool {
    let Some((_, domain)) = address.rsplit_once('@') else { return false };
    let Ok(::url::Host::Domain(encoded)) = ::url::Host::parse(domain) else { return false };
    let is_label = |label: &str| {
        let letters = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        letters && (1..=LABEL_BYTES_MAX).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    let top = encoded.rsplit('.').next().unwrap_or_default();
    encoded.len() <= DOMAIN_BYTES_MAX
        && encoded.split('.').all(is_label)
        && top.len() > 1
        && !top.bytes().all(|byte| byte.is_ascii_digit())
}

/// Most bytes of a part of a domain (RFC 1035, 2.3.4).
const LABEL_BYTES_MAX: usize = 63;
/// Most bytes of a domain, as it is written (RFC 1035, 2.3.4).
const DOMAIN_BYTES_MAX: usize = 253;

text_value!(EmailAddress, |text| Self::parse(text));

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keeps_what_was_typed_and_compares_without_case() {
        let address = EmailAddress::parse(" Anna.Mueller+news@Example.COM ").unwrap();
        assert_eq!(address.as_str(), "Anna.Mueller+news@Example.COM");
        assert_eq!(address.key(), "anna.mueller+news@example.com");
        assert_eq!(address.domain(), "example.com");
        assert!(EmailAddress::parse("info@müller.example").is_ok());
    }

    #[test]
    fn quoted_local_parts_and_international_domains_are_read() {
        let long_local = format!("{}@example.com", "a".repeat(64));
        for text in [
            "\"anna.mueller\"@example.com",
            "anna@b\u{fc}cher.example",
            "anna@xn--bcher-kva.example",
            "anna@a.b-c.co",
            &long_local,
        ] {
            assert_eq!(EmailAddress::parse(text).unwrap().as_str(), text);
        }
        let long_label = format!("a@{}.com", "b".repeat(64));
        let too_long_local = format!("{}@example.com", "a".repeat(65));
        for text in [
            "\"anna@example.com",
            "an\"na@example.com",
            "anna@exa!mple.com",
            "anna@-example.com",
            "anna@example-.com",
            "anna@example.c",
            "anna@127.0.0.1",
            "anna@example.123",
            ".anna@example.com",
            "an..na@example.com",
            "anna@example..com",
            &long_label,
            &too_long_local,
        ] {
            assert_eq!(EmailAddress::parse(text).unwrap_err().code, ViolationCode::Malformed, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_address() {
        for text in
            ["anna", "anna@", "@example.com", "anna@example", "a b@example.com", "Anna <anna@example.com>", "a@[127.0.0.1]"]
        {
            assert_eq!(EmailAddress::parse(text).unwrap_err().code, ViolationCode::Malformed, "{text}");
        }
        assert_eq!(EmailAddress::parse(" ").unwrap_err().code, ViolationCode::Required);
        let long = format!("a@{}.example", "b".repeat(260));
        assert_eq!(EmailAddress::parse(&long).unwrap_err().code, ViolationCode::TooLong);
    }

    proptest! {
        #[test]
        fn never_panics_and_round_trips(text in any::<String>(), tail in "\\PC{0,20}") {
            let _ = EmailAddress::parse(&format!("{text}@{tail}.example"));
            if let Ok(address) = EmailAddress::parse(&text) {
                prop_assert_eq!(EmailAddress::parse(address.as_str()).unwrap(), address);
            }
        }

        #[test]
        fn the_key_is_its_own_key(text in "[A-Za-z0-9.]{1,12}@[A-Za-z]{1,10}\\.(COM|de)") {
            if let Ok(address) = EmailAddress::parse(&text) {
                prop_assert_eq!(EmailAddress::parse(&address.key()).unwrap().key(), address.key());
            }
        }
    }
}
