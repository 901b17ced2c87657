//! Summaries that stand for the older turns of a branch.

use sea_orm::entity::prelude::*;

use crate::{ChatId, MessageId, SummaryId};

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "chat_summary")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SummaryId,
    pub chat_id: ChatId,
    /// The last message that the summary stands for; all above it are covered too.
    pub upto_message_id: MessageId,
    #[sea_orm(column_type = "Text")]
    pub content: String,
    pub tokens: i64,
    pub covered_messages: i64,
    pub covered_tokens: i64,
    /// Who wrote it.
    pub model: String,
    pub created_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
