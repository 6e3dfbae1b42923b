//! Territories: row to domain and back.

use chrono::{DateTime, Utc};
use fairfall_domain::id::TerritoryId;
use fairfall_domain::routing::Territory;

use crate::entity::territory::Model;
use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_count, to_json};

impl TryFrom<Model> for Territory {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let id = TerritoryId::from(row.id);
        let stored = Stored::new("territory", id);
        let territory = Self {
            id,
            version: stored.count("version", row.version)?,
            key: stored.text("key", &row.key)?,
            name: stored.text("name", &row.name)?,
            parent: row.parent_id.map(TerritoryId::from),
            rank: u16::try_from(row.rank).map_err(|_| stored.corrupt("rank"))?,
            rules: stored.json("rules", &row.rules)?,
            teams: stored.json("teams", &row.teams)?,
            status: stored.text("status", &row.status)?,
        };
        territory.check().map_err(|_| stored.corrupt("rules"))?;
        Ok(territory)
    }
}

/// The row of a territory. Both times are `now`: an update leaves the first one as it is.
pub(crate) fn to_row(territory: &Territory, now: DateTime<Utc>) -> Result<Model, StoreError> {
    Ok(Model {
        id: territory.id.uuid(),
        version: to_count(territory.version)?,
        key: territory.key.to_string(),
        name: territory.name.to_string(),
        parent_id: territory.parent.map(TerritoryId::uuid),
        rank: i32::from(territory.rank),
        rules: to_json(&territory.rules)?,
        teams: to_json(&territory.teams)?,
        status: territory.status.to_string(),
        created_at: now,
        updated_at: now,
    })
}
