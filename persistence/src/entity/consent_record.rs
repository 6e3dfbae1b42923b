//! A word about consent, as it was said.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent_record")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub purpose: String,
    pub channel: String,
    pub status: String,
    pub basis: Option<String>,
    pub expires_at: Option<DateTimeUtc>,
    pub how: Option<String>,
    pub text: Option<String>,
    pub text_version: Option<String>,
    pub language: Option<String>,
    pub given_at: Option<DateTimeUtc>,
    pub address: Option<String>,
    pub user_agent: Option<String>,
    pub confirmed_at: Option<DateTimeUtc>,
    pub confirmed_from: Option<String>,
    pub grounds: Option<String>,
    pub actor_id: Option<Uuid>,
    pub optin_id: Option<Uuid>,
    pub at: DateTimeUtc,
    pub erased_at: Option<DateTimeUtc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
