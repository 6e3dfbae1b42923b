//! Decay by half-life, in integers.
//!
//! The share that is left of something after `age` seconds is 2^(-age / half-life). It is read from a table of 1,024 steps a half-life with
//! straight lines between them: off by less than one in ten million, never rising with age, and the same on every machine.

/// What stands for one.
pub const ONE: u128 = 1 << 60;

const STEPS: usize = 1_024;
/// Bits after the point while the table is made.
const FINE: u32 = 62;

/// 2^(-n / 1024) for n from 0 to 1024, in parts of [`ONE`].
static TABLE: [u128; STEPS + 1] = table();

#[expect(clippy::indexing_slicing, reason = "runs when it is compiled: an index out of bounds would not compile")]
#[expect(clippy::large_stack_arrays, reason = "runs when it is compiled: the stack is the compiler's")]
const fn table() -> [u128; STEPS + 1] {
    // a tenth square root of one half is its 1024th root
    let mut root: u128 = 1 << (FINE - 1);
    let mut halvings = 0;
    while halvings < 10 {
        root = (root << FINE).isqrt();
        halvings += 1;
    }
    let mut steps = [0; STEPS + 1];
    let mut value: u128 = 1 << FINE;
    let mut step = 0;
    while step < STEPS {
        steps[step] = value >> (FINE - 60);
        value = (value * root) >> FINE;
        step += 1;
    }
    // exact at the end, so that one half-life goes over into the next without a jump
    steps[STEPS] = ONE >> 1;
    steps
}

/// What is left of [`ONE`] after `age` seconds, for a half-life of `half_life` seconds. Nothing is left after 60 half-lives.
pub fn left(age: u64, half_life: u64) -> u128 {
    let half_life = half_life.max(1);
    let (halvings, rest) = (age / half_life, u128::from(age % half_life));
    let Some(shift) = u32::try_from(halvings).ok().filter(|shift| *shift < 60) else { return 0 };
    let (width, along) = (u128::from(half_life), rest * 1_024);
    let step = usize::try_from(along / width).unwrap_or(STEPS);
    let from = TABLE.get(step).copied().unwrap_or(ONE >> 1);
    let to = TABLE.get(step.saturating_add(1)).copied().unwrap_or(from);
    (from - (from - to) * (along % width) / width) >> shift
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_with_each_half_life() {
        assert_eq!(left(0, 3_600), ONE);
        assert_eq!(left(3_600, 3_600), ONE / 2);
        assert_eq!(left(36_000, 3_600), ONE / 1_024);
        assert_eq!(left(3_600 * 60, 3_600), 0);
        assert_eq!(left(u64::MAX, 1), 0);
    }

    proptest! {
        #[test]
        fn is_close_to_the_power_of_two_and_never_rises(age in 0..200_000_000_u64, half_life in 3_600..31_536_000_u64) {
            #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "compares with floating point")]
            let (found, age_f, half_f) = (left(age, half_life) as f64 / ONE as f64, age as f64, half_life as f64);
            let expected = (-age_f / half_f).exp2();
            prop_assert!((found - expected).abs() <= expected * 1e-7 + 1e-15, "{found} {expected}");
            prop_assert!(left(age + 1, half_life) <= left(age, half_life));
        }
    }
}
