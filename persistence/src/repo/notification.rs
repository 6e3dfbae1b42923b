//! What colleagues were told. Everybody reads their own: each finder takes the user.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use fairfall_domain::id::{EventId, NotificationId, UserId};
use fairfall_domain::notification::{Notification, NotificationSettings};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::notification::{COLUMNS, READ, definition, read, settings_of, values};
use crate::mapper::stored::to_count;
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::recordset::{self, Recordset, push_among};
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;

/// Where [`unread`] ends to count.
pub const COUNTED_MAX: u32 = 10_000;

const NEWEST: Keyset = Keyset {
    name: "notification.newest",
    columns: &[("notification.at", KeyKind::Time), ("notification.id", KeyKind::Id)],
    direction: Direction::Descending,
};

/// Which notifications a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    All,
    /// Those that were not read.
    Unread,
}

/// Which notifications were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadWhat {
    /// These.
    These(Vec<NotificationId>),
    /// This one and all before it.
    UpTo(NotificationId),
}

/// Keeps notifications; whoever was told of an event already is not told again. One statement on `PostgreSQL`.
///
/// # Errors
/// As the database tells.
pub async fn insert(uow: &UnitOfWork, told: &[Notification]) -> Result<(), StoreError> {
    let rows: Result<Vec<_>, StoreError> = told.iter().map(values).collect();
    let tail = " ON CONFLICT (user_id, event_id) DO NOTHING";
    recordset::insert(uow, "notification", &Recordset { columns: COLUMNS, rows: rows? }, tail).await.map(drop)
}

fn of_user(user: UserId, which: Which) -> Sql {
    let mut sql = Sql::new(format!("SELECT {READ} FROM notification WHERE notification.user_id = "));
    sql.bind(user.uuid()).push(match which {
        Which::All => "",
        Which::Unread => " AND notification.read_at IS NULL",
    });
    sql
}

fn all(rows: &[QueryResult]) -> Result<Vec<Notification>, StoreError> {
    rows.iter().map(|row| read(&mut Columns::of(row))).collect()
}

/// What asks for a page.
pub(crate) fn page_statement(user: UserId, which: Which, args: &PageArgs) -> Result<Sql, StoreError> {
    let mut sql = of_user(user, which);
    NEWEST.restrict(&mut sql, args)?;
    NEWEST.order(&mut sql, args);
    Ok(sql)
}

/// A page of what a user was told, the newest first.
///
/// # Errors
/// [`StoreError::ForeignCursor`], [`StoreError::Corrupt`], or as the database tells.
pub async fn page(on: &impl Readable, user: UserId, which: Which, args: &PageArgs) -> Result<Page<Notification>, StoreError> {
    let found = all(&page_statement(user, which, args)?.all(on).await?)?;
    let keyed = found.into_iter().map(|told| (vec![Key::Time(told.at), Key::Id(told.id.uuid())], told));
    Ok(NEWEST.page(args, keyed.collect()))
}

/// How many notifications a user has not read, counted to [`COUNTED_MAX`].
///
/// # Errors
/// As the database tells.
pub async fn unread(on: &impl Readable, user: UserId) -> Result<u32, StoreError> {
    let mut sql = Sql::new("SELECT count(*) FROM (SELECT 1 FROM notification WHERE user_id = ");
    sql.bind(user.uuid()).push(" AND read_at IS NULL LIMIT ").push(&COUNTED_MAX.to_string()).push(") AS unread");
    let Some(row) = sql.one(on).await? else { return Ok(0) };
    Ok(u32::try_from(Columns::of(&row).next::<i64>()?).unwrap_or(COUNTED_MAX))
}

/// Some notifications of a user, in no order.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn find_many(on: &impl Readable, user: UserId, ids: &[NotificationId]) -> Result<Vec<Notification>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = of_user(user, Which::All);
    sql.push(" AND ");
    push_among(&mut sql, on, "notification.id", ids.iter().map(|id| id.uuid()));
    all(&sql.all(on).await?)
}

/// What a user was told of some events, in no order.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn of_events(on: &impl Readable, user: UserId, events: &[EventId]) -> Result<Vec<Notification>, StoreError> {
    if events.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = of_user(user, Which::All);
    sql.push(" AND ");
    push_among(&mut sql, on, "notification.event_id", events.iter().map(|event| event.uuid()));
    all(&sql.all(on).await?)
}

/// Who was told of some events.
///
/// # Errors
/// As the database tells.
pub async fn told_of(on: &impl Readable, events: &[EventId]) -> Result<BTreeMap<EventId, BTreeSet<UserId>>, StoreError> {
    let mut told: BTreeMap<EventId, BTreeSet<UserId>> = BTreeMap::new();
    if events.is_empty() {
        return Ok(told);
    }
    let mut sql = Sql::new("SELECT event_id, user_id FROM notification WHERE ");
    push_among(&mut sql, on, "event_id", events.iter().map(|event| event.uuid()));
    for row in sql.all(on).await? {
        let mut columns = Columns::of(&row);
        let event = EventId::from(columns.next::<Uuid>()?);
        told.entry(event).or_default().insert(UserId::from(columns.next::<Uuid>()?));
    }
    Ok(told)
}

/// Notes that a user read notifications; tells how many were unread until now.
///
/// # Errors
/// As the database tells.
pub async fn mark_read(uow: &UnitOfWork, user: UserId, what: &ReadWhat, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let mut sql = Sql::new("UPDATE notification SET read_at = ");
    sql.bind(now).push(" WHERE user_id = ").bind(user.uuid()).push(" AND read_at IS NULL AND ");
    match what {
        ReadWhat::These(ids) if ids.is_empty() => return Ok(0),
        ReadWhat::These(ids) => push_among(&mut sql, uow, "id", ids.iter().map(|id| id.uuid())),
        ReadWhat::UpTo(id) => {
            sql.push("(at, id) <= (SELECT last.at, last.id FROM notification AS last WHERE last.user_id = ");
            sql.bind(user.uuid()).push(" AND last.id = ").bind(id.uuid()).push(")");
        }
    }
    sql.run(uow).await
}

/// Forgets at most `limit` notifications that were read before a time, or that nobody read and that are from before another; tells how many.
///
/// # Errors
/// As the database tells.
pub async fn prune(
    uow: &UnitOfWork,
    read_before: DateTime<Utc>,
    told_before: DateTime<Utc>,
    limit: u32,
) -> Result<u64, StoreError> {
    let mut gone = 0;
    for (column, before) in [("read_at", read_before), ("at", told_before)] {
        let mut sql = Sql::new(format!("DELETE FROM notification WHERE id IN (SELECT id FROM notification WHERE {column} < "));
        sql.bind(before).push(&format!(" ORDER BY {column} LIMIT {limit})"));
        gone += sql.run(uow).await?;
    }
    Ok(gone)
}

/// How a user wants to be told.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn settings(on: &impl Readable, user: UserId) -> Result<NotificationSettings, StoreError> {
    let mut sql = Sql::new("SELECT version, definition FROM notification_setting WHERE user_id = ");
    sql.bind(user.uuid());
    let Some(row) = sql.one(on).await? else { return Ok(NotificationSettings::unsaid(user)) };
    let mut columns = Columns::of(&row);
    settings_of(user, Some(columns.next()?), Some(&columns.next::<String>()?))
}

/// Writes how a user wants to be told, over the version that was read: 0 when nothing was ever said.
///
/// # Errors
/// [`StoreError::VersionConflict`], or as the database tells.
pub async fn put_settings(
    uow: &UnitOfWork,
    changed: &NotificationSettings,
    expected_version: u32,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut sql = Sql::new("INSERT INTO notification_setting (user_id, version, definition, updated_at) VALUES (");
    sql.bind(changed.user.uuid()).push(", ").bind(to_count(changed.version)?).push(", ").bind(definition(changed)?);
    sql.push(", ").bind(now).push(") ON CONFLICT (user_id) DO UPDATE SET version = excluded.version, ");
    sql.push("definition = excluded.definition, updated_at = excluded.updated_at WHERE notification_setting.version = ");
    sql.bind(to_count(expected_version)?);
    if sql.run(uow).await? > 0 {
        return Ok(());
    }
    Err(StoreError::VersionConflict { current: Some(settings(uow, changed.user).await?.version) })
}
