//! Many rows in one statement.
//!
//! On `PostgreSQL` all rows travel as one JSON text, so that one prepared text serves any number of them; arrays would do as well but that the
//! driver takes none with nulls in them. SQLite takes rows of values, whose statements cost no round trip.

use chrono::SecondsFormat;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::error::StoreError;
use crate::readable::Readable;
use crate::sql::Sql;
use crate::store::Backend;
use crate::unit_of_work::UnitOfWork;

/// Rows of one statement on SQLite.
const SQLITE_ROWS_MAX: usize = 250;

/// Rows with the names and `PostgreSQL` types of their columns.
#[derive(Clone, Debug)]
pub(crate) struct Recordset {
    pub(crate) columns: &'static [(&'static str, &'static str)],
    pub(crate) rows: Vec<Vec<Value>>,
}

impl Recordset {
    fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// Adds the rows as a source called `fresh`.
    fn push_source(&self, sql: &mut Sql) -> Result<(), StoreError> {
        let definitions: Vec<String> = self.columns.iter().map(|(name, kind)| format!("{name} {kind}")).collect();
        sql.push("json_to_recordset(").bind(self.json()?).push("::json) AS fresh (").push(&definitions.join(", ")).push(")");
        Ok(())
    }

    fn json(&self) -> Result<String, StoreError> {
        let row = |values: &Vec<Value>| -> Result<serde_json::Value, StoreError> {
            let fields = self.columns.iter().zip(values).map(|((name, _), value)| Ok(((*name).to_owned(), json_of(value)?)));
            Ok(serde_json::Value::Object(fields.collect::<Result<_, StoreError>>()?))
        };
        let rows: Result<Vec<_>, StoreError> = self.rows.iter().map(row).collect();
        Ok(serde_json::Value::Array(rows?).to_string())
    }
}

fn json_of(value: &Value) -> Result<serde_json::Value, StoreError> {
    Ok(match value {
        Value::Uuid(uuid) => uuid.map(|uuid: Uuid| uuid.to_string()).into(),
        Value::String(text) => text.clone().into(),
        Value::SmallInt(number) => (*number).into(),
        Value::Int(number) => (*number).into(),
        Value::BigInt(number) => (*number).into(),
        Value::ChronoDate(day) => day.map(|day| day.to_string()).into(),
        Value::ChronoDateTimeUtc(at) => at.map(|at| at.to_rfc3339_opts(SecondsFormat::Micros, true)).into(),
        _ => return Err(StoreError::unstorable("recordset")),
    })
}

/// Inserts rows; `tail` is what comes after them, such as what to do on a conflict. Answers what the tail returns.
pub(crate) async fn insert(uow: &UnitOfWork, table: &str, set: &Recordset, tail: &str) -> Result<Vec<QueryResult>, StoreError> {
    if set.rows.is_empty() {
        return Ok(Vec::new());
    }
    let head = format!("INSERT INTO {table} ({}) ", set.names());
    match uow.backend() {
        Backend::Postgres => {
            let mut sql = Sql::new(head);
            sql.push("SELECT * FROM ");
            set.push_source(&mut sql)?;
            sql.push(tail);
            sql.all(uow).await
        }
        Backend::Sqlite => {
            let mut answered = Vec::new();
            for rows in set.rows.chunks(SQLITE_ROWS_MAX) {
                let mut sql = Sql::new(head.clone());
                sql.push("VALUES ");
                for (index, row) in rows.iter().enumerate() {
                    sql.push(if index > 0 { ", (" } else { "(" }).bind_list(row.iter().cloned()).push(")");
                }
                sql.push(tail);
                answered.extend(sql.all(uow).await?);
            }
            Ok(answered)
        }
    }
}

/// Gives rows that are there their new values, by the first column.
pub(crate) async fn update(uow: &UnitOfWork, table: &str, set: &Recordset) -> Result<(), StoreError> {
    let Some((key, _)) = set.columns.first().filter(|_| !set.rows.is_empty()) else { return Ok(()) };
    match uow.backend() {
        Backend::Postgres => {
            let changes: Vec<String> = set.columns.iter().skip(1).map(|(name, _)| format!("{name} = fresh.{name}")).collect();
            let mut sql = Sql::new(format!("UPDATE {table} SET {} FROM ", changes.join(", ")));
            set.push_source(&mut sql)?;
            sql.push(&format!(" WHERE {table}.{key} = fresh.{key}"));
            sql.run(uow).await?;
        }
        Backend::Sqlite => {
            for row in &set.rows {
                let mut sql = Sql::new(format!("UPDATE {table} SET "));
                for (index, ((name, _), value)) in set.columns.iter().zip(row).skip(1).enumerate() {
                    sql.push(if index > 0 { ", " } else { "" }).push(name).push(" = ").bind(value.clone());
                }
                sql.push(" WHERE ").push(key).push(" = ").bind_list(row.first().cloned());
                sql.run(uow).await?;
            }
        }
    }
    Ok(())
}

/// Adds the condition that a column has one of some ids: one text for any number of them on `PostgreSQL`.
pub(crate) fn push_among(sql: &mut Sql, on: &impl Readable, column: &str, ids: impl IntoIterator<Item = Uuid>) {
    let ids = ids.into_iter();
    sql.push(column);
    match on.database() {
        Backend::Postgres => {
            sql.push(" = ANY(").bind(ids.collect::<Vec<Uuid>>()).push(")");
        }
        Backend::Sqlite => {
            sql.push(" IN (").bind_list(ids.map(Value::from)).push(")");
        }
    }
}
