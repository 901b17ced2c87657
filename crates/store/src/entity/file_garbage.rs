//! What may have to be cleared away. Triggers add to it in the transaction that takes the last use
//! away, whatever the way: so nothing is forgotten when a chat or an account goes.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file_garbage")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: Kind,
    /// Bytes of an upload that may still come to its end: not before this time.
    pub not_before: Option<DateTimeUtc>,
}

/// What the id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Kind {
    /// A file that a message no longer uses.
    #[sea_orm(string_value = "file")]
    File,
    /// Bytes whose file is gone.
    #[sea_orm(string_value = "blob")]
    Blob,
}

/// Relations are joined by hand where a query needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
