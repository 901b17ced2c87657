//! Keeping the index, and asking it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use store::{
    ChatId, ComparisonId, MessageId, UserId,
    dialect::search::{self, Document, Hit, Wanted},
    entity::{
        chat, comparison,
        message::{self, Status},
        setting,
    },
};

use super::fold;
use crate::error::Result;

/// Makes a message findable by its owner, with its text as it is now.
///
/// A message that is being written is not found; its end is when it is.
pub async fn remember_message(db: &impl ConnectionTrait, row: &message::Model) -> Result<()> {
    if row.status == Status::Streaming {
        return Ok(());
    }
    let owner: Option<UserId> = chat::Entity::find_by_id(row.chat_id)
        .select_only()
        .column(chat::Column::OwnerId)
        .into_tuple()
        .one(db)
        .await?;
    match owner {
        Some(owner) => remember_owned(db, owner, row).await,
        None => Ok(()),
    }
}

async fn remember_owned(
    db: &impl ConnectionTrait,
    owner: UserId,
    row: &message::Model,
) -> Result<()> {
    // Which model wrote an answer of a blind comparison is a secret until there is a vote.
    let is_secret = match row.comparison_id {
        None => false,
        Some(id) => comparison::Entity::find_by_id(id)
            .one(db)
            .await?
            .is_some_and(|row| row.is_blind && row.revealed_at.is_none()),
    };
    let model = row.model_used.as_deref().filter(|_| !is_secret);
    let document = Document {
        chat: row.chat_id,
        item: row.id,
        owner,
        at: row.created_at,
        model,
        words: &fold::text(&row.content),
    };
    Ok(search::put(db, &document).await?)
}

/// Makes copies of messages findable, which belong to no comparison any more.
pub async fn remember_copied(
    db: &impl ConnectionTrait,
    owner: UserId,
    copies: &[message::Model],
) -> Result<()> {
    for row in copies {
        remember_owned(db, owner, row).await?;
    }
    Ok(())
}

/// Makes the answers of a comparison findable by their models, which are no secret any more.
pub async fn remember_revealed(db: &impl ConnectionTrait, id: ComparisonId) -> Result<()> {
    let Some(comparison) = comparison::Entity::find_by_id(id).one(db).await? else {
        return Ok(());
    };
    // By chat and parent, for which there is an index.
    let answers = message::Entity::find()
        .filter(message::Column::ChatId.eq(comparison.chat_id))
        .filter(message::Column::ParentId.eq(comparison.question_id))
        .filter(message::Column::ComparisonId.eq(id))
        .all(db)
        .await?;
    for answer in &answers {
        remember_message(db, answer).await?;
    }
    Ok(())
}

/// Makes a chat findable by its title.
pub async fn remember_title(db: &impl ConnectionTrait, chat: &chat::Model) -> Result<()> {
    let document = Document {
        chat: chat.id,
        // A title is found under the id of its chat, which is no message's.
        item: MessageId(chat.id.0),
        owner: chat.owner_id,
        at: chat.created_at,
        model: None,
        words: &fold::text(&chat.title),
    };
    Ok(search::put(db, &document).await?)
}

/// Which documents are looked through.
pub struct Within<'a> {
    pub model: Option<&'a str>,
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
    /// Older than this document.
    pub below: Option<i64>,
}

/// The newest that match.
pub async fn hits(
    db: &impl ConnectionTrait,
    owner: UserId,
    wanted: &Wanted,
    within: &Within<'_>,
    limit: u64,
) -> Result<Vec<Hit>> {
    let to = within.to.map(search::first_at);
    let below = match (to, within.below) {
        (Some(to), Some(below)) => to.min(below),
        (to, below) => to.or(below).unwrap_or(i64::MAX),
    };
    let range = (within.from.map_or(0, search::first_at), below);
    let hits = search::newest(db, owner, wanted, within.model, range, limit).await?;
    Ok(hits)
}

pub async fn chats(
    db: &impl ConnectionTrait,
    owner: UserId,
    ids: Vec<ChatId>,
) -> Result<HashMap<ChatId, String>> {
    let rows: Vec<(ChatId, String)> = chat::Entity::find()
        .select_only()
        .column(chat::Column::Id)
        .column(chat::Column::Title)
        .filter(chat::Column::Id.is_in(ids))
        .filter(chat::Column::OwnerId.eq(owner))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

pub async fn messages(
    db: &impl ConnectionTrait,
    ids: Vec<MessageId>,
) -> Result<HashMap<MessageId, message::Model>> {
    let rows = message::Entity::find()
        .filter(message::Column::Id.is_in(ids))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Chats after this one, whoever's, for the pass that makes old rows findable.
pub async fn chats_after(
    db: &impl ConnectionTrait,
    after: Option<ChatId>,
    limit: u64,
) -> Result<Vec<chat::Model>> {
    let mut query = chat::Entity::find()
        .order_by_asc(chat::Column::Id)
        .limit(limit);
    if let Some(after) = after {
        query = query.filter(chat::Column::Id.gt(after));
    }
    Ok(query.all(db).await?)
}

/// Messages after this one, with their owners, for the pass that makes old rows findable.
pub async fn messages_after(
    db: &impl ConnectionTrait,
    after: Option<MessageId>,
    limit: u64,
) -> Result<Vec<message::Model>> {
    let mut query = message::Entity::find()
        .order_by_asc(message::Column::Id)
        .limit(limit);
    if let Some(after) = after {
        query = query.filter(message::Column::Id.gt(after));
    }
    Ok(query.all(db).await?)
}

pub async fn set_title_key(db: &impl ConnectionTrait, id: ChatId, key: String) -> Result<()> {
    chat::Entity::update_many()
        .col_expr(chat::Column::TitleKey, Expr::value(key))
        .filter(chat::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

const PROGRESS: &str = "chats.searchable";

/// How far the pass over old rows has come.
pub async fn progress(db: &impl ConnectionTrait) -> Result<serde_json::Value> {
    let row = setting::Entity::find_by_id(PROGRESS.to_owned())
        .one(db)
        .await?;
    Ok(row.map(|row| row.value).unwrap_or_default())
}

pub async fn set_progress(
    db: &impl ConnectionTrait,
    value: serde_json::Value,
    now: DateTime<Utc>,
) -> Result<()> {
    use setting::Column;
    let row = setting::ActiveModel {
        key: Set(PROGRESS.to_owned()),
        value: Set(value),
        updated_at: Set(now),
    };
    let conflict = OnConflict::column(Column::Key)
        .update_columns([Column::Value, Column::UpdatedAt])
        .to_owned();
    setting::Entity::insert(row)
        .on_conflict(conflict)
        .exec_without_returning(db)
        .await?;
    Ok(())
}
