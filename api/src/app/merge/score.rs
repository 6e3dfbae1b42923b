//! Scores after a merge: counted anew from what was recorded for the people who the leads belong to now.

use chrono::{DateTime, Utc};
use fairfall_domain::id::{LeadId, PersonId};
use fairfall_domain::waterfall::follow_up::Cause;
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo;
use fairfall_persistence::repo::lead_score::{LeadScore, Scorable};

use super::MergeCase;
use crate::app::rules::Rules;
use crate::app::score::{self, Occasion, tally_of};
use crate::app::{AppError, Caller};

/// Counts and scores the leads of some records anew. Points that came with a lead stand until something is recorded for it, so that only its count
/// changes.
pub(super) async fn recount<T: MergeCase>(
    uow: &UnitOfWork,
    rules: &Rules,
    caller: &Caller,
    ids: &[T::Id],
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let people: Vec<PersonId> = ids.iter().filter_map(|id| T::whose_leads(*id)).collect();
    if people.is_empty() {
        return Ok(());
    }
    let locked = repo::lead_score::lock(uow, &people, &[]).await?;
    let (scored, given): (Vec<Scorable>, Vec<Scorable>) =
        repo::lead_score::load(uow, &locked).await?.into_iter().partition(|one| model_of(one).is_some());
    let given: Vec<(PersonId, LeadScore)> = given.into_iter().filter_map(|one| Some((one.lead.person, one.score?))).collect();
    if !given.is_empty() {
        let counts = repo::activity::counts_of(uow, &people).await?;
        let counted = given.into_iter().map(|(person, score)| {
            let tally = tally_of(score.lead, counts.get(&person).map_or(&[][..], Vec::as_slice));
            LeadScore { tally, ..score }
        });
        repo::lead_score::put_many(uow, &counted.collect::<Vec<_>>()).await?;
    }
    let scored: Vec<LeadId> = scored.iter().map(|one| one.lead.id).collect();
    if scored.is_empty() {
        return Ok(());
    }
    score::recount(uow, rules, &scored, &Occasion::of(caller, Cause::Circumstance, now)).await
}

fn model_of(one: &Scorable) -> Option<fairfall_domain::id::ScoreModelId> {
    one.score.as_ref().and_then(|score| score.model)
}
