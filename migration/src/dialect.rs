//! One text for both databases: what differs is written as a word in braces.

use sea_orm_migration::SchemaManager;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr};

/// The words and what stands for them on `PostgreSQL` and on SQLite.
const WORDS: &[(&str, &str, &str)] = &[
    // a UUID: 16 bytes either way
    ("{uuid}", "uuid", "blob"),
    // a time in UTC with microseconds; SQLite holds it as a text of RFC 3339 that sorts as time does
    ("{ts}", "timestamptz", "text"),
    ("{date}", "date", "text"),
    // JSON that is only written and read whole
    ("{json}", "text", "text"),
    // texts compared byte by byte: what makes a range of prefixes
    ("{bytewise}", " COLLATE \"C\"", ""),
    // room on each page, so that a new version of a row finds place beside the old one
    ("{roomy}", " WITH (fillfactor = 80)", ""),
    // a statement of one line for one of them alone
    ("{postgres_only}", "", "-- "),
    ("{sqlite_only}", "-- ", ""),
    ("{counted}", "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "integer PRIMARY KEY AUTOINCREMENT"),
];

/// The text for one database.
fn translate(sql: &str, backend: DbBackend) -> String {
    let postgres = backend == DbBackend::Postgres;
    WORDS.iter().fold(sql.to_owned(), |text, (word, on_postgres, on_sqlite)| {
        text.replace(word, if postgres { on_postgres } else { on_sqlite })
    })
}

/// Runs the statements of `sql`, translated.
pub(crate) async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let text = translate(sql, manager.get_database_backend());
    manager.get_connection().execute_unprepared(&text).await.map(|_| ())
}

/// Drops tables, those that refer to others first.
pub(crate) async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    for table in tables {
        manager.get_connection().execute_unprepared(&format!("DROP TABLE {table}")).await?;
    }
    Ok(())
}

/// Makes a `Migration` of the texts of its file: `UP`, and `TABLES` in the order of dropping; with `undone by DOWN` that text takes it back.
macro_rules! migration {
    ($name:literal) => {
        $crate::dialect::migration!(@ $name, |manager| $crate::dialect::drop_tables(manager, TABLES));
    };
    ($name:literal undone by $down:ident) => {
        $crate::dialect::migration!(@ $name, |manager| $crate::dialect::run(manager, $down));
    };
    (@ $name:literal, |$manager:ident| $down:expr) => {
        /// This step of the schema.
        pub(crate) struct Migration;

        impl ::sea_orm_migration::MigrationName for Migration {
            fn name(&self) -> &str {
                $name
            }
        }

        #[::sea_orm_migration::async_trait::async_trait]
        impl ::sea_orm_migration::MigrationTrait for Migration {
            async fn up(&self, manager: &::sea_orm_migration::SchemaManager) -> Result<(), ::sea_orm_migration::DbErr> {
                $crate::dialect::run(manager, UP).await
            }

            async fn down(&self, $manager: &::sea_orm_migration::SchemaManager) -> Result<(), ::sea_orm_migration::DbErr> {
                $down.await
            }

            // without this, SQLite would keep the half of a migration that failed
            fn use_transaction(&self) -> Option<bool> {
                Some(true)
            }
        }
    };
}

pub(crate) use migration;
