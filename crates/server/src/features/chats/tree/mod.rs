//! The tree of a chat as a whole: all branches at a glance, an answer in a person's own words,
//! and a branch that becomes a chat of its own.

mod store;

use std::collections::HashMap;

use ::store::{
    ChatId, MessageId,
    entity::{
        chat::{self, TitleSource},
        message::{self, Status},
    },
};
use serde_json::json;

pub use self::store::Node;
pub(super) use self::store::insert_all;
use super::{
    compare, search,
    service::{answered_by, check_content, checked_id, checked_title, refuse_running},
    store as rows,
    temporary::{self, home},
    titles,
};
use crate::{
    app::App,
    error::{Error, Result},
    events::Event,
    features::files,
    platform::auth::Principal,
};

/// Messages copied at the most; longer paths are refused, not cut.
const LONGEST_PATH: u32 = 20_000;

/// Every message of a chat, the older first, and the leaf that is shown.
pub async fn whole(app: &App, who: &Principal, id: ChatId) -> Result<(chat::Model, Vec<Node>)> {
    let home = home(app, who.id, id);
    let db = &**home.read();
    let chat = rows::owned(db, who.id, id).await?;
    let mut nodes = store::nodes(db, id).await?;
    let compared = nodes.iter().filter_map(|node| node.comparison_id);
    let hidden = compare::hidden_among(&home, compared).await?;
    for node in &mut nodes {
        if node.comparison_id.is_some_and(|id| hidden.contains(&id)) {
            node.model_used = None;
        }
    }
    Ok((chat, nodes))
}

/// An answer with other words, beside the one that the model gave.
pub async fn edit(
    app: &App,
    who: &Principal,
    (chat, id): (ChatId, MessageId),
    new_id: Option<uuid::Uuid>,
    content: &str,
) -> Result<message::Model> {
    check_content("content", content)?;
    let new_id = checked_id("id", new_id)?.map_or_else(|| app.clock.id(), MessageId);
    let now = app.clock.now();
    home(app, who.id, chat)
        .write(async |tx| {
            rows::hold(&**tx, &[chat]).await?;
            let chat = rows::owned(&**tx, who.id, chat).await?;
            let old = rows::message_of(&**tx, chat.id, id).await?;
            answered_by(&old)?;
            refuse_running(&old)?;
            let edited = message::Model {
                id: new_id,
                status: Status::Complete,
                content: content.to_owned(),
                edited_from_id: Some(old.id),
                created_at: now,
                ..without_facts(old)
            };
            let edited = rows::insert_message(&**tx, edited).await?;
            let chat = chat::Model {
                active_leaf_id: Some(edited.id),
                updated_at: now,
                ..chat
            };
            let chat = rows::save_chat(&**tx, chat).await?;
            tx.emit(&Event::MessageSent {
                chat: chat.id,
                owner: who.id,
                messages: vec![edited.id],
            });
            Ok(edited)
        })
        .await
}

/// What a model did belongs to its own answer.
fn without_facts(row: message::Model) -> message::Model {
    message::Model {
        reasoning: None,
        citations: json!([]),
        annotations: json!([]),
        comparison_id: None,
        context: None,
        route: None,
        model_asked: None,
        model_used: None,
        finish_reason: None,
        prompt_tokens: None,
        completion_tokens: None,
        usage_estimated: false,
        cost_microusd: None,
        ttft_ms: None,
        latency_ms: None,
        applied_seq: 0,
        error: None,
        ..row
    }
}

/// What a fork is made of.
pub struct Fork {
    pub message: MessageId,
    pub id: Option<uuid::Uuid>,
    pub title: Option<String>,
}

/// A chat of its own with the path from the root to a message.
pub async fn fork(app: &App, who: &Principal, from: ChatId, fork: Fork) -> Result<chat::Model> {
    let title = fork.title.as_deref().map(checked_title).transpose()?;
    let new_id = checked_id("id", fork.id)?.map_or_else(|| app.clock.id(), ChatId);
    let old_home = home(app, who.id, from);
    let db = &**old_home.read();
    let old = rows::owned(db, who.id, from).await?;
    refuse_running(&rows::message_of(db, from, fork.message).await?)?;
    let path = rows::path(db, from, fork.message, LONGEST_PATH).await?;
    if path.first().is_some_and(|first| first.parent_id.is_some()) {
        let detail = "stands below more than 20,000 messages, which is more than can be copied";
        return Err(Error::field("messageId", "depth", detail));
    }
    compare::refuse_hidden(&old_home, &path).await?;
    let now = app.clock.now();
    let originals: Vec<MessageId> = path.iter().map(|row| row.id).collect();
    let (messages, leaf) = copied(app, new_id, path);
    let copies = messages.iter().map(|row| row.id);
    let pairs: Vec<_> = originals.into_iter().zip(copies).collect();
    let (title, title_source) = match title {
        Some(title) => (title, TitleSource::User),
        None => (old.title, TitleSource::Kept),
    };
    let chat = chat::Model {
        id: new_id,
        title_key: titles::key(&title),
        title,
        title_source,
        pinned: false,
        archived: false,
        unread: false,
        origin: Some(json!({ "kind": "fork", "chatId": from, "messageId": fork.message })),
        active_leaf_id: leaf,
        created_at: now,
        updated_at: now,
        ..old
    };
    // What grows out of a temporary chat is one too.
    let is_temporary = !old_home.is(&app.db);
    let home = temporary::place(app, who.id, new_id, is_temporary).await?;
    let made = home
        .write(async |tx| {
            let chat = rows::insert_chat(&**tx, chat.clone()).await?;
            insert_all(&**tx, messages.clone()).await?;
            files::copy_attachments(tx, &pairs).await?;
            search::remember_copied(&**tx, who.id, &messages).await?;
            let owner = who.id;
            tx.emit(&Event::ChatCreated {
                chat: chat.id,
                owner,
            });
            Ok::<_, Error>(chat)
        })
        .await;
    if made.is_err() {
        temporary::forget(app, new_id);
    }
    made
}

/// The same messages under new ids in another chat, and the id of the last.
fn copied(
    app: &App,
    chat: ChatId,
    path: Vec<message::Model>,
) -> (Vec<message::Model>, Option<MessageId>) {
    let mut ids: HashMap<MessageId, MessageId> = HashMap::new();
    let mut copies = Vec::with_capacity(path.len());
    for row in path {
        let id: MessageId = app.clock.id();
        ids.insert(row.id, id);
        copies.push(message::Model {
            id,
            chat_id: chat,
            parent_id: row.parent_id.and_then(|parent| ids.get(&parent).copied()),
            comparison_id: None,
            edited_from_id: None,
            ..row
        });
    }
    let leaf = copies.last().map(|row| row.id);
    (copies, leaf)
}
