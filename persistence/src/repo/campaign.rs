//! Campaigns. They are shared knowledge: a permission reaches all of them or none.

use fairfall_domain::access::{Grant, Scope};
use fairfall_domain::campaign::{Campaign, Channel};
use fairfall_domain::id::CampaignId;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder, QuerySelect,
};

use crate::entity::campaign::{Column, Entity, Model};
use crate::error::StoreError;
use crate::mapper::rows::{read_all, read_one};
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::repo::versioned::{Versioned, write_over};
use crate::unit_of_work::UnitOfWork;

/// Most campaigns that [`list`] answers.
pub const LISTED_MAX: u64 = 1_000;

/// Which campaigns a list holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CampaignFilter {
    /// Only of this channel.
    pub channel: Option<Channel>,
}

const BY_UPDATED: Keyset = Keyset {
    name: "campaign.updated",
    columns: &[("campaign.updated_at", KeyKind::Time), ("campaign.id", KeyKind::Id)],
    direction: Direction::Descending,
};

/// What a permission for campaigns reaches.
fn seen(grant: &Grant) -> Condition {
    match grant.scope() {
        Scope::All => Condition::all(),
        // nobody owns a campaign, so that nothing narrower holds any
        Scope::Own | Scope::Pool | Scope::Team | Scope::Department => Condition::all().add(Expr::cust("1 = 0")),
    }
}

/// One campaign.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find(on: &impl Readable, grant: &Grant, id: CampaignId) -> Result<Option<Campaign>, StoreError> {
    read_one(Entity::find_by_id(id.uuid()).filter(seen(grant)).one(on.conn()).await?)
}

/// Some campaigns, in no order; unknown ids are left out. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_many(on: &impl Readable, grant: &Grant, ids: &[CampaignId]) -> Result<Vec<Campaign>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let of_ids = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    read_all(of_ids.filter(seen(grant)).all(on.conn()).await?)
}

/// The campaign with a key.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_by_key(on: &impl Readable, grant: &Grant, key: &str) -> Result<Option<Campaign>, StoreError> {
    read_one(Entity::find().filter(Column::Key.eq(key)).filter(seen(grant)).one(on.conn()).await?)
}

/// The first campaigns by key, at most [`LISTED_MAX`]: what choices and imports read.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn list(on: &impl Readable, grant: &Grant) -> Result<Vec<Campaign>, StoreError> {
    read_all(Entity::find().filter(seen(grant)).order_by_asc(Column::Key).limit(LISTED_MAX).all(on.conn()).await?)
}

/// A page of campaigns, the last changed first.
///
/// # Errors
/// [`StoreError::ForeignCursor`]; when the database fails or holds a corrupt row.
pub async fn page(
    on: &impl Readable,
    grant: &Grant,
    filter: CampaignFilter,
    args: &PageArgs,
) -> Result<Page<Campaign>, StoreError> {
    let mut query = Entity::find().filter(seen(grant));
    if let Some(channel) = filter.channel {
        query = query.filter(Column::Channel.eq(channel.as_str()));
    }
    let rows = BY_UPDATED.paged(query, args)?.all(on.conn()).await?;
    let keyed = rows.into_iter().map(|row| (vec![Key::Time(row.updated_at), Key::Id(row.id)], row));
    BY_UPDATED.page(args, keyed.collect()).try_map(Campaign::try_from)
}

/// Stores a new campaign.
///
/// # Errors
/// [`StoreError::Unique`] of `campaign(key)`; when the database fails.
pub async fn insert(uow: &UnitOfWork, campaign: &Campaign) -> Result<(), StoreError> {
    let row = Model::try_from(campaign)?.into_active_model().reset_all();
    Entity::insert(row).exec_without_returning(uow.conn()).await?;
    Ok(())
}

/// Writes a changed campaign over the version it was read at.
///
/// # Errors
/// [`StoreError::VersionConflict`]; [`StoreError::Unique`] of `campaign(key)`; when the database fails.
pub async fn update(uow: &UnitOfWork, campaign: &Campaign, expected_version: u32) -> Result<(), StoreError> {
    let mut row = Model::try_from(campaign)?.into_active_model().reset_all();
    row.id = NotSet;
    row.created_at = NotSet;
    let columns = Versioned { id: Column::Id, version: Column::Version };
    write_over(uow, columns, campaign.id.uuid(), expected_version, row).await
}
