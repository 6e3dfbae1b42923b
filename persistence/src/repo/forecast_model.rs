//! Trainings and the models they leave. They are shared knowledge: a permission reaches all of them or none.

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Grant, Scope};
use fairfall_domain::forecast::model::{Model, Trained, TrainingReason, TrainingState};
use fairfall_domain::forecast::training::Training;
use fairfall_domain::id::{ForecastModelId, UserId};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_json};
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::repo::locks;
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;

const BY_STARTED: Keyset = Keyset {
    name: "forecast_model.started",
    columns: &[("forecast_model.started_at", KeyKind::Time), ("forecast_model.id", KeyKind::Id)],
    direction: Direction::Descending,
};

/// Everything but the model itself, which may be large.
const SELECT: &str = "SELECT id, state, reason, progress, learner, findings, started_by, started_at, heartbeat_at, finished_at, retired_at \
    FROM forecast_model WHERE ";

/// What a permission reaches.
const fn seen(grant: &Grant) -> &'static str {
    match grant.scope() {
        Scope::All => "1 = 1",
        // nobody owns a model, so that nothing narrower holds any
        Scope::Own | Scope::Pool | Scope::Team | Scope::Department => "1 = 0",
    }
}

fn read(row: &QueryResult) -> Result<Training, StoreError> {
    let mut columns = Columns::of(row);
    let id = ForecastModelId::from(columns.next::<Uuid>()?);
    let stored = Stored::new("forecast_model", id);
    Ok(Training {
        id,
        state: stored.text("state", &columns.next::<String>()?)?,
        reason: stored.maybe("reason", columns.next::<Option<String>>()?.as_deref())?,
        progress: u8::try_from(columns.next::<i16>()?).map_err(|_| stored.corrupt("progress"))?,
        learner: stored.maybe("learner", columns.next::<Option<String>>()?.as_deref())?,
        findings: stored.json("findings", &columns.next::<String>()?)?,
        started_by: columns.next::<Option<Uuid>>()?.map(UserId::from),
        started_at: columns.next()?,
        heartbeat_at: columns.next()?,
        finished_at: columns.next()?,
        retired_at: columns.next()?,
    })
}

/// One training.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn find(on: &impl Readable, grant: &Grant, id: ForecastModelId) -> Result<Option<Training>, StoreError> {
    let mut sql = Sql::new(SELECT);
    sql.push(seen(grant)).push(" AND id = ").bind(id.uuid());
    sql.one(on).await?.as_ref().map(read).transpose()
}

/// Some trainings, in no order; unknown ids are left out. One statement.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn find_many(on: &impl Readable, grant: &Grant, ids: &[ForecastModelId]) -> Result<Vec<Training>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(SELECT);
    sql.push(seen(grant)).push(" AND id IN (").bind_list(ids.iter().map(|id| id.uuid().into())).push(")");
    sql.all(on).await?.iter().map(read).collect()
}

/// A page of trainings, the last started first.
///
/// # Errors
/// [`StoreError::ForeignCursor`], [`StoreError::Corrupt`], or as the database tells.
pub async fn page(on: &impl Readable, grant: &Grant, args: &PageArgs) -> Result<Page<Training>, StoreError> {
    let mut sql = Sql::new(SELECT);
    sql.push(seen(grant));
    BY_STARTED.restrict(&mut sql, args)?;
    BY_STARTED.order(&mut sql, args);
    let trainings: Result<Vec<Training>, StoreError> = sql.all(on).await?.iter().map(read).collect();
    let keyed = trainings?.into_iter().map(|one| (vec![Key::Time(one.started_at), Key::Id(one.id.uuid())], one));
    Ok(BY_STARTED.page(args, keyed.collect()))
}

/// The training that runs, if one does.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn find_running(on: &impl Readable) -> Result<Option<Training>, StoreError> {
    Sql::new(format!("{SELECT}state = 'RUNNING'")).one(on).await?.as_ref().map(read).transpose()
}

/// When the last training was started.
///
/// # Errors
/// As the database tells.
pub async fn last_started(on: &impl Readable) -> Result<Option<DateTime<Utc>>, StoreError> {
    let row = Sql::new("SELECT started_at FROM forecast_model ORDER BY started_at DESC, id DESC LIMIT 1").one(on).await?;
    row.map(|row| Columns::of(&row).next()).transpose()
}

/// The id of the model in force, if one is.
///
/// # Errors
/// As the database tells.
pub async fn id_in_force(on: &impl Readable) -> Result<Option<ForecastModelId>, StoreError> {
    let row = Sql::new("SELECT id FROM forecast_model WHERE state = 'IN_FORCE'").one(on).await?;
    row.map(|row| Ok(ForecastModelId::from(Columns::of(&row).next::<Uuid>()?))).transpose()
}

/// The model of a training; nothing when it has none.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn find_model(on: &impl Readable, id: ForecastModelId) -> Result<Option<Model>, StoreError> {
    let mut sql = Sql::new("SELECT model FROM forecast_model WHERE id = ");
    sql.bind(id.uuid());
    let Some(row) = sql.one(on).await? else { return Ok(None) };
    let model: Option<String> = Columns::of(&row).next()?;
    model.map(|model| Stored::new("forecast_model", id).json("model", &model)).transpose()
}

/// What came of asking for a training.
#[derive(Clone, Debug, PartialEq)]
pub enum Begun {
    /// It was noted; a node will take it up.
    Now(Training),
    /// One runs already.
    Before(Training),
}

/// Asks for a training, unless one runs. Who asks at the same moment waits.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn begin(uow: &UnitOfWork, training: Training) -> Result<Begun, StoreError> {
    locks::hold(uow, "forecast_model", &["begin"]).await?;
    if let Some(running) = find_running(uow).await? {
        return Ok(Begun::Before(running));
    }
    let mut sql =
        Sql::new("INSERT INTO forecast_model (id, state, progress, findings, started_by, started_at, heartbeat_at) VALUES (");
    sql.bind(training.id.uuid()).push(", 'RUNNING', 0, ").bind(to_json(&training.findings)?).push(", ");
    sql.bind(training.started_by.map(UserId::uuid)).push(", ").bind(training.started_at).push(", ");
    sql.bind(training.heartbeat_at).push(")");
    sql.run(uow).await?;
    Ok(Begun::Now(training))
}

/// Takes up the training that waits for a node, if no other node was first.
///
/// # Errors
/// As the database tells.
pub async fn claim(uow: &UnitOfWork, now: DateTime<Utc>) -> Result<Option<ForecastModelId>, StoreError> {
    let mut sql = Sql::new("UPDATE forecast_model SET claimed_at = ");
    sql.bind(now).push(", heartbeat_at = ").bind(now);
    sql.push(" WHERE state = 'RUNNING' AND claimed_at IS NULL RETURNING id");
    let row = sql.one(uow).await?;
    row.map(|row| Ok(ForecastModelId::from(Columns::of(&row).next::<Uuid>()?))).transpose()
}

/// Tells how far a training is, and that its node lives; false when it runs no more.
///
/// # Errors
/// As the database tells.
pub async fn heartbeat(uow: &UnitOfWork, id: ForecastModelId, progress: u8, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let mut sql = Sql::new("UPDATE forecast_model SET progress = ");
    sql.bind(i16::from(progress)).push(", heartbeat_at = ").bind(now);
    sql.push(" WHERE state = 'RUNNING' AND id = ").bind(id.uuid());
    Ok(sql.run(uow).await? > 0)
}

/// Ends a training with what it found; its model comes into force in place of the one before. False when the training was given up meanwhile:
/// then nothing changes.
///
/// # Errors
/// As the database tells.
pub async fn finish(uow: &UnitOfWork, id: ForecastModelId, trained: &Trained, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let state = if trained.model.is_some() { TrainingState::InForce } else { TrainingState::Rejected };
    let mut still = Sql::new("SELECT id FROM forecast_model WHERE state = 'RUNNING' AND id = ");
    still.bind(id.uuid()).push(locks::for_update(uow));
    if still.one(uow).await?.is_none() {
        return Ok(false);
    }
    if state == TrainingState::InForce {
        let mut sql = Sql::new("UPDATE forecast_model SET state = 'RETIRED', retired_at = ");
        sql.bind(now).push(" WHERE state = 'IN_FORCE'");
        sql.run(uow).await?;
    }
    let model = trained.model.as_ref().map(to_json).transpose()?;
    let learner = trained.model.as_ref().map(|model| model.learner.to_string());
    let mut sql = Sql::new("UPDATE forecast_model SET progress = 100, state = ");
    sql.bind(state.as_str()).push(", reason = ").bind(trained.reason.as_str()).push(", learner = ").bind(learner);
    sql.push(", findings = ").bind(to_json(&trained.findings)?).push(", model = ").bind(model);
    sql.push(", heartbeat_at = ").bind(now).push(", finished_at = ").bind(now).push(" WHERE id = ").bind(id.uuid());
    Ok(sql.run(uow).await? > 0)
}

/// Notes that a training ended without a result; false when it runs no more.
///
/// # Errors
/// As the database tells.
pub async fn fail(uow: &UnitOfWork, id: ForecastModelId, reason: TrainingReason, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let mut sql = Sql::new("UPDATE forecast_model SET state = 'FAILED', reason = ");
    sql.bind(reason.as_str()).push(", finished_at = ").bind(now);
    sql.push(" WHERE state = 'RUNNING' AND id = ").bind(id.uuid());
    Ok(sql.run(uow).await? > 0)
}

/// Gives up the training whose node was last heard of before `silent_since`; tells whether there was one.
///
/// # Errors
/// As the database tells.
pub async fn give_up_silent(uow: &UnitOfWork, silent_since: DateTime<Utc>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let mut sql = Sql::new("UPDATE forecast_model SET state = 'FAILED', reason = ");
    sql.bind(TrainingReason::Abandoned.as_str()).push(", finished_at = ").bind(now);
    sql.push(" WHERE state = 'RUNNING' AND heartbeat_at < ").bind(silent_since);
    Ok(sql.run(uow).await? > 0)
}

/// Takes a model out of force; false when it was not in force.
///
/// # Errors
/// As the database tells.
pub async fn retire(uow: &UnitOfWork, id: ForecastModelId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let mut sql = Sql::new("UPDATE forecast_model SET state = 'RETIRED', retired_at = ");
    sql.bind(now).push(" WHERE state = 'IN_FORCE' AND id = ").bind(id.uuid());
    Ok(sql.run(uow).await? > 0)
}
