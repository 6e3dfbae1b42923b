//! Territories: a tree of parts of the market, and the teams that serve them.
//!
//! A manager keeps the territories that name only teams the manager leads; one that names no team holds others together, and is for administrators.

use std::collections::BTreeMap;
use std::sync::Arc;

use fairfall_domain::access::{Action, Grant};
use fairfall_domain::change::Change;
use fairfall_domain::department::Department;
use fairfall_domain::id::{TeamId, TerritoryId};
use fairfall_domain::routing::Territory;
use fairfall_domain::routing::territory::{MatchRules, RoutingStatus, check_tree};
use fairfall_domain::team::Team;
use fairfall_domain::value::{Code, ShortText};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::{Page, PageArgs, StoreError, UnitOfWork, repo};

use super::rules::{RulesPatch, revise as revise_rules};
use super::{expected, is_everywhere, leads, not_allowed};
use crate::app::idempotency::{Keyed, Once, once};
use crate::app::user::required;
use crate::app::{App, AppError, Caller};
use crate::clock::new_id;

/// The rank of a territory for which none is given, with room before and after it.
pub const RANK_DEFAULT: u16 = 100;

/// A team that serves a territory, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServedBy {
    /// For which department.
    pub department: Department,
    /// The team.
    pub team: TeamId,
}

/// A territory as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerritoryInput {
    /// A unique key.
    pub key: String,
    /// The name shown to people.
    pub name: String,
    /// The territory it belongs to.
    pub parent: Option<TerritoryId>,
    /// Of two that are equally specific, the one with the lower rank wins.
    pub rank: Option<u32>,
    /// What it takes.
    pub rules: Change<RulesPatch>,
    /// The teams that serve it.
    pub teams: Vec<ServedBy>,
    /// Makes a retry harmless.
    pub idempotency_key: Option<String>,
}

/// Changes of a territory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerritoryPatch {
    /// Which.
    pub territory: TerritoryId,
    /// The version the caller read.
    pub expected_version: Option<u32>,
    /// The name.
    pub name: Change<String>,
    /// The territory it belongs to.
    pub parent: Change<TerritoryId>,
    /// The rank.
    pub rank: Option<u32>,
    /// What it takes.
    pub rules: Change<RulesPatch>,
    /// The teams that serve it, all of them.
    pub teams: Option<Vec<ServedBy>>,
}

/// A territory.
pub async fn find(app: &App, caller: &Caller, id: TerritoryId) -> Result<Option<Territory>, AppError> {
    Ok(find_many(app, caller, &[id]).await?.pop())
}

/// Several territories, in no order; those the caller may not see are left out.
pub async fn find_many(app: &App, caller: &Caller, ids: &[TerritoryId]) -> Result<Vec<Territory>, AppError> {
    let Some(grant) = caller.may(Action::ViewRouting) else { return Ok(Vec::new()) };
    Ok(repo::territory::find_many(&app.reader(), &grant, ids).await?)
}

/// A page of territories by key.
#[tracing::instrument(name = "app.territory.page", skip_all)]
pub async fn page(app: &App, caller: &Caller, args: &PageArgs) -> Result<Page<Territory>, AppError> {
    let Some(grant) = caller.may(Action::ViewRouting) else { return Ok(Page::empty()) };
    Ok(repo::territory::page(&app.reader(), &grant, args).await?)
}

/// A territory with what is at fault so far.
#[derive(Clone, Debug)]
pub(super) struct Drafted {
    pub(super) territory: Territory,
    pub(super) faults: Violations,
}

/// Reads a territory. Where a required text is at fault another stands for it, so that everything else is checked too.
pub(super) fn read(input: &TerritoryInput) -> Result<Drafted, Violations> {
    let mut faults = Violations::new();
    let key = faults.check_required("key", Some(&input.key), Code::parse).or_else(|| Code::parse("key").ok());
    let name = faults.check_required("name", Some(&input.name), ShortText::parse).or_else(|| ShortText::parse("name").ok());
    let rank = read_rank(&mut faults, input.rank, RANK_DEFAULT);
    let rules = revise_rules(&mut faults, &MatchRules::default(), &input.rules);
    let teams = read_teams(&mut faults, &input.teams);
    let (Some(key), Some(name)) = (key, name) else { return Err(faults) };
    let status = RoutingStatus::Active;
    let territory = Territory { id: new_id(), version: 1, key, name, parent: input.parent, rank, rules, teams, status };
    Ok(Drafted { territory, faults })
}

fn read_rank(faults: &mut Violations, typed: Option<u32>, seen: u16) -> u16 {
    let Some(typed) = typed else { return seen };
    u16::try_from(typed).unwrap_or_else(|_| {
        faults.add("rank", ViolationCode::OutOfRange, format!("0 to {} are allowed", u16::MAX));
        seen
    })
}

fn read_teams(faults: &mut Violations, typed: &[ServedBy]) -> BTreeMap<Department, TeamId> {
    let mut teams = BTreeMap::new();
    for (place, served) in typed.iter().enumerate() {
        if teams.insert(served.department, served.team).is_some() {
            let message = format!("`{}` is named twice", served.department);
            faults.add(format!("teams.{place}.department"), ViolationCode::Duplicate, message);
        }
    }
    teams
}

pub(super) fn revise(seen: &Territory, patch: &TerritoryPatch) -> Drafted {
    let mut faults = Violations::new();
    let name = required(&mut faults, "name", &patch.name, &seen.name, ShortText::parse);
    let teams = patch.teams.as_ref().map_or_else(|| seen.teams.clone(), |typed| read_teams(&mut faults, typed));
    let territory = Territory {
        version: seen.version.saturating_add(1),
        name: name.unwrap_or_else(|| seen.name.clone()),
        parent: patch.parent.apply(seen.parent),
        rank: read_rank(&mut faults, patch.rank, seen.rank),
        rules: revise_rules(&mut faults, &seen.rules, &patch.rules),
        teams,
        ..seen.clone()
    };
    Drafted { territory, faults }
}

/// Whether the caller keeps a territory.
fn permit(grant: &Grant, territory: &Territory) -> Result<(), AppError> {
    let named = !territory.teams.is_empty() && territory.teams.values().all(|team| leads(grant, *team));
    if named || is_everywhere(grant) { Ok(()) } else { Err(not_allowed(Action::ManageTerritory)) }
}

/// The faults of the teams that were typed, and whether all of them are there.
async fn check_teams(uow: &UnitOfWork, faults: &mut Violations, typed: &[ServedBy]) -> Result<Named, AppError> {
    let ids: Vec<TeamId> = typed.iter().map(|served| served.team).collect();
    let found = repo::team::find_many(uow, &Grant::system(Action::ViewTeam), &ids).await?;
    Ok(check_named(faults, typed, &found))
}

/// The same among teams that were read.
pub(super) fn check_named(faults: &mut Violations, typed: &[ServedBy], found: &[Team]) -> Named {
    let mut named = Named::All;
    for (place, served) in typed.iter().enumerate() {
        let field = format!("teams.{place}.team");
        match found.iter().find(|team| team.id == served.team) {
            None => {
                faults.add(field, ViolationCode::NotFound, "there is no such team");
                named = Named::NotAll;
            }
            Some(team) if team.department != served.department => {
                faults.add(field, ViolationCode::Conflict, format!("team `{}` is of `{}`", team.key, team.department));
            }
            Some(_) => {}
        }
    }
    named
}

/// Whether all teams that are named exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    All,
    NotAll,
}

/// Refuses what is at fault, all of it at once, and what the caller may not make.
async fn check(
    uow: &UnitOfWork,
    grant: &Grant,
    drafted: Drafted,
    typed: &[ServedBy],
    all: &[Territory],
) -> Result<Territory, AppError> {
    let Drafted { territory, mut faults } = drafted;
    if check_teams(uow, &mut faults, typed).await? == Named::All {
        permit(grant, &territory)?;
    }
    for checked in [territory.check(), check_tree(&territory, all)] {
        if let Err(more) = checked {
            faults.append(more);
        }
    }
    faults.into_result()?;
    Ok(territory)
}

fn key_taken(error: StoreError) -> AppError {
    AppError::taken(error, "territory", &["key"], "key")
}

/// Stores a new territory.
///
/// # Errors
/// All faults at once; `Taken` when the key is; `NotAllowed` for teams the caller does not lead.
#[tracing::instrument(name = "app.territory.create", skip_all)]
pub async fn create(app: &App, caller: &Caller, input: TerritoryInput) -> Result<Territory, AppError> {
    let grant = caller.must(Action::ManageTerritory)?;
    let keyed = Keyed::read(input.idempotency_key.as_deref(), &input)?;
    let (drafted, typed, now) = (read(&input)?, Arc::new(input.teams), app.now());
    let created = app.store().transact(move |uow| {
        let (caller, keyed, grant, drafted, typed) =
            (caller.clone(), keyed.clone(), grant.clone(), drafted.clone(), typed.clone());
        Box::pin(async move {
            let work = || async {
                let all = repo::territory::all_for_command(uow).await?;
                let territory = check(uow, &grant, drafted, &typed, &all).await?;
                repo::territory::insert(uow, &territory, now).await.map_err(key_taken)?;
                caller.audit(uow, Action::ManageTerritory, "territory", territory.id.uuid(), now).await?;
                Ok((territory.id, territory))
            };
            match once::<TerritoryId, _, _>(uow, &caller, "territoryCreate", keyed.as_ref(), now, work).await? {
                Once::New(territory) => Ok(territory),
                Once::Before(id) => {
                    let view = caller.must(Action::ViewRouting)?;
                    repo::territory::find(uow, &view, id).await?.ok_or_else(|| AppError::not_found("idempotencyKey"))
                }
            }
        })
    });
    let created = created.await?;
    app.forget_rules();
    Ok(created)
}

/// Changes a territory.
///
/// # Errors
/// All faults at once; `NotFound`, `VersionConflict`; `NotAllowed` when it names teams the caller does not lead, before or after.
#[tracing::instrument(name = "app.territory.update", skip_all)]
pub async fn update(app: &App, caller: &Caller, patch: TerritoryPatch) -> Result<Territory, AppError> {
    let grant = managing(caller)?;
    let (patch, now) = (Arc::new(patch), app.now());
    let updated = app.store().transact(move |uow| {
        let (caller, grant, patch) = (caller.clone(), grant.clone(), patch.clone());
        Box::pin(async move {
            let all = repo::territory::all_for_command(uow).await?;
            let seen = kept(&grant, &all, patch.territory)?;
            let version = expected(patch.expected_version, seen.version)?;
            in_use(seen)?;
            let typed = patch.teams.as_deref().unwrap_or_default();
            let changed = check(uow, &grant, revise(seen, &patch), typed, &all).await?;
            repo::territory::update(uow, &changed, version, now).await?;
            caller.audit(uow, Action::ManageTerritory, "territory", changed.id.uuid(), now).await?;
            Ok::<_, AppError>(changed)
        })
    });
    let updated = updated.await?;
    app.forget_rules();
    Ok(updated)
}

/// Takes a territory out of use; doing it again changes nothing.
///
/// # Errors
/// `NotFound`, `VersionConflict`, `NotAllowed`; a fault while territories in use belong to it.
#[tracing::instrument(name = "app.territory.archive", skip_all)]
pub async fn archive(app: &App, caller: &Caller, id: TerritoryId, version: Option<u32>) -> Result<Territory, AppError> {
    let grant = managing(caller)?;
    let now = app.now();
    let archived = app.store().transact(move |uow| {
        let (caller, grant) = (caller.clone(), grant.clone());
        Box::pin(async move {
            let all = repo::territory::all_for_command(uow).await?;
            let seen = kept(&grant, &all, id)?;
            if seen.status == RoutingStatus::Archived {
                return Ok(seen.clone());
            }
            let version = expected(version, seen.version)?;
            if all.iter().any(|other| other.parent == Some(id) && other.status == RoutingStatus::Active) {
                let message = "territories in use belong to it: archive or move them first";
                return Err(Violations::one("territory", ViolationCode::Conflict, message).into());
            }
            let changed = Territory { version: seen.version.saturating_add(1), status: RoutingStatus::Archived, ..seen.clone() };
            repo::territory::update(uow, &changed, version, now).await?;
            caller.audit(uow, Action::ManageTerritory, "territory", id.uuid(), now).await?;
            Ok::<_, AppError>(changed)
        })
    });
    let archived = archived.await?;
    app.forget_rules();
    Ok(archived)
}

fn managing(caller: &Caller) -> Result<Grant, AppError> {
    caller.may(Action::ViewRouting).ok_or_else(|| AppError::not_found("territory"))?;
    caller.must(Action::ManageTerritory)
}

/// The territory that is changed, if the caller keeps it.
fn kept<'a>(grant: &Grant, all: &'a [Territory], id: TerritoryId) -> Result<&'a Territory, AppError> {
    let seen = all.iter().find(|territory| territory.id == id).ok_or_else(|| AppError::not_found("territory"))?;
    permit(grant, seen)?;
    Ok(seen)
}

fn in_use(territory: &Territory) -> Result<(), Violations> {
    match territory.status {
        RoutingStatus::Active => Ok(()),
        RoutingStatus::Archived => Err(Violations::one("territory", ViolationCode::Conflict, "what is archived does not change")),
    }
}
