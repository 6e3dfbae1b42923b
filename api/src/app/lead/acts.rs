//! What the caller can do with a lead now, and why not the rest.

use fairfall_domain::access::Action;
use fairfall_domain::id::LeadId;
use fairfall_domain::waterfall::act::Act;
use fairfall_domain::waterfall::command::Command;
use fairfall_domain::waterfall::lawful;
use fairfall_domain::waterfall::refusal::Refusal;
use fairfall_domain::waterfall::stage::OpenStage;
use fairfall_persistence::repo;

use crate::app::{App, AppError, Caller, score};

use super::command::facts;

/// Why an act is not open to the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// The waterfall refuses it.
    Refused(Refusal),
    /// The caller's role does not cover it on this lead.
    NotAllowed {
        /// The action of the access table.
        action: Action,
    },
}

/// An act with the answer the caller would get now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActOption {
    /// The act.
    pub act: Act,
    /// The stage it would reach, for QUALIFY.
    pub to: Option<OpenStage>,
    /// Why it is not open; nothing when it is.
    pub blocked: Option<Blocked>,
}

/// Every act with the answer the caller would get now; nothing when the lead does not exist for the caller.
pub async fn acts(app: &App, caller: &Caller, id: LeadId) -> Result<Option<Vec<ActOption>>, AppError> {
    let Some(view) = caller.may(Action::ViewLead) else { return Ok(None) };
    let found = repo::lead::load_dossier(&app.reader(), &view, id).await?;
    let Some(mut dossier) = found else { return Ok(None) };
    let kept = app.rules().await?;
    let rules = &*kept.knowing(&app.reader(), &dossier).await?;
    let campaign = rules.campaign(&app.reader(), &dossier.lead).await?;
    score::age(&app.reader(), rules, &mut dossier, campaign.as_ref(), app.now()).await?;
    let facts = facts(&dossier, campaign.as_ref(), rules, caller.party(), &Command::Reactivate, None)?;
    let subject = dossier.lead.subject();
    let options = lawful::answers(&dossier.lead, &facts, app.now()).into_iter().map(|answer| {
        let action = answer.act.action();
        let covered = caller.may(action).is_some_and(|grant| grant.covers(&subject));
        // a refusal tells values that were found: only to those who may act
        let blocked = if covered { answer.refusal.map(Blocked::Refused) } else { Some(Blocked::NotAllowed { action }) };
        ActOption { act: answer.act, to: answer.to, blocked }
    });
    Ok(Some(options.collect()))
}
