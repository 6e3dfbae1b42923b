//! A user records what a person said.

use std::sync::Arc;

use fairfall_domain::access::Action;
use fairfall_domain::id::PersonId;
use fairfall_domain::person::Person;
use fairfall_domain::violation::Violations;
use fairfall_domain::waterfall::follow_up::Cause;
use fairfall_persistence::repo;

use super::{ConsentInput, Speaker, check_words, hear, keep, read_words};
use crate::app::person::load_to_change;
use crate::app::score::{self, Occasion};
use crate::app::{App, AppError, Caller};

/// Records what a person said about being contacted; what is said here is the person's latest word, unless it was said before what is known.
///
/// # Errors
/// All faults of the words at once; `NotFound`, `NotAllowed`, `VersionConflict`.
#[tracing::instrument(name = "app.consent.record", skip_all)]
pub async fn record(
    app: &App,
    caller: &Caller,
    id: PersonId,
    expected: Option<u32>,
    consents: Vec<ConsentInput>,
) -> Result<Person, AppError> {
    let now = app.now();
    let mut faults = Violations::new();
    let words = Arc::new(read_words(&consents, "consents", now, &mut faults));
    faults.into_result()?;
    let (caller, rules) = (caller.clone(), app.rules().await?);
    app.store()
        .transact(move |uow| {
            let (caller, rules, words) = (caller.clone(), rules.clone(), words.clone());
            Box::pin(async move {
                let seen = load_to_change(&caller, uow, id, expected).await?;
                let mut faults = Violations::new();
                check_words(&seen, &words, &mut faults);
                faults.into_result()?;
                if words.is_empty() {
                    return Ok(seen);
                }
                let heard = hear(&seen, &words);
                repo::person::update(uow, &heard, seen.version).await?;
                keep(uow, &heard, &words, Speaker::user(caller.actor.user), now).await?;
                score::refresh(uow, &rules, &[id], &[], &Occasion::of(&caller, Cause::Circumstance, now)).await?;
                caller.audit(uow, Action::UpdatePerson, "person", id.uuid(), now).await?;
                Ok(heard)
            })
        })
        .await
}
