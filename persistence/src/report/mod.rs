//! Figures, counted where the rows are.

pub mod coverage;
pub mod fairness;
pub mod funnel;
pub mod hand_over;
pub mod misrouting;
pub mod sla;
pub mod speed;

use chrono::{DateTime, Utc};

use crate::sql::Sql;
use crate::store::Backend;

/// A period: from a moment on, and up to another that is not within it. UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first moment.
    pub from: DateTime<Utc>,
    /// The first moment after it.
    pub until: DateTime<Utc>,
}

impl Span {
    /// Adds the condition that `column` lies within it.
    fn push(self, sql: &mut Sql, column: &str) {
        sql.push(column).push(" >= ").bind(self.from).push(" AND ").push(column).push(" < ").bind(self.until);
    }
}

/// Whole seconds from one time to another, both given as SQL, from the whole seconds of each: alike on both databases. SQLite rounds fractions of a second
/// to thousandths, which may make a second more of them: they are cut off before it reads the time.
fn whole_seconds(backend: Backend, from: &str, to: &str) -> String {
    match backend {
        Backend::Postgres => format!("CAST(floor(extract(epoch FROM {to})) - floor(extract(epoch FROM {from})) AS bigint)"),
        Backend::Sqlite => format!("strftime('%s', substr({to}, 1, 19)) - strftime('%s', substr({from}, 1, 19))"),
    }
}
