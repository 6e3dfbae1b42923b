//! Calendars: when an organisation, its teams and its colleagues work.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use fairfall_domain::id::CalendarId;
use fairfall_domain::sla::calendar::{CalendarLevel, HolidayRegion};
use fairfall_domain::sla::{CalendarBook, CalendarOwner, WorkCalendar};
use sea_orm::Value;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::calendar::{COLUMNS, READ, read, values};
use crate::mapper::stored::to_count;
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::repo::{holiday, locks};
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;

const BY_NAME: Keyset = Keyset {
    name: "calendar.name",
    columns: &[("calendar.name", KeyKind::Text), ("calendar.id", KeyKind::Id)],
    direction: Direction::Ascending,
};

/// Every calendar, in no order: what deciding reads.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn all(on: &impl Readable) -> Result<Vec<WorkCalendar>, StoreError> {
    read_all(on, Sql::new(format!("SELECT {READ} FROM calendar"))).await
}

/// Some calendars of the levels that may be seen, in no order; unknown ids are left out. One statement.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn find_many(
    on: &impl Readable,
    levels: &[CalendarLevel],
    ids: &[CalendarId],
) -> Result<Vec<WorkCalendar>, StoreError> {
    if ids.is_empty() || levels.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = of_levels(levels);
    sql.push(" AND calendar.id IN (").bind_list(ids.iter().map(|id| Value::from(id.uuid()))).push(")");
    read_all(on, sql).await
}

/// A page of calendars of the levels that may be seen, by name.
///
/// # Errors
/// [`StoreError::ForeignCursor`], [`StoreError::Corrupt`], or as the database tells.
pub async fn page(on: &impl Readable, levels: &[CalendarLevel], args: &PageArgs) -> Result<Page<WorkCalendar>, StoreError> {
    if levels.is_empty() {
        return Ok(Page::empty());
    }
    let mut sql = of_levels(levels);
    BY_NAME.restrict(&mut sql, args)?;
    BY_NAME.order(&mut sql, args);
    let calendars = read_all(on, sql).await?.into_iter();
    let keyed = calendars.map(|calendar| (vec![Key::Text(calendar.name.to_string()), Key::Id(calendar.id.uuid())], calendar));
    Ok(BY_NAME.page(args, keyed.collect()))
}

/// The calendar of an owner, if there is one of its own.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn of_owner(on: &impl Readable, owner: CalendarOwner) -> Result<Option<WorkCalendar>, StoreError> {
    let mut sql = of_levels(&[owner.level()]);
    if let Some(id) = id_of(owner) {
        sql.push(" AND calendar.owner_id = ").bind(id);
    }
    Ok(read_all(on, sql).await?.pop())
}

/// The calendar of an owner for a change of it: others who want to change it, or make it, wait until the unit of work ends.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn load_for_command(uow: &UnitOfWork, owner: CalendarOwner) -> Result<Option<WorkCalendar>, StoreError> {
    let key = id_of(owner).map_or_else(String::new, |id| id.to_string());
    locks::hold(uow, "calendar", &[&format!("{}:{key}", owner.level())]).await?;
    of_owner(uow, owner).await
}

/// Stores a new calendar.
///
/// # Errors
/// [`StoreError::Unique`] when the owner has one; when the database fails.
pub async fn insert(uow: &UnitOfWork, new: &WorkCalendar, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut sql = Sql::new(format!("INSERT INTO calendar ({}, created_at) VALUES (", COLUMNS.join(", ")));
    sql.bind_list(values(new)?.into_iter().chain([now.into()])).push(")");
    sql.run(uow).await.map(drop)
}

/// Writes a changed calendar over the version it was read at.
///
/// # Errors
/// [`StoreError::VersionConflict`]; when the database fails.
pub async fn update(uow: &UnitOfWork, changed: &WorkCalendar, expected_version: u32) -> Result<(), StoreError> {
    let mut sql = Sql::new("UPDATE calendar SET ");
    for (index, (column, value)) in COLUMNS.iter().zip(values(changed)?).skip(1).enumerate() {
        sql.push(if index > 0 { ", " } else { "" }).push(column).push(" = ").bind(value);
    }
    sql.push(" WHERE id = ").bind(changed.id.uuid()).push(" AND version = ").bind(to_count(expected_version)?);
    if sql.run(uow).await? > 0 { Ok(()) } else { Err(conflict(uow, changed.id).await?) }
}

/// Removes a calendar at the version it was read at, so that the next level counts again.
///
/// # Errors
/// [`StoreError::VersionConflict`]; when the database fails.
pub async fn delete(uow: &UnitOfWork, id: CalendarId, expected_version: u32) -> Result<(), StoreError> {
    let mut sql = Sql::new("DELETE FROM calendar WHERE id = ");
    sql.bind(id.uuid()).push(" AND version = ").bind(to_count(expected_version)?);
    if sql.run(uow).await? > 0 { Ok(()) } else { Err(conflict(uow, id).await?) }
}

async fn conflict(uow: &UnitOfWork, id: CalendarId) -> Result<StoreError, StoreError> {
    let mut sql = Sql::new("SELECT version FROM calendar WHERE id = ");
    sql.bind(id.uuid());
    let current = sql.one(uow).await?.map(|row| Columns::of(&row).next::<i32>()).transpose()?;
    Ok(StoreError::VersionConflict { current: current.and_then(|version| u32::try_from(version).ok()) })
}

/// All calendars with their hours worked out. Two statements, however many calendars there are.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn book(on: &impl Readable) -> Result<CalendarBook, StoreError> {
    let calendars = all(on).await?;
    let regions: BTreeSet<HolidayRegion> = calendars.iter().filter_map(|calendar| calendar.holidays).collect();
    let holidays = holiday::days_off(on, &regions).await?;
    let days_of = |calendar: &WorkCalendar| calendar.holidays.and_then(|region| holidays.get(&region)).into_iter().flatten();
    let ready = calendars.into_iter().map(|calendar| {
        let time = calendar.business_time(days_of(&calendar).copied());
        (calendar, time)
    });
    Ok(CalendarBook::new(ready))
}

fn of_levels(levels: &[CalendarLevel]) -> Sql {
    let mut sql = Sql::new(format!("SELECT {READ} FROM calendar WHERE calendar.level IN ("));
    sql.bind_list(levels.iter().map(|level| level.as_str().into())).push(")");
    sql
}

const fn id_of(owner: CalendarOwner) -> Option<Uuid> {
    match owner {
        CalendarOwner::Organisation => None,
        CalendarOwner::Team(team) => Some(team.uuid()),
        CalendarOwner::User(user) => Some(user.uuid()),
    }
}

async fn read_all(on: &impl Readable, sql: Sql) -> Result<Vec<WorkCalendar>, StoreError> {
    sql.all(on).await?.iter().map(|row| read(&mut Columns::of(row))).collect()
}
