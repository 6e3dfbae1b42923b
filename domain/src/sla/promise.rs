//! Promised durations: `business 4h` or `wall 24h`, never just "1 day".

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::violation::{ValueError, ViolationCode};

codes! {
    /// In which time a promise is meant.
    pub enum Basis {
        /// Only the hours of the calendar count.
        Business = "BUSINESS",
        /// Every second counts.
        Wall = "WALL",
    }
}

/// The longest promise, in seconds of its basis: a year and a day.
pub const PROMISE_SECONDS_MAX: u32 = 366 * 86_400;

/// How long something may take. At least a second, at most [`PROMISE_SECONDS_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Promise {
    basis: Basis,
    seconds: u32,
}

/// A promise as it is stored.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    basis: Basis,
    seconds: u32,
}

impl From<Promise> for Parts {
    fn from(promise: Promise) -> Self {
        Self { basis: promise.basis, seconds: promise.seconds }
    }
}

impl TryFrom<Parts> for Promise {
    type Error = ValueError;

    fn try_from(parts: Parts) -> Result<Self, ValueError> {
        Self::try_new(parts.basis, parts.seconds)
    }
}

impl Promise {
    /// A promise of so many seconds.
    ///
    /// # Errors
    /// Nothing, or more than [`PROMISE_SECONDS_MAX`].
    pub fn try_new(basis: Basis, seconds: u32) -> Result<Self, ValueError> {
        if seconds == 0 || seconds > PROMISE_SECONDS_MAX {
            let message = format!("a promise takes 1 to {PROMISE_SECONDS_MAX} seconds");
            return Err(ValueError::new(ViolationCode::OutOfRange, message));
        }
        Ok(Self { basis, seconds })
    }

    /// In which time it is meant.
    pub const fn basis(self) -> Basis {
        self.basis
    }

    /// Its length in seconds of its basis.
    pub const fn seconds(self) -> u32 {
        self.seconds
    }

    /// When so much of it is over, in seconds of its basis from the start; rounded up, so that nothing is told of too early.
    pub fn at_percent(self, percent: u16) -> TimeDelta {
        let seconds = (i64::from(self.seconds) * i64::from(percent) + 99) / 100;
        TimeDelta::seconds(seconds)
    }
}

/// Units from the largest; a day has 24 hours in wall time and is not used for business time, where it could be anything.
const UNITS: [(&str, u32); 4] = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.basis {
            Basis::Business => "business",
            Basis::Wall => "wall",
        })?;
        let mut rest = self.seconds;
        for (sign, length) in UNITS.iter().filter(|(sign, _)| self.basis == Basis::Wall || *sign != "d") {
            let count = rest / length;
            rest %= length;
            if count > 0 {
                write!(f, " {count}{sign}")?;
            }
        }
        Ok(())
    }
}

impl FromStr for Promise {
    type Err = ValueError;

    /// Reads `business 4h`, `wall 1d 12h`, `business 1h 30m`, `wall 90s`.
    fn from_str(text: &str) -> Result<Self, ValueError> {
        let malformed = || {
            ValueError::new(
                ViolationCode::Malformed,
                "expected `business` or `wall` and a length, such as `business 4h` or `wall 1d 12h`",
            )
        };
        let mut words = text.split_whitespace();
        let basis = match words.next() {
            Some("business") => Basis::Business,
            Some("wall") => Basis::Wall,
            Some(_) | None => return Err(malformed()),
        };
        let mut seconds: u32 = 0;
        for word in words {
            let (sign, length) = UNITS.iter().find(|(sign, _)| word.ends_with(sign)).ok_or_else(malformed)?;
            if *sign == "d" && basis == Basis::Business {
                let message = "a business day has no fixed length: write hours";
                return Err(ValueError::new(ViolationCode::Malformed, message));
            }
            let count: u32 = word.trim_end_matches(sign).parse().map_err(|_| malformed())?;
            seconds = count.checked_mul(*length).and_then(|more| seconds.checked_add(more)).ok_or_else(malformed)?;
        }
        Self::try_new(basis, seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promises_are_read_back_as_they_are_written() {
        for text in ["business 4h", "wall 1d 12h", "business 1h 30m", "wall 90s", "wall 1d", "business 30h 5s"] {
            let promise: Promise = text.parse().unwrap();
            let shown = promise.to_string();
            assert_eq!(shown.parse::<Promise>().unwrap(), promise, "{text} {shown}");
        }
        assert_eq!("wall 90s".parse::<Promise>().unwrap().to_string(), "wall 1m 30s");
    }

    #[test]
    fn what_is_no_promise_is_refused() {
        for text in ["", "4h", "business", "business 1d", "wall 0s", "wall 367d", "wall h", "wall 1x", "day 1h", "wall 99999999d"]
        {
            assert!(text.parse::<Promise>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_part_of_a_promise_is_rounded_up() {
        let promise = Promise::try_new(Basis::Wall, 3).unwrap();
        assert_eq!(promise.at_percent(50).num_seconds(), 2);
        assert_eq!(promise.at_percent(100).num_seconds(), 3);
        assert_eq!(promise.at_percent(200).num_seconds(), 6);
    }
}
