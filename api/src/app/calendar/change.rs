//! Saying when somebody works. What is due moves with it: the same transaction asks for a look at all open clocks.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use fairfall_domain::access::{Action, Subject};
use fairfall_domain::change::Change;
use fairfall_domain::id::{AnyId, CalendarId, TeamId, UserId};
use fairfall_domain::sla::calendar::CalendarLevel;
use fairfall_domain::sla::{CalendarOwner, WorkCalendar};
use fairfall_domain::value::ShortText;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_domain::waterfall::event::EventKind;
use fairfall_persistence::audit::{self, AuditRow};
use fairfall_persistence::journal::{self, NewEntry};
use fairfall_persistence::{UnitOfWork, repo};
use serde_json::json;
use uuid::Uuid;

use super::read::{Newness, merged};
use super::{levels, missing};
use crate::app::routing::member::RangeInput;
use crate::app::sla::sweep;
use crate::app::{App, AppError, Caller, Rejection};
use crate::clock::new_id;

/// A day unlike the others, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayInput {
    /// The day.
    pub date: NaiveDate,
    /// What it is.
    pub name: String,
    /// The hours worked on it, from and to; none when it is a day off.
    pub hours: Vec<(String, String)>,
}

/// A calendar as typed: a new one of an owner who has none, or changes of the one there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarPut {
    /// Whose.
    pub owner: CalendarOwner,
    /// The version that the caller read; none for a new calendar.
    pub expected_version: Option<u32>,
    /// The name.
    pub name: Change<String>,
    /// The zone in which the hours are meant.
    pub time_zone: Change<String>,
    /// The hours of each week, all of them.
    pub weekly: Change<Vec<RangeInput>>,
    /// The country and the state of it whose public holidays are days off.
    pub holidays: Change<(String, Option<String>)>,
    /// Days unlike the others, all of them.
    pub special_days: Change<Vec<DayInput>>,
}

/// A calendar after an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put {
    /// The calendar.
    pub calendar: WorkCalendar,
    /// Whether it was so before.
    pub already_done: bool,
}

/// What was done to a calendar, for the journal and the audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    Created,
    Changed,
    Imported,
    Deleted,
}

impl Done {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Changed => "CHANGED",
            Self::Imported => "IMPORTED",
            Self::Deleted => "DELETED",
        }
    }
}

/// Makes or changes the calendar of an owner. What is so already makes no version, so that a retry is harmless.
///
/// # Errors
/// All faults at once; `NotFound`, `NotAllowed`, `VersionConflict`.
#[tracing::instrument(name = "app.calendar.put", skip_all)]
pub async fn put(app: &App, caller: &Caller, put: CalendarPut) -> Result<Put, AppError> {
    let (now, put) = (app.now(), Arc::new(put));
    let done = app.store().transact(move |uow| {
        let (caller, put) = (caller.clone(), Arc::clone(&put));
        Box::pin(async move {
            permit(uow, &caller, put.owner).await?;
            match repo::calendar::load_for_command(uow, put.owner).await? {
                Some(known) => replace(uow, &caller, &put, known, now).await,
                None => create(uow, &caller, &put, now).await,
            }
        })
    });
    let (put, sweep) = done.await?;
    follow(app, sweep).await;
    Ok(put)
}

async fn create(
    uow: &UnitOfWork,
    caller: &Caller,
    put: &CalendarPut,
    now: DateTime<Utc>,
) -> Result<(Put, Option<Uuid>), AppError> {
    if put.expected_version.is_some() {
        return Err(Rejection::VersionConflict { current: None }.into());
    }
    let blank = WorkCalendar {
        owner: put.owner,
        weekly: Vec::new(),
        ..WorkCalendar::shipped(new_id(), ShortText::parse("-").map_err(AppError::internal)?, now)
    };
    let calendar = merged(&blank, Newness::New, put)?;
    let stored = repo::calendar::insert(uow, &calendar, now).await;
    stored.map_err(|error| AppError::taken(error, "calendar", &["owner_id"], "owner"))?;
    let sweep = note(uow, caller, &calendar, Done::Created, now).await?;
    Ok((Put { calendar, already_done: false }, Some(sweep)))
}

async fn replace(
    uow: &UnitOfWork,
    caller: &Caller,
    put: &CalendarPut,
    known: WorkCalendar,
    now: DateTime<Utc>,
) -> Result<(Put, Option<Uuid>), AppError> {
    let version = known.version;
    let same = merged(&known, Newness::Known, put)?;
    if same == known {
        return Ok((Put { calendar: known, already_done: true }, None));
    }
    let calendar = store(uow, same, put.expected_version, version, now).await?;
    let sweep = note(uow, caller, &calendar, Done::Changed, now).await?;
    Ok((Put { calendar, already_done: false }, Some(sweep)))
}

/// Writes a changed calendar over the version that the caller read.
pub(super) async fn store(
    uow: &UnitOfWork,
    changed: WorkCalendar,
    expected: Option<u32>,
    current: u32,
    now: DateTime<Utc>,
) -> Result<WorkCalendar, AppError> {
    if expected != Some(current) {
        return Err(Rejection::VersionConflict { current: Some(current) }.into());
    }
    let calendar = WorkCalendar { version: current.saturating_add(1), updated_at: now, ..changed };
    repo::calendar::update(uow, &calendar, current).await?;
    Ok(calendar)
}

/// Removes the calendar of a team or colleague, so that the next level counts for them again.
///
/// # Errors
/// A fault for the organisation's, which everybody falls back on; `NotFound`, also when it was removed before; `NotAllowed`, `VersionConflict`.
#[tracing::instrument(name = "app.calendar.delete", skip_all)]
pub async fn delete(app: &App, caller: &Caller, id: CalendarId, expected_version: u32) -> Result<WorkCalendar, AppError> {
    let now = app.now();
    let done = app.store().transact(move |uow| {
        let caller = caller.clone();
        Box::pin(async move {
            let known = held(uow, &caller, id).await?;
            if known.owner == CalendarOwner::Organisation {
                let message = "the organisation's calendar counts for whoever has none and cannot be removed";
                return Err(Violations::one("calendar", ViolationCode::NotAccepted, message).into());
            }
            repo::calendar::delete(uow, id, expected_version).await?;
            let sweep = note(uow, &caller, &known, Done::Deleted, now).await?;
            Ok::<_, AppError>((known, sweep))
        })
    });
    let (deleted, sweep) = done.await?;
    follow(app, Some(sweep)).await;
    Ok(deleted)
}

/// A calendar that the caller may change, held until the unit of work ends.
pub(super) async fn held(uow: &UnitOfWork, caller: &Caller, id: CalendarId) -> Result<WorkCalendar, AppError> {
    let missing = || AppError::not_found("calendar");
    let seen = repo::calendar::find_many(uow, &levels(caller), &[id]).await?.pop().ok_or_else(missing)?;
    permit(uow, caller, seen.owner).await?;
    repo::calendar::load_for_command(uow, seen.owner).await?.filter(|held| held.id == id).ok_or_else(missing)
}

/// Managers reach their teams and the members of these; only who may do it everywhere reaches the organisation's.
async fn permit(uow: &UnitOfWork, caller: &Caller, owner: CalendarOwner) -> Result<(), AppError> {
    if let Some(field) = missing(uow, caller, owner).await? {
        return Err(AppError::not_found(field));
    }
    let grant = caller.must(Action::ManageCalendar)?;
    let of_team = |owner: Option<UserId>, team: Option<TeamId>| grant.covers(&Subject { owner, team, ..Subject::default() });
    let is_reached = match owner {
        CalendarOwner::Organisation => of_team(None, None),
        CalendarOwner::Team(team) => of_team(None, Some(team)),
        CalendarOwner::User(user) => {
            let teams = repo::team::teams_of(uow, user).await?.teams;
            std::iter::once(None).chain(teams.into_iter().map(Some)).any(|team| of_team(Some(user), team))
        }
    };
    if is_reached { Ok(()) } else { Err(Rejection::NotAllowed { action: Action::ManageCalendar }.into()) }
}

/// Writes who did it, tells it, and asks for a look at what is due.
pub(super) async fn note(
    uow: &UnitOfWork,
    caller: &Caller,
    calendar: &WorkCalendar,
    done: Done,
    now: DateTime<Utc>,
) -> Result<Uuid, AppError> {
    let (team, user) = match calendar.owner {
        CalendarOwner::Organisation => (None, None),
        CalendarOwner::Team(team) => (Some(team), None),
        CalendarOwner::User(user) => (None, Some(user)),
    };
    let level: CalendarLevel = calendar.owner.level();
    let detail = json!({ "done": done.as_str(), "level": level, "team": team, "user": user, "version": calendar.version });
    let row = caller.audit_row(Action::ManageCalendar, "calendar", calendar.id.uuid(), now);
    audit::append(uow, &AuditRow { detail: Some(detail.clone()), ..row }).await?;
    let entry = NewEntry {
        event: new_id(),
        occurred_at: now,
        kind: EventKind::CalendarChanged,
        subject: AnyId::Calendar(calendar.id),
        subject_version: calendar.version,
        lead: None,
        actor: Some(caller.actor.user),
        payload: json!({ "event": "calendar_changed", "change": done.as_str(), "level": level, "team": team, "user": user }),
    };
    journal::append(uow, &[entry]).await?;
    sweep::request(uow, now).await
}

/// Lets everybody decide by the changed calendar, and moves what is due as far as a request may take.
pub(super) async fn follow(app: &App, sweep: Option<Uuid>) {
    if let Some(sweep) = sweep {
        sweep::at_once(app, sweep).await;
    }
}
