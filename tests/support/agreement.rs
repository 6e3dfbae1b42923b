//! Agreements as tests need them: written straight into the database, where a journey is not about how they come to be.

use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::Value;

use crate::TestApp;
use crate::database::TestDatabase;

/// Gives the shipped version of an agreement other clocks, in the form in which they are stored, and lets the server see them: its clock goes on by
/// three seconds, because rules are kept for two.
///
/// # Panics
/// When there is no such agreement.
pub async fn promise(app: &TestApp, key: &str, clocks: Value) {
    promise_in(app.database(), key, clocks).await;
    app.clock().advance(chrono::TimeDelta::seconds(3));
}

/// As [`promise`], in a database that no server has read yet.
///
/// # Panics
/// When there is no such agreement.
pub async fn promise_in(database: &TestDatabase, key: &str, clocks: Value) {
    define(database, key, "clocks", clocks).await;
}

/// Gives the shipped version of an agreement promises for each month, in the form in which they are stored; otherwise as [`promise`].
///
/// # Panics
/// When there is no such agreement.
pub async fn commit(app: &TestApp, key: &str, commitments: Value) {
    define(app.database(), key, "commitments", commitments).await;
    app.clock().advance(chrono::TimeDelta::seconds(3));
}

async fn define(database: &TestDatabase, key: &str, field: &str, value: Value) {
    let database = database.connect().await;
    let backend = database.get_database_backend();
    let question = format!("SELECT definition FROM agreement WHERE key = '{key}' AND version = 1");
    let row = database
        .query_one_raw(Statement::from_string(backend, question))
        .await
        .expect("the database answers")
        .expect("there is such an agreement");
    let mut definition: Value = {
        let text: String = row.try_get("", "definition").expect("it has a definition");
        serde_json::from_str(&text).expect("it is JSON")
    };
    definition[field] = value;
    let change = format!("UPDATE agreement SET definition = $1 WHERE key = '{key}' AND version = 1");
    database
        .execute_raw(Statement::from_sql_and_values(backend, change, [definition.to_string().into()]))
        .await
        .expect("it can be written");
}
