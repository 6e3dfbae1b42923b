//! Carrying out trainings: the node that takes one up reads closed passages in chunks, fits beside the runtime, and tells every moment that it lives.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use fairfall_domain::forecast::dataset::{Gathering, ROWS_MAX};
use fairfall_domain::forecast::model::{Trained, TrainingReason};
use fairfall_domain::forecast::train::{NOT_WON_MIN, WON_MIN, train};
use fairfall_domain::forecast::training::{SILENCE_MAX, Training};
use fairfall_domain::id::ForecastModelId;
use fairfall_persistence::repo;
use fairfall_persistence::repo::forecast_model::Begun;
use tokio_util::sync::CancellationToken;

use crate::app::{App, AppError};
use crate::clock::new_id;

/// How many passages are read at once.
const CHUNK: u32 = 2_000;
/// How often a node tells that it lives while it fits.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(2);
/// The share of the work that reading is, in percent.
const READING_PERCENT: u8 = 50;
/// How long after a training the next one is due by itself.
const DUE_AFTER: TimeDelta = TimeDelta::days(1);

/// How a training went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// It ended; why.
    Ended(ForecastModelId, TrainingReason),
    /// It was given up meanwhile, by another node or because this one stops.
    GivenUp(ForecastModelId),
}

/// Notes a training when none was started for a day and enough has closed; tells whether it did.
///
/// # Errors
/// When the database fails.
#[tracing::instrument(name = "app.forecast.begin_due", level = "debug", skip_all)]
pub async fn begin_due(app: &App) -> Result<bool, AppError> {
    let (reader, now) = (app.reader(), app.now());
    let last = repo::forecast_model::last_started(&reader).await?;
    if last.is_some_and(|last| now - last < DUE_AFTER) {
        return Ok(false);
    }
    let enough = u32::try_from(WON_MIN + NOT_WON_MIN).unwrap_or(u32::MAX);
    if !repo::passage_features::closed_at_least(&reader, enough).await? {
        return Ok(false);
    }
    let training = Training::begun(new_id(), None, now);
    let begun = app.store().transact(move |uow| {
        let training = training.clone();
        Box::pin(async move { Ok::<_, AppError>(repo::forecast_model::begin(uow, training).await?) })
    });
    Ok(matches!(begun.await?, Begun::Now(_)))
}

/// Takes up the training that waits, if one does, and carries it out. A training whose node has gone silent is given up first.
///
/// # Errors
/// When the database fails.
#[tracing::instrument(name = "app.forecast.work", level = "debug", skip_all)]
pub async fn work(app: &App, stop: &CancellationToken) -> Result<Option<Course>, AppError> {
    let Some(running) = repo::forecast_model::find_running(&app.reader()).await? else { return Ok(None) };
    let now = app.now();
    let is_silent = now - running.heartbeat_at > SILENCE_MAX;
    let claimed = app.store().transact(move |uow| {
        Box::pin(async move {
            if is_silent {
                repo::forecast_model::give_up_silent(uow, now - SILENCE_MAX, now).await?;
            }
            Ok::<_, AppError>(repo::forecast_model::claim(uow, now).await?)
        })
    });
    let Some(id) = claimed.await? else { return Ok(None) };
    match carry_out(app, id, stop).await {
        Ok(course) => Ok(Some(course)),
        Err(error) => {
            end_with_fault(app, id).await?;
            Err(error)
        }
    }
}

async fn end_with_fault(app: &App, id: ForecastModelId) -> Result<(), AppError> {
    let now = app.now();
    let failed = app.store().transact(move |uow| {
        Box::pin(async move { Ok::<_, AppError>(repo::forecast_model::fail(uow, id, TrainingReason::Fault, now).await?) })
    });
    failed.await.map(|_| ())
}

async fn carry_out(app: &App, id: ForecastModelId, stop: &CancellationToken) -> Result<Course, AppError> {
    let Some(gathering) = read(app, id, stop).await? else { return give_up(app, id).await };
    let Some(trained) = fit(app, id, gathering, stop).await? else { return give_up(app, id).await };
    let (now, reason) = (app.now(), trained.reason);
    let trained = Arc::new(trained);
    let finished = app.store().transact(move |uow| {
        let trained = Arc::clone(&trained);
        Box::pin(async move { Ok::<_, AppError>(repo::forecast_model::finish(uow, id, &trained, now).await?) })
    });
    let finished = finished.await?;
    app.forecast_cache().forget();
    Ok(if finished { Course::Ended(id, reason) } else { Course::GivenUp(id) })
}

/// Gives a training up that can go on no more; harmless when another node was first.
async fn give_up(app: &App, id: ForecastModelId) -> Result<Course, AppError> {
    let now = app.now();
    let failed = app.store().transact(move |uow| {
        Box::pin(async move { Ok::<_, AppError>(repo::forecast_model::fail(uow, id, TrainingReason::Abandoned, now).await?) })
    });
    failed.await?;
    Ok(Course::GivenUp(id))
}

/// Tells that the node lives; false when the training runs no more.
async fn heartbeat(app: &App, id: ForecastModelId, percent: u8) -> Result<bool, AppError> {
    let now = app.now();
    let told = app.store().transact(move |uow| {
        Box::pin(async move { Ok::<_, AppError>(repo::forecast_model::heartbeat(uow, id, percent, now).await?) })
    });
    told.await
}

/// Reads the newest closed passages; nothing when the training is to end.
async fn read(app: &App, id: ForecastModelId, stop: &CancellationToken) -> Result<Option<Gathering>, AppError> {
    let mut gathering = Gathering::default();
    let mut before = None;
    loop {
        let done = gathering.len() * usize::from(READING_PERCENT) / ROWS_MAX;
        if stop.is_cancelled() || !heartbeat(app, id, u8::try_from(done).unwrap_or(READING_PERCENT)).await? {
            return Ok(None);
        }
        let (chunk, next) = repo::passage_features::closed(&app.reader(), before, CHUNK).await?;
        for (snapshot, ended) in &chunk {
            gathering.push(snapshot, *ended);
        }
        before = next;
        if before.is_none() || gathering.len() >= ROWS_MAX {
            return Ok(Some(gathering));
        }
    }
}

/// Fits beside the runtime; nothing when the training is to end.
async fn fit(
    app: &App,
    id: ForecastModelId,
    gathering: Gathering,
    stop: &CancellationToken,
) -> Result<Option<Trained>, AppError> {
    let running = app.model_in_force().await?;
    let now = app.now();
    let percent = Arc::new(AtomicU8::new(0));
    let told = Arc::clone(&percent);
    let mut fitting = tokio::task::spawn_blocking(move || {
        let dataset = gathering.settle(now);
        train(&dataset, running.as_deref().map(|(_, model)| model), &mut |done| told.store(done, Ordering::Relaxed))
    });
    loop {
        tokio::select! {
            biased;
            trained = &mut fitting => return trained.map(Some).map_err(|_| AppError::internal("the training ended in a panic")),
            () = stop.cancelled() => return Ok(None),
            () = tokio::time::sleep(HEARTBEAT_EVERY) => {
                let fitted = percent.load(Ordering::Relaxed) / 2;
                if !heartbeat(app, id, READING_PERCENT + fitted).await? {
                    return Ok(None);
                }
            }
        }
    }
}
