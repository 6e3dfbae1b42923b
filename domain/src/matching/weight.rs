//! What an agreement weighs (I. P. Fellegi, A. B. Sunter, A Theory for Record Linkage, JASA 64, 1969).
//!
//! For each field and agreement two probabilities are shipped, in parts of 100,000: `m`, how often records of the same person agree so far, and
//! `u`, how often records of two people who came into comparison do. The weight is the binary logarithm of m/u: bits that speak for (or, below
//! zero, against) the same person. Weights of fields add up.
//!
//! Where the figures come from. `u` of a name is the share of pairs that agree by chance: the commonest given names have 1 to 2 in a hundred
//! bearers, a family name 1 in several hundred (squares of the shares summed, as in U.S. and German name statistics). Postal codes and towns are
//! not drawn from the whole country, because most pairs come into comparison by living near each other; hence their `u` of one in fifty to a
//! hundred instead of one in thousands. `m` is what is left when errors are taken off: 1 field in 10 to 20 is mistyped, 1 in 50 to 100 replaced
//! (people move, marry, change jobs and numbers: the less a field lasts, the less a difference says).

use crate::matching::field::{Agreement, MatchField};

/// Hundredths of a bit.
pub type Weight = i32;

/// One whole bit.
pub const BIT: Weight = 100;

/// `m` and `u` in parts of 100,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Odds {
    /// How often records of the same one agree so far.
    pub m: u32,
    /// How often records of two different ones do.
    pub u: u32,
}

const fn odds(m: u32, u: u32) -> Odds {
    Odds { m, u }
}

/// The shipped probabilities. Agreements that a field does not know share the figures of their neighbour.
#[expect(clippy::match_same_arms, reason = "one row an agreement, so that each can be reviewed and changed alone")]
pub const fn shipped(field: MatchField, agreement: Agreement) -> Odds {
    use Agreement::{Close, Different, Related, Same, Swapped};
    match (field, agreement) {
        (MatchField::GivenName, Same) => odds(72_000, 1_000),
        (MatchField::GivenName, Swapped) => odds(4_000, 20),
        (MatchField::GivenName, Close) => odds(14_000, 700),
        (MatchField::GivenName, Related) => odds(3_000, 2_000),
        (MatchField::GivenName, Different) => odds(7_000, 96_280),
        (MatchField::FamilyName, Same) => odds(72_000, 300),
        (MatchField::FamilyName, Swapped) => odds(4_000, 20),
        (MatchField::FamilyName, Close) => odds(14_000, 400),
        (MatchField::FamilyName, Related) => odds(3_000, 2_000),
        (MatchField::FamilyName, Different) => odds(7_000, 97_280),
        (MatchField::Email, Same | Swapped) => odds(60_000, 1),
        (MatchField::Email, Close) => odds(5_000, 10),
        (MatchField::Email, Related) => odds(10_000, 200),
        (MatchField::Email, Different) => odds(25_000, 99_789),
        (MatchField::Phone, Same | Swapped) => odds(60_000, 20),
        (MatchField::Phone, Close) => odds(6_000, 30),
        (MatchField::Phone, Related) => odds(4_000, 1_000),
        (MatchField::Phone, Different) => odds(30_000, 98_950),
        (MatchField::Company, Same | Swapped) => odds(70_000, 2_000),
        (MatchField::Company, Close) => odds(9_000, 500),
        (MatchField::Company, Related) => odds(6_000, 1_500),
        (MatchField::Company, Different) => odds(15_000, 96_000),
        (MatchField::CompanyName, Same | Swapped) => odds(75_000, 50),
        (MatchField::CompanyName, Close) => odds(12_000, 100),
        (MatchField::CompanyName, Related) => odds(6_000, 1_500),
        (MatchField::CompanyName, Different) => odds(7_000, 98_350),
        (MatchField::Domain, Same | Swapped) => odds(65_000, 500),
        (MatchField::Domain, Close | Related) => odds(10_000, 2_000),
        (MatchField::Domain, Different) => odds(25_000, 97_500),
        (MatchField::Street, Same | Swapped) => odds(70_000, 700),
        (MatchField::Street, Close) => odds(17_000, 800),
        (MatchField::Street, Related) => odds(6_000, 5_000),
        (MatchField::Street, Different) => odds(7_000, 93_500),
        (MatchField::HouseNumber, Same | Swapped) => odds(82_000, 2_500),
        (MatchField::HouseNumber, Close) => odds(8_000, 10_000),
        (MatchField::HouseNumber, Related | Different) => odds(10_000, 87_500),
        (MatchField::PostalCode, Same | Swapped) => odds(76_000, 2_000),
        (MatchField::PostalCode, Close) => odds(13_000, 2_000),
        (MatchField::PostalCode, Related) => odds(3_000, 8_000),
        (MatchField::PostalCode, Different) => odds(8_000, 88_000),
        (MatchField::City, Same | Swapped) => odds(74_000, 1_500),
        (MatchField::City, Close) => odds(15_000, 500),
        (MatchField::City, Related) => odds(4_000, 3_000),
        (MatchField::City, Different) => odds(7_000, 95_000),
        (MatchField::Region, Same | Swapped) => odds(90_000, 20_000),
        (MatchField::Region, Close | Related) => odds(5_000, 5_000),
        (MatchField::Region, Different) => odds(5_000, 75_000),
        (MatchField::Country, Same | Swapped) => odds(98_000, 70_000),
        (MatchField::Country, Close | Related | Different) => odds(2_000, 30_000),
        (MatchField::RegisterNumber, Same | Swapped) => odds(90_000, 2),
        (MatchField::RegisterNumber, Close | Related) => odds(6_000, 500),
        (MatchField::RegisterNumber, Different) => odds(4_000, 99_498),
    }
}

/// The weight of an agreement in hundredths of a bit.
pub fn weight(field: MatchField, agreement: Agreement) -> Weight {
    let Odds { m, u } = shipped(field, agreement);
    rounded((f64::from(m) / f64::from(u)).log2() * f64::from(BIT))
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "the logarithm of a quotient of 32 bits is below 64")]
fn rounded(figure: f64) -> Weight {
    figure.round() as Weight
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_agrees_better_weighs_more() {
        for field in MatchField::ALL {
            let weights: Vec<Weight> = [Agreement::Same, Agreement::Close, Agreement::Related, Agreement::Different]
                .iter()
                .map(|agreement| weight(*field, *agreement))
                .collect();
            assert!(weights.is_sorted_by(|better, worse| better >= worse), "{field}: {weights:?}");
            assert!(weight(*field, Agreement::Same) > 0 && weight(*field, Agreement::Different) < 0, "{field}");
        }
    }

    #[test]
    fn probabilities_do_not_exceed_one() {
        for field in MatchField::ALL {
            let (mut m, mut u, mut seen) = (0, 0, Vec::new());
            for agreement in Agreement::ALL {
                let odds = shipped(*field, *agreement);
                assert!(odds.m > 0 && odds.u > 0);
                // agreements that a field does not know share the figures of their neighbour
                if !seen.contains(&odds) {
                    seen.push(odds);
                    (m, u) = (m + odds.m, u + odds.u);
                }
            }
            assert_eq!((m, u), (100_000, 100_000), "{field}");
        }
    }
}
