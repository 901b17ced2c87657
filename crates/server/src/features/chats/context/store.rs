//! The queries of summaries, and of the texts that a model is told.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use store::{ChatId, MessageId, SummaryId, dialect, entity::chat_summary};

use crate::error::{Error, Result, SUMMARY_NOT_FOUND};

/// The summaries of a chat, oldest first.
pub(super) async fn of_chat(
    db: &impl ConnectionTrait,
    chat: ChatId,
) -> Result<Vec<chat_summary::Model>> {
    let rows = chat_summary::Entity::find()
        .filter(chat_summary::Column::ChatId.eq(chat))
        .order_by_asc(chat_summary::Column::Id)
        .all(db)
        .await?;
    Ok(rows)
}

pub(super) async fn insert(
    db: &impl ConnectionTrait,
    row: chat_summary::Model,
) -> Result<chat_summary::Model> {
    let active = row.clone().into_active_model().reset_all();
    chat_summary::Entity::insert(active)
        .exec_without_returning(db)
        .await?;
    Ok(row)
}

pub(super) async fn delete(db: &impl ConnectionTrait, chat: ChatId, id: SummaryId) -> Result<()> {
    let deleted = chat_summary::Entity::delete_many()
        .filter(chat_summary::Column::ChatId.eq(chat))
        .filter(chat_summary::Column::Id.eq(id))
        .exec(db)
        .await?;
    if deleted.rows_affected == 0 {
        return Err(Error::not_found(SUMMARY_NOT_FOUND));
    }
    Ok(())
}

/// The ids from a message up to the root.
pub(super) async fn ancestors(
    db: &impl ConnectionTrait,
    chat: ChatId,
    leaf: MessageId,
) -> Result<Vec<MessageId>> {
    let steps = dialect::path::upward(db, chat, leaf, u32::try_from(i32::MAX).unwrap_or(0)).await?;
    Ok(steps.into_iter().map(|step| step.id).collect())
}
