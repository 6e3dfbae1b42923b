//! How fair the draw is, beside what others do, and how quick.
//!
//! `cargo run --release -p fairfall-domain --example fairness`; ends with an error when a goal is missed.

#![expect(clippy::print_stdout, reason = "it prints figures")]
#![expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures of a benchmark"
)]
#![expect(clippy::indexing_slicing, reason = "members are told apart by where they stand")]

use std::process::ExitCode;
use std::time::Instant;

use fairfall_domain::id::UserId;
use fairfall_domain::routing::fairness::{Balance, Contender, draw};
use fairfall_domain::routing::ledger::Ledger;
use uuid::Uuid;

/// Random rosters of each table.
const ROSTERS: u64 = 400;
/// Leads given to each roster.
const LEADS: usize = 2_000;
/// Rosters of each row of the table of worth.
const WORTH_ROSTERS: u64 = 40;

fn main() -> ExitCode {
    let mut reached = true;
    println!("| {ROSTERS} rosters of 2 to 50, {LEADS} leads | deviation: median | worst | Jain: median | least |");
    println!("|---|--:|--:|--:|--:|");
    for (weights, most) in [("equal weights", 1), ("weights 1 to 100", 100), ("one in ten weighs 100, the others 1 to 3", 3)] {
        for (eligibility, changes) in [("all eligible", Changes::Never), ("eligibility changes", Changes::EachLead)] {
            for way in [Way::Ours, Way::RoundRobin, Way::LeastBusy, Way::LargestShortfall] {
                let figures: Vec<Figures> = (0..ROSTERS).map(|seed| run(way, changes, most, &mut Chance(seed))).collect();
                reached &= way != Way::Ours || figures.iter().all(|figures| figures.worst <= figures.promise + 1e-9);
                let (worst, jain) = (sorted(&figures, |figures| figures.worst), sorted(&figures, |figures| figures.jain));
                let (name, middle) = (way.name(), middle(&worst));
                let (most, even, least) = (last(&worst), self::middle(&jain), first(&jain));
                println!("| {weights}, {eligibility}: {name} | {middle:.2} | {most:.2} | {even:.4} | {least:.4} |");
            }
        }
    }
    println!("\n| spread of worth per weight, in mean leads | number alone | worth balanced | share: least | median | most |");
    println!("|---|--:|--:|--:|--:|--:|");
    for members in [2, 3, 5, 10, 25, 50] {
        let median = worth(members);
        reached &= members == 2 || median <= 0.5;
    }
    println!("\n| a draw of 50 | median |\n|---|--:|");
    for (name, balance) in [("number alone", Balance::Number), ("worth balanced", Balance::Worth)] {
        println!("| {name} | {:.1} us |", quickness(balance, Changes::Never));
        println!("| {name}, eligibility changes | {:.1} us |", quickness(balance, Changes::EachLead));
    }
    println!("\nGoals: no deviation beyond the promise, the spread of worth halved from 3 members on: {}.", told(reached));
    if reached { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

const fn told(reached: bool) -> &'static str {
    if reached { "reached" } else { "MISSED" }
}

/// A way to choose.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Ours,
    /// The next in a list in which each stands as often as the member weighs; who is not eligible is passed over.
    RoundRobin,
    /// The fewest open leads per weight; some close theirs four times as quickly as others.
    LeastBusy,
    /// The largest deviation.
    LargestShortfall,
}

impl Way {
    const fn name(self) -> &'static str {
        match self {
            Self::Ours => "Fairfall",
            Self::RoundRobin => "round robin",
            Self::LeastBusy => "least busy",
            Self::LargestShortfall => "largest shortfall",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Changes {
    Never,
    EachLead,
}

struct Figures {
    worst: f64,
    promise: f64,
    jain: f64,
}

/// A roster under a way: the largest deviation at any lead, and Jain's index of received by entitled at the end.
fn run(way: Way, changes: Changes, weight_max: u64, chance: &mut Chance) -> Figures {
    let members = 2 + chance.below(49) as usize;
    let all = contenders(members, weight_max, chance);
    let (mut field, mut worst) = (Field::new(&all, chance), 0.0_f64);
    for _ in 0..LEADS {
        let eligible = eligible(&all, changes, chance);
        let total: u32 = eligible.iter().map(|index| all[*index].weight).sum();
        for index in &eligible {
            field.entitled[*index] += f64::from(all[*index].weight) / f64::from(total);
        }
        let next = field.choose(way, &eligible, chance);
        field.received[next] += 1.0;
        worst = (0..members).map(|index| field.deviation(index).abs()).fold(worst, f64::max);
    }
    let promise = match changes {
        Changes::Never => 1.0 - 1.0 / (2.0 * members as f64 - 2.0),
        Changes::EachLead => (members as f64 - 1.0) / 2.0,
    };
    Figures { worst, promise, jain: jain(&field) }
}

/// What each member was entitled to and received, and what the ways remember.
struct Field {
    all: Vec<Contender>,
    entitled: Vec<f64>,
    received: Vec<f64>,
    ledger: Ledger,
    list: Vec<usize>,
    pointer: usize,
    open: Vec<f64>,
    /// Which share of the open leads each closes between two leads.
    pace: Vec<f64>,
}

impl Field {
    fn new(all: &[Contender], chance: &mut Chance) -> Self {
        let list = all.iter().enumerate().flat_map(|(index, one)| std::iter::repeat_n(index, one.weight as usize)).collect();
        let pace = all.iter().map(|_| (0.5 + 1.5 * chance.part()) / (4.0 * all.len() as f64)).collect();
        let none = || vec![0.0; all.len()];
        let (entitled, received, open) = (none(), none(), none());
        Self { all: all.to_vec(), entitled, received, ledger: Ledger::default(), list, pointer: 0, open, pace }
    }

    fn deviation(&self, index: usize) -> f64 {
        self.entitled[index] - self.received[index]
    }

    fn choose(&mut self, way: Way, eligible: &[usize], chance: &mut Chance) -> usize {
        let by = |figure: &dyn Fn(usize) -> f64| {
            eligible
                .iter()
                .copied()
                .max_by(|one, other| figure(*one).total_cmp(&figure(*other)).then(other.cmp(one)))
                .unwrap_or(0)
        };
        match way {
            Way::Ours => {
                let contenders: Vec<Contender> = eligible.iter().map(|index| self.all[*index]).collect();
                let drawn = draw(&mut self.ledger, &contenders, None, Balance::Number);
                let chosen = drawn.map_or(contenders[0].user, |drawn| drawn.chosen);
                self.all.iter().position(|one| one.user == chosen).unwrap_or(0)
            }
            Way::RoundRobin => loop {
                let next = self.list[self.pointer];
                self.pointer = (self.pointer + 1) % self.list.len();
                if eligible.contains(&next) {
                    break next;
                }
            },
            Way::LeastBusy => {
                for (open, pace) in self.open.iter_mut().zip(&self.pace) {
                    // each open lead is closed by chance
                    *open -= (0..*open as u32).filter(|_| chance.part() < *pace).count() as f64;
                }
                let next = by(&|index| -self.open[index] / f64::from(self.all[index].weight));
                self.open[next] += 1.0;
                next
            }
            Way::LargestShortfall => by(&|index| self.deviation(index)),
        }
    }
}

/// Jain's index of received by entitled: 1 when all got what they were entitled to (R. Jain, D. Chiu, W. Hawe, DEC-TR-301, 1984).
fn jain(field: &Field) -> f64 {
    let each: Vec<f64> = field.received.iter().zip(&field.entitled).filter(|(_, e)| **e > 0.0).map(|(r, e)| r / e).collect();
    let (sum, squares) = each.iter().fold((0.0, 0.0), |(sum, squares), one| (sum + one, squares + one * one));
    sum * sum / (each.len() as f64 * squares)
}

/// Prints a row: how far apart the best and the worst off are in worth received per weight, by number alone and with worth balanced. The median of
/// the shares is the answer.
fn worth(members: usize) -> f64 {
    let rows: Vec<(f64, f64)> = (0..WORTH_ROSTERS)
        .map(|seed| {
            let mut chance = Chance(seed);
            let all = contenders(members, 5, &mut chance);
            let worths: Vec<i64> = (0..LEADS).map(|_| chance.worth()).collect();
            let mean = worths.iter().sum::<i64>() as f64 / LEADS as f64;
            (spread(&all, &worths, Balance::Number) / mean, spread(&all, &worths, Balance::Worth) / mean)
        })
        .collect();
    let shares = sorted(&rows, |(number, worth)| worth / number);
    let (number, worth) = (middle(&sorted(&rows, |row| row.0)), middle(&sorted(&rows, |row| row.1)));
    let (least, median, most) = (first(&shares), middle(&shares), last(&shares));
    println!("| {members} members | {number:.2} | {worth:.2} | {least:.2} | {median:.2} | {most:.2} |");
    median
}

fn spread(all: &[Contender], worths: &[i64], balance: Balance) -> f64 {
    let mut ledger = Ledger::default();
    for worth in worths {
        draw(&mut ledger, all, Some(*worth), balance);
    }
    let each = || all.iter().map(|one| ledger.account(one.user).received_worth as f64 / f64::from(one.weight));
    each().fold(f64::MIN, f64::max) - each().fold(f64::MAX, f64::min)
}

/// Microseconds of a draw of 50, the median of 20,000.
fn quickness(balance: Balance, changes: Changes) -> f64 {
    let mut chance = Chance(1);
    let all = contenders(50, 100, &mut chance);
    let mut ledger = Ledger::default();
    let mut times: Vec<f64> = (0..20_000)
        .map(|_| {
            let now: Vec<Contender> = eligible(&all, changes, &mut chance).into_iter().map(|index| all[index]).collect();
            let worth = chance.worth();
            let started = Instant::now();
            std::hint::black_box(draw(&mut ledger, &now, Some(worth), balance));
            started.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    middle(&times)
}

fn contenders(members: usize, weight_max: u64, chance: &mut Chance) -> Vec<Contender> {
    let user = |index: usize| UserId::from(Uuid::from_u128(index as u128 + 1));
    let mut weight = || if weight_max == 3 && chance.below(10) == 0 { 100 } else { 1 + chance.below(weight_max) as u32 };
    (0..members).map(|index| Contender { user: user(index), weight: weight() }).collect()
}

/// Everybody, or about half of them.
fn eligible(all: &[Contender], changes: Changes, chance: &mut Chance) -> Vec<usize> {
    let some: Vec<usize> = (0..all.len()).filter(|_| changes == Changes::Never || chance.below(2) == 0).collect();
    if some.is_empty() { vec![chance.below(all.len() as u64) as usize] } else { some }
}

fn sorted<T>(all: &[T], figure: impl Fn(&T) -> f64) -> Vec<f64> {
    let mut figures: Vec<f64> = all.iter().map(figure).collect();
    figures.sort_by(f64::total_cmp);
    figures
}

fn middle(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn first(sorted: &[f64]) -> f64 {
    sorted.first().copied().unwrap_or(f64::NAN)
}

fn last(sorted: &[f64]) -> f64 {
    sorted.last().copied().unwrap_or(f64::NAN)
}

/// Numbers that look random, as `SplitMix64` makes them.
struct Chance(u64);

impl Chance {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    const fn below(&mut self, count: u64) -> u64 {
        self.next() % count
    }

    fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Heavy-tailed with a finite variance: log-normal with sigma 1.4, median 5,000.00, in minor units.
    fn worth(&mut self) -> i64 {
        let (one, other) = (1.0 - self.part(), self.part());
        let normal = (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * other).cos();
        (500_000.0 * (1.4 * normal).exp()) as i64
    }
}
