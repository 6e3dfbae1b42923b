//! Scores whose time has come: decay reached another grade, what was set by hand expired, another model was published. Each lead is looked at
//! once, however many nodes do it.

use fairfall_domain::id::LeadId;
use fairfall_domain::waterfall::rescore::is_scored;
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo;
use fairfall_persistence::repo::lead_score::Scorable;

use super::{Occasion, look};
use crate::app::rules::Rules;
use crate::app::{App, AppError};

/// The most leads that one round looks at; they are locked together.
pub const DUE_MAX: u32 = 200;

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DueRound {
    /// Leads that were due.
    pub looked_at: u32,
    /// Leads whose points changed.
    pub moved: u32,
}

/// Looks again at leads that are due, the longest due first, at most [`DUE_MAX`].
///
/// # Errors
/// When the database fails; nothing was changed then.
#[tracing::instrument(name = "app.score.rescore_due", level = "debug", skip_all)]
pub async fn rescore_due(app: &App) -> Result<DueRound, AppError> {
    if !repo::lead_score::any_due(&app.reader(), app.now()).await? {
        return Ok(DueRound::default());
    }
    let rules = app.rules().await?;
    // leads that the model of a moment ago scored are not given to it again
    let in_force = repo::score_model::in_force(&app.reader()).await?;
    if in_force.is_none_or(|model| model.id != rules.score_model.id) {
        app.forget_rules();
        return Ok(DueRound::default());
    }
    app.store()
        .transact(move |uow| {
            let (app, rules) = (app.clone(), rules.clone());
            Box::pin(async move { round(&app, uow, &rules).await })
        })
        .await
}

async fn round(app: &App, uow: &UnitOfWork, rules: &Rules) -> Result<DueRound, AppError> {
    let now = app.now();
    let model = rules.score_model.id;
    let locked = repo::lead_score::lock_due(uow, model, now, DUE_MAX).await?;
    // another node may have looked at a lead between the search and the lock: what it left is read after the lock
    let is_due = |one: &Scorable| {
        one.score.as_ref().is_some_and(|score| {
            score.next_change_at.is_some_and(|at| at <= now) || score.model.is_some_and(|scored_by| scored_by != model)
        })
    };
    let due: Vec<Scorable> = repo::lead_score::load(uow, &locked).await?.into_iter().filter(is_due).collect();
    let (open, closed): (Vec<Scorable>, Vec<Scorable>) = due.into_iter().partition(|one| is_scored(&one.lead));
    let closed: Vec<LeadId> = closed.iter().map(|one| one.lead.id).collect();
    repo::lead_score::let_rest(uow, &closed).await?;
    let scored = look(uow, rules, open, &Occasion::of_time(now)).await?;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(DueRound { looked_at: count(locked.len()), moved: count(scored.iter().filter(|one| one.moved).count()) })
}
