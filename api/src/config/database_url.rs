//! Which database: an `SQLite` file or memory, or `PostgreSQL`.

use std::fmt;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

/// Where the data is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// Embedded, in this file.
    SqliteFile(PathBuf),
    /// Embedded, gone with the process.
    SqliteMemory,
    /// A server.
    Postgres,
}

/// Why a text is no database URL. The text itself is not repeated: it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlFault {
    /// Another scheme, or none.
    #[error("expected `sqlite://FILE?mode=rwc` or `postgres://USER:PASSWORD@HOST/DATABASE`")]
    Scheme,
    /// `sqlite:` without a file.
    #[error("expected a file after `sqlite://`, such as `sqlite://fairfall.db?mode=rwc`")]
    NoFile,
    /// `postgres://` without a host.
    #[error("expected a host after `postgres://`, such as `postgres://USER:PASSWORD@HOST/DATABASE`")]
    NoHost,
}

/// A checked database URL. Neither `Debug` nor [`DatabaseUrl::redacted`] shows a password.
#[derive(Clone)]
pub struct DatabaseUrl {
    url: SecretString,
    database: Database,
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DatabaseUrl").field(&self.redacted()).finish()
    }
}

impl DatabaseUrl {
    /// Reads `sqlite:` and `postgres:` URLs as the drivers do.
    ///
    /// # Errors
    /// [`DatabaseUrlFault`] when it is neither.
    pub fn parse(text: &str) -> Result<Self, DatabaseUrlFault> {
        let database = if let Some(rest) = text.strip_prefix("sqlite:") {
            sqlite(rest)?
        } else if let Some(rest) = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://")) {
            if rest.is_empty() {
                return Err(DatabaseUrlFault::NoHost);
            }
            Database::Postgres
        } else {
            return Err(DatabaseUrlFault::Scheme);
        };
        Ok(Self { url: text.into(), database })
    }

    /// Where the data is kept.
    pub const fn database(&self) -> &Database {
        &self.database
    }

    /// The whole URL, for the driver.
    pub fn expose(&self) -> &str {
        self.url.expose_secret()
    }

    /// The URL for people: password and parameters of a server are left out.
    pub fn redacted(&self) -> String {
        match self.database {
            Database::SqliteFile(_) | Database::SqliteMemory => self.expose().to_owned(),
            Database::Postgres => redact(self.expose()),
        }
    }
}

fn sqlite(rest: &str) -> Result<Database, DatabaseUrlFault> {
    let (path, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let path = path.strip_prefix("//").unwrap_or(path);
    if path == ":memory:" || parameters.split('&').any(|parameter| parameter == "mode=memory") {
        return Ok(Database::SqliteMemory);
    }
    if path.is_empty() {
        return Err(DatabaseUrlFault::NoFile);
    }
    Ok(Database::SqliteFile(Path::new(&percent_decoded(path)).to_owned()))
}

/// As the driver does: `%20` is a space. What is no such escape stays.
fn percent_decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = after.split_at_checked(2).filter(|_| *first == b'%');
        let decoded = escaped.and_then(|(digits, after)| Some((hex::decode(digits).ok()?, after)));
        if let Some((decoded, after)) = decoded {
            bytes.extend(decoded);
            rest = after;
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Errs on the side of showing too little: passwords are written unescaped now and then.
fn redact(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let shown = rest.split('?').next().unwrap_or_default();
    match shown.rsplit_once('@') {
        Some((user, host)) => {
            let name = user.split([':', '/', '@']).next().unwrap_or_default();
            let password = if user.contains(':') { ":***" } else { "" };
            format!("{scheme}://{name}{password}@{host}")
        }
        None if rest.contains('@') => format!("{scheme}://***"),
        None => format!("{scheme}://{shown}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(text: &str) -> Database {
        DatabaseUrl::parse(text).unwrap().database().clone()
    }

    #[test]
    fn tells_the_databases_apart() {
        let file = |path: &str| Database::SqliteFile(PathBuf::from(path));
        assert_eq!(database("sqlite://fairfall.db?mode=rwc"), file("fairfall.db"));
        assert_eq!(database("sqlite:data/fairfall.db"), file("data/fairfall.db"));
        assert_eq!(database("sqlite:///srv/my%20data/100%.db"), file("/srv/my data/100%.db"));
        assert_eq!(database("sqlite::memory:"), Database::SqliteMemory);
        assert_eq!(database("sqlite://:memory:"), Database::SqliteMemory);
        assert_eq!(database("sqlite://shared?mode=memory&cache=shared"), Database::SqliteMemory);
        assert_eq!(database("postgres://u:p@host/db"), Database::Postgres);
        assert_eq!(database("postgresql://host/db"), Database::Postgres);
    }

    #[test]
    fn refuses_the_rest_without_repeating_it() {
        let fault = |text: &str| DatabaseUrl::parse(text).unwrap_err();
        assert_eq!(fault("mysql://u:hush@host/db"), DatabaseUrlFault::Scheme);
        assert_eq!(fault("fairfall.db"), DatabaseUrlFault::Scheme);
        assert_eq!(fault("sqlite://"), DatabaseUrlFault::NoFile);
        assert_eq!(fault("sqlite:?mode=rwc"), DatabaseUrlFault::NoFile);
        assert_eq!(fault("postgres://"), DatabaseUrlFault::NoHost);
        assert!(!fault("mysql://u:hush@host/db").to_string().contains("hush"));
    }

    #[test]
    fn never_shows_a_password() {
        for url in [
            "postgres://u:hush@host:5432/db",
            "postgres://u:hu/hush@host/db",
            "postgres://u:hu@hush@host/db",
            "postgres://u:hu?hush@host/db",
            "postgres://host/db?user=u&password=hush",
            "postgres://host/db?password=x@hush",
        ] {
            let url = DatabaseUrl::parse(url).unwrap();
            assert!(!url.redacted().contains("hush") && !format!("{url:?}").contains("hush"), "{url:?}");
        }
        assert_eq!(DatabaseUrl::parse("postgres://u:hush@host:5432/db?x=1").unwrap().redacted(), "postgres://u:***@host:5432/db");
        assert_eq!(DatabaseUrl::parse("postgres://u@host/db").unwrap().redacted(), "postgres://u@host/db");
    }
}
