//! Slowing down of guessers: delays that double, never a permanent lock, nobody's address or e-mail stored.
//!
//! Pure: the store keeps for each key how many failures there were and when the last one was.

use std::net::{IpAddr, Ipv6Addr};

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

/// Tries that cost no waiting: the delay starts with the third failure.
pub const FREE_TRIES: u32 = 3;

/// The first delay, in seconds; each further failure doubles it.
pub const DELAY_SECONDS_MIN: i64 = 1;

/// The longest delay, in seconds: 15 minutes.
pub const DELAY_SECONDS_MAX: i64 = 15 * 60;

/// Failures are forgotten this many hours after the last one.
pub const FORGET_HOURS: i64 = 24;

/// What is being counted. Each kind has keys of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ThrottleKind {
    /// The network address that a try came from.
    Address,
    /// The account that was tried, whether it exists or not.
    Account,
    /// The network address that the link of a mail came from.
    Link,
}

impl ThrottleKind {
    const fn label(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Account => "account",
            Self::Link => "link",
        }
    }
}

/// The key under which failures are counted: SHA-256 of kind and value in 64 hexadecimal digits, so that neither addresses nor e-mails are
/// stored in clear.
pub fn throttle_key(kind: ThrottleKind, value: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(b"fairfall throttle ");
    hasher.update(kind.label());
    hasher.update(b"\0");
    hasher.update(value);
    hex::encode(hasher.finalize())
}

/// The key of a network address. IPv6 counts by its /64, which is what one subscriber is given (RFC 6177); IPv4 written as IPv6 counts as IPv4.
pub fn address_key(address: IpAddr) -> String {
    network_key(ThrottleKind::Address, address)
}

/// The key of a network address from which links of mails are followed. It counts as [`address_key`] does, and apart from it.
pub fn link_key(address: IpAddr) -> String {
    network_key(ThrottleKind::Link, address)
}

fn network_key(kind: ThrottleKind, address: IpAddr) -> String {
    let counted = match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).to_string(),
    };
    throttle_key(kind, &counted)
}

/// The key of an account by its e-mail as typed: upper or lower case and spaces around it count as the same account.
pub fn account_key(email: &str) -> String {
    throttle_key(ThrottleKind::Account, &email.trim().to_lowercase())
}

/// Until when the next try is refused, given `failures` in a row of which the last was at `last_failure`.
///
/// None while tries are free. A time in the past means that the next try is let through. Doubles from [`DELAY_SECONDS_MIN`] to
/// [`DELAY_SECONDS_MAX`]; there is no permanent lock, for that would let anyone lock out anyone.
pub fn blocked_until(failures: u32, last_failure: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let doublings = failures.checked_sub(FREE_TRIES)?;
    let seconds = 1_i64
        .checked_shl(doublings)
        .filter(|factor| *factor > 0)
        .map_or(DELAY_SECONDS_MAX, |factor| factor.saturating_mul(DELAY_SECONDS_MIN).min(DELAY_SECONDS_MAX));
    last_failure.checked_add_signed(TimeDelta::seconds(seconds))
}

/// Whether failures of which the last was at `last_failure` count no longer at `now`. Such rows may be deleted.
pub fn is_forgotten(last_failure: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now.signed_duration_since(last_failure) >= TimeDelta::hours(FORGET_HOURS)
}

/// The count to store after a failure at `now`, given what was stored before it (count and time of the last failure), if anything.
pub fn count_failure(before: Option<(u32, DateTime<Utc>)>, now: DateTime<Utc>) -> u32 {
    match before {
        Some((failures, last)) if !is_forgotten(last, now) => failures.saturating_add(1),
        Some(_) | None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000, 0).unwrap()
    }

    fn delay(failures: u32) -> Option<i64> {
        blocked_until(failures, noon()).map(|until| (until - noon()).num_seconds())
    }

    #[test]
    fn doubles_from_a_second_to_a_quarter_of_an_hour_and_never_locks() {
        let delays: Vec<_> = (0..=14).map(delay).collect();
        let expected = [0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900].map(|seconds| (seconds > 0).then_some(seconds));
        assert_eq!(delays, expected);
        for failures in [64, 66, 67, 68, 131, u32::MAX] {
            assert_eq!(delay(failures), Some(DELAY_SECONDS_MAX), "{failures}");
        }
    }

    #[test]
    fn forgets_after_a_day_without_failures() {
        let almost = noon() + TimeDelta::hours(24) - TimeDelta::seconds(1);
        assert_eq!(count_failure(None, noon()), 1);
        assert_eq!(count_failure(Some((7, noon())), almost), 8);
        assert_eq!(count_failure(Some((7, noon())), noon() + TimeDelta::hours(24)), 1);
        assert_eq!(count_failure(Some((u32::MAX, noon())), almost), u32::MAX);
    }

    #[test]
    fn keys_hide_what_they_count_and_part_the_kinds() {
        let key = throttle_key(ThrottleKind::Account, "a@b.example");
        assert_eq!(key.len(), 64);
        assert!(key.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_ne!(key, throttle_key(ThrottleKind::Address, "a@b.example"));
        assert_eq!(key, account_key(" A@B.example "));
        assert_ne!(key, account_key("c@b.example"));
    }

    #[test]
    fn an_ipv6_subscriber_is_one_address() {
        let key = |text: &str| address_key(text.parse().unwrap());
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
    }
}
