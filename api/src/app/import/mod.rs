//! Imports: leads with their history out of rows of a file, in chunks of one transaction each.
//!
//! A row is known again by its source and its id there: it is never taken twice. A run notes how far it came in the transaction of each chunk;
//! after a crash it goes on where the last chunk ended. A run that ended and is started again looks at every row again, so that rows that were
//! rejected for want of something (a campaign, a colleague) are taken once it is there.

pub mod mapping;

mod campaigns;
mod chunk;
mod colleagues;
mod contacts;
mod lead;
mod row;

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use csv::ByteRecord;
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::id::{ImportId, TeamId, UserId};
use fairfall_domain::violation::Violations;
use fairfall_persistence::audit::{self, AuditOutcome, AuditRow};
use fairfall_persistence::repo;
use fairfall_persistence::repo::import::{ImportProgress, ImportState};
use fairfall_persistence::{StoreError, UnitOfWork};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::clock::new_id;

use super::rules::Rules;
use super::{App, AppError};
use chunk::{ChunkOutcome, Drafted, Learned, count};
use mapping::{MapFaults, Mapping};

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

/// What holds for a whole run.
#[derive(Debug)]
struct Job {
    source: String,
    mapping: Mapping,
    rules: Arc<Rules>,
    /// The team of each group of colleagues.
    teams: BTreeMap<String, TeamId>,
    actor: ImportActor,
    /// The run; none when it only checks.
    run: Option<ImportId>,
}

impl Job {
    /// Leaves a trace of what a run made beside leads.
    async fn audit(
        &self,
        uow: &UnitOfWork,
        action: Action,
        kind: &str,
        subject: Uuid,
        at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let row = AuditRow {
            id: new_id(),
            at,
            actor: self.actor.user,
            action,
            subject_kind: kind.to_owned(),
            subject: Some(subject),
            request_id: self.actor.request_id.clone(),
            outcome: AuditOutcome::Done,
            detail: self.run.map(|run| serde_json::json!({ "import": run.to_string() })),
        };
        Ok(audit::append(uow, &row).await?)
    }
}

/// A unique key that was taken since it was looked for: the chunk is done again, and finds it.
fn contended(error: StoreError) -> AppError {
    match error {
        StoreError::Unique { .. } => AppError::Contended(error),
        StoreError::Unavailable(_)
        | StoreError::Timeout(_)
        | StoreError::Conflict(_)
        | StoreError::VersionConflict { .. }
        | StoreError::Corrupt { .. }
        | StoreError::ForeignCursor
        | StoreError::Database(_) => error.into(),
    }
}

/// Imports the rows that `open` gives; it is called a second time when the run has to look at the file from its start.
///
/// # Errors
/// When the mapping does not fit the database; when the file, the observer or the database fails. Faulty rows are told to the observer and fail
/// nothing.
#[tracing::instrument(name = "app.import.run", skip_all, fields(source = %order.source))]
pub async fn run<I>(
    app: &App,
    actor: ImportActor,
    order: ImportOrder,
    open: impl Fn() -> Result<I, csv::Error>,
    observer: &mut impl Observer,
) -> Result<Summary, ImportError>
where
    I: Iterator<Item = Result<ByteRecord, csv::Error>>,
{
    let ImportOrder { source, fingerprint, mapping, mode } = order;
    if source.trim().is_empty() || source.chars().count() > SOURCE_CHARS_MAX {
        return Err(ImportError::Source);
    }
    let started_at = app.now();
    let teams = teams(app, &mapping).await?;
    let (run, mut done) = match mode {
        Mode::Check => (None, ImportProgress::default()),
        Mode::Write => begin(app, &source, &fingerprint).await?,
    };
    let mut rows = open().map_err(ImportError::File)?;
    let mut resumed_after = done.rows_done;
    if resumed_after > 0 && !skip(&mut rows, done, observer)? {
        rows = open().map_err(ImportError::File)?;
        done = ImportProgress { rows_done: 0, rejected: 0, ..done };
        resumed_after = 0;
    }
    if resumed_after == 0 {
        observer.started().map_err(ImportError::Output)?;
    }
    let known = done.rows_done.saturating_sub(done.rejected);
    let mut runner = Runner {
        app,
        job: Arc::new(Job { source, mapping, rules: app.rules().await?, teams, actor, run }),
        done,
        progress: Progress { rows: done.rows_done, known, rejected: done.rejected, ..Progress::default() },
    };
    runner.all(rows, observer).await?;
    let Progress { rows, imported, known, rejected, bytes: _ } = runner.progress;
    let elapsed = (app.now() - started_at).to_std().unwrap_or_default();
    Ok(Summary { rows, imported, known, rejected, resumed_after, seconds: elapsed.as_secs_f64() })
}

/// The teams that the mapping puts new colleagues into.
async fn teams(app: &App, mapping: &Mapping) -> Result<BTreeMap<String, TeamId>, ImportError> {
    let grant = Grant::system(Action::ViewTeam);
    let mut faults = MapFaults::default();
    let mut teams = BTreeMap::new();
    for (group, made) in mapping.users.iter().filter_map(|(name, group)| Some((name, group.made.as_ref()?))) {
        let Some(key) = &made.team else { continue };
        let found = repo::team::find_by_key(&app.reader(), &grant, key).await.map_err(AppError::from)?;
        match found {
            None => faults.add(format!("users.{group}.team"), format!("there is no team with the key `{key}`")),
            Some(team) if Some(team.department) != made.role.department() => {
                let message =
                    format!("team `{key}` is of `{}`, which is not the department of role `{}`", team.department, made.role);
                faults.add(format!("users.{group}.team"), message);
            }
            Some(team) => {
                teams.insert(group.clone(), team.id);
            }
        }
    }
    faults.into_result().map_err(ImportError::Mapping)?;
    Ok(teams)
}

/// Begins the run, or finds the one that was interrupted.
async fn begin(app: &App, source: &str, fingerprint: &str) -> Result<(Option<ImportId>, ImportProgress), AppError> {
    let names = Arc::new((source.to_owned(), fingerprint.to_owned()));
    let (now, id) = (app.now(), new_id::<ImportId>());
    let begun = app.store().transact(move |uow| {
        let names = Arc::clone(&names);
        Box::pin(async move { Ok::<_, AppError>(repo::import::begin(uow, id, &names.0, &names.1, now).await?) })
    });
    let run = begun.await?;
    let done = match run.state {
        ImportState::Running => run.progress,
        ImportState::Finished => ImportProgress { rows_done: 0, rejected: 0, ..run.progress },
    };
    Ok((Some(run.id), done))
}

/// Passes over the rows that are done; false when the observer has lost rejected ones of them, or the file has fewer rows.
fn skip<I>(rows: &mut I, done: ImportProgress, observer: &mut impl Observer) -> Result<bool, ImportError>
where
    I: Iterator<Item = Result<ByteRecord, csv::Error>>,
{
    let mut last_line = 0;
    for _ in 0..done.rows_done {
        let Some(row) = rows.next() else { return Ok(false) };
        last_line = line_of(&row.map_err(ImportError::File)?);
    }
    Ok(observer.resumed(last_line).map_err(ImportError::Output)? == done.rejected)
}

/// The line of the file that a row begins in, from 1.
pub fn line_of(row: &ByteRecord) -> u64 {
    row.position().map_or(0, csv::Position::line)
}

struct Runner<'a> {
    app: &'a App,
    job: Arc<Job>,
    done: ImportProgress,
    progress: Progress,
}

impl Runner<'_> {
    async fn all<I>(&mut self, mut rows: I, observer: &mut impl Observer) -> Result<(), ImportError>
    where
        I: Iterator<Item = Result<ByteRecord, csv::Error>>,
    {
        let mut learned = Arc::new(Learned::default());
        loop {
            let chunk: Vec<ByteRecord> = rows.by_ref().take(CHUNK_ROWS).collect::<Result<_, _>>().map_err(ImportError::File)?;
            let Some(last) = chunk.last() else { break };
            self.progress.bytes = last.position().map_or(self.progress.bytes, csv::Position::byte);
            let drafts: Arc<Vec<Drafted>> = Arc::new(chunk.iter().map(|row| chunk::draft(&self.job.mapping, row)).collect());
            let mut outcome = self.import(&learned, drafts).await?;
            Arc::make_mut(&mut learned).learn(&mut outcome);
            self.tell(&chunk, &outcome, observer).map_err(ImportError::Output)?;
        }
        self.finish().await
    }

    async fn import(&self, learned: &Arc<Learned>, rows: Arc<Vec<Drafted>>) -> Result<ChunkOutcome, AppError> {
        let now = self.app.now();
        if self.job.run.is_none() {
            let uow = self.app.store().begin().await?;
            let outcome = chunk::import(&uow, &self.job, learned, &rows, self.done, now).await?;
            uow.rollback().await?;
            return Ok(outcome);
        }
        let (job, learned, done) = (Arc::clone(&self.job), Arc::clone(learned), self.done);
        let stored = self.app.store().transact(move |uow| {
            let (job, learned, rows) = (Arc::clone(&job), Arc::clone(&learned), Arc::clone(&rows));
            Box::pin(async move { chunk::import(uow, &job, &learned, &rows, done, now).await })
        });
        stored.await
    }

    fn tell(&mut self, chunk: &[ByteRecord], outcome: &ChunkOutcome, observer: &mut impl Observer) -> io::Result<()> {
        let (rows, rejected) = (count(chunk.len()), count(outcome.rejected.len()));
        self.done.rows_done += rows;
        self.done.accepted += outcome.imported;
        self.done.rejected += rejected;
        self.progress.rows += rows;
        self.progress.imported += outcome.imported;
        self.progress.known += outcome.known;
        self.progress.rejected += rejected;
        for (row, reasons) in outcome.rejected.iter().filter_map(|(index, reasons)| Some((chunk.get(*index)?, reasons))) {
            observer.rejected(row, reasons)?;
        }
        observer.advanced(&self.progress)
    }

    async fn finish(&self) -> Result<(), ImportError> {
        let Some(run) = self.job.run else { return Ok(()) };
        let (done, now) = (self.done, self.app.now());
        let finished = self
            .app
            .store()
            .transact(move |uow| Box::pin(async move { Ok::<_, AppError>(repo::import::finish(uow, run, done, now).await?) }));
        Ok(finished.await?)
    }
}
