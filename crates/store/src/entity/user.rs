//! Accounts.

use sea_orm::entity::prelude::*;

use crate::UserId;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    pub name: String,
    pub email: String,
    #[sea_orm(unique)]
    pub email_key: String,
    pub password_hash: String,
    pub role: Role,
    pub default_model: Option<String>,
    pub last_model: Option<String>,
    /// What new chats begin with: system prompt and parameters.
    pub default_params: Json,
    pub is_disabled: bool,
    pub epoch: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// What an account may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Role {
    /// Uses the platform.
    #[sea_orm(string_value = "user")]
    User,
    /// Also administers it.
    #[sea_orm(string_value = "admin")]
    Admin,
}

/// Relations are joined by hand where a query needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
