//! Everything that a database holds, as text: to be compared before and after.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::readable::Readable;
use crate::sql::{Columns, Sql};
use crate::{Backend, UnitOfWork};

/// Rows by table, each as JSON, sorted.
pub(super) type Dump = BTreeMap<String, Vec<String>>;

async fn names(on: &impl Readable, sql: Sql) -> Vec<String> {
    sql.all(on).await.unwrap().iter().map(|row| Columns::of(row).next().unwrap()).collect()
}

async fn tables(on: &impl Readable) -> Vec<String> {
    let sql = match on.database() {
        Backend::Postgres => "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
        Backend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1",
    };
    names(on, Sql::new(sql)).await
}

async fn rows(on: &impl Readable, table: &str) -> Vec<String> {
    let sql = match on.database() {
        Backend::Postgres => Sql::new(format!("SELECT row_to_json(whole)::text FROM {table} AS whole")),
        Backend::Sqlite => {
            let columns = names(on, Sql::new(format!("SELECT name FROM pragma_table_info('{table}')"))).await;
            let shown =
                |name: &String| format!("'{name}', CASE WHEN typeof({name}) = 'blob' THEN lower(hex({name})) ELSE {name} END");
            let shown: Vec<String> = columns.iter().map(shown).collect();
            Sql::new(format!("SELECT json_object({}) FROM {table}", shown.join(", ")))
        }
    };
    let mut rows = names(on, sql).await;
    rows.sort();
    rows
}

/// Every row of every table but the `except`ed ones; of `counted` tables without version and time of change.
pub(super) async fn whole(uow: &UnitOfWork, except: &[&str], counted: &[&str]) -> Dump {
    let mut dump = Dump::new();
    for table in tables(uow).await {
        if except.contains(&table.as_str()) {
            continue;
        }
        let mut found = rows(uow, &table).await;
        if counted.contains(&table.as_str()) {
            found = found.iter().map(|row| plain(row)).collect();
            found.sort();
        }
        dump.insert(table, found);
    }
    dump
}

fn plain(row: &str) -> String {
    let Ok(Json::Object(mut fields)) = serde_json::from_str(row) else { panic!("no row: {row}") };
    fields.remove("version");
    fields.remove("updated_at");
    Json::Object(fields).to_string()
}

/// The tables in which two dumps differ, with the rows that only one has.
pub(super) fn difference(one: &Dump, other: &Dump) -> Vec<String> {
    let mut found = Vec::new();
    for (table, rows) in one {
        let others = &other[table];
        found.extend(rows.iter().filter(|row| !others.contains(row)).map(|row| format!("- {table} {row}")));
        found.extend(others.iter().filter(|row| !rows.contains(row)).map(|row| format!("+ {table} {row}")));
    }
    found
}
