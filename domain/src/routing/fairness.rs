//! Who is next: a promise with a number, in whole numbers.
//!
//! Each lead gives every member for whom it was eligible a share of one lead, by weight; the lead itself goes to one of them. The deviation of a
//! member is what the shares add up to, less the leads received. With `k` members:
//!
//! - **While eligibility and weights stand, nobody is ever a whole lead away**: the deviation never leaves ±(1 - 1/(2k-2)), the best bound there
//!   is. Of those who are entitled to at least 1/(2k-2) of a lead, the one whose next lead is due first gets it (R. Tijdeman, *The chairman
//!   assignment problem*, Discrete Mathematics 32, 1980). `standing` tells when that is satisfiable, from any deviations and not only from none.
//! - **When eligibility changes from lead to lead, nobody is ever more than (k-1)/2 away**: the largest deviation gets it, which is the best that
//!   can be done without knowing the future (D. Coppersmith, T. Nowicki, G. Paleologo, C. Tresser, C. W. Wu, *The optimality of the online
//!   greedy algorithm in carpool and chairman assignment problems*, ACM Transactions on Algorithms 7, 2011). Its proof shows more: the deviations
//!   of any `s` of `n` members never add up to more than `s(n-s)/2`, and that alone keeps them there. `is_within` asks exactly that.
//! - **Fair in number first, then in worth**: among the members whose choice leaves the promise satisfiable, the one gets the lead with whom
//!   expected value is the most even: a lead worth more than the mean goes to somebody who is behind in worth, one worth less to somebody who is
//!   ahead, so that it does not use up the turn of those who wait for a large one. See `Hand::evenness` for the figure. The promise is then a
//!   whole lead: `standing::ROOM` widens the window for the sake of choice.
//!
//! Two members are the exception in worth: their deviations must stay within 1/2, so that there is a choice only with equal weights, at every
//! other lead.

use std::cmp::Reverse;

use crate::code::codes;
use crate::id::UserId;

use super::ledger::{Ledger, Seats};
use super::share::{Leads, split, split_lead};

mod standing;

use standing::{Schedule, Standing};

codes! {
    /// By which rule the next member was chosen.
    pub enum FairRule {
        /// There was one member only.
        Alone = "ALONE",
        /// The next lead of this member was due first.
        DueFirst = "DUE_FIRST",
        /// This member was the furthest behind in leads.
        FurthestBehind = "FURTHEST_BEHIND",
        /// In number it could have been several; of them it was this member with whom expected value is the most even.
        LeastWorth = "LEAST_WORTH",
    }
}

/// The most a member may weigh.
pub const WEIGHT_MAX: u32 = 100;

/// What is made equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Balance {
    /// The number of leads alone.
    Number,
    /// The number, and where it leaves a choice their expected value.
    Worth,
}

/// Somebody who may get a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contender {
    /// Who.
    pub user: UserId,
    /// How many shares, 1 to [`WEIGHT_MAX`].
    pub weight: u32,
}

/// What is told of a draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    /// Who gets the lead.
    pub chosen: UserId,
    /// By which rule.
    pub rule: FairRule,
    /// What each contender was entitled to of it, in the contenders' order.
    pub shares: Vec<Leads>,
    /// The same of its expected value, in minor units.
    pub worth: Vec<i64>,
}

/// Draws the next of some contenders, and writes it into the ledger: the same ledger, contenders and worth always give the same answer. Nobody is
/// drawn of nobody. `contenders` stand in the order of their ids, nobody twice, and have a weight of at least 1; `worth` is the lead's expected
/// value in minor units as far as it is known: it is always written down, and decides when it is to be balanced.
pub fn draw(ledger: &mut Ledger, contenders: &[Contender], worth: Option<i64>, balance: Balance) -> Option<Draw> {
    debug_assert!(contenders.is_sorted_by(|one, next| one.user < next.user), "contenders must be in the order of their ids");
    let total: u64 = contenders.iter().map(|contender| u64::from(contender.weight)).sum();
    let weights = || contenders.iter().map(|contender| contender.weight);
    let value = worth.unwrap_or(0).max(0);
    let shares: Vec<Leads> = split_lead(weights(), total).collect();
    let parts: Vec<i64> = split(i128::from(value), weights(), total).map(narrow).collect();
    let standing = Standing::of(contenders, balance);
    let is_known = ledger.standing == Some(standing.mark);
    let seats = ledger.share_out(contenders, &shares, &parts);
    let behind = seats.behind();
    let was_safe = is_known || standing.is_safe(&before(&behind, &shares));
    let hand = Hand { contenders, standing: &standing, shares: &shares, seats, behind };
    let (index, rule, is_safe) = hand.choose(was_safe, worth.filter(|_| balance == Balance::Worth).map(|_| value))?;
    let chosen = contenders.get(index)?.user;
    ledger.receive(chosen, value);
    if rule != FairRule::Alone {
        ledger.standing = is_safe.then_some(standing.mark);
    }
    Some(Draw { chosen, rule, shares, worth: parts })
}

fn narrow(part: i128) -> i64 {
    i64::try_from(part).unwrap_or(i64::MAX)
}

fn before(behind: &[i128], shares: &[Leads]) -> Vec<i128> {
    behind.iter().zip(shares).map(|(behind, share)| behind.saturating_sub(share.atoms())).collect()
}

/// Whether deviations lie where the greedy rule keeps them: those of any `s` of all `n` members sum up to at most `s(n-s)/2`.
///
/// INVARIANT: giving each lead to the eligible member with the largest deviation never leaves this set, whoever is eligible. Let S be a set that
/// left it; it cannot hold the receiver `a`, whose deviation fell by 1. Of S, `u` members were eligible, each with a deviation of at most `a`'s,
/// and the other `t` unchanged, so that theirs sum up to at most t(n-t)/2. Then `a`'s exceeds (n-2t-u)/2, and S with `a` added exceeded its
/// bound by (u+1)/2 before the lead was given, though one lead adds 1 at most and `u` is at least 1.
pub(super) fn is_within(deviations: impl Iterator<Item = i128> + Clone) -> bool {
    let one = Leads::ONE.atoms();
    let (mut all, mut sum, mut most, mut least) = (0_i128, 0_i128, i128::MIN, i128::MAX);
    for deviation in deviations.clone() {
        all = all.saturating_add(1);
        sum = sum.saturating_add(deviation);
        (most, least) = (most.max(deviation), least.min(deviation));
    }
    let is_full = |sum: i128, count: i128| sum.saturating_mul(2) > one.saturating_mul(count.saturating_mul(all - count));
    if all < 2 {
        return true;
    }
    if is_full(sum.saturating_sub(least), all - 1) {
        return false;
    }
    if most <= one {
        // s members with a lead at most sum up to s at most, and that is within s(n-s)/2 for every other s
        return true;
    }
    let mut sorted: Vec<i128> = deviations.collect();
    sorted.sort_unstable_by_key(|deviation| Reverse(*deviation));
    let mut sum = 0_i128;
    // the last one is the sum of all, which is 0 unless somebody corrected it by hand
    (1..all).zip(sorted).all(|(count, deviation)| {
        sum = sum.saturating_add(deviation);
        !is_full(sum, count)
    })
}

/// A lead that was shared and is to be given.
struct Hand<'a> {
    contenders: &'a [Contender],
    standing: &'a Standing<'a>,
    shares: &'a [Leads],
    seats: Seats,
    /// How far each contender is behind, this lead's share included.
    behind: Vec<i128>,
}

impl Hand<'_> {
    /// Whose it is, by which rule, and whether the promise of the whole lead holds after it; `worth` is there to be balanced.
    fn choose(&self, was_safe: bool, worth: Option<i64>) -> Option<(usize, FairRule, bool)> {
        if self.contenders.len() == 1 {
            return Some((0, FairRule::Alone, true));
        }
        let safe = if was_safe { self.due_first().filter(|index| self.stays_within(*index)) } else { None };
        let (index, rule) = match safe {
            Some(index) => (index, FairRule::DueFirst),
            None => (self.furthest_behind()?, FairRule::FurthestBehind),
        };
        let even = worth.and_then(|worth| self.most_even(index, safe.is_some(), worth));
        Some(even.map_or((index, rule, safe.is_some()), |index| (index, FairRule::LeastWorth, safe.is_some())))
    }

    /// The contenders with how far they are behind.
    fn seated(&self) -> impl Iterator<Item = (usize, i128, &Contender)> {
        (0..).zip(&self.behind).zip(self.contenders).map(|((index, behind), contender)| (index, *behind, contender))
    }

    /// Of those entitled to the margin at least, whose next lead is due first; the further behind of two, then the older id.
    fn due_first(&self) -> Option<usize> {
        let entitled = self.seated().filter(|(_, behind, _)| *behind >= self.standing.margin);
        let due = entitled.map(|(index, behind, contender)| {
            (self.standing.bound().saturating_sub(behind), i128::from(contender.weight.max(1)), Reverse(behind), index)
        });
        // the time left is left / weight, compared without a division
        let sooner = due.min_by(|one, other| {
            let time = one.0.saturating_mul(other.1).cmp(&other.0.saturating_mul(one.1));
            time.then_with(|| (one.2, one.3).cmp(&(other.2, other.3)))
        });
        sooner.map(|(.., index)| index)
    }

    /// The furthest behind; the older id of two.
    fn furthest_behind(&self) -> Option<usize> {
        self.seated().max_by_key(|(index, behind, _)| (*behind, Reverse(*index))).map(|(index, ..)| index)
    }

    /// With whom worth is the most even, among those whose choice leaves the promise satisfiable; nothing when that is who is next anyway.
    fn most_even(&self, next: usize, is_safe: bool, worth: i64) -> Option<usize> {
        let furthest = self.behind.iter().max().copied().unwrap_or(0);
        if !is_safe && furthest > self.standing.bound() {
            // somebody is more than a lead behind: number comes first
            return None;
        }
        let mean = self.seats.mean_with(worth);
        let mut schedule = None;
        let mut best = (next, self.evenness(next, worth, mean));
        for (index, ..) in self.seated().filter(|(index, behind, _)| *index != next && *behind >= self.standing.margin) {
            let evenness = self.evenness(index, worth, mean);
            if !evenness.exceeds(&best.1) || !self.stays_within(index) {
                continue;
            }
            let mut stays_safe =
                || schedule.get_or_insert_with(|| Schedule::of(self.standing, &self.behind)).is_safe_without(index);
            if !is_safe || stays_safe() {
                best = (index, evenness);
            }
        }
        Some(best.0).filter(|index| *index != next)
    }

    /// How much more even worth is when this contender gets the lead.
    ///
    /// What counts of a member is the outlook `t`: how far behind in worth the member still is once the number is made even by leads of the mean
    /// worth. A lead of worth `v` beside the mean `m` changes it by `v - m`. Of all members, the sum of `t * t / weight` is to be small, and this
    /// lead makes it smaller by `(v - m)(2t - (v - m)) / weight`: the most for who is furthest behind when it is worth more than the mean, and for
    /// who is furthest ahead when it is worth less; a giant lead goes to somebody whose weight carries it.
    fn evenness(&self, index: usize, worth: i64, mean: i64) -> Evenness {
        const UNIT: i128 = 1_000_000_000;
        let behind = self.behind.get(index).map_or(0, |atoms| Leads::of_atoms(*atoms).billionths());
        let shortfall = self.seats.shortfalls.get(index).copied().unwrap_or(0);
        let outlook =
            i128::from(shortfall).saturating_mul(UNIT).saturating_sub(i128::from(mean).saturating_mul(i128::from(behind)));
        let beside = i128::from(worth).saturating_sub(i128::from(mean));
        let gain = beside.saturating_mul(outlook.saturating_mul(2).saturating_sub(beside.saturating_mul(UNIT)));
        Evenness { gain, weight: self.contenders.get(index).map_or(1, |contender| i128::from(contender.weight.max(1))) }
    }

    /// Whether all members of the pool stay where the greedy rule keeps them, unless somebody brought them out of it by hand.
    fn stays_within(&self, given: usize) -> bool {
        let Some(place) = self.seats.places.get(given) else { return false };
        let one = Leads::ONE.atoms();
        let less = |at: usize| if at == *place { one } else { 0 };
        is_within((0..).zip(&self.seats.deviations).map(|(at, deviation)| deviation.saturating_sub(less(at))))
            || !self.was_within()
    }

    fn was_within(&self) -> bool {
        let mut deviations = self.seats.deviations.clone();
        for (place, share) in self.seats.places.iter().zip(self.shares) {
            if let Some(deviation) = deviations.get_mut(*place) {
                *deviation = deviation.saturating_sub(share.atoms());
            }
        }
        is_within(deviations.into_iter())
    }
}

/// A gain per weight, kept as a fraction.
struct Evenness {
    gain: i128,
    weight: i128,
}

impl Evenness {
    fn exceeds(&self, other: &Self) -> bool {
        self.gain.saturating_mul(other.weight) > other.gain.saturating_mul(self.weight)
    }
}

#[cfg(test)]
mod tests;
