//! How well duplicates are found in the Febrl sets with the shipped settings, without date of birth and social security number.
//!
//! `cargo run --release -p fairfall-domain --example duplicates -- <folder with dataset1.csv and dataset2.csv>`; ends with an error when a goal is missed.

#![expect(clippy::print_stdout, reason = "it prints figures")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use fairfall_domain::matching::find::{Pair, Quality, candidates, duplicates};
use fairfall_domain::matching::{MatchBand, PersonRecord, PersonTexts};

/// Name, least F1 in permille.
const SETS: &[(&str, u64)] = &[("dataset1.csv", 950), ("dataset2.csv", 920)];
/// Least recall of the blocking, in permille.
const BLOCKING_RECALL_MIN: u64 = 990;
/// Longest time for a set.
const TIME_MAX: Duration = Duration::from_secs(5);

type Row = BTreeMap<String, String>;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("name the folder with dataset1.csv and dataset2.csv")?;
    let mut reached = true;
    println!(
        "| set | records | pairs | compared | recall of blocking | precision | recall | F1 | precision, recall of LIKELY | time |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for (name, f1_min) in SETS {
        let rows: Vec<Row> = csv::Reader::from_path(Path::new(&folder).join(name))?.deserialize().collect::<Result<_, _>>()?;
        reached &= measure(name, &rows, *f1_min);
    }
    println!(
        "\nGoals: F1 of at least 0.95 and 0.92, recall of blocking at least 0.99, 5 s: {}.",
        if reached { "reached" } else { "MISSED" }
    );
    Ok(if reached { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn measure(name: &str, rows: &[Row], f1_min: u64) -> bool {
    let started = Instant::now();
    let records: Vec<PersonRecord> = rows.iter().map(record).collect();
    let found = duplicates(&records);
    let time = started.elapsed();
    let paired = candidates(&records);
    let known = known_pairs(rows);
    let up_to = |band: MatchBand| -> BTreeSet<Pair> {
        found.iter().filter(|(_, account)| account.band.is_some_and(|one| one <= band)).map(|(pair, _)| *pair).collect()
    };
    let (blocking, all, likely) = (
        Quality::of(&paired, &known),
        Quality::of(&up_to(MatchBand::Possible), &known),
        Quality::of(&up_to(MatchBand::Likely), &known),
    );
    let share = |permille: u64| format!("{}.{:03}", permille / 1_000, permille % 1_000);
    println!(
        "| {name} | {} | {} | {} | {} | {} | {} | **{}** | {}, {} | {} ms |",
        records.len(),
        known.len(),
        paired.len(),
        share(blocking.recall),
        share(all.precision),
        share(all.recall),
        share(all.f1),
        share(likely.precision),
        share(likely.recall),
        time.as_millis()
    );
    all.f1 >= f1_min && blocking.recall >= BLOCKING_RECALL_MIN && time <= TIME_MAX
}

fn record(row: &Row) -> PersonRecord {
    let text = |column: &str| row.get(column).map(String::as_str);
    let street = ["street_number", "address_1", "address_2"].map(|column| text(column).unwrap_or_default()).join(" ");
    PersonRecord::of(&PersonTexts {
        given: text("given_name"),
        family: text("surname"),
        street: Some(&street),
        postal_code: text("postcode"),
        city: text("suburb"),
        region: text("state"),
        ..PersonTexts::default()
    })
}

/// The pairs of rows of one entity.
fn known_pairs(rows: &[Row]) -> BTreeSet<Pair> {
    let mut entities: BTreeMap<Option<&String>, Vec<usize>> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        entities.entry(row.get("entity_id")).or_default().push(place);
    }
    let pairs = entities.values().flat_map(|places| {
        places.iter().enumerate().flat_map(|(at, left)| places.iter().skip(at + 1).map(move |right| (*left, *right)))
    });
    pairs.collect()
}
