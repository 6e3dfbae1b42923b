//! How well a score tells the won from the others.
//!
//! The area under the ROC curve is the chance that a won passage had a higher score than one that was not won, ties counting half: the
//! statistic of Mann and Whitney divided by its number of pairs (Hanley and `McNeil` 1982). 0.5 is a coin, 1 is never wrong.

use std::collections::BTreeMap;

/// Scores and outcomes that are being collected, in integers and in no order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranking {
    /// By score: how many were won and how many were not.
    counts: BTreeMap<i32, (u64, u64)>,
}

/// Whether a passage was won.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It was.
    Won,
    /// It ended in another way.
    NotWon,
}

impl Ranking {
    /// Notes one outcome at a score.
    pub fn add(&mut self, score: i32, known: Known) {
        let (won, not_won) = self.counts.entry(score).or_default();
        match known {
            Known::Won => *won = won.saturating_add(1),
            Known::NotWon => *not_won = not_won.saturating_add(1),
        }
    }

    /// The area in millionths; `None` without at least one of each outcome.
    pub fn auc_millionths(&self) -> Option<u32> {
        let (mut twice, mut below, mut won) = (0_u128, 0_u128, 0_u128);
        for (of_won, of_not) in self.counts.values() {
            let (of_won, of_not) = (u128::from(*of_won), u128::from(*of_not));
            twice = twice.saturating_add(of_won.saturating_mul(2 * below + of_not));
            below += of_not;
            won += of_won;
        }
        let pairs = won.checked_mul(below).filter(|pairs| *pairs > 0)?;
        // rounded half up; twice the wins over twice the pairs
        u32::try_from((twice.saturating_mul(1_000_000) + pairs) / (2 * pairs)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ranking(pairs: &[(i32, bool)]) -> Ranking {
        let mut ranking = Ranking::default();
        for (score, won) in pairs {
            ranking.add(*score, if *won { Known::Won } else { Known::NotWon });
        }
        ranking
    }

    #[test]
    fn known_areas() {
        assert_eq!(ranking(&[(1, false), (2, true)]).auc_millionths(), Some(1_000_000));
        assert_eq!(ranking(&[(2, false), (1, true)]).auc_millionths(), Some(0));
        assert_eq!(ranking(&[(1, false), (1, true)]).auc_millionths(), Some(500_000));
        assert_eq!(ranking(&[(1, true), (2, true)]).auc_millionths(), None);
        // three of four pairs are in order
        assert_eq!(ranking(&[(1, false), (2, true), (3, false), (4, true)]).auc_millionths(), Some(750_000));
    }

    proptest! {
        #[test]
        fn counts_the_pairs(pairs in prop::collection::vec((0..6_i32, any::<bool>()), 0..30)) {
            let (won, not): (Vec<_>, Vec<_>) = pairs.iter().partition(|(_, won)| *won);
            let halves: usize = won.iter().flat_map(|(a, _)| not.iter().map(move |(b, _)| match a.cmp(b) {
                std::cmp::Ordering::Greater => 2_usize,
                std::cmp::Ordering::Equal => 1,
                std::cmp::Ordering::Less => 0,
            })).sum();
            let all = won.len() * not.len();
            let expected = (all > 0).then(|| u32::try_from((halves * 1_000_000 + all) / (2 * all)).unwrap());
            prop_assert_eq!(ranking(&pairs).auc_millionths(), expected);
        }
    }
}
