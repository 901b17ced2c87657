//! What a running answer has got and its message does not hold yet.

use sea_orm::entity::prelude::*;

use crate::GenerationId;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "generation_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub generation_id: GenerationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub payload: Json,
}

/// Relations are joined by hand where a query needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
