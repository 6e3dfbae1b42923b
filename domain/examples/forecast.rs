//! How well wins are foretold on the public marketing funnel of Olist (Brazil, 2017 to 2018): `forecast <folder>`.
//!
//! The folder holds `funnel_replay.csv` with the columns `first_contact_date`, `origin`, `landing_page`, `won` and `won_at_utc`. The data are
//! under a non-commercial licence and no part of this project. Only leads of 2018 count: wins were recorded from December 2017 on.
//!
//! The funnel does not say when a lead was given up. Each is taken as not won from its first day, until it is won: on a day, only wins before
//! that day are known.
#![expect(clippy::print_stdout, reason = "it prints figures")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use fairfall_domain::forecast::dataset::{Dataset, Ended, Gathering};
use fairfall_domain::forecast::evaluate::{auc, evaluate};
use fairfall_domain::forecast::field::Field;
use fairfall_domain::forecast::model::Learner;
use fairfall_domain::forecast::snapshot::Snapshot;
use fairfall_domain::forecast::train::{NOT_WON_MIN, WON_MIN, train};
use fairfall_domain::value::Code;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Parts of the shuffled rows, and how often they are shuffled anew.
const FOLDS: usize = 10;
const SHUFFLES: u64 = 5;

struct Lead {
    opening: Snapshot,
    at: DateTime<Utc>,
    won_at: Option<DateTime<Utc>>,
}

impl Lead {
    /// How it stands at a time.
    fn ended(&self, now: DateTime<Utc>) -> Ended {
        let won = self.won_at.is_some_and(|at| at < now);
        // one lead of the set was won before its first contact
        let closed_at = self.won_at.filter(|_| won).map_or(self.at, |at| at.max(self.at));
        Ended { won, opened_at: self.at, closed_at }
    }
}

fn main() -> Outcome<()> {
    let folder = std::env::args_os().nth(1).ok_or("which folder? usage: forecast <folder with funnel_replay.csv>")?;
    let leads = read(&Path::new(&folder).join("funnel_replay.csv"))?;
    let won = leads.iter().filter(|lead| lead.won_at.is_some()).count();
    println!("forecast, Olist 2018 by origin and landing page: {} leads, {won} won", leads.len());
    println!(
        "\n| learner | shuffled folds, AUC (goal 0.65) | refitted daily, AUC (goal 0.62) | leads | daily, all leads, before 40 were won too | the same by the fields alone |"
    );
    println!("|---|---|---|---|---|---|");
    let started = Instant::now();
    let mut fits = 0;
    for learner in Learner::ALL.iter().copied() {
        let folds = shuffled(&leads, learner)?;
        let daily = daily(&leads, learner)?;
        fits += daily.fits;
        println!(
            "| {learner} | {folds:.4} | {:.4} | {} | {:.4} | {:.4} |",
            daily.in_force, daily.leads, daily.all, daily.by_fields
        );
    }
    println!("\n{fits} daily refits and {SHUFFLES} times {FOLDS} folds of each in {:.1} s", started.elapsed().as_secs_f64());
    whole(&leads)
}

fn read(path: &Path) -> Outcome<Vec<Lead>> {
    let mut reader = csv::Reader::from_path(path)?;
    let headers = reader.headers()?.clone();
    let column = |name: &str| headers.iter().position(|header| header == name).ok_or_else(|| format!("no column `{name}`"));
    let (date, origin, page, won_at) =
        (column("first_contact_date")?, column("origin")?, column("landing_page")?, column("won_at_utc")?);
    let (origin_field, page_field) = (Field::attribute(&Code::parse("source")?), Field::attribute(&Code::parse("landing_page")?));
    let mut leads = Vec::new();
    for record in reader.records() {
        let record = record?;
        let text = |column: usize| record.get(column).unwrap_or_default().to_owned();
        let day: NaiveDate = text(date).parse()?;
        if day.year() != 2018 {
            continue;
        }
        let at = day.and_time(chrono::NaiveTime::MIN).and_utc();
        let won_at = Some(text(won_at)).filter(|text| !text.is_empty()).map(|text| time(&text)).transpose()?;
        let mut opening = Snapshot { taken_at: at, complete: true, fields: std::collections::BTreeMap::new() };
        for (field, column) in [(&origin_field, origin), (&page_field, page)] {
            opening.learn(field.clone(), Some(text(column)).filter(|text| !text.is_empty()), at);
        }
        leads.push(Lead { opening, at, won_at });
    }
    leads.sort_by_key(|lead| lead.at);
    Ok(leads)
}

fn time(text: &str) -> Outcome<DateTime<Utc>> {
    let plain = text.trim_end_matches('Z').replace('T', " ");
    let read = NaiveDateTime::parse_from_str(&plain, "%Y-%m-%d %H:%M:%S")
        .or_else(|_| NaiveDateTime::parse_from_str(&plain, "%Y-%m-%d %H:%M"));
    Ok(read?.and_utc())
}

fn table<'a>(leads: impl Iterator<Item = &'a Lead>, now: DateTime<Utc>) -> Dataset {
    let mut gathering = Gathering::default();
    for lead in leads {
        gathering.push(&lead.opening, lead.ended(now));
    }
    gathering.table()
}

/// The mean of ten parts, each foretold by what the other nine taught, over several shuffles.
fn shuffled(leads: &[Lead], learner: Learner) -> Outcome<f64> {
    let end = end_of(leads)?;
    let (mut sum, mut parts) = (0.0, 0.0);
    for seed in 1..=SHUFFLES {
        let mut order: Vec<(u64, usize)> = (0..leads.len()).map(|place| (mix(seed, place), place)).collect();
        order.sort_unstable();
        let fold_of = |rank: usize| rank % FOLDS;
        for fold in 0..FOLDS {
            let of = |wanted: bool| {
                let ranked = order.iter().enumerate().filter(move |(rank, _)| (fold_of(*rank) == fold) == wanted);
                ranked.filter_map(|(_, (_, place))| leads.get(*place))
            };
            let linear = learner.fit(&table(of(false), end).rows());
            let scores: Vec<(f64, bool)> = of(true).map(|lead| (linear.log_odds(&lead.opening), lead.won_at.is_some())).collect();
            sum += auc(&scores).ok_or("a part without a win")?;
            parts += 1.0;
        }
    }
    Ok(sum / parts)
}

/// A number that looks drawn and is the same each time (the finaliser of `SplitMix64`; Steele, Lea and Flood, 2014).
fn mix(seed: u64, place: usize) -> u64 {
    let place = u64::try_from(place).unwrap_or(u64::MAX);
    let mut bits = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(place.wrapping_mul(0xd1b5_4a32_d192_ed03));
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

struct Daily {
    in_force: f64,
    leads: usize,
    all: f64,
    by_fields: f64,
    fits: u32,
}

/// Each day's leads, foretold by what was known before that day. A model speaks once 40 won and 40 not won are known.
fn daily(leads: &[Lead], learner: Learner) -> Outcome<Daily> {
    let (mut told, mut all, mut by_fields, mut fits) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for day in leads.chunk_by(|a, b| a.at == b.at) {
        let Some(now) = day.first().map(|lead| lead.at) else { continue };
        let known = table(leads.iter().take_while(|lead| lead.at < now), now);
        let rows = known.rows();
        let linear = learner.fit(&rows);
        fits += 1;
        let speaks = rows.won() >= WON_MIN && rows.len() - rows.won() >= NOT_WON_MIN;
        for lead in day {
            let (log_odds, won) = (linear.log_odds(&lead.opening), lead.won_at.is_some());
            all.push((log_odds, won));
            by_fields.push((log_odds - linear.base, won));
            if speaks {
                told.push((log_odds, won));
            }
        }
    }
    let none = "no day with wins and losses";
    Ok(Daily {
        in_force: auc(&told).ok_or(none)?,
        leads: told.len(),
        all: auc(&all).ok_or(none)?,
        by_fields: auc(&by_fields).ok_or(none)?,
        fits,
    })
}

fn end_of(leads: &[Lead]) -> Outcome<DateTime<Utc>> {
    let last = leads.iter().filter_map(|lead| lead.won_at).chain(leads.iter().map(|lead| lead.at)).max();
    Ok(last.ok_or("no leads")? + TimeDelta::seconds(1))
}

/// A training as the server does it, once, when all was over: learns from the first leads, judges on the last.
fn whole(leads: &[Lead]) -> Outcome<()> {
    let end = end_of(leads)?;
    let started = Instant::now();
    let trained = train(&table(leads.iter(), end), None, &mut |_| {});
    println!("\na training as the server does it, in {:.0} ms: {}", started.elapsed().as_secs_f64() * 1e3, trained.reason);
    for candidate in &trained.findings.candidates {
        let found = &candidate.evaluation;
        println!(
            "{}: the last fifth ({} leads, {} won): AUC {:.4}, Brier {:.4}, log loss {:.4} (share alone {:.4}), calibration error {:.4}, lift of the first tenth {:.2}",
            candidate.learner,
            found.passages,
            found.won,
            found.auc,
            found.brier,
            found.log_loss,
            found.log_loss_of_share,
            found.calibration_error,
            found.lift_of_tenth
        );
    }
    let mut both = Vec::new();
    if let Some(model) = &trained.model {
        both.extend(leads.iter().map(|lead| (model.linear.log_odds(&lead.opening), lead.won_at.is_some())));
    }
    if let Some(found) = evaluate(&both, 0.13) {
        println!(
            "the chosen model over all of 2018: Brier {:.4}, mean of the highest tenth {:.3} told, {:.3} won",
            found.brier,
            found.bins.last().map_or(0.0, |bin| bin.predicted),
            found.bins.last().map_or(0.0, |bin| bin.won)
        );
    }
    Ok(())
}
