//! The queries of links. Those of an owner are scoped by her; a reader comes with a checked id.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use store::{
    ChatId, MessageId, ShareId, UserId, dialect,
    entity::{
        chat,
        message::{self, Status},
        share::{Column, Entity, Model},
        user,
    },
};

use crate::error::{Error, Result, SHARE_NOT_FOUND};

/// Which of an owner's links are listed.
#[derive(Clone, Copy, Debug)]
pub struct Selection {
    /// Only those of this chat.
    pub chat: Option<ChatId>,
    /// Older than this one.
    pub below: Option<ShareId>,
    pub limit: u64,
}

fn is_open(now: DateTime<Utc>) -> Condition {
    Condition::any()
        .add(Column::ExpiresAt.is_null())
        .add(Column::ExpiresAt.gt(now))
}

/// The links of an owner that can be opened, the newest first.
pub(super) async fn page_of(
    db: &impl ConnectionTrait,
    owner: UserId,
    selection: Selection,
    now: DateTime<Utc>,
) -> Result<Vec<Model>> {
    let mut query = Entity::find()
        .filter(Column::OwnerId.eq(owner))
        .filter(is_open(now));
    if let Some(chat) = selection.chat {
        query = query.filter(Column::ChatId.eq(chat));
    }
    if let Some(below) = selection.below {
        query = query.filter(Column::Id.lt(below));
    }
    Ok(query
        .order_by_desc(Column::Id)
        .limit(selection.limit)
        .all(db)
        .await?)
}

/// How many links to a chat can be opened; those whose time is over are deleted.
pub(super) async fn count_open(
    db: &impl ConnectionTrait,
    chat: ChatId,
    now: DateTime<Utc>,
) -> Result<u64> {
    Entity::delete_many()
        .filter(Column::ChatId.eq(chat))
        .filter(Column::ExpiresAt.lte(now))
        .exec(db)
        .await?;
    let open = Entity::find().filter(Column::ChatId.eq(chat));
    Ok(open.count(db).await?)
}

pub(super) async fn insert(db: &impl ConnectionTrait, row: Model) -> Result<Model> {
    Entity::insert(row.clone().into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(row)
}

pub(super) async fn delete(db: &impl ConnectionTrait, owner: UserId, id: ShareId) -> Result<()> {
    let deleted = Entity::delete_many()
        .filter(Column::Id.eq(id))
        .filter(Column::OwnerId.eq(owner))
        .exec(db)
        .await?;
    if deleted.rows_affected == 0 {
        return Err(Error::not_found(SHARE_NOT_FOUND));
    }
    Ok(())
}

/// A link that can be opened, with its chat.
pub(super) async fn opened(
    db: &impl ConnectionTrait,
    id: ShareId,
    now: DateTime<Utc>,
) -> Result<Option<(Model, chat::Model)>> {
    let share = Entity::find_by_id(id).filter(is_open(now)).one(db).await?;
    let Some(share) = share else { return Ok(None) };
    let owner = user::Entity::find_by_id(share.owner_id)
        .filter(user::Column::IsDisabled.eq(false))
        .one(db)
        .await?;
    let chat = chat::Entity::find_by_id(share.chat_id).one(db).await?;
    Ok(owner.and(chat).map(|chat| (share, chat)))
}

/// The answers of a chat whose text can still grow.
pub(super) async fn unfinished(
    db: &impl ConnectionTrait,
    chat: ChatId,
) -> Result<Vec<message::Model>> {
    let grows = Condition::any()
        .add(message::Column::Status.ne(Status::Complete))
        .add(message::Column::FinishReason.eq("length"));
    let rows = message::Entity::find()
        .filter(message::Column::ChatId.eq(chat))
        .filter(grows)
        .all(db)
        .await?;
    Ok(rows)
}

/// The ids of a path, from its lower end up to the root.
pub(super) async fn path_up(
    db: &impl ConnectionTrait,
    chat: ChatId,
    leaf: MessageId,
) -> Result<Vec<MessageId>> {
    let all = u32::try_from(i32::MAX).unwrap_or(0);
    let steps = dialect::path::upward(db, chat, leaf, all).await?;
    Ok(steps.into_iter().map(|step| step.id).collect())
}
