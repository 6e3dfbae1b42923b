//! A company that may buy.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "company")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i32,
    pub name: String,
    pub name_key: String,
    pub country: Option<String>,
    pub subdivision: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    pub industry: Option<String>,
    pub employees: Option<i32>,
    pub website: Option<String>,
    pub register_number: Option<String>,
    pub owner_id: Option<Uuid>,
    pub origins: String,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
