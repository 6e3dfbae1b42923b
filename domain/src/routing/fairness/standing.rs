//! When the promise of the whole lead is satisfiable.

use super::{Balance, Contender};
use crate::routing::share::Leads;

/// How much narrower than a whole lead the promise is while worth is balanced as well, as a share of what it is otherwise. The wider it is, the
/// more often there is a choice; wider than this brings nothing more.
pub(super) const ROOM: i128 = 8;

/// Contenders with their weights, and how far from a whole lead the promise for them is.
pub(super) struct Standing<'a> {
    contenders: &'a [Contender],
    total: i64,
    /// 1 less the bound: who is entitled to less gets nothing.
    pub(super) margin: i128,
    /// Tells these contenders, weights and margin from others.
    pub(super) mark: u64,
}

impl<'a> Standing<'a> {
    pub(super) fn of(contenders: &'a [Contender], balance: Balance) -> Self {
        let total = contenders.iter().map(|contender| i64::from(contender.weight)).sum();
        let others = i128::try_from(contenders.len()).unwrap_or(i128::MAX).saturating_sub(1).max(1);
        let room = match balance {
            Balance::Number => 1,
            Balance::Worth => ROOM,
        };
        let margin = Leads::fraction(1, others.saturating_mul(2).saturating_mul(room)).atoms();
        Self { contenders, total, margin, mark: mark(contenders, balance) }
    }

    pub(super) fn bound(&self) -> i128 {
        Leads::ONE.atoms().saturating_sub(self.margin)
    }

    /// In how many leads from now somebody with this deviation would be beyond the bound without one, at least 1.
    fn due(&self, deviation: i128, weight: i64) -> i64 {
        let left = self.bound().saturating_sub(deviation).saturating_mul(i128::from(self.total));
        // a long division and a short one are quicker than a long one by the product, and leave nothing over
        let whole = i64::try_from(left.div_euclid(Leads::ONE.atoms())).unwrap_or(i64::MAX);
        whole.div_euclid(weight.max(1)).saturating_add(1).max(1)
    }

    fn entry(&self, index: usize, deviation: i128) -> Due {
        let weight = self.contenders.get(index).map_or(1, |contender| i64::from(contender.weight));
        Due { within: self.due(deviation, weight), owed: deviation.saturating_add(self.margin), weight, index }
    }

    /// Whether "the next due first" keeps every deviation within the bound from here on, for as long as contenders and weights stand.
    ///
    /// INVARIANT: sufficient, with bound B = 1 - m, deviations d, shares w. Suppose a lead were due at N and could not be given. If some lead
    /// before went to somebody who was not due by N, take the last such moment: whoever is due by N was then entitled to less than m, because
    /// the rule prefers them, and there are at most k-1 of them. By N each needs fewer than d + Nw + m leads, together fewer than
    /// 2m(k-1) + N <= 1 + N: a whole number, so they get them. If no such moment was, those due by N are the set S of all who are, from here:
    /// together they need fewer than the sum of d + m over S, plus N times the share of S. That is at most N when the sum is at most 1 + N(1 - the
    /// share of S), which is what is asked here for every N at which somebody is added to S. And somebody is always entitled to m at least,
    /// because the deviations sum up to more than km - 1 before a lead is shared.
    pub(super) fn is_safe(&self, deviations: &[i128]) -> bool {
        if deviations.iter().any(|deviation| deviation.saturating_abs() > self.bound())
            || !self.leaves_somebody(deviations.iter().sum())
        {
            return false;
        }
        let mut due: Vec<Due> = (0..).zip(deviations).map(|(index, deviation)| self.entry(index, *deviation)).collect();
        due.sort_unstable();
        self.can_serve(due.iter())
    }

    fn leaves_somebody(&self, sum: i128) -> bool {
        let count = i128::try_from(self.contenders.len()).unwrap_or(i128::MAX);
        sum >= self.margin.saturating_mul(count).saturating_sub(Leads::ONE.atoms())
    }

    /// Whether everybody can be served in time, those who are due first in front.
    fn can_serve<'d>(&self, due: impl Iterator<Item = &'d Due>) -> bool {
        let one = Leads::ONE.atoms();
        let (mut owed, mut weight) = (0_i128, 0_i64);
        let mut left = due.peekable();
        while let Some(next) = left.next() {
            owed = owed.saturating_add(next.owed);
            weight = weight.saturating_add(next.weight);
            if left.peek().is_some_and(|after| after.within == next.within) {
                continue;
            }
            let room = self.total.saturating_add(next.within.saturating_mul(self.total.saturating_sub(weight)));
            if owed.saturating_mul(i128::from(self.total)) > one.saturating_mul(i128::from(room)) {
                return false;
            }
        }
        true
    }
}

/// Somebody who is due.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    /// In how many leads.
    within: i64,
    /// The deviation and the margin.
    owed: i128,
    weight: i64,
    index: usize,
}

/// Who is due when, made ready for asking what giving the lead to one or another would do.
pub(super) struct Schedule<'a> {
    standing: &'a Standing<'a>,
    behind: &'a [i128],
    due: Vec<Due>,
    sum: i128,
    /// How many are beyond the bound unless they get this lead.
    beyond: usize,
}

impl<'a> Schedule<'a> {
    pub(super) fn of(standing: &'a Standing<'a>, behind: &'a [i128]) -> Self {
        let mut due: Vec<Due> = (0..).zip(behind).map(|(index, behind)| standing.entry(index, *behind)).collect();
        due.sort_unstable();
        let beyond = behind.iter().filter(|behind| behind.saturating_abs() > standing.bound()).count();
        Self { standing, behind, due, sum: behind.iter().sum(), beyond }
    }

    /// What [`Standing::is_safe`] says once this contender has got the lead.
    pub(super) fn is_safe_without(&self, index: usize) -> bool {
        let Some(behind) = self.behind.get(index) else { return false };
        let (bound, one) = (self.standing.bound(), Leads::ONE.atoms());
        let after = behind.saturating_sub(one);
        let others_beyond = self.beyond.saturating_sub(usize::from(behind.saturating_abs() > bound));
        if others_beyond > 0 || after.saturating_abs() > bound || !self.standing.leaves_somebody(self.sum.saturating_sub(one)) {
            return false;
        }
        let later = self.standing.entry(index, after);
        let (sooner, rest) = self.due.split_at_checked(self.due.partition_point(|due| *due < later)).unwrap_or_default();
        let others = |due: &&Due| due.index != index;
        self.standing.can_serve(sooner.iter().filter(others).chain([&later]).chain(rest.iter().filter(others)))
    }
}

/// Tells who contends with which weight: each word is multiplied in and spread over all bits, as `SplitMix64` does it.
fn mark(contenders: &[Contender], balance: Balance) -> u64 {
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
    const SPREAD: u64 = 0xbf58_476d_1ce4_e5b9;
    let mix = |hash: u64, word: u64| {
        let mixed = (hash ^ word).wrapping_mul(SPREAD);
        (mixed ^ (mixed >> 29)).wrapping_add(STEP)
    };
    contenders.iter().fold(u64::from(balance == Balance::Worth), |hash, contender| {
        let (high, low) = contender.user.uuid().as_u64_pair();
        mix(mix(mix(hash, high), low), u64::from(contender.weight))
    })
}
