//! What can be found by the full-text search; the words themselves are the engine's business.

use sea_orm::entity::prelude::*;

use crate::{ChatId, MessageId, UserId};

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_document")]
pub struct Model {
    /// Begins with the time of what is found, so that the newest has the largest.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub chat_id: ChatId,
    /// A message, or the chat itself for its title.
    pub item_id: MessageId,
    pub owner_id: UserId,
}

/// Relations are joined by hand where a query needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
