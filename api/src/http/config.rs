//! What the transport is told at its start.

use std::{collections::HashMap, fmt, net::IpAddr, num::NonZeroUsize, str::FromStr};

use prometheus_client::registry::Registry;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use super::seam::ConsentLinks;
use crate::{clock::Clock, limits::Limits};

/// Where the server runs.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// On a developer's machine: introspection, suggestions and `GraphiQL` for everybody.
    Development,
    /// In the open: introspection and suggestions only for those who signed in, `GraphiQL` off.
    #[default]
    Production,
}

/// Whether `/graphiql` is served.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Graphiql {
    /// Served, and `/` leads there.
    On,
    /// Not found.
    Off,
}

impl From<Mode> for Graphiql {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Development => Self::On,
            Mode::Production => Self::Off,
        }
    }
}

/// Documents that were reviewed beforehand and are called by `documentId`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TrustedDocuments {
    /// `documentId` is refused.
    #[default]
    Off,
    /// Trusted documents by their id, any other document by its text.
    Accept(HashMap<String, String>),
    /// Trusted documents only.
    Only(HashMap<String, String>),
}

/// A range of addresses such as `10.0.0.0/8` or `::1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressRange {
    first: u128,
    bits: u32,
}

/// A text is not a range of addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address range such as 10.0.0.0/8")]
pub struct BadAddressRange(String);

impl AddressRange {
    /// Whether the range holds the address; an IPv4 address equals its form inside IPv6.
    pub fn contains(self, address: IpAddr) -> bool {
        let shift = 128_u32.saturating_sub(self.bits);
        let cut = |value: u128| value.checked_shr(shift).unwrap_or(0);
        cut(widen(address)) == cut(self.first)
    }
}

fn widen(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

impl FromStr for AddressRange {
    type Err = BadAddressRange;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || BadAddressRange(text.to_owned());
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| bad())?;
        let (width, offset) = if address.is_ipv4() { (32, 96) } else { (128, 0) };
        let bits = bits.map_or(Ok(width), |bits| bits.parse::<u32>().map_err(|_| bad()))?;
        if bits > width {
            return Err(bad());
        }
        Ok(Self { first: widen(address), bits: bits.saturating_add(offset) })
    }
}

/// All that the transport is told at its start.
pub struct TransportConfig {
    /// The numbers.
    pub limits: Limits,
    /// Where the server runs.
    pub mode: Mode,
    /// Whether `/graphiql` is served.
    pub graphiql: Graphiql,
    /// Origins of browser applications that may call, such as `https://app.example`; the server's own always may.
    pub allowed_origins: Vec<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<AddressRange>,
    /// Documents that were reviewed beforehand.
    pub trusted_documents: TrustedDocuments,
    /// Threads that serve; the number of cores when absent.
    pub workers: Option<NonZeroUsize>,
    /// Cancel it to stop the server: open sockets are told 1001, then requests in flight may finish.
    pub shutdown: CancellationToken,
    /// How long requests in flight may take to finish at a stop, in seconds.
    pub shutdown_grace_s: u64,
    /// Where the links of mails lead; they lead nowhere when absent.
    pub consent: Option<ConsentLinks>,
    /// Where `now` comes from.
    pub clock: Clock,
    /// What `/metrics` prints; others may have registered their own here.
    pub registry: Registry,
}

impl fmt::Debug for TransportConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportConfig").field("mode", &self.mode).field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl TransportConfig {
    /// The defaults of a mode: no foreign origins, no proxies, no trusted documents, 30 s of grace.
    pub fn new(mode: Mode, limits: Limits, clock: Clock) -> Self {
        Self {
            limits,
            mode,
            graphiql: mode.into(),
            allowed_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            trusted_documents: TrustedDocuments::Off,
            workers: None,
            shutdown: CancellationToken::new(),
            shutdown_grace_s: 30,
            consent: None,
            clock,
            registry: Registry::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_their_addresses_in_both_families() {
        let range: AddressRange = "10.1.0.0/16".parse().unwrap();
        assert!(range.contains("10.1.200.3".parse().unwrap()));
        assert!(range.contains("::ffff:10.1.200.3".parse().unwrap()));
        assert!(!range.contains("10.2.0.1".parse().unwrap()));
        assert!("::/0".parse::<AddressRange>().unwrap().contains("2001:db8::1".parse().unwrap()));
        assert!(!"::1".parse::<AddressRange>().unwrap().contains("::2".parse().unwrap()));
        for bad in ["", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/x"] {
            assert!(bad.parse::<AddressRange>().is_err(), "{bad}");
        }
    }
}
