//! A sales opportunity.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "opportunity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i32,
    pub lead_id: Uuid,
    pub passage_id: Uuid,
    pub person_id: Uuid,
    pub company_id: Option<Uuid>,
    pub amount_minor: Option<i64>,
    pub amount_currency: Option<String>,
    pub opened_at: DateTimeUtc,
    pub state: String,
    pub closed_at: Option<DateTimeUtc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
