//! Ratings of leads by whoever took them, and those that are owed.

use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::department::Department;
use fairfall_domain::feedback::{Feedback, FeedbackDraft, Opinion, Taken};
use fairfall_domain::id::{AnyId, FeedbackId, LeadId, PassageId, UserId};
use fairfall_domain::sla::clock::ClockEnd;
use fairfall_domain::sla::{Clock, ClockKind};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_domain::waterfall::event::EventKind;
use fairfall_domain::waterfall::lead::Lead;
use fairfall_persistence::journal::NewEntry;
use fairfall_persistence::repo;
use fairfall_persistence::repo::feedback::Owed;
use fairfall_persistence::repo::lead::Dossier;
use fairfall_persistence::{Page, PageArgs, UnitOfWork};

use super::idempotency::{Keyed, Once, once};
use super::lead::refuse_words;
use super::rules::Rules;
use super::sla::tell::Told;
use super::{App, AppError, Caller, Rejection};
use crate::clock::new_id;

/// A rating that somebody gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateInput {
    /// The lead.
    pub lead: LeadId,
    /// The passage; the last that the department took when absent.
    pub passage: Option<PassageId>,
    /// For which department; the caller's own when absent.
    pub department: Option<Department>,
    /// What is said.
    pub draft: FeedbackDraft,
    /// The version of the rating that the caller read; none to act on whatever it is now.
    pub expected_version: Option<u32>,
    /// The same request has its effect once.
    pub idempotency_key: Option<String>,
}

/// What came of a rating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rated {
    /// The rating.
    pub feedback: Feedback,
    /// The lead, if the caller may see it.
    pub lead: Option<Lead>,
    /// Whether the same was said before.
    pub already_done: bool,
}

/// The ratings of leads, the first given first within each lead.
pub async fn of_leads(app: &App, caller: &Caller, leads: &[LeadId]) -> Result<Vec<Feedback>, AppError> {
    let Some(grant) = caller.may(Action::ViewLead) else { return Ok(Vec::new()) };
    let mut found = repo::feedback::of_leads(&app.reader(), &grant, leads).await?;
    if caller.may(Action::ViewPerson).is_none() {
        // free words may hold personal data
        for feedback in &mut found {
            feedback.note = None;
        }
    }
    Ok(found)
}

/// Ratings that were promised and not given in time, the longest owed first. Those who sign agreements, the heads of both departments, see what their
/// department owes and is owed; whoever else may rate sees what they owe themselves.
#[tracing::instrument(name = "app.feedback.overdue", skip_all)]
pub async fn overdue(app: &App, caller: &Caller, args: &PageArgs) -> Result<Page<Clock>, AppError> {
    let heads = caller.may(Action::SignAgreement);
    let owed = match &heads {
        Some(grant) => Owed::Reached(grant),
        None if caller.may(Action::RateLead).is_some() => Owed::By(caller.actor.user),
        None => return Ok(Page::empty()),
    };
    Ok(repo::feedback::overdue(&app.reader(), owed, args).await?)
}

/// Rates a lead that the caller's department took, also after it went on or was closed. Another opinion replaces the one before.
///
/// # Errors
/// All faults of the input at once; `NotFound`, `NotAllowed`, `VersionConflict`; `Invalid` when the department never took the lead.
#[tracing::instrument(name = "app.feedback.rate", skip_all)]
pub async fn rate(app: &App, caller: &Caller, input: RateInput) -> Result<Rated, AppError> {
    let keyed = Keyed::read(input.idempotency_key.as_deref(), &input)?;
    let (opinion, rules) = (input.draft.parse()?, app.rules().await?);
    app.store()
        .transact(move |uow| {
            let (app, caller, keyed, rules) = (app.clone(), caller.clone(), keyed.clone(), rules.clone());
            let (input, opinion) = (input.clone(), opinion.clone());
            Box::pin(async move { rate_once(&app, &caller, uow, &rules, &input, keyed.as_ref(), opinion).await })
        })
        .await
}

async fn rate_once(
    app: &App,
    caller: &Caller,
    uow: &UnitOfWork,
    rules: &Rules,
    input: &RateInput,
    keyed: Option<&Keyed>,
    opinion: Opinion,
) -> Result<Rated, AppError> {
    let dossier = repo::lead::load_for_command(uow, input.lead).await?.ok_or_else(|| AppError::not_found("lead"))?;
    let sees = caller.may(Action::ViewLead).is_some_and(|grant| grant.covers(&dossier.lead.subject()));
    let taken = taken(caller, uow, input, sees).await?;
    if opinion.has_note() {
        refuse_words(&dossier, &["note"])?;
    }
    let now = app.now();
    let work = || async {
        let (feedback, already_done) = say(caller, uow, rules, &dossier, taken, (input.expected_version, opinion), now).await?;
        Ok((feedback.id, (feedback, already_done)))
    };
    let (feedback, already_done) = match once::<FeedbackId, _, _>(uow, caller, "leadRate", keyed, now, work).await? {
        Once::New(said) => said,
        Once::Before(id) => {
            let found = repo::feedback::find(uow, id).await?;
            (found.ok_or_else(|| AppError::not_found("idempotencyKey"))?, true)
        }
    };
    Ok(Rated { feedback, lead: Some(dossier.lead).filter(|_| sees), already_done })
}

/// What the caller rates. Whoever had the lead last in a department, and those who may rate for them, see that they had it, wherever it is now.
async fn taken(caller: &Caller, uow: &UnitOfWork, input: &RateInput, sees: bool) -> Result<Taken, AppError> {
    let grant = caller.may(Action::RateLead);
    let own = caller.department();
    let all = Taken::all(&repo::lead::find_transitions(uow, &system(), &[input.lead]).await?);
    let asked = own.or(input.department);
    let is_meant = |one: &&Taken| {
        asked.is_none_or(|department| one.department == department) && input.passage.is_none_or(|passage| one.passage == passage)
    };
    let found = all.iter().rfind(is_meant);
    let covered = found.is_some_and(|one| grant.as_ref().is_some_and(|grant| grant.covers(&one.subject())));
    if !sees && !covered {
        return Err(AppError::not_found("lead"));
    }
    let foreign = own.is_some() && input.department.is_some_and(|department| own != Some(department));
    match found {
        Some(one) if covered && !foreign => Ok(one.clone()),
        None if grant.is_some() && !foreign => {
            let message = "the department has not accepted this lead under an agreement";
            Err(Violations::one("lead", ViolationCode::Conflict, message).into())
        }
        Some(_) | None => Err(Rejection::NotAllowed { action: Action::RateLead }.into()),
    }
}

const fn system() -> fairfall_domain::access::Grant {
    fairfall_domain::access::Grant::system(Action::ViewLead)
}

/// Stores what is said, and whether the same was said before. The lead's row is held.
async fn say(
    caller: &Caller,
    uow: &UnitOfWork,
    rules: &Rules,
    dossier: &Dossier,
    taken: Taken,
    (expected, opinion): (Option<u32>, Opinion),
    now: DateTime<Utc>,
) -> Result<(Feedback, bool), AppError> {
    let before = repo::feedback::of_passage(uow, taken.passage, taken.department).await?;
    let current = before.as_ref().map(|before| before.version);
    let by = caller.actor.user;
    let feedback = match before {
        Some(before) if before.says(&opinion) => return Ok((before, true)),
        _ if expected.is_some() && expected != current => return Err(Rejection::VersionConflict { current }.into()),
        Some(before) => before.replaced(opinion, by, now),
        None => taken.rate(new_id(), dossier.lead.id, opinion, by, now),
    };
    let owed = |clock: &&Clock| {
        clock.kind == ClockKind::Feedback && clock.department == feedback.department && clock.passage == feedback.passage
    };
    let mut met: Vec<Clock> = Vec::new();
    let (mut entries, mut kept) = (Vec::new(), vec![rated(&feedback, by, now)]);
    for before in dossier.clocks.iter().filter(owed) {
        let mut clock = before.clone();
        clock.end(ClockEnd::Met, &rules.calendars, now, now);
        for told in Told::happened(before, &clock, dossier.lead.version, by, now) {
            let list = if told.is_kept() { &mut kept } else { &mut entries };
            list.push(told.entry(now)?);
        }
        met.push(clock);
    }
    entries.append(&mut kept);
    let audit = caller.audit_row(Action::RateLead, FeedbackId::PREFIX, feedback.id.uuid(), now);
    repo::feedback::put(uow, &feedback, &met, &entries, &audit).await?;
    Ok((feedback, false))
}

/// What the journal keeps of a rating.
pub(crate) fn rated(feedback: &Feedback, by: UserId, now: DateTime<Utc>) -> NewEntry {
    NewEntry {
        event: new_id(),
        occurred_at: now,
        kind: EventKind::LeadRated,
        subject: AnyId::Feedback(feedback.id),
        subject_version: feedback.version,
        lead: Some(feedback.lead),
        actor: Some(by),
        payload: serde_json::json!({
            "passage": feedback.passage,
            "department": feedback.department,
            "giving": feedback.giving,
            "rating": feedback.rating,
            "reasons": feedback.reasons,
        }),
    }
}
