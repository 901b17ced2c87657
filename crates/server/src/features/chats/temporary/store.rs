//! What the database in memory needs beside the rows of chats.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde_json::json;
use store::{
    Tx, UserId, dialect,
    entity::user::{self, Role},
    insert_if_absent,
};

use crate::error::Result;

/// A row that chats in memory can belong to. It says nothing about the person.
pub(super) async fn know(tx: &Tx, owner: UserId, now: DateTime<Utc>) -> Result<()> {
    use sea_orm::IntoActiveModel;
    let row = user::Model {
        id: owner,
        name: String::new(),
        email: String::new(),
        email_key: owner.to_string(),
        password_hash: String::new(),
        role: Role::User,
        default_model: None,
        last_model: None,
        default_params: json!({}),
        is_disabled: false,
        epoch: 0,
        created_at: now,
        updated_at: now,
    };
    let row = sea_orm::ActiveModelTrait::reset_all(row.into_active_model());
    insert_if_absent::<user::Entity, _>(&**tx, row, [user::Column::Id]).await?;
    Ok(())
}

/// Memory in use.
pub(super) async fn bytes(db: &impl ConnectionTrait) -> Result<u64> {
    Ok(dialect::sqlite::bytes_in_use(db).await?)
}
