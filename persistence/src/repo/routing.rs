//! The configuration of routing as deciding reads it: whole, and made ready.

use std::collections::BTreeMap;
use std::sync::Arc;

use fairfall_domain::id::TeamId;
use fairfall_domain::routing::{Directory, Reference};
use fairfall_domain::value::TimeZoneName;
use sea_orm::{EntityTrait, QuerySelect};
use uuid::Uuid;

use super::{member_profile, pool, routing_policy, territory};
use crate::entity::team;
use crate::error::StoreError;
use crate::mapper::stored::Stored;
use crate::readable::Readable;

/// Territories, pools, active colleagues, time zones of teams and the policy. Six statements.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn directory(on: &impl Readable, reference: Arc<Reference>) -> Result<Directory, StoreError> {
    let policy = routing_policy::get(on).await?;
    let territories = territory::all(on).await?;
    let pools = pool::all(on).await?;
    let members = member_profile::all_active(on).await?;
    Ok(Directory::new(policy, &territories, pools, members, zones(on).await?, reference))
}

async fn zones(on: &impl Readable) -> Result<BTreeMap<TeamId, TimeZoneName>, StoreError> {
    let columns = team::Entity::find().select_only().column(team::Column::Id).column(team::Column::TimeZone);
    let rows: Vec<(Uuid, String)> = columns.into_tuple().all(on.conn()).await?;
    let read = |(id, zone): (Uuid, String)| {
        let id = TeamId::from(id);
        Ok((id, Stored::new("team", id).text("time_zone", &zone)?))
    };
    rows.into_iter().map(read).collect()
}
