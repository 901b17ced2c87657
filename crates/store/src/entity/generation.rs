//! Runs of a model, each filling one message.

use sea_orm::entity::prelude::*;

use crate::{ChatId, GenerationId, MessageId};

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "generation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GenerationId,
    pub message_id: MessageId,
    pub chat_id: ChatId,
    pub node_id: String,
    pub is_running: bool,
    pub stop_requested: bool,
    pub heartbeat_at: DateTimeUtc,
    pub started_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
}

/// Relations are joined by hand where a query needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
