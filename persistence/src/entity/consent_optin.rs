//! A request for consent, by the hash of its link's token.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent_optin")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub purpose: String,
    pub channels: String,
    pub proof: String,
    pub mailed_to: String,
    pub token_hash: String,
    pub actor_id: Option<Uuid>,
    pub requested_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub state: String,
    pub closed_at: Option<DateTimeUtc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
