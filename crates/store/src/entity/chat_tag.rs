//! Tags of chats. A row also holds its chat's place in the list, which a trigger keeps, so that the
//! list of one tag is read along an index like the list of all.

use sea_orm::entity::prelude::*;

use crate::{ChatId, UserId};

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "chat_tag")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub chat_id: ChatId,
    /// The tag in lower case: one chat has it once.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tag_key: String,
    pub owner_id: UserId,
    pub tag: String,
    pub archived: bool,
    pub pinned: bool,
    pub updated_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
