//! A customer handed to customer service.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "customer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i32,
    pub lead_id: Uuid,
    pub opportunity_id: Option<Uuid>,
    pub person_id: Uuid,
    pub company_id: Option<Uuid>,
    pub team_id: Option<Uuid>,
    pub state: String,
    pub handed_over_at: DateTimeUtc,
    pub taken_over_at: Option<DateTimeUtc>,
    pub taken_over_by: Option<Uuid>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
