//! One question put to several models; their answers carry its id.

use sea_orm::entity::prelude::*;

use crate::{ChatId, ComparisonId, MessageId};

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "comparison")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ComparisonId,
    pub chat_id: ChatId,
    pub question_id: MessageId,
    /// Models, cost and speed are hidden until the vote.
    pub is_blind: bool,
    /// When the vote was cast that showed what had been hidden.
    pub revealed_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
