//! What leads do by themselves after their score changed.

use fairfall_domain::scoring::Score;
use fairfall_domain::waterfall::change::Outcome;
use fairfall_domain::waterfall::command::{Command, Order};
use fairfall_domain::waterfall::execute::execute;
use fairfall_domain::waterfall::facts::ActingParty;
use fairfall_domain::waterfall::follow_up::{Cause, Watch, follow_up};
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo;
use fairfall_persistence::repo::lead::{Dossier, Stamp};

use super::{Looked, Occasion};
use crate::app::AppError;
use crate::app::lead::{facts, routed, track_of};
use crate::app::rules::Rules;
use crate::clock::new_id;

/// Most acts that follow each other: a lead wakes, goes down its department's steps, and is handed over.
const ACTS_MAX: u32 = 5;

/// Does what follows by itself for a lead whose score was looked at and stored. Most often nothing, which is found without a
/// statement. Tells whether something was done.
pub(in crate::app) async fn follow(
    uow: &UnitOfWork,
    rules: &Rules,
    looked: &Looked,
    occasion: &Occasion,
) -> Result<bool, AppError> {
    let Some(track) = rules.track(looked.now.lead.track.id) else { return Ok(false) };
    let (person, company) = (&looked.now.person, looked.now.company.as_ref());
    let watch = Watch {
        track,
        agreements: &rules.agreements,
        directory: &rules.directory,
        person,
        company,
        campaign: looked.campaign.as_ref(),
    };
    if follow_up(looked.before, &looked.now.lead, &watch, occasion.cause, occasion.at).is_none() {
        return Ok(false);
    }
    let (mut before, mut cause) = (looked.before, occasion.cause);
    for acts in 0..ACTS_MAX {
        let Some(dossier) = repo::lead::load_for_command(uow, looked.now.lead.id).await? else { return Ok(acts > 0) };
        let Some(command) = next(rules, &dossier, looked, before, cause, occasion)? else { return Ok(acts > 0) };
        if !done(uow, rules, &dossier, looked, command, occasion).await? {
            return Ok(acts > 0);
        }
        before = dossier.lead.demand.score;
        cause = Cause::Circumstance;
    }
    Ok(true)
}

fn next(
    rules: &Rules,
    dossier: &Dossier,
    looked: &Looked,
    before: Score,
    cause: Cause,
    occasion: &Occasion,
) -> Result<Option<Command>, AppError> {
    let watch = Watch {
        track: track_of(rules, &dossier.lead)?,
        agreements: &rules.agreements,
        directory: &rules.directory,
        person: &dossier.person,
        company: dossier.company.as_ref(),
        campaign: looked.campaign.as_ref(),
    };
    Ok(follow_up(before, &dossier.lead, &watch, cause, occasion.at))
}

/// Carries out an act that nobody asked for; tells whether it changed something. What the waterfall refuses waits for a person.
async fn done(
    uow: &UnitOfWork,
    rules: &Rules,
    dossier: &Dossier,
    looked: &Looked,
    command: Command,
    occasion: &Occasion,
) -> Result<bool, AppError> {
    let act = command.act();
    let order = Order { command, note: None };
    let rules = &*rules.knowing(uow, dossier).await?;
    let routed = routed(uow, rules, dossier, &order.command, ActingParty::ITSELF, occasion.at).await?;
    let facts = facts(dossier, looked.campaign.as_ref(), rules, ActingParty::ITSELF, &order.command, routed.decision())?;
    let change = match execute(&dossier.lead, &dossier.passage, &order, &facts, occasion.at) {
        Ok(Outcome::Done(change)) => change,
        Ok(Outcome::AlreadyDone) => return Ok(false),
        Err(refusal) => {
            tracing::debug!(lead = %dossier.lead.id, act = act.as_str(), %refusal, "a lead cannot go on by itself");
            return Ok(false);
        }
    };
    let stamp = Stamp {
        actor: None,
        at: occasion.at,
        request_id: occasion.request_id.clone(),
        event_ids: std::iter::repeat_with(new_id).take(change.entries()).collect(),
        audit_id: new_id(),
        action: act.action(),
    };
    repo::lead::record(uow, &change, dossier.lead.version, &stamp).await?;
    routed.keep(uow, &change, occasion.at).await?;
    Ok(true)
}
