//! Teams with their members and managers.

use std::collections::BTreeMap;

use fairfall_domain::access::{Action, Subject};
use fairfall_domain::change::Change;
use fairfall_domain::department::Department;
use fairfall_domain::id::{TeamId, UserId};
use fairfall_domain::team::{MemberRank, Membership, Team};
use fairfall_domain::value::{Code, CountryCode, ShortText, TimeZoneName};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::{Page, PageArgs, UnitOfWork, repo};

use crate::clock::new_id;

use super::idempotency::{Keyed, Once, once};
use super::user::required;
use super::{App, AppError, Caller, Rejection};

/// The most countries a team names.
pub const COUNTRIES_MAX: usize = 250;

/// A team as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamInput {
    /// A unique key.
    pub key: String,
    /// The name shown to people.
    pub name: String,
    /// Its department.
    pub department: Department,
    /// The countries it serves; none means everywhere.
    pub countries: Vec<String>,
    /// Its time zone, for example `Europe/Berlin`.
    pub time_zone: String,
    /// Makes a retry harmless.
    pub idempotency_key: Option<String>,
}

/// Changes of a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamPatch {
    /// Which.
    pub team: TeamId,
    /// The version the caller read.
    pub expected_version: Option<u32>,
    /// The name.
    pub name: Change<String>,
    /// The countries it serves.
    pub countries: Option<Vec<String>>,
    /// Its time zone.
    pub time_zone: Change<String>,
}

/// Several teams, in no order; those the caller may not see are left out.
pub async fn find_many(app: &App, caller: &Caller, ids: &[TeamId]) -> Result<Vec<Team>, AppError> {
    let Some(grant) = caller.may(Action::ViewTeam) else { return Ok(Vec::new()) };
    Ok(repo::team::find_many(&app.reader(), &grant, ids).await?)
}

/// A page of teams by name.
#[tracing::instrument(name = "app.team.page", skip_all)]
pub async fn page(app: &App, caller: &Caller, args: &PageArgs) -> Result<Page<Team>, AppError> {
    let Some(grant) = caller.may(Action::ViewTeam) else { return Ok(Page::empty()) };
    Ok(repo::team::page(&app.reader(), &grant, args).await?)
}

/// The teams of users.
pub async fn of_users(app: &App, caller: &Caller, users: &[UserId]) -> Result<BTreeMap<UserId, Vec<Team>>, AppError> {
    if caller.may(Action::ViewTeam).is_none() {
        return Ok(BTreeMap::new());
    }
    let of = repo::team::teams_of_many(&app.reader(), users).await?;
    let ids: Vec<TeamId> = of.values().flat_map(|teams| teams.teams.iter().chain(&teams.managed)).copied().collect();
    let teams = find_many(app, caller, &ids).await?;
    let within = |user: &UserId| teams.iter().filter(|team| team.rank_of(*user).is_some()).cloned().collect();
    Ok(users.iter().map(|user| (*user, within(user))).collect())
}

/// Reads a team.
///
/// # Errors
/// All faults at once.
pub fn read(input: &TeamInput) -> Result<Team, Violations> {
    let mut faults = Violations::new();
    let key = faults.check_required("key", Some(&input.key), Code::parse);
    let name = faults.check_required("name", Some(&input.name), ShortText::parse);
    let time_zone = faults.check_required("timeZone", Some(&input.time_zone), TimeZoneName::parse);
    let countries = read_countries(&mut faults, &input.countries);
    let (Some(key), Some(name), Some(time_zone)) = (key, name, time_zone) else { return Err(faults) };
    faults.into_result()?;
    Ok(Team { id: new_id(), version: 1, key, name, department: input.department, countries, time_zone, members: Vec::new() })
}

fn read_countries(faults: &mut Violations, typed: &[String]) -> Vec<CountryCode> {
    if typed.len() > COUNTRIES_MAX {
        faults.add("countries", ViolationCode::TooLong, format!("at most {COUNTRIES_MAX} countries are allowed"));
    }
    let mut read: Vec<CountryCode> =
        typed.iter().filter_map(|text| faults.check("countries", CountryCode::parse(text))).collect();
    read.sort_unstable();
    read.dedup();
    read
}

/// Stores a new team.
///
/// # Errors
/// All faults at once; `Taken` when the key is.
#[tracing::instrument(name = "app.team.create", skip_all)]
pub async fn create(app: &App, caller: &Caller, input: TeamInput) -> Result<Team, AppError> {
    let grant = caller.must(Action::ManageTeam)?;
    if !grant.covers(&Subject::default()) {
        return Err(Rejection::NotAllowed { action: Action::ManageTeam }.into());
    }
    let keyed = Keyed::read(input.idempotency_key.as_deref(), &input)?;
    let (team, now) = (read(&input)?, app.now());
    let created = app
        .store()
        .transact(move |uow| {
            let (caller, keyed, team, grant) = (caller.clone(), keyed.clone(), team.clone(), grant.clone());
            Box::pin(async move {
                let work = || async {
                    let stored = repo::team::insert(uow, &team, now).await;
                    stored.map_err(|error| AppError::taken(error, "team", &["key"], "key"))?;
                    caller.audit(uow, Action::ManageTeam, "team", team.id.uuid(), now).await?;
                    Ok((team.id, team.clone()))
                };
                match once::<TeamId, _, _>(uow, &caller, "teamCreate", keyed.as_ref(), now, work).await? {
                    Once::New(team) => Ok(team),
                    Once::Before(id) => {
                        repo::team::find(uow, &grant, id).await?.ok_or_else(|| AppError::not_found("idempotencyKey"))
                    }
                }
            })
        })
        .await?;
    app.forget_rules();
    Ok(created)
}

/// Changes a team.
///
/// # Errors
/// All faults at once; `NotFound`, `VersionConflict`.
#[tracing::instrument(name = "app.team.update", skip_all)]
pub async fn update(app: &App, caller: &Caller, patch: TeamPatch) -> Result<Team, AppError> {
    let patch = std::sync::Arc::new(patch);
    let now = app.now();
    let updated = app
        .store()
        .transact(move |uow| {
            let (caller, patch) = (caller.clone(), patch.clone());
            Box::pin(async move {
                let seen = managed(&caller, uow, patch.team).await?;
                let expected = patch.expected_version.unwrap_or(seen.version);
                if expected != seen.version {
                    return Err(Rejection::VersionConflict { current: Some(seen.version) }.into());
                }
                let changed = revise(&seen, &patch)?;
                repo::team::update(uow, &changed, expected, now).await?;
                caller.audit(uow, Action::ManageTeam, "team", changed.id.uuid(), now).await?;
                Ok::<_, AppError>(changed)
            })
        })
        .await?;
    app.forget_rules();
    Ok(updated)
}

fn revise(seen: &Team, patch: &TeamPatch) -> Result<Team, Violations> {
    let mut faults = Violations::new();
    let name = required(&mut faults, "name", &patch.name, &seen.name, ShortText::parse);
    let time_zone = required(&mut faults, "timeZone", &patch.time_zone, &seen.time_zone, TimeZoneName::parse);
    let countries = patch.countries.as_ref().map_or_else(|| seen.countries.clone(), |typed| read_countries(&mut faults, typed));
    faults.into_result()?;
    Ok(Team {
        version: seen.version.saturating_add(1),
        name: name.unwrap_or_else(|| seen.name.clone()),
        time_zone: time_zone.unwrap_or(seen.time_zone),
        countries,
        ..seen.clone()
    })
}

/// A team that the caller manages.
async fn managed(caller: &Caller, uow: &UnitOfWork, id: TeamId) -> Result<Team, AppError> {
    let view = caller.may(Action::ViewTeam).ok_or_else(|| AppError::not_found("team"))?;
    let seen = repo::team::find(uow, &view, id).await?.ok_or_else(|| AppError::not_found("team"))?;
    let grant = caller.must(Action::ManageTeam)?;
    if repo::team::find(uow, &grant, id).await?.is_none() {
        return Err(Rejection::NotAllowed { action: Action::ManageTeam }.into());
    }
    Ok(seen)
}

/// Puts a user into a team, or changes the rank there; doing it again changes nothing.
///
/// # Errors
/// `NotFound`; `NotAllowed` for teams the caller does not manage; a fault when the user's role is of another department.
#[tracing::instrument(name = "app.team.put_member", skip_all)]
pub async fn put_member(app: &App, caller: &Caller, team: TeamId, user: UserId, rank: MemberRank) -> Result<Team, AppError> {
    change_members(app, caller, team, Some((user, rank)), user).await
}

/// Takes a user out of a team; doing it again changes nothing.
///
/// # Errors
/// `NotFound`; `NotAllowed` for teams the caller does not manage.
#[tracing::instrument(name = "app.team.remove_member", skip_all)]
pub async fn remove_member(app: &App, caller: &Caller, team: TeamId, user: UserId) -> Result<Team, AppError> {
    change_members(app, caller, team, None, user).await
}

async fn change_members(
    app: &App,
    caller: &Caller,
    team: TeamId,
    put: Option<(UserId, MemberRank)>,
    user: UserId,
) -> Result<Team, AppError> {
    let now = app.now();
    let changed = app
        .store()
        .transact(move |uow| {
            let caller = caller.clone();
            Box::pin(async move {
                let seen = managed(&caller, uow, team).await?;
                let view = caller.must(Action::ViewUser)?;
                let member = repo::user::find(uow, &view, user).await?.ok_or_else(|| AppError::not_found("user"))?;
                match put {
                    Some((user, rank)) => {
                        if member.role.department() != Some(seen.department) {
                            let message = format!("only users of `{}` can be in this team", seen.department);
                            return Err(Violations::one("user", ViolationCode::Conflict, message).into());
                        }
                        repo::team::put_member(uow, team, Membership { user, rank }, now).await?;
                    }
                    None => {
                        repo::team::remove_member(uow, team, user, now).await?;
                    }
                }
                caller.audit(uow, Action::ManageTeam, "team", team.uuid(), now).await?;
                let view = caller.must(Action::ViewTeam)?;
                repo::team::find(uow, &view, team).await?.ok_or_else(|| AppError::not_found("team"))
            })
        })
        .await?;
    app.forget_rules();
    app.forget_sessions();
    Ok(changed)
}
