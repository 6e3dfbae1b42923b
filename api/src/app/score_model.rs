//! The models by which leads are scored: drafted, tried on stored leads, put in force, taken back.
//!
//! What is put in force scores new leads at once, on other nodes after a moment; open leads are scored anew in the background, because their
//! rows tell by which model they were scored last.

mod replay;

use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::id::ScoreModelId;
use fairfall_domain::scoring::model::{Birth, ModelFields};
use fairfall_domain::scoring::{ScoreModel, ScoreRules};
use fairfall_domain::value::{LongText, ShortText};
use fairfall_domain::violation::Violations;
use fairfall_persistence::repo::score_model::ScoreModelFilter;
use fairfall_persistence::{Page, PageArgs, UnitOfWork, repo};

use crate::clock::new_id;

use super::idempotency::{Keyed, Once, once};
use super::{App, AppError, Caller, Rejection};

pub use replay::{REPLAY_DAYS_MAX, REPLAY_LEADS_MAX, ReplayInput, Replayed, replay};

/// The kind of thing in audit rows.
const KIND: &str = ScoreModelId::PREFIX;

/// A draft as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelDraft {
    /// Its name; that of the model it is made from when absent.
    pub name: Option<String>,
    /// What is new in it.
    pub note: Option<String>,
    /// The model that it is made from; the one in force when absent.
    pub based_on: Option<ScoreModelId>,
    /// Its rules; those of the model it is made from when absent.
    pub rules: Option<ScoreRules>,
}

/// A change of a draft; what is absent stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelPatch {
    /// The draft.
    pub model: ScoreModelId,
    /// The version that the caller read.
    pub expected_version: Option<u32>,
    /// Its name.
    pub name: Option<String>,
    /// What is new in it.
    pub note: Option<String>,
    /// Its rules, whole.
    pub rules: Option<ScoreRules>,
}

/// What came of putting a model in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The model in force.
    pub model: ScoreModel,
    /// The one that it replaced.
    pub retired: Option<ScoreModel>,
}

/// A model; without an id the one in force.
pub async fn find(app: &App, caller: &Caller, id: Option<ScoreModelId>) -> Result<Option<ScoreModel>, AppError> {
    match id {
        Some(id) => Ok(find_many(app, caller, &[id]).await?.pop()),
        None if caller.may(Action::ViewScoreModel).is_some() => Ok(repo::score_model::in_force(&app.reader()).await?),
        None => Ok(None),
    }
}

/// Several models, in no order; those the caller may not see are left out.
pub async fn find_many(app: &App, caller: &Caller, ids: &[ScoreModelId]) -> Result<Vec<ScoreModel>, AppError> {
    let Some(grant) = caller.may(Action::ViewScoreModel) else { return Ok(Vec::new()) };
    Ok(repo::score_model::find_many(&app.reader(), &grant, ids).await?)
}

/// A page of models, the newest first.
#[tracing::instrument(name = "app.score_model.page", skip_all)]
pub async fn page(app: &App, caller: &Caller, filter: ScoreModelFilter, args: &PageArgs) -> Result<Page<ScoreModel>, AppError> {
    let Some(grant) = caller.may(Action::ViewScoreModel) else { return Ok(Page::empty()) };
    Ok(repo::score_model::page(&app.reader(), &grant, filter, args).await?)
}

fn read_name(faults: &mut Violations, typed: Option<&str>) -> Option<ShortText> {
    faults.check_optional("name", typed, ShortText::parse)
}

fn read_note(faults: &mut Violations, typed: Option<&str>) -> Option<LongText> {
    faults.check_optional("note", typed, LongText::parse)
}

/// Stores a draft.
///
/// # Errors
/// All faults of the input and the rules at once; `NotFound` for the model that it is made from.
#[tracing::instrument(name = "app.score_model.draft", skip_all)]
pub async fn draft(app: &App, caller: &Caller, draft: ModelDraft, key: Option<String>) -> Result<ScoreModel, AppError> {
    caller.must(Action::ManageScoreModel)?;
    let keyed = Keyed::read(key.as_deref(), &draft)?;
    let now = app.now();
    let id: ScoreModelId = new_id();
    let draft = std::sync::Arc::new(draft);
    app.store()
        .transact(move |uow| {
            let (caller, keyed, draft) = (caller.clone(), keyed.clone(), draft.clone());
            Box::pin(async move {
                let work = || async {
                    let model = drafted(&caller, uow, id, &draft, now).await?;
                    repo::score_model::insert(uow, &model).await?;
                    caller.audit(uow, Action::ManageScoreModel, KIND, id.uuid(), now).await?;
                    Ok((id, model))
                };
                match once::<ScoreModelId, _, _>(uow, &caller, "scoreModelDraft", keyed.as_ref(), now, work).await? {
                    Once::New(model) => Ok(model),
                    Once::Before(id) => load(&caller, uow, id, "idempotencyKey").await,
                }
            })
        })
        .await
}

async fn drafted(
    caller: &Caller,
    uow: &UnitOfWork,
    id: ScoreModelId,
    draft: &ModelDraft,
    at: DateTime<Utc>,
) -> Result<ScoreModel, AppError> {
    let mut faults = Violations::new();
    let (name, note) = (read_name(&mut faults, draft.name.as_deref()), read_note(&mut faults, draft.note.as_deref()));
    if let Some(Err(more)) = draft.rules.as_ref().map(ScoreRules::check_written) {
        faults.nest("rules", more);
    }
    faults.into_result()?;
    let number = repo::score_model::hold_numbers(uow).await?;
    let base = match draft.based_on {
        Some(id) => load(caller, uow, id, "basedOn").await?,
        None => in_force(uow).await?,
    };
    let birth = Birth { id, number, by: Some(caller.actor.user), at };
    let rules = draft.rules.clone().unwrap_or(base.rules);
    let model = ScoreModel::draft(birth, name.unwrap_or(base.name), rules, Some(base.id))?;
    Ok(ScoreModel { note, ..model })
}

async fn load(caller: &Caller, uow: &UnitOfWork, id: ScoreModelId, field: &str) -> Result<ScoreModel, AppError> {
    let grant = caller.must(Action::ViewScoreModel)?;
    repo::score_model::find(uow, &grant, id).await?.ok_or_else(|| AppError::not_found(field))
}

async fn in_force(uow: &UnitOfWork) -> Result<ScoreModel, AppError> {
    repo::score_model::in_force(uow).await?.ok_or_else(|| AppError::internal("no score model is in force"))
}

fn check_version(model: &ScoreModel, expected: Option<u32>) -> Result<(), AppError> {
    match expected.filter(|expected| *expected != model.version) {
        Some(_) => Err(Rejection::VersionConflict { current: Some(model.version) }.into()),
        None => Ok(()),
    }
}

/// Changes a draft.
///
/// # Errors
/// All faults of the input and the rules at once; `state` when it is no draft; `NotFound`, `VersionConflict`.
#[tracing::instrument(name = "app.score_model.update", skip_all)]
pub async fn update(app: &App, caller: &Caller, patch: ModelPatch) -> Result<ScoreModel, AppError> {
    caller.must(Action::ManageScoreModel)?;
    let mut faults = Violations::new();
    let (name, note) = (read_name(&mut faults, patch.name.as_deref()), read_note(&mut faults, patch.note.as_deref()));
    if let Some(Err(more)) = patch.rules.as_ref().map(ScoreRules::check_written) {
        faults.nest("rules", more);
    }
    faults.into_result()?;
    let (id, expected, now) = (patch.model, patch.expected_version, app.now());
    let fields = ModelFields { name, note, rules: patch.rules };
    app.store()
        .transact(move |uow| {
            let (caller, fields) = (caller.clone(), fields.clone());
            Box::pin(async move {
                let model = load(&caller, uow, id, "model").await?;
                check_version(&model, expected)?;
                let revised = model.revise(fields, now)?;
                repo::score_model::update(uow, &revised, model.version).await?;
                caller.audit(uow, Action::ManageScoreModel, KIND, id.uuid(), now).await?;
                Ok(revised)
            })
        })
        .await
}

/// Puts a draft in force; the model that ran until now is retired.
///
/// # Errors
/// `state` when it is no draft; `NotFound`, `VersionConflict`.
#[tracing::instrument(name = "app.score_model.publish", skip_all)]
pub async fn publish(app: &App, caller: &Caller, id: ScoreModelId, expected: Option<u32>) -> Result<Published, AppError> {
    caller.must(Action::ManageScoreModel)?;
    let now = app.now();
    let published = app
        .store()
        .transact(move |uow| {
            let caller = caller.clone();
            Box::pin(async move {
                // whoever publishes second reads what the first left
                repo::score_model::hold_numbers(uow).await?;
                let draft = load(&caller, uow, id, "model").await?;
                check_version(&draft, expected)?;
                let published = draft.publish(now)?;
                let retired = retire(uow, now).await?;
                repo::score_model::update(uow, &published, draft.version).await?;
                caller.audit(uow, Action::ManageScoreModel, KIND, id.uuid(), now).await?;
                Ok::<_, AppError>(Published { model: published, retired: Some(retired) })
            })
        })
        .await?;
    app.forget_rules();
    Ok(published)
}

async fn retire(uow: &UnitOfWork, now: DateTime<Utc>) -> Result<ScoreModel, AppError> {
    let running = in_force(uow).await?;
    let retired = running.retire(now)?;
    repo::score_model::update(uow, &retired, running.version).await?;
    Ok(retired)
}

/// Puts what a retired model says in force again, as a new model; the one that ran until now is retired.
///
/// # Errors
/// `state` when it is not retired; `NotFound`, `VersionConflict`.
#[tracing::instrument(name = "app.score_model.revert", skip_all)]
pub async fn revert(app: &App, caller: &Caller, to: ScoreModelId, expected: Option<u32>) -> Result<Published, AppError> {
    caller.must(Action::ManageScoreModel)?;
    let now = app.now();
    let id: ScoreModelId = new_id();
    let published = app
        .store()
        .transact(move |uow| {
            let caller = caller.clone();
            Box::pin(async move {
                let number = repo::score_model::hold_numbers(uow).await?;
                let former = load(&caller, uow, to, "model").await?;
                check_version(&former, expected)?;
                let revived = former.revive(Birth { id, number, by: Some(caller.actor.user), at: now })?;
                let retired = retire(uow, now).await?;
                repo::score_model::insert(uow, &revived).await?;
                caller.audit(uow, Action::ManageScoreModel, KIND, id.uuid(), now).await?;
                Ok::<_, AppError>(Published { model: revived, retired: Some(retired) })
            })
        })
        .await?;
    app.forget_rules();
    Ok(published)
}
