//! The open leads that somebody has.

use fairfall_domain::id::{LeadId, TeamId, UserId};
use uuid::Uuid;

use crate::error::StoreError;
use crate::readable::Readable;
use crate::sql::{Columns, Sql};

/// The leads of a team that somebody works on or is offered, the oldest first, at most `limit`, whoever may see them: who gives a colleague's leads
/// to others must reach the team.
///
/// # Errors
/// As the database tells.
pub async fn held_by(on: &impl Readable, user: UserId, team: TeamId, limit: usize) -> Result<Vec<LeadId>, StoreError> {
    let mut sql = Sql::new("SELECT id FROM (SELECT id, captured_at FROM lead WHERE state = 'WORKING' AND owner_id = ");
    sql.bind(user.uuid()).push(" AND team_id = ").bind(team.uuid());
    sql.push(" UNION ALL SELECT id, captured_at FROM lead WHERE state = 'OFFERED' AND assignee_id = ").bind(user.uuid());
    sql.push(" AND offered_team_id = ").bind(team.uuid());
    sql.push(&format!(") AS held ORDER BY captured_at, id LIMIT {limit}"));
    sql.all(on).await?.iter().map(|row| Ok(LeadId::from(Columns::of(row).next::<Uuid>()?))).collect()
}
