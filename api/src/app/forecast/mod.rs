//! The learned chance to win: asked for, trained in the background, put in force when it is better, taken back; and what it says of a lead.

pub mod job;
pub mod opening;

mod cache;

use std::collections::BTreeMap;

use fairfall_domain::access::Action;
use fairfall_domain::forecast::probability::{Probability, ProbabilityReason};
use fairfall_domain::forecast::snapshot::Snapshot;
use fairfall_domain::forecast::training::Training;
use fairfall_domain::id::{ForecastModelId, LeadId};
use fairfall_domain::waterfall::lead::Lead;
use fairfall_persistence::repo::forecast_model::Begun;
use fairfall_persistence::{Page, PageArgs, UnitOfWork, repo};

use crate::clock::new_id;

use super::idempotency::{Keyed, Once, once};
use super::{App, AppError, Caller, Rejection};

pub use cache::{ForecastCache, HISTORY_MS_MAX, MODEL_MS_MAX};

/// The kind of thing in audit rows.
const KIND: &str = ForecastModelId::PREFIX;

/// What came of asking for a training.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The training, or the one that ran already.
    pub training: Training,
    /// Whether one ran already.
    pub existed: bool,
}

/// What came of taking a model out of force.
#[derive(Clone, Debug, PartialEq)]
pub struct Retired {
    /// The training of the model.
    pub training: Training,
    /// Whether it was out of force before.
    pub already_done: bool,
}

/// A training; without an id that of the model in force.
pub async fn find(app: &App, caller: &Caller, id: Option<ForecastModelId>) -> Result<Option<Training>, AppError> {
    let Some(grant) = caller.may(Action::ViewScoreModel) else { return Ok(None) };
    let id = match id {
        Some(id) => Some(id),
        None => repo::forecast_model::id_in_force(&app.reader()).await?,
    };
    let ids: Vec<ForecastModelId> = id.into_iter().collect();
    Ok(repo::forecast_model::find_many(&app.reader(), &grant, &ids).await?.pop())
}

/// Several trainings, in no order; those the caller may not see are left out.
pub async fn find_many(app: &App, caller: &Caller, ids: &[ForecastModelId]) -> Result<Vec<Training>, AppError> {
    let Some(grant) = caller.may(Action::ViewScoreModel) else { return Ok(Vec::new()) };
    Ok(repo::forecast_model::find_many(&app.reader(), &grant, ids).await?)
}

/// A page of trainings, the last started first.
#[tracing::instrument(name = "app.forecast.page", skip_all)]
pub async fn page(app: &App, caller: &Caller, args: &PageArgs) -> Result<Page<Training>, AppError> {
    let Some(grant) = caller.may(Action::ViewScoreModel) else { return Ok(Page::empty()) };
    Ok(repo::forecast_model::page(&app.reader(), &grant, args).await?)
}

/// Asks for a training. It runs in the background, on whichever node takes it up; one at a time.
///
/// # Errors
/// What is wrong with the key.
#[tracing::instrument(name = "app.forecast.train", skip_all)]
pub async fn train(app: &App, caller: &Caller, key: Option<String>) -> Result<Asked, AppError> {
    let view = caller.must(Action::ViewScoreModel)?;
    caller.must(Action::ManageScoreModel)?;
    let keyed = Keyed::read(key.as_deref(), &"forecastTrain")?;
    let now = app.now();
    let training = Training::begun(new_id(), Some(caller.actor.user), now);
    let asked = app
        .store()
        .transact(move |uow| {
            let (caller, view, keyed, training) = (caller.clone(), view.clone(), keyed.clone(), training.clone());
            Box::pin(async move {
                let work = || async { begin(&caller, uow, training).await };
                match once::<ForecastModelId, _, _>(uow, &caller, "forecastTrain", keyed.as_ref(), now, work).await? {
                    Once::New(asked) => Ok(asked),
                    Once::Before(id) => {
                        let before = repo::forecast_model::find(uow, &view, id).await?;
                        let training = before.ok_or_else(|| AppError::not_found("idempotencyKey"))?;
                        Ok::<_, AppError>(Asked { training, existed: true })
                    }
                }
            })
        })
        .await?;
    app.forecast_cache().wake.notify_one();
    Ok(asked)
}

async fn begin(caller: &Caller, uow: &UnitOfWork, training: Training) -> Result<(ForecastModelId, Asked), AppError> {
    match repo::forecast_model::begin(uow, training).await? {
        Begun::Now(training) => {
            caller.audit(uow, Action::ManageScoreModel, KIND, training.id.uuid(), training.started_at).await?;
            Ok((training.id, Asked { training, existed: false }))
        }
        Begun::Before(training) => Ok((training.id, Asked { training, existed: true })),
    }
}

/// Takes a model out of force: rules are in charge until the next one.
///
/// # Errors
/// `NotFound` when there is no such training, or it left no model.
#[tracing::instrument(name = "app.forecast.retire", skip_all)]
pub async fn retire(app: &App, caller: &Caller, id: ForecastModelId) -> Result<Retired, AppError> {
    let view = caller.may(Action::ViewScoreModel).ok_or_else(|| AppError::not_found("model"))?;
    caller.must(Action::ManageScoreModel)?;
    let now = app.now();
    let retired = app
        .store()
        .transact(move |uow| {
            let (caller, view) = (caller.clone(), view.clone());
            Box::pin(async move {
                let done = repo::forecast_model::retire(uow, id, now).await?;
                let training = repo::forecast_model::find(uow, &view, id).await?;
                let training = training.filter(|training| training.learner.is_some());
                let training = training.ok_or_else(|| AppError::from(Rejection::NotFound { field: "model".to_owned() }))?;
                if done {
                    caller.audit(uow, Action::ManageScoreModel, KIND, id.uuid(), now).await?;
                }
                Ok::<_, AppError>(Retired { training, already_done: !done })
            })
        })
        .await?;
    app.forecast_cache().forget();
    Ok(retired)
}

/// What was known when the current passages of some leads opened; one statement. Empty for who may not see probabilities.
pub async fn openings(app: &App, caller: &Caller, leads: &[LeadId]) -> Result<BTreeMap<LeadId, Snapshot>, AppError> {
    let (Some(grant), true) = (caller.may(Action::ViewLead), may_see(caller)) else { return Ok(BTreeMap::new()) };
    if app.model_in_force().await?.is_none() {
        return Ok(BTreeMap::new());
    }
    Ok(repo::passage_features::find_of_leads(&app.reader(), &grant, leads).await?)
}

/// Whether the caller may see probabilities.
pub fn may_see(caller: &Caller) -> bool {
    caller.may(Action::ViewScoreModel).is_some()
}

/// The chance to win a lead: by the model in force, else by the history of its grade. `opening` comes from [`openings`]. Nothing for who may not
/// see probabilities.
///
/// # Errors
/// When the database fails.
pub async fn probability(
    app: &App,
    caller: &Caller,
    lead: &Lead,
    opening: Option<&Snapshot>,
) -> Result<Option<Probability>, AppError> {
    if !may_see(caller) {
        return Ok(None);
    }
    if !lead.state.is_open() {
        return Ok(Some(Probability::none(ProbabilityReason::NotOpen)));
    }
    let current = app.model_in_force().await?;
    let reason = match (current.as_deref(), opening) {
        (Some((id, model)), Some(opening)) => return Ok(Some(Probability::learned(*id, model, opening))),
        (Some(_), None) => ProbabilityReason::OpeningNotKnown,
        (None, _) => ProbabilityReason::NoModelInForce,
    };
    let history = app.grade_history().await?;
    Ok(Some(Probability::of_grade(&history, lead.demand.score.grade(), reason)))
}
