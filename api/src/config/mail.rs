//! How mails are sent.

use std::fmt;

use fairfall_domain::value::{EmailAddress, HttpUrl, ShortText};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// The keys of `[mail]` as written.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawMail {
    pub(super) smtp_url: Option<String>,
    pub(super) from: Option<String>,
    pub(super) from_name: Option<String>,
    pub(super) public_url: Option<String>,
}

/// How mails are sent. Its `Debug` does not show the server's address, which may hold a password.
#[derive(Clone)]
pub struct MailSettings {
    /// The mail server: `smtps://USER:PASSWORD@HOST` (TLS), `smtp://HOST:587?tls=required` (STARTTLS), or `smtp://HOST:25` in the clear.
    pub smtp_url: SecretString,
    /// The sender's address.
    pub from: EmailAddress,
    /// The sender's name.
    pub from_name: Option<ShortText>,
    /// Where people reach this server: the links of mails start with it.
    pub public_url: HttpUrl,
}

impl fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailSettings").field("from", &self.from).field("public_url", &self.public_url).finish_non_exhaustive()
    }
}

/// Reads the address of a mail server; what it holds is checked when it is used.
pub(super) fn smtp_url(text: &str) -> Result<SecretString, &'static str> {
    let host = text.strip_prefix("smtps://").or_else(|| text.strip_prefix("smtp://"));
    match host {
        Some(host) if !host.trim().is_empty() => Ok(text.into()),
        Some(_) | None => Err("expected `smtps://USER:PASSWORD@HOST`, `smtp://HOST:587?tls=required` or `smtp://HOST:25`"),
    }
}

/// Reads the address under which people reach the server.
pub(super) fn public_url(text: &str) -> Result<HttpUrl, &'static str> {
    let expected = "expected an address without question mark and number sign, such as `https://leads.example.com`";
    let url = HttpUrl::parse(text).map_err(|_| expected)?;
    if url.as_str().contains(['?', '#']) { Err(expected) } else { Ok(url) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_told_from_other_addresses_without_repeating_them() {
        for good in ["smtps://u:p@mail.example.com", "smtp://127.0.0.1:25", "smtp://mail.example.com:587?tls=required"] {
            assert!(smtp_url(good).is_ok(), "{good}");
        }
        for bad in ["", "smtp://", "https://u:hush@mail.example.com", "mail.example.com"] {
            assert!(!smtp_url(bad).unwrap_err().contains("hush"), "{bad}");
        }
    }

    #[test]
    fn links_start_at_an_address_of_the_web() {
        assert!(public_url("https://leads.example.com/fairfall").is_ok());
        for bad in
            ["leads.example.com", "ftp://leads.example.com", "https://leads.example.com/?a=b", "https://leads.example.com/#a"]
        {
            assert!(public_url(bad).is_err(), "{bad}");
        }
    }
}
