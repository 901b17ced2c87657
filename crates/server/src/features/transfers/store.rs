//! Which chats of other programs have come in.

use std::collections::HashMap;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
};
use store::{
    UserId,
    entity::imported_chat::{Column, Entity, Model},
    insert_if_absent,
};

use crate::error::Result;

/// Those of these chats that an owner has, by the names of their source.
pub(super) async fn known(
    db: &impl ConnectionTrait,
    owner: UserId,
    source: &str,
    ids: impl IntoIterator<Item = &str>,
) -> Result<HashMap<String, Model>> {
    let rows = Entity::find()
        .filter(Column::OwnerId.eq(owner))
        .filter(Column::Source.eq(source))
        .filter(Column::SourceChatId.is_in(ids))
        .all(db)
        .await?;
    let by_id = rows
        .into_iter()
        .map(|row| (row.source_chat_id.clone(), row));
    Ok(by_id.collect())
}

/// Remembers a chat that has just come in; false when it was there.
pub(super) async fn remember(db: &impl ConnectionTrait, row: Model) -> Result<bool> {
    let row = row.into_active_model().reset_all();
    let key = [Column::OwnerId, Column::Source, Column::SourceChatId];
    Ok(insert_if_absent::<Entity, _>(db, row, key).await?)
}
