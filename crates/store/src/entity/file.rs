//! Files that people own: uploads, what was read from web addresses, archives.

use sea_orm::entity::prelude::*;

use crate::{FileId, UserId};

/// One row; the bytes are elsewhere, under keys that nobody chose.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FileId,
    pub owner_id: UserId,
    /// What people call it; never a path.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub media_type: String,
    pub kind: Kind,
    pub size_bytes: i64,
    pub status: Status,
    /// Why it could not be read: code and detail.
    pub error: Option<Json>,
    /// Estimated tokens of its text.
    pub tokens: Option<i64>,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub pages: Option<i32>,
    #[sea_orm(column_type = "Text", nullable)]
    pub source_url: Option<String>,
    pub blob_key: Option<Uuid>,
    pub text_key: Option<Uuid>,
    pub thumb_key: Option<Uuid>,
    /// A message has used it: it goes when none does any more.
    pub was_attached: bool,
    /// Its owner has thrown it away; it stays for the messages that use it.
    pub discarded: bool,
    pub created_at: DateTimeUtc,
}

/// What it was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Kind {
    #[sea_orm(string_value = "image")]
    Image,
    #[sea_orm(string_value = "pdf")]
    Pdf,
    #[sea_orm(string_value = "text")]
    Text,
    #[sea_orm(string_value = "code")]
    Code,
    #[sea_orm(string_value = "csv")]
    Csv,
    #[sea_orm(string_value = "docx")]
    Docx,
    /// A page of the web.
    #[sea_orm(string_value = "web")]
    Web,
    /// An export, or something to import.
    #[sea_orm(string_value = "archive")]
    Archive,
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Status {
    /// Being fetched or read.
    #[sea_orm(string_value = "pending")]
    Pending,
    #[sea_orm(string_value = "ready")]
    Ready,
    /// It cannot be read; `error` says why.
    #[sea_orm(string_value = "failed")]
    Failed,
}

/// Relations are joined by hand where a query needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
