//! Queries of folders, tags and the list, each scoped by owner.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    ExprTrait, IntoActiveModel, JoinType, Order, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use store::{
    ChatId, FolderId, UserId,
    entity::{chat, chat_tag, folder},
    insert_if_absent,
};

use crate::error::{Error, FOLDER_NOT_FOUND, ID_TAKEN, OnUnique, Result};

/// Where one page of the list ends and the next begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub pinned: bool,
    pub updated_at: DateTime<Utc>,
    pub id: ChatId,
}

impl From<&chat::Model> for Position {
    fn from(chat: &chat::Model) -> Self {
        Self {
            pinned: chat.pinned,
            updated_at: chat.updated_at,
            id: chat.id,
        }
    }
}

/// Which chats a list shows.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    pub archived: bool,
    pub model: Option<String>,
    /// Inside this folder; `Some(None)`: in none.
    pub folder: Option<Option<FolderId>>,
    /// By its key.
    pub tag: Option<String>,
    /// Folded words, each somewhere in the title.
    pub title: Vec<String>,
    /// Last used at or after this moment.
    pub from: Option<DateTime<Utc>>,
    /// Last used before this moment.
    pub to: Option<DateTime<Utc>>,
    pub after: Option<Position>,
    pub limit: u64,
}

/// Pinned first, then the latest first.
///
/// The pinned and the others are asked for apart: each is one range of an index, however far down
/// the list the page is.
pub async fn page_of(
    db: &impl ConnectionTrait,
    owner: UserId,
    selection: &Selection,
) -> Result<Vec<chat::Model>> {
    let mut chats = Vec::new();
    for pinned in [true, false] {
        let left = selection
            .limit
            .saturating_sub(u64::try_from(chats.len()).unwrap_or(u64::MAX));
        let after = selection.after;
        if left == 0 || (pinned && after.is_some_and(|after| !after.pinned)) {
            continue;
        }
        let after = after.filter(|after| after.pinned == pinned);
        chats.extend(part_of(db, owner, selection, (pinned, after, left)).await?);
    }
    Ok(chats)
}

async fn part_of(
    db: &impl ConnectionTrait,
    owner: UserId,
    selection: &Selection,
    (pinned, after, limit): (bool, Option<Position>, u64),
) -> Result<Vec<chat::Model>> {
    use chat::Column;
    let mut query = chat::Entity::find();
    // The place in the list, as the chat has it or as the row of its tag has it.
    let (archived, is_pinned, updated_at, id) = if let Some(tag) = &selection.tag {
        use chat_tag::Column;
        let tags = chat::Entity::belongs_to(chat_tag::Entity)
            .from(chat::Column::Id)
            .to(Column::ChatId);
        query = query
            .join(JoinType::InnerJoin, tags.into())
            .filter(Column::OwnerId.eq(owner))
            .filter(Column::TagKey.eq(tag));
        (
            Column::Archived.into_expr(),
            Column::Pinned.into_expr(),
            Column::UpdatedAt.into_expr(),
            Column::ChatId.into_expr(),
        )
    } else {
        (
            Column::Archived.into_expr(),
            Column::Pinned.into_expr(),
            Column::UpdatedAt.into_expr(),
            Column::Id.into_expr(),
        )
    };
    query = query
        .filter(Column::OwnerId.eq(owner))
        .filter(archived.eq(selection.archived))
        .filter(is_pinned.eq(pinned));
    if let Some(model) = &selection.model {
        query = query.filter(Column::ModelChoice.eq(model));
    }
    query = match selection.folder {
        None => query,
        Some(None) => query.filter(Column::FolderId.is_null()),
        Some(Some(folder)) => query.filter(Column::FolderId.eq(folder)),
    };
    for word in &selection.title {
        query = query.filter(Column::TitleKey.contains(word));
    }
    if let Some(from) = selection.from {
        query = query.filter(updated_at.clone().gte(from));
    }
    if let Some(to) = selection.to {
        query = query.filter(updated_at.clone().lt(to));
    }
    if let Some(after) = after {
        let below = Condition::any()
            .add(updated_at.clone().lt(after.updated_at))
            .add(id.clone().lt(after.id));
        query = query
            .filter(updated_at.clone().lte(after.updated_at))
            .filter(below);
    }
    Ok(query
        .order_by(updated_at, Order::Desc)
        .order_by(id, Order::Desc)
        .limit(limit)
        .all(db)
        .await?)
}

/// A folder of this owner; anybody else's is not there.
pub async fn folder(
    db: &impl ConnectionTrait,
    owner: UserId,
    id: FolderId,
) -> Result<folder::Model> {
    let found = folder::Entity::find_by_id(id)
        .filter(folder::Column::OwnerId.eq(owner))
        .one(db)
        .await?;
    found.ok_or_else(|| Error::not_found(FOLDER_NOT_FOUND))
}

/// All folders of a person, oldest first. In a transaction that changes the tree they are locked,
/// so that two moves at once cannot make a circle.
pub async fn folders(
    db: &impl ConnectionTrait,
    owner: UserId,
    locks: bool,
) -> Result<Vec<folder::Model>> {
    let mut query = folder::Entity::find()
        .filter(folder::Column::OwnerId.eq(owner))
        .order_by_asc(folder::Column::Id);
    if locks {
        query = query.lock_exclusive();
    }
    Ok(query.all(db).await?)
}

/// How many chats that are not archived are in each folder itself.
pub async fn chats_per_folder(
    db: &impl ConnectionTrait,
    owner: UserId,
) -> Result<HashMap<FolderId, i64>> {
    let counts: Vec<(FolderId, i64)> = chat::Entity::find()
        .select_only()
        .column(chat::Column::FolderId)
        .column_as(chat::Column::Id.count(), "chats")
        .filter(chat::Column::OwnerId.eq(owner))
        .filter(chat::Column::Archived.eq(false))
        .filter(chat::Column::FolderId.is_not_null())
        .group_by(chat::Column::FolderId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counts.into_iter().collect())
}

pub async fn insert_folder(db: &impl ConnectionTrait, row: folder::Model) -> Result<()> {
    let taken = || Error::new(ID_TAKEN, "id: mint a new UUIDv7.");
    folder::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await
        .on_unique("", taken)?;
    Ok(())
}

pub async fn save_folder(db: &impl ConnectionTrait, row: &folder::Model) -> Result<()> {
    folder::Entity::update_many()
        .col_expr(folder::Column::Name, Expr::value(row.name.clone()))
        .col_expr(folder::Column::ParentId, Expr::value(row.parent_id))
        .filter(folder::Column::Id.eq(row.id))
        .exec(db)
        .await?;
    Ok(())
}

/// What is inside moves up to where the folder was.
pub async fn dissolve_folder(db: &impl ConnectionTrait, row: &folder::Model) -> Result<()> {
    chat::Entity::update_many()
        .col_expr(chat::Column::FolderId, Expr::value(row.parent_id))
        .filter(chat::Column::OwnerId.eq(row.owner_id))
        .filter(chat::Column::FolderId.eq(row.id))
        .exec(db)
        .await?;
    folder::Entity::update_many()
        .col_expr(folder::Column::ParentId, Expr::value(row.parent_id))
        .filter(folder::Column::OwnerId.eq(row.owner_id))
        .filter(folder::Column::ParentId.eq(row.id))
        .exec(db)
        .await?;
    folder::Entity::delete_by_id(row.id).exec(db).await?;
    Ok(())
}

/// Those of `ids` that are this person's, locked until the transaction ends.
pub async fn owned_among(
    db: &impl ConnectionTrait,
    owner: UserId,
    ids: &[ChatId],
) -> Result<Vec<chat::Model>> {
    Ok(chat::Entity::find()
        .filter(chat::Column::Id.is_in(ids.iter().copied()))
        .filter(chat::Column::OwnerId.eq(owner))
        .order_by_asc(chat::Column::Id)
        .lock_exclusive()
        .all(db)
        .await?)
}

/// Sets one column of several chats whose owner has been checked.
pub async fn set(
    db: &impl ConnectionTrait,
    ids: &[ChatId],
    column: chat::Column,
    value: impl Into<sea_orm::Value>,
) -> Result<()> {
    chat::Entity::update_many()
        .col_expr(column, Expr::value(value.into()))
        .filter(chat::Column::Id.is_in(ids.iter().copied()))
        .exec(db)
        .await?;
    Ok(())
}

pub async fn delete_chats(db: &impl ConnectionTrait, ids: &[ChatId]) -> Result<()> {
    chat::Entity::delete_many()
        .filter(chat::Column::Id.is_in(ids.iter().copied()))
        .exec(db)
        .await?;
    Ok(())
}

/// The tags of these chats, in alphabetical order.
pub async fn tags_of(
    db: &impl ConnectionTrait,
    chats: &[ChatId],
) -> Result<HashMap<ChatId, Vec<String>>> {
    let rows: Vec<(ChatId, String)> = chat_tag::Entity::find()
        .select_only()
        .column(chat_tag::Column::ChatId)
        .column(chat_tag::Column::Tag)
        .filter(chat_tag::Column::ChatId.is_in(chats.iter().copied()))
        .order_by_asc(chat_tag::Column::TagKey)
        .into_tuple()
        .all(db)
        .await?;
    let mut tags: HashMap<ChatId, Vec<String>> = HashMap::new();
    for (chat, tag) in rows {
        tags.entry(chat).or_default().push(tag);
    }
    Ok(tags)
}

/// Every tag of a person with its chats, in alphabetical order.
pub async fn tags(db: &impl ConnectionTrait, owner: UserId) -> Result<Vec<(String, i64)>> {
    Ok(chat_tag::Entity::find()
        .select_only()
        .column_as(chat_tag::Column::Tag.max(), "tag")
        .column_as(chat_tag::Column::ChatId.count(), "chats")
        .filter(chat_tag::Column::OwnerId.eq(owner))
        .group_by(chat_tag::Column::TagKey)
        .order_by_asc(chat_tag::Column::TagKey)
        .into_tuple()
        .all(db)
        .await?)
}

/// How the person has written this tag before.
pub async fn spelling(
    db: &impl ConnectionTrait,
    owner: UserId,
    key: &str,
) -> Result<Option<String>> {
    Ok(chat_tag::Entity::find()
        .select_only()
        .column(chat_tag::Column::Tag)
        .filter(chat_tag::Column::OwnerId.eq(owner))
        .filter(chat_tag::Column::TagKey.eq(key))
        .into_tuple()
        .one(db)
        .await?)
}

/// Gives a chat a tag; one that it has stays.
pub async fn add_tag(
    db: &impl ConnectionTrait,
    chat: &chat::Model,
    (key, tag): (&str, &str),
) -> Result<()> {
    let row = chat_tag::ActiveModel {
        chat_id: Set(chat.id),
        tag_key: Set(key.to_owned()),
        owner_id: Set(chat.owner_id),
        tag: Set(tag.to_owned()),
        archived: Set(chat.archived),
        pinned: Set(chat.pinned),
        updated_at: Set(chat.updated_at),
    };
    let key = [chat_tag::Column::ChatId, chat_tag::Column::TagKey];
    insert_if_absent::<chat_tag::Entity, _>(db, row, key).await?;
    Ok(())
}

/// Takes tags off chats: one by its key, or all.
pub async fn remove_tags(
    db: &impl ConnectionTrait,
    chats: &[ChatId],
    key: Option<&str>,
) -> Result<()> {
    let mut query = chat_tag::Entity::delete_many()
        .filter(chat_tag::Column::ChatId.is_in(chats.iter().copied()));
    if let Some(key) = key {
        query = query.filter(chat_tag::Column::TagKey.eq(key));
    }
    query.exec(db).await?;
    Ok(())
}

/// How many tags each of these chats has.
pub async fn count_tags(db: &impl ConnectionTrait, chats: &[ChatId]) -> Result<Vec<(ChatId, i64)>> {
    Ok(chat_tag::Entity::find()
        .select_only()
        .column(chat_tag::Column::ChatId)
        .column_as(chat_tag::Column::TagKey.count(), "tags")
        .filter(chat_tag::Column::ChatId.is_in(chats.iter().copied()))
        .group_by(chat_tag::Column::ChatId)
        .into_tuple()
        .all(db)
        .await?)
}
