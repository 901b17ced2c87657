//! Links by which others read a chat. The address itself is computed from the id, not stored.

use sea_orm::entity::prelude::*;

use crate::{ChatId, MessageId, ShareId, UserId};

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "share")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ShareId,
    pub chat_id: ChatId,
    pub owner_id: UserId,
    pub kind: Kind,
    pub shows_reasoning: bool,
    /// Of a snapshot: the lower end of the path as it was.
    pub leaf_id: Option<MessageId>,
    /// Of a snapshot: the title as it was.
    pub title: Option<String>,
    /// Of a snapshot: how far those messages had come that can still grow.
    pub cuts: Json,
    pub expires_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

/// What a link shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Kind {
    /// The chat as it was when the link was made.
    #[sea_orm(string_value = "snapshot")]
    Snapshot,
    /// The chat as it is.
    #[sea_orm(string_value = "live")]
    Live,
}

/// Relations are joined by hand where a query needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
