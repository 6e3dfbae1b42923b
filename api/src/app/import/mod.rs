//! Imports: leads with their history out of rows of a file, in chunks of one transaction each.
//!
//! A row is known again by its source and its id there: it is never taken twice. A run notes how far it came in the transaction of each chunk;
//! after a crash it goes on where the last chunk ended. A run that ended and is started again looks at every row again, so that rows that were
//! rejected for want of something (a campaign, a colleague) are taken once it is there.

pub mod mapping;
mod matching;

mod campaigns;
mod chunk;
mod colleagues;
mod contacts;
mod lead;
mod quality;
mod routing;
mod row;
mod run;
mod score;

use std::io::{self, Read};

use csv::ByteRecord;
use fairfall_domain::id::UserId;
use fairfall_domain::violation::Violations;
use sha2::{Digest, Sha256};

use super::AppError;
use mapping::{MapFaults, Mapping};

pub use quality::QualityCounts;
pub use run::run;

/// Rows of one transaction.
pub const CHUNK_ROWS: usize = 500;

/// The longest name of a source, in characters.
pub const SOURCE_CHARS_MAX: usize = 100;

/// Who imports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportActor {
    /// The user; nobody from the command line, where whoever can reach the database may do anything.
    pub user: Option<UserId>,
    /// The request it came with.
    pub request_id: Option<String>,
}

/// Whether anything is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Leads are stored.
    Write,
    /// Everything is read, checked and looked up, and nothing is stored. What only stands against each other in different chunks (the same
    /// person twice, each time with an open lead) is found by the import itself.
    Check,
}

/// What is to be imported.
#[derive(Clone, Debug)]
pub struct ImportOrder {
    /// Where the leads come from.
    pub source: String,
    /// The digest of file and mapping: by it a run is known again.
    pub fingerprint: String,
    /// Which column is what.
    pub mapping: Mapping,
    /// Whether anything is written.
    pub mode: Mode,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows looked at, from the file's start.
    pub rows: u64,
    /// Rows that became leads now.
    pub imported: u64,
    /// Rows that had become leads before.
    pub known: u64,
    /// Rows with faults.
    pub rejected: u64,
    /// What the review of the rows that became leads now found.
    pub quality: QualityCounts,
    /// Where in the file the last row begins, in bytes.
    pub bytes: u64,
}

/// What a run did. `rows` is the sum of `imported`, `known` and `rejected`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    /// Rows of the file.
    pub rows: u64,
    /// Rows that became leads now; with [`Mode::Check`] those that would.
    pub imported: u64,
    /// Rows that had become leads before.
    pub known: u64,
    /// Rows with faults, those before the point where the run went on among them.
    pub rejected: u64,
    /// What the review of the rows that became leads now found.
    pub quality: QualityCounts,
    /// Rows that an earlier, interrupted run had done.
    pub resumed_after: u64,
    /// How long it took.
    pub seconds: f64,
}

/// Hears how a run goes.
pub trait Observer {
    /// The run goes on after this line of the file. Answers how many rejected rows up to there it still has: when some are lost, the run looks
    /// at the file from its start again, which takes nothing twice.
    ///
    /// # Errors
    /// Ends the run.
    fn resumed(&mut self, last_line: u64) -> io::Result<u64>;

    /// The run looks at the file from its start.
    ///
    /// # Errors
    /// Ends the run.
    fn started(&mut self) -> io::Result<()>;

    /// A row was not taken. Called after the row's chunk was stored.
    ///
    /// # Errors
    /// Ends the run.
    fn rejected(&mut self, row: &ByteRecord, reasons: &Violations) -> io::Result<()>;

    /// A chunk is done.
    ///
    /// # Errors
    /// Ends the run.
    fn advanced(&mut self, progress: &Progress) -> io::Result<()>;
}

/// Why a run ended before the file did. What was stored stays; the run can be started again.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The mapping does not fit the database.
    #[error("the mapping does not fit")]
    Mapping(#[source] MapFaults),
    /// The source has no name, or one that is too long.
    #[error("the source needs a name of 1 to {SOURCE_CHARS_MAX} characters")]
    Source,
    /// The file cannot be read.
    #[error("the file cannot be read")]
    File(#[source] csv::Error),
    /// What was to be told cannot be written.
    #[error("the rejected rows cannot be written")]
    Output(#[source] io::Error),
    /// The database fails.
    #[error("the database fails")]
    App(#[from] AppError),
}

/// The digest by which a run of a file with a mapping is known again.
///
/// # Errors
/// When the file cannot be read.
pub fn fingerprint(mut file: impl Read, mapping: &str) -> io::Result<String> {
    let mut digest = Sha256::new();
    digest.update(Sha256::digest(mapping.as_bytes()));
    let mut block = vec![0_u8; 1 << 16];
    loop {
        match file.read(&mut block)? {
            0 => return Ok(hex::encode(digest.finalize())),
            read => digest.update(block.get(..read).unwrap_or_default()),
        }
    }
}

/// The line of the file that a row begins in, from 1.
pub fn line_of(row: &ByteRecord) -> u64 {
    row.position().map_or(0, csv::Position::line)
}
