//! Calendars: when the organisation, its teams and its colleagues work, and what that makes of a promise.

pub mod change;
pub mod import;
mod read;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use fairfall_domain::access::{Action, Scope};
use fairfall_domain::id::{CalendarId, TeamId, UserId};
use fairfall_domain::sla::business_time::OpenHours;
use fairfall_domain::sla::calendar::{CalendarLevel, HolidayRegion};
use fairfall_domain::sla::{BusinessTime, CalendarOwner, WorkCalendar};
use fairfall_domain::value::{CountryCode, ShortText, SubdivisionCode};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::{Page, PageArgs, Readable, repo};

use super::{App, AppError, Caller};

/// Most days of which open hours are told at once.
pub const HOURS_DAYS_MAX: i64 = 92;
/// Most days between two moments whose business time is asked for, and of a duration whose end is.
pub const SPAN_DAYS_MAX: i64 = 3_660;

/// The levels whose calendars a caller may see: those of the organisation and its teams are known to whoever knows the teams, a colleague's own
/// to whoever knows the colleagues.
pub(in crate::app) fn levels(caller: &Caller) -> Vec<CalendarLevel> {
    let sees = |action| caller.may(action).is_some_and(|grant| grant.scope() == Scope::All);
    let shared: &[CalendarLevel] = if sees(Action::ViewTeam) { &[CalendarLevel::Organisation, CalendarLevel::Team] } else { &[] };
    let own: &[CalendarLevel] = if sees(Action::ViewUser) { &[CalendarLevel::User] } else { &[] };
    [shared, own].concat()
}

/// Several calendars, in no order; those the caller may not see are left out.
pub async fn find_many(app: &App, caller: &Caller, ids: &[CalendarId]) -> Result<Vec<WorkCalendar>, AppError> {
    Ok(repo::calendar::find_many(&app.reader(), &levels(caller), ids).await?)
}

/// A page of calendars by name, of one level or of all.
#[tracing::instrument(name = "app.calendar.page", skip_all)]
pub async fn page(
    app: &App,
    caller: &Caller,
    level: Option<CalendarLevel>,
    args: &PageArgs,
) -> Result<Page<WorkCalendar>, AppError> {
    let mut levels = levels(caller);
    levels.retain(|own| level.is_none_or(|wanted| *own == wanted));
    Ok(repo::calendar::page(&app.reader(), &levels, args).await?)
}

/// The calendar that counts for a promise of a colleague in a team: the colleague's own, else the team's, else the organisation's. Without a team, it is
/// the colleague's only one that is meant. Nothing when the caller may see neither of them.
#[tracing::instrument(name = "app.calendar.that_counts", skip_all)]
pub async fn that_counts(
    app: &App,
    caller: &Caller,
    user: Option<UserId>,
    team: Option<TeamId>,
) -> Result<Option<WorkCalendar>, AppError> {
    let (reader, levels) = (app.reader(), levels(caller));
    let mut team = team;
    if let Some(user) = user {
        let Some(view) = caller.may(Action::ViewUser) else { return Ok(None) };
        if repo::user::find(&reader, &view, user).await?.is_none() {
            return Ok(None);
        }
        if team.is_none() {
            let teams: BTreeSet<TeamId> = repo::team::teams_of(&reader, user).await?.teams.into_iter().collect();
            team = teams.first().copied().filter(|_| teams.len() == 1);
        }
    }
    if let Some(team) = team {
        let Some(view) = caller.may(Action::ViewTeam) else { return Ok(None) };
        if repo::team::find(&reader, &view, team).await?.is_none() {
            return Ok(None);
        }
    }
    let owners =
        user.map(CalendarOwner::User).into_iter().chain(team.map(CalendarOwner::Team)).chain([CalendarOwner::Organisation]);
    for owner in owners.filter(|owner| levels.contains(&owner.level())) {
        if let Some(found) = repo::calendar::of_owner(&reader, owner).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The days off of some regions, as they stand: the rules that are kept for a moment may not know yet what was changed. Whoever sees a calendar may know
/// its holidays.
pub async fn days_off(
    app: &App,
    regions: &BTreeSet<HolidayRegion>,
) -> Result<BTreeMap<HolidayRegion, BTreeSet<NaiveDate>>, AppError> {
    Ok(repo::holiday::days_off(&app.reader(), regions).await?)
}

/// When a calendar's hours are open between two moments.
///
/// # Errors
/// A time that ends before it begins, or is longer than [`HOURS_DAYS_MAX`].
pub fn hours(time: &BusinessTime, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<OpenHours>, AppError> {
    within(from, to, HOURS_DAYS_MAX)?;
    Ok(time.open_hours(from, to))
}

/// When a length of a calendar's time is over; nothing when the calendar has not so much in thirty years.
///
/// # Errors
/// A length of more than [`SPAN_DAYS_MAX`].
pub fn due(time: &BusinessTime, start: DateTime<Utc>, length: TimeDelta) -> Result<Option<DateTime<Utc>>, AppError> {
    if length > TimeDelta::days(SPAN_DAYS_MAX) {
        let message = format!("at most {SPAN_DAYS_MAX} days are allowed");
        return Err(Violations::one("duration", ViolationCode::OutOfRange, message).into());
    }
    Ok(time.due(start, length))
}

/// How much of a calendar's time lies between two moments.
///
/// # Errors
/// A time that ends before it begins, or is longer than [`SPAN_DAYS_MAX`].
pub fn elapsed(time: &BusinessTime, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<TimeDelta, AppError> {
    within(from, to, SPAN_DAYS_MAX)?;
    Ok(time.elapsed(from, to))
}

fn within(from: DateTime<Utc>, to: DateTime<Utc>, days_max: i64) -> Result<(), Violations> {
    let length = to.signed_duration_since(from);
    if length < TimeDelta::zero() || length > TimeDelta::days(days_max) {
        let message = format!("must not come before `from`, nor more than {days_max} days after it");
        return Err(Violations::one("to", ViolationCode::OutOfRange, message));
    }
    Ok(())
}

/// The public holidays of a country, or of one of its states, in a year, with their names. They are shared knowledge of all who know the teams.
///
/// # Errors
/// What is no country, or no state of it; a year out of range.
#[tracing::instrument(name = "app.calendar.holidays", skip_all)]
pub async fn holidays(
    app: &App,
    caller: &Caller,
    country: &str,
    subdivision: Option<&str>,
    year: i32,
) -> Result<Vec<(NaiveDate, ShortText)>, AppError> {
    if caller.may(Action::ViewTeam).is_none() {
        return Ok(Vec::new());
    }
    let mut faults = Violations::new();
    let region = region(&mut faults, ("country", country), ("subdivision", subdivision));
    let days = NaiveDate::from_ymd_opt(year, 1, 1)
        .zip(NaiveDate::from_ymd_opt(year, 12, 31))
        .filter(|(first, _)| (1..=9_999).contains(&first.year()));
    if days.is_none() {
        faults.add("year", ViolationCode::OutOfRange, "expected a year from 1 to 9999");
    }
    faults.into_result()?;
    let (Some(region), Some(days)) = (region, days) else { return Ok(Vec::new()) };
    Ok(repo::holiday::list(&app.reader(), &region, days).await?.into_iter().collect())
}

/// Reads a country and a state of it, each with the field that it is named by.
fn region(faults: &mut Violations, country: (&str, &str), subdivision: (&str, Option<&str>)) -> Option<HolidayRegion> {
    let read = faults.check(country.0, CountryCode::parse(country.1))?;
    match subdivision.1 {
        None => Some(HolidayRegion { country: read, subdivision: None }),
        Some(state) => {
            let state = faults.check(subdivision.0, SubdivisionCode::parse_in(state, read))?;
            Some(HolidayRegion { country: read, subdivision: Some(state) })
        }
    }
}

/// Whether an owner is there for a caller: the field of the input that names it otherwise.
async fn missing(on: &impl Readable, caller: &Caller, owner: CalendarOwner) -> Result<Option<&'static str>, AppError> {
    let found = match owner {
        CalendarOwner::Organisation => caller.may(Action::ViewTeam).map(|_| ()),
        CalendarOwner::Team(team) => match caller.may(Action::ViewTeam) {
            Some(view) => repo::team::find(on, &view, team).await?.map(|_| ()),
            None => None,
        },
        CalendarOwner::User(user) => match caller.may(Action::ViewUser) {
            Some(view) => repo::user::find(on, &view, user).await?.map(|_| ()),
            None => None,
        },
    };
    Ok(match (found, owner) {
        (Some(()), _) => None,
        (None, CalendarOwner::Organisation) => Some("owner"),
        (None, CalendarOwner::Team(_)) => Some("owner.team"),
        (None, CalendarOwner::User(_)) => Some("owner.user"),
    })
}
