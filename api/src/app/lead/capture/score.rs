//! The first score of a captured lead, and what follows from it by itself.

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::id::{LeadId, PersonId};
use fairfall_domain::waterfall::change::Change;
use fairfall_domain::waterfall::follow_up::Cause;
use fairfall_domain::waterfall::lead::Lead;
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo;

use super::decide::Known;
use crate::app::rules::Rules;
use crate::app::score::{Beginning, Looked, Occasion, before, first, follow, refresh};
use crate::app::{AppError, Caller};

/// Gives a lead that is not stored yet its first score: by what is known, and by what its person did before.
pub(super) async fn begin(
    uow: &UnitOfWork,
    rules: &Rules,
    change: &mut Change,
    known: &Known<'_>,
    now: DateTime<Utc>,
) -> Result<Looked, AppError> {
    let Known { person, is_new, company, campaign } = *known;
    let people: &[PersonId] = if is_new { &[] } else { &[person.id] };
    let counts = before(uow, people).await?;
    let looked = first(rules, Beginning { lead: &change.lead, person, company, campaign }, &counts, now);
    change.lead.demand.score = looked.now.lead.demand.score;
    Ok(looked)
}

/// Keeps what the score was made from and does what follows by itself, once the lead is stored; answers the lead as it is then.
pub(super) async fn settle(
    uow: &UnitOfWork,
    rules: &Rules,
    lead: Lead,
    looked: &Looked,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<Lead, AppError> {
    repo::lead_score::put_many(uow, looked.now.score.as_slice()).await?;
    if !follow(uow, rules, looked, &Occasion::of(caller, Cause::Behaviour, now)).await? {
        return Ok(lead);
    }
    let stored = repo::lead::find(uow, &Grant::system(Action::ViewLead), lead.id).await?;
    Ok(stored.unwrap_or(lead))
}

/// Looks at the score of a resting lead that came back.
pub(super) async fn came_back(
    uow: &UnitOfWork,
    rules: &Rules,
    lead: LeadId,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    refresh(uow, rules, &[], &[lead], &Occasion::of(caller, Cause::Behaviour, now)).await
}
