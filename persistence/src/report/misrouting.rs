//! Routings and those of them that were wrong, from the stored decisions. What a figure means is told in
//! [`fairfall_domain::report::misrouting`].

use fairfall_domain::department::Department;
use fairfall_domain::id::{TeamId, TerritoryId};
use fairfall_domain::report::misrouting::{CountedRoutings, MisroutedFigures};
use sea_orm::QueryResult;
use uuid::Uuid;

use super::Span;
use crate::error::StoreError;
use crate::mapper::stored::Stored;
use crate::readable::Readable;
use crate::sql::{Columns, Sql};

/// Which routings are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MisroutingQuery {
    /// Decided in this period.
    pub span: Span,
    /// Only to this team.
    pub team: Option<TeamId>,
    /// Only of this department.
    pub department: Option<Department>,
}

/// Routings of a period by territory, choice and department; those that found no team are left out. One statement.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells; [`StoreError::Timeout`] when there is more to count than a statement may take.
pub async fn routings(on: &impl Readable, query: &MisroutingQuery) -> Result<Vec<CountedRoutings>, StoreError> {
    let mut sql =
        Sql::new("SELECT territory_id, chosen_by, department, count(*), count(misrouted_at) FROM routing_decision WHERE ");
    query.span.push(&mut sql, "at");
    sql.push(" AND team_id IS NOT NULL");
    if let Some(team) = query.team {
        sql.push(" AND team_id = ").bind(team.uuid());
    }
    if let Some(department) = query.department {
        sql.push(" AND department = ").bind(department.as_str());
    }
    sql.push(" GROUP BY territory_id, chosen_by, department");
    sql.all_planned(on).await?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<CountedRoutings, StoreError> {
    let mut row = Columns::of(row);
    let stored = Stored::new("routing_decision", "a group");
    let territory = row.next::<Option<Uuid>>()?.map(TerritoryId::from);
    let (chosen_by, department): (Option<String>, String) = (row.next()?, row.next()?);
    let (routed, misrouted): (i64, i64) = (row.next()?, row.next()?);
    Ok(CountedRoutings {
        territory,
        chosen_by: stored.maybe("chosen_by", chosen_by.as_deref())?,
        department: stored.text("department", &department)?,
        figures: MisroutedFigures { routed: routed.unsigned_abs(), misrouted: misrouted.unsigned_abs() },
    })
}
