//! Chats; lists read this narrow table alone, never a message.

use sea_orm::entity::prelude::*;

use crate::{ChatId, FolderId, MessageId, UserId};

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "chat")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ChatId,
    pub owner_id: UserId,
    pub title: String,
    /// The title as it is searched: lower case, spelling variants folded.
    pub title_key: String,
    pub title_source: TitleSource,
    pub pinned: bool,
    pub archived: bool,
    pub unread: bool,
    pub folder_id: Option<FolderId>,
    /// What the chat was made from: another chat, or an import; null for one begun here.
    pub origin: Option<Json>,
    pub active_leaf_id: Option<MessageId>,
    pub model_choice: Option<String>,
    pub params: Json,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// Where a chat's title comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum TitleSource {
    /// The first words of the question, until a model has made a better one.
    #[sea_orm(string_value = "words")]
    Words,
    /// The first words, for good: no model made a better one.
    #[sea_orm(string_value = "kept")]
    Kept,
    /// A model.
    #[sea_orm(string_value = "model")]
    Model,
    /// The owner, who is never overruled.
    #[sea_orm(string_value = "user")]
    User,
}

/// Relations are joined by hand where a query needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
