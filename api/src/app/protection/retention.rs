//! Retention: people who bring no business any more are erased when their time is over. Rules are rehearsed before they act.

use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::id::PersonId;
use fairfall_domain::protection::{RetentionPolicy, RetentionRule};
use fairfall_persistence::repo::protection::{self, Due, RetentionRun};

use super::erase::erase_one;
use crate::app::{App, AppError, Caller, Rejection};
use crate::clock::new_id;

/// How many people are looked at in one step.
const STEP: u32 = 500;

/// Most people that one asked run erases: each is a transaction of its own, and a request has ten seconds. The rest are left to the next run.
pub const ASKED_MAX: u32 = 300;

/// Most people that a rehearsal names.
pub const SAMPLE_MAX: usize = 100;

/// Most runs that are listed.
pub const RUNS_MAX: u32 = 100;

/// What a run found and did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// The figures.
    pub run: RetentionRun,
    /// Some of those whose time is over and who are not held.
    pub sample: Vec<PersonId>,
}

/// The rules, for administrators.
pub async fn policy(app: &App, caller: &Caller) -> Result<Option<RetentionPolicy>, AppError> {
    match caller.may(Action::ManageProtection) {
        Some(_) => Ok(Some(protection::policy(&app.reader()).await?)),
        None => Ok(None),
    }
}

/// The newest runs, for administrators.
pub async fn runs(app: &App, caller: &Caller) -> Result<Vec<RetentionRun>, AppError> {
    match caller.may(Action::ManageProtection) {
        Some(_) => Ok(protection::runs(&app.reader(), RUNS_MAX).await?),
        None => Ok(Vec::new()),
    }
}

/// What changes about the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyChange {
    /// Other rules, which have to be rehearsed.
    Rules(Vec<RetentionRule>),
    /// The rules act by themselves, or on command only.
    Armed(bool),
}

/// Changes the rules.
///
/// # Errors
/// `NotAllowed`, `VersionConflict`; faults of the rules; arming rules that were not rehearsed.
#[tracing::instrument(name = "app.protection.retention.change", skip_all)]
pub async fn change(
    app: &App,
    caller: &Caller,
    expected: Option<u32>,
    change: PolicyChange,
) -> Result<RetentionPolicy, AppError> {
    caller.must(Action::ManageProtection)?;
    let now = app.now();
    app.store()
        .transact(move |uow| {
            let (caller, change) = (caller.clone(), change.clone());
            Box::pin(async move {
                let known = protection::policy(uow).await?;
                if expected.is_some_and(|expected| expected != known.version()) {
                    return Err(Rejection::VersionConflict { current: Some(known.version()) }.into());
                }
                let changed = match &change {
                    PolicyChange::Rules(rules) => known.revise(rules)?,
                    PolicyChange::Armed(true) => known.arm()?,
                    PolicyChange::Armed(false) => known.disarm(),
                };
                protection::put_policy(uow, &changed).await?;
                caller.audit_plain(uow, Action::ManageProtection, "setting", now).await?;
                Ok(changed)
            })
        })
        .await
}

/// Counts whose time is over and changes nothing; the rules may act afterwards.
///
/// # Errors
/// `NotAllowed`.
#[tracing::instrument(name = "app.protection.retention.rehearse", skip_all)]
pub async fn rehearse(app: &App, caller: &Caller) -> Result<Ran, AppError> {
    caller.must(Action::ManageProtection)?;
    let started_at = app.now();
    let policy = protection::policy(&app.reader()).await?;
    let mut ran = begin(&policy, Some(caller), started_at, true);
    let mut after = None;
    loop {
        let step = protection::due(&app.reader(), &policy, started_at, after, STEP).await?;
        after = step.last().map(|due| due.person);
        count(&mut ran, &step);
        if step.len() < usize::try_from(STEP).unwrap_or(usize::MAX) {
            break;
        }
    }
    ran.run.finished_at = Some(app.now());
    let (run, caller, version) = (ran.run.clone(), caller.clone(), policy.version());
    app.store()
        .transact(move |uow| {
            let (run, caller) = (run.clone(), caller.clone());
            Box::pin(async move {
                let known = protection::policy(uow).await?;
                if known.version() != version {
                    return Err(Rejection::VersionConflict { current: Some(known.version()) }.into());
                }
                protection::put_policy(uow, &known.rehearsed(started_at)).await?;
                protection::put_run(uow, &run).await?;
                caller.audit_plain(uow, Action::ManageProtection, "retention", started_at).await
            })
        })
        .await?;
    Ok(ran)
}

/// Erases whose time is over, one transaction a person, at most [`ASKED_MAX`]; the figures count all whose time is over.
///
/// # Errors
/// `NotAllowed`; a fault when these rules were not rehearsed.
#[tracing::instrument(name = "app.protection.retention.run", skip_all)]
pub async fn run(app: &App, caller: &Caller) -> Result<Ran, AppError> {
    caller.must(Action::ManageProtection)?;
    let policy = protection::policy(&app.reader()).await?;
    // what may be armed may be run
    policy.arm()?;
    act(app, &policy, Some(caller), ASKED_MAX).await
}

/// The same by itself, when the rules are armed; nothing otherwise.
///
/// # Errors
/// When the database fails.
pub async fn run_by_itself(app: &App) -> Result<Option<Ran>, AppError> {
    let policy = protection::policy(&app.reader()).await?;
    if !policy.is_armed() {
        return Ok(None);
    }
    act(app, &policy, None, u32::MAX).await.map(Some)
}

async fn act(app: &App, policy: &RetentionPolicy, caller: Option<&Caller>, erased_max: u32) -> Result<Ran, AppError> {
    let started_at = app.now();
    let mut ran = begin(policy, caller, started_at, false);
    let mut after = None;
    loop {
        let step = protection::due(&app.reader(), policy, started_at, after, STEP).await?;
        after = step.last().map(|due| due.person);
        count(&mut ran, &step);
        for due in step.iter().filter(|due| !due.is_held) {
            if ran.run.erased >= erased_max {
                break;
            }
            ran.run.erased = ran.run.erased.saturating_add(u32::from(erase_due(app, caller, due.person).await?));
        }
        if step.len() < usize::try_from(STEP).unwrap_or(usize::MAX) {
            break;
        }
    }
    ran.run.finished_at = Some(app.now());
    if ran.run.erased > 0 {
        app.store().empty_log().await?;
    }
    // a run that found nobody is not worth a row each day
    if ran.run.due > 0 || caller.is_some() {
        let run = ran.run.clone();
        app.store()
            .transact(move |uow| {
                let run = run.clone();
                Box::pin(async move { Ok::<_, AppError>(protection::put_run(uow, &run).await?) })
            })
            .await?;
    }
    Ok(ran)
}

/// Erases one whose time is over; false when somebody was faster or holds the data now.
async fn erase_due(app: &App, caller: Option<&Caller>, person: PersonId) -> Result<bool, AppError> {
    let (now, caller) = (app.now(), caller.cloned());
    let done = app
        .store()
        .transact(move |uow| {
            let caller = caller.clone();
            Box::pin(async move { erase_one(uow, caller.as_ref(), person, now).await })
        })
        .await;
    match done {
        Ok(done) => Ok(!done.already_done),
        Err(AppError::Rejected(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

fn begin(policy: &RetentionPolicy, caller: Option<&Caller>, started_at: DateTime<Utc>, is_rehearsal: bool) -> Ran {
    let run = RetentionRun {
        id: new_id(),
        policy_version: policy.version(),
        is_rehearsal,
        due: 0,
        erased: 0,
        held: 0,
        by: caller.map(|caller| caller.actor.user),
        started_at,
        finished_at: None,
    };
    Ran { run, sample: Vec::new() }
}

fn count(ran: &mut Ran, step: &[Due]) {
    let held = step.iter().filter(|due| due.is_held).count();
    ran.run.due = ran.run.due.saturating_add(u32::try_from(step.len()).unwrap_or(u32::MAX));
    ran.run.held = ran.run.held.saturating_add(u32::try_from(held).unwrap_or(u32::MAX));
    let room = SAMPLE_MAX.saturating_sub(ran.sample.len());
    ran.sample.extend(step.iter().filter(|due| !due.is_held).map(|due| due.person).take(room));
}
