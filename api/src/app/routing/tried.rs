//! What is tried by a simulation: the configuration in force, or one that is drafted over it.

use std::sync::Arc;

use fairfall_domain::access::Action;
use fairfall_domain::id::RoutingDraftId;
use fairfall_domain::routing::draft::{Changed, apply};
use fairfall_domain::routing::{Directory, DraftContent, DraftState, RoutingDraft};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::repo;

use super::draft_changes::{self, ChangesInput, Configuration};
use crate::app::rules::Rules;
use crate::app::{App, AppError, Caller};

/// What is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// The configuration in force.
    InForce,
    /// A draft that is kept.
    Draft(RoutingDraftId),
    /// Changes that are not kept.
    Changes(Box<ChangesInput>),
}

/// What is tried, made ready for deciding.
#[derive(Clone, Debug)]
pub(super) struct Trial {
    pub(super) directory: Arc<Directory>,
    pub(super) draft: Option<RoutingDraft>,
    /// What was changed since the draft was made.
    pub(super) changed: Vec<Changed>,
}

/// Makes what is tried ready.
///
/// # Errors
/// All faults of changes, or of a draft over what is in force now; `NotFound`; a draft that was published or discarded.
pub(super) async fn trial(app: &App, caller: &Caller, rules: &Rules, tried: &Tried) -> Result<Trial, AppError> {
    let (draft, content) = match tried {
        Tried::InForce => {
            return Ok(Trial { directory: Arc::clone(&rules.directory), draft: None, changed: Vec::new() });
        }
        Tried::Draft(id) => {
            let draft = kept(app, caller, *id).await?;
            let content = draft.content.clone();
            (Some(draft), content)
        }
        Tried::Changes(changes) => {
            let now = Configuration::read(&app.reader()).await?;
            let content = draft_changes::read(&app.reader(), changes, &now, None).await;
            return over(rules, &now, &content.map_err(|error| under("changes", error))?, None);
        }
    };
    over(rules, &Configuration::read(&app.reader()).await?, &content, draft)
}

async fn kept(app: &App, caller: &Caller, id: RoutingDraftId) -> Result<RoutingDraft, AppError> {
    let grant = caller.must(Action::SimulateRouting)?;
    let draft = repo::routing_draft::find(&app.reader(), &grant, id).await?.ok_or_else(|| AppError::not_found("draft"))?;
    match draft.state {
        DraftState::Draft => Ok(draft),
        DraftState::Published | DraftState::Discarded => {
            let message = format!("the draft is `{}`", draft.state);
            Err(Violations::one("draft", ViolationCode::Conflict, message).into())
        }
    }
}

fn over(rules: &Rules, now: &Configuration, content: &DraftContent, draft: Option<RoutingDraft>) -> Result<Trial, AppError> {
    let (territories, pools) = apply(content, &now.territories, &now.pools).map_err(|faults| {
        let mut named = Violations::new();
        named.nest("draft", faults);
        named
    })?;
    let changed = content.changed_since(&now.territories, &now.pools);
    Ok(Trial { directory: Arc::new(rules.directory.with_draft(&territories, pools)), draft, changed })
}

/// The faults of an input within another.
fn under(field: &str, error: AppError) -> AppError {
    use crate::app::Rejection;
    let AppError::Rejected(rejections) = error else { return error };
    let named = rejections.into_iter().map(|rejection| {
        if let Rejection::Invalid(mut fault) = rejection {
            fault.field = format!("{field}.{}", fault.field);
            Rejection::Invalid(fault)
        } else {
            rejection
        }
    });
    AppError::Rejected(named.collect())
}
