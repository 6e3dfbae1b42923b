//! A run: chunk after chunk, from where an interrupted one stopped.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use csv::ByteRecord;
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::id::{ImportId, TeamId};
use fairfall_persistence::audit::{self, AuditRow};
use fairfall_persistence::repo;
use fairfall_persistence::repo::import::{ImportProgress, ImportState};
use fairfall_persistence::{StoreError, UnitOfWork};
use uuid::Uuid;

use crate::app::rules::Rules;
use crate::app::{App, AppError, done_row};
use crate::clock::new_id;

use super::chunk::{self, ChunkOutcome, Drafted, Learned, count};
use super::mapping::{MapFaults, Mapping};
use super::{CHUNK_ROWS, ImportActor, ImportError, ImportOrder, Mode, Observer, Progress, SOURCE_CHARS_MAX, Summary, line_of};

/// What holds for a whole run.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) source: String,
    pub(super) mapping: Mapping,
    pub(super) rules: Arc<Rules>,
    /// The team of each group of colleagues.
    pub(super) teams: BTreeMap<String, TeamId>,
    pub(super) actor: ImportActor,
    /// The run; none when it only checks.
    pub(super) run: Option<ImportId>,
}

impl Job {
    /// Leaves a trace of what a run made beside leads.
    pub(super) async fn audit(
        &self,
        uow: &UnitOfWork,
        action: Action,
        kind: &str,
        subject: Uuid,
        at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let who = (self.actor.user, self.actor.request_id.clone());
        let detail = self.run.map(|run| serde_json::json!({ "import": run.to_string() }));
        let row = AuditRow { detail, ..done_row(who, action, kind, Some(subject), at) };
        Ok(audit::append(uow, &row).await?)
    }
}

/// A unique key that was taken since it was looked for: the chunk is done again, and finds it.
pub(super) fn contended(error: StoreError) -> AppError {
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
    let Progress { rows, imported, known, rejected, quality, bytes: _ } = runner.progress;
    let elapsed = (app.now() - started_at).to_std().unwrap_or_default();
    Ok(Summary { rows, imported, known, rejected, quality, resumed_after, seconds: elapsed.as_secs_f64() })
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
            let drafts: Arc<Vec<Drafted>> =
                Arc::new(chunk.iter().map(|row| chunk::draft(&self.job.mapping, &self.job.rules, row)).collect());
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
        self.progress.quality += outcome.quality;
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
