//! What people are told. `unread_key` is set as long as a row is unread, and then one person has it
//! once: what is told again of the same thing takes the place of what was not read.

use sea_orm::entity::prelude::*;

use crate::{ChatId, NotificationId, UserId};

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NotificationId,
    pub user_id: UserId,
    pub kind: Kind,
    #[sea_orm(column_type = "Text")]
    pub title: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub detail: Option<String>,
    /// The chat it is about; it goes with the chat.
    pub chat_id: Option<ChatId>,
    #[sea_orm(column_type = "Text", nullable)]
    pub link: Option<String>,
    pub unread_key: Option<String>,
    pub read_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

/// What a notification is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Kind {
    /// An answer came to its end in a chat that its owner did not have open.
    #[sea_orm(string_value = "answer_finished")]
    AnswerFinished,
    /// Something that others share changed.
    #[sea_orm(string_value = "share_changed")]
    ShareChanged,
    /// Work in the background came to its end.
    #[sea_orm(string_value = "job_finished")]
    JobFinished,
    /// An administrator's word to everybody.
    #[sea_orm(string_value = "notice")]
    Notice,
}

/// Relations are joined by hand where a query needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
