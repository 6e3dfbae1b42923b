//! What routing knows of colleagues: languages, working hours, absences. Everybody says it of themselves, managers of their teams' members.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Subject};
use fairfall_domain::change::Change;
use fairfall_domain::id::{AbsenceId, UserId};
use fairfall_domain::routing::member::{HourRange, LanguageLevel, Skill, Weekday, WorkingHours};
use fairfall_domain::routing::{Absence, MemberProfile};
use fairfall_domain::user::User;
use fairfall_domain::value::{LanguageTag, TimeZoneName};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::{UnitOfWork, repo};
use futures_util::future::BoxFuture;

use super::{expected, hours, not_allowed};
use crate::app::idempotency::{Keyed, Once, once};
use crate::app::{App, AppError, Caller};
use crate::clock::new_id;

/// A language as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkillInput {
    /// The language.
    pub language: String,
    /// How well.
    pub level: LanguageLevel,
}

/// A range of working hours as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeInput {
    /// The day.
    pub day: Weekday,
    /// When it begins, such as `09:00`.
    pub from: String,
    /// When it ends, such as `17:30`; at most `24:00`.
    pub to: String,
}

/// Working hours as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoursInput {
    /// The zone in which they are meant.
    pub time_zone: String,
    /// The ranges.
    pub ranges: Vec<RangeInput>,
}

/// Changes of what is known of a colleague.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfilePatch {
    /// Whose.
    pub user: UserId,
    /// The version the caller read.
    pub expected_version: Option<u32>,
    /// Languages, all of them; what the account tells when cleared.
    pub skills: Change<Vec<SkillInput>>,
    /// Working hours; always when cleared.
    pub hours: Change<HoursInput>,
    /// From when the colleague gets leads; at once when cleared.
    pub starts_at: Change<DateTime<Utc>>,
}

/// A time in which a colleague gets nothing, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwayInput {
    /// Who.
    pub user: UserId,
    /// From when; from now on when absent.
    pub from: Option<DateTime<Utc>>,
    /// Until when; until further notice when absent.
    pub until: Option<DateTime<Utc>>,
    /// Makes a retry harmless.
    pub idempotency_key: Option<String>,
}

/// Several profiles, in no order; those of whom the caller may know nothing are left out.
pub async fn find_many(app: &App, caller: &Caller, users: &[UserId]) -> Result<Vec<MemberProfile>, AppError> {
    let Some((_, grant)) = caller.may(Action::ViewRouting).zip(caller.may(Action::ViewUser)) else { return Ok(Vec::new()) };
    let reader = app.reader();
    let users = repo::user::find_many(&reader, &grant, users).await?;
    Ok(repo::member_profile::of_users(&reader, &users).await?)
}

/// Whether a colleague is absent now.
pub fn is_away(app: &App, profile: &MemberProfile) -> bool {
    profile.is_absent(app.now())
}

/// Says what is known of a colleague.
///
/// # Errors
/// All faults at once; `NotFound`, `VersionConflict`; `NotAllowed` for those who are in no team the caller leads.
#[tracing::instrument(name = "app.member.update", skip_all)]
pub async fn update(app: &App, caller: &Caller, patch: ProfilePatch) -> Result<MemberProfile, AppError> {
    let user = patch.user;
    change(
        app,
        caller,
        user,
        Arc::new(move |seen: &Seen, _| {
            expected(patch.expected_version, seen.profile.version)?;
            let mut faults = Violations::new();
            let profile = MemberProfile {
                skills: match &patch.skills {
                    Change::Keep => seen.profile.skills.clone(),
                    Change::Clear => MemberProfile::of(&seen.user).skills,
                    Change::Set(typed) => read_skills(&mut faults, typed),
                },
                hours: match &patch.hours {
                    Change::Keep => seen.profile.hours.clone(),
                    Change::Clear => None,
                    Change::Set(typed) => Some(read_hours(&mut faults, typed)),
                },
                starts_at: patch.starts_at.apply(seen.profile.starts_at),
                ..seen.profile.clone()
            };
            if let Err(more) = profile.check() {
                faults.append(more);
            }
            faults.into_result()?;
            Ok(profile)
        }),
    )
    .await
}

/// Notes that a colleague gets nothing for a time: from now on, or planned.
///
/// # Errors
/// All faults at once; `NotFound`; `NotAllowed` for those who are in no team the caller leads.
#[tracing::instrument(name = "app.member.away", skip_all)]
pub async fn away(app: &App, caller: &Caller, input: AwayInput) -> Result<MemberProfile, AppError> {
    let keyed = Keyed::read(input.idempotency_key.as_deref(), &input)?;
    let id: AbsenceId = new_id();
    let (user, now) = (input.user, app.now());
    let edit: Edit = Arc::new(move |seen: &Seen, now| {
        let mut profile = seen.profile.clone();
        profile.forget_past(now);
        profile.absences.push(Absence { id, from: input.from.unwrap_or(now), until: input.until });
        profile.absences.sort_by_key(|absence| (absence.from, absence.id));
        if input.until.is_some_and(|until| until <= now && input.from.is_none_or(|from| from < until)) {
            return Err(Violations::one("until", ViolationCode::OutOfRange, "an absence that is over cannot be noted").into());
        }
        profile.check()?;
        Ok(profile)
    });
    let noted = app.store().transact(move |uow| {
        let (caller, keyed, edit) = (caller.clone(), keyed.clone(), edit.clone());
        Box::pin(async move {
            let work = || async { Ok((id, changed(uow, &caller, user, &edit, now).await?)) };
            match once::<AbsenceId, _, _>(uow, &caller, "memberAway", keyed.as_ref(), now, work).await? {
                Once::New(profile) => Ok::<_, AppError>(profile),
                Once::Before(_) => Ok(seen(uow, &caller, user).await?.profile),
            }
        })
    });
    let noted = noted.await?;
    app.forget_rules();
    Ok(noted)
}

/// Ends the absences that a colleague is in; who is there stays there.
///
/// # Errors
/// `NotFound`; `NotAllowed` for those who are in no team the caller leads.
#[tracing::instrument(name = "app.member.back", skip_all)]
pub async fn back(app: &App, caller: &Caller, user: UserId) -> Result<MemberProfile, AppError> {
    change(
        app,
        caller,
        user,
        Arc::new(|seen: &Seen, now| {
            let mut profile = seen.profile.clone();
            profile.absences.retain(|absence| !absence.covers(now));
            Ok(profile)
        }),
    )
    .await
}

/// Takes back an absence that is planned or lasts.
///
/// # Errors
/// `NotFound`, also when it is over; `NotAllowed` for those who are in no team the caller leads.
#[tracing::instrument(name = "app.member.cancel_absence", skip_all)]
pub async fn cancel_absence(app: &App, caller: &Caller, user: UserId, id: AbsenceId) -> Result<MemberProfile, AppError> {
    change(
        app,
        caller,
        user,
        Arc::new(move |seen: &Seen, now| {
            let mut profile = seen.profile.clone();
            profile.forget_past(now);
            let before = profile.absences.len();
            profile.absences.retain(|absence| absence.id != id);
            if profile.absences.len() == before { Err(AppError::not_found("absence")) } else { Ok(profile) }
        }),
    )
    .await
}

/// A colleague and what is known.
struct Seen {
    user: User,
    profile: MemberProfile,
}

/// The profile after a change.
type Edit = Arc<dyn Fn(&Seen, DateTime<Utc>) -> Result<MemberProfile, AppError> + Send + Sync>;

/// Carries a change out; one that changes nothing makes no version.
async fn change(app: &App, caller: &Caller, user: UserId, edit: Edit) -> Result<MemberProfile, AppError> {
    let now = app.now();
    let done = app.store().transact(move |uow| -> BoxFuture<'_, Result<MemberProfile, AppError>> {
        let (caller, edit) = (caller.clone(), edit.clone());
        Box::pin(async move { changed(uow, &caller, user, &edit, now).await })
    });
    let done = done.await?;
    app.forget_rules();
    Ok(done)
}

async fn changed(
    uow: &UnitOfWork,
    caller: &Caller,
    user: UserId,
    edit: &Edit,
    now: DateTime<Utc>,
) -> Result<MemberProfile, AppError> {
    let seen = seen(uow, caller, user).await?;
    permit(uow, caller, user).await?;
    let version = seen.profile.version;
    let mut profile = edit(&seen, now)?;
    if profile == seen.profile {
        return Ok(profile);
    }
    profile.version = version.saturating_add(1);
    repo::member_profile::put(uow, &profile, version, now).await?;
    caller.audit(uow, Action::ManageMember, "member_profile", user.uuid(), now).await?;
    Ok(profile)
}

/// A colleague whom the caller may know of, held until the unit of work ends.
async fn seen(uow: &UnitOfWork, caller: &Caller, user: UserId) -> Result<Seen, AppError> {
    let missing = || AppError::not_found("user");
    caller.may(Action::ViewRouting).ok_or_else(missing)?;
    let view = caller.may(Action::ViewUser).ok_or_else(missing)?;
    let user = repo::user::find(uow, &view, user).await?.ok_or_else(missing)?;
    let profile = repo::member_profile::load_for_command(uow, &user).await?;
    Ok(Seen { user, profile })
}

async fn permit(uow: &UnitOfWork, caller: &Caller, user: UserId) -> Result<(), AppError> {
    let grant = caller.must(Action::ManageMember)?;
    let of = repo::team::teams_of(uow, user).await?;
    let subject = |team| Subject { owner: Some(user), team, ..Subject::default() };
    let reached = std::iter::once(None).chain(of.teams.into_iter().map(Some)).any(|team| grant.covers(&subject(team)));
    if reached { Ok(()) } else { Err(not_allowed(Action::ManageMember)) }
}

fn read_skills(faults: &mut Violations, typed: &[SkillInput]) -> Vec<Skill> {
    let read = (0..).zip(typed).filter_map(|(place, skill): (usize, &SkillInput)| {
        let language = faults.check(format!("skills.{place}.language"), LanguageTag::parse(&skill.language))?;
        Some(Skill { language, level: skill.level })
    });
    read.collect()
}

fn read_hours(faults: &mut Violations, typed: &HoursInput) -> WorkingHours {
    let time_zone = faults.check_required("workingHours.timeZone", Some(&typed.time_zone), TimeZoneName::parse);
    let mut ranges = Vec::new();
    for (place, range) in typed.ranges.iter().enumerate() {
        let mut at = |field: &str, text: &str| faults.check(format!("workingHours.ranges.{place}.{field}"), hours::parse(text));
        if let (Some(from_minute), Some(to_minute)) = (at("from", &range.from), at("to", &range.to)) {
            ranges.push(HourRange { day: range.day, from_minute, to_minute });
        }
    }
    ranges.sort_unstable();
    // hours of a zone that is at fault are checked in another one
    WorkingHours { time_zone: time_zone.unwrap_or(TimeZoneName::UTC), ranges }
}
