//! Set-up, reset and invitation links by the SHA-256 of their token.

use sea_orm::entity::prelude::*;

use crate::UserId;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "one_time_link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: Vec<u8>,
    pub kind: LinkKind,
    pub email: Option<String>,
    pub user_id: Option<UserId>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
}

/// What a link lets its holder do, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum LinkKind {
    /// Make the administrator.
    #[sea_orm(string_value = "setup")]
    Setup,
    /// Choose a new password.
    #[sea_orm(string_value = "reset")]
    Reset,
    /// Register while registration is by invitation.
    #[sea_orm(string_value = "invite")]
    Invite,
}

/// Relations are joined by hand where a query needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
