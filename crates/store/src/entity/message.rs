//! Messages: a tree per chat, whose parents never change.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{ChatId, ComparisonId, MessageId};

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageId,
    pub chat_id: ChatId,
    pub parent_id: Option<MessageId>,
    pub role: Role,
    pub status: Status,
    #[sea_orm(column_type = "Text")]
    pub content: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub reasoning: Option<String>,
    pub citations: Json,
    pub annotations: Json,
    pub params: Json,
    /// The answer of a model that a person made this one from.
    pub edited_from_id: Option<MessageId>,
    /// The answers of one comparison share it.
    pub comparison_id: Option<ComparisonId>,
    /// What was sent to the model: summary used, tokens by source.
    pub context: Option<Json>,
    /// Why this model was chosen, where the platform chose.
    pub route: Option<Json>,
    pub model_asked: Option<String>,
    pub model_used: Option<String>,
    pub finish_reason: Option<String>,
    pub prompt_tokens: Option<i64>,
    pub completion_tokens: Option<i64>,
    pub usage_estimated: bool,
    pub cost_microusd: Option<i64>,
    pub ttft_ms: Option<i64>,
    pub latency_ms: Option<i64>,
    pub applied_seq: i64,
    pub error: Option<Json>,
    pub created_at: DateTimeUtc,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Role {
    /// The person.
    #[sea_orm(string_value = "user")]
    User,
    /// The model.
    #[sea_orm(string_value = "assistant")]
    Assistant,
}

/// How far a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Status {
    /// Being written.
    #[sea_orm(string_value = "streaming")]
    Streaming,
    /// Whole.
    #[sea_orm(string_value = "complete")]
    Complete,
    /// Ended by its owner; what was shown is kept.
    #[sea_orm(string_value = "stopped")]
    Stopped,
    /// The server went away, or the stream broke, in the middle of it.
    #[sea_orm(string_value = "interrupted")]
    Interrupted,
    /// Nothing came of it; `error` says why.
    #[sea_orm(string_value = "failed")]
    Failed,
}

/// Relations are joined by hand where a query needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
