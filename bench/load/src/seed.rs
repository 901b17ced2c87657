//! Rows put into a database directly: a hundred thousand chats are not typed.

use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::json;
use store::{
    ChatId, Db, DbErr, MessageId, UserId,
    entity::{
        chat::{self, TitleSource},
        message::{self, Role, Status},
        setting, user,
    },
};
use uuid::{Builder, Uuid};

use crate::words::Words;

/// Chats of one transaction.
const STEP: usize = 500;
/// Rows of one statement; SQLite takes 32,766 values.
const ROWS: usize = 1000;
/// Between the beginnings of two chats.
const APART: Duration = Duration::from_mins(10);

/// Stands in the very last message, so that whoever finds it knows that all can be found.
pub(crate) const LAST_WORD: &str = "omegapoint";

/// What is put in.
pub(crate) struct Plan {
    /// Chats of `messages` each.
    pub(crate) chats: usize,
    pub(crate) messages: usize,
    /// One more chat of each of these lengths, the newest of all.
    pub(crate) long: &'static [usize],
}

pub(crate) fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// Fills the database with chats of its only user; the ids of the long ones.
pub(crate) async fn fill(db: &Db, plan: &Plan) -> Result<Vec<ChatId>> {
    let owner = user::Entity::find().one(&**db.read()).await?;
    let owner = owner.context("nobody is registered")?.id;
    let mut words = Words::new();
    let lengths = std::iter::repeat_n(plan.messages, plan.chats);
    let lengths: Vec<usize> = lengths.chain(plan.long.iter().copied()).collect();
    let count = u32::try_from(lengths.len())?;
    let first = SystemTime::now() - APART * (count + 1);
    let mut ids = Vec::new();
    let numbered: Vec<(usize, usize)> = lengths.into_iter().enumerate().collect();
    for step in numbered.chunks(STEP) {
        let (mut chats, mut messages) = (Vec::new(), Vec::new());
        for (number, length) in step {
            let begun = first + APART * u32::try_from(*number)?;
            let chat = one_chat(owner, *length, begun, &mut words, &mut messages)?;
            ids.push(chat.id);
            chats.push(chat);
        }
        if ids.len() == numbered.len()
            && let Some(last) = messages.last_mut()
        {
            last.content = format!("{} {LAST_WORD}", last.content);
        }
        insert(db, chats, messages).await?;
    }
    // The index is made by the server, which believes that it has already looked.
    db.write(async |tx| {
        setting::Entity::delete_many().exec(&**tx).await?;
        Ok::<_, DbErr>(())
    })
    .await?;
    Ok(ids.split_off(plan.chats))
}

async fn insert(db: &Db, chats: Vec<chat::Model>, messages: Vec<message::Model>) -> Result<()> {
    db.write(async move |tx| {
        let rows = chats.into_iter().map(IntoActiveModel::into_active_model);
        chat::Entity::insert_many(rows).exec(&**tx).await?;
        for rows in messages.chunks(ROWS) {
            let rows = rows.iter().cloned().map(IntoActiveModel::into_active_model);
            message::Entity::insert_many(rows).exec(&**tx).await?;
        }
        Ok::<_, DbErr>(())
    })
    .await?;
    Ok(())
}

/// A chat whose messages follow one another, appended to `messages`.
fn one_chat(
    owner: UserId,
    length: usize,
    begun: SystemTime,
    words: &mut Words,
    messages: &mut Vec<message::Model>,
) -> Result<chat::Model> {
    let id = ChatId(uuid(begun, words)?);
    let mut last = None;
    for number in 0..length {
        let at = begun + Duration::from_millis(50) * u32::try_from(number)?;
        let is_question = number % 2 == 0;
        let role = if is_question {
            Role::User
        } else {
            Role::Assistant
        };
        let text = words.text(if is_question { 15 } else { 60 });
        let message = MessageId(uuid(at, words)?);
        messages.push(one_message(message, id, last, role, text, at.into()));
        last = Some(message);
    }
    let title = words.text(5);
    Ok(chat::Model {
        id,
        owner_id: owner,
        title_key: title.clone(),
        title,
        title_source: TitleSource::User,
        pinned: false,
        archived: false,
        unread: false,
        folder_id: None,
        origin: None,
        active_leaf_id: last,
        model_choice: Some("flood".to_owned()),
        params: json!({}),
        created_at: begun.into(),
        updated_at: begun.into(),
    })
}

fn one_message(
    id: MessageId,
    chat: ChatId,
    parent: Option<MessageId>,
    role: Role,
    content: String,
    at: DateTime<Utc>,
) -> message::Model {
    let model = (role == Role::Assistant).then(|| "flood".to_owned());
    message::Model {
        id,
        chat_id: chat,
        parent_id: parent,
        role,
        status: Status::Complete,
        content,
        reasoning: None,
        citations: json!([]),
        annotations: json!([]),
        params: json!({}),
        edited_from_id: None,
        comparison_id: None,
        context: None,
        route: None,
        model_asked: model.clone(),
        model_used: model,
        finish_reason: None,
        prompt_tokens: Some(100),
        completion_tokens: Some(80),
        usage_estimated: false,
        cost_microusd: Some(12),
        ttft_ms: Some(200),
        latency_ms: Some(1500),
        applied_seq: 0,
        error: None,
        created_at: at,
    }
}

fn uuid(at: SystemTime, words: &mut Words) -> Result<Uuid> {
    let at = at.duration_since(SystemTime::UNIX_EPOCH)?;
    let millis = u64::try_from(at.as_millis())?;
    let mut random = [0; 10];
    let (head, tail) = random.split_at_mut(8);
    head.copy_from_slice(&words.next().to_le_bytes());
    tail.copy_from_slice(&words.next().to_le_bytes()[..2]);
    Ok(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}
