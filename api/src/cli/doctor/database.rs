//! What a database must be like.

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_persistence::inspect::{Inspection, inspect};
use fairfall_persistence::{Backend, Store, StoreError, repo};

use super::{Finding, mail};
use crate::cli::error::with_causes;
use crate::config::{Config, Database};

/// The oldest `PostgreSQL` that is supported.
const POSTGRES_MAJOR_MIN: u32 = 15;

/// How far two clocks may be apart, in seconds.
const SKEW_S_MAX: i64 = 2;

/// The database cannot be opened.
pub(super) fn unreachable(config: &Config, error: &StoreError) -> Finding {
    let to_do = match config.database_url.database() {
        Database::SqliteFile(_) => {
            "check that the file is an SQLite database and that this user may read and write it and its folder"
        }
        Database::SqliteMemory => "name a file instead, with `--database-url`",
        Database::Postgres => {
            "check host, port, user, password and database in `FAIRFALL_DATABASE_URL`, and that the server runs"
        }
    };
    Finding::problem("database", format!("{}: {}", config.database_url.redacted(), with_causes(error)), to_do)
}

/// Everything about a database that answers.
pub(super) async fn look(config: &Config, store: &Store, now: DateTime<Utc>) -> Vec<Finding> {
    let inspection = match inspect(store).await {
        Ok(inspection) => inspection,
        Err(error) => return vec![unreachable(config, &error)],
    };
    let mut findings = vec![version(store.backend(), &inspection)];
    findings.extend(match store.backend() {
        Backend::Sqlite => sqlite_settings(&inspection),
        Backend::Postgres => postgres_settings(config, &inspection),
    });
    findings.push(migrations(store).await);
    findings.push(clock(&inspection, now));
    findings.extend(reference(store).await);
    findings.extend(mail::outbox(config, store, now).await);
    // what was opened to look at needs no orderly end
    let _closed = store.close().await;
    findings
}

fn version(backend: Backend, found: &Inspection) -> Finding {
    let told = &found.version;
    match backend {
        Backend::Sqlite => Finding::ok("database", format!("answers; SQLite {told} (built in)")),
        Backend::Postgres if found.version_major >= POSTGRES_MAJOR_MIN => {
            Finding::ok("database", format!("answers; PostgreSQL {told}"))
        }
        Backend::Postgres => {
            let to_do = format!("upgrade the server to PostgreSQL {POSTGRES_MAJOR_MIN} or newer");
            Finding::problem("database", format!("answers; PostgreSQL {told} is too old"), to_do)
        }
    }
}

fn sqlite_settings(found: &Inspection) -> Vec<Finding> {
    let value = |name: &str| found.setting(name).unwrap_or("unknown").to_owned();
    let journal_mode = match value("journal_mode").as_str() {
        "wal" => Finding::ok("durability", "write-ahead log, synchronous FULL"),
        other => Finding::ok(
            "durability",
            format!("journal mode `{other}` now; a server turns it into a write-ahead log, synchronous FULL"),
        ),
    };
    let synchronous = value("synchronous");
    let keys = value("foreign_keys");
    let driver = if synchronous == "2" && keys == "1" {
        Finding::ok("settings", "synchronous FULL and foreign keys are obeyed")
    } else {
        let seen = format!("synchronous is `{synchronous}` and foreign_keys `{keys}` although FULL and ON were asked for");
        Finding::problem("settings", seen, "use a program built with the SQLite that it brings along")
    };
    vec![journal_mode, driver]
}

fn postgres_settings(config: &Config, found: &Inspection) -> Vec<Finding> {
    let value = |name: &str| found.setting(name).unwrap_or("unknown").to_owned();
    let off: Vec<String> = ["fsync", "full_page_writes", "synchronous_commit"]
        .iter()
        .filter(|name| value(name) == "off")
        .map(|name| (*name).to_owned())
        .collect();
    let durable = if off.is_empty() {
        Ok(format!(
            "fsync {}, full_page_writes {}, synchronous_commit {}",
            value("fsync"),
            value("full_page_writes"),
            value("synchronous_commit")
        ))
    } else {
        let names = off.join(", ");
        Err((
            format!("`{names}` is off: what was acknowledged may be lost when the machine fails"),
            format!("switch `{names}` on for this database"),
        ))
    };
    let waits = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"].map(|name| (name, value(name)));
    let unlimited: Vec<&str> = waits.iter().filter(|(_, value)| value == "0").map(|(name, _)| *name).collect();
    let limits = if unlimited.is_empty() {
        Ok(waits.iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", "))
    } else {
        let names = unlimited.join(", ");
        Err((
            format!("`{names}` does not take effect"),
            "let connections set it: a pooler between must pass parameters of the start on".to_owned(),
        ))
    };
    let allowed: u32 = value("max_connections").parse().unwrap_or(u32::MAX);
    // the pool, and the two of the journal: the leader's and the listener's
    let wanted = config.pool.connections_max.saturating_add(2);
    let connections = if wanted <= allowed {
        Ok(format!("a node takes up to {wanted} of {allowed}"))
    } else {
        let seen = format!("a node takes up to {wanted}, the server allows {allowed}");
        Err((seen, "raise `max_connections` of the server or lower `pool.connections_max`".to_owned()))
    };
    vec![Finding::of(durable, "durability"), Finding::of(limits, "settings"), Finding::of(connections, "connections")]
}

async fn migrations(store: &Store) -> Finding {
    match store.migration_status().await {
        Err(error) => {
            let to_do = "use the version of Fairfall that this database was brought up to date with, or a newer one";
            Finding::problem("migrations", with_causes(&error), to_do)
        }
        Ok(steps) => {
            let missing = steps.iter().filter(|step| !step.applied).count();
            match (missing, store.backend()) {
                (0, Backend::Sqlite | Backend::Postgres) => Finding::ok("migrations", format!("all {} applied", steps.len())),
                (_, Backend::Sqlite) => Finding::ok(
                    "migrations",
                    format!("{missing} of {} missing; a server applies them when it starts", steps.len()),
                ),
                (_, Backend::Postgres) => {
                    Finding::problem("migrations", format!("{missing} of {} missing", steps.len()), "run `fairfall migrate up`")
                }
            }
        }
    }
}

/// Which reference data is loaded; nothing before the tables are made. Routing works without it, with less known of each lead.
async fn reference(store: &Store) -> Option<Finding> {
    let sets = repo::reference::list(&store.reader()).await.ok()?;
    let told: Vec<String> = sets.iter().map(|set| format!("{} ({})", set.key, set.rows)).collect();
    Some(Finding::ok(
        "reference data",
        if told.is_empty() {
            "none: states are not known from postal codes; `fairfall reference load` loads them".to_owned()
        } else {
            told.join(", ")
        },
    ))
}

fn clock(found: &Inspection, now: DateTime<Utc>) -> Finding {
    let set = "let both machines set their clocks by NTP";
    if let Some(database) = found.clock {
        let apart = (database - now).abs();
        return if apart > TimeDelta::seconds(SKEW_S_MAX) {
            let seen = format!("this machine and the database are {} s apart", apart.num_seconds());
            Finding::problem("clock", seen, set)
        } else {
            Finding::ok("clock", format!("{} ms from the database's", apart.num_milliseconds()))
        };
    }
    match found.newest_event {
        Some(newest) if newest > now + TimeDelta::seconds(SKEW_S_MAX) => {
            let seen = format!(
                "this machine says {}, but an event was recorded at {}",
                now.format("%F %T UTC"),
                newest.format("%F %T UTC")
            );
            Finding::problem("clock", seen, "set this machine's clock, best by NTP")
        }
        Some(_) | None => Finding::ok("clock", format!("{}, after everything that is stored", now.format("%F %T UTC"))),
    }
}
