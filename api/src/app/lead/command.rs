//! Acts on a lead: authorise, load, decide, save, commit.

use fairfall_domain::access::Action;
use fairfall_domain::campaign::Campaign;
use fairfall_domain::id::{CustomerId, LeadId};
use fairfall_domain::routing::RoutingDecision;
use fairfall_domain::value::LongText;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_domain::waterfall::act::Act;
use fairfall_domain::waterfall::change::{Change, Outcome};
use fairfall_domain::waterfall::command::{Command, Order};
use fairfall_domain::waterfall::execute::execute;
use fairfall_domain::waterfall::facts::{ActingParty, Draws, Facts};
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::track::Track;
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo;
use fairfall_persistence::repo::lead::Dossier;

use crate::app::forecast::opening;
use crate::app::rules::Rules;
use crate::app::score;
use crate::app::{App, AppError, Caller, Rejection};
use crate::clock::new_id;

use super::routing::routed;

/// An act that somebody wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandInput {
    /// The lead.
    pub lead: LeadId,
    /// The act with its arguments.
    pub command: Command,
    /// Free words, kept with the transition.
    pub note: Option<String>,
    /// The version the caller read; none to act on whatever it is now.
    pub expected_version: Option<u32>,
}

/// What came of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commanded {
    /// The lead after it; nothing when a repetition finds it out of the caller's sight.
    pub lead: Option<Lead>,
    /// Whether the same command was done before, so that nothing changed.
    pub already_done: bool,
    /// The customer that a win handed to customer service.
    pub customer: Option<CustomerId>,
}

/// Carries out an act.
///
/// # Errors
/// `NotFound` for leads the caller may not see, `NotAllowed` for those it may see and not act on, `VersionConflict`, and what the waterfall
/// refuses.
#[tracing::instrument(name = "app.lead.command", skip_all, fields(act = input.command.act().as_str()))]
pub async fn command(app: &App, caller: &Caller, input: CommandInput) -> Result<Commanded, AppError> {
    let note = read_note(input.note.as_deref())?;
    let order = Order { command: input.command, note };
    let rules = app.rules().await?;
    let (lead, expected) = (input.lead, input.expected_version);
    app.store()
        .transact(move |uow| {
            let (app, caller, order, rules) = (app.clone(), caller.clone(), order.clone(), rules.clone());
            Box::pin(async move { carry_out(&app, &caller, uow, lead, expected, &order, &rules).await })
        })
        .await
}

fn read_note(note: Option<&str>) -> Result<Option<LongText>, Violations> {
    let mut faults = Violations::new();
    let note = faults.check_optional("note", note, LongText::parse);
    faults.into_result()?;
    Ok(note)
}

async fn carry_out(
    app: &App,
    caller: &Caller,
    uow: &UnitOfWork,
    id: LeadId,
    expected: Option<u32>,
    order: &Order,
    rules: &Rules,
) -> Result<Commanded, AppError> {
    let mut dossier = repo::lead::load_for_command(uow, id).await?.ok_or_else(|| AppError::not_found("lead"))?;
    if repeats(&dossier.lead, &order.command, caller) {
        let lead = Some(dossier.lead).filter(|lead| sees(caller, lead));
        return Ok(Commanded { lead, already_done: true, customer: None });
    }
    let act = order.command.act();
    authorise(caller, &dossier.lead, act.action())?;
    if let Some(expected) = expected.filter(|expected| *expected != dossier.lead.version) {
        tracing::debug!(expected, "the lead changed since it was read");
        return Err(Rejection::VersionConflict { current: Some(dossier.lead.version) }.into());
    }
    if order.note.is_some() {
        refuse_words(&dossier, &["note"])?;
    }
    let now = app.now();
    let rules = &*rules.knowing(uow, &dossier).await?;
    let campaign = rules.campaign(uow, &dossier.lead).await?;
    if matches!(act, Act::Qualify | Act::HandOver) {
        score::age(uow, rules, &mut dossier, campaign.as_ref(), now).await?;
    }
    let routed = routed(uow, rules, &dossier, &order.command, caller.party(), now).await?;
    let facts = facts(&dossier, campaign.as_ref(), rules, caller.party(), &order.command, routed.decision())?;
    match execute(&dossier.lead, &dossier.passage, order, &facts, now)? {
        Outcome::AlreadyDone => Ok(Commanded { lead: Some(dossier.lead), already_done: true, customer: None }),
        Outcome::Done(change) => {
            save(uow, &change, dossier.lead.version, caller, act.action(), now).await?;
            routed.keep(uow, &change, now).await?;
            opening::reopened(uow, &change, &dossier, now).await?;
            if matches!(act, Act::Reopen | Act::Reactivate) {
                // time went on while nobody looked at its score
                repo::lead_score::look_at(uow, &[change.lead.id], now).await?;
            }
            Ok(Commanded {
                customer: change.customer.as_ref().map(|customer| customer.id),
                lead: Some(change.lead),
                already_done: false,
            })
        }
    }
}

/// Stores a change with its journal and audit rows.
pub(super) async fn save(
    uow: &UnitOfWork,
    change: &Change,
    expected: u32,
    caller: &Caller,
    action: Action,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), AppError> {
    Ok(repo::lead::record(uow, change, expected, &caller.stamp(action, now, change.entries())).await?)
}

/// Whether the caller's own last act on this lead was the same command. Asked before visibility, because an act can take the lead out of the
/// caller's sight, and the retry of a lost answer must not look like a failure.
fn repeats(lead: &Lead, command: &Command, caller: &Caller) -> bool {
    let mine = lead.last_act.filter(|last| last.actor == Some(caller.actor.user));
    mine.is_some_and(|last| last.act == command.act() && last.digest == command.digest())
}

/// Nothing personal is written about an erased person's lead any more: tells so at the fields that would hold it.
pub(in crate::app) fn refuse_words(dossier: &Dossier, fields: &[&str]) -> Result<(), AppError> {
    if !dossier.erased || fields.is_empty() {
        return Ok(());
    }
    let mut faults = Violations::new();
    for field in fields {
        faults.append(words_of_erased(field));
    }
    Ok(faults.into_result()?)
}

/// What is answered to words about an erased person.
pub(in crate::app) fn words_of_erased(field: &str) -> Violations {
    Violations::one(field, ViolationCode::Conflict, "the person was erased: no words about it are kept")
}

/// The caller must see the lead, and its role must cover the act on it.
pub(in crate::app) fn authorise(caller: &Caller, lead: &Lead, action: Action) -> Result<(), AppError> {
    if !sees(caller, lead) {
        return Err(AppError::not_found("lead"));
    }
    if !caller.must(action)?.covers(&lead.subject()) {
        return Err(Rejection::NotAllowed { action }.into());
    }
    Ok(())
}

fn sees(caller: &Caller, lead: &Lead) -> bool {
    caller.may(Action::ViewLead).is_some_and(|grant| grant.covers(&lead.subject()))
}

/// The facts of a decision on a loaded lead; `rules` know its agreements: [`Rules::knowing`].
pub(in crate::app) fn facts<'a>(
    dossier: &'a Dossier,
    campaign: Option<&'a Campaign>,
    rules: &'a Rules,
    actor: ActingParty,
    command: &Command,
    routed: Option<&'a RoutingDecision>,
) -> Result<Facts<'a>, AppError> {
    rules.must_know(dossier)?;
    Ok(Facts {
        actor,
        track: track_of(rules, &dossier.lead)?,
        other_track: other_track(rules, &dossier.lead, command)?,
        agreements: &rules.agreements,
        directory: &rules.directory,
        clocks: &dossier.clocks,
        calendars: &rules.calendars,
        roster: &rules.roster,
        person: &dossier.person,
        erased: dossier.erased,
        company: dossier.company.as_ref(),
        campaign,
        opportunity: dossier.opportunity.as_ref(),
        routed,
        draws: Draws {
            passage: new_id(),
            opportunity: new_id(),
            customer: new_id(),
            transition: new_id(),
            follow_up: new_id(),
            clocks: std::array::from_fn(|_| new_id()),
        },
    })
}

/// The track version a lead runs on.
pub(in crate::app) fn track_of<'a>(rules: &'a Rules, lead: &Lead) -> Result<&'a Track, AppError> {
    rules.track(lead.track.id).ok_or_else(|| AppError::internal(format!("track `{}` is not stored", lead.track.id)))
}

/// The track a command leads to: the target of a retrack, the newest version of its own track for a new passage.
fn other_track<'a>(rules: &'a Rules, lead: &Lead, command: &Command) -> Result<Option<&'a Track>, AppError> {
    match command {
        Command::Retrack { track } => rules.newest(track.as_str()).map(Some).ok_or_else(|| AppError::not_found("track")),
        Command::Reactivate => Ok(rules.newest(lead.track.key.as_str())),
        Command::Qualify { .. }
        | Command::HandOver { .. }
        | Command::Accept
        | Command::Reject { .. }
        | Command::Withdraw
        | Command::Reassign { .. }
        | Command::Recycle { .. }
        | Command::Disqualify { .. }
        | Command::Win { .. }
        | Command::Lose { .. }
        | Command::Reopen { .. } => Ok(None),
    }
}
