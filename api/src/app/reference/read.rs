//! Reads a file of reference data. Rows with faults are kept apart with their reasons; the others are taken.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use csv::ByteRecord;
use fairfall_domain::routing::reference::STATES_MAX;
use fairfall_domain::routing::territory::compact_postal;
use fairfall_domain::sla::holiday::{HolidayRow, Observance};
use fairfall_domain::value::{CountryCode, LanguageTag, PostalCode, ShortText, SubdivisionCode};
use fairfall_domain::violation::{ValueError, ViolationCode, Violations};
use fairfall_persistence::repo::reference::{LanguageRow, PostalRow, ReferenceRows};

use super::known::Shape;

/// Most rows of a file.
const FILE_ROWS_MAX: usize = 200_000;

/// What stands between the states of a code.
const BETWEEN: char = '|';

/// What the name of a day begins with that a state does not keep, though its country does.
const NOT_OBSERVED: &str = "-NOT OBSERVED: ";

/// A file that was read.
#[derive(Debug)]
pub struct Reading {
    /// What was taken.
    pub rows: ReferenceRows,
    /// Rows that were not taken, with the reasons.
    pub rejected: Vec<(ByteRecord, Violations)>,
}

impl Reading {
    /// How many postal codes lie in several states.
    pub fn in_several_states(&self) -> usize {
        match &self.rows {
            ReferenceRows::Postal { rows, .. } => rows.iter().filter(|row| row.states.len() > 1).count(),
            ReferenceRows::Languages(_) | ReferenceRows::Holidays(_) => 0,
        }
    }
}

/// Why a file is not read at all.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It cannot be read.
    #[error("the file cannot be read")]
    File(#[from] csv::Error),
    /// It has too many rows.
    #[error("the file has more than {FILE_ROWS_MAX} rows")]
    TooLong,
    /// It has no row that tells a country.
    #[error("no row tells which country the file is of: name it with --country")]
    NoCountry,
}

/// Reads rows of a known shape. `country` is that of postal codes; without it, it is the one of the first state that can be read. Codes of a state
/// in another country are not taken, so that a file never replaces the codes of a country that it only touches.
///
/// # Errors
/// When the rows cannot be read, are too many, or tell no country. Rows with faults are no error.
pub fn read(
    shape: &Shape,
    country: Option<CountryCode>,
    rows: impl Iterator<Item = Result<ByteRecord, csv::Error>>,
) -> Result<Reading, ReadError> {
    let rows: Vec<ByteRecord> = rows.take(FILE_ROWS_MAX + 1).collect::<Result<_, _>>()?;
    if rows.len() > FILE_ROWS_MAX {
        return Err(ReadError::TooLong);
    }
    match *shape {
        Shape::Postal { code, states, .. } => {
            let of_first = || rows.iter().find_map(|row| first_country(row, states));
            let country = country.or_else(of_first).ok_or(ReadError::NoCountry)?;
            Ok(postal(country, (code, states), rows))
        }
        Shape::Languages { country, language, percent, .. } => Ok(languages([country, language, percent], rows)),
        Shape::Holidays { country, subdivision, day, name, .. } => Ok(holidays([country, subdivision, day, name], rows)),
    }
}

fn text(row: &ByteRecord, column: usize) -> Result<&str, ValueError> {
    let field = row.get(column).unwrap_or_default();
    std::str::from_utf8(field).map_err(|_| ValueError::new(ViolationCode::Malformed, "expected text in UTF-8"))
}

fn first_country(row: &ByteRecord, column: usize) -> Option<CountryCode> {
    let state = text(row, column).ok()?.split(BETWEEN).next()?;
    SubdivisionCode::parse(state).ok().map(SubdivisionCode::country)
}

/// A code that stands in several rows lies in the states of all of them.
fn postal(country: CountryCode, (code, states): (usize, usize), rows: Vec<ByteRecord>) -> Reading {
    let mut found: BTreeMap<String, BTreeSet<SubdivisionCode>> = BTreeMap::new();
    let mut rejected = Vec::new();
    for row in rows {
        let mut faults = Violations::new();
        let parsed = text(&row, code).and_then(|typed| PostalCode::parse(typed, Some(country)));
        let known = faults.check("code", parsed).map(|code| compact_postal(code.as_str()));
        let all = faults.check("states", text(&row, states).and_then(|typed| states_in(typed, country)));
        let Some((known, all)) = known.zip(all) else {
            rejected.push((row, faults));
            continue;
        };
        let of_code = found.get(&known).into_iter().flatten().chain(&all).copied().collect::<BTreeSet<_>>();
        if of_code.len() > STATES_MAX {
            faults.add("states", ViolationCode::TooLong, format!("a postal code lies in {STATES_MAX} states at most"));
            rejected.push((row, faults));
        } else {
            found.insert(known, of_code);
        }
    }
    let rows = found.into_iter().map(|(code, states)| PostalRow { code, states: states.into_iter().collect() }).collect();
    Reading { rows: ReferenceRows::Postal { country, rows }, rejected }
}

fn states_in(typed: &str, country: CountryCode) -> Result<BTreeSet<SubdivisionCode>, ValueError> {
    typed.split(BETWEEN).map(|state| SubdivisionCode::parse_in(state, country)).collect()
}

fn languages([country, language, percent]: [usize; 3], rows: Vec<ByteRecord>) -> Reading {
    let (mut taken, mut rejected) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for row in rows {
        let mut faults = Violations::new();
        let country = faults.check("country", text(&row, country).and_then(CountryCode::parse));
        let language = faults.check("language", text(&row, language).and_then(LanguageTag::parse));
        let share = faults.check("population_percent", text(&row, percent).and_then(millionths));
        let whole = country.zip(language).zip(share);
        match whole {
            Some(((country, language), share_millionths)) if seen.insert((country, language.clone())) => {
                taken.push(LanguageRow { country, language, share_millionths });
            }
            Some(_) => {
                faults.add("language", ViolationCode::Duplicate, "the country and language stand in a row before");
                rejected.push((row, faults));
            }
            None => rejected.push((row, faults)),
        }
    }
    Reading { rows: ReferenceRows::Languages(taken), rejected }
}

/// A day stands once for each place; a state says of a day that it is off, or that it is not, as it is in the rest of the country.
fn holidays([country, subdivision, day, name]: [usize; 4], rows: Vec<ByteRecord>) -> Reading {
    let (mut taken, mut rejected) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for row in rows {
        let mut faults = Violations::new();
        let country = faults.check("country", text(&row, country).and_then(CountryCode::parse));
        let state = country
            .and_then(|country| faults.check("subdivision", text(&row, subdivision).and_then(|typed| state_in(typed, country))));
        let day = faults.check("date", text(&row, day).and_then(day_of));
        let called = faults.check("name", text(&row, name).and_then(observed));
        match country.zip(state).zip(day).zip(called) {
            Some((((country, subdivision), day), (observance, name))) if seen.insert((country, subdivision, day)) => {
                taken.push(HolidayRow { country, subdivision, day, name, observance });
            }
            Some(_) => {
                faults.add("date", ViolationCode::Duplicate, "the place and the day stand in a row before");
                rejected.push((row, faults));
            }
            None => rejected.push((row, faults)),
        }
    }
    Reading { rows: ReferenceRows::Holidays(taken), rejected }
}

fn state_in(typed: &str, country: CountryCode) -> Result<Option<SubdivisionCode>, ValueError> {
    if typed.trim().is_empty() { Ok(None) } else { SubdivisionCode::parse_in(typed, country).map(Some) }
}

fn day_of(typed: &str) -> Result<NaiveDate, ValueError> {
    let read = NaiveDate::parse_from_str(typed.trim(), "%Y-%m-%d");
    read.map_err(|_| ValueError::new(ViolationCode::Malformed, "expected a day such as `2026-03-29`"))
}

fn observed(typed: &str) -> Result<(Observance, ShortText), ValueError> {
    let (observance, name) = match typed.trim().strip_prefix(NOT_OBSERVED) {
        Some(name) => (Observance::NotKept, name),
        None => (Observance::Kept, typed),
    };
    Ok((observance, ShortText::parse(name)?))
}

/// A percentage as millionths, cut after four decimals: `9.6` is 96,000.
fn millionths(typed: &str) -> Result<u32, ValueError> {
    let read = || {
        let (whole, decimals) = typed.trim().split_once('.').unwrap_or((typed.trim(), "0"));
        let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        let part = format!("{decimals:0<4.4}");
        let parts = (is_number(whole) && is_number(decimals)).then_some((whole, part))?;
        let (whole, part): (u32, u32) = (parts.0.parse().ok()?, parts.1.parse().ok()?);
        whole.checked_mul(10_000)?.checked_add(part).filter(|share| *share <= 1_000_000)
    };
    read().ok_or_else(|| ValueError::new(ViolationCode::OutOfRange, "expected a percentage from 0 to 100, such as `9.6`"))
}

#[cfg(test)]
mod tests;
