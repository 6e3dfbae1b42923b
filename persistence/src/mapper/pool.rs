//! Pools: row to domain and back.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use fairfall_domain::consent::ContactChannel;
use fairfall_domain::id::{PoolId, TeamId};
use fairfall_domain::routing::Pool;
use fairfall_domain::routing::pool::{Caps, LanguageRule, PoolMember, TierRule};
use serde::{Deserialize, Serialize};

use crate::entity::pool::Model;
use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_count, to_json};

/// What is kept of a pool as JSON: all that is only read and written whole.
#[derive(Serialize, Deserialize)]
struct Config<'a> {
    tiers: Cow<'a, [TierRule]>,
    members: Cow<'a, [PoolMember]>,
    caps: Caps,
    language: Option<Cow<'a, LanguageRule>>,
    channels: Cow<'a, [ContactChannel]>,
    balances_worth: bool,
}

impl TryFrom<Model> for Pool {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let id = PoolId::from(row.id);
        let stored = Stored::new("pool", id);
        let config: Config<'_> = stored.json("config", &row.config)?;
        let pool = Self {
            id,
            version: stored.count("version", row.version)?,
            key: stored.text("key", &row.key)?,
            name: stored.text("name", &row.name)?,
            team: TeamId::from(row.team_id),
            tiers: config.tiers.into_owned(),
            members: config.members.into_owned(),
            caps: config.caps,
            language: config.language.map(Cow::into_owned),
            channels: config.channels.into_owned(),
            balances_worth: config.balances_worth,
            status: stored.text("status", &row.status)?,
        };
        pool.check().map_err(|_| stored.corrupt("config"))?;
        Ok(pool)
    }
}

/// The row of a pool. Both times are `now`: an update leaves the first one as it is.
pub(crate) fn to_row(pool: &Pool, now: DateTime<Utc>) -> Result<Model, StoreError> {
    let config = Config {
        tiers: Cow::Borrowed(&pool.tiers),
        members: Cow::Borrowed(&pool.members),
        caps: pool.caps,
        language: pool.language.as_ref().map(Cow::Borrowed),
        channels: Cow::Borrowed(&pool.channels),
        balances_worth: pool.balances_worth,
    };
    Ok(Model {
        id: pool.id.uuid(),
        version: to_count(pool.version)?,
        key: pool.key.to_string(),
        name: pool.name.to_string(),
        team_id: pool.team.uuid(),
        config: to_json(&config)?,
        status: pool.status.to_string(),
        created_at: now,
        updated_at: now,
    })
}
