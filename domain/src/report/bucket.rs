//! Durations in logarithmic buckets: medians and percentiles of millions of passages from a few hundred counts.
//!
//! A bucket is 2 % wide, so a figure read from it is off by at most 1 %; the first holds all up to a minute.

use std::collections::BTreeMap;

/// Up to this many seconds a duration is in bucket 0.
pub const FIRST_SECONDS: i64 = 60;

/// The width of a bucket in the natural logarithm.
pub const WIDTH_LN: f64 = 0.02;

/// The longest duration that is told apart: a hundred years.
const SECONDS_MAX: i64 = 100 * 366 * 86_400;

/// The bucket of a duration: 0 up to [`FIRST_SECONDS`], then `floor(ln(seconds / 60) / 0.02) + 1`.
pub fn bucket_of(seconds: i64) -> i16 {
    if seconds <= FIRST_SECONDS {
        return 0;
    }
    let seconds = u32::try_from(seconds.min(SECONDS_MAX)).unwrap_or(u32::MAX);
    let place = (f64::from(seconds) / 60.0).ln() / WIDTH_LN;
    whole(place) + 1
}

/// The duration that a bucket stands for, in seconds: its middle, `60 * exp((bucket - 0.5) * 0.02)`; a minute for bucket 0.
pub fn seconds_of(bucket: i16) -> u64 {
    if bucket <= 0 {
        return FIRST_SECONDS.unsigned_abs();
    }
    rounded(60.0 * ((f64::from(bucket) - 0.5) * WIDTH_LN).exp())
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "durations up to a hundred years are below bucket 1,000"
)]
const fn whole(place: f64) -> i16 {
    place as i16
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a positive duration; `as` saturates"
)]
fn rounded(seconds: f64) -> u64 {
    seconds.round() as u64
}

/// How many durations fell into each bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    counts: BTreeMap<i16, u64>,
    total: u64,
}

impl Histogram {
    /// Adds `count` durations of a bucket.
    pub fn add(&mut self, bucket: i16, count: u64) {
        *self.counts.entry(bucket).or_default() += count;
        self.total += count;
    }

    /// How many durations there are.
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// The duration in seconds that `percent` of all do not exceed (nearest rank); nothing when there are none.
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        let rank = self.total.saturating_mul(percent.min(100)).div_ceil(100).max(1);
        let mut seen = 0;
        let bucket = self.counts.iter().find_map(|(bucket, count)| {
            seen += count;
            (seen >= rank).then_some(*bucket)
        });
        bucket.map(seconds_of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn buckets_start_at_a_minute() {
        assert_eq!((bucket_of(-5), bucket_of(0), bucket_of(60), bucket_of(61)), (0, 0, 0, 1));
        assert_eq!((seconds_of(0), seconds_of(1)), (60, 61));
        assert!(bucket_of(i64::MAX) < 1_200);
    }

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.percentile(50), None);
        for hours in 1..=100 {
            histogram.add(bucket_of(hours * 3_600), 1);
        }
        let near = |found: Option<u64>, hours: u64| found.unwrap().abs_diff(hours * 3_600) <= hours * 36 + 1;
        assert!(near(histogram.percentile(50), 50));
        assert!(near(histogram.percentile(90), 90));
        assert!(near(histogram.percentile(100), 100));
        assert!(near(histogram.percentile(0), 1));
    }

    proptest! {
        #[test]
        fn a_duration_is_off_by_at_most_one_percent(seconds in 61_i64..3_000_000_000) {
            let read = seconds_of(bucket_of(seconds));
            let off = read.abs_diff(seconds.unsigned_abs());
            // rounding to whole seconds adds up to one
            prop_assert!(off <= seconds.unsigned_abs() / 99 + 1, "{seconds} read as {read}");
        }

        #[test]
        fn longer_is_never_in_a_lower_bucket(a in 0_i64..10_000_000, b in 0_i64..10_000_000) {
            prop_assert_eq!(a.max(b), if bucket_of(a) >= bucket_of(b) { a.max(b) } else { b });
        }
    }
}
