//! How promises were kept: clocks by how they went, and how long keeping took.
//!
//! A clock counts where it was started. It is exactly one of four: attained, breached, running or cancelled. Breached is whatever was not kept in the
//! promised time, whether it was kept later, came to nothing later or is open still: otherwise waiting long enough would mend the figure.

use std::collections::BTreeMap;

use crate::agreement::AgreementRef;
use crate::code::codes;
use crate::id::{AgreementId, TeamId, UserId};
use crate::scoring::Tier;
use crate::sla::{Basis, ClockKind};

codes! {
    /// What rows of the report are told apart by.
    pub enum SlaGroup {
        /// What is promised.
        ClockKind = "CLOCK_KIND",
        /// The version of the agreement that promises it.
        AgreementVersion = "AGREEMENT_VERSION",
        /// The team that had to keep it when it lapsed; of what has not lapsed the one that must keep it now, or had to last.
        Team = "TEAM",
        /// Who had to keep it when it lapsed; of what has not lapsed who must keep it now, or had to last.
        Member = "MEMBER",
        /// The tier of the lead when the clock was started.
        Tier = "TIER",
    }
}

/// What a row is of; nothing where rows are not told apart by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlaKey {
    /// What is promised.
    pub kind: Option<ClockKind>,
    /// The key, version and id of the agreement.
    pub agreement: Option<(String, u32, AgreementId)>,
    /// The team; inner nothing for what no team has.
    pub team: Option<Option<TeamId>>,
    /// Who; inner nothing for what nobody has in person.
    pub member: Option<Option<UserId>>,
    /// The tier.
    pub tier: Option<Tier>,
}

impl SlaKey {
    /// How an agreement is told in a key: sorted by its key and version.
    pub fn agreement(reference: &AgreementRef) -> (String, u32, AgreementId) {
        (reference.key.to_string(), reference.version, reference.id)
    }
}

/// How clocks went. The four add up to all that were started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlaCounts {
    /// Kept within the promised time.
    pub attained: u64,
    /// Not kept within the promised time: kept later, given up later, or open still.
    pub breached: u64,
    /// Open, and the promised time is not over; standing still counts as open.
    pub running: u64,
    /// Came to nothing before the promised time was over.
    pub cancelled: u64,
}

impl SlaCounts {
    /// All that were started.
    pub const fn started(&self) -> u64 {
        self.attained.saturating_add(self.breached).saturating_add(self.running).saturating_add(self.cancelled)
    }

    /// Those of which it is known whether the promise was kept: what the share is of.
    pub const fn judged(&self) -> u64 {
        self.attained.saturating_add(self.breached)
    }

    /// Adds others.
    pub const fn add(&mut self, more: Self) {
        self.attained = self.attained.saturating_add(more.attained);
        self.breached = self.breached.saturating_add(more.breached);
        self.running = self.running.saturating_add(more.running);
        self.cancelled = self.cancelled.saturating_add(more.cancelled);
    }
}

/// How long keeping promises took, in whole seconds; exact, of the nearest rank.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenFigures {
    /// Promises that were kept, in time or late.
    pub kept: u64,
    /// Half of them took no longer.
    pub median_seconds: Option<u64>,
    /// Nine of ten took no longer.
    pub p90_seconds: Option<u64>,
}

/// The place, from 1, of the value that `percent` of `count` sorted values do not exceed (nearest rank).
pub const fn rank(count: u64, percent: u64) -> u64 {
    count.saturating_mul(percent).div_ceil(100)
}

/// What was counted together: one group and basis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedClocks {
    /// The group.
    pub key: SlaKey,
    /// In which time the promises are meant.
    pub basis: Basis,
    /// How they went.
    pub counts: SlaCounts,
    /// How long keeping took, in the time of the basis.
    pub taken: TakenFigures,
    /// The median and 90th percentile in wall time over all bases of the group, where they lie in this basis.
    pub wall: [Option<u64>; 2],
}

/// A row of the report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SlaRow {
    /// What it is of.
    pub key: SlaKey,
    /// How the clocks went.
    pub counts: SlaCounts,
    /// How long keeping took in the time in which the promises are meant. Business hours and hours on the wall are not mixed.
    pub taken: BTreeMap<Basis, TakenFigures>,
    /// How long keeping took by the clock on the wall, whatever the basis.
    pub wall: TakenFigures,
}

/// Puts rows together, in the order of their keys.
pub fn assemble(counted: Vec<CountedClocks>) -> Vec<SlaRow> {
    let mut rows: BTreeMap<SlaKey, SlaRow> = BTreeMap::new();
    for CountedClocks { key, basis, counts, taken, wall: [median, p90] } in counted {
        let row = rows.entry(key.clone()).or_insert_with(|| SlaRow { key, ..SlaRow::default() });
        row.counts.add(counts);
        row.wall.kept = row.wall.kept.saturating_add(taken.kept);
        row.wall.median_seconds = row.wall.median_seconds.or(median);
        row.wall.p90_seconds = row.wall.p90_seconds.or(p90);
        if taken.kept > 0 {
            row.taken.insert(basis, taken);
        }
    }
    rows.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_add_up() {
        let mut counts = SlaCounts { attained: 1, breached: 2, running: 3, cancelled: 4 };
        assert_eq!((counts.started(), counts.judged()), (10, 3));
        counts.add(counts);
        assert_eq!((counts.started(), counts.judged()), (20, 6));
    }

    #[test]
    fn ranks_are_the_nearest() {
        assert_eq!((rank(0, 50), rank(1, 50), rank(2, 50), rank(3, 50), rank(4, 50)), (0, 1, 1, 2, 2));
        assert_eq!((rank(1, 90), rank(9, 90), rank(10, 90), rank(11, 90)), (1, 9, 9, 10));
    }

    #[test]
    fn business_hours_and_hours_on_the_wall_are_not_mixed() {
        let taken = |kept, median| TakenFigures { kept, median_seconds: median, p90_seconds: median };
        let counted = |tier, basis, kept, median, wall| CountedClocks {
            key: SlaKey { tier: Some(tier), ..SlaKey::default() },
            basis,
            counts: SlaCounts { attained: kept, running: 1, ..SlaCounts::default() },
            taken: taken(kept, median),
            wall,
        };
        let rows = assemble(vec![
            counted(Tier::Hot, Basis::Business, 2, Some(60), [None, Some(900)]),
            counted(Tier::Hot, Basis::Wall, 3, Some(120), [Some(120), None]),
            counted(Tier::Weak, Basis::Wall, 0, None, [None, None]),
        ]);
        assert_eq!(rows.iter().map(|row| row.key.tier).collect::<Vec<_>>(), [Some(Tier::Weak), Some(Tier::Hot)]);
        let hot = &rows[1];
        assert_eq!(hot.taken, BTreeMap::from([(Basis::Business, taken(2, Some(60))), (Basis::Wall, taken(3, Some(120)))]));
        assert_eq!(hot.wall, TakenFigures { kept: 5, median_seconds: Some(120), p90_seconds: Some(900) });
        assert_eq!((hot.counts.started(), rows[0].taken.len(), rows[0].wall.kept), (7, 0, 0));
    }
}
