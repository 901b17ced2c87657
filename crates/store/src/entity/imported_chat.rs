//! Which chats of other programs have come in: each once.

use sea_orm::entity::prelude::*;

use crate::{ChatId, JobId, UserId};

/// One row; it goes with its chat, which may then be imported again.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "imported_chat")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: UserId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: String,
    /// What the other program calls it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source_chat_id: String,
    pub chat_id: ChatId,
    pub messages: i32,
    /// The job that brought it in; null: the command line.
    pub job_id: Option<JobId>,
    pub created_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
