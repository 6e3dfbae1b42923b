//! Teams with their members.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Actor, Grant, Scope};
use fairfall_domain::department::Department;
use fairfall_domain::id::{TeamId, UserId};
use fairfall_domain::routing::{Roster, RosterTeam};
use fairfall_domain::team::{MemberRank, Membership, Team};
use fairfall_domain::user::{User, UserStatus};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder};

use crate::entity::{team, team_member, user_account};
use crate::error::StoreError;
use crate::mapper::team::{from_rows, membership, to_row};
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::repo::versioned::{Versioned, write_over};
use crate::unit_of_work::UnitOfWork;

/// The teams of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TeamsOf {
    /// The teams the user is in, those that the user leads too; sorted.
    pub teams: Vec<TeamId>,
    /// The teams the user leads; sorted.
    pub managed: Vec<TeamId>,
}

const BY_KEY: Keyset = Keyset {
    name: "team.key",
    columns: &[("team.key", KeyKind::Text), ("team.id", KeyKind::Id)],
    direction: Direction::Ascending,
};

/// What a permission for teams reaches.
fn seen(grant: &Grant) -> Condition {
    let mine = || team::Column::Id.is_in(grant.teams().iter().map(|id| id.uuid()));
    match grant.scope() {
        Scope::All => Condition::all(),
        Scope::Own | Scope::Pool | Scope::Team => Condition::all().add(mine()),
        Scope::Department => {
            let department = grant.department().map(Department::as_str);
            Condition::any().add(mine()).add(team::Column::Department.is_in(department))
        }
    }
}

/// One team, if the permission reaches it.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find(on: &impl Readable, grant: &Grant, id: TeamId) -> Result<Option<Team>, StoreError> {
    Ok(find_many(on, grant, &[id]).await?.pop())
}

/// Some teams with their members, in no order; those that do not exist or are out of reach are left out. Two statements.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_many(on: &impl Readable, grant: &Grant, ids: &[TeamId]) -> Result<Vec<Team>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let of_ids = team::Entity::find().filter(team::Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    with_members(on, of_ids.filter(seen(grant)).all(on.conn()).await?).await
}

/// The team with a key, if the permission reaches it.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_by_key(on: &impl Readable, grant: &Grant, key: &str) -> Result<Option<Team>, StoreError> {
    let row = team::Entity::find().filter(team::Column::Key.eq(key)).filter(seen(grant)).one(on.conn()).await?;
    Ok(with_members(on, row.into_iter().collect()).await?.pop())
}

/// Every team that the permission reaches, by name, with all members. Organisations have few teams. Two statements.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn all(on: &impl Readable, grant: &Grant) -> Result<Vec<Team>, StoreError> {
    let by_name = team::Entity::find().filter(seen(grant)).order_by_asc(team::Column::Name).order_by_asc(team::Column::Id);
    with_members(on, by_name.all(on.conn()).await?).await
}

/// A page of the teams that the permission reaches, by key. Two statements.
///
/// # Errors
/// [`StoreError::ForeignCursor`]; when the database fails or holds a corrupt row.
pub async fn page(on: &impl Readable, grant: &Grant, args: &PageArgs) -> Result<Page<Team>, StoreError> {
    let rows = BY_KEY.paged(team::Entity::find().filter(seen(grant)), args)?.all(on.conn()).await?;
    let keyed = rows.into_iter().map(|row| (vec![Key::Text(row.key.clone()), Key::Id(row.id)], row));
    let Page { items, has_next, has_previous } = BY_KEY.page(args, keyed.collect());
    let (cursors, rows): (Vec<_>, Vec<_>) = items.into_iter().unzip();
    let teams = with_members(on, rows).await?;
    Ok(Page { items: cursors.into_iter().zip(teams).collect(), has_next, has_previous })
}

/// The teams of some rows, in their order.
async fn with_members(on: &impl Readable, rows: Vec<team::Model>) -> Result<Vec<Team>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let members = team_member::Entity::find()
        .filter(team_member::Column::TeamId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(team_member::Column::UserId)
        .all(on.conn())
        .await?;
    let mut by_team: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for member in members {
        by_team.entry(member.team_id).or_default().push(member);
    }
    let with_own = |row: team::Model| {
        let own = by_team.remove(&row.id).unwrap_or_default();
        from_rows(&row, &own)
    };
    rows.into_iter().map(with_own).collect()
}

/// All teams with their active members, as routing sees them. Two statements.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn roster(on: &impl Readable) -> Result<Roster, StoreError> {
    let teams = team::Entity::find().all(on.conn()).await?;
    let active = Query::select()
        .column(user_account::Column::Id)
        .from(user_account::Entity)
        .and_where(user_account::Column::Status.eq(UserStatus::Active.as_str()))
        .to_owned();
    let members = team_member::Entity::find()
        .filter(team_member::Column::UserId.in_subquery(active))
        .order_by_asc(team_member::Column::UserId)
        .all(on.conn())
        .await?;
    let mut by_team: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for member in &members {
        by_team.entry(member.team_id).or_default().push(UserId::from(member.user_id));
    }
    let with_active = |row: team::Model| {
        let members = by_team.remove(&row.id).unwrap_or_default();
        let Team { id, department, countries, .. } = from_rows(&row, &[])?;
        Ok(RosterTeam { id, department, countries, members })
    };
    teams.into_iter().map(with_active).collect::<Result<_, _>>().map(Roster::new)
}

/// The teams of one user.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn teams_of(on: &impl Readable, user: UserId) -> Result<TeamsOf, StoreError> {
    Ok(teams_of_many(on, &[user]).await?.remove(&user).unwrap_or_default())
}

/// The teams of some users; users without a team are left out. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn teams_of_many(on: &impl Readable, users: &[UserId]) -> Result<BTreeMap<UserId, TeamsOf>, StoreError> {
    let mut of: BTreeMap<UserId, TeamsOf> = BTreeMap::new();
    if users.is_empty() {
        return Ok(of);
    }
    let rows = team_member::Entity::find()
        .filter(team_member::Column::UserId.is_in(users.iter().map(|user| user.uuid())))
        .order_by_asc(team_member::Column::TeamId)
        .all(on.conn())
        .await?;
    for row in rows {
        let Membership { user, rank } = membership(&row)?;
        let teams = of.entry(user).or_default();
        teams.teams.push(TeamId::from(row.team_id));
        match rank {
            MemberRank::Member => {}
            MemberRank::Manager => teams.managed.push(TeamId::from(row.team_id)),
        }
    }
    Ok(of)
}

/// A user with teams, as the access table wants it; without a partner's scopes, which come from a key. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn actor_of(on: &impl Readable, user: &User) -> Result<Actor, StoreError> {
    let TeamsOf { teams, managed } = teams_of(on, user.id).await?;
    Ok(Actor { user: user.id, role: user.role, teams, managed, partner_scopes: Vec::new() })
}

/// Stores a new team with its members.
///
/// # Errors
/// [`StoreError::Unique`] of `team(key)`; when a member does not exist; when the database fails.
pub async fn insert(uow: &UnitOfWork, new: &Team, now: DateTime<Utc>) -> Result<(), StoreError> {
    let row = to_row(new, now)?.into_active_model().reset_all();
    team::Entity::insert(row).exec_without_returning(uow.conn()).await?;
    if new.members.is_empty() {
        return Ok(());
    }
    let members = new.members.iter().map(|member| member_row(new.id, *member).into_active_model().reset_all());
    team_member::Entity::insert_many(members).exec_without_returning(uow.conn()).await?;
    Ok(())
}

fn member_row(team: TeamId, member: Membership) -> team_member::Model {
    team_member::Model { team_id: team.uuid(), user_id: member.user.uuid(), rank: member.rank.to_string() }
}

/// Writes a changed team over the version it was read at. Its members stay as they are.
///
/// # Errors
/// [`StoreError::VersionConflict`]; [`StoreError::Unique`] of `team(key)`; when the database fails.
pub async fn update(uow: &UnitOfWork, changed: &Team, expected_version: u32, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut row = to_row(changed, now)?.into_active_model().reset_all();
    row.id = NotSet;
    row.created_at = NotSet;
    let columns = Versioned { id: team::Column::Id, version: team::Column::Version };
    write_over(uow, columns, changed.id.uuid(), expected_version, row).await
}

/// Puts a user into a team, or changes the rank there; false when it was so before. The team is one version on when it was not.
///
/// # Errors
/// When the team or the user does not exist, or the database fails.
pub async fn put_member(uow: &UnitOfWork, team: TeamId, member: Membership, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let row = member_row(team, member);
    let key = (row.team_id, row.user_id);
    let found = team_member::Entity::find_by_id(key).one(uow.conn()).await?;
    match found {
        Some(known) if known.rank == row.rank => return Ok(false),
        Some(_) => {
            let changed = team_member::ActiveModel { rank: sea_orm::Set(row.rank), ..Default::default() };
            let whose = team_member::Column::TeamId.eq(key.0).and(team_member::Column::UserId.eq(key.1));
            team_member::Entity::update_many().set(changed).filter(whose).exec(uow.conn()).await?;
        }
        None => {
            team_member::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(uow.conn()).await?;
        }
    }
    advance(uow, team, now).await?;
    Ok(true)
}

/// Takes a user out of a team; false when the user was not in it. The team is one version on when the user was.
///
/// # Errors
/// When the database fails.
pub async fn remove_member(uow: &UnitOfWork, team: TeamId, user: UserId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let gone = team_member::Entity::delete_by_id((team.uuid(), user.uuid())).exec(uow.conn()).await?;
    if gone.rows_affected == 0 {
        return Ok(false);
    }
    advance(uow, team, now).await?;
    Ok(true)
}

/// Members are part of the team: with them its version goes on.
async fn advance(uow: &UnitOfWork, team: TeamId, now: DateTime<Utc>) -> Result<(), StoreError> {
    team::Entity::update_many()
        .col_expr(team::Column::Version, Expr::col(team::Column::Version).add(1))
        .col_expr(team::Column::UpdatedAt, Expr::value(now))
        .filter(team::Column::Id.eq(team.uuid()))
        .exec(uow.conn())
        .await?;
    Ok(())
}
