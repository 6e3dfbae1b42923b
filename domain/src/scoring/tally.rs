//! The tally: what a lead's people did, counted by channel, kind and hour.
//!
//! Scores are computed from it, never from the single activities, so that reading a score costs the same for ten activities and for ten
//! thousand. It holds integers alone, and both [`Tally::add`] and [`Tally::merge`] are commutative and associative: activities give the same
//! tally one by one, in bulk and in any order.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::campaign::Channel;

use super::activity::{Activity, ActivityKind};

/// Seconds of a bucket.
const HOUR_SECONDS: i64 = 3_600;

/// What was done by one channel in one way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// Second (since 1970) of the latest activity.
    last: i64,
    /// How many in each hour since 1970.
    hours: BTreeMap<u32, u32>,
}

impl Series {
    /// The moment of the latest activity.
    pub fn last_at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.last, 0).unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// How many activities are counted; the figure stops at its type's maximum.
    pub fn count(&self) -> u32 {
        self.hours.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Each hour's second at its end (since 1970) and how many there were in it, from old to new.
    ///
    /// Activities age from the end of their hour on: before that they count in full.
    pub fn buckets(&self) -> impl Iterator<Item = (i64, u32)> {
        self.hours.iter().map(|(hour, count)| ((i64::from(*hour) + 1) * HOUR_SECONDS, *count))
    }
}

/// Counts of activities by channel, kind and hour.
///
/// INVARIANT: at most [`Tally::BUCKETS_MAX`] buckets, those of the latest hours. What is dropped could never come back: a bucket is among the
/// latest N at the end only if it was among them at every moment before, so that dropping keeps the tally independent of order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    series: BTreeMap<(Channel, ActivityKind), Series>,
}

impl Tally {
    /// Most buckets it keeps.
    pub const BUCKETS_MAX: usize = 2_000;

    /// Nothing yet.
    pub const fn new() -> Self {
        Self { series: BTreeMap::new() }
    }

    /// Counts `count` activities of one channel and kind at one moment. Moments before 1970 count as 1970.
    pub fn add_many(&mut self, channel: Channel, kind: ActivityKind, at: DateTime<Utc>, count: u32) {
        if count == 0 {
            return;
        }
        let second = at.timestamp().max(0);
        let series = self.series.entry((channel, kind)).or_default();
        series.last = series.last.max(second);
        let hour = u32::try_from(second.div_euclid(HOUR_SECONDS)).unwrap_or(u32::MAX);
        let bucket = series.hours.entry(hour).or_default();
        *bucket = bucket.saturating_add(count);
        self.shorten();
    }

    /// Counts one activity.
    pub fn add(&mut self, channel: Channel, kind: ActivityKind, at: DateTime<Utc>) {
        self.add_many(channel, kind, at, 1);
    }

    /// Counts everything that another tally counted.
    pub fn merge(&mut self, other: &Self) {
        for (key, from) in &other.series {
            let series = self.series.entry(*key).or_default();
            series.last = series.last.max(from.last);
            for (hour, count) in &from.hours {
                let bucket = series.hours.entry(*hour).or_default();
                *bucket = bucket.saturating_add(*count);
            }
        }
        self.shorten();
    }

    /// What was done, by channel and kind.
    pub fn iter(&self) -> impl Iterator<Item = (Channel, ActivityKind, &Series)> {
        self.series.iter().map(|((channel, kind), series)| (*channel, *kind, series))
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }

    /// How many buckets it has.
    pub fn len(&self) -> usize {
        self.series.values().map(|series| series.hours.len()).sum()
    }

    /// The latest activity of all.
    pub fn last_at(&self) -> Option<DateTime<Utc>> {
        self.series.values().map(Series::last_at).max()
    }

    /// What happened before a moment, to the hour: buckets that ended by then. For looking back on what was known.
    #[must_use]
    pub fn until(&self, moment: DateTime<Utc>) -> Self {
        let mut past = Self::new();
        for (key, series) in &self.series {
            let ended = |hour: u32| (i64::from(hour) + 1) * HOUR_SECONDS <= moment.timestamp();
            let hours: BTreeMap<u32, u32> =
                series.hours.iter().filter(|(hour, _)| ended(**hour)).map(|(h, n)| (*h, *n)).collect();
            if let Some((hour, _)) = hours.last_key_value() {
                let end = (i64::from(*hour) + 1) * HOUR_SECONDS;
                past.series.insert(*key, Series { last: series.last.min(end - 1), hours });
            }
        }
        past
    }

    /// Drops the oldest buckets beyond the maximum; of one hour, by channel and kind as declared.
    fn shorten(&mut self) {
        while self.len() > Self::BUCKETS_MAX {
            let oldest = self.series.iter().filter_map(|(key, series)| Some((*series.hours.first_key_value()?.0, *key))).min();
            let Some((hour, key)) = oldest else { return };
            let Some(series) = self.series.get_mut(&key) else { return };
            series.hours.remove(&hour);
            if series.hours.is_empty() {
                self.series.remove(&key);
            }
        }
    }
}

impl<'a> FromIterator<&'a Activity> for Tally {
    fn from_iter<I: IntoIterator<Item = &'a Activity>>(activities: I) -> Self {
        let mut tally = Self::new();
        activities.into_iter().for_each(|activity| tally.add(activity.channel, activity.kind, activity.occurred_at));
        tally
    }
}

/// As stored: channel, then kind, then its series.
type Stored = BTreeMap<Channel, BTreeMap<ActivityKind, Series>>;

impl Serialize for Tally {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut stored: BTreeMap<Channel, BTreeMap<ActivityKind, &Series>> = BTreeMap::new();
        for ((channel, kind), series) in &self.series {
            stored.entry(*channel).or_default().insert(*kind, series);
        }
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Tally {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        let mut tally = Self::new();
        for (channel, kinds) in stored {
            let filled = kinds.into_iter().filter(|(_, series)| !series.hours.is_empty());
            tally.series.extend(filled.map(|(kind, series)| ((channel, kind), series)));
        }
        tally.shorten();
        Ok(tally)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    type Done = (usize, usize, i64, u32);

    fn tally(done: &[Done]) -> Tally {
        let mut tally = Tally::new();
        for (channel, kind, second, count) in done {
            tally.add_many(Channel::ALL[channel % 14], ActivityKind::ALL[kind % 17], at(*second), *count);
        }
        tally
    }

    fn some_done() -> impl Strategy<Value = Vec<Done>> {
        prop::collection::vec((0..3_usize, 0..4_usize, 0..40_000_000_i64, 0..4_u32), 0..60)
    }

    proptest! {
        #[test]
        fn order_and_bundling_never_matter(a in some_done(), b in some_done(), c in some_done()) {
            let together: Vec<Done> = [a.clone(), b.clone(), c.clone()].concat();
            let backwards: Vec<Done> = together.iter().rev().copied().collect();
            let mut merged = tally(&c);
            merged.merge(&tally(&a));
            merged.merge(&tally(&b));
            prop_assert_eq!(&tally(&together), &tally(&backwards));
            prop_assert_eq!(&tally(&together), &merged);
            let json = serde_json::to_string(&merged).unwrap();
            prop_assert_eq!(serde_json::from_str::<Tally>(&json).unwrap(), merged);
        }
    }

    #[test]
    fn the_oldest_buckets_go_first_whatever_the_order() {
        let hours: Vec<Done> = (0..2_500).map(|hour| (usize::from(hour % 2 == 0), 0, hour * 3_600, 1)).collect();
        let forwards = tally(&hours);
        let backwards = tally(&hours.iter().rev().copied().collect::<Vec<_>>());
        assert_eq!(forwards.len(), Tally::BUCKETS_MAX);
        assert_eq!(forwards, backwards);
        let first = forwards.iter().filter_map(|(_, _, series)| series.buckets().next()).map(|(end, _)| end).min().unwrap();
        assert_eq!(first, (1_800_000_000 / 3_600 + 501) * 3_600);
    }

    #[test]
    fn counts_and_the_latest_moment_are_kept() {
        let counted = tally(&[(3, 3, 10, 2), (3, 3, 5, 1), (3, 3, 7_200, 1)]);
        let (channel, kind, series) = counted.iter().next().unwrap();
        assert_eq!((channel, kind, series.count(), series.last_at()), (Channel::Email, ActivityKind::Click, 4, at(7_200)));
        assert_eq!(counted.len(), 2);
        assert_eq!(counted.until(at(3_600)).iter().next().unwrap().2.count(), 3);
        assert!(counted.until(at(0)).is_empty());
        assert_eq!(
            serde_json::to_string(&counted).unwrap(),
            r#"{"EMAIL":{"CLICK":{"last":1800007200,"hours":{"500000":3,"500002":1}}}}"#
        );
    }
}
