//! Which of two answers is better, one per person and pair; they outlive the chat.

use sea_orm::entity::prelude::*;

use crate::{ChatId, ComparisonId, MessageId, UserId};

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pair_vote")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// Both messages, the smaller id first: the pair whichever way round.
    #[sea_orm(primary_key, auto_increment = false)]
    pub pair_key: String,
    pub chat_id: ChatId,
    pub comparison_id: Option<ComparisonId>,
    pub left_message_id: MessageId,
    pub right_message_id: MessageId,
    pub left_model: String,
    pub right_model: String,
    pub winner: Winner,
    pub category: Option<String>,
    /// The person did not know which models they were.
    pub is_blind: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// Which of two answers is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Winner {
    /// The left one.
    #[sea_orm(string_value = "left")]
    Left,
    /// The right one.
    #[sea_orm(string_value = "right")]
    Right,
    /// Both are equally good.
    #[sea_orm(string_value = "tie")]
    Tie,
    /// Neither will do.
    #[sea_orm(string_value = "bothBad")]
    BothBad,
}

/// Relations are joined by hand where a query needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
