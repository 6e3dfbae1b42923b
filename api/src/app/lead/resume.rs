//! Nurtured leads whose time has come back by themselves, each once however many nodes look.

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::id::LeadId;
use fairfall_domain::waterfall::change::Outcome;
use fairfall_domain::waterfall::command::{Command, Order};
use fairfall_domain::waterfall::execute::execute;
use fairfall_domain::waterfall::facts::ActingParty;
use fairfall_domain::waterfall::state::{LeadState, StateKind};
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo;
use fairfall_persistence::repo::lead::{Dossier, Stamp};

use super::command::facts;
use super::routing::routed;
use crate::app::forecast::opening;
use crate::app::rules::Rules;
use crate::app::{App, AppError, Rejection};
use crate::clock::new_id;

/// The most leads that one round looks at.
pub const RESUMED_MAX: u32 = 100;

/// What a round did.
#[derive(Debug, Default)]
pub struct Resumed {
    /// Leads that were due.
    pub looked_at: u32,
    /// Leads that came back; those that another node was first with are not counted.
    pub resumed: u32,
    /// Leads that could not, with why. They stay due.
    pub left: Vec<(LeadId, AppError)>,
}

/// Brings back the leads that are due, the longest due first, at most [`RESUMED_MAX`]. A lead that cannot come back does not hold up the others.
///
/// # Errors
/// When the database fails.
#[tracing::instrument(name = "app.lead.resume_due", level = "debug", skip_all)]
pub async fn resume_due(app: &App) -> Result<Resumed, AppError> {
    let due = repo::lead::due_for_resume(&app.reader(), app.now(), RESUMED_MAX).await?;
    let mut round = Resumed { looked_at: u32::try_from(due.len()).unwrap_or(RESUMED_MAX), ..Resumed::default() };
    if due.is_empty() {
        return Ok(round);
    }
    let rules = app.rules().await?;
    for lead in due {
        let work = app.store().transact(|uow| {
            let (app, rules) = (app.clone(), rules.clone());
            Box::pin(async move { resume(&app, uow, lead, &rules).await })
        });
        match work.await {
            Ok(true) => round.resumed = round.resumed.saturating_add(1),
            Ok(false) => {}
            Err(error) if is_of_the_lead(&error) => round.left.push((lead, error)),
            Err(error) => return Err(error),
        }
    }
    Ok(round)
}

/// Whether the fault lies in the one lead; else the database is in trouble and the round ends.
fn is_of_the_lead(error: &AppError) -> bool {
    match error {
        AppError::Rejected(_) | AppError::Internal(_) | AppError::Timeout | AppError::Contended(_) => true,
        AppError::Unauthenticated | AppError::CursorExpired | AppError::Unavailable { .. } => false,
    }
}

/// Brings a lead back, unless it is not due any more; tells whether it did. The row is locked from here to the commit, so that of two nodes the
/// second finds what the first left.
async fn resume(app: &App, uow: &UnitOfWork, id: LeadId, rules: &Rules) -> Result<bool, AppError> {
    let Some(dossier) = repo::lead::load_for_command(uow, id).await? else { return Ok(false) };
    let now = app.now();
    let due = matches!(&dossier.lead.state, LeadState::Nurturing { resume_at: Some(at), .. } if *at <= now);
    let grant = Grant::system(Action::ReactivateLead);
    if !due || !grant.covers(&dossier.lead.subject()) {
        return Ok(false);
    }
    bring_back(uow, &dossier, rules, now).await
}

/// Brings a resting lead back because of new behaviour; tells whether it rested.
pub(super) async fn reactivate(app: &App, uow: &UnitOfWork, id: LeadId, rules: &Rules) -> Result<bool, AppError> {
    match repo::lead::load_for_command(uow, id).await? {
        Some(dossier) if dossier.lead.state.kind() == StateKind::Nurturing => bring_back(uow, &dossier, rules, app.now()).await,
        Some(_) | None => Ok(false),
    }
}

async fn bring_back(uow: &UnitOfWork, dossier: &Dossier, rules: &Rules, now: DateTime<Utc>) -> Result<bool, AppError> {
    let order = Order { command: Command::Reactivate, note: None };
    let rules = &*rules.knowing(uow, dossier).await?;
    let campaign = rules.campaign(uow, &dossier.lead).await?;
    let routed = routed(uow, rules, dossier, &order.command, ActingParty::ITSELF, now).await?;
    let facts = facts(dossier, campaign.as_ref(), rules, ActingParty::ITSELF, &order.command, routed.decision())?;
    let Outcome::Done(change) = execute(&dossier.lead, &dossier.passage, &order, &facts, now)? else { return Ok(false) };
    let stamp = Stamp {
        actor: None,
        at: now,
        request_id: None,
        event_ids: std::iter::repeat_with(new_id).take(change.entries()).collect(),
        audit_id: new_id(),
        action: Action::ReactivateLead,
    };
    match repo::lead::record(uow, &change, dossier.lead.version, &stamp).await.map_err(AppError::from) {
        Ok(()) => {
            routed.keep(uow, &change, now).await?;
            opening::reopened(uow, &change, dossier, now).await?;
            Ok(true)
        }
        Err(AppError::Rejected(why)) if why.iter().all(|one| matches!(one, Rejection::VersionConflict { .. })) => Ok(false),
        Err(error) => Err(error),
    }
}
