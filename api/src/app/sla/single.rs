//! One lead whose promise lapsed: it goes to somebody else or back to the giver, by the same act by which a person would send it.

use chrono::{DateTime, Utc};
use fairfall_domain::id::{ClockId, LeadId};
use fairfall_domain::routing::place::Wish;
use fairfall_domain::sla::escalate::{ClockStep, Moving, climb, due, moved, refused};
use fairfall_domain::sla::follow::next_due;
use fairfall_domain::sla::{Clock, EscalationAct};
use fairfall_domain::waterfall::change::{Change, Outcome};
use fairfall_domain::waterfall::command::{Command, Order};
use fairfall_domain::waterfall::execute::execute;
use fairfall_domain::waterfall::facts::ActingParty;
use fairfall_domain::waterfall::reason::{ReassignReason, RejectReason};
use fairfall_persistence::repo::lead::{Dossier, Stamp};
use fairfall_persistence::{UnitOfWork, repo};

use super::ladder_of;
use super::tell::{Told, note, notify};
use crate::app::lead::{Routed, facts, routed};
use crate::app::rules::Rules;
use crate::app::{App, AppError};
use crate::clock::new_id;

/// What came of a look at one lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Single {
    /// Its clocks were looked at.
    Done,
    /// Somebody holds the lead; its clocks stay due.
    Held,
}

/// What was done about the clocks of a lead before it moves.
#[derive(Debug, Default)]
struct Climbed {
    steps: Vec<ClockStep>,
    /// Whether one of them is due at another time than before.
    redated: bool,
    clocks: Vec<ClockId>,
    /// The clocks that move the lead, as they are before it.
    moving: Vec<(Moving, Clock)>,
}

/// Does what is due of a lead's clocks, all of them: when two lapse at once, the lead moves once.
pub(super) async fn single(app: &App, uow: &UnitOfWork, rules: &Rules, lead: LeadId) -> Result<Single, AppError> {
    if !repo::escalation::take_lead(uow, lead).await? {
        return Ok(Single::Held);
    }
    let Some(mut dossier) = repo::lead::load_for_command(uow, lead).await? else { return Ok(Single::Done) };
    let now = app.now();
    let rules = &*rules.knowing(uow, &dossier).await?;
    let climbed = climb_all(&mut dossier, rules, now)?;
    let at = |version: u32| (lead, version);
    let mut told: Vec<Told> = Vec::new();
    for step in &climbed.steps {
        let giving = giving(&dossier.clocks, step);
        told.extend(giving.map(|giving| Told::new(step.clone(), giving, at(dossier.lead.version))));
    }
    note(uow, &told, now).await?;
    let change = moved_on(uow, rules, &dossier, &climbed.moving, now).await?;
    put_rest(uow, &dossier, &climbed, change.as_deref(), now).await?;
    let mut after = Vec::new();
    if let Some(chosen) = strongest(&climbed.moving) {
        let version = change.as_ref().map_or(dossier.lead.version, |change| change.lead.version);
        for (moving, before) in climbed.moving.iter().filter(|(moving, _)| moving.act == chosen) {
            let step = match &change {
                Some(change) => {
                    moved(before, *moving, change.lead.state.offer().unwrap_or_else(|| change.lead.state.placement()))
                }
                None => refused(before, *moving),
            };
            after.push(Told::new(step, before.giving, at(version)));
        }
    }
    note(uow, &after, now).await?;
    told.extend(after);
    notify(app, uow, &told, now).await?;
    Ok(Single::Done)
}

fn giving(clocks: &[Clock], step: &ClockStep) -> Option<fairfall_domain::department::Department> {
    clocks.iter().find(|clock| clock.id == step.moment.clock).map(|clock| clock.giving)
}

/// Climbs every clock of the lead that is due.
fn climb_all(dossier: &mut Dossier, rules: &Rules, now: DateTime<Utc>) -> Result<Climbed, AppError> {
    let mut climbed = Climbed::default();
    for clock in dossier.clocks.iter_mut().filter(|clock| clock.next_at.is_some_and(|next| next <= now)) {
        let ladder = ladder_of(rules, clock)?;
        let found = due(clock, ladder, &rules.calendars, now);
        let due_before = clock.due_at;
        climbed.steps.extend(climb(clock, &found, ladder, &rules.calendars, now));
        climbed.redated |= clock.due_at != due_before;
        climbed.clocks.push(clock.id);
        climbed.moving.extend(found.moving().map(|moving| (moving, clock.clone())));
    }
    Ok(climbed)
}

fn strongest(moving: &[(Moving, Clock)]) -> Option<EscalationAct> {
    moving.iter().map(|(moving, _)| moving.act).max()
}

/// Sends the lead on, if a clock asks for it and the waterfall allows it.
async fn moved_on(
    uow: &UnitOfWork,
    rules: &Rules,
    dossier: &Dossier,
    moving: &[(Moving, Clock)],
    now: DateTime<Utc>,
) -> Result<Option<Box<Change>>, AppError> {
    let Some(command) = strongest(moving).and_then(|act| command(dossier, act)) else { return Ok(None) };
    let order = Order { command, note: None };
    let act = order.command.act();
    let campaign = rules.campaign(uow, &dossier.lead).await?;
    let routed: Routed = routed(uow, rules, dossier, &order.command, ActingParty::ITSELF, now).await?;
    let facts = facts(dossier, campaign.as_ref(), rules, ActingParty::ITSELF, &order.command, routed.decision())?;
    let change = match execute(&dossier.lead, &dossier.passage, &order, &facts, now) {
        Ok(Outcome::Done(change)) => change,
        Ok(Outcome::AlreadyDone) => return Ok(None),
        Err(refusal) => {
            tracing::debug!(lead = %dossier.lead.id, act = act.as_str(), %refusal, "a lead whose promise lapsed cannot go on by itself");
            return Ok(None);
        }
    };
    let stamp = Stamp {
        actor: None,
        at: now,
        request_id: None,
        event_ids: std::iter::repeat_with(new_id).take(change.entries()).collect(),
        audit_id: new_id(),
        action: act.action(),
    };
    repo::lead::record(uow, &change, dossier.lead.version, &stamp).await?;
    routed.keep(uow, &change, now).await?;
    Ok(Some(change))
}

/// The act by which a lead goes on: to somebody else of the team that has it, or back.
fn command(dossier: &Dossier, act: EscalationAct) -> Option<Command> {
    let state = &dossier.lead.state;
    match act {
        EscalationAct::NotifyAssignee | EscalationAct::NotifyManager => None,
        EscalationAct::Reassign => {
            let team = state.offer().unwrap_or_else(|| state.placement()).team;
            Some(Command::Reassign { wish: Wish { person: None, team }, reason: ReassignReason::Escalation })
        }
        EscalationAct::ReturnToGiver => Some(Command::Reject { reason: RejectReason::Lapsed }),
    }
}

/// Stores what was climbed and not written with the act, and when the lead is due next when that changed.
async fn put_rest(
    uow: &UnitOfWork,
    dossier: &Dossier,
    climbed: &Climbed,
    change: Option<&Change>,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let written = |clock: &Clock| change.is_some_and(|change| change.clocks.iter().any(|other| other.id == clock.id));
    let rest = dossier.clocks.iter().filter(|clock| climbed.clocks.contains(&clock.id) && !written(clock));
    let rest: Vec<Clock> = rest.cloned().collect();
    tracing::debug!(lead = %dossier.lead.id, clocks = climbed.clocks.len(), at = %now, "promises of a lead were looked at");
    repo::clock::put(uow, &rest).await?;
    if climbed.redated && change.is_none() {
        repo::escalation::put_next_due(uow, dossier.lead.id, next_due(&dossier.clocks)).await?;
    }
    Ok(())
}
