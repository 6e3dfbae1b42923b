//! Networks of proxies that are trusted: one address, or many by prefix length.

use std::fmt;
use std::net::IpAddr;

/// Why a text is no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IpNetworkFault {
    /// Not an address with or without a prefix length.
    #[error("`{0}` is not an IP address or network such as `10.0.0.0/8` or `2001:db8::/32`")]
    Malformed(String),
    /// The prefix is longer than the address.
    #[error("the prefix of `{0}` is longer than its address")]
    Prefix(String),
}

/// An IP network in CIDR notation (RFC 4632, RFC 4291).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IpNetwork {
    address: IpAddr,
    prefix_len: u8,
}

impl IpNetwork {
    /// Reads `10.0.0.0/8`, `2001:db8::/32`, or a single address. Bits after the prefix are ignored.
    ///
    /// # Errors
    /// [`IpNetworkFault`] that names the text.
    pub fn parse(text: &str) -> Result<Self, IpNetworkFault> {
        let malformed = || IpNetworkFault::Malformed(text.to_owned());
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.trim().parse().map_err(|_| malformed())?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix_len = prefix.map_or(Ok(longest), str::parse::<u8>).map_err(|_| malformed())?;
        if prefix_len > longest {
            return Err(IpNetworkFault::Prefix(text.to_owned()));
        }
        Ok(Self { address, prefix_len })
    }

    /// Whether the address is of this network. IPv4 written as IPv6 (`::ffff:10.0.0.1`) counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        let shift = |bits: u32| bits.checked_sub(u32::from(self.prefix_len));
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                shift(32).is_some_and(|by| same_above(network.to_bits().into(), address.to_bits().into(), by))
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                shift(128).is_some_and(|by| same_above(network.to_bits(), address.to_bits(), by))
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

/// Whether two addresses are the same above their lowest `by` bits.
fn same_above(one: u128, other: u128, by: u32) -> bool {
    (one ^ other).checked_shr(by).unwrap_or(0) == 0
}

impl fmt::Display for IpNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix_len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(network: &str, address: &str) -> bool {
        IpNetwork::parse(network).unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn contains_what_shares_the_prefix() {
        assert!(contains("10.0.0.0/8", "10.255.0.1"));
        assert!(!contains("10.0.0.0/8", "11.0.0.1"));
        assert!(contains("192.0.2.7", "192.0.2.7"));
        assert!(!contains("192.0.2.7", "192.0.2.6"));
        assert!(contains("0.0.0.0/0", "203.0.113.9"));
        assert!(!contains("0.0.0.0/0", "2001:db8::1"));
        assert!(contains("::/0", "2001:db8::1"));
        assert!(contains("2001:db8::/32", "2001:db8:ffff::1"));
        assert!(!contains("2001:db8::/32", "2001:db9::1"));
        assert!(contains("10.0.0.0/8", "::ffff:10.1.2.3"));
        assert!(contains("172.16.0.0/12", "172.31.255.255"));
        assert!(!contains("172.16.0.0/12", "172.32.0.0"));
    }

    #[test]
    fn refuses_what_is_no_network() {
        for text in ["", "10.0.0/8", "10.0.0.0/", "10.0.0.0/x", "proxy.example", "10.0.0.0/-1"] {
            assert_eq!(IpNetwork::parse(text), Err(IpNetworkFault::Malformed(text.to_owned())));
        }
        assert_eq!(IpNetwork::parse("10.0.0.0/33"), Err(IpNetworkFault::Prefix("10.0.0.0/33".to_owned())));
        assert_eq!(IpNetwork::parse("10.1.2.3").unwrap().to_string(), "10.1.2.3/32");
    }
}
