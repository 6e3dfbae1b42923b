//! Chance that falls alike at each run: `SplitMix64` (Steele, Lea and Flood, 2014) from a fixed seed. Nothing secret comes from here.

use chrono::TimeDelta;

/// A run of numbers that look random.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    /// The run that belongs to a seed.
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to but not `count`; 0 when `count` is 0.
    pub(super) fn below(&mut self, count: usize) -> usize {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        let found = self.roll().checked_rem(count).unwrap_or(0);
        usize::try_from(found).unwrap_or(0)
    }

    /// A number from `least` to `most`.
    pub(super) fn between(&mut self, least: i64, most: i64) -> i64 {
        let width = u64::try_from(most.saturating_sub(least)).unwrap_or(0).saturating_add(1);
        let found = self.roll().checked_rem(width).unwrap_or(0);
        least.saturating_add(i64::try_from(found).unwrap_or(0))
    }

    /// True in `percent` of a hundred cases.
    pub(super) fn chance(&mut self, percent: u32) -> bool {
        self.between(0, 99) < i64::from(percent)
    }

    /// One of the items; none of none.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// One of the words.
    pub(super) fn word(&mut self, words: &[&'static str]) -> &'static str {
        self.pick(words).copied().unwrap_or_default()
    }

    /// One of the items, each as often as its weight says.
    pub(super) fn weighted<'a, T>(&mut self, items: &'a [(u32, T)]) -> Option<&'a T> {
        let total: u32 = items.iter().map(|(weight, _)| weight).sum();
        let mut left = self.between(1, i64::from(total));
        items
            .iter()
            .find(|(weight, _)| {
                left = left.saturating_sub(i64::from(*weight));
                left <= 0
            })
            .map(|(_, item)| item)
    }

    /// A time from `least` to `most` minutes.
    pub(super) fn minutes(&mut self, least: i64, most: i64) -> TimeDelta {
        TimeDelta::minutes(self.between(least, most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_alike_each_time_and_within_its_bounds() {
        let run = |seed| {
            let mut dice = Dice::new(seed);
            (0..1000).map(|_| dice.between(-3, 3)).collect::<Vec<_>>()
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
        assert!(run(1).iter().all(|found| (-3..=3).contains(found)));
        assert!((-3..=3).all(|wanted| run(1).contains(&wanted)));
    }

    #[test]
    fn weights_hold() {
        let mut dice = Dice::new(7);
        let found = (0..1000).filter(|_| dice.weighted(&[(9, true), (1, false)]) == Some(&true)).count();
        assert!((850..950).contains(&found), "{found}");
        assert_eq!(dice.weighted::<u8>(&[]), None);
        assert_eq!(dice.pick::<u8>(&[]), None);
    }
}
