//! `fairfall reference`: postal codes, languages and public holidays out of files of others, with what their licences ask to be told.

mod file;

use std::collections::BTreeMap;
use std::path::PathBuf;

use fairfall_domain::value::CountryCode;
use fairfall_persistence::repo::reference::{ReferenceRows, ReferenceSet};

use super::error::CliError;
use super::output::{note, say};
use super::{ReferenceCommand, ReferenceLoadArgs};
use crate::app::reference::{Provenance, SHAPES, all, load as load_set};
use crate::config::Config;
use crate::startup::open_app;

use file::{Candidate, candidates, reject};

/// Rejected rows whose reasons are shown; the others stand in the file.
const SHOWN_MAX: usize = 5;

/// Loads files, or tells what is loaded.
///
/// # Errors
/// When a file cannot be read or is none that is known, its origin is not told, or the database fails. Rejected rows are no failure.
pub async fn run(config: &Config, command: &ReferenceCommand) -> Result<(), CliError> {
    match command {
        ReferenceCommand::Load(args) => load(config, args).await,
        ReferenceCommand::List => list(config).await,
    }
}

/// A file that was read, with what is told of it.
#[derive(Debug)]
struct Ready {
    file: Candidate,
    rows: ReferenceRows,
    provenance: Provenance,
    several: usize,
    rejected: Rejected,
}

#[derive(Debug, Default)]
struct Rejected {
    count: usize,
    path: PathBuf,
    shown: Vec<String>,
}

async fn load(config: &Config, args: &ReferenceLoadArgs) -> Result<(), CliError> {
    let country = args.country.as_deref().map(CountryCode::parse).transpose();
    let country = country.map_err(|fault| CliError::Usage(format!("--country: {fault}")))?;
    let mut files = Vec::new();
    for path in &args.paths {
        files.extend(candidates(path)?);
    }
    if files.is_empty() {
        return Err(CliError::Usage(format!("no file of reference data is there. These are known:\n{SHAPES}")));
    }
    let mut ready: BTreeMap<String, Ready> = BTreeMap::new();
    for file in files {
        let read = prepare(file, country, args)?;
        if let Some(before) = ready.get(&read.rows.key()) {
            let (one, other, key) = (before.file.path.display(), read.file.path.display(), read.rows.key());
            return Err(CliError::Usage(format!("{one} and {other} both hold `{key}`: name the one that is to be loaded")));
        }
        ready.insert(read.rows.key(), read);
    }
    let app = open_app(config).await?;
    let done = store(&app, ready).await;
    let closed = app.store().close().await;
    done?;
    Ok(closed?)
}

/// Reads a file and writes its rejected rows beside it. Nothing is stored before every file was read.
fn prepare(file: Candidate, country: Option<CountryCode>, args: &ReferenceLoadArgs) -> Result<Ready, CliError> {
    let reading = file.read(country)?;
    let rejected = Rejected {
        count: reading.rejected.len(),
        path: file.rejected_path(),
        shown: reading
            .rejected
            .iter()
            .take(SHOWN_MAX)
            .map(|(row, reasons)| format!("  line {}: {reasons}", crate::app::import::line_of(row)))
            .collect(),
    };
    reject(&file, &rejected.path, &reading.rejected)?;
    let several = reading.in_several_states();
    let of = match &reading.rows {
        ReferenceRows::Postal { country, .. } => Some(*country),
        ReferenceRows::Languages(_) | ReferenceRows::Holidays(_) => None,
    };
    let provenance = provenance(&file, of, args)?;
    Ok(Ready { rows: reading.rows, file, provenance, several, rejected })
}

fn provenance(file: &Candidate, country: Option<CountryCode>, args: &ReferenceLoadArgs) -> Result<Provenance, CliError> {
    let known = file.shape.provenance(country);
    if known.is_none() && (args.source.is_none() || args.licence.is_none()) {
        return Err(CliError::Usage(format!(
            "{}: who made it is not known from its columns: say so with --source and --licence, and --notice if the licence asks for one",
            file.path.display()
        )));
    }
    let known = known.unwrap_or_default();
    Ok(Provenance {
        source: args.source.clone().unwrap_or(known.source),
        licence: args.licence.clone().unwrap_or(known.licence),
        notice: args.notice.clone().unwrap_or(known.notice),
    })
}

async fn store(app: &crate::app::App, ready: BTreeMap<String, Ready>) -> Result<(), CliError> {
    for Ready { file, rows, provenance, several, rejected } in ready.into_values() {
        if rows.is_empty() {
            for line in &rejected.shown {
                note(line);
            }
            let path = file.path.display();
            return Err(CliError::Failed(format!("{path}: no row could be taken; what was loaded before stays")));
        }
        let set = load_set(app, rows, provenance).await?;
        say(format!("{}: {} rows of {}{}.", set.key, set.rows, file.path.display(), in_several(several)));
        tell(&set);
        if rejected.count > 0 {
            let path = rejected.path.display();
            note(format!("WARNING: {} rows were rejected. They are in {path} with their lines and reasons.", rejected.count));
            for line in &rejected.shown {
                note(line);
            }
        }
    }
    Ok(())
}

fn in_several(codes: usize) -> String {
    match codes {
        0 => String::new(),
        1 => ", of which 1 code lies in several states".to_owned(),
        codes => format!(", of which {codes} codes lie in several states"),
    }
}

fn tell(set: &ReferenceSet) {
    for (name, text) in [("source", &set.source), ("licence", &set.licence), ("notice", &set.notice)] {
        if !text.is_empty() {
            say(format!("  {name:<8} {text}"));
        }
    }
}

async fn list(config: &Config) -> Result<(), CliError> {
    let app = open_app(config).await?;
    let found = all(&app).await;
    let closed = app.store().close().await;
    let sets = found?;
    closed?;
    if sets.is_empty() {
        say("No reference data is loaded. `fairfall reference load --help` tells which files are known.");
    }
    for set in &sets {
        say(format!("{}: {} rows, loaded {}", set.key, set.rows, set.loaded_at.format("%F %T UTC")));
        tell(set);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
