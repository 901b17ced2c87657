//! The queries of chats, always scoped by owner: a chat is reached through [`owned`] alone.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, LockType},
};
use store::{
    ChatId, GenerationId, MessageId, UserId,
    dialect::{self, answers::Text},
    entity::{chat, generation, generation_event, message},
};

use super::{
    live::{Snapshot, Unwritten},
    search,
};
use crate::error::{CHAT_NOT_FOUND, Error, ID_TAKEN, MESSAGE_NOT_FOUND, OnUnique, Result};

/// A chat of this owner; anybody else's is not there.
pub async fn owned(db: &impl ConnectionTrait, owner: UserId, id: ChatId) -> Result<chat::Model> {
    let chat = chat::Entity::find_by_id(id)
        .filter(chat::Column::OwnerId.eq(owner))
        .one(db)
        .await?;
    chat.ok_or_else(|| Error::not_found(CHAT_NOT_FOUND))
}

/// A message of a chat whose owner has been checked.
pub async fn message_of(
    db: &impl ConnectionTrait,
    chat: ChatId,
    id: MessageId,
) -> Result<message::Model> {
    let found = message::Entity::find_by_id(id)
        .filter(message::Column::ChatId.eq(chat))
        .one(db)
        .await?;
    found.ok_or_else(|| Error::not_found(MESSAGE_NOT_FOUND))
}

/// A message of this owner, whichever chat it is in.
pub async fn owned_message(
    db: &impl ConnectionTrait,
    owner: UserId,
    id: MessageId,
) -> Result<message::Model> {
    let found = message::Entity::find_by_id(id).one(db).await?;
    let found = found.ok_or_else(|| Error::not_found(MESSAGE_NOT_FOUND))?;
    let chat = owned(db, owner, found.chat_id).await;
    chat.map_err(|error| match error.code {
        CHAT_NOT_FOUND => Error::not_found(MESSAGE_NOT_FOUND),
        _ => error,
    })?;
    Ok(found)
}

/// Keeps chats from being deleted until the transaction ends.
///
/// Deleting locks a chat and then what is in it. Whoever changes what is in it first and then the
/// chat, or something that refers to it, holds the chat before: otherwise the two may wait for each
/// other, and `PostgreSQL` ends one of them with an error. `SQLite` has one writer.
pub async fn hold(db: &impl ConnectionTrait, ids: &[ChatId]) -> Result<()> {
    if db.get_database_backend() == DbBackend::Sqlite {
        return Ok(());
    }
    chat::Entity::find()
        .select_only()
        .column(chat::Column::Id)
        .filter(chat::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(chat::Column::Id)
        .lock(LockType::KeyShare)
        .into_tuple::<ChatId>()
        .all(db)
        .await?;
    Ok(())
}

pub async fn insert_chat(db: &impl ConnectionTrait, chat: chat::Model) -> Result<chat::Model> {
    let row = chat.clone().into_active_model().reset_all();
    chat::Entity::insert(row)
        .exec_without_returning(db)
        .await
        .map(drop)
        .on_taken("id")?;
    search::remember_title(db, &chat).await?;
    Ok(chat)
}

pub async fn insert_message(
    db: &impl ConnectionTrait,
    row: message::Model,
) -> Result<message::Model> {
    let active = row.clone().into_active_model().reset_all();
    message::Entity::insert(active)
        .exec_without_returning(db)
        .await
        .map(drop)
        .on_taken("id")?;
    search::remember_message(db, &row).await?;
    Ok(row)
}

/// An id that a client chose only ever inserts.
trait OnTaken {
    fn on_taken(self, field: &str) -> Result<()>;
}

impl OnTaken for std::result::Result<(), DbErr> {
    fn on_taken(self, field: &str) -> Result<()> {
        self.on_unique("", || {
            Error::new(ID_TAKEN, format!("{field}: mint a new UUIDv7."))
        })
    }
}

pub async fn save_chat(db: &impl ConnectionTrait, chat: chat::Model) -> Result<chat::Model> {
    Ok(chat.into_active_model().reset_all().update(db).await?)
}

pub async fn delete_chat(db: &impl ConnectionTrait, id: ChatId) -> Result<()> {
    chat::Entity::delete_by_id(id).exec(db).await?;
    Ok(())
}

pub async fn save_message(
    db: &impl ConnectionTrait,
    row: message::Model,
) -> Result<message::Model> {
    let row = row.into_active_model().reset_all().update(db).await?;
    search::remember_message(db, &row).await?;
    Ok(row)
}

/// False when it was read already.
pub async fn mark_read(db: &impl ConnectionTrait, id: ChatId) -> Result<bool> {
    let marked = chat::Entity::update_many()
        .col_expr(chat::Column::Unread, Expr::value(false))
        .filter(chat::Column::Id.eq(id))
        .filter(chat::Column::Unread.eq(true))
        .exec(db)
        .await?;
    Ok(marked.rows_affected > 0)
}

/// The messages from `leaf` upward, oldest first, `limit` at the most.
pub async fn path(
    db: &impl ConnectionTrait,
    chat: ChatId,
    leaf: MessageId,
    limit: u32,
) -> Result<Vec<message::Model>> {
    let steps = dialect::path::upward(db, chat, leaf, limit).await?;
    let ids: Vec<MessageId> = steps.iter().map(|step| step.id).collect();
    let mut rows = message::Entity::find()
        .filter(message::Column::Id.is_in(ids.clone()))
        .all(db)
        .await?;
    let place: std::collections::HashMap<_, _> = ids
        .iter()
        .enumerate()
        .map(|(depth, id)| (*id, depth))
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(place.get(&row.id).copied()));
    Ok(rows)
}

/// (parent, child) of every message that shares its parent with one of `rows`, oldest first.
pub async fn siblings(
    db: &impl ConnectionTrait,
    chat: ChatId,
    rows: &[message::Model],
) -> Result<Vec<(Option<MessageId>, MessageId)>> {
    let parents: Vec<MessageId> = rows.iter().filter_map(|row| row.parent_id).collect();
    let mut among = Condition::any().add(message::Column::ParentId.is_in(parents));
    if rows.iter().any(|row| row.parent_id.is_none()) {
        among = among.add(message::Column::ParentId.is_null());
    }
    let pairs = message::Entity::find()
        .select_only()
        .column(message::Column::ParentId)
        .column(message::Column::Id)
        .filter(message::Column::ChatId.eq(chat))
        .filter(among)
        .order_by_asc(message::Column::CreatedAt)
        .order_by_asc(message::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(pairs)
}

pub async fn newest_leaf_below(
    db: &impl ConnectionTrait,
    chat: ChatId,
    from: MessageId,
) -> Result<MessageId> {
    let leaf = dialect::path::newest_leaf_below(db, chat, from).await?;
    leaf.ok_or_else(|| Error::not_found(MESSAGE_NOT_FOUND))
}

pub async fn insert_generation(db: &impl ConnectionTrait, row: generation::Model) -> Result<()> {
    let row = row.into_active_model().reset_all();
    generation::Entity::insert(row)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// The running generation of a message, if there is one.
pub async fn running(
    db: &impl ConnectionTrait,
    id: MessageId,
) -> Result<Option<generation::Model>> {
    let found = generation::Entity::find()
        .filter(generation::Column::MessageId.eq(id))
        .filter(generation::Column::IsRunning.eq(true))
        .one(db)
        .await?;
    Ok(found)
}

/// The running generations of a chat, on whichever node.
pub async fn running_in(db: &impl ConnectionTrait, chat: ChatId) -> Result<Vec<generation::Model>> {
    let running = generation::Entity::find()
        .filter(generation::Column::IsRunning.eq(true))
        .filter(generation::Column::ChatId.eq(chat));
    Ok(running.all(db).await?)
}

/// Whether any answer of a chat is being written, on whichever node.
pub async fn is_going_on(db: &impl ConnectionTrait, chat: ChatId) -> Result<bool> {
    Ok(!running_in(db, chat).await?.is_empty())
}

/// Running generations: of one node, or those not heard of since a moment.
pub async fn running_of(
    db: &impl ConnectionTrait,
    node: Option<&str>,
    silent_since: Option<DateTime<Utc>>,
) -> Result<Vec<generation::Model>> {
    let mut query = generation::Entity::find().filter(generation::Column::IsRunning.eq(true));
    if let Some(node) = node {
        query = query.filter(generation::Column::NodeId.eq(node));
    }
    if let Some(moment) = silent_since {
        query = query.filter(generation::Column::HeartbeatAt.lt(moment));
    }
    Ok(query.order_by_asc(generation::Column::Id).all(db).await?)
}

/// Ends a generation; false when somebody else has, whose word then holds.
pub async fn end_generation(
    db: &impl ConnectionTrait,
    id: GenerationId,
    now: DateTime<Utc>,
) -> Result<bool> {
    let ended = generation::Entity::update_many()
        .col_expr(generation::Column::IsRunning, Expr::value(false))
        .col_expr(generation::Column::EndedAt, Expr::value(Some(now)))
        .filter(generation::Column::Id.eq(id))
        .filter(generation::Column::IsRunning.eq(true))
        .exec(db)
        .await?;
    if ended.rows_affected > 0 {
        generation_event::Entity::delete_many()
            .filter(generation_event::Column::GenerationId.eq(id))
            .exec(db)
            .await?;
    }
    Ok(ended.rows_affected > 0)
}

pub async fn request_stop(db: &impl ConnectionTrait, id: GenerationId) -> Result<()> {
    generation::Entity::update_many()
        .col_expr(generation::Column::StopRequested, Expr::value(true))
        .filter(generation::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Tells the other nodes that this one lives; gives back those of its generations that somebody
/// asked to stop.
pub async fn heartbeat(
    db: &impl ConnectionTrait,
    node: &str,
    now: DateTime<Utc>,
) -> Result<Vec<GenerationId>> {
    let mine = Condition::all()
        .add(generation::Column::NodeId.eq(node))
        .add(generation::Column::IsRunning.eq(true));
    // Locked one after the other, as the journal does it.
    generation::Entity::find()
        .select_only()
        .column(generation::Column::Id)
        .filter(mine.clone())
        .order_by_asc(generation::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .into_tuple::<GenerationId>()
        .all(db)
        .await?;
    generation::Entity::update_many()
        .col_expr(generation::Column::HeartbeatAt, Expr::value(now))
        .filter(mine.clone())
        .exec(db)
        .await?;
    let asked = generation::Entity::find()
        .select_only()
        .column(generation::Column::Id)
        .filter(mine)
        .filter(generation::Column::StopRequested.eq(true))
        .into_tuple()
        .all(db)
        .await?;
    Ok(asked)
}

/// Those of `ids` that are still running, and stay so until the transaction ends: whoever ends one
/// meanwhile waits, so that what is logged is older than what is settled.
pub async fn still_running(
    db: &impl ConnectionTrait,
    ids: &[GenerationId],
) -> Result<Vec<GenerationId>> {
    let running = generation::Entity::find()
        .select_only()
        .column(generation::Column::Id)
        .filter(generation::Column::Id.is_in(ids.iter().copied()))
        .filter(generation::Column::IsRunning.eq(true))
        .order_by_asc(generation::Column::Id)
        .lock(LockType::Share)
        .into_tuple()
        .all(db)
        .await?;
    Ok(running)
}

/// The payload of one row of the event log: consecutive deltas.
pub fn event(id: GenerationId, unwritten: &Unwritten) -> Result<generation_event::ActiveModel> {
    Ok(generation_event::ActiveModel {
        generation_id: Set(id),
        seq: Set(unwritten.first),
        payload: Set(serde_json::to_value(&unwritten.deltas)?),
    })
}

pub async fn insert_events(
    db: &impl ConnectionTrait,
    rows: Vec<generation_event::ActiveModel>,
) -> Result<()> {
    if !rows.is_empty() {
        generation_event::Entity::insert_many(rows)
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// The event log of a generation, in order.
pub async fn events(
    db: &impl ConnectionTrait,
    id: GenerationId,
) -> Result<Vec<generation_event::Model>> {
    let rows = generation_event::Entity::find()
        .filter(generation_event::Column::GenerationId.eq(id))
        .order_by_asc(generation_event::Column::Seq)
        .all(db)
        .await?;
    Ok(rows)
}

/// The event logs of several generations, each in order.
pub async fn events_among(
    db: &impl ConnectionTrait,
    ids: &[GenerationId],
) -> Result<Vec<generation_event::Model>> {
    let rows = generation_event::Entity::find()
        .filter(generation_event::Column::GenerationId.is_in(ids.iter().copied()))
        .order_by_asc(generation_event::Column::GenerationId)
        .order_by_asc(generation_event::Column::Seq)
        .all(db)
        .await?;
    Ok(rows)
}

/// Moves the texts of answers into their messages and drops the events that these now hold.
pub async fn apply(
    db: &impl ConnectionTrait,
    answers: &[((GenerationId, MessageId), &Snapshot)],
) -> Result<()> {
    let texts: Vec<_> = answers
        .iter()
        .map(|((generation, message), text)| Text {
            generation: *generation,
            message: *message,
            content: &text.content,
            reasoning: Some(text.reasoning.as_str()).filter(|reasoning| !reasoning.is_empty()),
            seq: text.seq,
        })
        .collect();
    Ok(dialect::answers::move_texts(db, &texts).await?)
}

/// The chat has news: it moves up in the list, and is unread unless somebody is looking.
pub async fn touch(
    db: &impl ConnectionTrait,
    id: ChatId,
    now: DateTime<Utc>,
    unread: bool,
) -> Result<()> {
    chat::Entity::update_many()
        .col_expr(chat::Column::UpdatedAt, Expr::value(now))
        .col_expr(chat::Column::Unread, Expr::value(unread))
        .filter(chat::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// A chat by its id alone, for work in the background that no person asked for.
pub async fn for_background(db: &impl ConnectionTrait, id: ChatId) -> Result<Option<chat::Model>> {
    Ok(chat::Entity::find_by_id(id).one(db).await?)
}

/// A better title, unless somebody has chosen one meanwhile.
pub async fn set_made_title(
    db: &impl ConnectionTrait,
    id: ChatId,
    title: Option<String>,
) -> Result<()> {
    let source = if title.is_some() {
        chat::TitleSource::Model
    } else {
        chat::TitleSource::Kept
    };
    let mut update =
        chat::Entity::update_many().col_expr(chat::Column::TitleSource, Expr::value(source));
    if let Some(title) = title {
        update = update
            .col_expr(
                chat::Column::TitleKey,
                Expr::value(super::titles::key(&title)),
            )
            .col_expr(chat::Column::Title, Expr::value(title));
    }
    let is_new = update
        .filter(chat::Column::Id.eq(id))
        .filter(chat::Column::TitleSource.eq(chat::TitleSource::Words))
        .exec(db)
        .await?
        .rows_affected
        > 0;
    if is_new && let Some(chat) = for_background(db, id).await? {
        search::remember_title(db, &chat).await?;
    }
    Ok(())
}
