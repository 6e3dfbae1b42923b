//! The promises, over random pools.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::routing::ledger::Account;

fn user(number: usize) -> UserId {
    UserId::from(Uuid::from_u128(u128::try_from(number).unwrap() + 1))
}

fn contenders(weights: &[u32]) -> Vec<Contender> {
    weights.iter().enumerate().map(|(index, weight)| Contender { user: user(index), weight: *weight }).collect()
}

fn worst(ledger: &Ledger) -> Leads {
    ledger.accounts().values().map(|account| account.deviation().abs()).max().unwrap_or_default()
}

/// 1 - 1/(2k-2), and a billionth for what rounding leaves.
fn bound(members: usize) -> Leads {
    let others = i128::try_from(members.max(2) - 1).unwrap();
    Leads::ONE - Leads::fraction(1, 2 * others) + Leads::fraction(1, 1_000_000_000)
}

/// (k-1)/2.
fn half(members: usize) -> Leads {
    Leads::fraction(i128::try_from(members - 1).unwrap(), 2)
}

/// A run of numbers that look random, as `SplitMix64` makes them.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: u64) -> u64 {
        self.next() % count
    }

    /// Heavy-tailed, as orders are: log-normal with sigma 1.4, in minor units. One in ten brings half of all worth. A Pareto tail below exponent 2
    /// has no variance: over 2,000 leads its one giant outweighs all others together, and no choice can even that out.
    #[expect(clippy::as_conversions, clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a test's chance")]
    fn worth(&mut self) -> i64 {
        let mut part = || (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let (one, other) = (1.0 - part(), part());
        let normal = (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * other).cos();
        (500_000.0 * (1.4 * normal).exp()) as i64
    }
}

fn weights() -> impl Strategy<Value = Vec<u32>> {
    prop_oneof![
        prop::collection::vec(1_u32..=WEIGHT_MAX, 2..=50),
        prop::collection::vec(1_u32..=3, 2..=50),
        (2_usize..=50).prop_map(|members| vec![1; members]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Fixed eligibility and weights: never a whole lead away, at any of 10,000 leads.
    #[test]
    fn nobody_is_a_whole_lead_away_while_eligibility_stands(weights in weights()) {
        let contenders = contenders(&weights);
        let mut ledger = Ledger::default();
        for lead in 0..10_000 {
            draw(&mut ledger, &contenders, None, Balance::Number).unwrap();
            prop_assert!(worst(&ledger) <= bound(weights.len()), "lead {lead}: {:?} {weights:?}", worst(&ledger));
        }
    }

    /// The same while worth is balanced: the promise is a whole lead.
    #[test]
    fn nobody_is_a_whole_lead_away_while_worth_is_balanced(weights in weights(), seed: u64) {
        let contenders = contenders(&weights);
        let (mut ledger, mut chance) = (Ledger::default(), Chance(seed));
        for lead in 0..10_000 {
            draw(&mut ledger, &contenders, Some(chance.worth()), Balance::Worth).unwrap();
            prop_assert!(worst(&ledger) < Leads::ONE, "lead {lead}: {:?} {weights:?}", worst(&ledger));
        }
    }

    /// Eligibility that changes from lead to lead: never more than (k-1)/2 away, whether worth is balanced or not.
    #[test]
    fn changing_eligibility_keeps_the_greedy_bound(weights in weights(), seed: u64, balances: bool) {
        let all = contenders(&weights);
        let (mut ledger, mut chance) = (Ledger::default(), Chance(seed));
        let half = half(weights.len());
        for lead in 0..400 {
            let odds = 1 + chance.below(4);
            let mut eligible: Vec<Contender> = all.iter().filter(|_| chance.below(5) < odds).copied().collect();
            if eligible.is_empty() {
                eligible.push(all[0]);
            }
            // sometimes they stand for a while
            for _ in 0..=chance.below(3) * chance.below(20) {
                let balance = if balances { Balance::Worth } else { Balance::Number };
                draw(&mut ledger, &eligible, Some(chance.worth()), balance).unwrap();
                prop_assert!(worst(&ledger) <= half, "lead {lead}: {:?} {weights:?}", worst(&ledger));
            }
            let sum: Leads = ledger.accounts().values().map(Account::deviation).sum();
            prop_assert_eq!(sum, Leads::ZERO);
        }
    }

    /// Whoever leaves, joins or weighs something else: the deviations go on adding up to nothing, and the promise comes back.
    #[test]
    fn leaving_and_joining_floods_nobody(weights in prop::collection::vec(1_u32..=20, 4..=20), seed: u64) {
        let (mut ledger, mut chance) = (Ledger::default(), Chance(seed));
        let mut pool = contenders(&weights);
        for round in 0..20 {
            for _ in 0..200 {
                draw(&mut ledger, &pool, None, Balance::Number).unwrap();
            }
            let gone = usize::try_from(chance.below(u64::try_from(pool.len()).unwrap())).unwrap();
            pool.remove(gone);
            ledger.settle(&pool.iter().map(|contender| (contender.user, contender.weight)).collect());
            let sum: Leads = ledger.accounts().values().map(Account::deviation).sum();
            prop_assert_eq!(sum, Leads::ZERO);
            let joiner = user(100 + round);
            pool.push(Contender { user: joiner, weight: 5 });
            pool.sort_by_key(|contender| contender.user);
            let before = ledger.account(joiner).received;
            for _ in 0..pool.len() {
                draw(&mut ledger, &pool, None, Balance::Number).unwrap();
            }
            let total: u32 = pool.iter().map(|contender| contender.weight).sum();
            let fair = (5 * u32::try_from(pool.len()).unwrap()).div_ceil(total);
            prop_assert!(ledger.account(joiner).received - before <= i64::from(fair) + 1);
        }
    }
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "a test's figure")]
fn spread(ledger: &Ledger, contenders: &[Contender]) -> f64 {
    let each = || contenders.iter().map(|one| ledger.account(one.user).received_worth as f64 / f64::from(one.weight));
    each().fold(f64::MIN, f64::max) - each().fold(f64::MAX, f64::min)
}

/// (Spread with worth balanced) / (spread by number alone), the least first.
fn ratios(members: usize, weight_max: u64) -> Vec<f64> {
    let ratio = |seed| {
        let mut chance = Chance(seed);
        let weights: Vec<u32> = (0..members).map(|_| u32::try_from(1 + chance.below(weight_max)).unwrap()).collect();
        let contenders = contenders(&weights);
        let worths: Vec<i64> = (0..2_000).map(|_| chance.worth()).collect();
        let run = |balance| {
            let mut ledger = Ledger::default();
            for worth in &worths {
                draw(&mut ledger, &contenders, Some(*worth), balance).unwrap();
            }
            spread(&ledger, &contenders)
        };
        run(Balance::Worth) / run(Balance::Number)
    };
    let mut ratios: Vec<f64> = (0..15).map(ratio).collect();
    ratios.sort_by(f64::total_cmp);
    ratios
}

#[test]
fn balancing_worth_at_least_halves_the_spread_of_worth_per_weight() {
    for members in [3, 5, 10, 25, 50] {
        let ratios = ratios(members, 5);
        assert!(ratios[7] <= 0.5, "{members} members: {ratios:?}");
    }
}

/// Two members must stay within half a lead: with equal weights there is a choice at every other lead, otherwise next to none.
#[test]
fn of_two_members_worth_is_balanced_when_their_weights_are_equal() {
    let equal = ratios(2, 1);
    assert!(equal[7] <= 0.5, "{equal:?}");
    let others = ratios(2, 5);
    assert!(others[14] <= 1.0 + 1e-9, "{others:?}");
}

/// A lead whose worth is not known counts, and is given by number.
#[test]
fn a_lead_of_unknown_worth_is_given_by_number() {
    let contenders = contenders(&[1, 1, 1]);
    let mut ledger = Ledger::default();
    draw(&mut ledger, &contenders, Some(900_000), Balance::Worth).unwrap();
    let drawn = draw(&mut ledger, &contenders, None, Balance::Worth).unwrap();
    assert_eq!((drawn.chosen, drawn.rule, drawn.worth), (user(1), FairRule::DueFirst, vec![0, 0, 0]));
}

/// Of three equal ones who all may, a lead below the mean goes to the one who is ahead in worth, and the turn of the others is kept.
#[test]
fn a_small_lead_does_not_use_up_the_turn_of_those_who_wait_for_a_large_one() {
    let contenders = contenders(&[1, 1, 1]);
    let mut ledger = Ledger::default();
    let mut give = |worth| draw(&mut ledger, &contenders, Some(worth), Balance::Worth).unwrap();
    let first: Vec<UserId> = [600_000, 300_000, 300_000].map(|worth| give(worth).chosen).into();
    assert_eq!(first, [user(0), user(1), user(2)]);
    let small = give(10_000);
    assert_eq!(small.chosen, user(0));
    assert_eq!(give(900_000).chosen, user(1));
}

/// What is said quickly of the greedy rule's set is what its definition says.
#[test]
fn the_quick_answer_is_that_of_the_definition() {
    let mut chance = Chance(3);
    let mut seen = [0, 0];
    for _ in 0..20_000 {
        let count = 1 + chance.below(6);
        let deviations: Vec<i128> = (0..count).map(|_| (i128::from(chance.below(33)) - 16) * Leads::ONE.atoms() / 8).collect();
        let mut sorted = deviations.clone();
        sorted.sort_unstable_by_key(|deviation| Reverse(*deviation));
        let all = sorted.len();
        let holds = (1..all).all(|count| {
            let bound = i128::try_from(count * (all - count)).unwrap() * Leads::ONE.atoms();
            sorted.iter().take(count).sum::<i128>() * 2 <= bound
        });
        assert_eq!(is_within(deviations.iter().copied()), holds, "{deviations:?}");
        seen[usize::from(holds)] += 1;
    }
    assert!(seen.iter().all(|count| *count > 1_000), "{seen:?}");
}

#[test]
fn the_same_ledger_gives_the_same_answer() {
    let contenders = contenders(&[3, 1, 2]);
    let mut ledger = Ledger::default();
    let drawn: Vec<UserId> = (0..6).map(|_| draw(&mut ledger, &contenders, None, Balance::Number).unwrap().chosen).collect();
    let stored = serde_json::to_string(&Ledger::default()).unwrap();
    let mut again: Ledger = serde_json::from_str(&stored).unwrap();
    assert_eq!(drawn, (0..6).map(|_| draw(&mut again, &contenders, None, Balance::Number).unwrap().chosen).collect::<Vec<_>>());
    assert_eq!(ledger, again);
    assert_eq!(drawn.iter().filter(|chosen| **chosen == user(0)).count(), 3);
    assert_eq!(draw(&mut ledger, &[], None, Balance::Number), None);
}
