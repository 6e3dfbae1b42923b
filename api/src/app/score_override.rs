//! Scores set by hand: with a reason, and until a day.

use fairfall_domain::access::Action;
use fairfall_domain::id::LeadId;
use fairfall_domain::scoring::ScoreOverride;
use fairfall_domain::scoring::score_override::OverrideDraft;
use fairfall_domain::waterfall::follow_up::Cause;
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::refusal::Refusal;
use fairfall_domain::waterfall::rescore::is_scored;
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo;
use fairfall_persistence::repo::lead_score::{LeadScore, Scorable};

use super::lead::{authorise, track_of, words_of_erased};
use super::rules::Rules;
use super::score::{Occasion, look};
use super::{App, AppError, Caller, Rejection};

/// What came of setting a score by hand, or of ending that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overridden {
    /// The lead after it, with what followed by itself.
    pub lead: Lead,
    /// Whether it was so before.
    pub already_done: bool,
}

/// Sets a lead's score by hand, over what was set before. The rules go on counting beneath it.
///
/// # Errors
/// All faults of the input at once; `NotFound`, `NotAllowed`, `VersionConflict`; `Closed` for closed leads.
#[tracing::instrument(name = "app.score_override.set", skip_all)]
pub async fn set(
    app: &App,
    caller: &Caller,
    lead: LeadId,
    expected: Option<u32>,
    draft: OverrideDraft,
) -> Result<Overridden, AppError> {
    caller.must(Action::OverrideScore)?;
    let said = draft.parse(caller.actor.user, app.now())?;
    change(app, caller, lead, expected, Some(said)).await
}

/// Ends what was set by hand: the rules speak again.
///
/// # Errors
/// `NotFound`, `NotAllowed`, `VersionConflict`; `Closed` for closed leads.
#[tracing::instrument(name = "app.score_override.end", skip_all)]
pub async fn end(app: &App, caller: &Caller, lead: LeadId, expected: Option<u32>) -> Result<Overridden, AppError> {
    caller.must(Action::OverrideScore)?;
    change(app, caller, lead, expected, None).await
}

async fn change(
    app: &App,
    caller: &Caller,
    lead: LeadId,
    expected: Option<u32>,
    said: Option<ScoreOverride>,
) -> Result<Overridden, AppError> {
    let rules = app.rules().await?;
    app.store()
        .transact(move |uow| {
            let (app, caller, rules, said) = (app.clone(), caller.clone(), rules.clone(), said.clone());
            Box::pin(async move { change_once(&app, &caller, uow, &rules, (lead, expected), said).await })
        })
        .await
}

async fn change_once(
    app: &App,
    caller: &Caller,
    uow: &UnitOfWork,
    rules: &Rules,
    (id, expected): (LeadId, Option<u32>),
    said: Option<ScoreOverride>,
) -> Result<Overridden, AppError> {
    repo::lead_score::lock(uow, &[], &[id]).await?;
    let found = repo::lead_score::load(uow, &[id]).await?.pop();
    let mut one = found.ok_or_else(|| AppError::not_found("lead"))?;
    authorise(caller, &one.lead, Action::OverrideScore)?;
    if expected.is_some_and(|expected| expected != one.lead.version) {
        return Err(Rejection::VersionConflict { current: Some(one.lead.version) }.into());
    }
    if !is_scored(&one.lead) {
        let lawful = fairfall_domain::waterfall::lawful::in_state(&one.lead.state, track_of(rules, &one.lead)?);
        return Err(Refusal::Closed { stage: one.lead.state.stage(), lawful }.into());
    }
    if said.is_some() && !repo::erasure::find_many(uow, &[one.lead.person]).await?.is_empty() {
        return Err(words_of_erased("reason").into());
    }
    let now = app.now();
    if is_so(&one, said.as_ref()) {
        return Ok(Overridden { lead: one.lead, already_done: true });
    }
    let mut score = one.score.take().unwrap_or_else(|| LeadScore::new(id, now));
    score.by_hand = said;
    one.score = Some(score);
    look(uow, rules, vec![one], &Occasion::of(caller, Cause::Circumstance, now)).await?;
    caller.audit(uow, Action::OverrideScore, LeadId::PREFIX, id.uuid(), now).await?;
    // what followed by itself may have moved it
    let after = repo::lead_score::load(uow, &[id]).await?.pop();
    let lead = after.ok_or_else(|| AppError::internal("a lead vanished while it was locked"))?.lead;
    Ok(Overridden { lead, already_done: false })
}

/// Whether the same was said before, whenever that was.
fn is_so(one: &Scorable, said: Option<&ScoreOverride>) -> bool {
    let before = one.score.as_ref().and_then(|score| score.by_hand.as_ref());
    match (before, said) {
        (None, None) => true,
        (Some(before), Some(said)) => *before == ScoreOverride { at: before.at, ..said.clone() },
        (None, Some(_)) | (Some(_), None) => false,
    }
}
