//! Clocks: what people see of them, and that they let them stand still for a reason.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::id::{ClockId, CustomerId, LeadId, TeamId};
use fairfall_domain::sla::clock::ClockEnd;
use fairfall_domain::sla::escalate::ClockStep;
use fairfall_domain::sla::pause::{PauseReason, PauseRefusal};
use fairfall_domain::sla::{Clock, ClockKind, SlaMoment};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_domain::waterfall::event::EventKind;
use fairfall_persistence::journal::{self, NewEntry};
use fairfall_persistence::repo::clock::{ClockFilter, Lapsed};
use fairfall_persistence::{Page, PageArgs, UnitOfWork, repo};

use crate::app::lead::authorise;
use crate::app::rules::Rules;
use crate::app::{App, AppError, Caller, Rejection};
use crate::clock::new_id;

use super::tell::{Told, note};

/// A clock as it stands at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// The clock.
    pub clock: Clock,
    /// The moment, UTC.
    pub at: DateTime<Utc>,
    /// How much of the promise was measured until then, over all laps.
    pub total: TimeDelta,
    /// How much of this lap's promise is left, in time of its basis; negative once it is over. Absent when it has ended.
    pub left: Option<TimeDelta>,
}

impl ClockReading {
    pub(crate) fn new(clock: Clock, rules: &Rules, at: DateTime<Utc>) -> Self {
        let total = clock.total(&rules.calendars, at);
        let in_lap = clock.lap_spent + (total - clock.total_spent);
        let left = clock.is_open().then(|| TimeDelta::seconds(i64::from(clock.promise.seconds())) - in_lap);
        Self { clock, at, total, left }
    }

    /// Seconds until this lap is over by the clock on the wall, negative once it is; absent while it stands still and when it has ended.
    pub fn seconds_left(&self) -> Option<i64> {
        self.clock.due_at.map(|due| (due - self.at).num_seconds())
    }
}

/// Which clocks a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClockListFilter {
    /// Only what the caller must keep.
    pub mine: Option<Mine>,
    /// Only what a team must keep.
    pub team: Option<TeamId>,
    /// What is promised; all when there are none.
    pub kinds: Vec<ClockKind>,
    /// Only what has lapsed.
    pub lapsed: Option<Lapsed>,
}

/// Only what the caller must keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mine;

/// The clocks of leads, oldest first within each lead; of more than 50 the newest.
pub async fn of_leads(app: &App, caller: &Caller, leads: &[LeadId]) -> Result<Vec<ClockReading>, AppError> {
    let Some(grant) = caller.may(Action::ViewLead) else { return Ok(Vec::new()) };
    let clocks = repo::clock::of_leads(&app.reader(), &grant, leads).await?;
    read(app, clocks).await
}

/// What is promised about customers who wait: who may see a customer sees that.
pub async fn of_customers(app: &App, customers: &[CustomerId]) -> Result<Vec<ClockReading>, AppError> {
    read(app, repo::clock::of_customers(&app.reader(), customers).await?).await
}

/// A page of the clocks that run, what is due first comes first: those of leads that the caller may see. What the caller must keep has the ratings that
/// the caller owes as well, of leads that went on since.
#[tracing::instrument(name = "app.clock.page", skip_all)]
pub async fn page(app: &App, caller: &Caller, filter: ClockListFilter, args: &PageArgs) -> Result<Page<ClockReading>, AppError> {
    let Some(grant) = caller.may(Action::ViewLead) else { return Ok(Page::empty()) };
    let filter = ClockFilter {
        user: filter.mine.map(|Mine| caller.actor.user),
        team: filter.team,
        kinds: filter.kinds,
        lapsed: filter.lapsed,
    };
    let page = repo::clock::page(&app.reader(), &grant, &filter, args).await?;
    let (rules, now) = (app.rules().await?, app.now());
    Ok(page.map(|clock| ClockReading::new(clock, &rules, now)))
}

async fn read(app: &App, clocks: Vec<Clock>) -> Result<Vec<ClockReading>, AppError> {
    if clocks.is_empty() {
        return Ok(Vec::new());
    }
    let (rules, now) = (app.rules().await?, app.now());
    Ok(clocks.into_iter().map(|clock| ClockReading::new(clock, &rules, now)).collect())
}

/// What came of pausing a clock or letting it run on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paused {
    /// The clock after it.
    pub reading: ClockReading,
    /// Whether it was so before, so that nothing changed.
    pub already_done: bool,
}

/// Lets a clock stand still until a time, at most as long as its agreement still allows; as long as that when no time is told.
///
/// # Errors
/// `NotFound`, `NotAllowed`; `Invalid` for a promise that has ended or that may not be paused (any more), and for an end that is not in the future.
#[tracing::instrument(name = "app.clock.pause", skip_all)]
pub async fn pause(
    app: &App,
    caller: &Caller,
    id: ClockId,
    reason: PauseReason,
    until: Option<DateTime<Utc>>,
) -> Result<Paused, AppError> {
    change(app, caller, id, Act::Pause { reason, until }).await
}

/// Lets a clock run on before its pause is over.
///
/// # Errors
/// `NotFound`, `NotAllowed`; `Invalid` for a promise that has ended.
#[tracing::instrument(name = "app.clock.resume", skip_all)]
pub async fn resume(app: &App, caller: &Caller, id: ClockId) -> Result<Paused, AppError> {
    change(app, caller, id, Act::Resume).await
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Pause { reason: PauseReason, until: Option<DateTime<Utc>> },
    Resume,
}

async fn change(app: &App, caller: &Caller, id: ClockId, act: Act) -> Result<Paused, AppError> {
    let view = caller.may(Action::ViewLead).ok_or_else(|| AppError::not_found("clock"))?;
    let rules = app.rules().await?;
    app.store()
        .transact(move |uow| {
            let (app, caller, rules, view) = (app.clone(), caller.clone(), Arc::clone(&rules), view.clone());
            Box::pin(async move {
                let seen = repo::clock::find(uow, &view, id).await?.ok_or_else(|| AppError::not_found("clock"))?;
                let dossier = repo::lead::load_for_command(uow, seen.lead).await?;
                let dossier = dossier.ok_or_else(|| AppError::not_found("clock"))?;
                authorise(&caller, &dossier.lead, Action::PauseClock)?;
                // whom the promise was made to does not stop the clock of who made it
                if caller.department().is_some_and(|department| department != seen.department) {
                    return Err(Rejection::NotAllowed { action: Action::PauseClock }.into());
                }
                let now = app.now();
                let Some(mut clock) = dossier.clocks.iter().find(|clock| clock.id == id && clock.is_open()).cloned() else {
                    return Err(refused(PauseRefusal::Ended).into());
                };
                let before = clock.clone();
                let rules = &*rules.knowing(uow, &dossier).await?;
                carry_out(&mut clock, act, rules, now).map_err(refused)?;
                let already_done = clock.pause == before.pause;
                if !already_done {
                    repo::clock::put(uow, std::slice::from_ref(&clock)).await?;
                    repo::clock::settle_due(uow, &[clock.lead]).await?;
                    journal::append(uow, &entries(&before, &clock, act, (dossier.lead.version, &caller), now)?).await?;
                    caller.audit(uow, Action::PauseClock, ClockId::PREFIX, id.uuid(), now).await?;
                }
                let clock = if already_done { before } else { clock };
                Ok(Paused { reading: ClockReading::new(clock, rules, now), already_done })
            })
        })
        .await
}

fn carry_out(clock: &mut Clock, act: Act, rules: &Rules, now: DateTime<Utc>) -> Result<(), PauseRefusal> {
    let rule = rules.agreements.clock_rule(clock).ok_or(PauseRefusal::NotAllowed)?;
    match act {
        Act::Pause { reason, until } => clock.pause(reason, until, rule, &rules.calendars, now),
        Act::Resume => {
            clock.resume(&rule.ladder, &rules.calendars, now);
            Ok(())
        }
    }
}

fn refused(refusal: PauseRefusal) -> Violations {
    let (field, code, message) = match refusal {
        PauseRefusal::Ended => ("clock", ViolationCode::Conflict, "the promise has ended"),
        PauseRefusal::Lapsed => ("clock", ViolationCode::Conflict, "the promised time is over: a pause saves nothing of it"),
        PauseRefusal::NotAllowed => ("clock", ViolationCode::Conflict, "the agreement allows no pause"),
        PauseRefusal::UsedUp => ("clock", ViolationCode::Conflict, "it has stood still as long as the agreement allows"),
        PauseRefusal::EndsInPast => ("until", ViolationCode::OutOfRange, "the end of a pause lies in the future"),
    };
    Violations::one(field, code, message)
}

/// What the journal keeps of a pause that somebody began or ended, after what nobody noticed before.
fn entries(
    before: &Clock,
    after: &Clock,
    act: Act,
    (lead_version, caller): (u32, &Caller),
    now: DateTime<Utc>,
) -> Result<Vec<NewEntry>, AppError> {
    let actor = caller.actor.user;
    let unnoticed = Told::happened(before, after, lead_version, actor, now);
    let mut entries = unnoticed.iter().map(|told| told.entry(now)).collect::<Result<Vec<_>, _>>()?;
    let event = match act {
        Act::Pause { .. } => EventKind::SlaPaused,
        // its pause was over: it ran on by itself
        Act::Resume if before.pause.is_some_and(|pause| pause.until <= now) => return Ok(entries),
        Act::Resume => {
            entries.clear();
            EventKind::SlaResumed
        }
    };
    let step = ClockStep { event, moment: SlaMoment::of(after) };
    entries.push(NewEntry::of_clock((after.lead, lead_version), &step, new_id(), Some(actor), now)?);
    Ok(entries)
}

/// Customer service takes a customer over: its promise is kept. What is to be told after that comes back.
pub(in crate::app) async fn taken_over(
    app: &App,
    uow: &UnitOfWork,
    caller: &Caller,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> Result<Vec<Told>, AppError> {
    let found = repo::clock::of_customer(uow, customer).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let rules = app.rules().await?;
    let (mut ended, mut told): (Vec<Clock>, Vec<Told>) = (Vec::new(), Vec::new());
    for (before, lead_version) in found {
        let mut clock = before.clone();
        clock.end(ClockEnd::Met, &rules.calendars, now, now);
        told.extend(Told::happened(&before, &clock, lead_version, caller.actor.user, now));
        ended.push(clock);
    }
    let (kept, earlier): (Vec<Told>, Vec<Told>) = told.into_iter().partition(Told::is_kept);
    note(uow, &earlier, now).await?;
    repo::clock::put(uow, &ended).await?;
    Ok(kept)
}
