//! Thumbs, one per person and answer; they go with the message.

use sea_orm::entity::prelude::*;

use crate::{MessageId, UserId};

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message_vote")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: MessageId,
    pub vote: Thumb,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// Who wrote the answer.
    pub model: Option<String>,
    pub category: Option<String>,
    /// The person did not know which model it was.
    pub is_blind: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// What somebody thinks of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Thumb {
    /// It helped.
    #[sea_orm(string_value = "up")]
    Up,
    /// It did not.
    #[sea_orm(string_value = "down")]
    Down,
}

/// Relations are joined by hand where a query needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
