//! The queries of whole chats.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use store::{
    ChatId, UserId,
    entity::{chat, message},
};

use crate::error::Result;

/// Every message of a chat whose owner has been checked, the older first.
pub async fn messages(db: &impl ConnectionTrait, chat: ChatId) -> Result<Vec<message::Model>> {
    let rows = message::Entity::find()
        .filter(message::Column::ChatId.eq(chat))
        .order_by_asc(message::Column::CreatedAt)
        .order_by_asc(message::Column::Id);
    Ok(rows.all(db).await?)
}

pub async fn ids_after(
    db: &impl ConnectionTrait,
    owner: UserId,
    after: Option<ChatId>,
    limit: u64,
) -> Result<Vec<ChatId>> {
    let mut query = chat::Entity::find()
        .select_only()
        .column(chat::Column::Id)
        .filter(chat::Column::OwnerId.eq(owner));
    if let Some(after) = after {
        query = query.filter(chat::Column::Id.gt(after));
    }
    let ids = query
        .order_by_asc(chat::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids)
}
