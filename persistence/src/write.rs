//! Writing several tables at once.
//!
//! On `PostgreSQL` all parts are one statement of data-modifying `WITH` queries: one round trip for a whole act. SQLite knows no such
//! statements, and its round trips cost nothing: there each part is a statement of the same transaction.

use std::borrow::Cow;

use sea_orm::{EntityTrait, IdenStatic, Iterable, ModelTrait, Value};
use uuid::Uuid;

use crate::error::StoreError;
use crate::sql::Sql;
use crate::store::Backend;
use crate::unit_of_work::UnitOfWork;

/// Rows of one bulk statement, at most. Fewer than the database could take: the same few texts are prepared again and again.
const BULK_ROWS_MAX: usize = 64;

type ColumnNames = Cow<'static, [&'static str]>;

/// A change of one table.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// New rows.
    Insert { table: &'static str, columns: ColumnNames, rows: Vec<Vec<Value>> },
    /// A row that is new, or replaces the one with its id (the first column).
    Upsert { table: &'static str, columns: ColumnNames, row: Vec<Value> },
    /// New values for the row with an id.
    Update { table: &'static str, columns: ColumnNames, values: Vec<Value>, id: Uuid },
}

impl Part {
    /// New rows of columns known at compile time.
    pub(crate) const fn insert(table: &'static str, columns: &'static [&'static str], rows: Vec<Vec<Value>>) -> Self {
        Self::Insert { table, columns: Cow::Borrowed(columns), rows }
    }

    /// New values for one row.
    pub(crate) const fn update(table: &'static str, columns: &'static [&'static str], values: Vec<Value>, id: Uuid) -> Self {
        Self::Update { table, columns: Cow::Borrowed(columns), values, id }
    }

    /// New rows of an entity.
    pub(crate) fn insert_models<M: ModelTrait>(table: &'static str, models: &[M]) -> Self {
        Self::Insert { table, columns: Cow::Owned(columns_of::<M>()), rows: models.iter().map(values_of).collect() }
    }

    /// A row of an entity, new or not.
    pub(crate) fn upsert_model<M: ModelTrait>(table: &'static str, model: &M) -> Self {
        Self::Upsert { table, columns: Cow::Owned(columns_of::<M>()), row: values_of(model) }
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Insert { rows, .. } if rows.is_empty())
    }

    /// Writes the statement; with `guarded`, it does nothing unless the row of the guard was there.
    fn write(&self, sql: &mut Sql, guarded: Guarded) {
        match self {
            Self::Insert { table, columns, rows } => insert(sql, table, columns, rows, guarded),
            Self::Upsert { table, columns, row } => {
                insert(sql, table, columns, std::slice::from_ref(row), guarded);
                let kept: Vec<String> = columns.iter().skip(1).map(|name| format!("{name} = excluded.{name}")).collect();
                sql.push(" ON CONFLICT (id) DO UPDATE SET ").push(&kept.join(", "));
            }
            Self::Update { table, columns, values, id } => {
                set(sql, table, columns, values);
                sql.push(" WHERE id = ").bind(*id);
                if guarded == Guarded::Yes {
                    sql.push(" AND EXISTS (SELECT 1 FROM guard)");
                }
            }
        }
    }
}

fn columns_of<M: ModelTrait>() -> Vec<&'static str> {
    <M::Entity as EntityTrait>::Column::iter().map(|column| column.as_str()).collect()
}

fn values_of<M: ModelTrait>(model: &M) -> Vec<Value> {
    <M::Entity as EntityTrait>::Column::iter().map(|column| model.get(column)).collect()
}

fn set(sql: &mut Sql, table: &str, columns: &[&str], values: &[Value]) {
    sql.push("UPDATE ").push(table).push(" SET ");
    for (index, (column, value)) in columns.iter().zip(values).enumerate() {
        if index > 0 {
            sql.push(", ");
        }
        sql.push(column).push(" = ").bind(value.clone());
    }
}

fn insert(sql: &mut Sql, table: &str, columns: &[&str], rows: &[Vec<Value>], guarded: Guarded) {
    sql.push("INSERT INTO ").push(table).push(" (").push(&columns.join(", ")).push(") ");
    if guarded == Guarded::Yes {
        sql.push("SELECT * FROM (");
    }
    sql.push("VALUES ");
    for (index, row) in rows.iter().enumerate() {
        sql.push(if index > 0 { ", (" } else { "(" }).bind_list(row.iter().cloned()).push(")");
    }
    if guarded == Guarded::Yes {
        sql.push(") AS fresh WHERE EXISTS (SELECT 1 FROM guard)");
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Guarded {
    No,
    Yes,
}

/// The row whose version decides whether anything is written.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    pub(crate) table: &'static str,
    pub(crate) columns: &'static [&'static str],
    pub(crate) values: Vec<Value>,
    pub(crate) id: Uuid,
    pub(crate) version: i32,
}

impl Guard {
    fn write(&self, sql: &mut Sql) {
        set(sql, self.table, self.columns, &self.values);
        sql.push(" WHERE id = ").bind(self.id).push(" AND version = ").bind(self.version);
    }
}

/// Writes all parts if the guard's row is there at its version; tells whether it was.
pub(crate) async fn guarded(uow: &UnitOfWork, guard: Guard, parts: Vec<Part>) -> Result<bool, StoreError> {
    match uow.backend() {
        Backend::Postgres => {
            let mut sql = Sql::new("WITH guard AS (");
            guard.write(&mut sql);
            sql.push(" RETURNING 1)");
            for (index, part) in parts.iter().filter(|part| !part.is_empty()).enumerate() {
                sql.push(&format!(", w{index} AS ("));
                part.write(&mut sql, Guarded::Yes);
                sql.push(")");
            }
            sql.push(" SELECT 1 FROM guard");
            Ok(sql.one(uow).await?.is_some())
        }
        Backend::Sqlite => {
            let mut sql = Sql::new("");
            guard.write(&mut sql);
            let there = sql.run(uow).await? > 0;
            if there {
                one_by_one(uow, &parts).await?;
            }
            Ok(there)
        }
    }
}

/// Writes all parts, few rows each.
pub(crate) async fn together(uow: &UnitOfWork, parts: Vec<Part>) -> Result<(), StoreError> {
    match uow.backend() {
        Backend::Postgres => {
            let mut sql = Sql::new("WITH ");
            for (index, part) in parts.iter().filter(|part| !part.is_empty()).enumerate() {
                sql.push(&if index > 0 { format!(", w{index} AS (") } else { "w0 AS (".to_owned() });
                part.write(&mut sql, Guarded::No);
                sql.push(")");
            }
            sql.push(" SELECT 1");
            sql.one(uow).await?;
            Ok(())
        }
        Backend::Sqlite => one_by_one(uow, &parts).await,
    }
}

async fn one_by_one(uow: &UnitOfWork, parts: &[Part]) -> Result<(), StoreError> {
    for part in parts.iter().filter(|part| !part.is_empty()) {
        let mut sql = Sql::new("");
        part.write(&mut sql, Guarded::No);
        sql.run(uow).await?;
    }
    Ok(())
}

/// Writes many new rows in statements of 64, 32, ... 1 rows, so that the texts to prepare are few.
pub(crate) async fn bulk(uow: &UnitOfWork, part: Part) -> Result<(), StoreError> {
    let Part::Insert { table, columns, rows } = part else { return one_by_one(uow, &[part]).await };
    let mut size = BULK_ROWS_MAX.min(uow.backend().binds_max() / columns.len().max(1)).max(1);
    let mut rest = rows.as_slice();
    while !rest.is_empty() {
        if rest.len() < size {
            size /= 2;
            continue;
        }
        let (now, later) = rest.split_at(size);
        let mut sql = Sql::bulky(uow.backend());
        insert(&mut sql, table, &columns, now, Guarded::No);
        sql.run(uow).await?;
        rest = later;
    }
    Ok(())
}
