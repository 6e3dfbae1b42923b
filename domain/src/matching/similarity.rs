//! How alike two texts are, in permille.

use strsim::{jaro_winkler, osa_distance};

/// A likeness from 0 (nothing in common) to 1,000 (the same).
pub type Permille = u16;

/// The same.
pub const WHOLE: Permille = 1_000;

/// The Jaro-Winkler likeness of two texts (W. E. Winkler, String Comparator Metrics and Enhanced Decision Rules, 1990): high when letters are the
/// same and in about the same order, above all at the front.
pub fn likeness(left: &str, right: &str) -> Permille {
    if left == right { WHOLE } else { permille(jaro_winkler(left, right)) }
}

/// Whether two texts differ by one typing error: a letter too many, too few, another one, or two neighbours swapped (F. Damerau 1964: four of
/// five spelling errors are one of these). In texts of eight letters or more, two.
pub fn mistyped(left: &str, right: &str) -> bool {
    let letters = left.chars().count().min(right.chars().count());
    let allowed = match letters {
        0..=2 => 0,
        3..=7 => 1,
        _ => 2,
    };
    osa_distance(left, right) <= allowed
}

/// The share of neighbouring letters of the shorter text that the longer one has too, wherever it has them: words may be missing on one side,
/// stand in another order or be torn apart.
pub fn containment(left: &str, right: &str) -> Permille {
    let (left, right) = (bigrams(left), bigrams(right));
    let shorter = left.len().min(right.len());
    let (mut shared, mut at_left, mut at_right) = (0_usize, left.iter().peekable(), right.iter().peekable());
    while let (Some(one), Some(other)) = (at_left.peek(), at_right.peek()) {
        match one.cmp(other) {
            std::cmp::Ordering::Less => drop(at_left.next()),
            std::cmp::Ordering::Greater => drop(at_right.next()),
            std::cmp::Ordering::Equal => {
                shared = shared.saturating_add(1);
                at_left.next();
                at_right.next();
            }
        }
    }
    let whole = usize::from(WHOLE);
    (shared * whole).checked_div(shorter).and_then(|share| Permille::try_from(share).ok()).unwrap_or(0)
}

/// Pairs of neighbouring letters in order; a single letter stands for itself.
fn bigrams(text: &str) -> Vec<(char, char)> {
    let mut pairs: Vec<(char, char)> = text.chars().zip(text.chars().skip(1)).collect();
    if pairs.is_empty() {
        pairs.extend(text.chars().map(|letter| (letter, letter)));
    }
    pairs.sort_unstable();
    pairs
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of 0 to 1 in permille is a whole number that fits"
)]
pub(super) fn permille(share: f64) -> Permille {
    (share.clamp(0.0, 1.0) * f64::from(WHOLE)).round() as Permille
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn typing_errors_stay_alike() {
        assert_eq!(likeness("martha", "marhta"), 961);
        assert_eq!(likeness("", ""), WHOLE);
        assert_eq!(likeness("abc", "xyz"), 0);
        assert!(mistyped("meier", "meir") && mistyped("tossell", "tosslel") && !mistyped("mia", "ida") && !mistyped("jo", "jon"));
        assert_eq!(containment("goldfinchkooltuo", "goldfinch"), WHOLE);
        assert_eq!(containment("kooltuogoldfinch", "goldfinchkooltuo"), 933);
        assert_eq!(containment("a", ""), 0);
    }

    proptest! {
        #[test]
        fn likeness_has_no_sides(left in "\\PC{0,12}", right in "\\PC{0,12}", word in "[a-c]{0,6}", other in "[a-c]{0,6}") {
            for (one, two) in [(&left, &right), (&word, &other)] {
                for alike in [likeness, containment] {
                    prop_assert_eq!(alike(one, two), alike(two, one));
                    prop_assert!(alike(one, two) <= WHOLE);
                }
                prop_assert_eq!(mistyped(one, two), mistyped(two, one));
                prop_assert_eq!(likeness(one, one), WHOLE);
            }
        }
    }
}
