//! Parts of a lead, in whole numbers: the same on every machine.

use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

/// Billionths of a billionth in a billionth.
const CARRY: i128 = 1_000_000_000;
const CARRY_SHORT: i64 = 1_000_000_000;

/// A part of a lead. Kept in billionths of a lead with the remainder carried (in billionths of that), so that ten thousand leads shared by any
/// weights are off by less than a billionth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "(i64, i64)", into = "(i64, i64)")]
pub struct Leads(i128);

impl Leads {
    /// None.
    pub const ZERO: Self = Self(0);
    /// One whole lead.
    pub const ONE: Self = Self(CARRY * CARRY);

    /// So many whole leads.
    pub fn whole(count: i64) -> Self {
        Self(i128::from(count).saturating_mul(Self::ONE.0))
    }

    /// The `part`-th of `of` parts of one lead, cut: parts of one whole are made by [`split`].
    pub(super) const fn fraction(part: i128, of: i128) -> Self {
        match Self::ONE.0.saturating_mul(part).checked_div(of) {
            Some(cut) => Self(cut),
            None => Self(0),
        }
    }

    /// The smallest parts that are counted.
    pub(super) const fn atoms(self) -> i128 {
        self.0
    }

    pub(super) const fn of_atoms(atoms: i128) -> Self {
        Self(atoms)
    }

    /// Billionths of a lead, cut towards minus infinity.
    pub fn billionths(self) -> i64 {
        if let Ok(few) = i64::try_from(self.0) {
            // a short division is much quicker, and nobody is nine leads away
            return few.div_euclid(CARRY_SHORT);
        }
        i64::try_from(self.0.div_euclid(CARRY)).unwrap_or(if self.0 < 0 { i64::MIN } else { i64::MAX })
    }

    /// As a decimal number, for reports.
    pub fn figure(self) -> f64 {
        let (whole, rest) = (self.0.div_euclid(Self::ONE.0), self.0.rem_euclid(Self::ONE.0).div_euclid(CARRY));
        let part = |number: i128| i32::try_from(number).map_or(f64::MAX, f64::from);
        part(whole) + part(rest) / 1e9
    }

    /// Without its sign.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }
}

/// What a stored part of a lead must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the remainder of a part of a lead must be at least 0 and below a billionth")]
pub struct ShareFault;

impl TryFrom<(i64, i64)> for Leads {
    type Error = ShareFault;

    fn try_from((billionths, carry): (i64, i64)) -> Result<Self, ShareFault> {
        let carry = Some(i128::from(carry)).filter(|carry| (0..CARRY).contains(carry)).ok_or(ShareFault)?;
        Ok(Self(i128::from(billionths).saturating_mul(CARRY).saturating_add(carry)))
    }
}

impl From<Leads> for (i64, i64) {
    fn from(leads: Leads) -> Self {
        (leads.billionths(), i64::try_from(leads.0.rem_euclid(CARRY)).unwrap_or(0))
    }
}

impl Add for Leads {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Leads {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Leads {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl AddAssign for Leads {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Leads {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl std::iter::Sum for Leads {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::ZERO, Add::add)
    }
}

/// Cuts `whole` by weights into parts that sum up to it exactly: what rounding leaves goes to those in front, so that of equal ones the
/// first is ahead by it. `total` is the sum of the weights.
pub(super) fn split(whole: i128, weights: impl Iterator<Item = u32>, total: u64) -> impl Iterator<Item = i128> {
    // what is cut up to a weight w is whole * w / total, rounded up: by quotient and rest it needs one long division for all of them
    let of = i128::from(total.max(1));
    let (each, rest) = (whole.div_euclid(of), u64::try_from(whole.rem_euclid(of)).unwrap_or(0));
    weights.scan((0_u64, 0_i128), move |(weight, given), next| {
        *weight = weight.saturating_add(u64::from(next));
        let of_rest = rest.saturating_mul(*weight).div_ceil(total.max(1));
        let up_to = each.saturating_mul(i128::from(*weight)).saturating_add(i128::from(of_rest));
        let part = up_to.saturating_sub(*given);
        *given = up_to;
        Some(part)
    })
}

/// One lead, cut by weights.
pub(super) fn split_lead(weights: impl Iterator<Item = u32>, total: u64) -> impl Iterator<Item = Leads> {
    split(Leads::ONE.0, weights, total).map(Leads)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_sum_up_to_the_whole() {
        for weights in [vec![1, 1, 1], vec![3, 7, 100, 1], vec![1], vec![97; 50]] {
            let total = weights.iter().map(|weight| u64::from(*weight)).sum();
            assert_eq!(split_lead(weights.iter().copied(), total).sum::<Leads>(), Leads::ONE);
        }
    }

    #[test]
    fn a_stored_part_is_read_back() {
        for leads in [Leads::ZERO, Leads::ONE, -Leads::fraction(1, 3), Leads::whole(12_345) + Leads::fraction(2, 7)] {
            let stored = serde_json::to_string(&leads).unwrap();
            assert_eq!(serde_json::from_str::<Leads>(&stored).unwrap(), leads);
        }
        assert!(serde_json::from_str::<Leads>("[1, -1]").is_err());
        assert!((Leads::fraction(-1, 4).figure() + 0.25).abs() < 1e-9);
    }
}
