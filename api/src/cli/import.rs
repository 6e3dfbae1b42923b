//! `fairfall import`: leads out of a CSV file, with a bar that tells how far it is and a file of the rows that were not taken.

mod progress;
pub(super) mod rejected;

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use csv::{ByteRecord, Reader, ReaderBuilder};
use fairfall_domain::violation::Violations;

use super::ImportArgs;
use super::error::CliError;
use super::output::{note, say};
use crate::app::import::mapping::{MapFaults, Mapping, delimiter};
use crate::app::import::{
    ImportActor, ImportError, ImportOrder, Mode, Observer, Progress, QualityCounts, Summary, fingerprint, run as import,
};
use crate::config::Config;
use crate::startup::open_app;

use progress::Bar;
use rejected::RejectedFile;

/// Bytes read from the file at once.
const BLOCK_BYTES: usize = 1 << 16;

/// Rejected rows whose reasons are shown; the others stand in the file.
const SHOWN_MAX: usize = 5;

/// Imports a file, or checks it.
///
/// # Errors
/// When the mapping has faults, a file cannot be read or written, or the database fails. Rejected rows are no failure.
pub async fn run(config: &Config, args: &ImportArgs) -> Result<(), CliError> {
    let text = std::fs::read_to_string(&args.map).map_err(|error| unreadable(&args.map, &error))?;
    let source = Source { path: args.file.clone(), delimiter: delimiter(&text) };
    let columns = source.columns()?;
    let mapping = Mapping::read(&text, &columns).map_err(|faults| faulty(&args.map, &faults))?;
    let name = args.source.clone().or_else(|| mapping.source().map(str::to_owned));
    let name = name.ok_or_else(|| {
        CliError::Usage("where do the leads come from? write `source` into the map, or use --source".to_owned())
    })?;
    let mode = if args.check { Mode::Check } else { Mode::Write };
    let path = rejected_path(args, mode)?;
    let digest = fingerprint(source.file()?, &text).map_err(|error| unreadable(&args.file, &error))?;
    let app = open_app(config).await?;
    let order = ImportOrder { source: name, fingerprint: digest, mapping, mode };
    let mut report = Report {
        bar: Bar::new(source.length()?),
        rejected: RejectedFile::new(path.clone(), source.delimiter, columns),
        shown: Vec::new(),
    };
    let done = import(&app, ImportActor::default(), order, || source.rows(), &mut report).await;
    report.bar.end();
    let closed = app.store().close().await;
    let summary = done.map_err(|error| failed(error, args))?;
    closed?;
    tell(&summary, mode, &path, &report.shown);
    Ok(())
}

/// The CSV file.
#[derive(Debug)]
struct Source {
    path: PathBuf,
    delimiter: u8,
}

type Rows = csv::ByteRecordsIntoIter<BufReader<File>>;

impl Source {
    fn file(&self) -> Result<File, CliError> {
        File::open(&self.path).map_err(|error| unreadable(&self.path, &error))
    }

    fn length(&self) -> Result<u64, CliError> {
        Ok(self.file()?.metadata().map_err(|error| unreadable(&self.path, &error))?.len())
    }

    fn reader(&self) -> Result<Reader<BufReader<File>>, csv::Error> {
        let file = BufReader::with_capacity(BLOCK_BYTES, File::open(&self.path)?);
        Ok(ReaderBuilder::new().delimiter(self.delimiter).flexible(true).from_reader(file))
    }

    fn rows(&self) -> Result<Rows, csv::Error> {
        Ok(self.reader()?.into_byte_records())
    }

    /// The names of the columns.
    fn columns(&self) -> Result<Vec<String>, CliError> {
        let mut reader = self.reader().map_err(|error| self.faulty(&error.to_string()))?;
        let header = reader.headers().map_err(|error| self.faulty(&error.to_string()))?;
        let columns: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
        if columns.is_empty() {
            return Err(self.faulty("the file is empty: its first line must name the columns"));
        }
        for (index, name) in columns.iter().enumerate() {
            if columns.iter().take(index).any(|before| before == name) {
                return Err(self.faulty(&format!("the first line names the column `{name}` twice")));
            }
        }
        Ok(columns)
    }

    fn faulty(&self, message: &str) -> CliError {
        CliError::Failed(format!("{}: {message}", self.path.display()))
    }
}

fn unreadable(path: &Path, error: &io::Error) -> CliError {
    CliError::Failed(format!("{}: {error}", path.display()))
}

fn faulty(path: &Path, faults: &MapFaults) -> CliError {
    let lines: Vec<String> = faults.as_slice().iter().map(|fault| format!("  {fault}")).collect();
    CliError::Usage(format!("{} cannot be used for this file:\n{}", path.display(), lines.join("\n")))
}

fn failed(error: ImportError, args: &ImportArgs) -> CliError {
    match error {
        ImportError::Mapping(faults) => faulty(&args.map, &faults),
        ImportError::App(error) => {
            note("The import stopped. What was stored stays; start it again, and it goes on from there.");
            error.into()
        }
        ImportError::Source | ImportError::File(_) | ImportError::Output(_) => CliError::because(&error),
    }
}

/// Where rejected rows go: beside the file, a check's apart from an import's, so that a check changes nothing that an import goes on with.
fn rejected_path(args: &ImportArgs, mode: Mode) -> Result<PathBuf, CliError> {
    let path = args.rejected.clone().unwrap_or_else(|| match mode {
        Mode::Write => args.file.with_extension("rejected.csv"),
        Mode::Check => args.file.with_extension("check.csv"),
    });
    if path == args.file || path == args.map {
        return Err(CliError::Usage(format!("--rejected {} would overwrite what is read", path.display())));
    }
    Ok(path)
}

/// What the run tells, brought to the terminal and the file of rejected rows.
#[derive(Debug)]
struct Report {
    bar: Bar,
    rejected: RejectedFile,
    shown: Vec<String>,
}

impl Observer for Report {
    fn resumed(&mut self, last_line: u64) -> io::Result<u64> {
        self.rejected.keep_up_to(last_line)
    }

    fn started(&mut self) -> io::Result<()> {
        self.rejected.begin()
    }

    fn rejected(&mut self, row: &ByteRecord, reasons: &Violations) -> io::Result<()> {
        if self.shown.len() < SHOWN_MAX {
            self.shown.push(format!("  line {}: {reasons}", crate::app::import::line_of(row)));
        }
        self.rejected.write(row, reasons)
    }

    fn advanced(&mut self, progress: &Progress) -> io::Result<()> {
        self.rejected.flush()?;
        self.bar.show(progress);
        Ok(())
    }
}

fn tell(summary: &Summary, mode: Mode, path: &Path, shown: &[String]) {
    let Summary { rows, imported, known, rejected, quality, resumed_after, seconds } = *summary;
    let rate = progress::per_second(rows.saturating_sub(resumed_after), seconds);
    if resumed_after > 0 {
        say(format!("Went on after row {resumed_after}, where the import was interrupted."));
    }
    match mode {
        Mode::Write => say(format!(
            "{rows} rows in {seconds:.1} s ({rate} rows/s): {imported} imported, {known} known before, {rejected} rejected."
        )),
        Mode::Check => say(format!(
            "{rows} rows checked in {seconds:.1} s, nothing was written: {imported} would be imported, {known} are known, {rejected} would be rejected."
        )),
    }
    if quality != QualityCounts::default() {
        let QualityCounts { fixed, flagged } = quality;
        say(format!("Quality of what {}: {fixed} values put right or left out, {flagged} flagged.", imported_as(mode)));
    }
    if rejected > 0 {
        note(format!(
            "WARNING: {rejected} of {rows} rows {} rejected. They are in {} with their lines and reasons.",
            be(mode),
            path.display()
        ));
        for line in shown {
            note(line);
        }
        note("Correct them there and import that file, or correct the map and import this file again: no row is taken twice.");
    }
}

const fn imported_as(mode: Mode) -> &'static str {
    match mode {
        Mode::Write => "was imported",
        Mode::Check => "would be imported",
    }
}

const fn be(mode: Mode) -> &'static str {
    match mode {
        Mode::Write => "were",
        Mode::Check => "would be",
    }
}

#[cfg(test)]
mod tests;
