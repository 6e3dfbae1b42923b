//! Finding the files that hold reference data, and reading them.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind};
use std::path::{Path, PathBuf};

use csv::{ByteRecord, Reader, ReaderBuilder};
use fairfall_domain::value::CountryCode;
use fairfall_domain::violation::Violations;

use crate::app::reference::{Reading, SHAPES, Shape, read, recognise};
use crate::cli::error::CliError;
use crate::cli::import::rejected::RejectedFile;
use crate::cli::output::note;

/// How the names of files end that commands wrote themselves.
const REJECTED: &str = ".rejected.csv";

/// A file whose columns are those of reference data.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) path: PathBuf,
    pub(super) shape: Shape,
    columns: Vec<String>,
}

/// The file, or those of a folder that are known. Of a folder, others are passed over.
pub(super) fn candidates(path: &Path) -> Result<Vec<Candidate>, CliError> {
    if !path.is_dir() {
        let found = candidate(path)?;
        let unknown = || CliError::Usage(format!("{}: is no file that is known. These are:\n{SHAPES}", path.display()));
        return Ok(vec![found.ok_or_else(unknown)?]);
    }
    let entries = std::fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, io::Error>>);
    let mut paths: Vec<PathBuf> =
        entries.map_err(|error| unreadable(path, &error))?.iter().map(std::fs::DirEntry::path).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths.into_iter().filter(|path| path.is_file() && is_table(path)) {
        match candidate(&path)? {
            Some(file) => found.push(file),
            None => note(format!("{}: passed over, it is no reference data that is known", path.display())),
        }
    }
    Ok(found)
}

fn is_table(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_lowercase();
    Path::new(&name).extension().is_some_and(|extension| extension == "csv") && !name.ends_with(REJECTED)
}

fn candidate(path: &Path) -> Result<Option<Candidate>, CliError> {
    let mut reader = open(path)?;
    let header = reader.byte_headers().map_err(|error| faulty(path, &error))?;
    let columns: Vec<String> = header.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
    Ok(recognise(&columns).map(|shape| Candidate { path: path.to_owned(), shape, columns }))
}

fn open(path: &Path) -> Result<Reader<BufReader<File>>, CliError> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    Ok(ReaderBuilder::new().flexible(true).from_reader(BufReader::new(file)))
}

fn unreadable(path: &Path, error: &io::Error) -> CliError {
    CliError::Failed(format!("{}: {error}", path.display()))
}

fn faulty(path: &Path, error: &(dyn std::error::Error + 'static)) -> CliError {
    CliError::Failed(format!("{}: {}", path.display(), crate::cli::error::with_causes(error)))
}

impl Candidate {
    pub(super) fn read(&self, country: Option<CountryCode>) -> Result<Reading, CliError> {
        let rows = open(&self.path)?.into_byte_records();
        read(&self.shape, country, rows).map_err(|error| faulty(&self.path, &error))
    }

    pub(super) fn rejected_path(&self) -> PathBuf {
        self.path.with_extension("rejected.csv")
    }
}

/// Writes the rejected rows beside the file; without any, takes away what was written before. A folder that may not be written holds up nothing
/// unless there is something to write.
pub(super) fn reject(file: &Candidate, path: &Path, rows: &[(ByteRecord, Violations)]) -> Result<(), CliError> {
    let mut rejected = RejectedFile::new(path.to_owned(), b',', file.columns.clone());
    let mut write = || {
        rejected.begin()?;
        for (row, reasons) in rows {
            rejected.write(row, reasons)?;
        }
        rejected.flush()
    };
    match write() {
        Err(error) if rows.is_empty() && error.kind() == ErrorKind::PermissionDenied => Ok(()),
        written => written.map_err(|error| unreadable(path, &error)),
    }
}
