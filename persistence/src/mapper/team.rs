//! Teams with their members: rows to domain and back.

use chrono::{DateTime, Utc};
use fairfall_domain::id::{TeamId, UserId};
use fairfall_domain::team::{Membership, Team};

use crate::entity::{team, team_member};
use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_count, to_json};

/// The team of a row and of the rows of its members.
pub(crate) fn from_rows(row: &team::Model, members: &[team_member::Model]) -> Result<Team, StoreError> {
    let id = TeamId::from(row.id);
    let stored = Stored::new("team", id);
    Ok(Team {
        id,
        version: stored.count("version", row.version)?,
        key: stored.text("key", &row.key)?,
        name: stored.text("name", &row.name)?,
        department: stored.text("department", &row.department)?,
        countries: stored.json("countries", &row.countries)?,
        time_zone: stored.text("time_zone", &row.time_zone)?,
        members: members.iter().map(membership).collect::<Result<_, _>>()?,
    })
}

/// One member of a team.
pub(crate) fn membership(row: &team_member::Model) -> Result<Membership, StoreError> {
    let stored = Stored::new("team_member", TeamId::from(row.team_id));
    Ok(Membership { user: UserId::from(row.user_id), rank: stored.text("rank", &row.rank)? })
}

/// The row of a team; its members have rows of their own. Both times are `now`: an update leaves the first one as it is.
pub(crate) fn to_row(team: &Team, now: DateTime<Utc>) -> Result<team::Model, StoreError> {
    Ok(team::Model {
        id: team.id.uuid(),
        version: to_count(team.version)?,
        key: team.key.to_string(),
        name: team.name.to_string(),
        department: team.department.to_string(),
        countries: to_json(&team.countries)?,
        time_zone: team.time_zone.to_string(),
        created_at: now,
        updated_at: now,
    })
}
