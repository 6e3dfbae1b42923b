//! The data provider: where it is, and what it may do.

use std::time::Duration;

use fairfall_domain::value::Code;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::app::enrichment::ProviderSettings;

/// Longest time for an exchange, in milliseconds: a request of the API ends after ten seconds.
const TIMEOUT_MS_MAX: u64 = 8_000;

/// Largest answer, in KiB.
const ANSWER_KIB_MAX: u64 = 1_024;

/// The data provider as it is written.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawEnrichment {
    /// The address that is asked; none switches the provider off.
    pub(super) url: Option<String>,
    /// Names the provider as the origin of what it told.
    pub(super) key: String,
    /// The hosts that may be asked.
    pub(super) hosts: Vec<String>,
    /// Sent as a bearer token.
    pub(super) token: Option<String>,
    /// Longest time for the whole exchange.
    pub(super) timeout_ms: u64,
    /// Largest answer.
    pub(super) answer_kib_max: u64,
    /// Whether people may be asked about, too.
    pub(super) people: bool,
}

impl Default for RawEnrichment {
    fn default() -> Self {
        Self {
            url: None,
            key: "provider".to_owned(),
            hosts: Vec::new(),
            token: None,
            timeout_ms: 3_000,
            answer_kib_max: 64,
            people: false,
        }
    }
}

/// What is wrong, by key.
pub(super) type Fault = (&'static str, String);

impl RawEnrichment {
    /// The settings of the provider; nothing when no address is given.
    pub(super) fn check(&self) -> Result<Option<ProviderSettings>, Vec<Fault>> {
        let Some(address) = self.url.as_deref().filter(|url| !url.is_empty()) else { return Ok(None) };
        let mut faults: Vec<Fault> = Vec::new();
        if let Err(reason) = check_address(address, &self.hosts) {
            faults.push(reason);
        }
        let key = Code::parse(&self.key).map_err(|error| faults.push(("enrichment.key", error.to_string()))).ok();
        for (name, value, most) in [
            ("enrichment.timeout_ms", self.timeout_ms, TIMEOUT_MS_MAX),
            ("enrichment.answer_kib_max", self.answer_kib_max, ANSWER_KIB_MAX),
        ] {
            if value == 0 || value > most {
                faults.push((name, format!("expected 1 to {most}")));
            }
        }
        match key {
            Some(key) if faults.is_empty() => Ok(Some(ProviderSettings {
                key,
                url: address.to_owned(),
                token: self.token.clone().filter(|token| !token.is_empty()).map(SecretString::from),
                timeout: Duration::from_millis(self.timeout_ms),
                answer_bytes_max: self.answer_kib_max.saturating_mul(1024),
                people: self.people,
            })),
            Some(_) | None => Err(faults),
        }
    }
}

/// HTTPS to a host of the list; HTTP only to this machine, where an adapter may stand.
fn check_address(address: &str, hosts: &[String]) -> Result<(), Fault> {
    let fault = |reason: &str| ("enrichment.url", reason.to_owned());
    let url = Url::parse(address).map_err(|_| fault("expected an address such as `https://data.example/companies`"))?;
    let host = url.host().ok_or_else(|| fault("expected an address with a host"))?;
    let is_here = match &host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    if url.scheme() != "https" && !(url.scheme() == "http" && is_here) {
        return Err(fault("expected `https`; `http` is for this machine only"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(fault("credentials belong into `enrichment.token`"));
    }
    let name = host.to_string();
    if hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(&name)) {
        return Ok(());
    }
    Err(("enrichment.hosts", format!("the host `{name}` of `enrichment.url` is not among the hosts that may be asked")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(url: &str, hosts: &[&str]) -> RawEnrichment {
        let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
        RawEnrichment { url: Some(url.to_owned()), hosts, ..RawEnrichment::default() }
    }

    fn faults(raw: &RawEnrichment) -> Vec<&'static str> {
        raw.check().unwrap_err().into_iter().map(|(key, _)| key).collect()
    }

    #[test]
    fn only_listed_hosts_are_asked_and_only_safely() {
        assert!(RawEnrichment::default().check().unwrap().is_none(), "off until an address is given");
        assert!(raw("https://data.example/v1", &["data.example"]).check().unwrap().is_some());
        assert!(raw("http://127.0.0.1:9000/", &["127.0.0.1"]).check().unwrap().is_some());
        assert_eq!(faults(&raw("http://data.example/", &["data.example"])), ["enrichment.url"]);
        assert_eq!(faults(&raw("https://data.example/", &["other.example"])), ["enrichment.hosts"]);
        assert_eq!(faults(&raw("https://me:secret@data.example/", &["data.example"])), ["enrichment.url"]);
        assert_eq!(faults(&raw("nowhere", &[])), ["enrichment.url"]);
    }

    #[test]
    fn limits_have_limits() {
        let slow = RawEnrichment { timeout_ms: 60_000, answer_kib_max: 0, ..raw("https://data.example/", &["data.example"]) };
        assert_eq!(faults(&slow), ["enrichment.timeout_ms", "enrichment.answer_kib_max"]);
    }
}
