//! Colleagues whom a file names: found by the name the source gave them before, else by address, else made. Who is made cannot sign in, and
//! is a member of the team that the mapping names, so that the past has its owners.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::id::{TeamId, UserId};
use fairfall_domain::routing::{Roster, RosterTeam};
use fairfall_domain::team::{MemberRank, Membership};
use fairfall_domain::user::{Seniority, User, UserStatus};
use fairfall_domain::value::{EmailAddress, ShortText};
use fairfall_domain::violation::{ValueError, ViolationCode};
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo;
use fairfall_persistence::repo::external_ref::ExternalRef;

use crate::app::AppError;
use crate::clock::new_id;

use super::mapping::{Made, UserName};
use super::run::{Job, contended};

/// The most colleagues that one run knows by name: a column that names somebody else in each row is mapped wrongly.
const COLLEAGUES_MAX: usize = 2_000;

/// A colleague that a file names.
#[derive(Clone, Debug)]
pub(super) struct Colleague {
    /// The user.
    pub(super) id: UserId,
    teams: Vec<TeamId>,
    /// The user to be stored, when they are new.
    fresh: Option<Box<User>>,
    /// Whether the source's name for the user is stored.
    named: bool,
}

/// The colleagues that the rows of a chunk name, or why one cannot be had.
pub(super) type Colleagues = BTreeMap<UserName, Result<Colleague, ValueError>>;

/// Looks up those that the run does not know yet.
pub(super) async fn load(
    uow: &UnitOfWork,
    job: &Job,
    known: &BTreeMap<UserName, Colleague>,
    names: BTreeSet<&UserName>,
    now: DateTime<Utc>,
) -> Result<Colleagues, AppError> {
    let mut all: Colleagues = BTreeMap::new();
    let (before, missing): (Vec<&UserName>, Vec<&UserName>) = names.into_iter().partition(|name| known.contains_key(name));
    all.extend(before.into_iter().filter_map(|name| Some((name.clone(), Ok(known.get(name)?.clone())))));
    if missing.is_empty() {
        return Ok(all);
    }
    let external: Vec<String> = missing.iter().map(|name| name.external_id()).collect();
    let external: Vec<&str> = external.iter().map(String::as_str).collect();
    let by_ref = repo::import::known_refs::<UserId>(uow, &job.source, &external).await?;
    let mut by_email: BTreeMap<String, Colleague> = BTreeMap::new();
    for name in missing {
        let found = match by_ref.get(&name.external_id()) {
            Some(id) => Ok(Colleague { id: *id, teams: Vec::new(), fresh: None, named: true }),
            None if all.len() >= COLLEAGUES_MAX => {
                Err(ValueError::new(ViolationCode::OutOfRange, format!("the file names more than {COLLEAGUES_MAX} colleagues")))
            }
            None => by_address(uow, job, name, &mut by_email, now).await?,
        };
        all.insert(name.clone(), found);
    }
    add_teams(uow, &mut all).await?;
    Ok(all)
}

async fn by_address(
    uow: &UnitOfWork,
    job: &Job,
    name: &UserName,
    seen: &mut BTreeMap<String, Colleague>,
    now: DateTime<Utc>,
) -> Result<Result<Colleague, ValueError>, AppError> {
    let Some(group) = job.mapping.users.get(&name.group) else {
        return Err(AppError::internal("a field names a group of users that the mapping does not have"));
    };
    let email = match EmailAddress::parse(&group.email_of(&name.value)) {
        Ok(email) => email,
        Err(error) => return Ok(Err(error)),
    };
    if let Some(same) = seen.get(&email.key()) {
        return Ok(Ok(same.clone()));
    }
    let known = repo::user::find_by_email_key(uow, &email.key()).await?;
    let found = match (known, &group.made) {
        (Some(known), _) => Ok(Colleague { id: known.user.id, teams: Vec::new(), fresh: None, named: false }),
        (None, Some(made)) => fresh(email.clone(), &group.name_of(&name.value), made, now).map(|user| Colleague {
            id: user.id,
            teams: job.teams.get(&name.group).copied().into_iter().collect(),
            fresh: Some(Box::new(user)),
            named: false,
        }),
        (None, None) => Err(ValueError::new(ViolationCode::NotFound, "nobody here goes by this name or address")),
    };
    if let Ok(found) = &found {
        seen.insert(email.key(), found.clone());
    }
    Ok(found)
}

fn fresh(email: EmailAddress, name: &str, made: &Made, now: DateTime<Utc>) -> Result<User, ValueError> {
    Ok(User {
        id: new_id(),
        version: 1,
        email,
        name: ShortText::parse(name)?,
        role: made.role,
        language: made.language.clone(),
        more_languages: Vec::new(),
        country: None,
        seniority: Seniority::Junior,
        status: UserStatus::Disabled,
        created_at: now,
        updated_at: now,
    })
}

/// Adds the teams of those who were here before.
async fn add_teams(uow: &UnitOfWork, all: &mut Colleagues) -> Result<(), AppError> {
    let without = |one: &Colleague| one.fresh.is_none() && one.teams.is_empty();
    let ids: Vec<UserId> = all.values().flatten().filter(|one| without(one)).map(|one| one.id).collect();
    let mut teams = repo::team::teams_of_many(uow, &ids).await?;
    for one in all.values_mut().flatten() {
        if let Some(of) = teams.get_mut(&one.id) {
            one.teams.clone_from(&of.teams);
        }
    }
    Ok(())
}

/// The teams with the colleagues of a chunk as their members, active or not.
pub(super) fn roster_with(roster: &Roster, colleagues: &Colleagues) -> Roster {
    let teams = roster.teams().iter().map(|team| {
        let mut members = team.members.clone();
        let of_team = colleagues.values().flatten().filter(|one| one.teams.contains(&team.id));
        members.extend(of_team.map(|one| one.id));
        members.sort_unstable();
        members.dedup();
        RosterTeam { members, ..team.clone() }
    });
    Roster::new(teams.collect())
}

/// Stores those of the colleagues that are new and that a lead needs; answers them as they are known from now on.
pub(super) async fn store(
    uow: &UnitOfWork,
    job: &Job,
    used: &BTreeSet<UserName>,
    colleagues: &Colleagues,
    now: DateTime<Utc>,
) -> Result<Vec<(UserName, Colleague)>, AppError> {
    let mut stored = BTreeSet::new();
    let mut known = Vec::with_capacity(used.len());
    for name in used {
        let Some(Ok(one)) = colleagues.get(name) else { continue };
        if let Some(user) = &one.fresh
            && stored.insert(user.id)
        {
            repo::user::insert(uow, user, None).await.map_err(contended)?;
            job.audit(uow, Action::ManageUser, UserId::PREFIX, user.id.uuid(), now).await?;
            for team in &one.teams {
                let member = Membership { user: user.id, rank: MemberRank::Member };
                repo::team::put_member(uow, *team, member, now).await?;
                job.audit(uow, Action::ManageTeam, TeamId::PREFIX, team.uuid(), now).await?;
            }
        }
        if !one.named {
            let external = ExternalRef { source: job.source.clone(), external_id: name.external_id() };
            repo::external_ref::put(uow, &external, one.id).await?;
        }
        known.push((name.clone(), Colleague { fresh: None, named: true, ..one.clone() }));
    }
    Ok(known)
}
