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
