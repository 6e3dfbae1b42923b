//! A campaign with its goals and cost.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campaign")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i32,
    pub key: String,
    pub name: String,
    pub channel: String,
    pub targeting: String,
    pub starts_on: Option<Date>,
    pub ends_on: Option<Date>,
    pub goal_marketing_leads: i32,
    pub goal_sales_leads: i32,
    pub cost_minor: Option<i64>,
    pub cost_currency: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
