//! Clocks whose time has come: found by the index on when to look next, each by one worker, however many look.
//!
//! INVARIANT: who changes a clock holds its row. A worker that needs no lead takes the rows that nobody holds; one that needs the lead too takes
//! the lead first, and passes over a lead that somebody holds.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use fairfall_domain::access::Role;
use fairfall_domain::department::Department;
use fairfall_domain::id::{CalendarId, ClockId, LeadId, TeamId, UserId};
use fairfall_domain::notification::NotificationSettings;
use fairfall_domain::sla::Clock;
use fairfall_domain::team::MemberRank;
use fairfall_domain::user::UserStatus;
use fairfall_domain::value::{EmailAddress, LanguageTag};
use sea_orm::Value;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::clock::{READ, read};
use crate::mapper::lead::{NEVER_DUE, text};
use crate::mapper::notification::settings_of;
use crate::mapper::stored::Stored;
use crate::readable::Readable;
use crate::recordset::{self, Recordset, push_among};
use crate::repo::locks::skip_locked;
use crate::sql::{Columns, Sql};
use crate::store::Backend;
use crate::unit_of_work::UnitOfWork;

/// A clock whose time has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueClock {
    /// The clock, or why it cannot be read.
    pub clock: Result<Clock, StoreError>,
    /// Its id.
    pub id: ClockId,
    /// Its lead.
    pub lead: LeadId,
    /// The lead's version.
    pub lead_version: u32,
}

/// When the earliest clock must be looked at. One look into an index, however many clocks there are.
///
/// # Errors
/// As the database tells.
pub async fn next_at(on: &impl Readable) -> Result<Option<DateTime<Utc>>, StoreError> {
    let row = Sql::new("SELECT next_at FROM clock WHERE next_at IS NOT NULL ORDER BY next_at, id LIMIT 1").one(on).await?;
    row.map(|row| Columns::of(&row).next()).transpose()
}

/// What asks for clocks whose time has come, without the lock.
pub(crate) fn due_statement(now: DateTime<Utc>, limit: u32) -> Sql {
    let mut sql = Sql::new("SELECT clock.id, clock.lead_id, (SELECT version FROM lead WHERE lead.id = clock.lead_id), ");
    sql.push(READ).push(" FROM clock WHERE clock.next_at <= ").bind(now);
    sql.push(" ORDER BY clock.next_at, clock.id LIMIT ").push(&limit.to_string());
    sql
}

/// Takes clocks whose time has come, the longest due first, at most `limit`. What another worker or an act holds is passed over.
///
/// # Errors
/// As the database tells. A clock that cannot be read does not hold up the others.
pub async fn take_due(uow: &UnitOfWork, now: DateTime<Utc>, limit: u32) -> Result<Vec<DueClock>, StoreError> {
    let mut sql = due_statement(now, limit);
    sql.push(skip_locked(uow));
    let mut found = Vec::new();
    for row in sql.all(uow).await? {
        let mut columns = Columns::of(&row);
        let id = ClockId::from(columns.next::<Uuid>()?);
        let lead = LeadId::from(columns.next::<Uuid>()?);
        let lead_version = Stored::new("clock", id).count("lead_id", columns.next::<i32>()?)?;
        found.push(DueClock { clock: read(&mut columns), id, lead, lead_version });
    }
    Ok(found)
}

/// Which clocks are due, with their leads, the longest due first, at most `limit`.
///
/// # Errors
/// As the database tells.
pub async fn due_ids(on: &impl Readable, now: DateTime<Utc>, limit: u32) -> Result<Vec<(ClockId, LeadId)>, StoreError> {
    let mut sql = Sql::new("SELECT id, lead_id FROM clock WHERE next_at <= ");
    sql.bind(now).push(" ORDER BY next_at, id LIMIT ").push(&limit.to_string());
    let pair = |row| {
        let mut columns = Columns::of(row);
        Ok((ClockId::from(columns.next::<Uuid>()?), LeadId::from(columns.next::<Uuid>()?)))
    };
    sql.all(on).await?.iter().map(pair).collect()
}

/// What climbing changes, with the types of `PostgreSQL`.
const CLIMBED: &[(&str, &str)] = &[
    ("id", "uuid"),
    ("state", "text"),
    ("climbed_percent", "smallint"),
    ("due_at", "timestamptz"),
    ("next_at", "timestamptz"),
    ("breached_at", "timestamptz"),
    ("breached_team_id", "uuid"),
    ("breached_user_id", "uuid"),
    ("calendar_id", "uuid"),
];

/// Writes how far clocks were climbed and when to look next, and nothing else of them. One statement on `PostgreSQL`.
///
/// # Errors
/// As the database tells.
pub async fn put_climbed(uow: &UnitOfWork, clocks: &[Clock]) -> Result<(), StoreError> {
    let row = |clock: &Clock| -> Result<Vec<Value>, StoreError> {
        let climbed = i16::try_from(clock.climbed_percent).map_err(|_| StoreError::unstorable("climbed_percent"))?;
        Ok(vec![
            clock.id.uuid().into(),
            text(&clock.state()),
            climbed.into(),
            clock.due_at.into(),
            clock.next_at.into(),
            clock.breached_at.into(),
            clock.breached_by.and_then(|by| by.team).map(TeamId::uuid).into(),
            clock.breached_by.and_then(|by| by.person).map(UserId::uuid).into(),
            clock.calendar.map(CalendarId::uuid).into(),
        ])
    };
    let rows: Result<Vec<_>, StoreError> = clocks.iter().map(row).collect();
    recordset::update(uow, "clock", &Recordset { columns: CLIMBED, rows: rows? }).await
}

/// Takes the row of a lead, unless somebody holds it; tells whether it was taken.
///
/// # Errors
/// As the database tells.
pub async fn take_lead(uow: &UnitOfWork, lead: LeadId) -> Result<bool, StoreError> {
    let mut sql = Sql::new("SELECT 1 FROM lead WHERE id = ");
    sql.bind(lead.uuid()).push(skip_locked(uow));
    Ok(sql.one(uow).await?.is_some())
}

/// Looks at a clock again only after a time; not when somebody holds it, who then says when.
///
/// # Errors
/// As the database tells.
pub async fn put_off(uow: &UnitOfWork, clock: ClockId, until: DateTime<Utc>) -> Result<(), StoreError> {
    let mut sql = Sql::new("UPDATE clock SET next_at = ");
    sql.bind(until).push(" WHERE next_at IS NOT NULL AND id IN (SELECT id FROM clock WHERE id = ").bind(clock.uuid());
    sql.push(skip_locked(uow)).push(")");
    sql.run(uow).await?;
    Ok(())
}

/// Writes when the next promise about a lead is due, without another version of it. The caller holds the lead.
///
/// # Errors
/// As the database tells.
pub async fn put_next_due(uow: &UnitOfWork, lead: LeadId, due: Option<DateTime<Utc>>) -> Result<(), StoreError> {
    let mut sql = Sql::new("UPDATE lead SET next_due = ");
    sql.bind(due).push(", waits_due = CASE WHEN waits_since IS NULL THEN NULL ELSE ").bind(due.unwrap_or(NEVER_DUE));
    sql.push(cast_time(uow)).push(" END WHERE id = ").bind(lead.uuid());
    sql.run(uow).await?;
    Ok(())
}

/// A value within a `CASE` has no type that `PostgreSQL` could guess.
fn cast_time(uow: &UnitOfWork) -> &'static str {
    match uow.backend() {
        Backend::Postgres => "::timestamptz",
        Backend::Sqlite => "",
    }
}

/// A colleague who may be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Who.
    pub user: UserId,
    /// Where mails go.
    pub email: EmailAddress,
    /// The language to write in.
    pub language: LanguageTag,
    /// Which mails are wanted.
    pub settings: NotificationSettings,
}

/// Active colleagues, by what they are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staff {
    /// Everybody who is named below.
    pub people: BTreeMap<UserId, Recipient>,
    /// Who leads a team.
    pub team_managers: BTreeMap<TeamId, BTreeSet<UserId>>,
    /// The managers of a department.
    pub department_managers: BTreeMap<Department, BTreeSet<UserId>>,
}

/// The active ones of some colleagues, and the active managers of some teams and departments. One statement.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn staff(
    on: &impl Readable,
    users: &BTreeSet<UserId>,
    teams: &BTreeSet<TeamId>,
    departments: &BTreeSet<Department>,
) -> Result<Staff, StoreError> {
    let mut sql = Sql::new(
        "SELECT u.id, u.email, u.language, u.role, u.rank, m.team_id, s.version, s.definition FROM user_account AS u \
         LEFT JOIN team_member AS m ON m.user_id = u.id AND m.rank = ",
    );
    sql.bind(MemberRank::Manager.as_str()).push(" LEFT JOIN notification_setting AS s ON s.user_id = u.id WHERE u.status = ");
    sql.bind(UserStatus::Active.as_str()).push(" AND (");
    push_among(&mut sql, on, "u.id", users.iter().map(|user| user.uuid()));
    sql.push(" OR ");
    push_among(&mut sql, on, "m.team_id", teams.iter().map(|team| team.uuid()));
    for department in departments {
        let manager = Role::Manager(*department);
        sql.push(" OR (u.role = ").bind(manager.kind().as_str()).push(" AND u.rank = ").bind(manager.rank().as_str()).push(")");
    }
    sql.push(") ORDER BY u.id");
    let mut staff = Staff::default();
    for row in sql.all(on).await? {
        let mut columns = Columns::of(&row);
        let user = UserId::from(columns.next::<Uuid>()?);
        let stored = Stored::new("user_account", user);
        let email = stored.text("email", &columns.next::<String>()?)?;
        let language = stored.text("language", &columns.next::<String>()?)?;
        let (role, rank): (String, String) = (columns.next()?, columns.next()?);
        if let Some(team) = columns.next::<Option<Uuid>>()?.map(TeamId::from).filter(|team| teams.contains(team)) {
            staff.team_managers.entry(team).or_default().insert(user);
        }
        let led = |department: &&Department| {
            let manager = Role::Manager(**department);
            manager.kind().as_str() == role && manager.rank().as_str() == rank
        };
        if let Some(department) = departments.iter().find(led) {
            staff.department_managers.entry(*department).or_default().insert(user);
        }
        let settings = settings_of(user, columns.next()?, columns.next::<Option<String>>()?.as_deref())?;
        staff.people.insert(user, Recipient { user, email, language, settings });
    }
    Ok(staff)
}
